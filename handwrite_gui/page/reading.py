"""Reading a page's image, and what comes of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handwrite_gui.engine.page.result import PageResult
from handwrite_gui.page.page_image import PageImage

if TYPE_CHECKING:
    from handwrite_gui.engine.recognizer import Recognizer


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What was read, and with what.

    Attributes:
        result: the page's lines, words and characters.
        seconds: how long it took.
        recognizer: what read it; another one in use since makes the reading out of date.
        alphabet: name of the alphabet it was limited to.
    """

    result: PageResult
    seconds: float
    recognizer: Recognizer
    alphabet: str


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """An image and, once it was read, its reading."""

    image: PageImage
    reading: Reading | None = None


def read_page(
    image: PageImage,
    recognizer: Recognizer,
    alphabet: str,
    *,
    on_progress: Callable[[float, str], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Reading:
    """Read a page and take the time.

    Raises:
        Cancelled: ``should_stop`` became true.
    """
    start = time.perf_counter()
    result = recognizer.read_page(image.pixels, on_progress=on_progress, should_stop=should_stop)
    return Reading(result, time.perf_counter() - start, recognizer, alphabet)
