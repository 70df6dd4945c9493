"""How a network changes while it learns: a film of moments, bounded in number and in memory."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.insight.activity import LayerActivity, layer_activity
from handwrite_gui.engine.network.arrays import FloatArray
from handwrite_gui.engine.training.events import BatchDone, EpochDone, Event, Paused, TrainingDone
from handwrite_gui.engine.training.trainer import Trainer
from handwrite_gui.engine.training.training_data import TrainingData

PROBE_SIZE = 256
"""Samples that the layers are watched on: the same ones during the whole run."""
MOST_FRAMES = 96
MOST_BYTES = 48 * 2**20
_FEWEST_FRAMES = 8
_LEAST_SECONDS = 0.4
_FIRST_EPOCHS = 12
"""These have a frame each, however short they are: that is where most happens."""
_COST = 0.03
"""Share of the time that watching may take."""


@dataclass(frozen=True, eq=False, slots=True)
class Frame:
    """A network at one moment of its run.

    Attributes:
        step: batches learned.
        position: the same in epochs.
        layers: what each dense layer does on the probe.
        first_layer: float16 ``(n_in, units)``, the weights of the first layer.
        update_ratios: for each dense layer ‖ΔW‖ / ‖W‖ of the next batch; NaN until it was
            learned.  About 10⁻³ is what a well-chosen learning rate gives.
    """

    step: int
    position: float
    layers: tuple[LayerActivity, ...]
    first_layer: NDArray[np.float16]
    update_ratios: tuple[float, ...]


class Recorder:
    """Takes frames of a run as its events pass by.

    :meth:`observe` belongs to the thread that iterates over the run; everything else may be
    called from any thread.

    Args:
        trainer: the run's.
        probe: what the layers are watched on; the first :data:`PROBE_SIZE` of a fixed shuffle.
    """

    def __init__(self, trainer: Trainer, probe: TrainingData) -> None:
        self._trainer = trainer
        order = np.random.default_rng(0).permutation(len(probe))[:PROBE_SIZE]
        self._inputs = probe.inputs[order]
        self._targets = probe.targets[order]
        self._lock = threading.Lock()
        self._kept: list[Frame] = []
        self._newest: Frame | None = None
        self._stride = 1
        self._weights: list[FloatArray] | None = None
        self._due_at = 0.0
        self._limit = MOST_FRAMES

    @property
    def frames(self) -> tuple[Frame, ...]:
        """From the first to the newest, at growing distances where the run is long."""
        with self._lock:
            newest = [] if self._newest is None else [self._newest]
            return (*self._kept, *newest)

    def observe(self, event: Event | None) -> None:
        """Sees an event of the run; None before the first one."""
        match event:
            case None:
                self._take()
            case BatchDone():
                self._measure_update()
                if time.monotonic() >= self._due_at or self._trainer.paused:
                    self._take()
            case EpochDone(epoch=epoch) if epoch <= _FIRST_EPOCHS:
                self._take()
            case Paused() | TrainingDone():
                self._take()

    def _take(self) -> None:
        started = time.monotonic()
        trainer = self._trainer
        step = trainer.steps_done
        if self._newest is not None and self._newest.step == step:
            return
        network = trainer.model().network
        frame = Frame(
            step,
            step / trainer.batches_per_epoch,
            layer_activity(network, self._inputs, self._targets),
            np.clip(network.first_layer_weights, -6e4, 6e4).astype(np.float16),
            tuple(math.nan for _ in network.dense_layers),
        )
        self._weights = trainer.layer_weights()
        self._limit = max(_FEWEST_FRAMES, min(MOST_FRAMES, MOST_BYTES // frame.first_layer.nbytes))
        with self._lock:
            self._forget_from(step)
            self._keep_newest()
            self._newest = frame
        now = time.monotonic()
        self._due_at = now + max(_LEAST_SECONDS, (now - started) / _COST)

    def _forget_from(self, step: int) -> None:
        """Drops frames that a run which diverged went back behind."""
        self._kept = [frame for frame in self._kept if frame.step < step]
        if self._newest is not None and self._newest.step >= step:
            self._newest = None

    def _keep_newest(self) -> None:
        """Keeps the newest frame so far if it is far enough from the last one kept."""
        newest = self._newest
        if newest is None or (self._kept and newest.step - self._kept[-1].step < self._stride):
            return
        self._kept.append(newest)
        if len(self._kept) >= self._limit:
            self._kept[:] = self._kept[::2]
            self._stride = max(self._stride * 2, self._kept[-1].step // max(len(self._kept) - 1, 1))

    def _measure_update(self) -> None:
        """Enters what the batch after the newest frame changed."""
        before, self._weights = self._weights, None
        if before is None:
            return
        after = self._trainer.layer_weights()
        with np.errstate(all="ignore"):
            ratios = tuple(
                _norm(new - old) / _norm(old) for old, new in zip(before, after, strict=True)
            )
        with self._lock:
            if self._newest is not None:
                self._newest = replace(self._newest, update_ratios=ratios)


def _norm(array: FloatArray) -> float:
    """Euclidean; a network of zeros has the smallest number in place of none."""
    return max(float(np.linalg.norm(array)), float(np.finfo(np.float32).tiny))
