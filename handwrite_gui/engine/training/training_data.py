"""The samples a network learns from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.errors import HandwriteError


@dataclass(frozen=True, eq=False)
class TrainingData:
    """Normalised images with the index of their class.

    Attributes:
        inputs: uint8 ``(N, n_in)``, C order, ink 255 on 0; must not change afterwards.
        targets: int64 ``(N,)``, class indices.
        name: where the samples come from, for the model's card.
        groups: bool ``(G, K)``, for every group of samples the classes that they are told apart
            from; None where that is all of them.  A collection of digits alone says nothing of
            what tells a digit from a letter: were its samples held against all classes, the
            network would learn that what looks like this collection is no letter.
        group: uint8 ``(N,)``, the group of each sample; None with ``groups``.

    Raises:
        ValueError: shapes or dtypes are others, or a target is not among its group's classes.
    """

    inputs: NDArray[np.uint8]
    targets: NDArray[np.int64]
    name: str = ""
    groups: NDArray[np.bool_] | None = None
    group: NDArray[np.uint8] | None = None

    def __post_init__(self) -> None:
        if self.inputs.ndim != 2 or self.inputs.dtype != np.uint8:
            raise ValueError(
                f"inputs are {self.inputs.dtype} {self.inputs.shape}; expected uint8 (N, n_in)"
            )
        if self.targets.shape != (len(self.inputs),) or self.targets.dtype != np.int64:
            raise ValueError(
                f"targets are {self.targets.dtype} {self.targets.shape}; expected int64 "
                f"({len(self.inputs)},)"
            )
        if (self.groups is None) != (self.group is None):
            raise ValueError("groups and group belong together; give both or neither")
        if self.groups is not None and self.group is not None:
            if self.group.shape != self.targets.shape or self.group.dtype != np.uint8:
                raise ValueError(
                    f"group is {self.group.dtype} {self.group.shape}; expected uint8 "
                    f"({len(self.inputs)},)"
                )
            if not self.groups[self.group, self.targets].all():
                raise ValueError("a target is not among the classes of its group")

    def among(self, rows: NDArray[np.integer[Any]]) -> NDArray[np.bool_] | None:
        """The classes that samples are told apart from, ``(B, K)``; None where that is all."""
        if self.groups is None or self.group is None:
            return None
        among: NDArray[np.bool_] = self.groups[self.group[rows]]
        return among

    def __len__(self) -> int:
        return len(self.inputs)

    @cached_property
    def fingerprint(self) -> str:
        """A hash of shapes and values, for telling whether a checkpoint fits."""
        digest = hashlib.blake2b(repr(self.inputs.shape).encode(), digest_size=16)
        digest.update(np.ascontiguousarray(self.inputs).data)
        digest.update(np.ascontiguousarray(self.targets, "<i8").data)
        if self.groups is not None and self.group is not None:
            digest.update(np.packbits(self.groups, axis=1).data)
            digest.update(np.ascontiguousarray(self.group).data)
        return digest.hexdigest()


def check_fit(
    training: TrainingData, validation: TrainingData | None, classes: tuple[str, ...]
) -> None:
    """Checks that a network with these classes can learn from the data.

    Raises:
        HandwriteError: there are no samples or no classes.
        ValueError: targets are out of range, or inputs are of different widths.
    """
    if not len(training):
        raise HandwriteError("There are no training samples; choose other data.")
    if not classes:
        raise HandwriteError("There are no classes to learn; choose other data.")
    if validation is not None and validation.inputs.shape[1] != training.inputs.shape[1]:
        raise ValueError(
            f"validation inputs have {validation.inputs.shape[1]} values, training inputs "
            f"{training.inputs.shape[1]}"
        )
    for data in (training, validation):
        if data is not None and not 0 <= data.targets.min() <= data.targets.max() < len(classes):
            raise ValueError(f"targets must be within 0 and {len(classes) - 1}")
