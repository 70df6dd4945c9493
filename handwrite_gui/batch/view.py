"""The batch view: a list of files, how they are read, and how far that is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QSettings, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QFocusEvent, QImage
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.batch.batch_commands import batch_commands
from handwrite_gui.batch.entries import Entry, EntryList, State
from handwrite_gui.batch.options_panel import OptionsPanel
from handwrite_gui.batch.progress_strip import ProgressStrip
from handwrite_gui.batch.row_painter import RowPainter
from handwrite_gui.batch.session import BatchOrder, BatchSession, MakeExecutor
from handwrite_gui.commands import Command, CommandButton, refresh_buttons
from handwrite_gui.engine.batch.events import Begun, Event, FileDone, PageDone, Progressed
from handwrite_gui.engine.batch.report import Report, Row, write_report
from handwrite_gui.engine.batch.task import BatchSettings
from handwrite_gui.engine.documents.pages import expanded
from handwrite_gui.engine.file_suffixes import PICTURES
from handwrite_gui.model_store import SHIPPED, ModelStore
from handwrite_gui.page.empty_state import DropTarget
from handwrite_gui.settings import Settings, settings
from handwrite_gui.theme import theme
from handwrite_gui.widgets.page_thumbnails import Thumbnails
from handwrite_gui.workers import TaskRunner

FILTER = f"Pages ({' '.join('*' + suffix for suffix in PICTURES)});;All files (*)"
INPUT_KEY = "batch/input"
_ADDING = ("add", "add-folder")
_CHANGING = ("left", "right", "up", "down", "remove")


class BatchView(QWidget):
    """Reads many files into a folder.

    Signals:
        status_message(str): something worth a line in the status bar.
        error_message(str): something went wrong; one sentence fit to be shown.
        error_raised(object): an exception that ended the work, to be explained.
        error_settled(): the last such sentence no longer matters.
        commands_changed(): other commands can be used now.
    """

    status_message = Signal(str)
    error_message = Signal(str)
    error_raised = Signal(object)
    error_settled = Signal()
    commands_changed = Signal()

    def __init__(
        self,
        store: ModelStore,
        parent: QWidget | None = None,
        *,
        make_executor: MakeExecutor | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._report: Report | None = None
        self._by_path: dict[Path, Entry] = {}
        self.list = EntryList(self)
        self.session = BatchSession(self, make_executor=make_executor)
        self.thumbnails = Thumbnails(self)
        self._looker = TaskRunner(self, threads=1)
        self.options = OptionsPanel(store)
        self.strip = ProgressStrip()
        self.shown = QListView()
        self._stack = QStackedWidget()
        self._commands = batch_commands(self)
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        self._show_list()

    def _lay_out(self) -> None:
        spacing = theme().tokens.spacing
        self.shown.setModel(self.list)
        self.shown.setItemDelegate(RowPainter(self.shown))
        self.shown.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.shown.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.shown.setUniformItemSizes(True)
        self.shown.setMouseTracking(True)
        self.shown.setAccessibleName("Files to read")
        body = QHBoxLayout()
        body.setSpacing(2 * spacing)
        body.addWidget(self._stack, 1)
        body.addWidget(self.options)
        self._stack.addWidget(self._empty())
        self._stack.addWidget(self._filled())
        column = QVBoxLayout(self)
        column.setContentsMargins(*(4 * [2 * spacing]))
        column.setSpacing(2 * spacing)
        column.addLayout(body, 1)
        column.addWidget(self.strip)

    def _empty(self) -> QWidget:
        target = DropTarget()
        spacing = theme().tokens.spacing
        title = QLabel("Drop pictures, PDF files or folders here")
        title.setProperty("role", "heading")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hint = QLabel("They are read by several processes at once, and written into a folder.")
        hint.setProperty("role", "muted")
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.add_button = QPushButton("Add Files…")
        self.add_button.setProperty("variant", "primary")
        self.add_button.clicked.connect(self.ask_for_files)
        folder = QPushButton("Add Folder…")
        folder.clicked.connect(self.ask_for_folder)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.add_button)
        buttons.addWidget(folder)
        buttons.addStretch(1)
        column = QVBoxLayout(target)
        column.setSpacing(spacing)
        column.addStretch(1)
        column.addWidget(title)
        column.addWidget(hint)
        column.addSpacing(spacing)
        column.addLayout(buttons)
        column.addStretch(1)
        return target

    def _filled(self) -> QWidget:
        by_id = {command.id.removeprefix("batch."): command for command in self._commands}
        self._buttons = [
            CommandButton(by_id[name], with_text=name in _ADDING) for name in (*_ADDING, *_CHANGING)
        ]
        row = QHBoxLayout()
        row.setSpacing(theme().tokens.spacing // 2)
        for button in self._buttons:
            if button.command is by_id[_CHANGING[0]]:
                row.addStretch(1)
            row.addWidget(button)
        filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.shown, 1)
        return filled

    def _refresh_buttons(self) -> None:
        refresh_buttons(self._buttons)

    def _connect(self) -> None:
        self.commands_changed.connect(self._refresh_buttons)
        self.list.changed.connect(self._list_changed)
        self.list.thumbnail_wanted.connect(lambda entry: self.thumbnails.ask(entry, entry.path))
        self.thumbnails.loaded.connect(self._show_thumbnail)
        self.session.told.connect(self._take)
        self.session.finished.connect(self._show_report)
        self.session.failed.connect(self.error_raised)
        self.session.busy_changed.connect(self._busy_changed)
        self.strip.start_wanted.connect(self.start)
        self.strip.pause_wanted.connect(self.session.pause)
        self.strip.cancel_wanted.connect(self.cancel)
        self.strip.report_wanted.connect(self.ask_where_to_report)
        self.strip.folder_wanted.connect(self.open_folder)
        self.options.alphabet.failed.connect(self.error_message)
        self.shown.selectionModel().selectionChanged.connect(
            lambda *_: self.commands_changed.emit()
        )

    # What the window asks of a view

    def commands(self) -> list[Command]:
        return self._commands

    def shutdown(self) -> None:
        """Give up all work and wait until it has ended."""
        self.session.shutdown()
        self.thumbnails.shutdown()
        self._looker.shutdown()

    def save_state(self, store: QSettings) -> None:
        self.options.save_state(store)

    def restore_state(self, store: Settings) -> None:
        self.options.restore_state(store)

    def focusInEvent(self, event: QFocusEvent) -> None:
        (self.shown if self.list.entries else self.add_button).setFocus(event.reason())

    # The list

    def ask_for_files(self) -> None:
        """Let the person choose files to add."""
        folder = settings().read(INPUT_KEY, "")
        names, _ = QFileDialog.getOpenFileNames(self, "Add files", folder, FILTER)
        if names:
            settings().setValue(INPUT_KEY, str(Path(names[0]).parent))
            self.add([Path(name) for name in names])

    def ask_for_folder(self) -> None:
        """Let the person choose a folder whose files to add."""
        name = QFileDialog.getExistingDirectory(self, "Add folder", settings().read(INPUT_KEY, ""))
        if name:
            settings().setValue(INPUT_KEY, name)
            self.add([Path(name)])

    def add(self, paths: Iterable[Path]) -> None:
        """Add files, and the files in folders; they are looked for in a worker."""
        task = self._looker.run(_found, list(paths))
        task.finished.connect(self._add_found)
        task.failed.connect(self.error_raised)

    def _add_found(self, paths: list[Path]) -> None:
        if self.session.is_busy:
            self.error_message.emit("A batch is being read; add files when it is done.")
            return
        count = self.list.add(paths)
        if not paths:
            self.error_message.emit("There is no picture and no PDF in what was added.")
        else:
            self.error_settled.emit()
            self.status_message.emit(f"{count} files added.")

    def selected_rows(self) -> list[int]:
        """The rows that are selected, from top to bottom."""
        return sorted(index.row() for index in self.shown.selectionModel().selectedIndexes())

    def can_change(self) -> bool:
        """Whether something is selected that may be changed now."""
        return bool(self.selected_rows()) and not self.session.is_busy

    def remove_selected(self) -> None:
        self.list.remove(self.selected_rows())

    def turn_selected(self, quarters: int) -> None:
        """Turn the selected files clockwise by quarters."""
        self.list.turn(self.selected_rows(), quarters)

    def move_selected(self, step: int) -> None:
        """Move the selected files up (-1) or down (1)."""
        self.list.move(self.selected_rows(), step)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.add(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())

    def _list_changed(self) -> None:
        self._by_path = {entry.path: entry for entry in self.list.entries}
        self._report = None
        self._show_list()

    def _show_list(self) -> None:
        files = len(self.list.entries)
        self._stack.setCurrentIndex(1 if files else 0)
        self.strip.setVisible(files > 0)
        if not self.session.is_busy and self._report is None:
            self.strip.show_waiting(files, self.can_start())
        self.commands_changed.emit()

    def _show_thumbnail(self, entry: Entry, image: QImage) -> None:
        self.list.update(entry, thumbnail=image)

    # The batch

    def can_start(self) -> bool:
        """Whether there are files, and nothing runs."""
        return bool(self.list.entries) and not self.session.is_busy

    def start(self) -> None:
        """Read the files; asks for the folder where none is chosen."""
        if not self.can_start():
            return
        if self.options.output is None and not self.options.ask_for_folder():
            return
        output = self.options.output
        assert output is not None
        store = self._store
        in_memory = store.model is not None and store.path is None and store.source != SHIPPED
        order = BatchOrder(
            [(entry.path, entry.turns) for entry in self.list.entries],
            BatchSettings(
                store.path,
                store.recognizer.alphabet if store.recognizer is not None else store.alphabet,
                self.options.language_code,
                "any",
                self.options.format.currentData(),
                float(self.options.dpi.value()),
            ),
            output,
            self.options.jobs.value(),
            self.options.resume.isChecked(),
            store.model if in_memory else None,
        )
        self.error_settled.emit()
        self._report = None
        self.list.reset_states()
        self.strip.show_begun()
        self.session.start(order)

    def pause(self, pauses: bool) -> None:
        """Begin no more pages, or go on."""
        self.session.pause(pauses)

    def cancel(self) -> None:
        """End the batch; what was read stays."""
        if self.session.is_busy:
            self.strip.text.setText("Cancelling…")
            self.session.cancel()

    def has_report(self) -> bool:
        return self._report is not None

    def ask_where_to_report(self) -> None:
        """Let the person choose a file for the report, and write it."""
        if self._report is None:
            return
        folder = self.options.output or Path.home()
        name, _ = QFileDialog.getSaveFileName(
            self, "Save report", str(folder / "report.html"), "Page (*.html);;Table (*.csv)"
        )
        if not name:
            return
        try:
            write_report(self._report, Path(name))
        except OSError as error:
            self.error_message.emit(f"The report was not saved: {error.strerror}.")
        else:
            self.status_message.emit(f"Saved as {Path(name).name}.")

    def open_folder(self) -> None:
        """Show the written files in the system's file manager."""
        if self.options.output is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.options.output)))

    def _take(self, event: Event) -> None:
        if isinstance(event, Progressed):
            self.strip.show_progress(event, self.session.is_paused)
            return
        entry = self._by_path.get(event.item.source)
        if entry is None:
            return
        match event:
            case Begun():
                self.list.update(entry, state=State.READING)
            case PageDone(pages=pages):
                self.list.update(entry, done=min(entry.done + 1, pages - 1), pages=pages)
            case FileDone(row=row):
                failed = row.error is not None
                self.list.update(
                    entry,
                    state=State.FAILED if failed else State.DONE,
                    detail=row.error or _praise(row),
                    pages=row.pages,
                )

    def _show_report(self, report: Report) -> None:
        self._report = report
        for entry in self.list.entries:
            if entry.state is State.READING:
                self.list.update(entry, state=State.WAITING, done=0)

    def _busy_changed(self) -> None:
        busy = self.session.is_busy
        self.list.is_locked = busy
        self.options.setEnabled(not busy)
        if busy:
            self.strip.show_paused(self.session.is_paused)
        elif self._report is not None:
            self.strip.show_report(self._report)
        else:
            self.strip.show_waiting(len(self.list.entries), self.can_start())
        self.commands_changed.emit()


def _found(paths: list[Path]) -> list[Path]:
    """The files that are meant: folders give those in them that may hold pages."""
    return [path for path, _ in expanded(paths)]


def _praise(row: Row) -> str:
    if row.earlier:
        return "read before"
    return f"{row.characters} characters, {row.confidence:.0%} sure"
