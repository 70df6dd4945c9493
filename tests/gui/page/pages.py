"""Pages made by hand, and stand-ins for the model, for the tests of the page view."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from handwrite_gui.engine.errors import Cancelled
from handwrite_gui.engine.page.inspection import PageSteps
from handwrite_gui.engine.page.result import Character, Line, PageResult, Word, box_quad
from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.model_store import ModelStore

WIDTH, HEIGHT = 400, 300
SIDE = 20
"""Of a character's box, in image pixels."""


def character(label: str, left: float, top: float, probability: float = 0.95) -> Character:
    """A character in a box of SIDE × SIDE pixels."""
    alternatives = (Prediction(label, probability), Prediction("#", 1 - probability))
    return Character(label, probability, alternatives, box_quad(left, top, left + SIDE, top + SIDE))


def page(*lines: str, sure: Callable[[int], float] = lambda index: 0.95) -> PageResult:
    """A page of lines of text: a character every 25 pixels, a line every 50, from (10, 10).

    Args:
        sure: gives the probability of the character with an index in reading order.
    """
    index = 0
    made = []
    for row, text in enumerate(lines):
        words = []
        column = 0
        for word in text.split(" "):
            characters = []
            for label in word:
                characters.append(character(label, 10 + 25 * column, 10 + 50 * row, sure(index)))
                index += 1
                column += 1
            words.append(Word(tuple(characters)))
            column += 1
        made.append(Line(tuple(words)))
    return PageResult(WIDTH, HEIGHT, tuple(made))


def inferred_page(text: str, index: int, label: str) -> PageResult:
    """A line of which one character was inferred by the language to be another than it looks."""
    return _changed(page(text), index, label=label, changed_by="language")


def hiding_page(text: str, index: int) -> PageResult:
    """A line of which one character has no ink of its own, and is known from its word."""
    return _changed(page(text), index, alternatives=(), changed_by="language")


def _changed(result: PageResult, index: int, **changes: object) -> PageResult:
    """A page of one word with one character another."""
    characters = list(result.lines[0].words[0].characters)
    characters[index] = replace(characters[index], **changes)
    return replace(result, lines=(Line((Word(tuple(characters)),)),))


BLANK = PageResult(WIDTH, HEIGHT, ())


def write_image(path: Path, size: tuple[int, int] = (WIDTH, HEIGHT), grey: int = 255) -> Path:
    """An evenly grey picture file."""
    Image.new("L", size, grey).save(path)
    return path


def steps_of(image: NDArray[np.uint8]) -> PageSteps:
    """What a reader may have found on an image: at half its size, one line with two parts."""
    grey = image[::2, ::2] if image.ndim == 2 else image[::2, ::2, 0]
    line = ((10.0, 10.0), (80.0, 10.0), (80.0, 30.0), (10.0, 30.0))
    return PageSteps(
        grey=np.ascontiguousarray(grey),
        ink=np.full(grey.shape, 255, np.uint8),
        reduction=2,
        degrees=0.0,
        lines=(line,),
        pieces=((box_quad(10, 10, 30, 30), box_quad(35, 10, 55, 30)),),
    )


class StandInRecognizer:
    """Reads what it was told, page after page; the last one again and again.

    Set ``hold`` to make it wait until it is asked to stop or ``go_on`` is set.
    """

    def __init__(self, *results: PageResult | Exception) -> None:
        self._results = list(results)
        self.seen: list[NDArray[np.uint8]] = []
        self.options: list[tuple[str | None, str]] = []
        self.classes = tuple("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        self.alphabet = "alnum"
        self.model = SimpleNamespace(card=SimpleNamespace(name="stand-in"))
        self.hold = False
        self.waiting = threading.Event()
        self.go_on = threading.Event()

    def classify(
        self, images: Sequence[NDArray[np.uint8]], alternatives: int = 5
    ) -> list[tuple[Prediction, ...]]:
        """Every ink is an N, and paper is nothing."""
        guesses = (Prediction("N", 0.9), Prediction("M", 0.1))
        return [guesses if image.any() else () for image in images]

    def read_page(
        self,
        image: NDArray[np.uint8],
        *,
        language: str | None = "en",
        field: str = "any",
        on_progress: Callable[[float, str], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
        on_steps: Callable[[PageSteps], None] | None = None,
    ) -> PageResult:
        assert threading.current_thread() is not threading.main_thread()
        self.seen.append(image)
        self.options.append((language, field))
        result = self._results.pop(0) if len(self._results) > 1 else self._results[0]
        if on_progress is not None:
            on_progress(0.25, "Finding lines…")
        if self.hold:
            self.waiting.set()
            while not self.go_on.wait(0.005):
                if should_stop is not None and should_stop():
                    raise Cancelled
        if isinstance(result, Exception):
            raise result
        if on_steps is not None:
            on_steps(steps_of(image))
        if should_stop is not None and should_stop():
            raise Cancelled
        return result


class StandInModel:
    """As much of a model as the views ask for."""

    def __init__(self, classes: Sequence[str]) -> None:
        self.classes = tuple(classes)


class StandInStore(ModelStore):
    """A store whose recogniser is put in by the test."""

    def __init__(self, recognizer: StandInRecognizer | None = None) -> None:
        super().__init__()
        self._recognizer = recognizer  # type: ignore[assignment]

    def put(self, recognizer: StandInRecognizer) -> None:
        """Use another model."""
        self._recognizer = recognizer  # type: ignore[assignment]
        self.changed.emit()
