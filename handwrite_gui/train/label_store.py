"""The labels that the person changed: kept in a file, taken back step by step."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from handwrite_gui.engine.data.label_edits import LabelEdits, read_label_edits, write_label_edits
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.settings import settings

FILE_NAME = "label-edits.json"


class LabelStore(QObject):
    """Holds the edits of every data set; a change is written at once.

    The file is read when the edits are first asked for.  A file that cannot be read is never
    written over: edits hold until the program ends then.

    Signals:
        changed(): there are other edits now.
        failed(object): the file cannot be read or written; what is wrong.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._edits: LabelEdits | None = None
        self._earlier: list[LabelEdits] = []
        self._may_write = True

    @property
    def path(self) -> Path:
        """Beside the settings."""
        return Path(settings().fileName()).parent / FILE_NAME

    @property
    def edits(self) -> LabelEdits:
        if self._edits is None:
            try:
                self._edits = read_label_edits(self.path)
            except HandwriteError as error:
                self._edits = LabelEdits()
                self._may_write = False
                self.failed.emit(error)
        return self._edits

    def edit(self, keys: Iterable[str], original: str, label: str | None) -> None:
        """Samples labelled ``original`` have ``label`` from now on; None sets them aside."""
        self.replace(self.edits.with_edit(keys, original, label))

    def replace(self, edits: LabelEdits) -> None:
        """Other edits hold; :meth:`undo` brings back those before."""
        if edits != self.edits:
            self._earlier.append(self.edits)
            self._adopt(edits)

    @property
    def can_undo(self) -> bool:
        return bool(self._earlier)

    def undo(self) -> None:
        """Take back the last change since the program was opened."""
        if self._earlier:
            self._adopt(self._earlier.pop())

    def _adopt(self, edits: LabelEdits) -> None:
        self._edits = edits
        if self._may_write:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                write_label_edits(self.path, edits)
            except (HandwriteError, OSError) as error:
                self.failed.emit(error)
        self.changed.emit()
