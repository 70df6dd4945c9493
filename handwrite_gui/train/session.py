"""One training run at a time, as the window sees it: its state, its figures, its end."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal

from handwrite_gui.engine.training.events import TrainingDone
from handwrite_gui.engine.training.trainer import Trainer
from handwrite_gui.train.panel import Observer
from handwrite_gui.train.run_buffer import RunBuffer, RunPlan
from handwrite_gui.train.worker import TrainingWorker

UPDATE_MILLISECONDS = 200
"""5 updates a second: the eye sees curves grow, and the training keeps its speed."""


class RunState(Enum):
    IDLE = auto()
    RUNNING = auto()
    PAUSING = auto()
    PAUSED = auto()
    STOPPING = auto()

    @property
    def is_active(self) -> bool:
        """Whether a run has begun and not ended."""
        return self is not RunState.IDLE


class TrainingSession(QObject):
    """Owns the training thread, which lives from the first run to :meth:`shutdown`.

    Signals:
        state_changed(): :attr:`state` is another one.
        updated(RunUpdate): new figures, every :data:`UPDATE_MILLISECONDS` at most.
        ended(TrainingDone): the run is over; the last figures came before.
        failed(Exception): the run broke off by an error.
    """

    state_changed = Signal()
    updated = Signal(object)
    ended = Signal(object)
    failed = Signal(object)

    _run_wanted = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = RunState.IDLE
        self._trainer: Trainer | None = None
        self._buffer: RunBuffer | None = None
        self._thread: QThread | None = None
        self._worker: TrainingWorker | None = None
        self._timer = QTimer(self, interval=UPDATE_MILLISECONDS)
        self._timer.timeout.connect(self._drain)

    @property
    def state(self) -> RunState:
        return self._state

    @property
    def trainer(self) -> Trainer | None:
        """Of the run that goes on or was the last."""
        return self._trainer

    @property
    def thread_of_runs(self) -> QThread | None:
        """The training thread, once there was a run."""
        return self._thread

    @property
    def plan(self) -> RunPlan | None:
        """Of the run that goes on or was the last."""
        return self._buffer.plan if self._buffer else None

    def begin(
        self,
        trainer: Trainer,
        training_count: int,
        *,
        single_step: bool = False,
        single_epoch: bool = False,
        observers: Sequence[Observer] = (),
    ) -> None:
        """Start a run, or let one go on that was resumed.

        Args:
            trainer: belongs to the session until the run has ended.
            training_count: samples in an epoch.
            single_step, single_epoch: learn one batch, or one epoch, and pause.
            observers: see every event in the training thread.

        Raises:
            RuntimeError: another run is going on.
        """
        if self._state.is_active:
            raise RuntimeError("a run is going on")
        self._trainer = trainer
        self._buffer = RunBuffer(
            RunPlan(trainer.settings.epochs, trainer.batches_per_epoch, training_count),
            trainer.history,
        )
        if single_step:
            trainer.step()
        elif single_epoch:
            trainer.step_epoch()
        self._start_thread()
        self._set_state(RunState.PAUSING if single_step else RunState.RUNNING)
        self._timer.start()
        self._run_wanted.emit(trainer, self._buffer, tuple(observers))

    def pause(self) -> None:
        if self._state is RunState.RUNNING and self._trainer is not None:
            self._set_state(RunState.PAUSING)
            self._trainer.pause()

    def resume(self) -> None:
        if self._state is RunState.PAUSED and self._trainer is not None:
            self._set_state(RunState.RUNNING)
            self._trainer.resume()

    def step(self) -> None:
        """Learn one batch; a run that goes on is paused after it."""
        if self._trainer is None:
            return
        if self._state is RunState.RUNNING:
            self._set_state(RunState.PAUSING)
            self._trainer.step()
        elif self._state is RunState.PAUSED:
            self._trainer.step()

    def step_epoch(self) -> None:
        """Learn to the end of the epoch, and pause then."""
        if self._trainer is None or self._state not in (RunState.RUNNING, RunState.PAUSED):
            return
        self._set_state(RunState.RUNNING)
        self._trainer.step_epoch()

    def set_learning_rate(self, rate: float) -> None:
        """Go on with another learning rate from the next batch."""
        if self._state.is_active and self._trainer is not None:
            self._trainer.set_learning_rate(rate)

    def stop(self) -> None:
        """Ask the run to end; ``ended`` follows within a batch."""
        if self._state.is_active and self._trainer is not None:
            self._set_state(RunState.STOPPING)
            self._trainer.stop()

    def shutdown(self) -> None:
        """End the run and wait for the thread; nothing is reported afterwards."""
        self._timer.stop()
        if self._thread is None or self._worker is None:
            return
        self._worker.blockSignals(True)
        if self._trainer is not None:
            self._trainer.stop()
        self._thread.quit()
        self._thread.wait()
        self._thread = self._worker = None
        self._state = RunState.IDLE

    def _start_thread(self) -> None:
        if self._thread is not None:
            return
        self._thread = QThread(self)
        self._thread.setObjectName("training")
        self._worker = TrainingWorker()
        self._worker.moveToThread(self._thread)
        self._thread.finished.connect(self._worker.deleteLater)
        queued = Qt.ConnectionType.QueuedConnection
        self._run_wanted.connect(self._worker.run, queued)
        self._worker.paused.connect(self._on_paused, queued)
        self._worker.resumed.connect(self._on_resumed, queued)
        self._worker.done.connect(self._on_done, queued)
        self._worker.failed.connect(self._on_failed, queued)
        # The window comes first where there are fewer processors than work.
        self._thread.start(QThread.Priority.LowPriority)

    def _drain(self) -> None:
        update = self._buffer.take() if self._buffer else None
        if update is not None:
            self.updated.emit(update)

    def _on_paused(self) -> None:
        self._drain()
        # A single epoch runs like any other until it pauses by itself.
        if self._state in (RunState.PAUSING, RunState.RUNNING):
            self._set_state(RunState.PAUSED)

    def _on_resumed(self) -> None:
        if self._state is RunState.PAUSED:
            self._set_state(RunState.RUNNING)

    def _on_done(self, done: TrainingDone) -> None:
        self._finish()
        self.ended.emit(done)

    def _on_failed(self, error: Exception) -> None:
        self._finish()
        self.failed.emit(error)

    def _finish(self) -> None:
        self._timer.stop()
        self._drain()
        self._set_state(RunState.IDLE)

    def _set_state(self, state: RunState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit()
