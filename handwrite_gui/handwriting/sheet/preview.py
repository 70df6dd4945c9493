"""What was cut out of filled-in sheets, as it is shown before it goes into a profile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from handwrite_gui.importing import one_at_a_time

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from handwrite_gui.engine.handwriting.sample_sheet.files import SheetPicture
    from handwrite_gui.engine.handwriting.samples import NewSample
    from handwrite_gui.engine.recognizer import Recognizer


@dataclass(frozen=True, eq=False, slots=True)
class Cutting:
    """A sample as it is shown.

    Attributes:
        sample: as it would be kept.
        verdict: ``good``, ``doubtful`` or ``scribbled``.
        caption, tip: a few characters, and all there is to know.
    """

    sample: NewSample
    verdict: str
    caption: str
    tip: str


@dataclass(frozen=True, eq=False, slots=True)
class Preview:
    """All that was cut out.

    Attributes:
        inputs: uint8 (N, 1024), what the network is shown of each.
        cuttings: N, those to be looked at first.
        pages: how many pages were read.
        problems: a sentence for each picture that could not be.
    """

    inputs: NDArray[np.uint8]
    cuttings: tuple[Cutting, ...]
    pages: int
    problems: tuple[str, ...]


_ORDER = ("doubtful", "scribbled", "good")


def preview_sheets(
    paths: Sequence[Path],
    recognizer: Recognizer | None,
    on_progress: Callable[[float, str], None],
    should_stop: Callable[[], bool],
) -> Preview:
    """Read pictures of sheets; for a worker."""
    with one_at_a_time:
        from handwrite_gui.engine.handwriting.sample_sheet.files import read_sheet_files
    from handwrite_gui.engine.data.normalizer import INPUT_SIZE, normalize

    pictures = read_sheet_files(paths, recognizer, on_progress=on_progress, should_stop=should_stop)
    cuttings = [cutting for picture in pictures for cutting in _cuttings(picture)]
    cuttings.sort(key=lambda one: _ORDER.index(one.verdict))
    inputs = normalize([one.sample.image for one in cuttings]).reshape(-1, INPUT_SIZE**2)
    problems = [_problem(picture) for picture in pictures if picture.error is not None]
    pages = sum(picture.page is not None for picture in pictures)
    return Preview(inputs, tuple(cuttings), pages, tuple(problems))


def _cuttings(picture: SheetPicture) -> list[Cutting]:
    from handwrite_gui.engine.handwriting.sample_sheet.reading import new_sample

    cuttings = []
    for sample in picture.page.samples if picture.page is not None else ():
        kept, reading = new_sample(sample, picture.name), sample.reading
        caption, tip = sample.label, f"Asked for {sample.label}"
        if reading is not None:
            tip += f", read as {reading.label} ({100 * reading.probability:.0f} %)"
            if sample.verdict == "doubtful":
                caption = f"{sample.label} → {reading.label}"
        if sample.verdict == "scribbled":
            tip += "; it looks scribbled over"
        cuttings.append(Cutting(kept, sample.verdict, caption, f"{tip}. {kept.source}"))
    return cuttings


def _problem(picture: SheetPicture) -> str:
    text = str(picture.error)
    return text if text.startswith(picture.name) else f"{picture.name}: {text}"
