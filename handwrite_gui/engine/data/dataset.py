"""Labelled images of characters, and what is done to them before training."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.data.normalizer import INPUT_SIZE, normalize
from handwrite_gui.engine.errors import Cancelled, HandwriteError
from handwrite_gui.engine.training.training_data import TrainingData

UInt8Array = NDArray[np.uint8]
IntArray = NDArray[np.integer]
LabelArray = NDArray[np.str_]
Images = UInt8Array | list[UInt8Array]
OnProgress = Callable[[float, str], None]
ShouldStop = Callable[[], bool]

NO_GROUP = -1
"""Group of a sample of which nobody knows who wrote it."""

_NORMALIZED_AT_ONCE = 4096


@dataclass(frozen=True, eq=False, slots=True)
class Dataset:
    """Images of single characters with their labels.

    Attributes:
        images: uint8 (N, H, W), or a list of N uint8 (H, W) arrays where the sizes differ; ink
            is 255 on a ground of 0.
        labels: ``<U1`` (N,), the characters.
        name: what to call it in messages and lists, usually the file name.
        groups: integers (N,), or None.  Samples of one group were written by one person, or
            stand near each other in one scan, and are never torn apart by :meth:`split`;
            a negative number marks a sample of which that is not known.
    """

    images: Images
    labels: LabelArray
    name: str
    groups: IntArray | None = None

    def __post_init__(self) -> None:
        if isinstance(self.images, np.ndarray):
            images_fit = self.images.ndim == 3 and self.images.dtype == np.uint8
        else:
            images_fit = all(image.ndim == 2 and image.dtype == np.uint8 for image in self.images)
        if not images_fit:
            raise ValueError("images must be uint8 (N, H, W) or a list of uint8 (H, W) arrays")
        if self.labels.dtype != np.dtype("<U1") or self.labels.shape != (len(self.images),):
            raise ValueError(
                f"labels must be <U1 ({len(self.images)},), not {self.labels.dtype} "
                f"{self.labels.shape}"
            )
        if self.groups is not None and (
            self.groups.dtype.kind not in "iu" or self.groups.shape != self.labels.shape
        ):
            raise ValueError(f"groups must be integers ({len(self.images)},) or None")

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def classes(self) -> tuple[str, ...]:
        """The characters that occur, in the order of their code points."""
        return tuple(str(label) for label in np.unique(self.labels))

    @property
    def counts(self) -> dict[str, int]:
        """How many images each class has, in the order of :attr:`classes`."""
        labels, counts = np.unique(self.labels, return_counts=True)
        return {str(label): int(count) for label, count in zip(labels, counts, strict=True)}

    def subset(self, selection: NDArray[np.bool_] | IntArray) -> Dataset:
        """The samples that a boolean mask (N,) or an array of indices selects."""
        indices = np.flatnonzero(selection) if selection.dtype == np.bool_ else selection
        return replace(
            self,
            images=self.images[indices]
            if isinstance(self.images, np.ndarray)
            else [self.images[index] for index in indices],
            labels=self.labels[indices],
            groups=None if self.groups is None else self.groups[indices],
        )

    def of_classes(self, classes: Sequence[str]) -> Dataset:
        """The samples whose label is one of ``classes``."""
        return self.subset(np.isin(self.labels, list(classes)))

    def split(self, validation_share: float = 0.15, seed: int = 0) -> tuple[Dataset, Dataset]:
        """Divide into a part to train on and a part to validate on.

        Where groups are known, each goes whole to one of the parts: a figure measured on people
        whose writing was trained on says little about anybody else.  Otherwise each class is
        divided at random in the same proportion.  Either way every class is in both parts if it
        has two groups (two samples), and in the training part if it has one.

        Args:
            validation_share: wished share of the samples in the validation part, above 0 and
                below 1; whole groups meet it roughly.
            seed: the same seed gives the same parts.

        Returns:
            The training part and the validation part, samples in their old order.

        Raises:
            ValueError: ``validation_share`` is out of range.
            HandwriteError: there are too few samples to set any aside.
        """
        if not 0.0 < validation_share < 1.0:
            raise ValueError(f"validation_share must be in (0, 1), not {validation_share}")
        rng = np.random.default_rng(seed)
        grouped = np.zeros(len(self), dtype=np.bool_)
        if self.groups is not None and len(np.unique(self.groups[self.groups >= 0])) > 1:
            grouped = self.groups >= 0
        in_validation = np.zeros(len(self), dtype=np.bool_)
        if self.groups is not None and grouped.any():
            in_validation[grouped] = _whole_groups(
                self.groups[grouped], self.labels[grouped], validation_share, rng
            )
        if not grouped.all():
            in_validation[~grouped] = _stratified(self.labels[~grouped], validation_share, rng)
        if not in_validation.any() or in_validation.all():
            raise HandwriteError(
                f"“{self.name}” has too few images to set some aside for validation: give at "
                f"least one class two images or more."
            )
        return self.subset(~in_validation), self.subset(in_validation)

    def fingerprint(self) -> str:
        """A hash of images, labels and groups (not of the name): 32 hexadecimal digits.

        Equal data have equal fingerprints on every machine, whatever file they came from.
        """
        digest = hashlib.blake2b(digest_size=16)
        if isinstance(self.images, np.ndarray):
            digest.update(repr(("one size", self.images.shape)).encode())
            for start in range(0, len(self), _NORMALIZED_AT_ONCE):
                block = self.images[start : start + _NORMALIZED_AT_ONCE]
                digest.update(np.ascontiguousarray(block).data)
        else:
            for image in self.images:
                digest.update(repr(image.shape).encode())
                digest.update(np.ascontiguousarray(image).data)
        digest.update(self.labels.astype("<U1").tobytes())
        if self.groups is not None:
            digest.update(self.groups.astype("<i8").tobytes())
        return digest.hexdigest()


def concatenate(datasets: Sequence[Dataset], name: str | None = None) -> Dataset:
    """One data set of all samples, in order.

    Groups keep their numbers: collections of the same people number them alike, and where the
    numbers of two collections mean different people the groups only become larger.  Samples of
    collections without groups get :data:`NO_GROUP`.

    Args:
        datasets: at least one.
        name: what to call the result; by default the names joined by “ + ”.
    """
    if not datasets:
        raise ValueError("there is nothing to concatenate")
    arrays = [data.images for data in datasets if isinstance(data.images, np.ndarray)]
    images: Images
    if len(arrays) == len(datasets) and len({array.shape[1:] for array in arrays}) == 1:
        images = np.concatenate(arrays)
    else:
        images = [image for data in datasets for image in data.images]
    groups: IntArray | None = None
    if any(data.groups is not None for data in datasets):
        groups = np.concatenate(
            [
                np.full(len(data), NO_GROUP) if data.groups is None else data.groups
                for data in datasets
            ]
        )
    return Dataset(
        images=images,
        labels=np.concatenate([data.labels for data in datasets]),
        name=" + ".join(data.name for data in datasets) if name is None else name,
        groups=groups,
    )


def to_training_data(
    dataset: Dataset,
    classes: Sequence[str],
    *,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> TrainingData:
    """Normalise every image and number every label, in order.

    Args:
        dataset: N samples, every label one of ``classes``; see :meth:`Dataset.of_classes`.
        classes: the classes of the network; a label's target is its index here.

    Raises:
        HandwriteError: a label is none of ``classes``.
        Cancelled: ``should_stop`` became true.
    """
    unknown = sorted(set(dataset.classes) - set(classes))
    if unknown:
        raise HandwriteError(
            f"“{dataset.name}” has images of {' '.join(unknown)}, which the network has no "
            f"classes for: leave them out, or train a network with these classes."
        )
    class_labels = np.array(list(classes), dtype="<U1")
    order = np.argsort(class_labels)
    position = np.searchsorted(class_labels, dataset.labels, sorter=order)
    inputs = np.empty((len(dataset), INPUT_SIZE * INPUT_SIZE), dtype=np.uint8)
    for start in range(0, len(dataset), _NORMALIZED_AT_ONCE):
        if should_stop is not None and should_stop():
            raise Cancelled
        block = slice(start, start + _NORMALIZED_AT_ONCE)
        normalized = normalize(dataset.images[block])
        inputs[block] = normalized.reshape(len(normalized), -1)
        if on_progress is not None:
            done = min(start + _NORMALIZED_AT_ONCE, len(dataset))
            on_progress(done / len(dataset), f"Normalised {done} of {len(dataset)} images")
    return TrainingData(inputs, order[position].astype(np.int64), dataset.name)


def _stratified(
    labels: LabelArray, validation_share: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Mask (N,) of the validation part: the same share of each class."""
    in_validation = np.zeros(len(labels), dtype=np.bool_)
    for label in np.unique(labels):
        members = rng.permutation(np.flatnonzero(labels == label))
        wanted = round(validation_share * len(members))
        in_validation[members[: min(max(wanted, 1), len(members) - 1)]] = True
    return in_validation


