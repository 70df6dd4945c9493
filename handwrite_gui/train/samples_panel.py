"""The validation samples behind one cell of the confusion matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from handwrite_gui.engine.data.normalizer import INPUT_SIZE
from handwrite_gui.engine.training.training_data import TrainingData
from handwrite_gui.theme import theme
from handwrite_gui.train.colour_tables import ink_table, level_image
from handwrite_gui.train.controls import heading_label, muted_label

MOST_SHOWN = 120
_SIDE = 40
_GAP = 4


@dataclass(frozen=True)
class CellSamples:
    """Validation samples of one true class that were read as one class.

    Attributes:
        true, predicted: the characters.
        images: uint8 (n, 32, 32), the first :data:`MOST_SHOWN`.
        total: how many there are.
        of_class: how many validation samples the true class has.
    """

    true: str
    predicted: str
    images: NDArray[np.uint8]
    total: int
    of_class: int


def cell_samples(
    validation: TrainingData,
    predictions: NDArray[np.int64],
    classes: tuple[str, ...],
    true: int,
    predicted: int,
) -> CellSamples:
    """Collect the samples of class index ``true`` that were read as ``predicted``."""
    is_true = validation.targets == true
    found = np.flatnonzero(is_true & (predictions == predicted))
    images = validation.inputs[found[:MOST_SHOWN]].reshape(-1, INPUT_SIZE, INPUT_SIZE)
    return CellSamples(
        classes[true], classes[predicted], images, len(found), int(np.count_nonzero(is_true))
    )


class Thumbnails(QWidget):
    """Characters in rows, as the network gets them; as tall as they need."""

    def __init__(self, side: int = _SIDE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._image: QImage | None = None
        self.count = 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme().changed.connect(self._recolour)

    def set_images(self, images: NDArray[np.uint8] | None) -> None:
        """Show uint8 images (n, height, width), or none."""
        self.count = 0 if images is None else len(images)
        self._image = None
        if images is not None and self.count:
            count, height, width = images.shape
            self._image = level_image(images.data.cast("B"), width, count * height)
            self._image.setColorTable(ink_table())
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = -(-self.count // self._columns(width))
        return rows * (self._side + _GAP)

    def sizeHint(self) -> QSize:
        return QSize(6 * (self._side + _GAP), self.heightForWidth(max(self.width(), self._side)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._side, 0)

    def _columns(self, width: int) -> int:
        return max(1, (width + _GAP) // (self._side + _GAP))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QColor(theme().tokens.border))
        columns = self._columns(self.width())
        size = self._image.width()
        for index in range(self.count):
            row, column = divmod(index, columns)
            pitch = self._side + _GAP
            target = QRect(column * pitch, row * pitch, self._side, self._side)
            if target.intersects(event.rect()):
                painter.drawImage(target, self._image, QRect(0, index * size, size, size))
                painter.drawRect(target.adjusted(0, 0, -1, -1))

    def _recolour(self) -> None:
        if self._image is not None:
            self._image.setColorTable(ink_table())
        self.update()


class SamplesPanel(QWidget):
    """Says which cell was chosen and shows its samples."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = heading_label("")
        self.title.setMinimumWidth(1)
        self.detail = muted_label(wraps=True)
        self.thumbnails = Thumbnails()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.thumbnails)
        scroll.viewport().setAutoFillBackground(False)
        self.thumbnails.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme().tokens.spacing // 2)
        layout.addWidget(self.title)
        layout.addWidget(self.detail)
        layout.addWidget(scroll, 1)
        self.clear()

    def clear(self) -> None:
        self.title.setText("Samples")
        self.detail.setText("Choose a cell of the matrix to see its characters.")
        self.thumbnails.set_images(None)

    def show_samples(self, samples: CellSamples) -> None:
        self.title.setText(f"{samples.true} read as {samples.predicted}")
        if not samples.total:
            self.detail.setText(f"None of the {samples.of_class:,} validation samples.")
        else:
            shown = len(samples.images)
            first = f", the first {shown} shown" if shown < samples.total else ""
            self.detail.setText(f"{samples.total:,} of {samples.of_class:,} samples{first}")
        self.thumbnails.set_images(samples.images)
