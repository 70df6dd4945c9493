"""The fields that say where the characters come from."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.engine.alphabets import ALPHABETS
from handwrite_gui.engine.data.fetch import DATASETS, default_folder
from handwrite_gui.icons import icon
from handwrite_gui.settings import Settings, settings
from handwrite_gui.theme import theme
from handwrite_gui.train.controls import ignore_wheel_without_focus, muted_label
from handwrite_gui.train.data_source import (
    DataSource,
    DownloadSource,
    FileSource,
    SyntheticSource,
)
from handwrite_gui.train.section import add_field, form_layout

DATA_FILTER = "Labelled characters (*.npz *.mat *.csv *.gz *-ubyte);;All files (*)"
FOLDER_KEY = "train/data_folder"

_ALPHABET_TITLES = {
    "digits": "0–9",
    "upper": "A–Z",
    "alnum": "0–9, A–Z",
    "full": "0–9, A–Z, a–z, signs",
}


class SourceFields(QWidget):
    """One field for the kind of source, and below it what that kind needs.

    Signals:
        changed(): :attr:`source` may be another one.
        path_picked(Path): the person picked a file or folder; it is not the source yet.
    """

    changed = Signal()
    path_picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file: Path | None = None
        self.kind = QComboBox()
        self.kind.addItem(icon("draw"), "Synthetic", "synthetic")
        self.kind.addItem(icon("open"), "File or folder", "file")
        for name in DATASETS:
            self.kind.addItem(icon("download"), DownloadSource(name).title, name)
        self.alphabet = QComboBox()
        for name in ALPHABETS:
            title = _ALPHABET_TITLES.get(name, name)
            self.alphabet.addItem(f"{title}", name)
        self.alphabet.setCurrentIndex(self.alphabet.findData(SyntheticSource.alphabet))
        self.per_class = QSpinBox()
        self.per_class.setRange(10, 20_000)
        self.per_class.setSuffix(" of each")
        self.per_class.setSingleStep(100)
        self.per_class.setValue(SyntheticSource.per_class)
        self.file_label = muted_label(wraps=True)
        self.file_button = QPushButton(icon("open"), "File…")
        self.folder_button = QPushButton(icon("folder"), "Folder…")
        self.test_share = QSpinBox()
        self.test_share.setRange(0, 50)
        self.test_share.setSuffix(" %")
        self.test_share.setSpecialValueText("none")
        self.test_share.setToolTip(
            "Characters that are put aside for the end: neither trained on, nor validated on, nor "
            "shown, until a run is measured on them in Runs"
        )
        self.note = muted_label(wraps=True)
        self._pages = (self._synthetic_page(), self._file_page(), self._download_page())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme().tokens.spacing)
        form = form_layout()
        add_field(form, "&Source", self.kind)
        layout.addLayout(form)
        for page in self._pages:
            layout.addWidget(page)
        self.kind.currentIndexChanged.connect(self._refresh)
        self.alphabet.currentIndexChanged.connect(self._refresh)
        self.per_class.valueChanged.connect(self._refresh)
        self.test_share.valueChanged.connect(self._refresh)
        self.file_button.clicked.connect(self.ask_for_file)
        self.folder_button.clicked.connect(self.ask_for_folder)
        ignore_wheel_without_focus(
            [self.kind, self.alphabet, self.per_class, self.test_share], self
        )
        self._refresh()

    @property
    def source(self) -> DataSource | None:
        """What is chosen; None where a file is still to be picked."""
        match self.kind.currentData():
            case "synthetic":
                return SyntheticSource(self.alphabet.currentData(), self.per_class.value())
            case "file":
                return self.file_source(self._file) if self._file is not None else None
            case name:
                return DownloadSource(name)

    def file_source(self, path: Path) -> FileSource:
        """A file or folder, with the share for the test that is chosen."""
        return FileSource(path, self.test_share.value() / 100)

    def set_source(self, source: DataSource) -> None:
        match source:
            case SyntheticSource():
                self.alphabet.setCurrentIndex(self.alphabet.findData(source.alphabet))
                self.per_class.setValue(source.per_class)
                kind = "synthetic"
            case FileSource():
                self._file = source.path
                self.test_share.setValue(round(100 * source.test_share))
                kind = "file"
            case DownloadSource():
                kind = source.collection
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self._refresh()

    def save_state(self, store: QSettings) -> None:
        store.setValue("train/source", self.kind.currentData())
        store.setValue("train/alphabet", self.alphabet.currentData())
        store.setValue("train/per_class", self.per_class.value())
        store.setValue("train/test_share", self.test_share.value())
        store.setValue("train/file", str(self._file) if self._file is not None else "")

    def restore_state(self, store: Settings) -> None:
        """Take over what was saved, as far as it still makes sense."""
        stored = store.read("train/file", "")
        if stored and Path(stored).exists():
            self._file = Path(stored)
        self.per_class.setValue(store.read("train/per_class", self.per_class.value()))
        self.test_share.setValue(store.read("train/test_share", self.test_share.value()))
        for key, field in (("train/alphabet", self.alphabet), ("train/source", self.kind)):
            index = field.findData(store.read(key, ""))
            if index >= 0:
                field.setCurrentIndex(index)
        self._refresh()

    def ask_for_file(self) -> None:
        """Let the person pick a file of labelled characters."""
        folder = settings().read(FOLDER_KEY, "")
        name, _ = QFileDialog.getOpenFileName(self, "Open data", folder, DATA_FILTER)
        self._take(name)

    def ask_for_folder(self) -> None:
        """Let the person pick a folder that has a folder of images for each character."""
        folder = settings().read(FOLDER_KEY, "")
        self._take(QFileDialog.getExistingDirectory(self, "Open data folder", folder))

    def _take(self, name: str) -> None:
        if name:
            settings().setValue(FOLDER_KEY, str(Path(name).parent))
            self.path_picked.emit(Path(name))

    def _synthetic_page(self) -> QWidget:
        page = QWidget()
        form = form_layout()
        page.setLayout(form)
        add_field(form, "Alphabet", self.alphabet)
        add_field(form, "Characters", self.per_class)
        return page

    def _file_page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme().tokens.spacing)
        buttons = QHBoxLayout()
        buttons.addWidget(self.file_button, 1)
        buttons.addWidget(self.folder_button, 1)
        layout.addWidget(self.file_label)
        layout.addLayout(buttons)
        form = form_layout()
        add_field(form, "Test", self.test_share)
        layout.addLayout(form)
        return page

    def _download_page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.note)
        return page

    def _refresh(self) -> None:
        kind = self.kind.currentData()
        shown = {"synthetic": 0, "file": 1}.get(kind, 2)
        for index, page in enumerate(self._pages):
            page.setVisible(index == shown)
        if self._file is None:
            self.file_label.setText(
                "MNIST, EMNIST, .npz, .mat, .csv or a folder of images: choose it or drop it here."
            )
        else:
            self.file_label.setText(self._file.name)
            self.file_label.setToolTip(str(self._file))
        if kind in DATASETS:
            self.note.setText(_download_note(kind))
        self.changed.emit()


def _download_note(name: str) -> str:
    dataset = DATASETS[name]
    if (default_folder() / dataset.folder / dataset.main).exists():
        return f"{dataset.description}. It is on this computer already."
    size = dataset.download_size / 1e6
    return f"{dataset.description}. {size:,.0f} MB; a download that breaks off goes on later."
