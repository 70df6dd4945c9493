"""The models that the program knows: shipped, in its library, trained in runs, adapted to hands.

Only the library is changed here.  It is a folder of model files; a model that is deleted is moved
into a folder beside them, from which it can be restored.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from platformdirs import user_data_path

from handwrite_gui.engine.alphabets import ALPHABETS, NOT_A_CHARACTER
from handwrite_gui.engine.errors import HandwriteError, ModelFileError
from handwrite_gui.engine.handwriting.profiles import ProfileStore
from handwrite_gui.engine.model_file import (
    MAX_MODEL_BYTES,
    METADATA,
    MODEL_FORMAT,
    ModelCard,
    load_model,
    read_metadata,
    with_name,
)
from handwrite_gui.engine.npz_container import open_npz
from handwrite_gui.engine.resources import default_model_path
from handwrite_gui.engine.training.runs import BEST, LAST, RunRecord, RunStore
from handwrite_gui.engine.whole_file import replace_bytes

FOLDER_VARIABLE = "HANDWRITE_MODELS"
"""Names another folder for the library."""

ModelKind = Literal["shipped", "library", "run", "profile", "file"]
"""Where a model is: with the program, in its library, in a run, in a profile, anywhere else."""

_DELETED = "deleted"
_LONGEST_NAME = 80
_OWN_ACCURACY = "validation accuracy"
_HELD_OUT = "own samples, held out"


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """What is known of a model without its weights.

    Attributes:
        path: of its file.
        kind: see :data:`ModelKind`.
        name: what it is called.
        card: None where the file cannot be read.
        classes: the characters it knows, what is none left out.
        bytes: size of the file.
        accuracy: share of characters read right, the first there is; None where none was measured.
        measured_on: what that was measured on.
        problem: why the file cannot be used; "" where it can.
    """

    path: Path
    kind: ModelKind
    name: str
    card: ModelCard | None = None
    classes: tuple[str, ...] = ()
    bytes: int = 0
    accuracy: float | None = None
    measured_on: str = ""
    problem: str = ""

    @property
    def alphabet(self) -> str:
        """The largest named alphabet that it knows all of, or how many characters it knows."""
        known = set(self.classes)
        names = [name for name, all_of_it in ALPHABETS.items() if set(all_of_it) <= known]
        largest = max(names, key=lambda name: len(ALPHABETS[name]), default="")
        if largest and len(ALPHABETS[largest]) == len(known):
            return largest
        return f"{len(known)} characters"


def read_entry(path: Path, kind: ModelKind = "file", name: str = "") -> ModelEntry:
    """What a file says of itself; its weights stay unread.  Never raises for what is in the file.

    Args:
        name: what to call it; by default what its card says.
    """
    try:
        size = path.stat().st_size
    except OSError:
        size = 0
    try:
        arrays = open_npz(path, max_bytes=MAX_MODEL_BYTES, names={METADATA})
        metadata = read_metadata(path, arrays, MODEL_FORMAT)
        card = ModelCard.from_dict(metadata["card"])
        classes = tuple(str(one) for one in metadata["classes"] if one != NOT_A_CHARACTER)
    except ModelFileError as error:
        return ModelEntry(path, kind, name or path.stem, bytes=size, problem=error.reason)
    except (KeyError, ValueError, TypeError, AttributeError):
        return ModelEntry(
            path,
            kind,
            name or path.stem,
            bytes=size,
            problem="the model's description makes no sense; get the file again.",
        )
    measured_on, accuracy = _accuracy(card)
    return ModelEntry(
        path, kind, name or card.name or path.stem, card, classes, size, accuracy, measured_on
    )


def _accuracy(card: ModelCard) -> tuple[str, float | None]:
    """The first figure of the card that is an accuracy."""
    for name, value in card.figures.items():
        is_another = any(word in name for word in ("merged", "calibration", "ROC", "temperature"))
        if not is_another and 0 <= value <= 1:
            return name, float(value)
    return "", None


class ModelLibrary:
    """The models that a person keeps.

    Args:
        folder: made when the first model comes; by default in the program's folder for the
            user's data, or what :data:`FOLDER_VARIABLE` names.
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        chosen = os.environ.get(FOLDER_VARIABLE, "")
        default = (
            Path(chosen) if chosen else user_data_path("Handwrite", appauthor=False) / "models"
        )
        self.folder = default if folder is None else Path(folder)

    def entries(self, *, deleted: bool = False) -> list[ModelEntry]:
        """The models by name, damaged ones too; those that were deleted, or all others."""
        folder = self.folder / _DELETED if deleted else self.folder
        entries = [read_entry(path, "library") for path in folder.glob("*.npz")]
        return sorted(entries, key=lambda one: (one.name.casefold(), one.path.name))

    def add_file(self, path: str | os.PathLike[str], name: str = "") -> ModelEntry:
        """Copy a model file into the library, once all of it was found to be sound.

        Args:
            name: what to call it; by default what its card says.

        Raises:
            ModelFileError: it is no model, damaged or of a newer version.
            HandwriteError: the very same is there already, or the library cannot be written.
        """
        path = Path(path)
        model = load_model(path)  # all of it: a card alone proves nothing
        entry_name = _checked(name or model.card.name or path.stem)
        data = path.read_bytes()
        for entry in () if name else self.entries():
            if entry.bytes == len(data) and entry.path.read_bytes() == data:
                raise HandwriteError(f"{path.name} is in the library already, as “{entry.name}”.")
        target = self._free_path(entry_name)
        self._write(target, data)
        if name:
            with_name(target, target, entry_name)
        return read_entry(target, "library")

    def duplicate(self, entry: ModelEntry) -> ModelEntry:
        """A copy of any model under another name, weights bit for bit.

        Raises:
            HandwriteError: the model cannot be read, or the library not be written.
        """
        taken = {one.name for one in self.entries()}
        name, number = f"{entry.name} copy", 2
        while name in taken:
            name, number = f"{entry.name} copy {number}", number + 1
        return self.add_file(entry.path, name[-_LONGEST_NAME:])

    def rename(self, entry: ModelEntry, name: str) -> ModelEntry:
        """Give a model of the library another name.

        Raises:
            HandwriteError: the name is empty, or the file cannot be read or written.
        """
        self._check_own(entry)
        with_name(entry.path, entry.path, _checked(name))
        return read_entry(entry.path, "library")

    def delete(self, entry: ModelEntry) -> ModelEntry:
        """Put a model among the deleted ones; :meth:`restore` brings it back.

        Raises:
            HandwriteError: it is not in the library, or cannot be moved.
        """
        self._check_own(entry)
        return self._move(entry, self.folder / _DELETED)

    def restore(self, entry: ModelEntry) -> ModelEntry:
        """Bring a deleted model back."""
        return self._move(entry, self.folder)

    def _move(self, entry: ModelEntry, folder: Path) -> ModelEntry:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            target = _free(folder / entry.path.name)
            entry.path.rename(target)
        except OSError as problem:
            raise HandwriteError(
                f"“{entry.name}” cannot be moved to {folder} ({problem.strerror}); see whether the "
                "folder may be written and the file is still there."
            ) from None
        return replace(entry, path=target, kind="library")

    def _check_own(self, entry: ModelEntry) -> None:
        if entry.path.parent != self.folder:
            raise HandwriteError(
                f"“{entry.name}” is not in the library; duplicate it, and change the copy."
            )

    def _free_path(self, name: str) -> Path:
        stem = re.sub(r"[^\w.-]+", "-", name).strip("-.") or "model"
        return _free(self.folder / f"{stem}.npz")

    def _write(self, path: Path, data: bytes) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise HandwriteError(
                f"Models cannot be kept in {self.folder} ({problem.strerror}); free some space, or "
                f"name another folder in {FOLDER_VARIABLE}."
            ) from None
        replace_bytes(path, data)


