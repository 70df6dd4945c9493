"""What stands where the curves will be, before the first run."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.icons import icon
from handwrite_gui.theme import theme
from handwrite_gui.train.controls import muted_label

_PARTS = (
    ("train", "Curves", "Loss and accuracy of every batch, and of validation at each epoch."),
    ("weights", "Inside the net", "What each unit looks for, and what happens in the layers."),
    (
        "grid",
        "Where it errs",
        "Which characters are taken for which, with the samples behind every mistake.",
    ),
    ("model", "Model", "Use it in Draw and Page at any moment, or save it."),
)
_COLUMN_WIDTH = 520


class RunPreview(QFrame):
    """Explains what will appear and how to begin.

    Signals:
        tour_wanted(): the person wants to be shown around.
    """

    tour_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        spacing = theme().tokens.spacing
        title = QLabel("Watch a network learn to read")
        title.setProperty("role", "title")
        hint = muted_label(
            "Press Start: characters are drawn by the program itself, so nothing is needed. "
            "Or choose your own data at the left, or drop a file here.",
            wraps=True,
        )
        parts = QGridLayout()
        parts.setHorizontalSpacing(2 * spacing)
        parts.setVerticalSpacing(2 * spacing)
        parts.setColumnStretch(1, 1)
        self._icons: list[tuple[QLabel, str]] = []
        for row, (icon_name, name, text) in enumerate(_PARTS):
            picture = QLabel()
            self._icons.append((picture, icon_name))
            column = QVBoxLayout()
            column.setSpacing(0)
            heading = QLabel(name)
            heading.setProperty("role", "heading")
            column.addWidget(heading)
            column.addWidget(muted_label(text, wraps=True))
            parts.addWidget(picture, row, 0, Qt.AlignmentFlag.AlignTop)
            parts.addLayout(column, row, 1)
        self.tour_button = QPushButton(icon("help"), "Take the guided tour")
        self.tour_button.setToolTip(
            "How a network learns, and why, in eight steps with experiments"
        )
        self.tour_button.clicked.connect(self.tour_wanted)
        content = QWidget()
        content.setMaximumWidth(_COLUMN_WIDTH)
        column = QVBoxLayout(content)
        column.setSpacing(2 * spacing)
        column.addStretch(1)
        column.addWidget(title)
        column.addWidget(hint)
        column.addWidget(self.tour_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(spacing)
        column.addLayout(parts)
        column.addStretch(2)
        middle = QWidget()
        centring = QHBoxLayout(middle)
        centring.addStretch(1)
        centring.addWidget(content, 100)
        centring.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(middle)
        scroll.setWidgetResizable(True)
        scroll.viewport().setAutoFillBackground(False)
        middle.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(4 * [spacing]))
        layout.addWidget(scroll)
        self._paint_icons()
        theme().changed.connect(self._paint_icons)

    def _paint_icons(self) -> None:
        for label, name in self._icons:
            label.setPixmap(icon(name, "accent").pixmap(QSize(28, 28), self.devicePixelRatioF()))
