"""What the person does to the characters of a page: one place for keys, mouse and menus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from handwrite_gui.engine.page.result import Character, Point, Quad
from handwrite_gui.engine.page_document.edits import (
    Confirm,
    Draw,
    Edit,
    Erase,
    Merge,
    MoveLine,
    Part,
    Relabel,
    Reshape,
    Shift,
    Split,
    Withdraw,
)
from handwrite_gui.engine.page_document.places import around, cut, divided
from handwrite_gui.engine.page_document.rewriting import rewritten
from handwrite_gui.engine.page_document.writing import LONGEST_LABEL, Gap, Writing
from handwrite_gui.model_store import ModelStore
from handwrite_gui.page.document import OpenDocument
from handwrite_gui.page.framing import map_quad
from handwrite_gui.page.reading import Page
from handwrite_gui.page.shown_page import Decided
from handwrite_gui.page.text_map import CharacterRange
from handwrite_gui.page.workspace import Workspace
from handwrite_gui.workers import TaskRunner


class PageEditor(QObject):
    """Edits what is selected in a workspace.

    What is in a new box is read in a worker, which takes a moment; then it is one thing done.

    Signals:
        failed(object): an exception that ended the reading of a box.
    """

    failed = Signal(object)

    def __init__(self, workspace: Workspace, store: ModelStore, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._store = store
        self._runner = TaskRunner(self)
        self._alternatives: tuple[Writing, int, tuple[str, ...], int] | None = None
        workspace.canvas.typed.connect(self.correct)
        workspace.canvas.box_drawn.connect(self.draw)
        workspace.canvas.box_reshaped.connect(self.reshape)
        workspace.canvas.box_nudged.connect(self.nudge)
        workspace.canvas.cut_drawn.connect(self.split)
        workspace.panel.corrected.connect(self.correct)
        workspace.panel.withdrawn.connect(self.withdraw)
        workspace.panel.text_pane.edited.connect(self.rewrite)

    def shutdown(self) -> None:
        """Give up all work and wait until it has ended."""
        self._runner.shutdown()

    @property
    def is_busy(self) -> bool:
        """Whether a box is being read."""
        return self._runner.is_busy

    # What can be done

    @property
    def document(self) -> OpenDocument | None:
        """The document that is shown, once it was read."""
        page = self._workspace.page
        return None if page is None or self._workspace.overlay is None else page.document

    @property
    def selection(self) -> CharacterRange | None:
        return self._workspace.canvas.selection

    @property
    def one(self) -> int | None:
        """The one character that is selected; None where none or several are."""
        selection = self.selection
        return None if selection is None or len(selection) > 1 else selection.first

    @property
    def is_corrected(self) -> bool:
        """Whether the one selected character has a label from the person."""
        overlay, index = self._workspace.overlay, self.one
        return (
            overlay is not None
            and index is not None
            and overlay.shown.decided[index] is Decided.BY_PERSON
        )

    def can_part(self, gap: Gap) -> bool:
        """Whether something else than ``gap`` stands before what is selected."""
        selection, document = self.selection, self.document
        if selection is None or document is None or not selection.first:
            return False
        return document.writing.characters[selection.first].gap is not gap

    def alternatives(self) -> tuple[str, ...]:
        """What else the one selected character could be, likeliest first, as it is first."""
        index, document = self.one, self.document
        if index is None or document is None:
            return ()
        own = document.writing.characters[index]
        labels = [own.read.label, *(guess.label for guess in own.read.alternatives)]
        return tuple(dict.fromkeys([own.label, *labels]))

    # Labels

    def correct(self, label: str) -> None:
        """Say what the selected character is."""
        index = self.one
        label = "".join(label.split())[:LONGEST_LABEL]
        if index is not None and label:
            self._do(Relabel(index, self._meant(label) if len(label) == 1 else label))

    def confirm(self) -> None:
        """Say that the selected characters are what they were taken for."""
        selection = self.selection
        if selection is not None:
            self._do(Confirm(selection.first, selection.last))

    def withdraw(self) -> None:
        """Take back what the person said that the selected character is."""
        index = self.one
        if index is not None:
            self._do(Withdraw(index))

    def next_alternative(self, step: int = 1) -> None:
        """Correct the selected character to the next likeliest; after the last, to the first."""
        index, document = self.one, self.document
        if index is None or document is None:
            return
        before = self._alternatives
        if before is None or before[0] is not document.writing or before[1] != index:
            labels, at = self.alternatives(), 0
        else:
            _, _, labels, at = before
        if len(labels) < 2:
            return
        at = (at + step) % len(labels)
        self._do(Relabel(index, labels[at]), key=("alternative", index))
        self._alternatives = document.writing, index, labels, at

    # Text

    def rewrite(self, start: int, end: int, text: str) -> None:
        """Put other text in place of a part of it; offsets as Python counts them."""
        document = self.document
        if document is None:
            return
        edit = rewritten(document.writing, start, end, self._meant(text))
        behind = len(document.writing.text) - end
        if edit is not None:
            self._do(edit)
        self._workspace.panel.text_pane.put_caret(len(document.writing.text) - behind)

    def part(self, gap: Gap) -> None:
        """Put a space, a line break or nothing before what is selected."""
        selection = self.selection
        if selection is not None:
            self._do(Part(selection.first, gap))

    def shift(self, step: int) -> None:
        """Move what is selected by one place in reading order."""
        selection, document = self.selection, self.document
        if selection is None or document is None:
            return
        own = document.writing.characters[selection.first]
        self._do(Shift(selection.first, selection.last, step))
        there = [c.read is own.read for c in document.writing.characters].index(True)
        self._select(there, there + len(selection) - 1)

    def move_line(self, step: int) -> None:
        """Move the line of what is selected up (-1) or down (1)."""
        selection, document = self.selection, self.document
        if selection is None or document is None:
            return
        own = document.writing.characters[selection.first]
        self._do(MoveLine(selection.first, step))
        there = [c.read is own.read for c in document.writing.characters].index(True)
        self._select(there, there + len(selection) - 1)

    # Boxes

    def erase(self) -> None:
        """Delete the selected characters; the one behind them is selected."""
        selection, document = self.selection, self.document
        if selection is None or document is None:
            return
        self._do(Erase(selection.first, selection.last))
        count = len(document.writing.characters)
        if count:
            here = min(selection.first, count - 1)
            self._select(here, here)

    def merge(self) -> None:
        """Make one character of the selected ones."""
        selection, document = self.selection, self.document
        if selection is None or document is None or len(selection) < 2:
            return
        first, last = selection.first, selection.last
        quads = [c.quad for c in document.writing.characters[first : last + 1]]
        self._read([around(quads)], lambda read: Merge(first, last, read[0]), first, first)

    def split(self, one: Point | None = None, other: Point | None = None) -> bool:
        """Cut the selected character in two.

        Args:
            one, other: the ends of the cut on the image as it is turned; None to halve it.

        Returns:
            whether the cut parts it.
        """
        index, document, page = self.one, self.document, self._workspace.page
        if index is None or document is None or page is None:
            return False
        quad = document.writing.characters[index].quad
        if one is None or other is None:
            first, second = divided(quad, 2)
        else:
            halves = cut(quad, page.turn.original(one), page.turn.original(other))
            if halves is None:
                return False
            first, second = halves
        self._read([first, second], lambda read: Split(index, tuple(read)), index, index + 1)
        return True

    def draw(self, quad: Quad) -> None:
        """Add a character.

        Args:
            quad: its place on the image as it is turned.
        """
        page = self._workspace.page
        if page is not None:
            place = map_quad(quad, page.turn.original)
            self._read([place], lambda read: Draw(read[0]), None, None)

    def nudge(self, index: int, quad: Quad) -> None:
        """Give a character another place by a small step; what is in it is not read again."""
        page, document = self._workspace.page, self.document
        if page is not None and document is not None:
            read = document.writing.characters[index].read
            place = map_quad(quad, page.turn.original)
            self._do(Reshape(index, replace(read, quad=place)), key=("nudge", index))

    def reshape(self, index: int, quad: Quad) -> None:
        """Give a character another place on the image as it is turned."""
        page = self._workspace.page
        if page is not None:
            place = map_quad(quad, page.turn.original)
            self._read([place], lambda read: Reshape(index, read[0]), index, index)

    # History

    def undo(self) -> None:
        """Take the last thing done back, and show where it was."""
        document = self.document
        if document is not None and document.undo_title is not None:
            document.undo()
            self._show_touched(document)

    def redo(self) -> None:
        """Do what was undone last again, and show where that is."""
        document = self.document
        if document is not None and document.redo_title is not None:
            document.redo()
            self._show_touched(document)

    def _show_touched(self, document: OpenDocument) -> None:
        if document.touched is not None:
            self._select(document.touched.first, document.touched.last)

    def _do(self, edit: Edit, key: object = None) -> None:
        document = self.document
        if document is not None:
            document.do(edit, key)

    def _select(self, first: int, last: int) -> None:
        self._workspace.select(CharacterRange(first, last))

    def _read(
        self,
        quads: Sequence[Quad],
        make: Callable[[Sequence[Character]], Edit],
        first: int | None,
        last: int | None,
    ) -> None:
        """Read what is in boxes, then do what comes of it and select characters."""
        page, document = self._workspace.page, self.document
        if page is None or document is None:
            return
        before = document.writing
        task = self._runner.run(
            _read_boxes, page.source.pixels, tuple(quads), self._store.recognizer
        )

        def do(read: Sequence[Character]) -> None:
            if self._is_shown(page) and document.writing is before:
                document.do(make(read))
                touched = document.touched
                if first is not None and last is not None:
                    self._select(first, last)
                elif touched is not None:
                    made = [
                        i for i, c in enumerate(document.writing.characters) if c.read is read[0]
                    ]
                    self._select(made[0], made[0])

        task.finished.connect(do)
        task.failed.connect(self.failed)

    def _is_shown(self, page: Page) -> bool:
        shown = self._workspace.page
        return shown is not None and shown.document is page.document

    def _meant(self, text: str) -> str:
        """With an alphabet of capitals nobody means the small letters typed without Shift."""
        page = self._workspace.page
        reader = None if page is None or page.reading is None else page.reading.recognizer
        reader = reader or self._store.recognizer
        if reader is None:
            return text
        known = reader.classes
        if text in known:
            return text
        return "".join(c.upper() if c not in known and c.upper() in known else c for c in text)


def _read_boxes(
    pixels: object, quads: tuple[Quad, ...], recognizer: object
) -> tuple[Character, ...]:
    from handwrite_gui.engine.page_document.box_reading import read_boxes

    return read_boxes(pixels, quads, recognizer)  # type: ignore[arg-type]
