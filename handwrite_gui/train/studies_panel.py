"""Studies at a press: one setting varied, the curves side by side; the range test of the rate."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import pyqtgraph as pg
from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.engine.data.label_edits import LabelEdits, read_label_edits, write_label_edits
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.training.range_test import RangeTest, range_test
from handwrite_gui.engine.training.runs import RunRecord, RunStore
from handwrite_gui.engine.training.settings import TrainingSettings
from handwrite_gui.engine.training.study import (
    is_over,
    plan_study,
    run_study,
    runs_of_study,
)
from handwrite_gui.settings import Settings
from handwrite_gui.theme import theme
from handwrite_gui.train.controls import ignore_wheel_without_focus, muted_label, progress_bar
from handwrite_gui.train.data_chooser import DataChooser
from handwrite_gui.train.data_source import PreparedData, source_from_dict
from handwrite_gui.train.label_store import LabelStore
from handwrite_gui.train.panel import Panel
from handwrite_gui.train.run_starter import LABELS, data_of
from handwrite_gui.train.settings_form import SettingsForm
from handwrite_gui.workers import Task, TaskRunner

_PROCESSES_KEY = "train/study_processes"
_CLUSTER_KEY = "train/study_cluster"
_WIDEST_ADDRESS = 320
RANGE_TEST = "range-test"

_OFFERS = (
    ("learning-rate", "Learning rates", "The chosen rate, ten times it, and a tenth of it."),
    ("initializer", "Initialisers", "Zero, constant, uniform, Xavier and He."),
    ("activation", "Activations", "Every activation of the hidden layers."),
    ("width", "Widths", "The hidden layers from a quarter to four times as wide."),
    (RANGE_TEST, "Rate range test", "A rate that grows with every batch: where does it learn?"),
)


@dataclass(frozen=True, eq=False)
class _Wanted:
    """What is to begin when its data are ready: a study by name, or the rest of one.

    Attributes:
        settings: that it has of its own; None for those of the form, with the labels of the
            person's data.
    """

    kind: str = ""
    records: Sequence[RunRecord] = ()
    settings: TrainingSettings | None = None


@dataclass(frozen=True, slots=True)
class _Where:
    """Who trains: so many processes of this computer, or the cluster at an address."""

    processes: int
    scheduler: str


class StudiesPanel(Panel):
    """Starts studies and shows how far they are; their curves are the curves panel's.

    Args:
        store: where their runs are kept.
        chooser, form, labels: what the runs learn from, the settings that they have in common,
            and the changes of labels.

    Signals:
        planned(list[RunRecord]): a study begins, or goes on, with these runs.
        changed(): a study began or ended, or can begin now, or cannot any more.
        progressed(float, str): how far a study is, 0 to 1, and what goes on.
        ended(list[RunRecord]): a study has come to its end with these runs; none where it was
            stopped or broke off.
    """

    planned = Signal(list)
    changed = Signal()
    progressed = Signal(float, str)
    ended = Signal(list)

    needs_run = False

    _planned = Signal(list)

    def __init__(
        self, store: RunStore, chooser: DataChooser, form: SettingsForm, labels: LabelStore
    ) -> None:
        super().__init__()
        self._store, self._chooser, self._form, self._labels = store, chooser, form, labels
        self._runner = TaskRunner(self)
        self._looker = TaskRunner(self, latest_only=True)
        self._task: Task | None = None
        self._wanted: _Wanted | None = None
        self._unfinished: list[RunRecord] = []
        self.buttons: dict[str, QPushButton] = {}
        self.processes = QSpinBox()
        self.processes.setRange(1, 64)
        self.processes.setValue(1)
        self.processes.setAccessibleName("Runs at once")
        self.processes.setToolTip(
            f"Each run at once has a process of its own; this computer has {os.cpu_count()} cores"
        )
        self.cluster = QLineEdit()
        self.cluster.setPlaceholderText("tcp://host:8786")
        self.cluster.setClearButtonEnabled(True)
        self.cluster.setAccessibleName("Dask cluster")
        self.cluster.setToolTip(
            "Address of the scheduler of a Dask cluster whose machines share the folder of runs; "
            "empty to train on this computer"
        )
        self.progress = progress_bar("Study")
        self.state = muted_label(wraps=True)
        self.stop_button = QPushButton("Stop")
        self.stop_button.setToolTip("Stop the study; it can be resumed")
        self.resume_button = QPushButton("Resume the last study")
        self.plot = pg.PlotWidget()
        self.suggestion = QLabel()
        self.use_button = QPushButton("Use this rate")
        self._found: RangeTest | None = None
        self._lay_out()
        self._connect()
        self._refresh()

    def _lay_out(self) -> None:
        spacing = theme().tokens.spacing
        offers = QGridLayout()
        offers.setHorizontalSpacing(2 * spacing)
        offers.setVerticalSpacing(spacing)
        offers.setColumnStretch(1, 1)
        for row, (kind, title, text) in enumerate(_OFFERS):
            button = QPushButton(title)
            button.setToolTip(text)
            self.buttons[kind] = button
            offers.addWidget(button, row, 0)
            offers.addWidget(muted_label(text, wraps=True), row, 1)
        at_once = QGridLayout()
        at_once.setHorizontalSpacing(spacing)
        at_once.setVerticalSpacing(spacing)
        label = QLabel("Runs at &once")
        label.setBuddy(self.processes)
        at_once.addWidget(label, 0, 0)
        at_once.addWidget(self.processes, 0, 1, Qt.AlignmentFlag.AlignLeft)
        # Without the package it would be a field that never works.
        if find_spec("distributed") is not None:
            cluster = QLabel("or on a Dask &cluster")
            cluster.setBuddy(self.cluster)
            # In a row of its own: in a small window there is no room beside the number.
            at_once.addWidget(cluster, 1, 0)
            at_once.addWidget(self.cluster, 1, 1)
            self.cluster.setMaximumWidth(_WIDEST_ADDRESS)
        at_once.setColumnStretch(1, 1)
        work = QHBoxLayout()
        work.addWidget(self.progress, 1)
        work.addWidget(self.stop_button)
        self._range = QWidget()
        below = QVBoxLayout(self._range)
        below.setContentsMargins(0, 0, 0, 0)
        suggestion = QHBoxLayout()
        suggestion.addWidget(self.suggestion, 1)
        suggestion.addWidget(self.use_button)
        below.addWidget(self.plot, 1)
        below.addLayout(suggestion)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * spacing)
        column.addWidget(
            muted_label(
                "Each press learns the chosen data several times, with the settings at the left "
                "but for one. The curves stand in the same axes, and the runs are kept.",
                wraps=True,
            )
        )
        column.addLayout(offers)
        column.addLayout(at_once)
        column.addWidget(self.resume_button)
        column.addLayout(work)
        column.addWidget(self.state)
        column.addWidget(self._range, 1)
        column.addStretch(0)
        scroll = QScrollArea()
        scroll.setWidget(content)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        item = self.plot.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.setLabel("bottom", "learning rate")
        item.setLabel("left", "loss")
        item.setLogMode(x=True, y=False)
        for side in ("left", "bottom"):
            item.getAxis(side).enableAutoSIPrefix(False)
        self.plot.setAccessibleName("Loss at every learning rate")
        self.plot.setMinimumHeight(160)
        self.suggestion.setWordWrap(True)
        self._range.hide()

    def _connect(self) -> None:
        for kind, button in self.buttons.items():
            button.clicked.connect(lambda _checked=False, kind=kind: self.start(kind))
        self.stop_button.clicked.connect(self.stop)
        self.resume_button.clicked.connect(self.resume)
        self.use_button.clicked.connect(self._use_rate)
        self._planned.connect(self._on_planned)
        self._chooser.ready.connect(self._on_ready)
        self._chooser.failed.connect(lambda _error: self._give_up())
        self._chooser.cancelled.connect(self._give_up)
        self._chooser.changed.connect(self._refresh)
        self._form.changed.connect(self._refresh)
        self.cluster.textChanged.connect(self._refresh)
        ignore_wheel_without_focus([self.processes], self)
        theme().changed.connect(self._draw_range)

    # A study, from its beginning to its end

    @property
    def is_busy(self) -> bool:
        """Whether a study goes on or is being made ready."""
        return self._task is not None or self._wanted is not None

    @property
    def scheduler(self) -> str:
        """The address of the cluster that trains; empty for this computer."""
        return self.cluster.text().strip()

    @property
    def can_start(self) -> bool:
        has_data = self._chooser.source is not None
        return not self.is_busy and has_data and self._form.settings() is not None

    def start(self, kind: str) -> None:
        """Begin a study, or the range test, with the data made ready first where they are not."""
        if self.can_start:
            self._want(_Wanted(kind))

    def start_experiment(self, kind: str, settings: TrainingSettings, data: PreparedData) -> None:
        """Begin a study with settings and data of its own, whatever is chosen in the view.

        Raises:
            RuntimeError: another study goes on.
        """
        if self.is_busy:
            raise RuntimeError("a study goes on")
        self._begin(_Wanted(kind, settings=settings), data)

    def resume(self) -> None:
        """Go on with what is left of the last study."""
        if self.is_busy or not self._unfinished:
            return
        source = self._unfinished[0].data.source
        try:
            self._chooser.choose(
                source_from_dict(source), source.get("validation_share", self._chooser.share)
            )
        except HandwriteError as error:
            self.error_raised.emit(error)
            return
        self._want(_Wanted(records=tuple(self._unfinished)))

    def stop(self) -> None:
        """Ask the study to stop; its runs keep what they learned."""
        if self._wanted is not None:
            self._chooser.cancel()
            self._give_up()
        if self._task is not None:
            self._task.cancel()
            self.state.setText("Stopping…")

    def _want(self, wanted: _Wanted) -> None:
        self._wanted = wanted
        self.state.setText("Getting the data ready…")
        data = self._chooser.data
        if data is not None and not self._chooser.is_busy:
            self._begin(wanted, data)
        elif not self._chooser.is_busy:
            self._chooser.prepare()
        self._refresh()

    def _on_ready(self, data: PreparedData) -> None:
        if self._wanted is not None:
            self._begin(self._wanted, data)

    def _give_up(self) -> None:
        self._wanted = None
        self.state.clear()
        self._refresh()

    def _begin(self, wanted: _Wanted, data: PreparedData) -> None:
        values = wanted.settings or self._form.settings()
        if values is None:
            self._give_up()
            return
        self._wanted = None
        edits = self._labels.edits if wanted.settings is None else LabelEdits()
        if wanted.kind == RANGE_TEST:
            task = self._runner.run(_test_range, values, data, edits)
            task.finished.connect(self._take_range)
        else:
            tell = self._planned.emit
            where = _Where(self.processes.value(), self.scheduler)
            task = self._runner.run(_study, self._store, wanted, values, data, edits, where, tell)
            task.finished.connect(self._on_finished)
        self._task = task
        self.progress.setValue(0)
        self.state.setText("Beginning…")
        task.progressed.connect(self._show_progress)
        task.failed.connect(self._on_failed)
        task.cancelled.connect(lambda: self._end("Stopped; what was learned is kept"))
        self._refresh()

    def _on_planned(self, records: list[RunRecord]) -> None:
        self.planned.emit(records)

    def _show_progress(self, fraction: float, text: str) -> None:
        self.progress.setValue(round(1000 * fraction))
        self.state.setText(text)
        self.progressed.emit(fraction, text)

    def _on_finished(self, records: list[RunRecord]) -> None:
        measured = [r for r in records if r.best is not None and r.study is not None]
        best = max(
            measured, key=lambda r: (r.best and r.best.validation_accuracy) or 0, default=None
        )
        text = "Done"
        if best is not None and best.study is not None and best.best is not None:
            text = f"Done: {best.study.label} was best, {best.best.validation_accuracy:.2%}"
        self._end(text, records)
        self.status_message.emit(f"Study: {text[0].lower()}{text[1:]}")

    def _on_failed(self, error: Exception) -> None:
        self._end("Broken off")
        self.error_raised.emit(error)

    def _end(self, text: str, records: Sequence[RunRecord] = ()) -> None:
        self._task = None
        self.state.setText(text)
        self.ended.emit(list(records))
        self.look()
        self._refresh()

    # The range test

    def _take_range(self, found: RangeTest) -> None:
        self._found = found
        self._range.show()
        self._draw_range()
        if found.suggested is None:
            self.suggestion.setText("No rate made the loss fall.")
        else:
            self.suggestion.setText(f"The loss falls fastest at about <b>{found.suggested:g}</b>.")
        self.use_button.setVisible(found.suggested is not None)
        self._end("")

    def _draw_range(self) -> None:
        tokens = theme().tokens
        self.plot.setBackground(tokens.plot_background)
        item = self.plot.getPlotItem()
        for side in ("left", "bottom"):
            item.getAxis(side).setPen(tokens.border_strong)
            item.getAxis(side).setTextPen(tokens.text_muted)
        item.showGrid(x=True, y=True, alpha=0.15)
        found = self._found
        if found is None:
            return
        item.clear()
        item.plot(found.rates, found.losses, pen=pg.mkPen(tokens.border_strong, width=1))
        item.plot(found.rates, found.smooth, pen=pg.mkPen(tokens.series[0], width=2))
        if found.suggested is not None:
            line = pg.InfiniteLine(angle=90, pen=pg.mkPen(tokens.series[1], width=2))
            item.addItem(line)
            line.setValue(math.log10(found.suggested))
        least, most = float(found.smooth.min()), float(found.smooth[:10].max())
        self.plot.setYRange(0.9 * least, 1.3 * most)

    def _use_rate(self) -> None:
        if self._found is not None and self._found.suggested is not None:
            self._form.numbers["learning_rate"].setValue(self._found.suggested)

    # What is left of the last study

    def look(self) -> None:
        """Find the last study that has runs to do, in a worker."""
        task = self._looker.run(_unfinished, self._store)
        task.finished.connect(self._take_unfinished)

    def _take_unfinished(self, records: list[RunRecord]) -> None:
        self._unfinished = records
        self._refresh()

    def showEvent(self, event: object) -> None:
        self.look()

    def _refresh(self) -> None:
        busy = self.is_busy
        for button in self.buttons.values():
            button.setEnabled(self.can_start)
        self.processes.setEnabled(not busy and not self.scheduler)
        self.cluster.setEnabled(not busy)
        self.progress.setVisible(busy)
        self.stop_button.setVisible(busy)
        self.resume_button.setVisible(not busy and bool(self._unfinished))
        if self._unfinished and self._unfinished[0].study is not None:
            left = sum(not is_over(record) for record in self._unfinished)
            title = self._unfinished[0].study.title
            self.resume_button.setToolTip(f"{title}: {left} of {len(self._unfinished)} runs left")
        self.changed.emit()

    def shutdown(self) -> None:
        # What the worker told just before must not reach panels that are closed.
        self.blockSignals(True)
        self._wanted = None
        self._looker.shutdown()
        self._runner.shutdown()

    def save_state(self, store: QSettings) -> None:
        store.setValue(_PROCESSES_KEY, self.processes.value())
        store.setValue(_CLUSTER_KEY, self.cluster.text())

    def restore_state(self, store: Settings) -> None:
        self.processes.setValue(store.read(_PROCESSES_KEY, 1))
        if find_spec("distributed") is not None:
            self.cluster.setText(store.read(_CLUSTER_KEY, ""))


def _unfinished(store: RunStore) -> list[RunRecord]:
    """The runs of the youngest study that somebody else does not train, if any is left to do."""
    for record in store.runs():
        if record.study is None or is_over(record):
            continue
        records = runs_of_study(store, record.study.study)
        return [] if any(one.state == "running" for one in records) else records
    return []


def _test_range(
    values: TrainingSettings,
    data: PreparedData,
    edits: LabelEdits,
    on_progress: Callable[[float, str], object],
    should_stop: Callable[[], bool],
) -> RangeTest:
    data = data.edited(edits)
    return range_test(
        values, data.training, data.classes, on_progress=on_progress, should_stop=should_stop
    )


def _study(
    store: RunStore,
    wanted: _Wanted,
    values: TrainingSettings,
    data: PreparedData,
    edits: LabelEdits,
    where: _Where,
    tell: Callable[[list[RunRecord]], object],
    on_progress: Callable[[float, str], object],
    should_stop: Callable[[], bool],
) -> list[RunRecord]:
    """Plans a study and trains it, or what is left of one with the labels that it had."""
    records = list(wanted.records)
    if records:
        labels = store.path(records[0].id, LABELS)
        edits = read_label_edits(labels) if labels.exists() else LabelEdits()
    data = data.edited(edits)
    if not records:
        records = plan_study(store, wanted.kind, values, data.classes, data_of(data))
        if edits != LabelEdits():
            for record in records:
                write_label_edits(store.path(record.id, LABELS), edits)
    tell(records)
    return run_study(
        store,
        records,
        data.training,
        data.validation,
        processes=where.processes,
        scheduler=where.scheduler,
        on_progress=on_progress,
        should_stop=should_stop,
    )
