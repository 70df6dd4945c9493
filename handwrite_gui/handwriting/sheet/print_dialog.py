"""What a sample sheet should ask for, and on which paper."""

from __future__ import annotations

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.engine.alphabets import ALPHABETS
from handwrite_gui.engine.handwriting.sample_sheet.layout import (
    MOST_COPIES,
    SampleSheet,
    make_sheet,
)
from handwrite_gui.settings import settings
from handwrite_gui.widgets.alphabet_chooser import TITLES

_COPIES = 5
_KEY = "handwriting/sheet"
_EXPLANATION = (
    "A PDF with a box for every character. Print it, write into the boxes with a blue or black "
    "pen, photograph the pages, any way up, and read them with “Read a Filled-in Sheet”."
)


class PrintSheetDialog(QDialog):
    """Asks for alphabet, copies and paper; what was chosen is remembered.

    Args:
        alphabet: the name of the one to begin with.
    """

    def __init__(self, alphabet: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Print a sample sheet")
        explanation = QLabel(_EXPLANATION, self)
        explanation.setWordWrap(True)
        explanation.setFixedWidth(440)
        self.alphabet = QComboBox(self)
        for name in ALPHABETS:
            self.alphabet.addItem(TITLES.get(name, name), name)
        self.copies = QSpinBox(self)
        self.copies.setRange(1, MOST_COPIES)
        self.copies.setToolTip("Two are the least from which adapting can prove that it gains")
        self.paper = QComboBox(self)
        self.paper.addItem("A4", "a4")
        self.paper.addItem("US Letter", "letter")
        self.opens = QCheckBox("&Open it, to be printed", self)
        form = QFormLayout()
        form.addRow("&Characters", self.alphabet)
        form.addRow("&Times each", self.copies)
        form.addRow("&Paper", self.paper)
        self.extent = QLabel(self)
        self.extent.setProperty("role", "muted")
        buttons = QDialogButtonBox(self)
        self.save_button = QPushButton("&Save…", self)
        self.save_button.setProperty("variant", "primary")
        self.save_button.setDefault(True)
        buttons.addButton(self.save_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(explanation)
        column.addLayout(form)
        column.addWidget(self.extent)
        column.addWidget(self.opens)
        column.addWidget(buttons)
        self._restore(alphabet)
        self.alphabet.currentIndexChanged.connect(self._follow)
        self.paper.currentIndexChanged.connect(self._follow)
        self.copies.valueChanged.connect(self._follow)
        self._follow()

    @property
    def sheet(self) -> SampleSheet:
        """What was chosen."""
        characters = ALPHABETS[self.alphabet.currentData()]
        return make_sheet(characters, self.copies.value(), self.paper.currentData())

    def _restore(self, alphabet: str) -> None:
        stored = settings()
        imperial = QLocale.system().measurementSystem() == (
            QLocale.MeasurementSystem.ImperialUSSystem
        )
        self.alphabet.setCurrentIndex(max(0, self.alphabet.findData(alphabet)))
        self.copies.setValue(stored.read(f"{_KEY}/copies", _COPIES))
        paper = stored.read(f"{_KEY}/paper", "letter" if imperial else "a4")
        self.paper.setCurrentIndex(max(0, self.paper.findData(paper)))
        self.opens.setChecked(stored.read(f"{_KEY}/opens", True))

    def _accept(self) -> None:
        stored = settings()
        stored.setValue(f"{_KEY}/copies", self.copies.value())
        stored.setValue(f"{_KEY}/paper", self.paper.currentData())
        stored.setValue(f"{_KEY}/opens", self.opens.isChecked())
        self.accept()

    def _follow(self) -> None:
        sheet = self.sheet
        pages = "1 page" if sheet.pages == 1 else f"{sheet.pages} pages"
        boxes = len(sheet.characters) * sheet.copies
        self.extent.setText(f"{pages}, {boxes} boxes")
