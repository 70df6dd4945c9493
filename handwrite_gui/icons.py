"""Icons: line drawings from ``resources/icons`` in the colour of the theme's text.

They are painted when they are needed, so they are crisp at every scale and follow a change of
the theme without being set again.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from handwrite_gui.engine.resources import resource_path
from handwrite_gui.theme import theme


@cache
def _source(name: str) -> str:
    return resource_path(f"icons/{name}.svg").read_text(encoding="utf-8")


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    svg = _source(name).replace("currentColor", colour)
    return QSvgRenderer(QByteArray(svg.encode()))


def paint_icon(painter: QPainter, name: str, rect: QRectF, colour: str) -> None:
    """Draw an icon in ``rect`` (painter's coordinates) in a colour of the caller's choice."""
    _renderer(name, colour).render(painter, rect)


class _LineIconEngine(QIconEngine):
    def __init__(self, name: str, colour_token: str) -> None:
        super().__init__()
        self._name = name
        self._colour_token = colour_token

    def clone(self) -> QIconEngine:
        copy = _LineIconEngine(self._name, self._colour_token)
        # Qt keeps a plain pointer to the copy; without a reference here Python would delete it.
        _copies.append(copy)
        return copy

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        token = "border_strong" if mode == QIcon.Mode.Disabled else self._colour_token
        paint_icon(painter, self._name, QRectF(rect), getattr(theme().tokens, token))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap


_kept: dict[tuple[str, str], tuple[QIcon, QIconEngine]] = {}
_copies: list[QIconEngine] = []


def icon(name: str, colour: str = "text") -> QIcon:
    """The icon ``resources/icons/NAME.svg``.

    Args:
        name: the file's name without its ending.
        colour: name of the token it is drawn in.

    Raises:
        FileNotFoundError: there is no such icon.
    """
    key = (name, colour)
    if key not in _kept:
        _source(name)
        engine = _LineIconEngine(name, colour)
        _kept[key] = (QIcon(engine), engine)
    return _kept[key][0]


def application_icon() -> QIcon:
    """The program's own icon, in its own colours."""
    return QIcon(str(resource_path("icons/application.svg")))
