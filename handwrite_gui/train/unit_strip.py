"""The samples that excite a unit most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from handwrite_gui.engine.insight.units import most_exciting
from handwrite_gui.engine.training.trainer import Trainer
from handwrite_gui.theme import theme
from handwrite_gui.train.controls import (
    heading_label,
    ignore_wheel_without_focus,
    muted_label,
    squeezable,
)
from handwrite_gui.train.data_source import PreparedData
from handwrite_gui.train.sample_grid import Sample, SampleGrid
from handwrite_gui.workers import TaskRunner

_SHOWN = 40
_MOST_SEARCHED = 20_000
"""Samples that are searched: enough to find what a unit likes, and a second's work at most."""


@dataclass(frozen=True, eq=False)
class _Exciting:
    layer: int
    unit: int
    rows: NDArray[np.int64]
    outputs: NDArray[np.float32]
    step: int


def _search(
    trainer: Trainer,
    data: PreparedData,
    layer: int,
    unit: int,
    should_stop: Callable[[], bool] | None = None,
) -> _Exciting:
    network = trainer.model().network
    step = trainer.steps_done
    inputs = data.validation.inputs[:_MOST_SEARCHED]
    rows, outputs = most_exciting(network, inputs, layer, unit, _SHOWN, should_stop=should_stop)
    return _Exciting(layer, unit, rows, outputs, step)


class UnitStrip(QWidget):
    """Choose a unit of any layer; the validation samples with its largest outputs are shown.

    Signals:
        unit_chosen(int): a unit of the first layer was chosen here, -1 for one of another layer.
        why_wanted(int): the person asks why the network reads a validation sample as it does.
        found(): the samples have arrived.
    """

    unit_chosen = Signal(int)
    why_wanted = Signal(int)
    found = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._trainer: Trainer | None = None
        self._data: PreparedData | None = None
        self._runner = TaskRunner(self, latest_only=True)
        self.layer = QComboBox()
        self.layer.setAccessibleName("Layer")
        self.unit = QSpinBox()
        self.unit.setAccessibleName("Unit")
        self.unit.setPrefix("unit ")
        self.find_button = QPushButton("Find")
        self.find_button.setToolTip("Search the validation samples with the network as it is now")
        self.title = squeezable(heading_label("What excites a unit"))
        self.detail = squeezable(muted_label())
        self.grid = SampleGrid()
        self.grid.setAccessibleName("Samples that excite the unit most")
        self.grid.opened.connect(self.why_wanted)
        self.layer.activated.connect(self._change_layer)
        self.unit.editingFinished.connect(self._search_if_other)
        self.find_button.clicked.connect(self.search)
        ignore_wheel_without_focus([self.unit, self.layer], self)
        self._widths: tuple[int, ...] = ()
        self._searched: tuple[int, int] | None = None
        self._lay_out()
        self.clear()

    def _lay_out(self) -> None:
        spacing = theme().tokens.spacing
        head = QHBoxLayout()
        head.setSpacing(spacing)
        head.addWidget(self.title)
        head.addWidget(self.detail, 1)
        for widget in (self.layer, self.unit, self.find_button):
            head.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(spacing // 2)
        layout.addLayout(head)
        layout.addWidget(self.grid, 1)

    def clear(self) -> None:
        self._searched = None
        self.detail.setText("Click a tile, or choose a unit of a deeper layer.")
        self.grid.set_samples(None, ())

    def begin(self, trainer: Trainer, data: PreparedData) -> None:
        """Units of another run's network can be chosen."""
        self._trainer, self._data = trainer, data
        self._widths = (*trainer.settings.hidden, len(trainer.classes))
        names = [f"hidden layer {n}" for n in range(1, len(self._widths))]
        self.layer.clear()
        self.layer.addItems([*names, "output"])
        self.unit.setRange(1, self._widths[0])
        self.clear()

    def choose(self, layer: int, unit: int) -> None:
        """Search for a unit, both counted from 0."""
        self.layer.setCurrentIndex(layer)
        self.unit.setRange(1, self._widths[layer])
        self.unit.setValue(unit + 1)
        self.search()

    def search(self) -> None:
        """Look for the samples that excite the chosen unit most now."""
        if self._trainer is None or self._data is None:
            return
        layer, unit = self.layer.currentIndex(), self.unit.value() - 1
        self._searched = (layer, unit)
        self.unit_chosen.emit(unit if layer == 0 else -1)
        self.detail.setText("Searching…")
        task = self._runner.run(_search, self._trainer, self._data, layer, unit)
        task.finished.connect(self._show)

    def shutdown(self) -> None:
        self._runner.shutdown()

    def _change_layer(self, layer: int) -> None:
        self.unit.setRange(1, self._widths[layer])
        self.search()

    def _search_if_other(self) -> None:
        if self._searched != (self.layer.currentIndex(), self.unit.value() - 1):
            self.search()

    def _show(self, found: _Exciting) -> None:
        assert self._data is not None
        data, outputs = self._data, found.outputs
        classes, targets = data.classes, data.validation.targets
        best = outputs[found.rows]
        top = [classes[targets[row]] for row in found.rows[:20]]
        often = max(sorted(set(top)), key=top.count) if top else ""
        if found.layer == len(self._widths) - 1:
            self.title.setText(f"Excites the output {classes[found.unit]} most")
        else:
            name = self.layer.itemText(found.layer)
            self.title.setText(f"Excites unit {found.unit + 1} of {name} most")
        quiet = float(np.mean(outputs <= 0)) if len(outputs) else 0.0
        self.detail.setText(
            f"{top.count(often)} of the first {len(top)} are {often}; "
            f"not above 0 on {quiet:.0%} of the samples"
            if top
            else ""
        )
        samples = [
            Sample(int(row), f"{value:.2f}", f"{classes[targets[row]]}, output {value:.3f}")
            for row, value in zip(found.rows, best.tolist(), strict=True)
        ]
        self.grid.set_samples(data.validation.inputs, samples)
        self.found.emit()
