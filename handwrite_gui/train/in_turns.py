"""Work of the window in small parts, with time for input and painting between them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer

Part = Callable[[], object]

TURN_MILLISECONDS = 16
"""A frame of most screens: what one part changed is painted before the next begins."""


class InTurns(QObject):
    """Does the parts of an update one after another, each in a turn of the event loop of its own.

    Qt paints all that changed in one turn at once.  An update that changes half the window is
    felt as a jerk of the pen; in parts, nobody sees it.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[Part] = deque()
        self._timer = QTimer(self, interval=TURN_MILLISECONDS)
        self._timer.timeout.connect(self._next)

    def do(self, parts: Iterable[Part]) -> None:
        """Do the first part now and the others in the turns to come.

        What is left of an update before is done first: none is ever lost.
        """
        self.finish()
        self._waiting.extend(parts)
        self._next()

    def finish(self) -> None:
        """Do at once what is left."""
        while self._waiting:
            self._next()

    def drop(self) -> None:
        """Forget what is left."""
        self._waiting.clear()
        self._timer.stop()

    def _next(self) -> None:
        part = self._waiting.popleft() if self._waiting else None
        # Told first: a part may ask for other work.
        if self._waiting:
            self._timer.start()
        else:
            self._timer.stop()
        if part is not None:
            part()
