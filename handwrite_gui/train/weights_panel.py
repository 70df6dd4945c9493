"""The first layer's weights: the tiles with their controls."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from handwrite_gui.theme import theme
from handwrite_gui.train.colour_tables import diverging_table
from handwrite_gui.train.controls import icon_button, segment_button
from handwrite_gui.train.tile_grid import TileGrid
from handwrite_gui.train.weight_tiles import ZERO_LEVEL, WeightTiles


class ColourBar(QWidget):
    """The scale of the weights' colours: −scale, zero, +scale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ends = ("−", "+")
        self.setFixedHeight(16)
        theme().changed.connect(self.update)

    def set_scale(self, scale: float | None) -> None:
        """The magnitude at both ends; None where every tile has its own."""
        self._ends = ("−", "+") if scale is None else (f"−{scale:.2g}", f"+{scale:.2g}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens, table = theme().tokens, diverging_table()
        margin = max(map(painter.fontMetrics().horizontalAdvance, self._ends)) + 8
        bar = QRectF(self.rect()).adjusted(margin, 3, -margin, -3)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        for place, level in ((0.0, 1), (0.5, ZERO_LEVEL), (1.0, 255)):
            gradient.setColorAt(place, QColor.fromRgb(table[level]))
        painter.fillRect(bar, gradient)
        painter.setPen(QColor(tokens.border))
        painter.drawRect(bar)
        painter.drawLine(QLineF(bar.center().x(), bar.top(), bar.center().x(), bar.bottom()))
        painter.setPen(QColor(tokens.text_muted))
        middle = Qt.AlignmentFlag.AlignVCenter
        left = QRectF(0, 0, margin - 8, self.height())
        painter.drawText(left, Qt.AlignmentFlag.AlignRight | middle, self._ends[0])
        right = QRectF(self.width() - margin + 8, 0, margin - 8, self.height())
        painter.drawText(right, Qt.AlignmentFlag.AlignLeft | middle, self._ends[1])


class WeightsPanel(QWidget):
    """The tiles with their controls: now or before training, one scale or many, pages."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._initial: WeightTiles | None = None
        self._current: WeightTiles | None = None
        self.grid = TileGrid()
        self.grid.unit_described.connect(self._show_description)
        self.grid.page_changed.connect(self._refresh_pages)
        self.now_button = segment_button("Now", "The weights as they are")
        self.before_button = segment_button("Before", "The weights before the first batch")
        self._moments = QButtonGroup(self)
        for button in (self.now_button, self.before_button):
            self._moments.addButton(button)
        self.now_button.setChecked(True)
        self._moments.buttonToggled.connect(lambda *_: self._refresh())
        self.own_scales = QCheckBox("Own scale for each")
        self.own_scales.setToolTip("Stretch the colours of each tile to its own weights")
        self.own_scales.toggled.connect(self._set_own_scales)
        self.previous_page = icon_button("chevron-left", "Previous units")
        self.next_page = icon_button("chevron-right", "Next units")
        self.previous_page.clicked.connect(lambda: self.grid.turn_to(self.grid.page - 1))
        self.next_page.clicked.connect(lambda: self.grid.turn_to(self.grid.page + 1))
        self._pages = QLabel()
        self._pages.setProperty("role", "muted")
        self._colour_bar = ColourBar()
        self.read_out = QLabel()
        self.read_out.setProperty("role", "muted")

        spacing = theme().tokens.spacing
        controls = QHBoxLayout()
        controls.setSpacing(spacing // 2)
        controls.addWidget(self.now_button)
        controls.addWidget(self.before_button)
        controls.addSpacing(spacing)
        controls.addWidget(self.own_scales)
        controls.addStretch(1)
        for widget in (self.previous_page, self._pages, self.next_page):
            controls.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, spacing, 0, 0)
        layout.setSpacing(spacing)
        layout.addLayout(controls)
        layout.addWidget(self.grid, 1)
        layout.addWidget(self._colour_bar)
        layout.addWidget(self.read_out)
        self._refresh()

    def set_weights(self, initial: WeightTiles | None, current: WeightTiles | None) -> None:
        """Show the weights of a run; None and None forget them."""
        self._initial, self._current = initial, current
        self._refresh()

    def _refresh(self) -> None:
        shows_now = self.now_button.isChecked()
        tiles = self._current if shows_now else self._initial
        self.grid.set_tiles(tiles)
        own = self.own_scales.isChecked()
        self._colour_bar.set_scale(tiles.scale if tiles and not own else None)
        self._refresh_pages()

    def _refresh_pages(self) -> None:
        units, tiles = self.grid.units, self.grid.tiles
        many = self.grid.page_count > 1
        for widget in (self.previous_page, self.next_page):
            widget.setVisible(many)
        self.previous_page.setEnabled(self.grid.page > 0)
        self.next_page.setEnabled(self.grid.page + 1 < self.grid.page_count)
        if tiles is None:
            self._pages.clear()
        elif many:
            self._pages.setText(f"{units.start + 1}–{units.stop} of {tiles.count}")
        else:
            self._pages.setText(f"{tiles.count} units")

    def _show_description(self, text: str) -> None:
        tiles = self.grid.tiles
        if not text and tiles is not None:
            text = f"After {tiles.step:,} batches" if tiles.step else "Before the first batch"
        self.read_out.setText(text)

    def _set_own_scales(self, own: bool) -> None:
        self.grid.set_own_scales(own)
        self._refresh()
