"""The first layer's weights as a grid of tiles, painted."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from handwrite_gui.theme import theme
from handwrite_gui.train.colour_tables import diverging_table, level_image
from handwrite_gui.train.weight_tiles import WeightTiles

TILES_PER_PAGE = 64
_GAP = 3


class TileGrid(QWidget):
    """Paints up to 64 tiles, as large as fits.

    Signals:
        unit_described(str): what is under the pointer or the keyboard's tile, or "".
        unit_chosen(int): a tile was clicked, or confirmed by Enter.
        page_changed(): other units are shown.
    """

    unit_described = Signal(str)
    unit_chosen = Signal(int)
    page_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: WeightTiles | None = None
        self._image: QImage | None = None
        self._own_scales = False
        self._page = 0
        self._hovered: int | None = None
        self._chosen: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Weights of the first layer")
        theme().changed.connect(self._recolour)

    @property
    def tiles(self) -> WeightTiles | None:
        return self._tiles

    @property
    def image(self) -> QImage | None:
        """The tiles under each other, as they are painted."""
        return self._image

    @property
    def units(self) -> range:
        """The units on this page, counted from 0."""
        count = self._tiles.count if self._tiles else 0
        start = self._page * TILES_PER_PAGE
        return range(start, min(start + TILES_PER_PAGE, count))

    @property
    def page_count(self) -> int:
        return math.ceil(self._tiles.count / TILES_PER_PAGE) if self._tiles else 0

    def set_tiles(self, tiles: WeightTiles | None) -> None:
        pages_before = self.page_count
        self._tiles = tiles
        self._rebuild_image()
        if self.page_count != pages_before:
            self._hovered = None
            self.turn_to(0)
        self._describe()
        self.update()

    @property
    def chosen(self) -> int | None:
        """The unit whose tile is marked."""
        return self._chosen

    def choose(self, unit: int | None) -> None:
        """Mark the tile of a unit, or none."""
        self._chosen = unit
        self.update()

    def set_own_scales(self, own: bool) -> None:
        """Give each tile a scale of its own, or all the same one."""
        self._own_scales = own
        self._rebuild_image()
        self.update()

    def turn_to(self, page: int) -> None:
        """Show another page of units; beyond the ends nothing happens."""
        if page == 0 or 0 <= page < self.page_count:
            self._page = page
            self._hovered = None
            self.page_changed.emit()
            self.update()

    @property
    def page(self) -> int:
        return self._page

    def sizeHint(self) -> QSize:
        return QSize(420, 420)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 160)

    def tile_rect(self, unit: int) -> QRect:
        """Where a unit's tile is, in the widget's coordinates."""
        return self._tile_rects()[unit - self.units.start]

    def unit_at(self, position: QPoint) -> int | None:
        rects = zip(self.units, self._tile_rects(), strict=True)
        return next((unit for unit, rect in rects if rect.contains(position)), None)

    def _tile_rects(self) -> list[QRect]:
        """The places of this page's tiles, in order."""
        columns, side = self._layout()
        pitch = side + _GAP
        left = (self.width() - columns * pitch + _GAP) // 2
        places = (divmod(place, columns) for place in range(len(self.units)))
        # A pixel is left for the frame around the first row.
        return [QRect(left + column * pitch, 1 + row * pitch, side, side) for row, column in places]

    def _layout(self) -> tuple[int, int]:
        """Columns, and the side of a tile, so that the tiles are as large as possible."""
        count = max(1, len(self.units))
        best = (1, 0)
        for columns in range(1, count + 1):
            rows = math.ceil(count / columns)
            side = min(
                (self.width() + _GAP) // columns - _GAP, (self.height() - 2 + _GAP) // rows - _GAP
            )
            if side > best[1]:
                best = (columns, side)
        columns, side = best
        # No larger than three screen pixels a weight: beyond that a tile shows no more.
        return columns, max(4, min(side, 96))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._tiles is None or self._image is None:
            return
        painter = QPainter(self)
        tokens = theme().tokens
        _, height, width = self._tiles.shared.shape
        painter.setPen(QColor(tokens.border))
        for unit, target in zip(self.units, self._tile_rects(), strict=True):
            painter.drawImage(target, self._image, QRect(0, unit * height, width, height))
            painter.drawRect(target.adjusted(-1, -1, 0, 0))
        for marked, colour in ((self._chosen, tokens.text), (self._hovered, tokens.accent)):
            if marked is not None and marked in self.units:
                painter.setPen(QPen(QColor(colour), 2))
                painter.drawRect(self.tile_rect(marked).adjusted(-1, -1, 0, 0))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.unit_at(event.position().toPoint()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        unit = self.unit_at(event.position().toPoint())
        if unit is not None and event.button() == Qt.MouseButton.LeftButton:
            self.unit_chosen.emit(unit)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns, _ = self._layout()
        moves = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
        }
        key = Qt.Key(event.key())
        if key in moves and len(self.units):
            start = self.units.start if self._hovered is None else self._hovered + moves[key]
            if start in self.units:
                self._hover(start)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._hovered is not None:
            self.unit_chosen.emit(self._hovered)
        elif key == Qt.Key.Key_PageDown:
            self.turn_to(self._page + 1)
        elif key == Qt.Key.Key_PageUp:
            self.turn_to(self._page - 1)
        else:
            super().keyPressEvent(event)

    def _hover(self, unit: int | None) -> None:
        if unit != self._hovered:
            self._hovered = unit
            self._describe()
            self.update()

    def _describe(self) -> None:
        text = ""
        if self._tiles is not None and self._hovered is not None:
            low, high = self._tiles.lowest[self._hovered], self._tiles.highest[self._hovered]
            text = f"Unit {self._hovered + 1}: weights from {low:+.3f} to {high:+.3f}"
        self.setAccessibleDescription(text)
        self.unit_described.emit(text)

    def _rebuild_image(self) -> None:
        if self._tiles is None:
            self._image = None
            return
        levels = self._tiles.individual if self._own_scales else None
        if levels is None:
            levels = self._tiles.shared
        count, height, width = levels.shape
        self._image = level_image(levels.data.cast("B"), width, count * height)
        self._image.setColorTable(diverging_table())

    def _recolour(self) -> None:
        if self._image is not None:
            self._image.setColorTable(diverging_table())
        self.update()
