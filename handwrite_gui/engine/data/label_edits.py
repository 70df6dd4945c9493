"""What a person changed about the labels of a data set: reversibly, beside the data.

A sample is known by what it looks like once normalised and by the label that it came with.  So an
edit holds wherever the sample turns up, in any order and however the set is divided, and the file
that it came from is never touched.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.errors import DatasetError
from handwrite_gui.engine.training.training_data import TrainingData
from handwrite_gui.engine.whole_file import replace_text

_FORMAT = "handwrite-label-edits"
_VERSION = 1
_HASH_BYTES = 16
_MOST_BYTES = 64 * 2**20


def sample_key(image: NDArray[np.uint8], label: str) -> str:
    """What a normalised image, uint8 of any shape, with its original label is known by."""
    return f"{_image_hash(image)} {label}"


def _image_hash(image: NDArray[np.uint8]) -> str:
    return hashlib.blake2b(np.ascontiguousarray(image).data, digest_size=_HASH_BYTES).hexdigest()


@dataclass(frozen=True, slots=True)
class LabelEdit:
    """What became of a sample.

    Attributes:
        original: the label that it came with.
        label: the one it has now; None where it is set aside.
    """

    original: str
    label: str | None


class LabelEdits(Mapping[str, LabelEdit]):
    """Edits by the key of their sample; never changes, every method gives other edits."""

    def __init__(self, edits: Mapping[str, LabelEdit] | None = None) -> None:
        self._edits = MappingProxyType(dict(edits or {}))

    def __getitem__(self, key: str) -> LabelEdit:
        return self._edits[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._edits)

    def __len__(self) -> int:
        return len(self._edits)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LabelEdits) and dict(self) == dict(other)

    def __hash__(self) -> int:
        return hash(frozenset(self._edits.items()))

    def with_edit(self, keys: Iterable[str], original: str, label: str | None) -> LabelEdits:
        """Samples labelled ``original`` have ``label`` now; None sets them aside.

        Their original label restores them.
        """
        if label == original:
            return self.without(keys)
        return LabelEdits({**self._edits, **dict.fromkeys(keys, LabelEdit(original, label))})

    def without(self, keys: Iterable[str]) -> LabelEdits:
        """These samples are as they came."""
        dropped = set(keys)
        return LabelEdits({k: edit for k, edit in self._edits.items() if k not in dropped})

    def of(self, image: NDArray[np.uint8], original: str) -> LabelEdit | None:
        """What became of a normalised image with this original label; None for nothing."""
        return self._edits.get(sample_key(image, original)) if self._edits else None

    def original(self, image: NDArray[np.uint8], label: str, classes: Sequence[str]) -> str:
        """The label that a sample came with, which these edits gave ``label``."""
        if self._edits:
            image_hash = _image_hash(image)
            for one in classes:
                edit = self._edits.get(f"{image_hash} {one}")
                if edit is not None and edit.label == label:
                    return one
        return label

    def apply(self, data: TrainingData, classes: Sequence[str]) -> TrainingData:
        """The samples with the labels that they have now, without those set aside.

        A new label that is none of ``classes`` cannot be learned: the sample is left out.
        ``data`` itself is returned where no edit is of its samples.
        """
        found = [
            (row, edit)
            for row in range(len(data) if self._edits else 0)
            if (edit := self.of(data.inputs[row], classes[data.targets[row]])) is not None
        ]
        if not found:
            return data
        targets = data.targets.copy()
        kept = np.ones(len(data), np.bool_)
        index = {label: number for number, label in enumerate(classes)}
        for row, edit in found:
            if edit.label in index:
                targets[row] = index[edit.label]
            else:
                kept[row] = False
        return replace(data, inputs=data.inputs[kept], targets=targets[kept])


def read_label_edits(path: str | os.PathLike[str]) -> LabelEdits:
    """The edits in a file; none where there is no file.

    Raises:
        DatasetError: the file cannot be read, or is no file of edits.
    """
    path = Path(path)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise DatasetError(path, "it is too large to be a file of label edits; remove it.")
        document = json.loads(path.read_text(encoding="utf-8"))
        return LabelEdits(dict(map(_entry, document["edits"])))
    except FileNotFoundError:
        return LabelEdits()
    except OSError as problem:
        raise DatasetError(path, f"it cannot be read: {problem.strerror or problem}.") from problem
    except (ValueError, TypeError, KeyError, RecursionError) as problem:
        raise DatasetError(
            path,
            "it holds no sound label edits; move it away to begin with none, or get it again.",
        ) from problem


def _entry(row: Any) -> tuple[str, LabelEdit]:
    """One edit of a file; ValueError, TypeError or KeyError where it is none."""
    image_hash, was, now = row["image"], row["was"], row["now"]
    if not all(isinstance(text, str) for text in (image_hash, was, now or "")):
        raise TypeError("not an edit")
    if len(image_hash) != 2 * _HASH_BYTES or len(was) != 1 or (now is not None and len(now) != 1):
        raise ValueError("not an edit")
    return f"{image_hash} {was}", LabelEdit(was, now)


def write_label_edits(path: str | os.PathLike[str], edits: LabelEdits) -> None:
    """Write the edits as JSON; the file is replaced as a whole.

    Raises:
        InputFileError: the file cannot be written.
    """
    rows = [
        {"image": key.partition(" ")[0], "was": edit.original, "now": edit.label}
        for key, edit in edits.items()
    ]
    document = {"format": _FORMAT, "version": _VERSION, "edits": rows}
    replace_text(path, json.dumps(document, ensure_ascii=False, indent=1) + "\n")
