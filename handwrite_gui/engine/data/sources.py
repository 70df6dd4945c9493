"""Where training samples come from, and how they are put together.

A source is a plain description; :func:`collect` follows a list of them.  The random numbers of a
source depend on the seed and on its place in the list alone.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.alphabets import NOT_A_CHARACTER
from handwrite_gui.engine.data.dataset import (
    Dataset,
    IntArray,
    LabelArray,
    to_training_data,
)
from handwrite_gui.engine.data.groups import for_head, joined, told_apart, without_head
from handwrite_gui.engine.data.non_characters import draw_non_characters
from handwrite_gui.engine.data.readers import read_dataset
from handwrite_gui.engine.data.readers.npz import read_npz
from handwrite_gui.engine.data.strokes import Strokes, iter_stroke_samples, render_many
from handwrite_gui.engine.data.synthesis import synthesize
from handwrite_gui.engine.errors import Cancelled, DatasetError, HandwriteError
from handwrite_gui.engine.npz_container import open_npz
from handwrite_gui.engine.training.training_data import TrainingData

BOX = 48
"""Pixels of the longer side of a rendered character: more than the network sees."""

PENS = (0.03, 0.17)
"""Width of the pen as a share of the character's longer side, least and greatest."""

DRAWN = (float(BOX), float(BOX))
"""Pixels of the longer side of a drawn character, least and greatest."""

_DRAWN_SIZES = 4
_STROKE_ARRAYS = ("points", "stroke_len", "n_strokes", "labels", "writer", "images")
_MOST_BYTES = 1 << 31
_VALIDATION_STREAM = 1 << 20
"""Its random numbers are none of a source's, whose places in the list are smaller."""


@dataclass(frozen=True, slots=True)
class StrokeSource:
    """Characters recorded with a pen, drawn ``renders`` times, every time with another pen.

    Attributes:
        path: an .npz file with ``points``, ``stroke_len``, ``n_strokes``, ``labels``, ``writer``
            and ``images``; relative to the folders of the data.
        name: what to call it.
        renders: how often each character is drawn for training.
        pens: least and greatest width of the pen as a share of the character's longer side.
        credit: how the model card names it; "" for ``name``.
        drawn: pixels of the longer side of the characters as they are drawn, least and greatest.
            Small ones come out as blurred as those of collections of small images.
    """

    path: Path
    name: str
    renders: int = 1
    pens: tuple[float, float] = PENS
    credit: str = ""
    drawn: tuple[float, float] = DRAWN


@dataclass(frozen=True, slots=True)
class ImageSource:
    """Labelled images in any format that can be read.

    Attributes:
        path: a file or folder, relative to the folders of the data.
        name: what to call it.
        repeat: how often each image is seen in an epoch.
        validation: whether writers (blocks of a scan) are set aside; else all is trained on.
        credit: how the model card names it; "" for ``name``.
        look: how its images look, a name that several sources may share; its samples are told
            apart from the characters that are learned in this look, and from no others.  A
            collection of digits alone does not show what tells a digit from a letter, only what
            the scanner was, and that must not be learned.  "" to tell them apart from all.
        most: how many of its images are learned from at most, chosen at random; 0 for all.
        head: whether it teaches the head alone, of whose characters it has nothing else.
    """

    path: Path
    name: str
    repeat: int = 1
    validation: bool = False
    credit: str = ""
    look: str = ""
    most: int = 0
    head: bool = False


@dataclass(frozen=True, slots=True)
class SyntheticSource:
    """``per_class`` of each of ``characters``, in the hands of invented writers.

    Attributes:
        script: whether they write capitals in script.
    """

    characters: str
    per_class: int
    name: str = "synthetic"
    credit: str = ""
    script: bool = False


@dataclass(frozen=True, slots=True)
class NonCharacterSource:
    """``count`` drawings that are no character, made from the strokes of all stroke sources.

    Their label is :data:`~handwrite_gui.engine.alphabets.NOT_A_CHARACTER`.
    """

    count: int
    pens: tuple[float, float] = PENS
    name: str = "non-characters"
    credit: str = ""


Source: TypeAlias = StrokeSource | ImageSource | SyntheticSource | NonCharacterSource


