"""Everything that can be asked of the train view, as commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handwrite_gui.commands import Command
from handwrite_gui.train.session import RunState

if TYPE_CHECKING:
    from handwrite_gui.train.view import TrainView


def train_commands(view: TrainView) -> list[Command]:
    """The commands of one view, in the order of the menus."""

    def state_is(*states: RunState) -> bool:
        return view.session.state in states

    def can_step() -> bool:
        return view.can_start or state_is(RunState.RUNNING, RunState.PAUSED)

    return [
        Command(
            "train.open-data",
            "Open &Data…",
            view.chooser.fields.ask_for_file,
            "Ctrl+O",
            "data",
            menu="File",
            section="open",
            enabled=lambda: view.is_idle and not view.chooser.is_busy,
            tip="Train on labelled characters of your own",
        ),
        Command(
            "train.open-data-folder",
            "Open Data &Folder…",
            view.chooser.fields.ask_for_folder,
            icon="folder",
            menu="File",
            section="open",
            enabled=lambda: view.is_idle and not view.chooser.is_busy,
            tip="Train on a folder that has a folder of images for each character",
        ),
        Command(
            "train.save-model",
            "&Save Model…",
            view.ask_where_to_save,
            "Ctrl+S",
            "save",
            menu="File",
            section="save",
            enabled=lambda: view.has_model,
            tip="Save the model as it is now",
        ),
        Command(
            "train.start-or-pause",
            "&Start, Pause or Resume",
            view.start_pause_or_resume,
            "F5",
            "play",
            menu="Train",
            section="run",
            enabled=lambda: view.can_start or not view.is_idle,
            tip="Start a run, or hold and continue the one that goes on",
        ),
        Command(
            "train.continue",
            "&Continue the Last Run",
            view.continue_last,
            "Shift+F6",
            "play",
            menu="Train",
            section="run",
            enabled=lambda: view.is_idle and view.runs.can_continue,
            tip="Go on with the run that was stopped",
        ),
        Command(
            "train.step",
            "S&tep by a Batch",
            view.step,
            "F7",
            "step",
            menu="Train",
            section="run",
            enabled=can_step,
            tip="Learn one batch, then wait",
        ),
        Command(
            "train.step-epoch",
            "Step by an &Epoch",
            view.step_epoch,
            "Shift+F7",
            "step",
            menu="Train",
            section="run",
            enabled=can_step,
            tip="Learn to the end of the epoch, then wait",
        ),
        Command(
            "train.stop",
            "St&op",
            view.stop,
            "Shift+F5",
            "stop",
            menu="Train",
            section="run",
            enabled=lambda: not view.is_idle and not state_is(RunState.STOPPING),
            tip="End the run; its model stays",
        ),
        Command(
            "train.use-model",
            "&Use This Model",
            view.use_model,
            "Ctrl+U",
            "model",
            menu="Train",
            section="model",
            enabled=lambda: view.has_model,
            tip="Read with this model in the other views from now on",
        ),
        Command(
            "train.tour",
            "&Guided Tour",
            view.show_tour,
            "Ctrl+G",
            "help",
            menu="Train",
            section="tour",
            checkable=True,
            checked=lambda: view.shows_tour,
            tip="How a network learns, and why, in eight steps with experiments",
        ),
        Command(
            "train.fit-curves",
            "&Fit Curves",
            view.curves.follow,
            "Ctrl+0",
            "fit",
            menu="View",
            section="curves",
            enabled=lambda: view.has_model,
            tip="Fit the whole run into view and follow it",
        ),
    ]
