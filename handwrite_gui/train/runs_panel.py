"""The runs that were kept: a list, their curves beside the present ones, what differs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QModelIndex, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QMessageBox,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
)

from handwrite_gui.engine.model_file import Model
from handwrite_gui.engine.training.events import TrainingDone
from handwrite_gui.engine.training.final_test import Look, weights_of
from handwrite_gui.engine.training.run_recorder import RunRecorder
from handwrite_gui.engine.training.runs import RunRecord, RunStore
from handwrite_gui.icons import icon
from handwrite_gui.settings import Settings
from handwrite_gui.theme import theme
from handwrite_gui.train.controls import muted_label
from handwrite_gui.train.curves_panel import MOST_OVERLAYS, Overlay, overlay_colours
from handwrite_gui.train.differences_table import DifferencesTable
from handwrite_gui.train.final_test_row import FinalTestRow
from handwrite_gui.train.panel import Observer, Panel, PanelRun
from handwrite_gui.train.run_overlays import LoadedCurves, load_curves, run_labels
from handwrite_gui.train.runs_model import Column, RunsModel
from handwrite_gui.workers import TaskRunner

_SPLITTER_KEY = "train/runs_splitter"
_LOOK_MILLISECONDS = 1500
_WIDTH_FOR_TEXTS = 720
_WIDTH_FOR_STATE = 420
_ICON_BUTTON = 36
_WIDEST = 16_777_215  # Qt's own limit
_NO_RUNS = "Every run is kept here. Start one; start another, and their curves stand together."


class RunsPanel(Panel):
    """Lists runs; ticked ones are drawn in the curves.

    Args:
        store: where they are kept.

    Signals:
        overlays_changed(list[Overlay]): other curves are to be drawn beside the present ones.
        continue_wanted(RunRecord): a run is to go on.
        settings_wanted(RunRecord): its settings are to stand in the form.
        model_wanted(Model, str): a model is to be used in the other views; its name.
        run_changed(): whether the present run can go on is another matter now.
    """

    overlays_changed = Signal(list)
    continue_wanted = Signal(object)
    settings_wanted = Signal(object)
    model_wanted = Signal(object, str)
    run_changed = Signal()

    needs_run = False

    _problem = Signal(object)

    def __init__(self, store: RunStore) -> None:
        super().__init__()
        self.store = store
        self._runner = TaskRunner(self)
        self._looker = TaskRunner(self, threads=1)
        self._recorder: RunRecorder | None = None
        self._current = ""
        self._automatic = ""
        self._loaded: dict[str, LoadedCurves] = {}
        self._is_training = self._is_watching = self._look_again = False
        self._problem.connect(self.error_raised)
        self.model = RunsModel()
        self.table = _table(self.model)
        self.differences = DifferencesTable()
        self.hint = muted_label(_NO_RUNS, wraps=True)
        self.continue_button = _button("Continue", "play", "Let this run go on from where it was")
        self.settings_button = _button(
            "Use settings", "settings", "Bring its settings into the form at the left"
        )
        self.model_button = _button(
            "Use best model", "model", "Read in Draw and Page with the weights of its best epoch"
        )
        self.test_button = _button(
            "Test", "check", "Measure on test data, which nothing was chosen by: once, at the end"
        )
        self.final_test = FinalTestRow(store)
        self.delete_button = _button("Delete", "trash", "Put it among the deleted runs (Del)")
        self.restore_button = _button("Restore", "undo", "Bring it back")
        self.erase_button = _button("Remove for good", "trash", "Free its disk space")
        self._buttons = (
            self.continue_button,
            self.settings_button,
            self.model_button,
            self.test_button,
            self.delete_button,
            self.restore_button,
            self.erase_button,
        )
        self.deleted = QCheckBox("Deleted")
        self.deleted.setToolTip("List the runs that were deleted")
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self._timer = QTimer(self, interval=_LOOK_MILLISECONDS)
        self._lay_out()
        self._connect()
        self._refresh_buttons()

    def _lay_out(self) -> None:
        spacing = theme().tokens.spacing
        buttons = QHBoxLayout()
        buttons.setSpacing(spacing // 2)
        for button in self._buttons:
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.deleted)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(spacing)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(self.differences)
        self.splitter.setSizes([300, 260])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(spacing)
        layout.addLayout(buttons)
        layout.addWidget(self.final_test)
        layout.addWidget(self.hint)
        layout.addWidget(self.splitter, 1)
        # Texts that are there at first would widen the window before it can say how wide it is.
        self._take_room(0)

    def _connect(self) -> None:
        self._timer.timeout.connect(self.look)
        self.deleted.toggled.connect(self.look)
        self.model.shown_changed.connect(self._show_chosen)
        self.model.rename_wanted.connect(
            lambda run_id, name: self._change(self.store.rename, run_id, name)
        )
        self.model.star_wanted.connect(
            lambda run_id, starred: self._change(self.store.star, run_id, starred)
        )
        self.table.clicked.connect(self._on_click)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._on_selection())
        self.continue_button.clicked.connect(self._continue)
        self.settings_button.clicked.connect(self._take_settings)
        self.model_button.clicked.connect(self._use_model)
        self.test_button.clicked.connect(lambda: self.final_test.ask(self.selected[0]))
        self.final_test.done.connect(self.status_message)
        self.final_test.failed.connect(self.error_raised)
        self.final_test.began.connect(self._refresh_buttons)
        self.final_test.ended.connect(self._refresh_buttons)
        self.final_test.ended.connect(self.look)
        self.delete_button.clicked.connect(self.delete_selected)
        self.restore_button.clicked.connect(self._restore)
        self.erase_button.clicked.connect(self._erase)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.table)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self.delete_selected)
        theme().changed.connect(self._colour)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._take_room(event.size().width())

    def _take_room(self, width: int) -> None:
        """Texts and columns as far as there is room."""
        has_room = width >= _WIDTH_FOR_TEXTS
        for button in self._buttons:
            button.setText(button.accessibleName() if has_room else "")
            button.setMaximumWidth(_WIDEST if has_room else _ICON_BUTTON)
        # The table below has these too.
        self.table.setColumnHidden(Column.WHEN, not has_room)
        for column in (Column.STATE, Column.EPOCHS):
            self.table.setColumnHidden(column, width < _WIDTH_FOR_STATE)

    # A run, from its beginning to its end

    def report(self, problem: Exception) -> None:
        """An error of keeping a run; from any thread."""
        self._problem.emit(problem)

    @property
    def current(self) -> RunRecord | None:
        """The record of the run that goes on or was the last; None where it is not kept."""
        return self._recorder.record if self._recorder is not None else None

    @property
    def can_continue(self) -> bool:
        """Whether the last run was stopped before its end."""
        record = self.current
        return record is not None and not self._is_training and record.state == "stopped"

    @property
    def looks(self) -> tuple[Look, ...]:
        """At test data, of the run that goes on or was the last."""
        found = [record.looks for record in self.model.records if record.id == self._current]
        return found[0] if found else ()

    def set_recorder(self, recorder: RunRecorder | None, *, compares: bool = True) -> None:
        """What keeps the run that begins; told before :meth:`begin`.

        Args:
            compares: draw the run before beside it, where that makes sense.
        """
        before = self.current
        self._recorder = recorder
        self._current = recorder.record.id if recorder is not None else ""
        shown = [run_id for run_id in self.model.shown if run_id != self._automatic]
        self._automatic = ""
        after = self.current
        comparable = (
            compares
            and before is not None
            and after is not None
            and before.id != after.id
            and before.classes == after.classes
            and before.id not in shown
        )
        if comparable and before is not None:
            # To compare with what was just tried is what a second run is for.
            self._automatic = before.id
            shown.append(before.id)
        self.model.set_current(self._current)
        self.model.set_shown(shown)

    def begin(self, run: PanelRun) -> None:
        self._is_training = True
        self._timer.start()
        self.look()

    def observer(self) -> Observer | None:
        return self._recorder.take if self._recorder is not None else None

    def end(self, done: TrainingDone | None) -> None:
        self._is_training = False
        self._stop_looking()
        if done is None and self._recorder is not None:
            task = self._runner.run(self._recorder.close, "failed")
            task.ended.connect(self.look)
        self.look()
        self.run_changed.emit()

    def leave_open(self) -> None:
        """The program is closing: a run that goes on is offered to be resumed next time."""
        if self._recorder is not None:
            self._recorder.leave_open()

    def shutdown(self) -> None:
        self._timer.stop()
        self._look_again = False
        self.final_test.shutdown()
        self._looker.shutdown()
        self._runner.shutdown()
        if self._recorder is not None and self._is_training:
            self._recorder.close("running")

    # The list

    def look(self) -> None:
        """Read the store again, in a worker; where one reads, once more when it has ended."""
        self._look_again = self._looker.is_busy
        if self._look_again:
            return
        task = self._looker.run(
            _look,
            self.store,
            self.deleted.isChecked(),
            tuple(self.model.shown),
            dict(self._loaded),
        )
        task.finished.connect(self._take)
        task.failed.connect(self.error_raised)
        task.ended.connect(self._on_looked)

    def _on_looked(self) -> None:
        if self._look_again:
            self.look()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()
        self.look()

    def watch(self, watching: bool) -> None:
        """Keep looking at the store while runs grow in it that are not the present one."""
        self._is_watching = watching
        if watching:
            self._timer.start()
        self.look()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._stop_looking()

    def _stop_looking(self) -> None:
        if not (self._is_training or self._is_watching or self.isVisible()):
            self._timer.stop()

    def _take(self, seen: tuple[list[RunRecord], dict[str, LoadedCurves]]) -> None:
        records, self._loaded = seen
        selected = self._selected_ids()
        self.model.set_records(records)
        self._select(selected)
        self.hint.setVisible(not records)
        self.hint.setText("No run was deleted." if self.deleted.isChecked() else _NO_RUNS)
        self.splitter.setVisible(bool(records))
        self._show_overlays()
        self._compare()
        self._refresh_buttons()

    def show_runs(self, run_ids: Sequence[str]) -> None:
        """Tick these runs and no others."""
        self._automatic = ""
        self.model.set_shown(run_ids)

    def _show_chosen(self) -> None:
        if self._automatic not in self.model.shown:
            self._automatic = ""
        if len(self.model.shown) > MOST_OVERLAYS:
            self.status_message.emit(f"The first {MOST_OVERLAYS} of them are drawn")
        self.look()

    def _show_overlays(self) -> None:
        records = {record.id: record for record in self.model.records}
        shown = [
            records[run_id]
            for run_id in self.model.shown
            if run_id in self._loaded and run_id in records
        ]
        present = [record for record in self.model.records if record.id == self._current]
        labels = run_labels([*present, *shown])[len(present) :]
        overlays = [
            Overlay(record.id, label, self._loaded[record.id].curves)
            for record, label in zip(shown, labels, strict=True)
        ]
        self._overlaid = [overlay.id for overlay in overlays[:MOST_OVERLAYS]]
        self._colour()
        self.overlays_changed.emit(overlays)

    _overlaid: Sequence[str] = ()

    def _colour(self) -> None:
        colours = overlay_colours(len(self._overlaid))
        self.model.set_colours(dict(zip(self._overlaid, colours, strict=True)))

    def _compare(self) -> None:
        """The present run, those that are ticked, and those that are selected."""
        wanted = {self._current, *self.model.shown, *self._selected_ids()}
        self.differences.set_runs([r for r in self.model.records if r.id in wanted])

    # What is selected

    @property
    def selected(self) -> list[RunRecord]:
        """The records of the selected rows."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.model.record(row) for row in rows]

    def _selected_ids(self) -> list[str]:
        return [record.id for record in self.selected]

    def _select(self, run_ids: Sequence[str]) -> None:
        if run_ids == self._selected_ids():
            return
        selection = self.table.selectionModel()
        flags = selection.SelectionFlag.Select | selection.SelectionFlag.Rows
        for run_id in run_ids:
            row = self.model.row_of(run_id)
            if row is not None:
                selection.select(self.model.index(row, 0), flags)

    def _on_click(self, index: QModelIndex) -> None:
        if index.column() == Column.STAR:
            self.model.toggle_star(index.row())

    def _on_selection(self) -> None:
        self._compare()
        self._refresh_buttons()

    def _refresh_buttons(self) -> None:
        records = self.selected
        single = records[0] if len(records) == 1 else None
        deleted = self.deleted.isChecked()
        for button in (
            self.continue_button,
            self.settings_button,
            self.model_button,
            self.test_button,
        ):
            button.setVisible(not deleted)
        self.delete_button.setVisible(not deleted)
        self.restore_button.setVisible(deleted)
        self.erase_button.setVisible(deleted)
        self.continue_button.setEnabled(
            single is not None and not self._is_training and self.store.can_continue(single)
        )
        self.settings_button.setEnabled(single is not None and not self._is_training)
        has_model = single is not None and weights_of(self.store, single) is not None
        self.model_button.setEnabled(has_model)
        self.test_button.setEnabled(
            has_model
            and single is not None
            and single.state != "running"
            and not self.final_test.is_busy
        )
        busy = any(record.state == "running" for record in records)
        self.delete_button.setEnabled(bool(records) and not busy)
        self.restore_button.setEnabled(bool(records))
        self.erase_button.setEnabled(bool(records))

    # What can be done with it

    def _continue(self) -> None:
        if self.continue_button.isEnabled():
            self.continue_wanted.emit(self.selected[0])

    def _take_settings(self) -> None:
        self.settings_wanted.emit(self.selected[0])

    def _use_model(self) -> None:
        record = self.selected[0]
        task = self._runner.run(self.store.model, record.id, weights_of(self.store, record))

        def use(model: Model) -> None:
            self.model_wanted.emit(model, record.name)

        task.finished.connect(use)
        task.failed.connect(self.error_raised)

    def delete_selected(self) -> None:
        """Put the selected runs among the deleted ones."""
        if self.delete_button.isEnabled() and not self.deleted.isChecked():
            for record in self.selected:
                self._change(self.store.delete, record.id)
            self.status_message.emit("Deleted; tick “Deleted” to restore")

    def _restore(self) -> None:
        for record in self.selected:
            self._change(self.store.restore, record.id)

    def _erase(self) -> None:
        records = self.selected
        what = records[0].name if len(records) == 1 else f"{len(records)} runs"
        answer = QMessageBox.question(
            self, "Remove for good", f"Remove {what} with all curves and weights for good?"
        )
        if answer == QMessageBox.StandardButton.Yes:
            for record in records:
                self._change(self.store.erase, record.id)

    def _change(self, function: object, *arguments: object) -> None:
        assert callable(function)
        task = self._runner.run(function, *arguments)
        task.failed.connect(self.error_raised)
        task.ended.connect(self.look)

    # What is remembered

    def save_state(self, store: QSettings) -> None:
        store.setValue(_SPLITTER_KEY, self.splitter.saveState())

    def restore_state(self, store: Settings) -> None:
        state = store.value(_SPLITTER_KEY)
        if isinstance(state, QByteArray):
            self.splitter.restoreState(state)


def _look(
    store: RunStore, deleted: bool, shown: tuple[str, ...], known: dict[str, LoadedCurves]
) -> tuple[list[RunRecord], dict[str, LoadedCurves]]:
    records = store.runs(deleted=deleted)
    return records, load_curves(store, [r for r in records if r.id in shown], known)


def _table(model: RunsModel) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setAccessibleName("Runs")
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    table.setEditTriggers(
        QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked
    )
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setMinimumSectionSize(30)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
    return table


def _button(text: str, icon_name: str, tip: str) -> QPushButton:
    button = QPushButton(icon(icon_name), text)
    button.setAccessibleName(text)
    button.setToolTip(tip)
    return button