@dataclass(frozen=True, slots=True)
class ValidationRule:
    """Writers whose number leaves ``remainder`` modulo ``modulo`` are never trained on.

    Attributes:
        modulo: 0 to train on all writers.
        remainder: below ``modulo``.
        non_characters: how many drawings that are no character to make from the strokes of
            these writers, to measure how well they are refused.
    """

    modulo: int = 0
    remainder: int = 0
    non_characters: int = 0

    def chooses(self, writers: IntArray) -> NDArray[np.bool_]:
        """Mask (N,) of the samples that are measured on."""
        if not self.modulo:
            return np.zeros(len(writers), np.bool_)
        return np.asarray(writers % self.modulo == self.remainder)


@dataclass(frozen=True, eq=False, slots=True)
class CollectedData:
    """What a run works with.

    Attributes:
        training: to learn from.
        validation: to measure on after every epoch, or None.
        parts: the validation part of every source that has one, by name.
        non_characters: drawings of the validation writers that are no character, or None.
        left_out: all of every source that was left out, by name.
        counts: training samples of every source, by name.
    """

    training: TrainingData
    validation: TrainingData | None
    parts: dict[str, TrainingData]
    non_characters: TrainingData | None
    left_out: dict[str, TrainingData]
    counts: dict[str, int]


def find_file(path: Path, folders: Sequence[Path]) -> Path:
    """Where ``path`` is, in the first of ``folders`` that has it.

    Raises:
        HandwriteError: none has it.
    """
    for folder in folders:
        if (folder / path).exists():
            return folder / path
    raise _not_found([str(path)], folders)


