"""The training thread's side: iterates over a trainer's events and keeps what they show."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Signal, Slot

from handwrite_gui.engine.network.features import weights_as_images
from handwrite_gui.engine.training.events import (
    BatchDone,
    EpochDone,
    Event,
    Paused,
    Resumed,
    TrainingDone,
)
from handwrite_gui.engine.training.trainer import Trainer
from handwrite_gui.train.confusion_summary import confusion_summary
from handwrite_gui.train.panel import Observer
from handwrite_gui.train.run_buffer import Evaluation, RunBuffer
from handwrite_gui.train.weight_tiles import weight_tiles

WEIGHTS_INTERVAL_SECONDS = 0.7


class TrainingWorker(QObject):
    """Lives in the training thread; one run at a time.

    Figures of batches and epochs go into the run's buffer.  Signals tell only what is rare.

    Signals:
        paused(), resumed(): the trainer waits, or goes on.
        done(TrainingDone): the run is over.
        failed(Exception): the run broke off.
    """

    paused = Signal()
    resumed = Signal()
    done = Signal(object)
    failed = Signal(object)

    @Slot(object, object, object)
    def run(self, trainer: Trainer, buffer: RunBuffer, observers: tuple[Observer, ...]) -> None:
        """Train until the run is over.  The thread takes no other call in the meantime."""
        try:
            self._show_weights(trainer, buffer)
            for event in trainer.run():
                # Observers first: when the window hears of the end, they have done their part.
                for observe in observers:
                    observe(event)
                self._take(event, trainer, buffer)
        except Exception as error:
            self.failed.emit(error)

    def _take(self, event: Event, trainer: Trainer, buffer: RunBuffer) -> None:
        match event:
            case BatchDone():
                buffer.add_batch(event)
                is_due = time.monotonic() - self._shown_at >= WEIGHTS_INTERVAL_SECONDS
                if is_due or trainer.paused:
                    self._show_weights(trainer, buffer)
            case EpochDone():
                evaluation = None
                if event.confusion is not None and event.validation_readings is not None:
                    summary = confusion_summary(event.confusion, trainer.classes, event.epoch)
                    evaluation = Evaluation(summary, event.validation_readings)
                buffer.add_epoch(event, evaluation)
            case Paused():
                self._show_weights(trainer, buffer)
                self.paused.emit()
            case Resumed():
                self.resumed.emit()
            case TrainingDone():
                self._show_weights(trainer, buffer)
                self.done.emit(event)

    def _show_weights(self, trainer: Trainer, buffer: RunBuffer) -> None:
        weights = trainer.first_layer_weights()
        images = weights_as_images(weights, trainer.settings.features)
        tiles = weight_tiles(images, trainer.steps_done)
        buffer.set_weights(tiles)
        self._shown_at = time.monotonic()
