"""The training thread's side: iterates over a trainer's events and keeps what they show."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

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
            for observe in observers:
                observe(None)
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
            case EpochDone():
                evaluation = None
                if event.confusion is not None and event.validation_readings is not None:
                    summary = confusion_summary(event.confusion, trainer.classes, event.epoch)
                    evaluation = Evaluation(summary, event.validation_readings)
                buffer.add_epoch(event, evaluation)
            case Paused():
                self.paused.emit()
            case Resumed():
                self.resumed.emit()
            case TrainingDone():
                self.done.emit(event)
