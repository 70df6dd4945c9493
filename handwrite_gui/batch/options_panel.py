"""How a batch is read and where it is written, chosen beside the list."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.engine.batch.executors import usual_jobs
from handwrite_gui.engine.documents.pages import DEFAULT_DPI, DPI_LIMITS
from handwrite_gui.engine.export.formats import FORMATS
from handwrite_gui.engine.text.language_model import LANGUAGES
from handwrite_gui.model_store import ModelStore
from handwrite_gui.settings import Settings
from handwrite_gui.theme import theme
from handwrite_gui.widgets.alphabet_chooser import AlphabetChooser

FORMAT_KEY = "batch/format"
FOLDER_KEY = "batch/output"
JOBS_KEY = "batch/jobs"
LANGUAGE_KEY = "batch/language"
_NO_LANGUAGE = "none"
WIDTH = 296


class OptionsPanel(QFrame):
    """The choices of a batch.

    Signals:
        changed(): another choice was made.
    """

    changed = Signal()

    def __init__(self, store: ModelStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setFixedWidth(WIDTH)
        spacing = theme().tokens.spacing
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(*(4 * [2 * spacing]))
        self._column.setSpacing(spacing // 2)
        self.format = QComboBox()
        for one in FORMATS.values():
            self.format.addItem(one.title, one.name)
        self.format.currentIndexChanged.connect(lambda _: self.changed.emit())
        self._add("Write as", self.format)
        self.folder = QLineEdit()
        self.folder.setPlaceholderText("Choose a folder…")
        self.folder.textChanged.connect(lambda _: self.changed.emit())
        choose = QPushButton("…")
        choose.setAccessibleName("Choose the folder")
        choose.setToolTip("Choose the folder that the files are written into")
        choose.clicked.connect(self.ask_for_folder)
        row = QHBoxLayout()
        row.setSpacing(spacing // 2)
        row.addWidget(self.folder, 1)
        row.addWidget(choose)
        self._add("Into the folder", self.folder, row)
        self.language = QComboBox()
        for code, name in LANGUAGES.items():
            self.language.addItem(name, code)
        self.language.addItem("No language", _NO_LANGUAGE)
        self._add("Language", self.language)
        self.alphabet = AlphabetChooser(store)
        self._add("Alphabet", self.alphabet)
        self.dpi = QSpinBox()
        self.dpi.setRange(*map(round, DPI_LIMITS))
        self.dpi.setSingleStep(50)
        self.dpi.setValue(round(DEFAULT_DPI))
        self.dpi.setSuffix(" dpi")
        self._add("Draw PDF pages at", self.dpi)
        self.jobs = QSpinBox()
        self.jobs.setRange(1, max(usual_jobs(), 1))
        self.jobs.setValue(self.jobs.maximum())
        self.jobs.setToolTip("How many pages are read at the same time")
        self._add("Processes", self.jobs)
        self.resume = QCheckBox("Leave out what was read before")
        self.resume.setChecked(True)
        self.resume.setToolTip(
            "Files that an earlier batch with the same choices has read into this folder are not "
            "read again, unless they changed"
        )
        self._column.addSpacing(spacing)
        self._column.addWidget(self.resume)
        self._column.addStretch(1)

    @property
    def output(self) -> Path | None:
        """The folder, None while none is chosen."""
        text = self.folder.text().strip()
        return Path(text).expanduser() if text else None

    @property
    def language_code(self) -> str | None:
        code: str = self.language.currentData()
        return None if code == _NO_LANGUAGE else code

    def ask_for_folder(self) -> bool:
        """Let the person choose the folder; whether they did."""
        name = QFileDialog.getExistingDirectory(self, "Write into", self.folder.text())
        if name:
            self.folder.setText(name)
        return bool(name)

    def save_state(self, store: QSettings) -> None:
        store.setValue(FORMAT_KEY, self.format.currentData())
        store.setValue(FOLDER_KEY, self.folder.text())
        store.setValue(JOBS_KEY, str(self.jobs.value()))
        store.setValue(LANGUAGE_KEY, self.language.currentData())

    def restore_state(self, store: Settings) -> None:
        for box, key, usual in (
            (self.format, FORMAT_KEY, "text"),
            (self.language, LANGUAGE_KEY, "en"),
        ):
            index = box.findData(store.read(key, usual))
            box.setCurrentIndex(max(index, 0))
        self.folder.setText(store.read(FOLDER_KEY, ""))
        jobs = store.read(JOBS_KEY, "")
        if jobs.isdecimal():
            self.jobs.setValue(int(jobs))

    def _add(self, title: str, widget: QWidget, layout: QHBoxLayout | None = None) -> None:
        label = QLabel(title)
        label.setProperty("role", "muted")
        label.setBuddy(widget)
        widget.setAccessibleName(title)
        if self._column.count():
            self._column.addSpacing(theme().tokens.spacing)
        self._column.addWidget(label)
        if layout is None:
            self._column.addWidget(widget)
        else:
            self._column.addLayout(layout)
