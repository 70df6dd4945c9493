"""The document of the page that is open: its writing, what was done to it, and its file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from handwrite_gui.engine.page_document.document_file import (
    Framed,
    PageDocument,
    PictureFile,
    ReadWith,
)
from handwrite_gui.engine.page_document.edits import Edit
from handwrite_gui.engine.page_document.history import History
from handwrite_gui.engine.page_document.writing import Writing
from handwrite_gui.page.text_map import CharacterRange

if TYPE_CHECKING:
    from handwrite_gui.page.overlay import Overlay


class OpenDocument(QObject):
    """One page's document; everything that is done to its writing can be undone.

    Args:
        title: what the page is called.
        picture: its picture as a file, or what makes one of it.
        writing: as it was opened, or empty for a picture that is to be read.
        path: its file; None where it was never saved.
        read_with: with what it was read already; None where it is to be read, or a file says so.

    Signals:
        changed(): its writing is another.
        undo_changed(): what can be undone or done again, or whether there are changes that were
            not saved, is other than before.
    """

    changed = Signal()
    undo_changed = Signal()

    def __init__(
        self,
        title: str,
        picture: PictureFile | Callable[[], PictureFile],
        writing: Writing,
        path: Path | None = None,
        parent: QObject | None = None,
        *,
        read_with: ReadWith | None = None,
    ) -> None:
        super().__init__(parent)
        self.title = title
        self.picture = picture
        self._history = History(writing, saved=None if path is None else writing)
        self._was_read = path is not None or read_with is not None
        self._touched: CharacterRange | None = None
        self.path = path
        self.stem = Path(title).stem
        self.link: Path | None = None
        self.source_path: Path | None = None
        self.framed = Framed()
        self.read_with = read_with
        self.overlay_ahead: Overlay | None = None
        self._saved_framed = self.framed
        self._is_lost = False

    @property
    def writing(self) -> Writing:
        return self._history.state

    @property
    def saved_writing(self) -> Writing | None:
        """What its file holds; None where it was never saved."""
        return self._history.saved

    @property
    def undo_title(self) -> str | None:
        """What undoing takes back; None where there is nothing."""
        return self._history.undo_title

    @property
    def redo_title(self) -> str | None:
        """What is done again; None where there is nothing."""
        return self._history.redo_title

    @property
    def is_changed(self) -> bool:
        """Whether something would be lost that was not saved.

        Of a page that was never saved that is what the person said of it: it can be read again.
        """
        if self._is_lost:
            return True
        if self.path is None:
            return self.writing.has_decisions
        return self._history.is_changed or self.framed != self._saved_framed

    @property
    def touched(self) -> CharacterRange | None:
        """The characters that the last change made or changed; None where there are none."""
        return self._touched

    def do(self, edit: Edit, key: object = None) -> bool:
        """Do something to the writing.

        Args:
            key: steps that follow each other with the same key are undone together.

        Returns:
            whether it changed anything.
        """
        return self._adopt(self._history.after(edit.title, edit.applied(self.writing), key))

    def take_reading(self, edit: Edit, read_with: ReadWith, after: Writing | None = None) -> None:
        """Take what was read; the first reading is what the document begins with.

        Args:
            edit: what puts it in place of the last one.
            read_with: what it was read with.
            after: what the edit makes of the writing as it is, where that is known already.
        """
        after = edit.applied(self.writing) if after is None else after
        if self._was_read or self._history.steps:
            self._adopt(self._history.after(edit.title, after, None))
        else:
            self._was_read = True
            self._adopt(History(after, saved=self._history.saved))
        self.read_with = read_with

    def undo(self) -> None:
        self._adopt(self._history.undone())

    def redo(self) -> None:
        self._adopt(self._history.redone())

    def snapshot(self) -> Callable[[], PageDocument]:
        """All of it as it is now, to be saved; the picture is made a file only when called."""
        title, picture, writing = self.title, self.picture, self.writing
        framed, read_with, link = self.framed, self.read_with, self.link

        def content() -> PageDocument:
            file = picture if isinstance(picture, PictureFile) else picture()
            return PageDocument(title, file, writing, framed, read_with, link)

        return content

    @property
    def name(self) -> str:
        """What to call it: by its file, where it has one."""
        return self.title if self.path is None else self.path.name

    def opened(self, document: PageDocument) -> None:
        """Take over what its file says beside the writing."""
        self.link, self.framed = document.link, document.framed
        self.source_path = document.link
        self.read_with, self._saved_framed = document.read_with, document.framed

    def saved(self, path: Path, document: PageDocument) -> None:
        """Know that a file holds it, or what it was when it was saved."""
        self.path, self.link, self._saved_framed = path, document.link, document.framed
        self._is_lost = False
        self._history = self._history.as_saved(document.writing)
        self.undo_changed.emit()

    def lost_file(self) -> None:
        """Know that no file holds it: it was recovered, or its file was removed."""
        self._is_lost = True
        self.undo_changed.emit()

    def _adopt(self, history: History[Writing]) -> bool:
        before, after = self._history.state, history.state
        if history is self._history:
            return False
        self._history = history
        self._touched = _difference(before, after)
        if after is not before:
            self.changed.emit()
        self.undo_changed.emit()
        return True


def _difference(before: Writing, after: Writing) -> CharacterRange | None:
    """The characters of ``after`` that are others than in ``before``; where some are gone, the
    one that stands there now."""
    one, two = before.characters, after.characters
    if not two:
        return None
    first, shorter = 0, min(len(one), len(two))
    while first < shorter and one[first] == two[first]:
        first += 1
    same = 0
    while same < shorter - first and one[-1 - same] == two[-1 - same]:
        same += 1
    last = len(two) - 1 - same
    if first > last:
        here = min(first, len(two) - 1)
        return CharacterRange(here, here)
    return CharacterRange(first, last)
