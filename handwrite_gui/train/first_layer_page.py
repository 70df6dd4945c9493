"""The first layer's weights, before and after, as a film over the run."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QRectF, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.engine.insight.recorder import Frame
from handwrite_gui.engine.network.features import weights_as_images
from handwrite_gui.icons import icon
from handwrite_gui.theme import theme
from handwrite_gui.train.colour_tables import diverging_table
from handwrite_gui.train.controls import heading_label, icon_button, muted_label, squeezable
from handwrite_gui.train.tile_grid import TileGrid
from handwrite_gui.train.weight_tiles import ZERO_LEVEL, WeightTiles, shared_scale, weight_tiles
from handwrite_gui.workers import TaskRunner

_FRAME_MILLISECONDS = 160

_DIRECTIONS_WORDS = (
    "This network gets the directions of strokes, not pixels. A tile has eight maps of the image "
    "around its middle: at the right the weights for edges that face right, and so on."
)

Pair = tuple[WeightTiles, WeightTiles]


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


class FirstLayerPage(QWidget):
    """What each unit looked for before training, and what it looks for at a moment of the film.

    Signals:
        unit_chosen(int): a tile was clicked.
        shown(): the tiles of another moment have arrived.
    """

    unit_chosen = Signal(int)
    shown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frames: tuple[Frame, ...] = ()
        self._features = "pixels"
        self._shown: Frame | None = None
        self._runner = TaskRunner(self, latest_only=True)
        self._is_busy = False
        self.before = TileGrid()
        self.before.setAccessibleName("Weights of the first layer before training")
        self.grid = TileGrid()
        self.before_label = heading_label("Before training")
        self.after_label = heading_label("")
        for grid in (self.before, self.grid):
            grid.unit_described.connect(self._show_description)
            grid.unit_chosen.connect(self.unit_chosen)
        self.grid.page_changed.connect(self._turn_both)
        self.before.page_changed.connect(self._turn_both)
        self.own_scales = QCheckBox("Own scale for each")
        self.own_scales.setToolTip("Stretch the colours of each tile to its own weights")
        self.own_scales.toggled.connect(self._set_own_scales)
        self.previous_page = icon_button("chevron-left", "Previous units")
        self.next_page = icon_button("chevron-right", "Next units")
        self.previous_page.clicked.connect(lambda: self.grid.turn_to(self.grid.page - 1))
        self.next_page.clicked.connect(lambda: self.grid.turn_to(self.grid.page + 1))
        self._pages = muted_label()
        self._colour_bar = ColourBar()
        self.read_out = squeezable(muted_label())
        self.words = muted_label(_DIRECTIONS_WORDS, wraps=True)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Moment of the run")
        self.slider.setToolTip("Which moment of the run is shown; at the right end, the present")
        self.slider.setRange(0, 0)
        self.slider.valueChanged.connect(lambda _: self._refresh())
        self.play_button = icon_button("play", "Play the film of the run")
        self.play_button.clicked.connect(self._play_or_hold)
        self._timer = QTimer(self, interval=_FRAME_MILLISECONDS)
        self._timer.timeout.connect(self._next_frame)
        self._lay_out()
        self.set_frames((), "pixels")

    def _lay_out(self) -> None:
        spacing = theme().tokens.spacing
        columns = QHBoxLayout()
        columns.setSpacing(2 * spacing)
        for label, grid in ((self.before_label, self.before), (self.after_label, self.grid)):
            column = QVBoxLayout()
            column.setSpacing(spacing // 2)
            column.addWidget(label)
            column.addWidget(grid, 1)
            columns.addLayout(column, 1)
        film = QHBoxLayout()
        film.setSpacing(spacing)
        film.addWidget(self.play_button)
        film.addWidget(self.slider, 1)
        below = QHBoxLayout()
        below.setSpacing(spacing)
        below.addWidget(self.read_out, 1)
        below.addWidget(self._colour_bar, 1)
        below.addWidget(self.own_scales)
        for widget in (self.previous_page, self._pages, self.next_page):
            below.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(spacing // 2)
        layout.addWidget(self.words)
        layout.addLayout(columns, 1)
        layout.addLayout(film)
        layout.addLayout(below)

    # The film

    def set_frames(self, frames: tuple[Frame, ...], features: str) -> None:
        """Show another film; the present is followed unless an earlier moment is looked at."""
        follows = self.is_at_the_end
        self._frames, self._features = frames, features
        self.words.setVisible(features == "directions")
        with QSignalBlocker(self.slider):
            last = max(len(frames) - 1, 0)
            at = last
            if not follows and self._shown is not None:
                # Frames are thinned as the run goes on: the moment stays, its number does not.
                steps = [frame.step for frame in frames]
                at = int(np.searchsorted(steps, self._shown.step)) if steps else 0
            self.slider.setRange(0, last)
            self.slider.setValue(min(at, last))
        self.slider.setEnabled(len(frames) > 1)
        self.play_button.setEnabled(len(frames) > 1)
        if not frames:
            self._hold()
            self._shown = None
            self._show_tiles(None)
        elif self.isVisible():
            self._refresh()

    @property
    def is_at_the_end(self) -> bool:
        """Whether the present is shown, and followed."""
        return self.slider.value() == self.slider.maximum() and not self._timer.isActive()

    @property
    def is_playing(self) -> bool:
        return self._timer.isActive()

    def _play_or_hold(self) -> None:
        if self._timer.isActive():
            self._hold()
            return
        if self.slider.value() == self.slider.maximum():
            self.slider.setValue(0)
        self._timer.start()
        self.play_button.setIcon(icon("pause"))

    def _hold(self) -> None:
        self._timer.stop()
        self.play_button.setIcon(icon("play"))

    def _next_frame(self) -> None:
        if self.slider.value() >= self.slider.maximum():
            self._hold()
        elif not self._is_busy:
            self.slider.setValue(self.slider.value() + 1)

    def _refresh(self, *, anew: bool = False) -> None:
        """Have the tiles of the chosen moment made, where they are not or are wanted anew."""
        if not self._frames:
            return
        frame = self._frames[self.slider.value()]
        if frame is self._shown and self.grid.tiles is not None and not anew:
            return
        self._shown = frame
        self._is_busy = True
        moments = (self._frames[0], frame, self._frames[-1])
        task = self._runner.run(_tiles_of, *moments, self._features, self.own_scales.isChecked())
        task.finished.connect(self._show_tiles)

    def showEvent(self, event: object) -> None:
        self._refresh()

    def _show_tiles(self, pair: Pair | None) -> None:
        self._is_busy = False
        before, after = pair or (None, None)
        self.before.set_tiles(before)
        self.grid.set_tiles(after)
        own = self.own_scales.isChecked()
        self._colour_bar.set_scale(after.scale if after and not own else None)
        if self._shown is None or after is None:
            self.after_label.clear()
        elif not self._shown.step:
            self.after_label.setText("Before the first batch")
        else:
            now = "Now, after" if self.is_at_the_end else "After"
            self.after_label.setText(f"{now} {self._shown.position:.2f} epochs")
        self._show_description("")
        self._refresh_pages()
        self.shown.emit()

    # The tiles

    def choose(self, unit: int | None) -> None:
        """Mark a unit in both halves."""
        for grid in (self.before, self.grid):
            grid.choose(unit)

    def shutdown(self) -> None:
        self._timer.stop()
        self._runner.shutdown()

    def _turn_both(self) -> None:
        source = self.sender()
        other = self.before if source is self.grid else self.grid
        assert isinstance(source, TileGrid)
        if other.page != source.page:
            other.turn_to(source.page)
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
        for grid in (self.before, self.grid):
            grid.set_own_scales(own)
        tiles = self.grid.tiles
        self._colour_bar.set_scale(tiles.scale if tiles and not own else None)
        self._refresh(anew=True)


def _tiles_of(first: Frame, shown: Frame, newest: Frame, features: str, individual: bool) -> Pair:
    """The tiles of two moments, on the scale of the newest one: so they can be compared."""
    scale = shared_scale(_images(newest, features))
    before, after = (
        weight_tiles(_images(frame, features), frame.step, scale, individual=individual)
        for frame in (first, shown)
    )
    return before, after


def _images(frame: Frame, features: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    weights = frame.first_layer.astype(np.float32)
    return np.asarray(weights_as_images(weights, features), np.float32)
