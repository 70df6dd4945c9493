"""The page view: open a page, have it read, look at what was read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QPoint, QRect, QSettings, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.commands import Command
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.handwriting.page_samples import PageSamples
from handwrite_gui.model_store import ModelStore
from handwrite_gui.page import incoming, recent_files
from handwrite_gui.page.character_text import summary
from handwrite_gui.page.display import Display
from handwrite_gui.page.document import OpenDocument
from handwrite_gui.page.document_files import DocumentFiles
from handwrite_gui.page.doubt import most_doubtful, next_doubtful
from handwrite_gui.page.editing import PageEditor
from handwrite_gui.page.empty_state import EmptyState
from handwrite_gui.page.exporting import PageExporter, ask_for_export
from handwrite_gui.page.floating import DropHint, ProgressCard, RegionBar
from handwrite_gui.page.importer import ReadingImporter
from handwrite_gui.page.leafing import Leafer
from handwrite_gui.page.opener import PageOpener
from handwrite_gui.page.page_commands import PDF_RESOLUTIONS, page_commands
from handwrite_gui.page.page_finder import pages_to_export
from handwrite_gui.page.page_image import PDF_DPI, PageImage
from handwrite_gui.page.page_strip import PageStrip
from handwrite_gui.page.reading import Page
from handwrite_gui.page.reading_choices import known_options
from handwrite_gui.page.recovery import Recovery, RecoveryCopy, found_copies
from handwrite_gui.page.recovery_bar import RecoveryBar
from handwrite_gui.page.samples import samples
from handwrite_gui.page.saving import ask_where_to_save, remember_folder, save_reading
from handwrite_gui.page.session import PageSession
from handwrite_gui.page.step_loader import StepLoader
from handwrite_gui.page.steps import StepName
from handwrite_gui.page.text_map import CharacterRange
from handwrite_gui.page.tools import PageTools
from handwrite_gui.page.viewport import Viewport
from handwrite_gui.page.workspace import Workspace
from handwrite_gui.settings import Settings
from handwrite_gui.widgets.alphabet_chooser import AlphabetChooser

SPLITTER_KEY = "page/splitter"
LANGUAGE_KEY = "page/language"
FIELD_KEY = "page/field"
PDF_DPI_KEY = "page/pdf_dpi"
NO_LANGUAGE = "none"
COMPACT_STRIP_BELOW = 1040
"""Width of the view below which the list of pages shows smaller pictures."""


class PageView(QWidget):
    """Reads pages of handwriting.

    Signals:
        status_message(str): something worth a line in the status bar.
        error_message(str): something went wrong; one sentence fit to be shown.
        error_raised(object): an exception that ended the work, to be explained.
        error_settled(): the last such sentence no longer matters.
        commands_changed(): other commands can be used now.
        notice(str): something happened to a file that the person must know of.
        title_changed(): another page is open, or it has changes that were not saved, or no longer.
    """

    status_message = Signal(str)
    error_message = Signal(str)
    error_raised = Signal(object)
    error_settled = Signal()
    commands_changed = Signal()
    notice = Signal(str)
    title_changed = Signal()

    def __init__(self, store: ModelStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._left: tuple[PageImage, Viewport | None] | None = None
        self._by_doubt = False
        self._looked_at: tuple[tuple[float, int], CharacterRange | None] | None = None
        self.display = Display()
        shipped = samples()
        self.session = PageSession(store, self)
        self.step_loader = StepLoader(self)
        self.leafer = Leafer(self.session, store, self)
        self.opener = PageOpener(self.session, store, self)
        self.importer = ReadingImporter(self.session, self)
        self._export_waiting = False
        self.page_samples = PageSamples(self.session, self)
        self.exporter = PageExporter(self)
        self.empty_state = EmptyState(shipped)
        self.workspace = Workspace()
        self.editor = PageEditor(self.workspace, store, self)
        self.files = DocumentFiles(self)
        self.recovery = Recovery(self)
        self.recovery_bar = RecoveryBar()
        self._keeps_copies = False
        self._commands = page_commands(self, shipped)
        self.tools = PageTools(self.workspace, self._commands, AlphabetChooser(store))
        self.strip = PageStrip(self.leafer.list)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty_state)
        self._stack.addWidget(self.workspace)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.recovery_bar)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.strip)
        row.addWidget(self._stack, 1)
        layout.addLayout(row)
        self.strip.hide()
        self.progress = ProgressCard(self)
        self.region_bar = RegionBar(self)
        self._drop_hint = DropHint(self)
        self.setAcceptDrops(True)
        self.empty_state.show_recent(recent_files.recent_files())
        self._connect()

    def _connect(self) -> None:
        session = self.session
        self.page_samples.failed.connect(self.error_raised)
        session.page_changed.connect(self._show_page)
        session.busy_changed.connect(self._show_busy)
        session.progressed.connect(self.progress.show_progress)
        session.failed.connect(self.error_raised)
        session.outdated_changed.connect(self._show_outdated)
        session.options_changed.connect(self._show_options)
        session.file_opened.connect(self.error_settled)
        self.opener.files_wanted.connect(self.open_files)
        self.opener.pages_added.connect(self.leafer.add)
        self.opener.error_message.connect(self.error_message)
        self.opener.recent_changed.connect(self._recent_changed)
        self.exporter.status_message.connect(self.status_message)
        self.exporter.failed.connect(self.error_raised)
        self.exporter.busy_changed.connect(self._show_busy)
        self.exporter.progressed.connect(self.progress.show_progress)
        self.importer.pages_wanted.connect(self.leafer.open_requests)
        self.importer.readings_found.connect(self.leafer.take_readings)
        self.importer.status_message.connect(self.status_message)
        self.importer.failed.connect(self.error_raised)
        self.importer.busy_changed.connect(self._show_busy)
        self.importer.progressed.connect(self.progress.show_progress)
        leafer = self.leafer
        leafer.changed.connect(self._show_list)
        leafer.status_message.connect(self.status_message)
        leafer.failed.connect(self.error_raised)
        leafer.busy_changed.connect(self._show_busy)
        leafer.progressed.connect(self.progress.show_progress)
        leafer.all_read.connect(self._export_what_was_read)
        self.strip.chosen.connect(leafer.show)
        self.strip.files_dropped.connect(leafer.add)
        self._store.changed.connect(self.commands_changed)
        self._store.loading_changed.connect(self._show_waiting)
        self.commands_changed.connect(self.tools.refresh)
        self.progress.cancel_wanted.connect(self.cancel)
        self.empty_state.open_wanted.connect(self.opener.ask_for_file)
        self.empty_state.paste_wanted.connect(self.opener.paste)
        self.empty_state.path_chosen.connect(self.open_path)
        self.tools.alphabet.failed.connect(self.error_message)
        self.tools.choices.chosen.connect(session.set_options)
        self.tools.angle.settled.connect(
            lambda slant: session.turn(session.framing.quarters, slant)
        )
        self.tools.steps.chosen.connect(self._show_step)
        self.step_loader.found.connect(self._show_step)
        self.step_loader.busy_changed.connect(self._show_busy)
        self.step_loader.progressed.connect(self.progress.show_progress)
        self.step_loader.failed.connect(self.error_raised)
        self.region_bar.confirmed.connect(self.workspace.canvas.confirm_region)
        self.region_bar.left.connect(self.workspace.canvas.leave_region)
        self.workspace.canvas.region_chosen.connect(session.read_region)
        self.workspace.canvas.region_left.connect(self._leave_region)
        self.workspace.selection_changed.connect(self.commands_changed)
        self.workspace.undo_changed.connect(self.commands_changed)
        self.workspace.canvas.confirmed.connect(self.confirm)
        self.editor.failed.connect(self.error_raised)
        self.workspace.undo_changed.connect(self.title_changed)
        session.recovered.connect(self.recovery.owns)
        self.files.saved.connect(self._saved)
        self.files.failed.connect(self.error_raised)
        self.files.noticed.connect(self.notice)
        self.files.busy_changed.connect(self.commands_changed)
        self.recovery.failed.connect(self.error_raised)
        self.recovery_bar.recover_wanted.connect(self.recover)
        self.recovery_bar.offer(found_copies())
        self.workspace.panel.notice.read_again_wanted.connect(session.read_again)

    # What the window asks of a view

    def commands(self) -> list[Command]:
        return self._commands

    @property
    def document_title(self) -> str:
        """What the window calls the page that is open; empty where none is."""
        page = self.session.page
        return "" if page is None else page.document.name

    @property
    def is_modified(self) -> bool:
        """Whether the page has changes that were not saved."""
        page = self.session.page
        return page is not None and page.document.is_changed

    def may_close(self) -> bool:
        """Ask what is to become of changes that were not saved; False to stay open."""
        return self.files.may_close(self.session.documents)

    def keep_copies(self) -> None:
        """Leave recovery copies when closing: there is nobody to ask."""
        self._keeps_copies = True

    def shutdown(self) -> None:
        """Give up all work and wait until it has ended."""
        self.files.shutdown()
        self.recovery.shutdown(keep=self._keeps_copies)
        self.page_samples.shutdown()
        self.importer.shutdown()
        self.leafer.shutdown()
        self.session.shutdown()
        self.step_loader.shutdown()
        self.exporter.shutdown()
        self.editor.shutdown()
        self.empty_state.shutdown()

    def save_state(self, store: QSettings) -> None:
        store.setValue(SPLITTER_KEY, self.workspace.splitter.saveState())
        self.display.save(store)
        options = self.session.options
        store.setValue(LANGUAGE_KEY, options.language or NO_LANGUAGE)
        store.setValue(FIELD_KEY, options.field)
        store.setValue(PDF_DPI_KEY, self.leafer.dpi)

    def restore_state(self, store: Settings) -> None:
        dpi = store.read(PDF_DPI_KEY, PDF_DPI)
        if dpi in PDF_RESOLUTIONS:
            self.leafer.set_dpi(dpi)
        state = store.value(SPLITTER_KEY)
        if isinstance(state, QByteArray):
            self.workspace.splitter.restoreState(state)
        self.set_display(Display.restored(store))
        language = store.read(LANGUAGE_KEY, "en")
        self.session.set_options(
            known_options(None if language == NO_LANGUAGE else language, store.read(FIELD_KEY, ""))
        )
        self._show_options()

    # Opening

    def open_path(self, path: str | os.PathLike[str]) -> None:
        """Open a file or a folder and read its first page; what is wrong with it is told."""
        self.leafer.open([Path(path)])

    def open_files(self, pages: Sequence[Path], readings: Sequence[Path] = ()) -> None:
        """Open files and folders as a list of pages, and readings that belong to them."""
        if readings:
            self.importer.take(readings, pages)
        elif pages:
            self.leafer.open(pages)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if incoming.can_take(event.mimeData()):
            event.acceptProposedAction()
            self._drop_hint.appear()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drop_hint.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._drop_hint.hide()
        event.acceptProposedAction()
        self.opener.take(event.mimeData(), "Dropped image")

    def _recent_changed(self) -> None:
        self.empty_state.show_recent(recent_files.recent_files())
        self.commands_changed.emit()

    # Saving the page

    def save(self) -> None:
        """Save the open page in its file; where it has none, ask for one."""
        page = self.session.page
        if page is not None:
            self.files.save(page.document)

    def save_as(self) -> None:
        """Save the open page in a file that the person chooses."""
        page = self.session.page
        if page is not None:
            self.files.save_as(page.document)

    @property
    def changed_documents(self) -> list[OpenDocument]:
        """Of all pages with changes that were not saved, shown or not."""
        return [document for document in self.session.documents if document.is_changed]

    def save_all(self) -> None:
        """Save every page with changes, each in its file."""
        self.files.save_all(self.changed_documents)

    def recover(self, copy: RecoveryCopy) -> None:
        """Open a page with the changes that a crash left unsaved."""
        try:
            self.session.open_recovered(self.recovery.take_over(copy))
        except OSError as error:
            self.error_message.emit(
                f"{copy.name}: its recovery copy cannot be opened ({error.strerror})."
            )

    def _saved(self, document: OpenDocument) -> None:
        if document.path is not None:
            self.opener.remember(document.path)
            self.status_message.emit(f"Saved as {document.path.name}.")
        self.title_changed.emit()
        self.commands_changed.emit()

    # Showing

    @property
    def is_busy(self) -> bool:
        """Whether there is work that can be given up."""
        working = (self.session, self.step_loader, self.leafer, self.exporter, self.importer)
        return any(one.is_busy for one in working)

    def has_page(self) -> bool:
        return self.session.page is not None

    def has_reading(self) -> bool:
        return self.session.page is not None and self.session.page.reading is not None

    def has_region(self) -> bool:
        """Whether only a part of the page is read."""
        return self.session.page is not None and self.session.page.framing.region is not None

    def has_text(self) -> bool:
        return self.workspace.overlay is not None and bool(self.workspace.overlay.text.characters)

    def set_display(self, display: Display) -> None:
        """Choose what of the reading is shown over the page, and in which way."""
        self.display = display
        self.workspace.canvas.set_display(display)
        self.workspace.set_as_seen(display.as_seen)
        self.commands_changed.emit()

    def go_to_doubtful(self, step: int) -> None:
        """Select the next (1) or the previous (-1) character that is not sure, going round."""
        overlay = self.workspace.overlay
        if overlay is not None:
            self._by_doubt = False
            start = self.workspace.place
            self._go_to(next_doubtful(overlay.text, start, step))

    def go_to_most_doubtful(self) -> None:
        """Select the character that is least sure; from there on, the next surer one."""
        overlay = self.workspace.overlay
        if overlay is None:
            return
        self._by_doubt = True
        selected = self.workspace.canvas.selection
        goes_on = self._looked_at is not None and selected == self._looked_at[1]
        after = self._looked_at[0] if goes_on and self._looked_at is not None else None
        found = most_doubtful(overlay.text, after)
        self._go_to(None if found is None else found[1])
        self._looked_at = None if found is None else (found, self.workspace.canvas.selection)

    def edit_boxes(self, edits: bool) -> None:
        """Let dragging on the image edit boxes, or move the image."""
        self.workspace.canvas.set_edits_boxes(edits)
        if edits:
            self.workspace.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
            self.status_message.emit(
                "Drag to move, size or draw a box, with Ctrl to cut. Alt and arrows move it, "
                "with Shift they size it."
            )
        self.commands_changed.emit()

    def confirm(self) -> None:
        """Say that what is selected is right, and go on to the next doubtful character."""
        self.editor.confirm()
        if self._by_doubt:
            self.go_to_most_doubtful()
        else:
            self.go_to_doubtful(1)

    def _go_to(self, index: int | None) -> None:
        if index is None:
            self.status_message.emit("Every character is sure.")
        else:
            self.workspace.select(CharacterRange(index, index))

    def _show_page(self) -> None:
        page = self.session.page
        if page is None:
            self._stack.setCurrentWidget(self.empty_state)
        else:
            had_focus = self.empty_state.isAncestorOf(QApplication.focusWidget() or self)
            self._stack.setCurrentWidget(self.workspace)
            if had_focus:
                self.workspace.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
            self._show_in_workspace(page)
            self.files.forget_others(self.session.documents)
            self.files.opened(page.document)
            self.recovery.follow(page.document)
        self._show_framing()
        self._show_step()
        self._place_floating()
        self.title_changed.emit()
        self.commands_changed.emit()

    def _show_in_workspace(self, page: Page) -> None:
        before, canvas = self.workspace.page, self.workspace.canvas
        viewport = None
        if self._left is not None and self._left[0] is page.image:
            viewport = self._left[1]
        if before is not None and before.reading is not None:
            self._left = before.image, canvas.kept_viewport
        self.workspace.show_page(page, self._waiting_for(), viewport)
        overlay = self.workspace.overlay
        if page.reading is not None and overlay is not None:
            what = summary(overlay.shown, page.reading.seconds)
            self.status_message.emit(f"{page.image.name}: {what}")

    def _show_waiting(self) -> None:
        self.workspace.panel.text_pane.setPlaceholderText(self._waiting_for())

    def _waiting_for(self) -> str:
        if self._store.recognizer is not None:
            return "Reading…"
        if self._store.is_loading:
            return "Waiting for the model…"
        return "There is no model to read with. Open a model file, or train one."

    def _show_busy(self) -> None:
        if self.is_busy:
            self._place_floating()
            self.progress.start()
        else:
            self.progress.stop()
        self._show_framing()
        self._show_outdated()
        self.commands_changed.emit()

    def _show_outdated(self) -> None:
        # While it is being read again there is nothing left to offer.
        shown = self.session.is_outdated and not self.session.is_busy
        self.workspace.panel.notice.setVisible(shown)

    def _show_options(self) -> None:
        self.tools.choices.show_options(self.session.options)

    def _show_framing(self) -> None:
        self.tools.angle.setEnabled(self.has_page())
        self.tools.angle.show_angle(self.session.framing.slant)

    # Turning, and reading a part

    def turn(self, quarters: int) -> None:
        """Turn the page by quarters clockwise, from how it is turned now."""
        framing = self.session.framing
        self.session.turn(framing.quarters + quarters, framing.slant)

    def choose_region(self, chosen: bool) -> None:
        """Let the person drag a rectangle over the part to read, or leave that."""
        if chosen:
            self.workspace.canvas.choose_region()
            self.region_bar.show()
            self.region_bar.raise_()
            self._place_floating()
            self.commands_changed.emit()
        else:
            self.workspace.canvas.leave_region()

    def _leave_region(self) -> None:
        self.region_bar.hide()
        self.commands_changed.emit()

    def cancel(self) -> None:
        """Leave choosing a region; where none is being chosen, give up the work."""
        if self.workspace.canvas.is_choosing_region:
            self.workspace.canvas.leave_region()
            return
        if self.step_loader.is_busy:
            self.step_loader.cancel()
            self.tools.steps.show_step(StepName.PHOTOGRAPH)
        if self.session.is_busy:
            self.session.cancel()
        self._export_waiting = False
        self.leafer.cancel()
        self.importer.cancel()
        self.exporter.cancel()

    def _show_step(self) -> None:
        """Show the step that is chosen, as soon as it is found; the photograph until then."""
        name, page = self.tools.steps.step, self.session.page
        steps = None if page is None else self.step_loader.steps_of(page)
        if name is StepName.PHOTOGRAPH or page is None:
            self.workspace.canvas.show_step(None)
            self.step_loader.cancel()
        elif steps is not None:
            self.workspace.canvas.show_step(steps[name])
        else:
            self.workspace.canvas.show_step(None)
            if page.reading is not None and page.reading.framing == page.framing:
                self.step_loader.load(page)

    def edit_label(self) -> None:
        """Let the person type what the selected character is."""
        self.workspace.panel.card.label_field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Not a focus proxy: Tab would stop at it, and leave out what comes before the canvas.
        target = self.workspace.canvas if self.has_page() else self.empty_state.open_button
        target.setFocus(event.reason())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.strip.set_compact(event.size().width() < COMPACT_STRIP_BELOW)
        self._place_floating()

    def _place_floating(self) -> None:
        """Over the image, where there is one."""
        shown = self.workspace.canvas if self.workspace.isVisible() else self
        area = QRect(shown.mapTo(self, QPoint(0, 0)), shown.size())
        self.progress.place_over(area)
        self.region_bar.place_over(area)

    # Taking the text away

    def copy_text(self) -> None:
        """Put all of the text on the clipboard, as it is shown."""
        if self.workspace.overlay is not None:
            QGuiApplication.clipboard().setText(self.workspace.overlay.text.text)
            self.status_message.emit("Text copied.")

    def ask_where_to_save(self) -> None:
        """Let the person choose a file for the text, and write it."""
        if self.has_reading() and self.session.page is not None:
            path = ask_where_to_save(self, self.session.page.source.stem)
            if path is not None:
                self.save_text(path)

    def ask_how_to_export(self) -> None:
        """Let the person choose a format and a file, and write what is shown to it."""
        page, overlay = self.session.page, self.workspace.overlay
        if page is not None and overlay is not None and self.has_reading():
            self.exporter.ask(page, overlay.shown.result)

    def can_export_all(self) -> bool:
        """Whether there are several pages, and nothing is being done with them."""
        return self.leafer.has_several and self.has_reading() and not self.is_busy

    def export_all(self) -> None:
        """Export all pages of the list together; those that were not read are read first."""
        if not self.can_export_all():
            return
        self._export_waiting = True
        if self.leafer.unread:
            self.leafer.read_all()
        else:
            self._export_what_was_read()

    def _export_what_was_read(self) -> None:
        if not self._export_waiting:
            return
        self._export_waiting = False
        pages = pages_to_export(self.leafer.entries)
        left_out = len(self.leafer.entries) - len(pages)
        chosen = ask_for_export(self, self.leafer.entries[0].path.stem)
        if chosen is None:
            return
        self.exporter.export_all(*chosen, pages)
        if left_out:
            self.error_message.emit(
                f"{_pages(left_out)} could not be read and {'is' if left_out == 1 else 'are'} left "
                "out; the list tells why."
            )

    def _show_list(self) -> None:
        if self.strip.isVisibleTo(self) != self.leafer.has_several:
            self.strip.setVisible(self.leafer.has_several)
            self._place_floating()
        self.strip.show_current(self.leafer.current)
        self.commands_changed.emit()

    def save_text(self, path: Path) -> None:
        """Write the text as it is shown to a file; ``error_message`` tells what went wrong."""
        page, overlay = self.session.page, self.workspace.overlay
        if page is None or overlay is None:
            return
        try:
            save_reading(path, page, overlay.shown.result)
        except HandwriteError as error:
            self.error_message.emit(str(error))
            return
        remember_folder(path)
        self.status_message.emit(f"Saved as {path.name}.")


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"
