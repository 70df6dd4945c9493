"""Reading a page's image, and what comes of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from handwrite_gui.engine.page.result import PageResult, box_quad
from handwrite_gui.engine.page_document.edits import ReadAgain
from handwrite_gui.engine.page_document.writing import Writing
from handwrite_gui.engine.text.fields import Field
from handwrite_gui.page.document import OpenDocument
from handwrite_gui.page.framing import UNFRAMED, Framing, Turn, map_quad, map_result
from handwrite_gui.page.hit_testing import Bounds
from handwrite_gui.page.overlay import Overlay
from handwrite_gui.page.page_image import PageImage
from handwrite_gui.page.shown_page import ShownPage

if TYPE_CHECKING:
    from handwrite_gui.engine.recognizer import Recognizer


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What is known of the writing before it is read.

    Attributes:
        language: whose words are expected (``en``); None for none.
        field: ``any``, ``digits`` or ``letters``.
    """

    language: str | None = "en"
    field: Field = "any"


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What was read, and with what.

    Attributes:
        result: lines, words and characters, with places on the page's image as it is turned.
        seconds: how long it took.
        recognizer: what read it; another one in use since makes the reading out of date.  None
            for a document's own reading, of which only the names of what read it are known.
        alphabet: name of the alphabet it was limited to.
        options: what was known of the writing.
        framing: how the image was turned, and what part of it was read.
    """

    result: PageResult
    seconds: float
    recognizer: Recognizer | None
    alphabet: str
    options: ReadingOptions = ReadingOptions()
    framing: Framing = UNFRAMED


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """An image and, once it was read, its reading.

    Attributes:
        source: the image as it was opened.
        image: the same as it is turned; ``source`` itself where it is not.
        document: what stands on it, by every reading and by the person.
        framing: how it is turned, and which part of it is to be read.
        reading: the last one; that of an earlier framing while it is read anew.
    """

    source: PageImage
    image: PageImage
    document: OpenDocument
    framing: Framing = UNFRAMED
    reading: Reading | None = None

    @property
    def turn(self) -> Turn:
        """From the image as it was opened to the one that is shown."""
        return Turn(self.framing.degrees, self.source.size, self.image.size)


def read_page(
    image: PageImage,
    framing: Framing,
    recognizer: Recognizer,
    alphabet: str,
    options: ReadingOptions,
    *,
    on_progress: Callable[[float, str], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Reading:
    """Read a page, or the region of it that is framed, and take the time.

    Args:
        image: turned as ``framing`` says.

    Raises:
        Cancelled: ``should_stop`` became true.
    """
    start = time.perf_counter()
    region = framing.region
    result = recognizer.read_page(
        framed_pixels(image, region),
        language=options.language,
        field=options.field,
        on_progress=on_progress,
        should_stop=should_stop,
    )
    if region is not None:
        left, top = region.left, region.top
        result = map_result(result, lambda point: (point[0] + left, point[1] + top), image.size)
    seconds = time.perf_counter() - start
    return Reading(result, seconds, recognizer, alphabet, options, framing)


def reading_edit(reading: Reading, framing: Framing, turn: Turn) -> ReadAgain:
    """What puts a reading, on the image as it was opened, into a document.

    Args:
        framing: how the image that was read was turned, and which part of it was read.
        turn: from the image as it was opened to that one.
    """
    region = framing.region
    result = reading.result
    part = None if region is None else box_quad(*region)
    if turn.degrees:
        result = map_result(result, turn.original, turn.before)
        part = None if part is None else map_quad(part, turn.original)
    return ReadAgain(result, part)


def framed_pixels(image: PageImage, region: Bounds | None) -> npt.NDArray[np.uint8]:
    """The part of an image's array that is to be read; a view of it."""
    if region is None:
        return image.pixels
    left, top, right, bottom = map(int, region)
    return image.pixels[top:bottom, left:right]


@dataclass(frozen=True, slots=True)
class Merged:
    """A reading worked into a document's writing.

    Attributes:
        edit: what does it.
        before: the writing that it was worked into; another one makes it void.
        after: what came of it.
        overlay: the characters as they are shown on the image that was read.
    """

    edit: ReadAgain
    before: Writing
    after: Writing
    overlay: Overlay


def merge_reading(reading: Reading, framing: Framing, turn: Turn, writing: Writing) -> Merged:
    """Work a reading into a writing; for workers, it takes a while with many characters.

    Args:
        framing, turn: as for :func:`reading_edit`.
        writing: what stands on the page, with what the person said of it.
    """
    edit = reading_edit(reading, framing, turn)
    after = edit.applied(writing)
    if after == writing:
        after = writing  # the document keeps what it has, too
    return Merged(edit, writing, after, Overlay(ShownPage.of(after, turn)))
