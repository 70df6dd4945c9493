"""The train view: choose data and settings, watch a network learn, use what it learned."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.commands import Command
from handwrite_gui.engine.data.label_edits import LabelEdits
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.file_suffixes import PICTURES
from handwrite_gui.engine.training.events import TrainingDone
from handwrite_gui.engine.training.runs import RunRecord, RunStore
from handwrite_gui.engine.training.settings import TrainingSettings
from handwrite_gui.icons import icon
from handwrite_gui.model_store import ModelStore
from handwrite_gui.settings import Settings
from handwrite_gui.theme import theme
from handwrite_gui.train.curves_panel import CurvesPanel, Overlay
from handwrite_gui.train.data_chooser import DataChooser
from handwrite_gui.train.data_panel import DataPanel
from handwrite_gui.train.data_source import PreparedData, source_from_dict
from handwrite_gui.train.errors_panel import ErrorsPanel
from handwrite_gui.train.exhibits import TakeAwayButton, curve_exhibits
from handwrite_gui.train.figures_strip import FiguresStrip
from handwrite_gui.train.in_turns import InTurns
from handwrite_gui.train.inside_panel import InsidePanel
from handwrite_gui.train.label_store import LabelStore
from handwrite_gui.train.model_output import ModelOutput, ask_where_to_save
from handwrite_gui.train.panel import Panel, PanelRun
from handwrite_gui.train.panel_area import PanelArea
from handwrite_gui.train.run_buffer import RunUpdate
from handwrite_gui.train.run_preview import RunPreview
from handwrite_gui.train.run_starter import StartedRun, abandon, continue_run, start_run
from handwrite_gui.train.runs_panel import RunsPanel
from handwrite_gui.train.session import RunState, TrainingSession
from handwrite_gui.train.settings_form import SettingsForm
from handwrite_gui.train.studies_panel import StudiesPanel
from handwrite_gui.train.take_away import Exhibit
from handwrite_gui.train.tour.guide import TourGuide
from handwrite_gui.train.tour.tour_panel import TourPanel
from handwrite_gui.train.train_commands import train_commands
from handwrite_gui.train.transport_bar import TransportBar
from handwrite_gui.train.why_panel import WhyPanel
from handwrite_gui.workers import TaskRunner

if TYPE_CHECKING:
    from handwrite_gui.engine.export.run_report import ReportedRun

SETTINGS_KEY = "train/settings"

_SETTINGS_WIDTH = 312


@dataclass(frozen=True)
class PendingRun:
    """A run that is to begin when its data and its trainer are ready.

    Attributes:
        single_step, single_epoch: learn one batch, or one epoch, and wait then.
        record: the kept run that is to go on; None for a new one.
        experiment: settings that it has of its own, whatever the form says; None for those of the
            form, with the labels of the person's data.
        name: of an experiment's run.
        compares: draw the run before beside it, where that makes sense.
    """

    single_step: bool = False
    single_epoch: bool = False
    record: RunRecord | None = None
    experiment: TrainingSettings | None = None
    name: str = ""
    compares: bool = True


class TrainView(QWidget):
    """Trains networks, one at a time.

    Signals:
        status_message(str): something worth a line in the status bar.
        error_message(str): something went wrong; one sentence fit to be shown.
        error_raised(object): an exception that ended the work, to be explained.
        notice(str): something ended while another view was shown.
        commands_changed(): other commands can be used now.
        begin_failed(): what was to begin did not.
    """

    status_message = Signal(str)
    error_message = Signal(str)
    error_raised = Signal(object)
    notice = Signal(str)
    commands_changed = Signal()
    begin_failed = Signal()

    def __init__(self, store: ModelStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner = TaskRunner(self)
        self._output = ModelOutput(store, self)
        # The next run, whose data or trainer are being made.
        self._pending: PendingRun | None = None
        self._data: PreparedData | None = None
        self._outcome = ""
        self._runs_experiment = False
        self.session = TrainingSession(self)
        self._turns = InTurns(self)
        self.chooser = DataChooser()
        self.form = SettingsForm()
        self.transport = TransportBar()
        self.figures = FiguresStrip()
        self.curves = CurvesPanel()
        self.inside = InsidePanel()
        self.labels = LabelStore(self)
        self.errors = ErrorsPanel(self.labels)
        self.runs = RunsPanel(RunStore())
        self.studies = StudiesPanel(self.runs.store, self.chooser, self.form, self.labels)
        self.why = WhyPanel(store)
        self.browser = DataPanel(self.labels)
        self.preview = RunPreview()
        self.pages = PanelArea(self.curves, self.preview)
        self.take_away = TakeAwayButton(self._exhibits, self._report)
        self.tour_button = QPushButton(icon("help"), "Guided tour")
        self.tour_button.setToolTip(
            "How a network learns, and why, in eight steps with experiments"
        )
        self.tour = TourPanel()
        self._panels: list[Panel] = []
        self._lay_out()
        self._add_pages()
        self._connect()
        self.guide = TourGuide(self, self.tour)
        self._commands = train_commands(self)
        self.setAcceptDrops(True)
        self.setFocusProxy(self.transport.main_button)
        self._refresh_network()

    def _lay_out(self) -> None:
        spacing = theme().tokens.spacing
        column = QWidget()
        fields = QVBoxLayout(column)
        fields.setContentsMargins(2 * spacing, 2 * spacing, spacing, 2 * spacing)
        fields.setSpacing(2 * spacing)
        fields.addWidget(self.tour_button)
        fields.addWidget(self.chooser)
        fields.addWidget(self.form)
        fields.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(column)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.viewport().setAutoFillBackground(False)
        column.setAutoFillBackground(False)
        # The tour takes the place of the settings: its experiments have their own.
        self._side = QStackedWidget()
        self._side.setFixedWidth(_SETTINGS_WIDTH)
        self._side.addWidget(scroll)
        self._side.addWidget(self.tour)

        main = QVBoxLayout()
        main.setContentsMargins(spacing, 2 * spacing, 2 * spacing, spacing)
        main.setSpacing(int(1.5 * spacing))
        main.addWidget(self.transport)
        main.addWidget(self.figures)
        main.addWidget(self.pages, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._side)
        layout.addLayout(main, 1)

    def _add_pages(self) -> None:
        """In the order of their tabs; :meth:`_add_panel` adds what is a :class:`Panel`."""
        self._add_panel("runs", "Runs", self.runs, "Every run that was made, and what differs")
        self._add_panel(
            "studies", "Studies", self.studies, "One setting varied, the curves side by side"
        )
        self._add_panel(
            "inside",
            "Inside the net",
            self.inside,
            "Inside the net: its weights, and what its layers do",
            "Inside",
        )
        self._add_panel(
            "errors",
            "Where it errs",
            self.errors,
            "Where it errs: which characters are taken for which, and how sure the network was",
            "Errors",
        )
        self._add_panel("why", "Why", self.why, "Why a character is read as it is")
        self._add_panel("data", "Data", self.browser, "The samples, class by class")
        self.pages.add_corner(self.take_away)
        self.pages.show_page("inside")

    def _add_panel(
        self, key: str, title: str, panel: Panel, tip: str, short_title: str = ""
    ) -> None:
        self._panels.append(panel)
        self.pages.add_page(
            key,
            title,
            panel,
            tip,
            short_title=short_title,
            needs_run=panel.needs_run,
            curves_beside=panel.curves_beside,
        )
        panel.status_message.connect(self.status_message)
        panel.error_message.connect(self.error_message)
        panel.error_raised.connect(self.error_raised)

    def _connect(self) -> None:
        self.chooser.changed.connect(self._refresh_network)
        self.chooser.ready.connect(self._on_data)
        self.chooser.failed.connect(self._on_data_failed)
        self.chooser.cancelled.connect(self._on_data_cancelled)
        self.form.changed.connect(self._refresh)
        self.transport.main_wanted.connect(self.start_pause_or_resume)
        self.transport.step_wanted.connect(self.step)
        self.transport.stop_wanted.connect(self.stop)
        self.transport.use_wanted.connect(self.use_model)
        self.transport.save_wanted.connect(self.ask_where_to_save)
        for panel in (self.errors, self.inside):
            panel.why_wanted.connect(self.explain_sample)
        self.browser.augmentation.strength_wanted.connect(self._use_augmentation)
        self.take_away.done.connect(self.status_message)
        self.take_away.failed.connect(self.error_raised)
        self.labels.failed.connect(self.error_raised)
        self.session.state_changed.connect(self._on_state_changed)
        self.session.updated.connect(self._show_update)
        self.session.ended.connect(self._on_ended)
        self.session.failed.connect(self._on_run_failed)
        self.transport.continue_wanted.connect(self.continue_last)
        self.transport.step_epoch_wanted.connect(self.step_epoch)
        self.form.rate_changed.connect(self.session.set_learning_rate)
        self.runs.overlays_changed.connect(self._show_overlays)
        self.runs.continue_wanted.connect(self.continue_run)
        self.runs.settings_wanted.connect(lambda record: self.form.set_settings(record.settings))
        self.runs.model_wanted.connect(self._output.take)
        self.runs.run_changed.connect(self._refresh)
        self.studies.planned.connect(self._show_study)
        self.studies.ended.connect(lambda _: self.runs.watch(False))
        for begins in (self.tour_button.clicked, self.preview.tour_wanted):
            begins.connect(lambda: self.show_tour(True))
        self.tour.closed.connect(lambda: self.show_tour(False))
        self._output.done.connect(self.status_message)
        self._output.failed.connect(self.error_raised)

    # What the window asks of a view

    def commands(self) -> list[Command]:
        return self._commands

    def shutdown(self) -> None:
        """Stop training and all other work, and wait until it has ended."""
        self._pending = None
        self.guide.shutdown()
        self.runs.leave_open()
        self.session.shutdown()
        self._turns.drop()
        self.chooser.shutdown()
        for panel in self._panels:
            panel.shutdown()
        self._output.shutdown()
        self.take_away.shutdown()
        self._runner.shutdown()

    def save_state(self, store: QSettings) -> None:
        values = self.form.settings()
        if values is not None:
            store.setValue(SETTINGS_KEY, json.dumps(values.to_dict()))
        self.pages.save_state(store)
        self.chooser.save_state(store)
        self.tour.save_state(store)
        for panel in self._panels:
            panel.save_state(store)

    def restore_state(self, store: Settings) -> None:
        try:
            values = json.loads(store.read(SETTINGS_KEY, "{}"))
            self.form.set_settings(TrainingSettings.from_dict(values))
        except (ValueError, TypeError):
            # Another version's or a damaged file: the defaults are as good as any.
            self.form.set_settings(TrainingSettings())
        self.pages.restore_state(store)
        self.chooser.restore_state(store)
        self.tour.restore_state(store)
        for panel in self._panels:
            panel.restore_state(store)

    def explain_sample(self, row: int) -> None:
        """Show why the validation sample in this row is read as it is."""
        self.why.explain_sample(row)
        self.pages.show_page("why")

    # The tour

    @property
    def shows_tour(self) -> bool:
        """Whether the tour stands in the place of the settings."""
        return self._side.currentWidget() is self.tour

    def show_tour(self, shown: bool) -> None:
        """Take the tour, or leave it; the settings are as they were."""
        if shown == self.shows_tour:
            return
        self._side.setCurrentIndex(int(shown))
        if not shown:
            self.guide.leave()
        (self.tour.next_button if shown else self.transport.main_button).setFocus()
        self.commands_changed.emit()

    @property
    def experiment_obstacle(self) -> str:
        """Why no experiment can begin now, a sentence; nothing where one can."""
        if not self.is_idle:
            return (
                "A run goes on. Let it come to its end, or stop it: what was stopped is kept, and "
                "goes on from Runs."
            )
        if self.studies.is_busy:
            return "A study goes on. Let it come to its end, or stop it; it can be resumed."
        return ""

    def start_experiment(
        self, name: str, settings: TrainingSettings, data: PreparedData, *, compares: bool
    ) -> None:
        """Train a network with settings and data of their own, whatever is chosen at the left.

        Args:
            name: of the run, which is kept like any other.
            compares: draw the run before beside it.

        Raises:
            RuntimeError: another run goes on.
        """
        if not self.is_idle:
            raise RuntimeError("a run goes on")
        self._pending = PendingRun(experiment=settings, name=name, compares=compares)
        self._make_trainer(data)
        self._refresh()

    def _exhibits(self) -> Sequence[Exhibit]:
        """The plots in view that can be taken along."""
        if self.pages.shows_preview:
            return ()
        curves = curve_exhibits(self.curves)
        shown = [panel for panel in self._panels if panel.isVisible()]
        return [*(shown[0].exhibits() if shown else ()), *curves]

    def _report(self) -> ReportedRun | None:
        """What a report tells of the run that goes on or was the last."""
        from handwrite_gui.engine.export.run_report import ReportedRun

        trainer, data = self.session.trainer, self._data
        if trainer is None or data is None:
            return None
        frames = self.inside.frames
        return ReportedRun(
            self._model_name(),
            trainer.settings,
            data.classes,
            data.training,
            data.validation,
            trainer.history.copy(),
            self.errors.readings,
            (frames[0].first_layer, frames[-1].first_layer) if frames else None,
            self.runs.looks,
        )

    # Data

    def _use_augmentation(self, strength: float) -> None:
        if not self.is_idle:
            self.status_message.emit("A run is going on; its settings stay as they are")
            return
        self.form.augmentation.setValue(round(100 * strength))
        self.status_message.emit(f"The next run augments with a strength of {strength:.0%}")

    def open_path(self, path: str | os.PathLike[str]) -> None:
        """Train on a file or folder from now on, if it can be read."""
        if self.is_idle:
            self.chooser.open_path(Path(path))
        else:
            self.error_message.emit("A run is going on; stop it before choosing other data.")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        # Pictures of pages are the window's: it opens them in the Page view.
        if any(path.suffix.lower() not in PICTURES for path in paths):
            event.acceptProposedAction()
            self.status_message.emit("Drop to train on it")

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.status_message.emit("")
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if len(paths) == 1:
            self.open_path(paths[0])
        else:
            self.error_message.emit("Drop one file or folder at a time.")

    def _on_data(self, data: PreparedData) -> None:
        self.status_message.emit(f"{data.name} is ready")
        for panel in self._panels:
            panel.set_data(data)
        if self._pending is not None:
            self._make_trainer(data)

    def _on_data_failed(self, error: Exception) -> None:
        self._give_up_beginning()
        self.error_raised.emit(error)

    def _on_data_cancelled(self) -> None:
        self._give_up_beginning()

    def _give_up_beginning(self) -> None:
        self._pending = None
        self._refresh()
        self.begin_failed.emit()

    # The run

    @property
    def is_idle(self) -> bool:
        """Whether no run goes on or is being made ready."""
        return not self.session.state.is_active and self._pending is None

    @property
    def can_start(self) -> bool:
        settings_are_sound = self.form.settings() is not None
        has_data = self.chooser.source is not None or self.chooser.is_busy
        return self.is_idle and settings_are_sound and has_data

    @property
    def has_model(self) -> bool:
        return self.session.trainer is not None

    def start(self, *, single_step: bool = False) -> None:
        """Train a new network, with the data made ready first where they are not."""
        if not self.can_start:
            return
        self._begin_with(PendingRun(single_step=single_step))

    def continue_run(self, record: RunRecord) -> None:
        """Let a kept run go on from its checkpoint, with the data and the labels that it had."""
        if not self.is_idle or self.chooser.is_busy:
            self.error_message.emit("Something else goes on; stop it before continuing a run.")
            return
        try:
            source = source_from_dict(record.data.source)
        except HandwriteError as error:
            self.error_raised.emit(error)
            return
        share = record.data.source.get("validation_share", self.chooser.share)
        self.form.set_settings(record.settings)
        self.chooser.choose(source, share)
        self._begin_with(PendingRun(record=record))

    def continue_last(self) -> None:
        """Let the run that was stopped last go on."""
        if self.runs.can_continue and self.runs.current is not None:
            self.continue_run(self.runs.current)

    def _begin_with(self, pending: PendingRun) -> None:
        self._pending = pending
        data = self.chooser.data
        if data is not None and not self.chooser.is_busy:
            self._make_trainer(data)
        elif not self.chooser.is_busy:
            self.chooser.prepare()
        self._refresh()

    def start_pause_or_resume(self) -> None:
        """What the first button says; a run that is being made ready is given up."""
        if self._pending is not None:
            self.stop()
            return
        match self.session.state:
            case RunState.RUNNING:
                self.session.pause()
            case RunState.PAUSED:
                self.session.resume()
            case RunState.IDLE:
                self.start()

    def step(self) -> None:
        """Learn one batch, of a new run if none goes on."""
        if self.session.state.is_active:
            self.session.step()
        else:
            self.start(single_step=True)

    def step_epoch(self) -> None:
        """Learn to the end of the epoch, of a new run if none goes on, and wait then."""
        if self.session.state.is_active:
            self.session.step_epoch()
        elif self.can_start:
            self._begin_with(PendingRun(single_epoch=True))

    def stop(self) -> None:
        """End the run; what it learned stays."""
        if self._pending is not None:
            self.chooser.cancel()
            self._give_up_beginning()
        self.session.stop()

    def _make_trainer(self, data: PreparedData) -> None:
        pending = self._pending
        if pending is None:
            return
        values = pending.experiment or self.form.settings()
        if values is None:
            self._give_up_beginning()
            return
        store, report = self.runs.store, self.runs.report
        if pending.record is not None:
            task = self._runner.run(continue_run, pending.record, data, store, report)
        else:
            # The labels that were changed are not those of an experiment's data.
            edits = self.labels.edits if pending.experiment is None else LabelEdits()
            task = self._runner.run(start_run, values, data, edits, store, report, pending.name)
        task.finished.connect(self._begin)
        task.failed.connect(self._on_data_failed)

    def _begin(self, started: StartedRun) -> None:
        pending, self._pending = self._pending, None
        if pending is None:
            # Stopped before it began.
            self._runner.run(abandon, started, self.runs.store)
            return
        if started.problem is not None:
            self.error_raised.emit(started.problem)
        trainer, data = started.trainer, started.data
        self._data = data
        self._outcome = ""
        self.status_message.emit("")
        self.figures.clear()
        self.curves.begin(trainer.batches_per_epoch)
        self.pages.set_has_run()
        self.runs.set_recorder(started.recorder, compares=pending.compares)
        self._runs_experiment = pending.experiment is not None
        if not self._runs_experiment:
            self.form.show_rate(trainer.learning_rate)
        run = PanelRun(trainer, data)
        for panel in self._panels:
            panel.begin(run)
        observers = [panel.observer() for panel in self._panels]
        self.session.begin(
            trainer,
            data.training_count,
            single_step=pending.single_step,
            single_epoch=pending.single_epoch,
            observers=tuple(one for one in observers if one is not None),
        )

    def _show_update(self, update: RunUpdate) -> None:
        plan = self.session.plan
        assert plan is not None
        self._turns.do(
            [
                *self.curves.parts_of(update.curves),
                partial(self.figures.set_progress, update.progress, plan),
                partial(self._show_in_panels, update),
            ]
        )

    def _show_in_panels(self, update: RunUpdate) -> None:
        for panel in self._panels:
            panel.show_update(update)

    def _on_state_changed(self) -> None:
        # A run that waits or ends is shown as it is by then.
        self._turns.finish()
        self._refresh()

    def _on_ended(self, done: TrainingDone) -> None:
        match done.reason:
            case "finished":
                early = f": {done.message.lower()}" if done.message else ""
                count = f"{done.epoch:,} epoch{'s' if done.epoch != 1 else ''}"
                self._outcome = f"Finished after {count}{early}"
            case "stopped":
                self._outcome = f"Stopped after {done.step:,} batches"
            case "diverged":
                self._outcome = f"Diverged; back at epoch {done.epoch:,}"
                self.error_message.emit(done.message)
        if self.curves.follows:
            self.curves.follow()
        for panel in self._panels:
            panel.end(done)
        self._give_notice()
        self._refresh()

    def _on_run_failed(self, error: Exception) -> None:
        self._outcome = "Broken off"
        for panel in self._panels:
            panel.end(None)
        self._give_notice()
        self._refresh()
        self.error_raised.emit(error)

    def _give_notice(self) -> None:
        """Tell of the end of a run to who looks at something else."""
        window = self.window()
        if not window.isActiveWindow():
            QApplication.alert(window)
        if not self.isVisible() and self._outcome:
            self.notice.emit(f"Training: {self._outcome[0].lower()}{self._outcome[1:]}.")

    def _show_study(self, records: list[RunRecord]) -> None:
        """The curves of a study stand alone, unless a run goes on."""
        if not self.session.state.is_active:
            self.curves.begin(records[0].batches_per_epoch)
        self.pages.set_has_run()
        self.runs.show_runs([record.id for record in records])
        self.runs.watch(True)

    def _show_overlays(self, overlays: list[Overlay]) -> None:
        if overlays:
            self.pages.set_has_run()
        self.curves.set_overlays(overlays)

    # The model

    def use_model(self) -> None:
        """Read with the model as it is now in the other views; training may go on."""
        if self.session.trainer is not None:
            self._output.use(self.session.trainer, self._model_name())

    def ask_where_to_save(self) -> None:
        """Let the person choose a file for the model as it is now."""
        path = ask_where_to_save(self) if self.has_model else None
        if path is not None:
            self.save_model(path)

    def save_model(self, path: Path) -> None:
        """Save the model as it is now."""
        if self.session.trainer is not None:
            self._output.save(self.session.trainer, self._model_name(), path)

    def _model_name(self) -> str:
        return f"Trained on {self._data.name}" if self._data is not None else "Trained model"

    # What can be done now

    def _refresh_network(self) -> None:
        self.form.set_class_count(self.chooser.class_count)
        self._refresh()

    def _refresh(self) -> None:
        self.transport.show_state(
            self.session.state,
            is_preparing=self._pending is not None,
            can_start=self.can_start,
            has_model=self.has_model,
            can_continue=self.is_idle and self.runs.can_continue,
            outcome=self._outcome,
        )
        running = self.session.state.is_active
        self.chooser.setEnabled(not running)
        self.form.set_frozen(not self.is_idle, rate_is_live=running and not self._runs_experiment)
        self.commands_changed.emit()
