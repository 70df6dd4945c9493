"""Whether the network is right as often as it says: a reliability diagram."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QVBoxLayout, QWidget

from handwrite_gui.engine.evaluation.metrics import ReliabilityBin, calibration_error
from handwrite_gui.theme import theme
from handwrite_gui.train.controls import muted_label
from handwrite_gui.train.plots import ThemedPlot

_SMALLEST_POINT, _LARGEST_POINT = 5, 18


class CalibrationPlot(QWidget):
    """Accuracy over confidence; the larger a point, the more samples it stands for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bins: tuple[ReliabilityBin, ...] = ()
        self._ideal = pg.PlotDataItem([0, 1], [0, 1])
        self._curve = pg.PlotDataItem(symbol="o")
        self.plot = ThemedPlot("confidence", "share that is right", self._colour)
        for item in (self._ideal, self._curve):
            self.plot.item.addItem(item)
        self.plot.item.setRange(xRange=(0, 1), yRange=(0, 1), padding=0.03)
        self.plot.item.setMouseEnabled(False, False)
        self.words = muted_label(wraps=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme().tokens.spacing, 0, 0)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.words)
        self.set_bins(())

    def set_bins(self, bins: Sequence[ReliabilityBin]) -> None:
        """Show other points; none where nothing was measured."""
        self.bins = tuple(bins)
        counts = np.array([one.samples for one in bins], float)
        share = np.sqrt(counts / counts.max()) if len(counts) else counts
        self._curve.setData(
            [one.confidence for one in bins],
            [one.accuracy for one in bins],
            symbolSize=_SMALLEST_POINT + share * (_LARGEST_POINT - _SMALLEST_POINT),
        )
        self.words.setText(calibration_words(bins))

    def table(self) -> list[list[object]]:
        """The points with a header."""
        rows: list[list[object]] = [["confidence", "accuracy", "samples"]]
        return rows + [[one.confidence, one.accuracy, one.samples] for one in self.bins]

    def _colour(self) -> None:
        tokens = theme().tokens
        self._ideal.setPen(pg.mkPen(tokens.border_strong, width=1))
        self._curve.setPen(pg.mkPen(tokens.series[0], width=1))
        self._curve.setSymbolBrush(tokens.series[0])
        self._curve.setSymbolPen(None)


def calibration_words(bins: Sequence[ReliabilityBin]) -> str:
    """What the diagram says."""
    total = sum(one.samples for one in bins)
    if not total:
        return "The diagram appears after the first epoch."
    confidence = sum(one.samples * one.confidence for one in bins) / total
    accuracy = sum(one.samples * one.accuracy for one in bins) / total
    error = calibration_error(bins)
    says = (
        f"It says {confidence:.1%} on average and is right {accuracy:.1%} of the time; "
        f"calibration error {error:.1%}."
    )
    if error < 0.02:
        return f"{says} Its confidence can be taken at its word."
    if confidence > accuracy:
        return f"{says} It is too sure of itself: its points lie below the line."
    return f"{says} It is too modest: its points lie above the line."
