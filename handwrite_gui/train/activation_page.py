"""An activation function and its derivative, and where the units are on them.

Below the function is how often each input z occurs, beside it how often each output a = f(z): the
two histograms are its shadows, and share its axes.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from handwrite_gui.engine.insight.activity import INPUT_LIMIT, LayerActivity, slope
from handwrite_gui.engine.insight.recorder import Frame
from handwrite_gui.engine.network.activations import ACTIVATIONS
from handwrite_gui.theme import theme
from handwrite_gui.train.controls import (
    heading_label,
    ignore_wheel_without_focus,
    muted_label,
    squeezable,
)
from handwrite_gui.train.layers_page import layer_name
from handwrite_gui.train.plots import ThemedPlot
from handwrite_gui.train.settings_form import TITLES
from handwrite_gui.train.take_away import Exhibit, Table

_POINTS = np.linspace(-INPUT_LIMIT, INPUT_LIMIT, 401)
_HISTOGRAM_ALPHA = 70
_OUTPUTS_WIDTH = 130
_LEAST_TOP, _HIGHEST = 2.5, 0.99
"""At least so much of the vertical axis is shown, and at least this share of the outputs."""


class ActivationPage(QWidget):
    """f and f' over what enters them, the shares of the units' inputs below and outputs beside."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._own = "relu"
        self.function = QComboBox()
        self.function.setAccessibleName("Activation function")
        for name in ACTIVATIONS:
            self.function.addItem(TITLES.get(name, name.capitalize()), name)
        self.layer = QComboBox()
        self.layer.setAccessibleName("Layer")
        self.legend = squeezable(muted_label())
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.words = muted_label(wraps=True)
        self._f = pg.PlotDataItem()
        self._slope = pg.PlotDataItem()
        self._units = pg.PlotDataItem(stepMode="center", fillLevel=0)
        self._outputs = pg.BarGraphItem(x0=[0], y=[0], width=[0], height=1)
        self._zero_lines = [pg.InfiniteLine(angle=angle) for angle in (0, 90)]
        self.plot = ThemedPlot("z", "f(z) and f′(z)", self._colour)
        self.units_plot = ThemedPlot("z of the units", "share, %", self._colour)
        self.outputs_plot = ThemedPlot("share, %", "a of the units", self._colour)
        for line in self._zero_lines:
            self.plot.item.addItem(line)
        for item in (self._f, self._slope):
            self.plot.item.addItem(item)
        self.units_plot.item.addItem(self._units)
        self.outputs_plot.item.addItem(self._outputs)
        for plot in (self.plot, self.units_plot):
            plot.item.setXRange(-INPUT_LIMIT, INPUT_LIMIT, padding=0)
            plot.item.getAxis("left").setWidth(56)
        for plot in (self.plot, self.units_plot, self.outputs_plot):
            plot.item.setMouseEnabled(False, False)
        self.outputs_plot.item.setYLink(self.plot.item)
        self.outputs_plot.setFixedWidth(_OUTPUTS_WIDTH)
        self.function.currentIndexChanged.connect(lambda _: self._draw())
        self.layer.currentIndexChanged.connect(lambda _: self._draw())
        ignore_wheel_without_focus([self.function, self.layer], self)
        self._lay_out()
        self._draw()

    def _lay_out(self) -> None:
        spacing = theme().tokens.spacing
        head = QHBoxLayout()
        head.setSpacing(spacing)
        head.addWidget(heading_label("Activation"))
        head.addWidget(self.function)
        head.addWidget(self.legend, 1)
        head.addWidget(heading_label("Layer"))
        head.addWidget(self.layer)
        self.plots = QWidget()
        grid = QGridLayout(self.plots)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.plot, 0, 0)
        grid.addWidget(self.outputs_plot, 0, 1)
        grid.addWidget(self.units_plot, 1, 0)
        grid.setRowStretch(0, 3)
        grid.setRowStretch(1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(spacing // 2)
        layout.addLayout(head)
        layout.addWidget(self.plots, 1)
        layout.addWidget(self.words)

    def begin(self, activation: str) -> None:
        """Another run's network has this activation."""
        self._own = activation
        self._frame = None
        self.layer.clear()
        self.function.setCurrentIndex(self.function.findData(activation))
        self._draw()

    def set_frames(self, frames: tuple[Frame, ...]) -> None:
        """Show where the units are in the newest frame."""
        self._frame = frames[-1] if frames else None
        if self._frame is not None and not self.layer.count():
            count = len(self._frame.layers)
            self.layer.addItems([layer_name(layer, count) for layer in range(count - 1)])
        if self.isVisible():
            self._draw()

    def showEvent(self, event: object) -> None:
        self._draw()

    def exhibits(self) -> tuple[Exhibit, ...]:
        return (
            Exhibit("Activation", "activation", self.plots, self._table),
            Exhibit("Units on the activation", "units", self.plots, self._units_table),
        )

    def _draw(self) -> None:
        name = self.function.currentData()
        f = ACTIVATIONS[name]
        values = f.forward(_POINTS, out=np.empty_like(_POINTS))
        slopes = slope(f, _POINTS)
        self._f.setData(_POINTS, values)
        self._slope.setData(_POINTS, slopes)
        frame, layer = self._frame, self.layer.currentIndex()
        own = name == self._own and frame is not None and layer >= 0
        self._draw_outputs(frame.layers[layer] if own and frame is not None else None)
        low = min(-0.1, float(values.min()))
        top = max(_LEAST_TOP, _top_of(frame.layers[layer]) if own and frame is not None else 0.0)
        self.plot.item.setYRange(max(low, -1.5), min(float(values.max()), top) + 0.1, padding=0)
        if frame is None or layer < 0:
            self._units.setData([0.0, 1.0], [0.0])
            self.words.setText(
                "Where the units are on it appears with the first batch."
                if frame is None
                else "This network has no hidden layer, and so no activation."
            )
            return
        activity = frame.layers[layer]
        shares = 100 * activity.inputs / max(int(activity.inputs.sum()), 1)
        edges = np.linspace(-INPUT_LIMIT, INPUT_LIMIT, len(shares) + 1)
        self._units.setData(edges, shares)
        self.units_plot.item.setYRange(0, max(float(shares.max()) * 1.05, 1.0), padding=0)
        saturated, dead = activity.saturated or 0.0, activity.dead or 0
        if name != self._own:
            self.words.setText(
                f"The network has {TITLES.get(self._own, self._own)}; this is where its units "
                f"would be."
            )
            return
        flat = (
            f"After {frame.position:.2f} epochs {saturated:.1%} of the outputs of this layer lie "
            "where the function is flat"
        )
        self.words.setText(
            f"{flat}, and {dead:,} of its {activity.units:,} units never leave there: no gradient "
            "reaches what is before them."
            if dead
            else f"{flat}; none of its {activity.units:,} units is there on every sample."
        )

    def _draw_outputs(self, activity: LayerActivity | None) -> None:
        """The outputs of the network's own activation; another function would give others."""
        self.outputs_plot.setVisible(activity is not None)
        if activity is None:
            return
        low, high = activity.output_range
        shares = 100 * activity.outputs / max(int(activity.outputs.sum()), 1)
        size = (high - low) / len(shares)
        places = low + (np.arange(len(shares)) + 0.5) * size
        self._outputs.setOpts(x0=np.zeros(len(shares)), y=places, width=shares, height=size)
        self.outputs_plot.item.setXRange(0, max(float(shares.max()) * 1.05, 1.0), padding=0)

    def _colour(self) -> None:
        tokens = theme().tokens
        f, derivative, units = tokens.series[0], tokens.series[1], QColor(tokens.series[2])
        self._f.setPen(pg.mkPen(f, width=2))
        self._slope.setPen(pg.mkPen(derivative, width=2))
        self._units.setPen(pg.mkPen(units, width=1))
        fill = QColor(units)
        fill.setAlpha(_HISTOGRAM_ALPHA)
        self._units.setBrush(fill)
        self._outputs.setOpts(pen=pg.mkPen(units, width=1), brush=fill)
        for line in self._zero_lines:
            line.setPen(pg.mkPen(tokens.border_strong, width=1))
        self.legend.setText(
            f'<span style="color:{f}">━</span> f(z)&nbsp;&nbsp; '
            f'<span style="color:{derivative}">━</span> f′(z)'
        )

    def _units_table(self) -> Table:
        """Shares of the inputs and of the outputs in their bins."""
        rows: list[list[object]] = [["what", "from", "to", "share in %"]]
        frame, layer = self._frame, self.layer.currentIndex()
        if frame is None or layer < 0:
            return rows
        activity = frame.layers[layer]
        for what, counts, (low, high) in (
            ("z", activity.inputs, (-INPUT_LIMIT, INPUT_LIMIT)),
            ("a", activity.outputs, activity.output_range),
        ):
            edges = np.linspace(low, high, len(counts) + 1)
            shares = 100 * counts / max(int(counts.sum()), 1)
            rows += [
                [what, *row]
                for row in zip(
                    edges[:-1].tolist(), edges[1:].tolist(), shares.tolist(), strict=True
                )
            ]
        return rows

    def _table(self) -> Table:
        f = ACTIVATIONS[self.function.currentData()]
        values = f.forward(_POINTS, out=np.empty_like(_POINTS))
        return [
            ["z", "f", "slope"],
            *np.column_stack([_POINTS, values, slope(f, _POINTS)]).tolist(),
        ]


def _top_of(activity: LayerActivity) -> float:
    """The value below which nearly all outputs lie."""
    low, high = activity.output_range
    total = int(activity.outputs.sum())
    if not total:
        return 0.0
    count = int(np.searchsorted(np.cumsum(activity.outputs), _HIGHEST * total)) + 1
    return low + (high - low) * count / len(activity.outputs)
