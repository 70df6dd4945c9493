"""What happens in the layers while they learn: outputs, gradients, saturation, updates."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from handwrite_gui.engine.insight.activity import GRADIENT_DECADES, INPUT_LIMIT, LayerActivity
from handwrite_gui.engine.insight.recorder import Frame
from handwrite_gui.engine.insight.ribbon import ribbon
from handwrite_gui.theme import theme
from handwrite_gui.train.colour_tables import mixed
from handwrite_gui.train.controls import muted_label
from handwrite_gui.train.plots import ThemedPlot
from handwrite_gui.train.take_away import Exhibit, Table
from handwrite_gui.workers import TaskRunner

Quantity = Literal["inputs", "outputs", "gradients"]
_LEAST_HEIGHT = 130

_WORDS: dict[Quantity, str] = {
    "inputs": (
        "What enters the activation of each layer, z = x W + b, from the first batch to now. The "
        "darker, the more often. A ribbon that widens towards ±8 saturates sigmoids; one that "
        "stays at a point tells that the units do not differ."
    ),
    "outputs": (
        "What each layer makes of it, a = f(z), and at the end the probabilities of the classes. A "
        "ribbon at both ends of a sigmoid is saturated, one at zero under ReLU is silent; "
        "probabilities part to 0 and 1 as the network becomes sure."
    ),
    "gradients": (
        "How large |∂L/∂z| is in each layer, as a power of ten. Where it falls from layer to layer "
        "towards the first, the first layers hardly learn: sigmoids make it vanish, Xavier's and "
        "He's weights keep it level."
    ),
}


@dataclass(frozen=True, eq=False)
class _Ribbons:
    quantity: Quantity
    start: float
    end: float
    levels: tuple[NDArray[np.uint8], ...]
    limits: tuple[tuple[float, float], ...]


def limits_of(activity: LayerActivity, quantity: Quantity) -> tuple[float, float]:
    """Between which values a histogram of a layer counts."""
    match quantity:
        case "inputs":
            return -INPUT_LIMIT, INPUT_LIMIT
        case "outputs":
            return activity.output_range
        case "gradients":
            return GRADIENT_DECADES


def _ribbons(frames: Sequence[Frame], quantity: Quantity) -> _Ribbons:
    positions = [frame.position for frame in frames]
    count = len(frames[0].layers)
    levels = tuple(
        ribbon(positions, [getattr(frame.layers[layer], quantity) for frame in frames])
        for layer in range(count)
    )
    limits = tuple(limits_of(activity, quantity) for activity in frames[0].layers)
    return _Ribbons(quantity, positions[0], positions[-1], levels, limits)


def layer_name(layer: int, count: int) -> str:
    """What a dense layer is called, counted from 0, the last one being the output."""
    return "output" if layer == count - 1 else f"hidden {layer + 1}"


class RibbonsPage(QWidget):
    """A picture for each layer: time from left to right, values from bottom to top.

    Signals:
        shown(): the pictures have arrived.
    """

    shown = Signal()

    def __init__(self, quantity: Quantity, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quantity = quantity
        self._frames: tuple[Frame, ...] = ()
        self._runner = TaskRunner(self, latest_only=True)
        self._plots: list[ThemedPlot] = []
        self._images: list[pg.ImageItem] = []
        self.words = muted_label(_WORDS[quantity], wraps=True)
        self.content = QWidget()
        self._column = QVBoxLayout(self.content)
        self._column.setContentsMargins(0, 0, 0, 0)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.content)
        scroll.viewport().setAutoFillBackground(False)
        self.content.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.words)
        layout.addWidget(scroll, 1)

    def set_frames(self, frames: tuple[Frame, ...]) -> None:
        """Show other frames, as soon as the page is seen."""
        self._frames = frames
        if not frames:
            self._make_plots(0)
        elif self.isVisible():
            self._refresh()

    def showEvent(self, event: object) -> None:
        self._refresh()

    def exhibits(self) -> tuple[Exhibit, ...]:
        """The pictures together, with the counts behind them."""
        title = f"{self._quantity.capitalize()} of the layers"
        return (Exhibit(title, f"layer-{self._quantity}", self.content, self._table),)

    def shutdown(self) -> None:
        self._runner.shutdown()

    def _refresh(self) -> None:
        if self._frames:
            task = self._runner.run(_ribbons, self._frames, self._quantity)
            task.finished.connect(self._show)

    def _show(self, ribbons: _Ribbons) -> None:
        if len(self._plots) != len(ribbons.levels):
            self._make_plots(len(ribbons.levels))
        width = max(ribbons.end - ribbons.start, 1e-3)
        for image, plot, levels, (low, high) in zip(
            self._images, self._plots, ribbons.levels, ribbons.limits, strict=True
        ):
            image.setImage(levels[::-1], axisOrder="row-major", levels=(0, 255), autoLevels=False)
            image.setRect(QRectF(ribbons.start, low, width, high - low))
            plot.item.setRange(
                xRange=(ribbons.start, ribbons.start + width), yRange=(low, high), padding=0
            )
        self.shown.emit()

    def _make_plots(self, count: int) -> None:
        for plot in self._plots:
            self._column.removeWidget(plot)
            plot.deleteLater()
        self._plots, self._images = [], []
        for layer in range(count):
            image = pg.ImageItem()
            plot = ThemedPlot(
                "epoch" if layer == count - 1 else "",
                layer_name(layer, count),
                partial(_colour_image, image),
            )
            plot.item.addItem(image)
            plot.item.setMouseEnabled(False, False)
            plot.item.getAxis("left").setWidth(56)
            plot.setMinimumHeight(_LEAST_HEIGHT)
            self._column.addWidget(plot, 1)
            self._plots.append(plot)
            self._images.append(image)

    def _table(self) -> Table:
        rows: list[list[object]] = []
        for frame in self._frames:
            for layer, activity in enumerate(frame.layers):
                counts = getattr(activity, self._quantity)
                if not rows:
                    bins = [f"bin {number}" for number in range(1, len(counts) + 1)]
                    rows.append(["epoch", "layer", "first bin from", "last bin to", *bins])
                name = layer_name(layer, len(frame.layers))
                limits = limits_of(activity, self._quantity)
                rows.append([frame.position, name, *limits, *counts.tolist()])
        return rows


def _colour_image(image: pg.ImageItem) -> None:
    image.setLookupTable(_table_of_colours())


def _table_of_colours() -> NDArray[np.uint8]:
    """From the ground of the plots to the first colour of curves."""
    tokens = theme().tokens
    ground, ink = QColor(tokens.plot_background), QColor(tokens.series[0])
    colours = [mixed(ground, ink, level / 255) for level in range(256)]
    return np.array([(c.red(), c.green(), c.blue()) for c in colours], np.uint8)


Value = Callable[[Frame, int], float]


def _saturated(frame: Frame, layer: int) -> float:
    share = frame.layers[layer].saturated
    return math.nan if share is None else 100 * share


def _dead(frame: Frame, layer: int) -> float:
    activity = frame.layers[layer]
    return math.nan if activity.dead is None else 100 * activity.dead / activity.units


def _update(frame: Frame, layer: int) -> float:
    ratio = frame.update_ratios[layer]
    return math.log10(ratio) if ratio > 0 and math.isfinite(ratio) else math.nan


class LayerCurves(QWidget):
    """One figure of every layer over the run, a curve for each.

    Args:
        name: what it is.
        title: the same on the vertical axis.
        value: the figure of a layer at a moment; NaN where it has none.
        words: what it tells.
        y_range: the values that are always in view.
    """

    def __init__(
        self,
        name: str,
        title: str,
        value: Value,
        words: str,
        y_range: tuple[float, float],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.name, self._value, self._y_range = name, value, y_range
        self._frames: tuple[Frame, ...] = ()
        self._curves: list[pg.PlotDataItem] = []
        self.legend = muted_label()
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.words = muted_label(words, wraps=True)
        self.plot = ThemedPlot("epoch", title, self._colour)
        self.plot.item.getAxis("left").setWidth(56)
        self.plot.item.setMouseEnabled(False, False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.words)
        layout.addWidget(self.legend)
        layout.addWidget(self.plot, 1)

    def set_frames(self, frames: tuple[Frame, ...]) -> None:
        """Show other frames."""
        self._frames = frames
        if self.isVisible() or not frames:
            self._refresh()

    def showEvent(self, event: object) -> None:
        self._refresh()

    def exhibit(self) -> Exhibit:
        return Exhibit(self.name.capitalize(), self.name.replace(" ", "-"), self, self._table)

    def _layers(self) -> list[int]:
        """Those that have the figure at all."""
        if not self._frames:
            return []
        count = len(self._frames[0].layers)
        return [
            layer
            for layer in range(count)
            if any(not math.isnan(self._value(frame, layer)) for frame in self._frames)
        ]

    def _refresh(self) -> None:
        layers = self._layers()
        while len(self._curves) > len(layers):
            self.plot.item.removeItem(self._curves.pop())
        while len(self._curves) < len(layers):
            self._curves.append(self.plot.item.plot(connect="finite"))
        positions = [frame.position for frame in self._frames]
        low, high = self._y_range
        for curve, layer in zip(self._curves, layers, strict=True):
            values = [self._value(frame, layer) for frame in self._frames]
            curve.setData(positions, values)
            finite = [value for value in values if math.isfinite(value)]
            low, high = min([low, *finite]), max([high, *finite])
        end = max(positions[-1], 0.02) if positions else 1.0
        self.plot.item.setRange(xRange=(0, end), yRange=(low, high), padding=0.02)
        self._colour()

    def _colour(self) -> None:
        series = theme().tokens.series
        for index, curve in enumerate(self._curves):
            curve.setPen(pg.mkPen(series[index % len(series)], width=1))
        count = len(self._frames[0].layers) if self._frames else 0
        self.legend.setText(
            "&nbsp;&nbsp; ".join(
                f'<span style="color:{series[index % len(series)]}">━</span> '
                f"{layer_name(layer, count)}"
                for index, layer in enumerate(self._layers())
            )
        )

    def _table(self) -> Table:
        layers = self._layers()
        count = len(self._frames[0].layers) if self._frames else 0
        head: list[object] = ["epoch", *(layer_name(layer, count) for layer in layers)]
        return [
            head,
            *(
                [frame.position, *(self._value(frame, one) for one in layers)]
                for frame in self._frames
            ),
        ]


class HealthPage(QWidget):
    """Saturated and dead units, and how much an update changes the weights."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.saturated = LayerCurves(
            "saturated outputs",
            "saturated, %",
            _saturated,
            "Share of outputs where the activation is flat: below 5 % of its steepest slope.",
            (0, 10),
        )
        self.dead = LayerCurves(
            "dead units",
            "dead, %",
            _dead,
            "Units that are flat on every one of the samples watched: nothing can change them.",
            (0, 10),
        )
        self.updates = LayerCurves(
            "size of updates",
            "log₁₀ ‖ΔW‖/‖W‖",
            _update,
            "How much one batch changes the weights, ‖ΔW‖ / ‖W‖. About −3 is healthy: far above, "
            "the rate is too high, far below, too low.",
            (-4, -2),
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for curves in self.curves:
            layout.addWidget(curves, 1)

    @property
    def curves(self) -> tuple[LayerCurves, ...]:
        return (self.saturated, self.dead, self.updates)

    def set_frames(self, frames: tuple[Frame, ...]) -> None:
        for curves in self.curves:
            curves.set_frames(frames)

    def exhibits(self) -> tuple[Exhibit, ...]:
        return tuple(curves.exhibit() for curves in self.curves)
