"""How well each character is known in one's hand, and which to ask for next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.alphabets import ALPHABETS
from handwrite_gui.engine.data.strokes import Strokes, render_fitted
from handwrite_gui.engine.handwriting.profiles import Profile
from handwrite_gui.engine.handwriting.samples import Origin, Sample
from handwrite_gui.engine.recognizer import Recognizer

ROUND = 20
"""Characters in a round of teaching: about a minute of writing."""

_DOUBT = 2.0  # as if so many samples had been read with a probability of one half
_DRAWN_SIDE = 64
_DRAWN_PEN = 5.0


@dataclass(frozen=True, slots=True)
class Known:
    """How well one character is known.

    Attributes:
        label: the character.
        samples: how many of it there are.
        share: 0 to 1: the mean probability that its samples are given, and one half where there
            are none; few samples count for less than many.
    """

    label: str
    samples: int
    share: float


def how_well_known(
    recognizer: Recognizer, samples: Sequence[Sample], labels: Sequence[str] | None = None
) -> tuple[Known, ...]:
    """Every character of a recogniser's alphabet, in its order.

    Args:
        recognizer: what reads this hand now.
        samples: of the hand.
        labels: of the alphabet; by default all letters and digits of the recogniser's.
    """
    if labels is None:
        labels = [label for label in recognizer.classes if label in ALPHABETS["full"]]
    column = {label: index for index, label in enumerate(recognizer.classes)}
    mine = [sample for sample in samples if sample.label in column]
    given: dict[str, list[float]] = {label: [] for label in labels}
    if mine:
        probabilities = recognizer.probabilities([sample.image for sample in mine])
        for sample, row in zip(mine, probabilities, strict=True):
            if sample.label in given:
                given[sample.label].append(float(row[column[sample.label]]))
    return tuple(
        Known(label, len(values), (sum(values) + 0.5 * _DOUBT) / (len(values) + _DOUBT))
        for label, values in given.items()
    )


def ask_for(known: Sequence[Known], count: int = ROUND, seed: int = 0) -> list[str]:
    """The characters to write next, those that are least sure first, each at most twice.

    Characters that are known equally well come in an order that the seed decides, so that nobody
    writes the alphabet, which is not how one writes.
    """
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(known))
    ranked = sorted(order.tolist(), key=lambda index: round(known[index].share, 2))
    asked = [known[index].label for index in ranked[:count]]
    return asked + asked[: max(0, min(count - len(asked), len(asked)))]


def keep_drawing(
    profile: Profile,
    strokes: Strokes,
    label: str,
    origin: Origin = "taught",
    *,
    source: str = "",
    place: str | None = None,
) -> int:
    """Keep what was drawn as a sample.

    Args:
        profile: whose hand.
        strokes: float ``(n, 2)`` arrays of x, y with y down, in any unit.
        label: what was asked for, or what the person said that it is.
        origin: whether it was asked for or is part of what was drawn freely.
        source, place: as for :meth:`SampleStore.add`.

    Returns:
        The sample's number.

    Raises:
        HandwriteError: the file cannot be written.
    """
    return profile.samples.add(drawn_image(strokes), label, origin, source=source, place=place)


def drawn_image(strokes: Strokes) -> NDArray[np.uint8]:
    """The ink of a drawing as a sample's image."""
    return render_fitted(strokes, longer_side=_DRAWN_SIDE, pen_width=_DRAWN_PEN)
