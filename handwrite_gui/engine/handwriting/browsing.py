"""The samples of a hand, each with what it is read as: to find those that are wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handwrite_gui.engine.handwriting.samples import Sample
from handwrite_gui.engine.recognizer import Recognizer

DOUBTFUL_BELOW = 0.5
"""Probability of its label below which a sample is doubtful: it was mislabelled, or is unlike
anything that was learned."""


@dataclass(frozen=True, slots=True, eq=False)
class BrowsedSample:
    """A sample with what it is read as.

    Attributes:
        sample: as it is kept.
        read_as: the likeliest label.
        share: the probability of its own label, 0 to 1; None where the recogniser has no class for
            it and nothing can be said.
    """

    sample: Sample
    read_as: str
    share: float | None

    @property
    def is_doubtful(self) -> bool:
        return self.share is not None and self.share < DOUBTFUL_BELOW


def browse_samples(recognizer: Recognizer, samples: Sequence[Sample]) -> list[BrowsedSample]:
    """Read every sample, in the order given."""
    if not samples:
        return []
    probabilities = recognizer.probabilities([sample.image for sample in samples])
    column = {label: index for index, label in enumerate(recognizer.classes)}
    return [
        BrowsedSample(
            sample,
            recognizer.classes[int(row.argmax())],
            float(row[column[sample.label]]) if sample.label in column else None,
        )
        for sample, row in zip(samples, probabilities, strict=True)
    ]


def filter_samples(
    samples: Sequence[BrowsedSample],
    *,
    label: str = "",
    origin: str = "",
    only_doubtful: bool = False,
) -> list[BrowsedSample]:
    """Those of one character, one origin, or in doubt; "" for any.  By character, and then as they
    were kept; the doubtful ones with the least likely first."""
    chosen = [
        own
        for own in samples
        if (not label or own.sample.label == label)
        and (not origin or own.sample.origin == origin)
        and (own.is_doubtful or not only_doubtful)
    ]
    if only_doubtful:
        return sorted(chosen, key=lambda own: own.share or 0.0)
    return sorted(chosen, key=lambda own: (own.sample.label, own.sample.id))
