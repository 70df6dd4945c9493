"""Reading a filled-in sample sheet back: from a picture to samples of a hand.

from handwrite_gui.engine.handwriting.sample_sheet.reading import keep_sheet, read_sheet

page = read_sheet(read_image("photograph.jpg"), recognizer)
good = [sample for sample in page.samples if sample.verdict == "good"]
keep_sheet(profile.samples, good, "photograph.jpg")
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from handwrite_gui.engine.errors import Cancelled, HandwriteError
from handwrite_gui.engine.evaluation.look_alikes import LOOK_ALIKES
from handwrite_gui.engine.handwriting.sample_sheet.cells import WrittenCell, written_cells
from handwrite_gui.engine.handwriting.sample_sheet.flattening import flatten
from handwrite_gui.engine.handwriting.sample_sheet.layout import Cell, SampleSheet
from handwrite_gui.engine.handwriting.sample_sheet.marks import find_sheet
from handwrite_gui.engine.handwriting.samples import NewSample, SampleStore
from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.engine.recognizer import Recognizer

Verdict = Literal["good", "doubtful", "scribbled"]
"""Whether a sample looks like what was asked for, like something else, or scribbled over."""

_SURE = 0.9  # of another character, from which a sample is doubtful


@dataclass(frozen=True, eq=False, slots=True)
class SheetSample:
    """What was written into a box.

    Attributes:
        cell: which box, and what it asks for.
        page: of the sheet, from 1.
        image: uint8 (h, w), ink 255 on 0.
        verdict: see :data:`Verdict`.
        reading: what the model takes it for; None where none was asked.
        place: unique to the picture and the box.
    """

    cell: Cell
    page: int
    image: NDArray[np.uint8]
    verdict: Verdict
    reading: Prediction | None
    place: str

    @property
    def label(self) -> str:
        """The character that was asked for."""
        return self.cell.label


@dataclass(frozen=True, eq=False, slots=True)
class SheetPage:
    """A page of a sheet that was read.

    Attributes:
        sheet: which sheet it is.
        page: which of its pages, from 1.
        samples: of the boxes that hold ink, in their order; at least one.
        empty: how many boxes hold none.
    """

    sheet: SampleSheet
    page: int
    samples: tuple[SheetSample, ...]
    empty: int

    def of_verdict(self, verdict: Verdict) -> tuple[SheetSample, ...]:
        """The samples of one verdict."""
        return tuple(sample for sample in self.samples if sample.verdict == verdict)


def read_sheet(
    pixels: NDArray[np.uint8],
    recognizer: Recognizer | None = None,
    *,
    on_progress: Callable[[float, str], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> SheetPage:
    """Read a photograph or a scan of one page, whichever way up.

    Args:
        pixels: uint8 (H, W) grey or (H, W, 3 or 4) red, green, blue (alpha).
        recognizer: tells which samples look like another character; None believes them all.
        on_progress: told the share done, 0 to 1, and what is being done.
        should_stop: asked between the steps.

    Raises:
        SheetNotFoundError: the picture shows no sheet, or too little of one.
        HandwriteError: nothing is written on it.
        Cancelled: ``should_stop`` said so.
        ValueError: the array has another shape or dtype.
    """
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3):
        raise ValueError(f"a picture must be uint8 (H, W, …), not {pixels.dtype} {pixels.shape}")

    def step(share: float, text: str) -> None:
        if should_stop is not None and should_stop():
            raise Cancelled
        if on_progress is not None:
            on_progress(share, text)

    pixels = np.ascontiguousarray(pixels[..., :3] if pixels.ndim == 3 else pixels)
    step(0.0, "Looking for the sheet")
    grey = pixels if pixels.ndim == 2 else np.asarray(Image.fromarray(pixels).convert("L"))
    found = find_sheet(grey)
    step(0.3, "Laying it flat")
    luminance, red = flatten(pixels, found)
    step(0.7, "Cutting out the samples")
    cells = found.sheet.cells(found.page)
    written = written_cells(luminance, red, cells)
    if not written:
        raise HandwriteError(
            f"Nothing is written on page {found.page} of this sample sheet; fill it in with a blue "
            "or black pen."
        )
    step(0.9, "Looking at the samples")
    digest = hashlib.blake2b(pixels.data, digest_size=12).hexdigest()
    samples = _judged(written, found.page, f"sheet {digest} ", recognizer)
    return SheetPage(found.sheet, found.page, samples, len(cells) - len(written))


def keep_sheet(store: SampleStore, samples: Sequence[SheetSample], source: str) -> list[int]:
    """Keep samples of a sheet, all or none; the same picture never gives one twice.

    Args:
        store: of the person's hand.
        samples: those that are wanted.
        source: the name of the picture's file.

    Returns:
        The samples' numbers, for :meth:`~.samples.SampleStore.remove`.

    Raises:
        HandwriteError: the file cannot be written.
    """
    return store.add_all([new_sample(sample, source) for sample in samples])


def new_sample(sample: SheetSample, source: str) -> NewSample:
    """A sample as it is kept, with where it came from."""
    where = f"{source}, page {sample.page}, box {sample.cell.number}"
    return NewSample(sample.image, sample.label, "sheet", where, sample.place)


def _judged(
    written: Sequence[WrittenCell], page: int, place: str, recognizer: Recognizer | None
) -> tuple[SheetSample, ...]:
    readings: Sequence[Prediction | None] = [None] * len(written)
    if recognizer is not None:
        guesses = recognizer.classify([one.image for one in written], 1)
        readings = [own[0] if own else None for own in guesses]
    known = () if recognizer is None else recognizer.classes
    return tuple(
        SheetSample(
            one.cell,
            page,
            one.image,
            "scribbled" if one.scribbled else _verdict(one.cell.label, reading, known),
            reading,
            f"{place}{one.cell.number}",
        )
        for one, reading in zip(written, readings, strict=True)
    )


def _verdict(label: str, reading: Prediction | None, known: Sequence[str]) -> Verdict:
    if reading is None or label not in known or reading.probability < _SURE:
        return "good"
    alike = _shape(reading.label) == _shape(label)
    return "good" if alike else "doubtful"


def _shape(label: str) -> str:
    return LOOK_ALIKES.get(label, label)