def collect(
    sources: Sequence[Source],
    rule: ValidationRule,
    folders: Sequence[Path],
    classes: Sequence[str],
    seed: int,
    *,
    head: str = "",
    leave_out: Sequence[str] = (),
    on_progress: Callable[[float, str], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> CollectedData:
    """Reads, draws and normalises the samples of all sources.

    Args:
        sources: where samples come from; characters that ``classes`` lacks are left out.
        rule: who is measured on.
        folders: where the files of the sources are looked for, in order.
        classes: names of the network's outputs.
        seed: of everything random.
        head: those of ``classes``, in their order, that have outputs of their own where nothing
            else may be chosen; these follow the outputs of all classes, and are taught by every
            sample of these characters.
        leave_out: names of sources that are not trained on but measured.
        on_progress: told the share done, 0 to 1, and what was collected.
        should_stop: asked before every source.

    Raises:
        HandwriteError: files are missing (all are named) or damaged, a source holds no character
            of the network, or there are no strokes to make non-characters from.
        Cancelled: ``should_stop`` said so.
    """
    check_files_present(sources, folders)
    collector = _Collector(rule, folders, classes, seed, head)
    for index, source in enumerate(sources):
        if should_stop is not None and should_stop():
            raise Cancelled
        collector.add(source, index, left_out=source.name in leave_out)
        if on_progress is not None:
            on_progress((index + 1) / len(sources), source.name)
    return collector.collected()


def check_files_present(
    sources: Sequence[Source], folders: Sequence[Path], others: Sequence[Path] = ()
) -> None:
    """Looks for the files of ``sources``, and for ``others``, in ``folders``.

    Raises:
        HandwriteError: naming every file that no folder has.
    """
    own = [source.path for source in sources if isinstance(source, StrokeSource | ImageSource)]
    missing = [
        str(path)
        for path in (*own, *others)
        if not any((folder / path).exists() for folder in folders)
    ]
    if missing:
        raise _not_found(missing, folders)


def _not_found(missing: Sequence[str], folders: Sequence[Path]) -> HandwriteError:
    places = " or ".join(str(folder) for folder in folders)
    return HandwriteError(
        f"There is no {', '.join(missing)} in {places}; give the folder that has "
        f"{'it' if len(missing) == 1 else 'them'}, or leave it out of the recipe."
    )


@dataclass(frozen=True, slots=True)
class _Recorded:
    """A collection of pen strokes."""

    samples: Sequence[Strokes]
    labels: LabelArray
    writers: IntArray
    images: NDArray[np.uint8]

    def of(self, chosen: NDArray[np.bool_]) -> _Recorded:
        samples = [self.samples[index] for index in np.flatnonzero(chosen).tolist()]
        return _Recorded(samples, self.labels[chosen], self.writers[chosen], self.images[chosen])

    @property
    def hands(self) -> IntArray:
        """Who wrote each, small letters apart: they stand beside small letters."""
        return 2 * self.writers.astype(np.int64) + np.strings.islower(self.labels)


class _Collector:
    def __init__(
        self,
        rule: ValidationRule,
        folders: Sequence[Path],
        classes: Sequence[str],
        seed: int,
        head: str,
    ) -> None:
        self._rule = rule
        self._folders = folders
        self._classes = tuple(classes)
        self._seed = seed
        self._head = np.array([self._classes.index(name) for name in head], np.int64)
        self._training: list[TrainingData] = []
        self._for_head: list[TrainingData] = []
        self._looks: dict[str, list[TrainingData]] = defaultdict(list)
        self._parts: dict[str, TrainingData] = {}
        self._left_out: dict[str, TrainingData] = {}
        self._counts: dict[str, int] = {}
        self._recorded: list[_Recorded] = []
        self._recorded_validation: list[_Recorded] = []

    def add(self, source: Source, index: int, left_out: bool) -> None:
        rng = np.random.default_rng([self._seed, index])
        before = self._size
        match source:
            case StrokeSource():
                self._add_strokes(source, rng, left_out)
            case ImageSource():
                self._add_images(source, rng, left_out)
            case SyntheticSource():
                made = synthesize(
                    source.characters,
                    source.per_class,
                    int(rng.integers(2**31)),
                    script=float(source.script),
                )
                self._train_on(made)
            case NonCharacterSource():
                self._train_on(_non_characters(self._recorded, source.count, source.pens, rng))
        self._counts[source.name] = self._size - before

    @property
    def _size(self) -> int:
        return sum(map(len, chain(self._training, self._for_head, *self._looks.values())))

    def _add_strokes(self, source: StrokeSource, rng: np.random.Generator, left_out: bool) -> None:
        path = find_file(source.path, self._folders)
        recorded = _read_strokes(path)
        recorded = recorded.of(self._known(recorded.labels, path))
        if left_out:
            self._left_out[source.name] = self._numbered(_as_recorded(recorded, source.name))
            return
        held = self._rule.chooses(recorded.writers)
        validation, training = recorded.of(held), recorded.of(~held)
        for _ in range(source.renders):
            for chosen, box in _drawn_sizes(len(training.samples), source.drawn, rng):
                part = training.of(chosen)
                images = render_many(part.samples, source.pens, rng, box=box)
                self._train_on(Dataset(images, part.labels, source.name))
        self._recorded.append(training)
        if held.any():
            self._parts[source.name] = self._numbered(_as_recorded(validation, source.name))
            self._recorded_validation.append(validation)

    def _add_images(self, source: ImageSource, rng: np.random.Generator, left_out: bool) -> None:
        path = find_file(source.path, self._folders)
        data = read_images(path)
        data = replace(data.subset(self._known(data.labels, path)), name=source.name)
        if left_out:
            self._left_out[source.name] = self._numbered(data)
            return
        if source.validation:
            if data.groups is None:
                raise DatasetError(
                    path, "it does not say who wrote what (“writer”), so nobody can be set aside."
                )
            held = self._rule.chooses(data.groups)
            if held.any():
                self._parts[source.name] = self._numbered(data.subset(held))
            data = data.subset(~held)
        if 0 < source.most < len(data):
            data = data.subset(np.sort(rng.permutation(len(data))[: source.most]))
        numbered = self._numbered(data)
        if source.head:
            numbered = for_head(numbered, len(self._classes), self._head)
            if not len(numbered):
                raise DatasetError(path, "it holds none of the characters of the head.")
            self._for_head += [numbered] * source.repeat
        elif source.look:
            self._looks[source.look] += [numbered] * source.repeat
        else:
            self._training += [numbered] * source.repeat

    def collected(self) -> CollectedData:
        training = [*self._training]
        for parts in self._looks.values():
            training += told_apart(parts, len(self._classes))
        if not training:
            raise HandwriteError("All sources were left out: there is nothing to learn from.")
        non_characters = None
        if self._rule.non_characters:
            rng = np.random.default_rng([self._seed, _VALIDATION_STREAM])
            made = _non_characters(self._recorded_validation, self._rule.non_characters, PENS, rng)
            non_characters = self._numbered(made)
        learned = joined(training, "training")
        measured = joined(list(self._parts.values()), "validation") if self._parts else None
        if len(self._head):
            learned, measured = self._with_head(learned, measured)
        return CollectedData(
            learned,
            measured,
            self._parts,
            non_characters,
            self._left_out,
            self._counts,
        )

    def _with_head(
        self, learned: TrainingData, measured: TrainingData | None
    ) -> tuple[TrainingData, TrainingData | None]:
        """Data of all outputs, with those of the head."""
        classes, head = len(self._classes), len(self._head)
        own = for_head(learned, classes, self._head)
        parts = [without_head(learned, classes, head), own, *self._for_head]
        if measured is not None:
            measured = without_head(measured, classes, head)
        return joined(parts, learned.name), measured

    def _train_on(self, data: Dataset) -> None:
        self._training.append(self._numbered(data))

    def _numbered(self, data: Dataset) -> TrainingData:
        return to_training_data(data, self._classes)

    def _known(self, labels: LabelArray, path: Path) -> NDArray[np.bool_]:
        known = np.isin(labels, self._classes)
        if not known.any():
            raise DatasetError(path, "it holds none of the characters that are to be learned.")
        return np.asarray(known)


def read_images(path: Path) -> Dataset:
    """A data set of any format; .npz files may hold a single class.

    Raises:
        DatasetError: as ``read_dataset``.
    """
    return read_npz(path) if path.suffix.lower() == ".npz" else read_dataset(path)


def _as_recorded(recorded: _Recorded, name: str) -> Dataset:
    """The images that came with the strokes: what is measured on does not depend on our pens."""
    return Dataset(recorded.images, recorded.labels, name)


def _drawn_sizes(
    count: int, sizes: tuple[float, float], rng: np.random.Generator
) -> Iterator[tuple[NDArray[np.bool_], int]]:
    """Shares samples out to sizes of drawing at random: a mask (N,) for each size."""
    drawn = np.unique(np.rint(np.geomspace(*sizes, _DRAWN_SIZES)).astype(int)).tolist()
    size = rng.integers(len(drawn), size=count) if len(drawn) > 1 else np.zeros(count, np.int64)
    for index, box in enumerate(drawn):
        chosen: NDArray[np.bool_] = size == index
        if chosen.any():
            yield chosen, box


def _non_characters(
    recorded: Sequence[_Recorded],
    count: int,
    pens: tuple[float, float],
    rng: np.random.Generator,
) -> Dataset:
    if not recorded:
        raise HandwriteError(
            "Non-characters are made from strokes: put a source of strokes before them."
        )
    samples = [strokes for part in recorded for strokes in part.samples]
    hands = np.concatenate([part.hands for part in recorded])
    drawings = draw_non_characters(samples, hands, count, rng)
    images = render_many(drawings, pens, rng, box=BOX)
    return Dataset(images, np.full(count, NOT_A_CHARACTER, "<U1"), "non-characters")


def _read_strokes(path: str | os.PathLike[str]) -> _Recorded:
    """Raises DatasetError if arrays are missing or do not belong together."""
    arrays = open_npz(path, max_bytes=_MOST_BYTES, error=DatasetError, names=_STROKE_ARRAYS)
    for name in _STROKE_ARRAYS:
        if name not in arrays:
            raise DatasetError(path, f"it has no array “{name}”; a source of strokes needs it.")
    pictured = read_npz(Path(path))
    assert isinstance(pictured.images, np.ndarray)
    writers: NDArray[Any] = arrays["writer"]
    try:
        samples = list(
            iter_stroke_samples(arrays["points"], arrays["stroke_len"], arrays["n_strokes"])
        )
    except (ValueError, TypeError, AttributeError) as problem:
        raise DatasetError(path, f"its strokes are wrong: {problem}") from None
    if len(samples) != len(pictured):
        raise DatasetError(
            path, f"it has strokes of {len(samples)} characters, but {len(pictured)} labels."
        )
    return _Recorded(samples, pictured.labels, writers, pictured.images)
