"""Where the characters to train on come from, and the work of getting them ready."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.alphabets import ALPHABETS
from handwrite_gui.engine.data.label_edits import LabelEdits
from handwrite_gui.engine.data.normalizer import INPUT_SIZE
from handwrite_gui.engine.errors import HandwriteError

if TYPE_CHECKING:
    from handwrite_gui.engine.data.dataset import Dataset
    from handwrite_gui.engine.training.training_data import TrainingData

OnProgress = Callable[[float, str], None]
ShouldStop = Callable[[], bool]

PREVIEW_COUNT = 24
TEST_PER_CLASS = 100
"""Synthetic characters of each class for the test; made when they are asked for."""
_TEST_SEED = 7_140_403
"""Divides and draws otherwise than any seed that a person is likely to choose."""


@dataclass(frozen=True)
class SyntheticSource:
    """Characters drawn from the program's own stroke templates: no file, no internet."""

    alphabet: str = "alnum"
    per_class: int = 300

    @property
    def title(self) -> str:
        return f"Synthetic characters ({self.alphabet})"

    @property
    def class_count(self) -> int:
        return len(ALPHABETS[self.alphabet])


@dataclass(frozen=True)
class FileSource:
    """A file or folder in any format that the engine's readers know.

    Attributes:
        test_share: share of the samples that is split off for the end, and neither learned from nor
            validated on nor shown; 0 for none.
    """

    path: Path
    test_share: float = 0.0

    @property
    def title(self) -> str:
        return self.path.name


@dataclass(frozen=True)
class DownloadSource:
    """A public collection, fetched by name and kept in the user's data folder."""

    collection: str

    @property
    def title(self) -> str:
        family, _, part = self.collection.partition("-")
        return f"{family.upper()} {part}".rstrip()


DataSource = SyntheticSource | FileSource | DownloadSource


def source_to_dict(source: DataSource) -> dict[str, Any]:
    """Plain values, fit for JSON, from which :func:`source_from_dict` makes the source again."""
    match source:
        case SyntheticSource():
            return {
                "kind": "synthetic",
                "alphabet": source.alphabet,
                "per_class": source.per_class,
            }
        case FileSource():
            values = {"kind": "file", "path": str(source.path.absolute())}
            # Without the key where nothing is split off: runs of before have none either.
            return {**values, "test_share": source.test_share} if source.test_share else values
        case DownloadSource():
            return {"kind": "download", "collection": source.collection}


def source_from_dict(values: Mapping[str, Any]) -> DataSource:
    """The inverse of :func:`source_to_dict`.

    Raises:
        HandwriteError: the data did not come from a source of the window.
    """
    match values:
        case {"kind": "synthetic", "alphabet": str(alphabet), "per_class": int(per_class)} if (
            alphabet in ALPHABETS
        ):
            return SyntheticSource(alphabet, per_class)
        case {"kind": "file", "path": str(path)}:
            share = values.get("test_share", 0.0)
            if isinstance(share, int | float) and 0 <= share < 1:
                return FileSource(Path(path), float(share))
        case {"kind": "download", "collection": str(collection)}:
            return DownloadSource(collection)
    raise HandwriteError(
        "The data of this run were chosen on the command line; it can be continued there, with "
        "its checkpoint, but not in the window."
    )


@dataclass(frozen=True)
class PreparedData:
    """Normalised characters, divided into what is trained on and what it is checked with.

    Attributes:
        name: what the data set calls itself.
        classes: the characters, in the order of the network's outputs.
        preview: uint8 (n, 32, 32), a few normalised characters to show.
        source, validation_share: what the data was made from.
        by_groups: whole writers or blocks were held back, not single images.
        edits: the changes of labels that training and validation have taken in.
        groups: int64 (N,) the group of each sample, training first, a negative number where nobody
            knows; None where there are no groups, or samples were set aside.
    """

    name: str
    classes: tuple[str, ...]
    training: TrainingData
    validation: TrainingData
    preview: NDArray[np.uint8]
    source: DataSource
    validation_share: float
    by_groups: bool
    edits: LabelEdits = field(default_factory=LabelEdits)
    groups: NDArray[np.int64] | None = None

    def edited(self, edits: LabelEdits) -> PreparedData:
        """These data with labels changed and samples set aside; only for data without edits."""
        return replace(
            self,
            training=edits.apply(self.training, self.classes),
            validation=edits.apply(self.validation, self.classes),
            edits=edits,
            groups=None if edits else self.groups,
        )

    @property
    def training_count(self) -> int:
        return len(self.training.targets)

    @property
    def validation_count(self) -> int:
        return len(self.validation.targets)


