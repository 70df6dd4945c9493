"""Pausing, stepping and stopping a run from other threads."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto


class Turn(Enum):
    """What the training thread is to do next."""

    BATCH = auto()
    PAUSED = auto()
    RESUMED = auto()
    STOPPED = auto()


class RunControl:
    """Wishes of other threads, and whose turn it is to touch the weights.

    One condition guards everything; a paused run waits on it.  Readers go before the next
    batch: without that, a thread learning batch after batch would keep them out for long.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._running = False
        self._paused = False
        self._pause_announced = False
        self._stopping = False
        self._steps_allowed = 0
        self._pausing_after_epoch = False
        self._changing = False
        self._readers = 0

    # Wishes, from any thread

    def pause(self) -> None:
        with self._condition:
            self._paused = True
            self._pausing_after_epoch = False
            self._steps_allowed = 0

    def resume(self) -> None:
        with self._condition:
            self._paused = self._pausing_after_epoch = False
            self._steps_allowed = 0
            self._condition.notify_all()

    def step(self) -> None:
        with self._condition:
            self._paused = True
            self._pausing_after_epoch = False
            self._steps_allowed += 1
            self._condition.notify_all()

    def step_epoch(self) -> None:
        with self._condition:
            self._paused = False
            self._pausing_after_epoch = True
            self._steps_allowed = 0
            self._condition.notify_all()

    def stop(self) -> None:
        with self._condition:
            self._stopping = True
            self._condition.notify_all()

    @property
    def paused(self) -> bool:
        return self._paused

    @property
    def stopping(self) -> bool:
        return self._stopping

    # The run, in the training thread

    def begin(self) -> None:
        """Raises RuntimeError if a run is going on already."""
        with self._condition:
            if self._running:
                raise RuntimeError("this trainer is running already")
            self._running = True

    def end(self) -> None:
        """Forgets all wishes: they were for the run that ends."""
        with self._condition:
            self._running = self._paused = self._pause_announced = self._stopping = False
            self._pausing_after_epoch = False
            self._steps_allowed = 0

    def epoch_ended(self) -> None:
        """Pauses where a single epoch was asked for."""
        with self._condition:
            if self._pausing_after_epoch:
                self._pausing_after_epoch = False
                self._paused = True

    def next_turn(self) -> Turn:
        """What to do now; returns when there is something.  A pause is reported once."""
        with self._condition:
            while True:
                if self._stopping:
                    return Turn.STOPPED
                if self._steps_allowed:
                    self._steps_allowed -= 1
                    return Turn.BATCH
                if self._paused and not self._pause_announced:
                    self._pause_announced = True
                    return Turn.PAUSED
                if not self._paused and self._pause_announced:
                    self._pause_announced = False
                    return Turn.RESUMED
                if not self._paused:
                    return Turn.BATCH
                self._condition.wait()

    # Access to what a batch changes

    @contextmanager
    def changing(self) -> Iterator[None]:
        """For the training thread while it changes the state."""
        with self._condition:
            self._condition.wait_for(lambda: not self._readers)
            self._changing = True
        try:
            yield
        finally:
            with self._condition:
                self._changing = False
                self._condition.notify_all()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """For any thread while it copies the state: waits for the end of a batch at most."""
        with self._condition:
            self._readers += 1
            self._condition.wait_for(lambda: not self._changing)
        try:
            yield
        finally:
            with self._condition:
                self._readers -= 1
                self._condition.notify_all()
