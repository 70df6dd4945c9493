"""What was done to a document, and what can be undone and done again: a value as well."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

State = TypeVar("State")

MOST_STEPS = 2000
"""So many steps are kept; of a page of 2000 characters each takes some 16 kB."""


@dataclass(frozen=True, slots=True)
class Step(Generic[State]):
    """One thing that was done.

    Attributes:
        title: what, as it stands after “Undo”.
        state: what came of it.
        key: steps that follow each other with the same key are one, such as a box pushed pixel by
            pixel; None for what stands alone.
    """

    title: str
    state: State
    key: object = None


@dataclass(frozen=True, slots=True)
class History(Generic[State]):
    """States of a document, one after the other.

    Attributes:
        start: before anything was done.
        steps: what was done, and then what was undone and not yet lost.
        done: how many of them are done.
        saved: what the document's file holds; None where it was never saved.
    """

    start: State
    steps: tuple[Step[State], ...] = ()
    done: int = 0
    saved: State | None = None

    @property
    def state(self) -> State:
        """The document as it is."""
        return self.steps[self.done - 1].state if self.done else self.start

    @property
    def undo_title(self) -> str | None:
        """What undoing takes back; None where there is nothing."""
        return self.steps[self.done - 1].title if self.done else None

    @property
    def redo_title(self) -> str | None:
        """What is done again; None where there is nothing."""
        return self.steps[self.done].title if self.done < len(self.steps) else None

    @property
    def is_changed(self) -> bool:
        """Whether the file holds something else; of a document without one, whether anything
        was done."""
        state = self.state
        saved = self.start if self.saved is None else self.saved
        return state is not saved and state != saved

    def after(self, title: str, state: State, key: object = None) -> History[State]:
        """With one thing more done; what was undone before is lost.

        What changes nothing is not a step.
        """
        if state is self.state or state == self.state:
            return self
        steps = self.steps[: self.done]
        if key is not None and steps and steps[-1].key == key and steps[-1].state != self.saved:
            steps = steps[:-1]
        start = self.start
        if len(steps) >= MOST_STEPS:
            start, steps = steps[0].state, steps[1:]
        steps = (*steps, Step(title, state, key))
        return replace(self, start=start, steps=steps, done=len(steps))

    def undone(self) -> History[State]:
        """With the last step taken back; the same where there is none."""
        return replace(self, done=max(self.done - 1, 0))

    def redone(self) -> History[State]:
        """With the step that was taken back last done again; the same where there is none."""
        return replace(self, done=min(self.done + 1, len(self.steps)))

    def as_saved(self, state: State) -> History[State]:
        """Knowing what the file holds, which need not be what the document has become since."""
        return replace(self, saved=state)
