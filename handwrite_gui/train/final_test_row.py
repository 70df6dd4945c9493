"""The look at test data: asked for, warned of, taken in a worker, kept with the run."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMessageBox,
    QPushButton,
    QWidget,
)

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.training.final_test import Look, earlier_look, look_at_test_data
from handwrite_gui.engine.training.runs import RunRecord, RunStore
from handwrite_gui.settings import settings
from handwrite_gui.theme import theme
from handwrite_gui.train.controls import muted_label, progress_bar, squeezable
from handwrite_gui.train.data_source import (
    DataSource,
    FileSource,
    OnProgress,
    ShouldStop,
    has_test_data,
    name_of_test_data,
    prepare_test_data,
    source_from_dict,
)
from handwrite_gui.train.source_fields import DATA_FILTER, FOLDER_KEY
from handwrite_gui.workers import Task, TaskRunner


class FinalTestRow(QWidget):
    """Shows how far a look is while one is taken; hidden otherwise.

    Args:
        store: where the runs are kept.

    Signals:
        done(str): a look was taken, or there was one already; a line for the status bar.
        failed(Exception): it was not.
        began(): a look is being taken.
        ended(): after these, and after it was cancelled.
    """

    done = Signal(str)
    failed = Signal(object)
    began = Signal()
    ended = Signal()

    def __init__(self, store: RunStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._runner = TaskRunner(self, latest_only=True)
        self._task: Task | None = None
        self.progress = progress_bar("Measuring on the test data")
        self.state = squeezable(muted_label())
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.clicked.connect(self.cancel)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme().tokens.spacing)
        layout.addWidget(self.progress, 1)
        layout.addWidget(self.state, 1)
        layout.addWidget(self.cancel_button)
        self.hide()

    @property
    def is_busy(self) -> bool:
        return self._task is not None

    def ask(self, record: RunRecord) -> None:
        """Measure a run, if the person means it; ``done`` or ``failed`` may follow."""
        if self.is_busy:
            return
        source = _source_of(record)
        earlier = (
            None
            if source is None
            else earlier_look(self._store, record, data=name_of_test_data(source))
        )
        if earlier is not None:
            self.done.emit(
                f"“{record.name}” was measured already: {earlier.accuracy:.2%} of "
                f"{earlier.samples:,} test characters right. The same weights give the same figure."
            )
            return
        if source is None:
            path = self._ask_for_file()
            if path is None:
                return
            source = FileSource(path)
        if self._confirms(record, source):
            self.measure(record, source)

    def measure(self, record: RunRecord, source: DataSource) -> None:
        """Measure a run on the test data of a source."""
        task = self._runner.run(_look, self._store, record.id, record.classes, source)
        self._task = task
        self.progress.setValue(0)
        self.state.setText("Beginning…")
        self.show()
        task.progressed.connect(self._show_progress)
        task.finished.connect(self._take)
        task.failed.connect(self.failed)
        task.ended.connect(self._end)
        self.began.emit()

    def cancel(self) -> None:
        """Ask the work to stop; what was not measured to the end is no look."""
        if self._task is not None:
            self._task.cancel()
            self.state.setText("Stopping…")

    def shutdown(self) -> None:
        self._runner.shutdown()

    def _confirms(self, record: RunRecord, source: DataSource) -> bool:
        looks = len(record.looks)
        before = (
            f"This run was looked at {'once' if looks == 1 else f'{looks} times'} before; the new "
            f"look will be counted and shown with its number.\n\n"
            if looks
            else ""
        )
        answer = QMessageBox.question(
            self,
            "Measure on the test data",
            f"Measure “{record.name}” on the test data of {source.title}?\n\n{before}Test data are "
            "looked at once, at the end, when nothing is to be changed any more. Who looks at "
            "them, changes settings and looks again has chosen by them, and their figure flatters "
            "as that of validation does.",
        )
        return answer == QMessageBox.StandardButton.Yes

    def _ask_for_file(self) -> Path | None:
        folder = settings().read(FOLDER_KEY, "")
        name, _ = QFileDialog.getOpenFileName(
            self, "Choose characters that the run never saw", folder, DATA_FILTER
        )
        return Path(name) if name else None

    def _show_progress(self, fraction: float, text: str) -> None:
        self.progress.setValue(round(1000 * fraction))
        self.state.setText(text)

    def _take(self, look: Look) -> None:
        self.done.emit(
            f"Test: {look.accuracy:.2%} of {look.samples:,} characters that nothing was chosen by "
            "are read right"
        )

    def _end(self) -> None:
        self._task = None
        self.hide()
        self.ended.emit()


def _source_of(record: RunRecord) -> DataSource | None:
    """What the run's data came from, if that has characters for the end."""
    try:
        source = source_from_dict(record.data.source)
    except HandwriteError:
        return None
    return source if has_test_data(source) else None


def _look(
    store: RunStore,
    run_id: str,
    classes: tuple[str, ...],
    source: DataSource,
    on_progress: OnProgress,
    should_stop: ShouldStop,
) -> Look:
    data = prepare_test_data(
        source,
        classes,
        on_progress=lambda fraction, text: on_progress(0.8 * fraction, text),
        should_stop=should_stop,
    )
    return look_at_test_data(
        store,
        run_id,
        data,
        on_progress=lambda fraction, text: on_progress(0.8 + 0.2 * fraction, text),
        should_stop=should_stop,
    )
