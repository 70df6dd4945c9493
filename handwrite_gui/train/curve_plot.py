"""One plot of a training figure: every batch, its moving average, and validation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from handwrite_gui.theme import theme
from handwrite_gui.train.curve_history import Curve

_FAINT = 60
_MARKER_PIXELS = 7
_MOST_MARKERS = 60
_SHORTEST_AXIS = 0.02


class CurvePlot(QFrame):
    """Curves over epochs that follow the run until the person zooms.

    Args:
        name: label of the vertical axis.
        show_value: a value as the read-out says it.
        y_scale: what the axis' numbers are multiplied by (100 for per cent).
        y_most: no curve is above; None where there is no bound.
        has_position_label: whether to name the horizontal axis.

    Signals:
        cursor_moved(float): the epoch under the pointer; NaN when it left.
        zoomed(): the person zoomed or moved the plot.
    """

    cursor_moved = Signal(float)
    zoomed = Signal()

    def __init__(
        self,
        name: str,
        show_value: Callable[[float], str],
        *,
        y_scale: float = 1.0,
        y_most: float | None = None,
        has_position_label: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._show_value = show_value
        self._y_most = y_most
        self._smoothed = True
        self._position: float | None = None
        self._x: Curve = np.empty(0)
        self._raw_y: Curve = np.empty(0)
        self._smooth_y: Curve = np.empty(0)
        self._epochs: Curve = np.empty(0)
        self._validation: Curve = np.empty(0)
        self.read_out = QLabel()
        self.read_out.setTextFormat(Qt.TextFormat.RichText)
        self.plot = pg.PlotWidget()
        self.plot.setAccessibleName(name)
        self._lay_out()
        self._set_up_axes(name, y_scale, y_most, has_position_label)
        item = self.plot.getPlotItem()
        self.raw = item.plot()
        self.smooth = item.plot()
        for curve in (self.raw, self.smooth):
            curve.setDownsampling(auto=True, method="peak")
            curve.setClipToView(True)
        self.validation = item.plot(symbol="o", symbolSize=_MARKER_PIXELS)
        self._cursor = pg.InfiniteLine(angle=90)
        self._cursor.hide()
        item.addItem(self._cursor, ignoreBounds=True)
        self._restyle()
        theme().changed.connect(self._restyle)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        spacing = theme().tokens.spacing
        layout.setContentsMargins(spacing // 2, spacing // 2, spacing, spacing // 2)
        layout.setSpacing(0)
        layout.addWidget(self.read_out)
        layout.addWidget(self.plot, 1)

    def _set_up_axes(
        self, name: str, y_scale: float, y_most: float | None, has_position_label: bool
    ) -> None:
        item = self.plot.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.setLabel("left", name)
        if has_position_label:
            item.setLabel("bottom", "epoch")
        left = item.getAxis("left")
        # Both plots stand above each other; their vertical axes share one line.
        left.setWidth(56)
        left.enableAutoSIPrefix(False)
        left.setScale(y_scale)
        bottom = item.getAxis("bottom")
        bottom.enableAutoSIPrefix(False)
        for axis in (left, bottom):
            # An axis that grows with its numbers lays the plot out anew and paints it twice.
            axis.setStyle(autoExpandTextSpace=False)
        self.view_box.disableAutoRange()
        self.view_box.setLimits(xMin=0, yMin=0, yMax=y_most)
        self.view_box.sigRangeChangedManually.connect(lambda *_: self.zoomed.emit())
        self.plot.scene().sigMouseMoved.connect(self._on_mouse_moved)

    def set_curves(
        self, x: Curve, raw: Curve, smooth: Curve, epochs: Curve, validation: Curve
    ) -> None:
        """Show other values; what the person zoomed to stays in view."""
        self._x, self._raw_y, self._smooth_y = x, raw, smooth
        # A run without validation data has epochs without values.
        measured = np.isfinite(validation)
        self._epochs, self._validation = epochs[measured], validation[measured]
        self.raw.setData(x, raw, skipFiniteCheck=True)
        self.smooth.setData(x, smooth, skipFiniteCheck=True)
        # Past that the markers would hide the line.
        symbol = "o" if len(self._epochs) <= _MOST_MARKERS else None
        self.validation.setData(self._epochs, self._validation, symbol=symbol)
        self._write_read_out()

    def set_smoothed(self, smoothed: bool) -> None:
        """Draw the moving average over faint batches, or the batches alone."""
        self._smoothed = smoothed
        self.smooth.setVisible(smoothed)
        self._restyle()

    def fit(self) -> None:
        """Bring the whole run into view, zero included."""
        end = max(self._x[-1] if len(self._x) else 0.0, _SHORTEST_AXIS)
        most = self._y_most
        if most is None:
            # A single bad batch may stand out at the top: it must not flatten the curves.
            highest = max(self._smooth_y.max(initial=0.0), self._validation.max(initial=0.0))
            most = 1.05 * highest or 1.0
        self.view_box.setRange(xRange=(0, 1.01 * end), yRange=(0, most), padding=0)
        # Left to the first painting, the new transform would cause a second one.
        self.view_box.updateMatrix()

    @property
    def view_box(self) -> pg.ViewBox:
        return self.plot.getPlotItem().getViewBox()

    def show_values_at(self, position: float | None) -> None:
        """Read the curves out at a position in epochs; None means at their ends."""
        if position is None:
            self._cursor.hide()
        else:
            self._cursor.setPos(position)
            self._cursor.show()
        self._position = position
        self._write_read_out()

    def _write_read_out(self) -> None:
        """The read-out is the legend as well: each value beside its curve's mark."""
        training, validation = self._values_at(self._position)
        tokens = theme().tokens
        self.read_out.setText(
            f'&nbsp;<span style="color:{tokens.series[0]}">━</span> training {training}'
            f'&nbsp;&nbsp; <span style="color:{tokens.series[1]}">●</span> validation {validation}'
        )

    def _values_at(self, position: float | None) -> tuple[str, str]:
        training = validation = ""
        if len(self._x):
            last = len(self._x) - 1
            index = last if position is None else min(int(np.searchsorted(self._x, position)), last)
            curve = self._smooth_y if self._smoothed else self._raw_y
            training = f"<b>{self._show_value(curve[index])}</b>"
        # Validation holds from where it was measured until the next time.
        past = len(self._epochs) if position is None else int((self._epochs <= position).sum())
        if past:
            validation = f"<b>{self._show_value(self._validation[past - 1])}</b>"
        return training, validation

    def _on_mouse_moved(self, position: QPointF) -> None:
        box = self.view_box
        inside = box.sceneBoundingRect().contains(position) and len(self._x)
        self.cursor_moved.emit(box.mapSceneToView(position).x() if inside else float("nan"))

    def leaveEvent(self, event: object) -> None:
        self.cursor_moved.emit(float("nan"))

    def _restyle(self) -> None:
        tokens = theme().tokens
        self._write_read_out()
        self.plot.setBackground(tokens.plot_background)
        item = self.plot.getPlotItem()
        for side in ("left", "bottom"):
            axis = item.getAxis(side)
            axis.setPen(tokens.border_strong)
            axis.setTextPen(tokens.text_muted)
        item.showGrid(x=True, y=True, alpha=0.15)
        training = QColor(tokens.series[0])
        faint = QColor(training)
        if self._smoothed:
            faint.setAlpha(_FAINT)
        # Width 1 without antialiasing: a wide smooth pen costs forty times as much.
        self.raw.setPen(pg.mkPen(faint, width=1))
        self.smooth.setPen(pg.mkPen(training, width=2))
        self.validation.setPen(pg.mkPen(tokens.series[1], width=1))
        self.validation.setSymbolBrush(tokens.series[1])
        self.validation.setSymbolPen(None)
        self._cursor.setPen(pg.mkPen(tokens.text_muted, width=1))
