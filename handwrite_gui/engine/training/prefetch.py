"""Preparing the next batches while the present one is learned."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

AHEAD = 2
"""Batches that wait at most: one evens out the times of two threads, more only takes memory."""

T = TypeVar("T")


def spare_core() -> bool:
    """Whether this process may use more than one core."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) > 1
    return (os.cpu_count() or 1) > 1


class Prefetcher(Generic[T]):
    """Makes items number first, first + 1, … stop − 1 in a thread of its own, a few ahead.

    A thread is enough: NumPy lets go of the interpreter in the loops that take the time.  What an
    item holds must not be overwritten by later ones.

    Args:
        make: makes item i; called in the other thread only.
        first: the item that :meth:`take` gives first.
        stop: one more than the last item.
    """

    def __init__(self, make: Callable[[int], T], first: int, stop: int) -> None:
        self._make = make
        self._next = first
        self._stop = stop
        self._ready: deque[T] = deque()
        self._error: BaseException | None = None
        self._closed = False
        self._changed = threading.Condition()
        # A daemon: a run that is left half-way does not keep the program from ending.
        self._thread = threading.Thread(target=self._work, name="prefetch", daemon=True)
        self._thread.start()

    def take(self) -> T:
        """The next item, once it is ready.

        Raises:
            Whatever ``make`` raised.
            IndexError: all items were taken, or the prefetcher is closed.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._ready or self._ended())
            if self._ready:
                item = self._ready.popleft()
                self._changed.notify_all()
                return item
        if self._error is not None:
            raise self._error
        raise IndexError("there are no more batches")

    def close(self) -> None:
        """Ends the thread, at the latest when the item at hand is made; twice is fine."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()

    def _ended(self) -> bool:
        return self._closed or self._error is not None or self._next >= self._stop

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: len(self._ready) < AHEAD or self._closed)
                if self._ended():
                    return
                number = self._next
            try:
                item = self._make(number)
            except BaseException as error:  # take() raises it again
                with self._changed:
                    self._error = error
                    self._changed.notify_all()
                return
            with self._changed:
                self._next = number + 1
                self._ready.append(item)
                self._changed.notify_all()