def prepare_data(
    source: DataSource,
    *,
    validation_share: float,
    seed: int = 0,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> PreparedData:
    """Make, read or fetch the characters, divide and normalise them.

    Args:
        source: where they come from.
        validation_share: share of the samples held back, see ``Dataset.split``.
        seed: of the synthesis and of the division.

    Raises:
        HandwriteError: the data cannot be had or used; the message says why.
        Cancelled: ``should_stop`` became true.
    """
    from handwrite_gui.engine.data.dataset import to_training_data

    report = on_progress or (lambda _fraction, _text: None)
    dataset = _load(source, seed, _part(report, 0.0, 0.6), should_stop)
    classes = dataset.classes
    if len(classes) < 2:
        raise HandwriteError(
            f"“{dataset.name}” has images of {len(classes)} class only; a classifier needs at "
            f"least two. Choose data with more classes."
        )
    if isinstance(source, FileSource) and source.test_share:
        dataset = dataset.split(source.test_share, _TEST_SEED)[0]
    training_set, validation_set = dataset.split(validation_share, seed)
    training = to_training_data(
        training_set, classes, on_progress=_part(report, 0.6, 0.92), should_stop=should_stop
    )
    validation = to_training_data(
        validation_set, classes, on_progress=_part(report, 0.92, 1.0), should_stop=should_stop
    )
    groups = dataset.groups
    by_groups = groups is not None and len(np.unique(groups[groups >= 0])) > 1
    return PreparedData(
        name=dataset.name,
        classes=classes,
        training=replace(training, name=dataset.name),
        validation=replace(validation, name=dataset.name),
        preview=_preview(training, len(classes)),
        source=source,
        validation_share=validation_share,
        by_groups=by_groups,
        groups=_groups_of(training_set, validation_set) if by_groups else None,
    )


def has_test_data(source: DataSource) -> bool:
    """Whether there are characters for the end that are neither learned from nor validated on.

    Synthetic ones are made, public collections bring their own; of a file some may be split off.
    """
    return not isinstance(source, FileSource) or source.test_share > 0


def name_of_test_data(source: DataSource) -> str:
    """What the characters for the end are called in figures."""
    return f"{source.title}, test"


def prepare_test_data(
    source: DataSource,
    classes: Sequence[str],
    *,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> TrainingData:
    """The characters of a source that are for the end, normalised.

    Args:
        source: one that has them, see :func:`has_test_data`; a file of which nothing is split off
            is taken as a whole.
        classes: of the run; characters of others are left out.

    Raises:
        HandwriteError: they cannot be had or used, or none of them is of these classes.
        Cancelled: ``should_stop`` became true.
    """
    from handwrite_gui.engine.data.dataset import to_training_data

    report = on_progress or (lambda _fraction, _text: None)
    reading = _part(report, 0.0, 0.7)
    match source:
        case SyntheticSource():
            from handwrite_gui.engine.data.synthesis import synthesize

            # Another seed: other invented writers.
            dataset = synthesize(
                tuple(classes),
                TEST_PER_CLASS,
                _TEST_SEED,
                on_progress=reading,
                should_stop=should_stop,
            )
        case _:
            dataset = _read(source, reading, should_stop, of_test=True)
            if isinstance(source, FileSource) and source.test_share:
                dataset = dataset.split(source.test_share, _TEST_SEED)[1]
    dataset = dataset.of_classes(classes)
    if not len(dataset):
        raise HandwriteError(
            f"“{source.title}” has none of the characters that the run tells apart "
            f"({''.join(classes)}); choose other test data."
        )
    data = to_training_data(
        dataset, classes, on_progress=_part(report, 0.7, 0.95), should_stop=should_stop
    )
    return replace(data, name=name_of_test_data(source))


def _groups_of(*parts: Dataset) -> NDArray[np.int64]:
    found = [part.groups for part in parts]
    return np.concatenate([np.asarray(groups, np.int64) for groups in found if groups is not None])


def _load(
    source: DataSource, seed: int, report: OnProgress, should_stop: ShouldStop | None
) -> Dataset:
    if isinstance(source, SyntheticSource):
        from handwrite_gui.engine.data.synthesis import synthesize

        dataset = synthesize(
            tuple(ALPHABETS[source.alphabet]),
            source.per_class,
            seed,
            on_progress=report,
            should_stop=should_stop,
        )
        return replace(dataset, name=source.title)
    return _read(source, report, should_stop)


def _read(
    source: FileSource | DownloadSource,
    report: OnProgress,
    should_stop: ShouldStop | None,
    *,
    of_test: bool = False,
) -> Dataset:
    """A file, or a collection, which is fetched where it is not there; of that the test's part."""
    from handwrite_gui.engine.data.readers import read_dataset

    if isinstance(source, FileSource):
        return read_dataset(source.path, on_progress=report, should_stop=should_stop)
    from handwrite_gui.engine.data.fetch import fetch, file_of_test

    path = fetch(source.collection, on_progress=_part(report, 0.0, 0.8), should_stop=should_stop)
    if of_test:
        path = file_of_test(source.collection)
    dataset = read_dataset(path, on_progress=_part(report, 0.8, 1.0), should_stop=should_stop)
    return replace(dataset, name=source.title)


def _part(report: OnProgress, start: float, end: float) -> OnProgress:
    """Report a part's own progress 0..1 as the stretch ``start``..``end`` of the whole."""
    return lambda fraction, text: report(start + fraction * (end - start), text)


def _preview(data: TrainingData, class_count: int) -> NDArray[np.uint8]:
    """A few characters, spread over the classes and the same for the same data."""
    rng = np.random.default_rng(0)
    shuffled = rng.permutation(len(data.targets))
    targets = data.targets[shuffled]
    wanted = np.unique(np.linspace(0, class_count - 1, PREVIEW_COUNT).round().astype(np.int64))
    chosen = [shuffled[np.flatnonzero(targets == one)[:1]] for one in wanted]
    indices = np.concatenate(chosen)
    return data.inputs[indices].reshape(-1, INPUT_SIZE, INPUT_SIZE)
