"""The samples a network learns from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

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

    Raises:
        ValueError: shapes or dtypes are others.
    """

    inputs: NDArray[np.uint8]
    targets: NDArray[np.int64]
    name: str = ""

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

    def __len__(self) -> int:
        return len(self.inputs)

    @cached_property
    def fingerprint(self) -> str:
        """A hash of shapes and values, for telling whether a checkpoint fits."""
        digest = hashlib.blake2b(repr(self.inputs.shape).encode(), digest_size=16)
        digest.update(np.ascontiguousarray(self.inputs).data)
        digest.update(np.ascontiguousarray(self.targets, "<i8").data)
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
