"""Lets the experiments of the tour run in the train view, with everything of the person's kept."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from handwrite_gui.engine.evaluation.gradient_check import LayerCheck
from handwrite_gui.engine.training.events import TrainingDone
from handwrite_gui.engine.training.runs import RunRecord
from handwrite_gui.train.data_source import PreparedData, SyntheticSource, prepare_data
from handwrite_gui.train.gradient_page import verdict_of
from handwrite_gui.train.run_buffer import RunUpdate
from handwrite_gui.train.tour.findings import RunOutcome, finding_of_run, finding_of_study
from handwrite_gui.train.tour.steps import STEPS, VALIDATION_SHARE, Experiment
from handwrite_gui.train.tour.tour_panel import TourPanel
from handwrite_gui.workers import Task, TaskRunner

if TYPE_CHECKING:
    from handwrite_gui.train.view import TrainView

_PAGES_INSIDE = {
    "weights": "weights",
    "layer-inputs": "inputs",
    "gradients": "gradients",
    "activation": "activation",
    "check": "check",
}
_STOPPED = "Stopped before its end. Run it again to see all of it."


class TourGuide(QObject):
    """Between the column that tells the tour and the view in which it takes place.

    An experiment has settings and data of its own: neither the form nor the chooser is touched.
    Its runs are kept among the others.

    Args:
        view: in which experiments run.
        panel: which tells the tour.
    """

    def __init__(self, view: TrainView, panel: TourPanel) -> None:
        super().__init__(view)
        self._view, self._panel = view, panel
        self._runner = TaskRunner(self)
        self.data: dict[SyntheticSource, PreparedData] = {}
        """What the experiments learn from, as far as it was made."""
        self._experiment: Experiment | None = None
        self._has_begun = False
        self._preparing: Task | None = None
        # What was drawn before the tour began to draw.
        self._own: list[str] | None = None
        panel.run_wanted.connect(self.run)
        panel.stop_wanted.connect(self.stop)
        panel.place_wanted.connect(self.show_place)
        view.session.state_changed.connect(self._refresh)
        view.session.updated.connect(self._show_update)
        view.session.ended.connect(self._on_ended)
        view.session.failed.connect(self._on_failed)
        view.begin_failed.connect(self._on_failed)
        view.studies.changed.connect(self._refresh)
        view.studies.progressed.connect(self._show_progress)
        view.studies.ended.connect(self._on_study_ended)
        view.inside.check.checked.connect(self._on_checked)
        view.inside.check.failed.connect(self._on_failed)

    @property
    def is_busy(self) -> bool:
        """Whether an experiment is made ready, runs, or is looked into."""
        return self._experiment is not None

    def shutdown(self) -> None:
        self._runner.shutdown()

    def leave(self) -> None:
        """The tour is closed: draw again what was drawn before, the run that was there too."""
        if self._own is not None:
            self._view.runs.show_runs(self._own)
            self._own = None

    def show_place(self, place: str) -> None:
        """Show a page of the view, one of ``PLACES``."""
        view = self._view
        if place in _PAGES_INSIDE:
            view.pages.show_page("inside")
            view.inside.show_page(_PAGES_INSIDE[place])
        else:
            view.pages.show_page(place)

    # An experiment, from its beginning to its end

    def run(self, experiment: Experiment) -> None:
        """Begin an experiment, with its data made first where they are not there."""
        if self.is_busy or self._view.experiment_obstacle:
            self._refresh()
            return
        self._experiment, self._has_begun = experiment, False
        self._panel.begin(experiment)
        data = self.data.get(experiment.source)
        if data is not None:
            self._begin(data)
            return
        task = self._runner.run(prepare_data, experiment.source, validation_share=VALIDATION_SHARE)
        self._preparing = task
        task.progressed.connect(self._panel.show_progress)
        task.finished.connect(self._take_data)
        task.failed.connect(self._on_failed)
        task.cancelled.connect(self._give_up)

    def stop(self) -> None:
        """End the experiment; what it learned is kept."""
        if self._preparing is not None:
            self._preparing.cancel()
        elif self._experiment is None:
            return
        elif not self._has_begun:
            self._view.inside.check.cancel()
            self._end()
        elif self._experiment.study:
            self._view.studies.stop()
        else:
            self._view.stop()

    def _take_data(self, data: PreparedData) -> None:
        self._preparing = None
        self.data[_source(data)] = data
        self._begin(data)

    def _begin(self, data: PreparedData) -> None:
        experiment, view = self._experiment, self._view
        if experiment is None:
            return
        if view.experiment_obstacle:
            # Something else was begun while the data were made.
            self._give_up()
            return
        if self._own is None:
            current = view.runs.current
            self._own = [*([current.id] if current is not None else []), *view.runs.model.shown]
        self._has_begun = True
        place = next(step.places[0] for step in STEPS if experiment in step.experiments)
        if experiment.study:
            self.show_place(place)
            view.studies.start_experiment(experiment.study, experiment.settings, data)
        else:
            if not experiment.compares:
                view.runs.show_runs(())
            view.start_experiment(
                f"Tour: {experiment.title}",
                experiment.settings,
                data,
                compares=experiment.compares,
            )
            self.show_place(place)

    def _show_update(self, update: RunUpdate) -> None:
        plan = self._view.session.plan
        if self._experiment is None or self._experiment.study or plan is None:
            return
        progress = update.progress
        self._panel.show_progress(
            progress.step / max(plan.total_steps, 1),
            f"Epoch {progress.epoch} of {plan.epochs}, loss {progress.loss:.3f}",
        )

    def _show_progress(self, fraction: float, text: str) -> None:
        if self._experiment is not None and self._experiment.study:
            self._panel.show_progress(fraction, text)

    def _on_ended(self, done: TrainingDone) -> None:
        experiment = self._experiment
        if experiment is None or experiment.study or not self._has_begun:
            return
        self._has_begun = False
        if done.reason == "stopped":
            self._end(_STOPPED)
        elif experiment.checks_gradients:
            self._panel.show_progress(1.0, "Checking the gradients…")
            self._view.inside.check.check()
        else:
            self._look_into("")

    def _on_checked(self, checks: list[LayerCheck]) -> None:
        experiment = self._experiment
        if experiment is not None and experiment.checks_gradients and not self._has_begun:
            self._look_into(verdict_of(checks))

    def _look_into(self, verdict: str) -> None:
        """Work out what the run showed, in a worker; the arrays may be large."""
        trainer, experiment = self._view.session.trainer, self._experiment
        if trainer is None or experiment is None:
            self._end()
            return
        outcome = RunOutcome(
            trainer.history.copy(),
            trainer.classes,
            self._view.inside.frames,
            self._view.errors.matrix.summary,
            verdict,
        )
        self._watch(self._runner.run(partial(finding_of_run, experiment.key), outcome))

    def _on_study_ended(self, records: list[RunRecord]) -> None:
        experiment = self._experiment
        if experiment is None or not experiment.study or not self._has_begun:
            return
        self._has_begun = False
        if not records:
            self._end(_STOPPED)
            return
        self._watch(self._runner.run(partial(finding_of_study, experiment.key), records))

    def _watch(self, task: Task) -> None:
        task.finished.connect(self._end)
        task.failed.connect(self._on_failed)

    def _on_failed(self, error: object = None) -> None:
        """The view has told what went wrong, or tells it now."""
        if self._preparing is not None and isinstance(error, Exception):
            self._view.error_raised.emit(error)
        self._give_up()

    def _give_up(self) -> None:
        self._preparing = None
        if self._experiment is not None:
            self._end()

    def _end(self, finding: str = "") -> None:
        self._experiment, self._has_begun = None, False
        self._panel.end(finding)
        self._refresh()

    def _refresh(self) -> None:
        self._panel.set_obstacle("" if self.is_busy else self._view.experiment_obstacle)


def _source(data: PreparedData) -> SyntheticSource:
    assert isinstance(data.source, SyntheticSource)
    return data.source
