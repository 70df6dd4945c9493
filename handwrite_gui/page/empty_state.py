"""What the page view shows while no page is open: every way to open one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.icons import icon
from handwrite_gui.page.samples import Sample, load_thumbnails
from handwrite_gui.theme import theme
from handwrite_gui.workers import TaskRunner

LARGEST_THUMBNAIL = 212
SHOWN_RECENT = 4
COLUMN_WIDTH = 720


class DropTarget(QFrame):
    """A dashed frame that says where to drop."""

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(tokens.border_strong), 1.5)
        pen.setDashPattern([5, 4])
        painter.setPen(pen)
        painter.setBrush(QColor(tokens.surface))
        radius = 1.5 * tokens.radius
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)


class EmptyState(QScrollArea):
    """Invites to open a page.

    Signals:
        open_wanted(), paste_wanted(): a button was pressed.
        path_chosen(Path): a sample or a recent file was picked.
    """

    open_wanted = Signal()
    paste_wanted = Signal()
    path_chosen = Signal(object)

    def __init__(self, samples: list[Sample], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner = TaskRunner(self, latest_only=True)
        self._sample_buttons: list[QToolButton] = []
        spacing = theme().tokens.spacing
        self._column = QVBoxLayout()
        self._column.setSpacing(2 * spacing)
        self._column.addStretch(1)
        self._column.addWidget(self._drop_target(), 6)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        if samples:
            self._column.addLayout(self._sample_row(samples))
        self._column.addLayout(self._recent)
        self._column.addStretch(1)
        content = QWidget()
        content.setMaximumWidth(COLUMN_WIDTH)
        content.setLayout(self._column)
        middle = QWidget()
        row = QHBoxLayout(middle)
        row.setContentsMargins(*(4 * [3 * spacing]))
        row.addStretch(1)
        row.addWidget(content, 100)
        row.addStretch(1)
        self.setWidget(middle)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its buttons have it, and scroll into view
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        middle.setAutoFillBackground(False)
        theme().changed.connect(self.update)

    def show_recent(self, paths: list[Path]) -> None:
        """List the files that were opened last."""
        while (item := self._recent.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        if not paths:
            return
        self._recent.addWidget(_heading("Recent"))
        for path in paths[:SHOWN_RECENT]:
            button = QPushButton(icon("history", "text_muted"), f"{path.name}   ·   {path.parent}")
            button.setProperty("variant", "quiet")
            button.setStyleSheet("text-align: left;")
            button.setToolTip(str(path))
            button.setAccessibleName(f"Open {path.name} again")
            button.clicked.connect(lambda _=False, path=path: self.path_chosen.emit(path))
            self._recent.addWidget(button)

    def shutdown(self) -> None:
        self._runner.shutdown()

    def _drop_target(self) -> DropTarget:
        spacing = theme().tokens.spacing
        target = DropTarget()
        target.setMinimumHeight(240)
        target.setMaximumHeight(380)
        picture = QLabel()
        picture.setPixmap(icon("page", "accent").pixmap(QSize(56, 56)))
        title = QLabel("Read a page of handwriting")
        title.setProperty("role", "title")
        hint = QLabel("Drop photos, scans or a PDF here, or choose them.")
        hint.setProperty("role", "muted")
        self.open_button = QPushButton(icon("open", "accent_text"), "Open image…")
        self.open_button.setProperty("variant", "primary")
        self.open_button.clicked.connect(self.open_wanted)
        self.paste_button = QPushButton(icon("paste"), "Paste")
        self.paste_button.clicked.connect(self.paste_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(spacing)
        buttons.addStretch(1)
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.paste_button)
        buttons.addStretch(1)
        layout = QVBoxLayout(target)
        layout.setSpacing(spacing)
        layout.addStretch(1)
        for label in (picture, title, hint):
            layout.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(spacing)
        layout.addLayout(buttons)
        layout.addStretch(1)
        return target

    def _sample_row(self, samples: list[Sample]) -> QVBoxLayout:
        spacing = theme().tokens.spacing
        width = min(LARGEST_THUMBNAIL, COLUMN_WIDTH // len(samples) - 3 * spacing)
        size = QSize(width, 2 * width // 3)
        row = QHBoxLayout()
        row.setSpacing(spacing)
        for sample in samples:
            button = QToolButton()
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setText(sample.title)
            button.setIconSize(size)
            button.setIcon(icon("image", "text_muted"))
            button.setAccessibleName(f"Open the sample {sample.title}")
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(lambda _=False, path=sample.path: self.path_chosen.emit(path))
            self._sample_buttons.append(button)
            row.addWidget(button)
        row.addStretch(1)
        ratio = self.devicePixelRatioF()
        paths = [sample.path for sample in samples]
        task = self._runner.run(load_thumbnails, paths, size * ratio)
        task.finished.connect(lambda images: self._show_thumbnails(images, ratio))
        block = QVBoxLayout()
        block.addWidget(_heading("Try a sample"))
        block.addLayout(row)
        return block

    def _show_thumbnails(self, images: list[QImage], ratio: float) -> None:
        for button, image in zip(self._sample_buttons, images, strict=False):
            if not image.isNull():
                pixmap = QPixmap.fromImage(image)
                pixmap.setDevicePixelRatio(ratio)
                button.setIcon(QIcon(pixmap))


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label
