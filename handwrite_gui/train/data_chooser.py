"""Choosing the characters to train on, and getting them ready in a worker."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.engine.data.fetch import DATASETS
from handwrite_gui.settings import Settings
from handwrite_gui.theme import theme
from handwrite_gui.train.controls import ignore_wheel_without_focus, muted_label, progress_bar
from handwrite_gui.train.data_source import (
    DataSource,
    DownloadSource,
    PreparedData,
    SyntheticSource,
    prepare_data,
)
from handwrite_gui.train.section import Section, add_field, form_layout
from handwrite_gui.train.source_fields import SourceFields
from handwrite_gui.train.thumbnails import Thumbnails
from handwrite_gui.workers import Task, TaskRunner

_PREVIEW_SIDE = 26


class DataChooser(QWidget):
    """The source of the data, the work of getting them ready, and what they turned out to be.

    Signals:
        changed(): another source was chosen, or work began or ended, or data are ready.
        ready(PreparedData): the data are ready, and their source is the chosen one.
        failed(Exception): they cannot be had; the data and the source before stay.
        cancelled(): the work was given up; the data and the source before stay.
    """

    changed = Signal()
    ready = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner = TaskRunner(self, latest_only=True)
        self._task: Task | None = None
        self._data: PreparedData | None = None
        self.fields = SourceFields()
        self.validation_share = QSpinBox()
        self.validation_share.setRange(5, 50)
        self.validation_share.setSuffix(" %")
        self.validation_share.setValue(15)
        self.validation_share.setToolTip(
            "Characters that are not trained on, but measure what was learned"
        )
        self.prepare_button = QPushButton()
        self.cancel_button = QPushButton("Cancel")
        self.progress = progress_bar("Getting the data ready")
        self.progress_text = muted_label(wraps=True)
        self.name_label = QLabel()
        self.name_label.setWordWrap(True)
        self.summary = muted_label(wraps=True)
        self.preview = Thumbnails(side=_PREVIEW_SIDE)
        self.preview.setAccessibleName("Some of the characters")
        self._lay_out()
        self.fields.changed.connect(self._refresh)
        self.fields.path_picked.connect(self.open_path)
        self.validation_share.valueChanged.connect(self._refresh)
        ignore_wheel_without_focus([self.validation_share], self)
        self.prepare_button.clicked.connect(self.prepare)
        self.cancel_button.clicked.connect(self.cancel)
        self._refresh()

    def _lay_out(self) -> None:
        section = Section("Data")
        form = form_layout()
        add_field(form, "Validation", self.validation_share)
        work = QHBoxLayout()
        work.addWidget(self.progress, 1)
        work.addWidget(self.cancel_button)
        section.column.addWidget(self.fields)
        section.column.addLayout(form)
        section.column.addWidget(self.prepare_button)
        section.column.addLayout(work)
        for widget in (self.progress_text, self.name_label, self.summary, self.preview):
            section.column.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme().tokens.spacing)
        layout.addWidget(section)

    @property
    def source(self) -> DataSource | None:
        """What is chosen; None where a file is still to be picked."""
        return self.fields.source

    @property
    def data(self) -> PreparedData | None:
        """The data of the chosen source, if they are ready."""
        data = self._data
        if data is None or data.source != self.source or data.validation_share != self.share:
            return None
        return data

    @property
    def class_count(self) -> int | None:
        """How many classes the chosen data have, as far as is known."""
        if self.data is not None:
            return len(self.data.classes)
        source = self.source
        return source.class_count if isinstance(source, SyntheticSource) else None

    @property
    def is_busy(self) -> bool:
        return self._task is not None

    @property
    def share(self) -> float:
        """The share of the samples that is held back for validation."""
        return self.validation_share.value() / 100

    def prepare(self) -> None:
        """Get the chosen data ready; ``ready``, ``failed`` or ``cancelled`` follows."""
        source = self.source
        if source is not None:
            self._prepare(source)

    def choose(self, source: DataSource, share: float) -> None:
        """Choose a source and what is held back of it; :meth:`prepare` gets it ready."""
        self.fields.set_source(source)
        self.validation_share.setValue(round(100 * share))

    def open_path(self, path: Path) -> None:
        """Read a file or folder; it becomes the source if it turns out to be sound."""
        self._prepare(self.fields.file_source(path))

    def cancel(self) -> None:
        """Ask the work to stop; what has arrived of a download is kept."""
        if self._task is not None:
            self._task.cancel()
            self.progress_text.setText("Stopping…")

    def shutdown(self) -> None:
        self._runner.shutdown()

    def save_state(self, store: QSettings) -> None:
        self.fields.save_state(store)
        store.setValue("train/validation_share", self.validation_share.value())

    def restore_state(self, store: Settings) -> None:
        self.fields.restore_state(store)
        share = store.read("train/validation_share", self.validation_share.value())
        self.validation_share.setValue(share)

    # Work

    def _prepare(self, source: DataSource) -> None:
        task = self._runner.run(prepare_data, source, validation_share=self.share)
        self._task = task
        task.progressed.connect(self._show_progress)
        task.finished.connect(self._take)
        task.failed.connect(self._fail)
        task.cancelled.connect(self._give_up)
        self._show_progress(0.0, f"Getting {source.title} ready")
        self._refresh()

    def _take(self, data: PreparedData) -> None:
        self._task = None
        self._data = data
        self.fields.set_source(data.source)
        self.ready.emit(data)

    def _fail(self, error: Exception) -> None:
        self._end()
        self.failed.emit(error)

    def _give_up(self) -> None:
        self._end()
        self.cancelled.emit()

    def _end(self) -> None:
        self._task = None
        self._refresh()

    def _show_progress(self, fraction: float, text: str) -> None:
        self.progress.setValue(round(1000 * fraction))
        self.progress_text.setText(text)

    # Looks

    def _refresh(self) -> None:
        busy, data, source = self.is_busy, self.data, self.source
        self.progress.setVisible(busy)
        self.progress_text.setVisible(busy)
        self.cancel_button.setVisible(busy)
        self.fields.setEnabled(not busy)
        self.validation_share.setEnabled(not busy)
        self.prepare_button.setVisible(not busy and data is None and source is not None)
        self.prepare_button.setText(_verb(source))
        is_shown = not busy and data is not None
        self.name_label.setVisible(is_shown)
        self.summary.setVisible(is_shown)
        self.preview.setVisible(is_shown)
        if data is not None:
            self.name_label.setText(data.name)
            self.summary.setText(_summary(data))
            self.preview.set_images(data.preview)
        self.changed.emit()


def _verb(source: DataSource | None) -> str:
    match source:
        case SyntheticSource():
            return "Make the characters"
        case DownloadSource(collection=name) if name in DATASETS:
            return "Download and open"
        case _:
            return "Open again"


def _summary(data: PreparedData) -> str:
    held_back = "whole writers held back" if data.by_groups else "held back at random"
    return (
        f"{data.training_count + data.validation_count:,} characters of "
        f"{len(data.classes)} classes: {data.training_count:,} to train on, "
        f"{data.validation_count:,} to validate ({held_back})"
    )
