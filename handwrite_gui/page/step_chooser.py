"""Choosing which step of the reading is shown on the page."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QWidget


class StepChooser(QComboBox):
    """The photograph, or what a step of the reading made of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.addItem("Photograph")
        self.setAccessibleName("Step of the reading")