def export_model(entry: ModelEntry, path: str | os.PathLike[str]) -> None:
    """Copy any model to a file of the person's choice.

    Raises:
        HandwriteError: it cannot be read or written.
    """
    try:
        data = entry.path.read_bytes()
    except OSError as problem:
        raise ModelFileError(
            entry.path, f"the file cannot be read ({problem.strerror}); see whether it is there."
        ) from None
    replace_bytes(path, data)


def known_models(
    library: ModelLibrary | None = None,
    *,
    runs: RunStore | None = None,
    profiles: ProfileStore | None = None,
    files: Sequence[Path] = (),
) -> list[ModelEntry]:
    """Every model the program knows.

    Args:
        library: by default the program's own, as are ``runs`` and ``profiles``.
        files: others, such as those that were opened last.
    """
    entries = []
    with contextlib.suppress(FileNotFoundError):
        entries.append(read_entry(default_model_path(), "shipped"))
    entries += (library or ModelLibrary()).entries()
    entries += _of_runs(runs or RunStore())
    entries += _of_profiles(profiles or ProfileStore())
    known = {entry.path.absolute() for entry in entries}
    entries += [read_entry(path) for path in files if path.absolute() not in known]
    return entries


def _of_runs(store: RunStore) -> list[ModelEntry]:
    entries = []
    for record in store.runs():
        paths = (store.path(record.id, name) for name in (BEST, LAST))
        path = next((one for one in paths if one.exists()), None)
        if path is not None:
            entries.append(_with_best(read_entry(path, "run", record.name), record))
    return entries


def _with_best(entry: ModelEntry, record: RunRecord) -> ModelEntry:
    best = record.best.validation_accuracy if record.best else None
    if best is None or not np.isfinite(best):
        return entry
    return replace(entry, accuracy=float(best), measured_on=_OWN_ACCURACY)


def _of_profiles(store: ProfileStore) -> list[ModelEntry]:
    entries = []
    for profile in store.profiles():
        with contextlib.suppress(HandwriteError):
            active = profile.active
            if active is None:
                continue
            path, name = profile.folder / active.file_name, f"Adapted to {profile.name}"
            entry = read_entry(path, "profile", name)
            if active.own_after is not None:
                entry = replace(entry, accuracy=active.own_after, measured_on=_HELD_OUT)
            entries.append(entry)
    return entries


def _checked(name: str) -> str:
    name = " ".join(name.split())[:_LONGEST_NAME]
    if not name:
        raise HandwriteError("A model needs a name.")
    return name


def _free(path: Path) -> Path:
    """A path like this one where no file is."""
    free, number = path, 2
    while free.exists():
        free, number = path.with_stem(f"{path.stem}-{number}"), number + 1
    return free


def find_entry(entries: Sequence[ModelEntry], text: str) -> ModelEntry:
    """The model that is called so, or the one in the file of this path.

    Raises:
        HandwriteError: there is none, or several.
    """
    found = [entry for entry in entries if entry.name == text]
    if not found and text == "shipped":
        found = [entry for entry in entries if entry.kind == "shipped"]
    if not found and Path(text).is_file():
        return read_entry(Path(text))
    if not found:
        names = ", ".join(f"“{entry.name}”" for entry in entries) or "none"
        raise HandwriteError(
            f"There is no model “{text}”, nor a file of that name; there is {names}."
        )
    if len(found) > 1:
        paths = ", ".join(str(entry.path) for entry in found)
        raise HandwriteError(f"Several models are called “{text}”: name one of the files {paths}.")
    return found[0]
