"""A formula on the screen, sharp at every scale and in the colour of the text around it."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from handwrite_gui.engine.resources import resource_path
from handwrite_gui.theme import theme
from handwrite_gui.train.tour.formulas import FORMULAS

_INDENT = 12


@cache
def _source(name: str) -> str:
    return resource_path(f"formulas/{name}.svg").read_text(encoding="utf-8")


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    svg = _source(name).replace("currentColor", colour)
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    return renderer


class FormulaView(QWidget):
    """One formula, as large as it was drawn, or smaller where there is no room.

    Args:
        name: one of ``FORMULAS``.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._size = _renderer(name, theme().tokens.text).defaultSize()
        self.setAccessibleName(FORMULAS[name].words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return self._size + QSize(_INDENT, 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self._size.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        room = QRectF(self.rect())
        indent = min(_INDENT, max(0, room.width() - self._size.width()))
        room.setLeft(indent)
        scale = min(1.0, room.width() / self._size.width())
        size = self._size * scale
        place = QRectF(indent, (room.height() - size.height()) / 2, size.width(), size.height())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _renderer(self._name, theme().tokens.text).render(painter, place)
        painter.end()
