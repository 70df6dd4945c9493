"""Choosing which step of the reading is shown on the page."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from handwrite_gui.page.steps import StepName


class StepChooser(QComboBox):
    """The photograph, or what a step of the reading made of it.

    Signals:
        chosen(): the person, or :meth:`show_step`, chose another.
    """

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        for name in StepName:
            self.addItem(name.value, name)
        self.setAccessibleName("Step of the reading")
        self.setToolTip(
            "The page as it is, or as the reader sees it: its ink, the lines it found, and the "
            "parts that it cut them into (F6, Shift+F6)"
        )
        self.currentIndexChanged.connect(lambda _: self.chosen.emit())

    @property
    def step(self) -> StepName:
        """What is chosen."""
        name = self.currentData()
        assert isinstance(name, StepName)
        return name

    def show_step(self, name: StepName) -> None:
        """Choose a step."""
        self.setCurrentIndex(list(StepName).index(name))

    def go(self, by: int) -> None:
        """Choose the next (1) or the previous (-1) step, going round."""
        self.setCurrentIndex((self.currentIndex() + by) % self.count())
