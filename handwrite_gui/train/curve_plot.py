"""One plot of a training figure: batches, their moving average, epochs, and other runs."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QFrame, QGraphicsItem, QLabel, QVBoxLayout, QWidget

from handwrite_gui.theme import theme
from handwrite_gui.train.curve_history import Curve

_PAINTED_ONCE = QGraphicsItem.CacheMode.DeviceCoordinateCache
_FAINT = 60
_MARKER_PIXELS = 7
_MOST_MARKERS = 60
_SHORTEST_AXIS = 0.02
_LEAST_LOG = 1e-9
_RUN_WIDTH, _OTHER_WIDTH = 300, 130
_MOST = 1e12
_ROOM, _MOST_ROOM = 0.2, 0.3
"""Room ahead of a run that is followed, as a share of the axis, and when there is too much of it.

Axes that move with every update cost more than the curves.
"""


def _no_curve() -> Curve:
    return np.empty(0)


@dataclass(frozen=True, eq=False)
class RunCurves:
    """One figure of one run, over epochs.

    Attributes:
        x, raw, smooth: for every batch: its position, the figure, its moving average.
        epochs, training, validation: for every epoch: where it ended, the mean over its batches,
            what was measured then (NaN for nothing).
    """

    x: Curve = field(default_factory=_no_curve)
    raw: Curve = field(default_factory=_no_curve)
    smooth: Curve = field(default_factory=_no_curve)
    epochs: Curve = field(default_factory=_no_curve)
    training: Curve = field(default_factory=_no_curve)
    validation: Curve = field(default_factory=_no_curve)

    def measured(self) -> tuple[Curve, Curve]:
        """Position and figure of the epochs that have a validation figure."""
        found = np.isfinite(self.validation)
        return self.epochs[found], self.validation[found]

    @property
    def end(self) -> float:
        """The last position."""
        last = (curve[-1] for curve in (self.x, self.epochs) if len(curve))
        return float(max(last, default=0.0))


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
        self._per_epoch = False
        self._log_x = self._log_y = False
        self._position: float | None = None
        self._run = RunCurves()
        self._drawn_validation: tuple[Curve, Curve, str | None] = (_no_curve(), _no_curve(), "")
        self._others: Sequence[RunCurves] = ()
        self._other_colours: Sequence[str] = ()
        self.read_out = QLabel()
        self.read_out.setTextFormat(Qt.TextFormat.RichText)
        self.plot = pg.PlotWidget()
        self.plot.setAccessibleName(name)
        self._lay_out()
        self._set_up_axes(name, y_scale, has_position_label)
        item = self.plot.getPlotItem()
        self.raw = self._add_curve(is_smooth=False)
        self.smooth = self._add_curve()
        self.validation = item.plot(symbol="o", symbolSize=_MARKER_PIXELS)
        for part in (self.validation.curve, self.validation.scatter):
            part.setCacheMode(_PAINTED_ONCE)
        self.others: list[tuple[pg.PlotDataItem, pg.PlotDataItem]] = []
        self._cursor = pg.InfiniteLine(angle=90)
        self._cursor.hide()
        item.addItem(self._cursor, ignoreBounds=True)
        self._restyle()
        theme().changed.connect(self._restyle)
        self.view_box.sigResized.connect(self._thin_out_anew)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        spacing = theme().tokens.spacing
        layout.setContentsMargins(spacing // 2, spacing // 2, spacing, spacing // 2)
        layout.setSpacing(0)
        self.read_out.setMinimumWidth(1)  # a long one is cut off rather than widening the plot
        layout.addWidget(self.read_out)
        layout.addWidget(self.plot, 1)

    def _add_curve(self, *, is_smooth: bool = True) -> pg.PlotDataItem:
        # A wide pen costs time with every point, and a curve without peaks needs one a pixel.
        method, points_per_pixel = ("subsample", 1.0) if is_smooth else ("peak", 2.0)
        curve = self.plot.getPlotItem().plot(autoDownsampleFactor=points_per_pixel)
        curve.setDownsampling(auto=True, method=method)
        curve.setClipToView(True)
        return curve

    def _set_up_axes(self, name: str, y_scale: float, has_position_label: bool) -> None:
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
            # Its numbers and the grid take longer to paint than the curves, and seldom change.
            axis.setCacheMode(_PAINTED_ONCE)
        self.view_box.disableAutoRange()
        self._set_limits()
        self.view_box.sigRangeChangedManually.connect(lambda *_: self.zoomed.emit())
        self.plot.scene().sigMouseMoved.connect(self._on_mouse_moved)

    # What is shown

    def set_curves(self, run: RunCurves) -> None:
        """Show other values; what the person zoomed to stays in view."""
        self.draw_curves(run)
        self.write_read_out()

    def draw_curves(self, run: RunCurves) -> None:
        """The same without the read-out."""
        self._run = run
        self._draw_run()

    def set_others(self, others: Sequence[RunCurves], colours: Sequence[str]) -> None:
        """Draw other runs beside, each in its colour: training solid, validation dotted."""
        self._others, self._other_colours = others, colours
        item = self.plot.getPlotItem()
        while len(self.others) > len(others):
            for curve in self.others.pop():
                item.removeItem(curve)
        while len(self.others) < len(others):
            self.others.append((self._add_curve(), self._add_curve()))
        for curves, colour, run in zip(self.others, colours, others, strict=True):
            training, validation = curves
            training.setPen(pg.mkPen(colour, width=2))
            validation.setPen(pg.mkPen(colour, width=1, style=Qt.PenStyle.DashLine))
            if self._per_epoch:
                training.setData(run.epochs, run.training)
            else:
                main = run.smooth if self._smoothed else run.raw
                training.setData(run.x, main, skipFiniteCheck=True)
            validation.setData(*run.measured())
        self.write_read_out()

    def set_smoothed(self, smoothed: bool) -> None:
        """Draw the moving average over faint batches, or the batches alone."""
        self._smoothed = smoothed
        self._redraw()

    def set_per_epoch(self, per_epoch: bool) -> None:
        """Draw one value an epoch, the mean over its batches, instead of every batch."""
        self._per_epoch = per_epoch
        self._redraw()

    def set_log(self, *, x: bool, y: bool) -> None:
        """Draw on logarithmic axes."""
        self._log_x, self._log_y = x, y
        self.plot.getPlotItem().setLogMode(x=x, y=y)
        # Another mode makes the plot find its own range; here the panel says what is in view.
        self.view_box.disableAutoRange()
        self._set_limits()
        self._place_cursor()

    def _redraw(self) -> None:
        self._draw_run()
        self.set_others(self._others, self._other_colours)
        self._restyle()

    def _draw_run(self) -> None:
        run = self._run
        self.raw.setVisible(not self._per_epoch)
        self.smooth.setVisible(self._smoothed or self._per_epoch)
        self.raw.setData(run.x, run.raw, skipFiniteCheck=True)
        if self._per_epoch:
            self.smooth.setData(run.epochs, run.training)
        else:
            self.smooth.setData(run.x, run.smooth, skipFiniteCheck=True)
        self._draw_validation(*run.measured())

    def _draw_validation(self, epochs: Curve, values: Curve) -> None:
        # Past that the markers would hide the line.
        symbol = "o" if len(epochs) <= _MOST_MARKERS else None
        drawn_epochs, drawn_values, drawn_symbol = self._drawn_validation
        if (
            symbol == drawn_symbol
            and np.array_equal(epochs, drawn_epochs)
            and np.array_equal(values, drawn_values)
        ):
            return  # most updates bring batches alone
        self._drawn_validation = (epochs, values, symbol)
        self.validation.setData(epochs, values, symbol=symbol)

    # What is in view

    @property
    def view_box(self) -> pg.ViewBox:
        return self.plot.getPlotItem().getViewBox()

    @property
    def end(self) -> float:
        """The last position of all runs that are shown."""
        return max(run.end for run in (self._run, *self._others))

    def fit(self) -> None:
        """Bring all that was learned into view, zero included where an axis has one."""
        self._show_range(self._fitting_x(), self._fitting_y())

    def follow(self) -> None:
        """Bring what was learned since into view, unless the axes still suit it."""
        x, y = self._fitting_x(), self._fitting_y()
        shown_x, shown_y = self.view_box.viewRange()
        if not (_suits(shown_x, x) and _suits(shown_y, y)):
            self._show_range((x[0], x[1] + _ROOM * (x[1] - x[0])), y)

    @property
    def shown_epochs(self) -> tuple[float, float]:
        """The horizontal range, in epochs or their logarithm."""
        first, last = self.view_box.viewRange()[0]
        return first, last

    def show_epochs(self, first: float, last: float) -> None:
        """Show another horizontal range, as :attr:`shown_epochs` gives it."""
        self.view_box.setXRange(first, last, padding=0)

    def _show_range(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        self.view_box.setRange(xRange=x, yRange=y, padding=0)
        # Left to the first painting, the new transform would cause a second one.
        self.view_box.updateMatrix()

    def _fitting_x(self) -> tuple[float, float]:
        end = max(self.end, _SHORTEST_AXIS)
        if not self._log_x:
            return 0.0, 1.01 * end
        firsts = [float(run.x[0]) for run in (self._run, *self._others) if len(run.x)]
        first = max(min(firsts, default=end / 100), _LEAST_LOG)
        return math.log10(first) - 0.02, math.log10(max(end, 2 * first)) + 0.02

    def _fitting_y(self) -> tuple[float, float]:
        # A single bad batch may stand out at the top: it must not flatten the curves.
        shown = [
            curve[np.isfinite(curve)]
            for run in (self._run, *self._others)
            for curve in (run.smooth, run.validation)
        ]
        highest = max((float(curve.max()) for curve in shown if len(curve)), default=0.0)
        if not self._log_y:
            most = self._y_most if self._y_most is not None else (1.05 * highest or 1.0)
            return 0.0, most
        positive = [curve[curve > 0] for curve in shown]
        lowest = min((float(curve.min()) for curve in positive if len(curve)), default=0.1)
        top = max(highest, 2 * lowest)
        return math.log10(lowest) - 0.05, math.log10(top) + 0.05

    def _set_limits(self) -> None:
        # In the mode for logarithms, the plot cannot do without limits.
        least_x = math.log10(_LEAST_LOG) if self._log_x else 0
        least_y = math.log10(_LEAST_LOG) if self._log_y else 0
        most = _MOST if self._y_most is None else self._y_most
        self.view_box.setLimits(
            xMin=least_x,
            xMax=math.log10(_MOST) if self._log_x else _MOST,
            yMin=least_y,
            yMax=math.log10(most) if self._log_y else most,
        )

    # The cursor

    def show_values_at(self, position: float | None) -> None:
        """Read the curves out at a position in epochs; None means at their ends."""
        self._position = position
        self._place_cursor()
        self.write_read_out()

    def _place_cursor(self) -> None:
        position = self._position
        if position is None or (self._log_x and position <= 0):
            self._cursor.hide()
            return
        self._cursor.setPos(math.log10(position) if self._log_x else position)
        self._cursor.show()

    def write_read_out(self) -> None:
        """The read-out is the legend as well: each value beside its curve's mark."""
        tokens = theme().tokens
        parts = []
        if len(self._run.x) or not self._others:
            training, validation = self._values_at(self._run)
            parts += [
                f'<span style="color:{tokens.series[0]}">━</span> training {training}',
                f'<span style="color:{tokens.series[1]}">●</span> validation {validation}',
            ]
        has_room = self.width() >= _RUN_WIDTH + _OTHER_WIDTH * len(self._others)
        for run, colour in zip(self._others, self._other_colours, strict=True):
            if has_room:
                values = ", ".join(value or "–" for value in self._values_at(run))
                parts.append(f'<span style="color:{colour}">━</span> {values}')
        self.read_out.setText("&nbsp;" + "&nbsp;&nbsp; ".join(parts))

    def _values_at(self, run: RunCurves) -> tuple[str, str]:
        position = self._position
        x, y = run.x, run.smooth if self._smoothed else run.raw
        if self._per_epoch:
            x, y = run.epochs, run.training
        training = validation = ""
        # Beyond its end, and before its first epoch, a run has no value.
        is_within = len(x) > 0 and (position is None or position <= run.end)
        if is_within:
            last = len(x) - 1
            index = last if position is None else min(int(np.searchsorted(x, position)), last)
            training = f"<b>{html.escape(self._show_value(y[index]))}</b>"
        # Validation holds from where it was measured until the next time.
        epochs, values = run.measured()
        past = len(epochs) if position is None else int((epochs <= position).sum())
        if past:
            validation = f"<b>{html.escape(self._show_value(values[past - 1]))}</b>"
        return training, validation

    def other_value(self, index: int) -> str:
        """What the cursor, or the end, says of another run: its validation, or its training."""
        training, validation = self._values_at(self._others[index])
        return validation or training

    def _thin_out_anew(self) -> None:
        """Draw as many points as there are pixels now: the library asks when the axes move, only.

        A plot that was filled while another page was shown had no width to speak of.
        """
        for curve in (self.raw, self.smooth, *(one for pair in self.others for one in pair)):
            curve.viewRangeChanged()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.write_read_out()

    def _on_mouse_moved(self, position: QPointF) -> None:
        box = self.view_box
        if not (box.sceneBoundingRect().contains(position) and self.end):
            self.cursor_moved.emit(float("nan"))
            return
        x = box.mapSceneToView(position).x()
        self.cursor_moved.emit(10**x if self._log_x else x)

    def leaveEvent(self, event: object) -> None:
        self.cursor_moved.emit(float("nan"))

    def _restyle(self) -> None:
        tokens = theme().tokens
        self.write_read_out()
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


def _suits(shown: Sequence[float], needed: tuple[float, float]) -> bool:
    """Whether a range holds what is needed, without much room besides."""
    span = needed[1] - needed[0]
    margin = 1e-6 * span
    holds = shown[0] <= needed[0] + margin and shown[1] >= needed[1] - margin
    return holds and shown[1] - shown[0] <= (1 + _MOST_ROOM) * span
