"""What the browser of the data looks for: duplicates, near duplicates, doubtful labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.data.audit import cross_probabilities, doubtful_labels, duplicates
from handwrite_gui.engine.data.label_edits import LabelEdits
from handwrite_gui.engine.training.training_data import TrainingData
from handwrite_gui.importing import one_at_a_time
from handwrite_gui.train.data_source import PreparedData
from handwrite_gui.train.sample_desk import LabelledInputs

_MOST_OF_A_GROUP = 24


@dataclass(frozen=True, slots=True)
class Writer:
    """Whose samples are never torn apart.

    Attributes:
        number: of the group in the data set; negative for those of whom nobody knows.
        training, validation: how many samples are in each part.
    """

    number: int
    training: int
    validation: int

    @property
    def count(self) -> int:
        return self.training + self.validation

    @property
    def name(self) -> str:
        return "Writer unknown" if self.number < 0 else f"Writer {self.number}"

    @property
    def part(self) -> str:
        """Where the samples are."""
        if self.training and self.validation:
            return "training and validation"
        return "training" if self.training else "validation"


@dataclass(frozen=True, eq=False)
class Everything:
    """Training and validation samples together, training first.

    Attributes:
        samples: all of them.
        training_count: how many of the first are trained on.
        counts: samples of each class.
        groups: int64 (N,) the writer of each; None where they are not known.
        writers: those of the validation part first, each part by number.
    """

    samples: LabelledInputs
    training_count: int
    counts: tuple[int, ...]
    groups: NDArray[np.int64] | None = None
    writers: tuple[Writer, ...] = ()

    def writer_of(self, row: int) -> str:
        """Who wrote a sample, as a tip says it; empty where nobody knows."""
        if self.groups is None or self.groups[row] < 0:
            return ""
        return f"writer {self.groups[row]}"


def gather(data: PreparedData) -> Everything:
    """All samples of prepared data, counted."""
    inputs = np.concatenate([data.training.inputs, data.validation.inputs])
    targets = np.concatenate([data.training.targets, data.validation.targets])
    counts = np.bincount(targets, minlength=len(data.classes))
    samples = LabelledInputs(inputs, targets, data.classes, LabelEdits())
    return Everything(
        samples,
        data.training_count,
        tuple(counts.tolist()),
        data.groups,
        () if data.groups is None else _writers(data.groups, data.training_count),
    )


def _writers(groups: NDArray[np.int64], training_count: int) -> tuple[Writer, ...]:
    numbers = np.unique(np.maximum(groups, -1))
    place = np.searchsorted(numbers, np.maximum(groups, -1))
    training = np.bincount(place[:training_count], minlength=len(numbers))
    validation = np.bincount(place[training_count:], minlength=len(numbers))
    writers = [
        Writer(int(number), int(learned), int(measured))
        for number, learned, measured in zip(numbers, training, validation, strict=True)
    ]
    return tuple(sorted(writers, key=lambda one: (one.training > 0, one.number < 0, one.number)))


@dataclass(frozen=True, eq=False)
class Finding:
    """Samples to look at.

    Attributes:
        title, detail: what was found.
        rows: of the samples, in the order to show them.
        captions: of a row its caption and its tip.
    """

    title: str
    detail: str
    rows: list[int]
    captions: dict[int, tuple[str, str]]


def find_duplicates(everything: Everything) -> Finding:
    """Images that are equal to the last pixel."""
    samples = everything.samples
    groups = duplicates(samples.inputs)
    captions = {
        row: (
            f"{samples.label(row)} · {number}",
            f"{samples.label(row)}, one of {len(group)} equal images",
        )
        for number, group in enumerate(groups, 1)
        for row in group.tolist()
    }
    occurs = "image occurs" if len(groups) == 1 else "images occur"
    detail = f"{len(groups):,} {occurs} more than once{_what_is_wrong(everything, groups)}"
    rows = [int(row) for group in groups for row in group]
    return Finding("Duplicates", detail if groups else "No image occurs twice.", rows, captions)


def find_near_duplicates(
    everything: Everything,
    on_progress: Callable[[float, str], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Finding:
    """Images that are nearly the same, the nearest first; of many alike, the first few."""
    with one_at_a_time:  # in a worker; it loads SciPy, which the view does not wait for
        from handwrite_gui.engine.data.near_duplicates import near_duplicates

    samples = everything.samples
    found = near_duplicates(samples.inputs, on_progress=on_progress, should_stop=should_stop)
    groups = [one.rows for one in found]
    rows: list[int] = []
    captions = {}
    for number, (group, one) in enumerate(zip(groups, found, strict=True), 1):
        for row in group[:_MOST_OF_A_GROUP].tolist():
            rows.append(row)
            captions[row] = (
                f"{samples.label(row)} · {number}",
                f"{samples.label(row)}, one of {len(group):,} that are nearly the same "
                f"(distance {one.distance:.3f})",
            )
    what = "group of images is" if len(groups) == 1 else "groups of images are"
    detail = f"{len(groups):,} {what} nearly the same{_what_is_wrong(everything, groups)}"
    none = "No two images are nearly the same."
    return Finding("Near duplicates", detail if groups else none, rows, captions)


def _what_is_wrong(everything: Everything, groups: list[NDArray[np.int64]]) -> str:
    """How many groups have several labels, and how many are in both parts."""
    targets, first = everything.samples.targets, everything.training_count
    labels = sum(len(np.unique(targets[group])) > 1 for group in groups)
    split = sum(len(np.unique(group < first)) > 1 for group in groups)
    text = f"; {labels:,} of them with different labels" if labels else ""
    return text + (f"; {split:,} of them in training and in validation" if split else "")


def find_doubtful(
    everything: Everything,
    on_progress: Callable[[float, str], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Finding:
    """Samples whose label networks that did not learn from them would not give."""
    samples = everything.samples
    data = TrainingData(samples.inputs, samples.targets)
    probabilities = cross_probabilities(
        data, samples.classes, on_progress=on_progress, should_stop=should_stop
    )
    rows = doubtful_labels(probabilities, samples.targets).tolist()
    captions = {}
    for row in rows:
        read = int(probabilities[row].argmax())
        label, other = samples.label(row), samples.classes[read]
        tip = (
            f"Labelled {label}, judged {other} ({probabilities[row, read]:.0%}; "
            f"{probabilities[row, samples.targets[row]]:.1%} for {label})"
        )
        captions[row] = (f"{label} ▸ {other}", tip)
    detail = f"{len(rows):,} labels are doubtful, the most doubtful first: look, then decide"
    return Finding("Doubtful labels", detail if rows else "No label is doubtful.", rows, captions)