def _whole_groups(
    groups: IntArray, labels: LabelArray, validation_share: float, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Mask (N,) of the validation part: groups picked at random until the share is met.

    The rarest classes are seen to first, as few groups can stand for them.  No group is picked
    that holds the last training samples of a class.
    """
    _, group = np.unique(groups, return_inverse=True)
    _, label = np.unique(labels, return_inverse=True)
    counts = np.zeros((group.max() + 1, label.max() + 1), dtype=np.int64)
    np.add.at(counts, (group, label), 1)
    sizes = counts.sum(axis=1)
    wanted = validation_share * len(groups)
    order = rng.permutation(len(sizes))
    picked = np.zeros(len(sizes), dtype=np.bool_)

    def can_be_spared(candidates: NDArray[np.int64]) -> NDArray[np.bool_]:
        left = counts[~picked].sum(axis=0) - counts[candidates]
        return np.asarray(((left > 0) | (counts[candidates] == 0)).all(axis=1))

    for one in np.argsort((counts > 0).sum(axis=0), kind="stable"):
        if counts[picked, one].any():
            continue
        candidates = order[counts[order, one] > 0]
        candidates = candidates[can_be_spared(candidates)]
        if len(candidates):
            fits = sizes[picked].sum() + sizes[candidates] <= wanted
            best = (
                candidates[fits.argmax()] if fits.any() else candidates[sizes[candidates].argmin()]
            )
            picked[best] = True
    for one in order:
        comes_closer = sizes[picked].sum() + sizes[one] / 2 <= wanted
        if not picked[one] and comes_closer and can_be_spared(np.array([one]))[0]:
            picked[one] = True
    if not picked.any():
        # Every group is the only one with some class; a part without that class is the lesser evil.
        picked[sizes.argmin()] = True
    return np.asarray(picked[group])
