"""What the train view asks of a panel, and what a panel is told of a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QWidget

from handwrite_gui.engine.training.events import Event, TrainingDone
from handwrite_gui.engine.training.trainer import Trainer
from handwrite_gui.settings import Settings
from handwrite_gui.train.data_source import PreparedData
from handwrite_gui.train.run_buffer import RunUpdate
from handwrite_gui.train.take_away import Exhibit

Observer: TypeAlias = Callable[[Event | None], None]
"""Called in the training thread: with None before a run's first event, then with every event."""


@dataclass(frozen=True, eq=False)
class PanelRun:
    """A run that begins.

    Attributes:
        trainer: runs in the training thread; its public methods may be called from any thread.
        data: what it learns from and is measured on.
    """

    trainer: Trainer
    data: PreparedData


class Panel(QWidget):
    """One page of the train view; what a panel has no use for, it leaves as it is here.

    Signals:
        status_message(str), error_message(str), error_raised(object): as the view's own.
    """

    status_message = Signal(str)
    error_message = Signal(str)
    error_raised = Signal(object)

    needs_run = True
    """Whether there is nothing to show before the first run."""
    curves_beside = True
    """Whether the curves may stand beside it, where there is room."""

    def set_data(self, data: PreparedData) -> None:
        """Other data are ready to be learned from."""

    def begin(self, run: PanelRun) -> None:
        """Forget the last run; another one begins, or goes on after it was stopped."""

    def observer(self) -> Observer | None:
        """Asked after :meth:`begin`: what is to see the run's events in the training thread.

        It takes a run's time, so it must be quick, and must not touch a widget; an exception
        ends the run.
        """
        return None

    def show_update(self, update: RunUpdate) -> None:
        """New figures, a few times a second; also while the panel is not shown."""

    def end(self, done: TrainingDone | None) -> None:
        """The run is over; None where it broke off by an error."""

    def exhibits(self) -> Sequence[Exhibit]:
        """The plots that can be taken along, of what the panel shows at the moment."""
        return ()

    def shutdown(self) -> None:
        """Ask work to end and wait for it; the window is closing."""

    def save_state(self, store: QSettings) -> None:
        """Keep what the person arranged."""

    def restore_state(self, store: Settings) -> None:
        """Bring back what :meth:`save_state` kept."""
