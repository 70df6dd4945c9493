"""The runs that are kept: what each was, where it got to, and the files that hold it.

A store is a folder with a folder for each run::

    20260102-030405-1a2b/
        run.json         what it is and where it got to; written by whoever trains it
        label.json       its name, its star, whether it was deleted; written by whoever says so
        curves.npz       loss and accuracy of every batch, the table of epochs
        checkpoint.npz   from which it goes on bit for bit; gone when it has finished
        best.npz         the model of the epoch with the highest validation accuracy
        last.npz         the model at the end
        test.json        its looks at test data, if there were any
        lock             held by the process that trains it

Three files of facts, so that neither the run, nor the person, nor who measures it overwrites what
the others wrote.  Every file is there completely or not at all.  A run whose lock nobody holds and
that says that it is running was interrupted: the program was closed or killed, or the power failed.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast, get_args

import numpy as np
from filelock import FileLock, Timeout
from platformdirs import user_data_path

from handwrite_gui.engine.errors import HandwriteError, ModelFileError
from handwrite_gui.engine.model_file import Model, load_model
from handwrite_gui.engine.npz_container import open_npz, write_npz
from handwrite_gui.engine.training.final_test import Look
from handwrite_gui.engine.training.history import EpochRow, History
from handwrite_gui.engine.training.schedules import RateChanges, read_rate_changes
from handwrite_gui.engine.training.settings import TrainingSettings

FOLDER_VARIABLE = "HANDWRITE_RUNS"
"""Environment variable that names another folder for the runs."""

RunState = Literal["planned", "running", "interrupted", "stopped", "finished", "diverged", "failed"]
"""``planned`` has not begun.  ``interrupted`` is never written, see the module's text."""

RUN, LABEL, CURVES, TEST = "run.json", "label.json", "curves.npz", "test.json"
CHECKPOINT, BEST, LAST, LOCK = "checkpoint.npz", "best.npz", "last.npz", "lock"
_TEST_LOCK = "test.lock"
_VERSION = 1
_MAX_JSON_BYTES = 16 << 20
_MAX_CURVE_BYTES = 4 << 30


@dataclass(frozen=True, slots=True)
class RunData:
    """What a run learns from.

    Attributes:
        name: as people call it.
        source: plain values from which whoever started the run can get the data again.
        training_count, validation_count: samples.
        training_fingerprint, validation_fingerprint: see ``TrainingData.fingerprint``; the second
            is None without validation data.
    """

    name: str
    source: dict[str, Any]
    training_count: int
    validation_count: int
    training_fingerprint: str
    validation_fingerprint: str | None


@dataclass(frozen=True, slots=True)
class StudyMark:
    """That a run belongs to a study.

    Attributes:
        study: what all runs of the study share.
        title: what is studied.
        label: what sets this run apart, for a legend.
        index: its place among the runs.
    """

    study: str
    title: str
    label: str
    index: int


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What there is to know of a run besides its curves and weights.

    Attributes:
        id: names its folder.
        name: what the person calls it.
        created: when it began, ISO 8601 with the time zone.
        settings, classes, data: what it depends on.
        batches_per_epoch: steps of an epoch.
        machine: where it was trained; see :func:`this_machine`.
        state: see :data:`RunState`.
        step, epoch: batches learned, complete epochs.
        seconds: spent training, without pauses.
        last: the row of the last epoch, if there was one.
        best: the row of the epoch with the highest validation accuracy, if there was one.
        rate_changes: learning rates set while it ran.
        message: why it ended as it did, where that is worth a sentence.
        study: where it belongs to one.
        starred: the person's mark.
        deleted: when it was put among the deleted ones, ISO 8601; "" for a run that was not.
        looks: at test data, from the first to the last.
    """

    id: str
    name: str
    created: str
    settings: TrainingSettings
    classes: tuple[str, ...]
    data: RunData
    batches_per_epoch: int
    machine: dict[str, str] = field(default_factory=dict)
    state: RunState = "planned"
    step: int = 0
    epoch: int = 0
    seconds: float = 0.0
    last: EpochRow | None = None
    best: EpochRow | None = None
    rate_changes: RateChanges = ()
    message: str = ""
    study: StudyMark | None = None
    starred: bool = False
    deleted: str = ""
    looks: tuple[Look, ...] = ()

    @property
    def total_steps(self) -> int:
        """Batches of the whole run."""
        return self.settings.epochs * self.batches_per_epoch

    def to_dict(self) -> dict[str, Any]:
        """Plain values, fit for JSON; without what ``label.json`` and ``test.json`` hold."""
        values = asdict(self)
        for name in ("id", "name", "starred", "deleted", "looks"):
            del values[name]
        return {"version": _VERSION, **values}

    @classmethod
    def from_dicts(
        cls,
        run_id: str,
        values: Mapping[str, Any],
        label: Mapping[str, Any],
        test: Mapping[str, Any],
    ) -> RunRecord:
        """The inverse of :meth:`to_dict`, with the values of all three files.

        Raises:
            ValueError, KeyError, TypeError: something is missing or of the wrong kind.
        """
        if values["version"] != _VERSION:
            raise ValueError("it was written by a newer version of the program")
        state = values["state"]
        if state not in get_args(RunState):
            raise ValueError(f"there is no state {state!r}")
        classes = tuple(values["classes"])
        if not all(isinstance(name, str) for name in classes):
            raise ValueError("classes must be names")
        rows = {
            name: None if values[name] is None else EpochRow.from_dict(values[name])
            for name in ("last", "best")
        }
        study = values["study"]
        return cls(
            id=run_id,
            name=str(label.get("name", "")) or run_id,
            created=str(values["created"]),
            settings=TrainingSettings.from_dict(values["settings"]),
            classes=classes,
            data=RunData(**values["data"]),
            batches_per_epoch=max(1, int(values["batches_per_epoch"])),
            machine={str(name): str(value) for name, value in values["machine"].items()},
            state=cast(RunState, state),
            step=int(values["step"]),
            epoch=int(values["epoch"]),
            seconds=float(values["seconds"]),
            rate_changes=read_rate_changes(values["rate_changes"]),
            message=str(values["message"]),
            study=None if study is None else StudyMark(**study),
            starred=label.get("starred") is True,
            deleted=str(label.get("deleted", "")),
            looks=tuple(Look.from_dict(look) for look in test.get("looks", ())),
            **rows,
        )


def default_runs_folder() -> Path:
    """Where the program keeps its runs; :data:`FOLDER_VARIABLE` names another place."""
    chosen = os.environ.get(FOLDER_VARIABLE, "")
    return Path(chosen) if chosen else user_data_path("Handwrite", appauthor=False) / "runs"


class RunStore:
    """The runs in one folder.  Several processes may use it at once.

    Args:
        folder: made when the first run is kept.
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        self.folder = default_runs_folder() if folder is None else Path(folder)

    # Looking

    def runs(self, *, deleted: bool = False) -> list[RunRecord]:
        """All that can be read, the youngest first; those that were deleted, or all others."""
        records = []
        for path in self.folder.glob(f"*/{RUN}"):
            with contextlib.suppress(HandwriteError):
                records.append(self.read(path.parent.name))
        chosen = [record for record in records if bool(record.deleted) == deleted]
        return sorted(chosen, key=lambda record: (record.created, record.id), reverse=True)

    def read(self, run_id: str) -> RunRecord:
        """One run.

        Raises:
            HandwriteError: there is no such run, or its files make no sense.
        """
        folder = self.path(run_id)
        try:
            values = _read_json(folder / RUN)
            label, test = (_read_json_if_there(folder / name) for name in (LABEL, TEST))
            return self._with_truth(RunRecord.from_dicts(run_id, values, label, test))
        except FileNotFoundError:
            raise HandwriteError(f"There is no run “{run_id}” in {self.folder}.") from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
            raise HandwriteError(
                f"The run “{run_id}” cannot be read ({problem}); delete its folder in "
                f"{self.folder}."
            ) from None

    def find(self, text: str) -> RunRecord:
        """The run with that id or name, or with the only id that begins so.

        Raises:
            HandwriteError: none fits, or several do.
        """
        records = [*self.runs(), *self.runs(deleted=True)]
        for fits in (
            [r for r in records if text in (r.id, r.name)],
            [r for r in records if r.id.startswith(text)],
        ):
            if len(fits) == 1:
                return fits[0]
            if fits:
                names = ", ".join(record.id for record in fits)
                raise HandwriteError(f"Several runs fit “{text}”: {names}. Give one of these.")
        raise HandwriteError(f"There is no run “{text}”; “runs” lists all.")

    def path(self, run_id: str, name: str = "") -> Path:
        """A run's folder, or a file in it; ids that lead out of the store are refused.

        Raises:
            HandwriteError: it is no id.
        """
        if not run_id or Path(run_id).name != run_id or run_id.startswith("."):
            raise HandwriteError(f"“{run_id}” is not the id of a run.")
        return self.folder / run_id / name if name else self.folder / run_id

    def curves(self, run_id: str) -> History:
        """Losses and accuracies of every batch so far, and the table of epochs.

        Raises:
            HandwriteError: there are none, or the file makes no sense.
        """
        return read_curves(self.path(run_id, CURVES))

    def model(self, run_id: str, which: Literal["best", "last"]) -> Model:
        """The model of the best epoch or of the end.

        Raises:
            HandwriteError: there is none, or the file makes no sense.
        """
        return load_model(self.path(run_id, BEST if which == "best" else LAST))

    def can_continue(self, record: RunRecord) -> bool:
        """Whether there is a checkpoint to go on from, and nobody trains it now."""
        return (
            record.state not in ("running", "finished")
            and self.path(record.id, CHECKPOINT).exists()
        )

    def _with_truth(self, record: RunRecord) -> RunRecord:
        if record.state == "running" and not self.is_held(record.id):
            return replace(record, state="interrupted")
        return record

    def is_held(self, run_id: str) -> bool:
        """Whether a process, this one or another, trains the run now."""
        path = self.path(run_id, LOCK)
        if not path.exists():
            return False
        try:
            with run_lock(path).acquire(blocking=False):
                return False
        except Timeout:
            return True

    # Changing

    def add(
        self,
        name: str,
        settings: TrainingSettings,
        classes: tuple[str, ...],
        data: RunData,
        batches_per_epoch: int,
        study: StudyMark | None = None,
    ) -> RunRecord:
        """A new run that has not begun.

        Raises:
            HandwriteError: the folder cannot be written.
        """
        now = datetime.now(UTC)
        run_id = f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        record = RunRecord(
            run_id,
            name or run_id,
            now.isoformat(timespec="milliseconds"),
            settings,
            classes,
            data,
            batches_per_epoch,
            study=study,
        )
        try:
            self.path(run_id).mkdir(parents=True)
        except OSError as problem:
            raise HandwriteError(
                f"Runs cannot be kept in {self.folder} ({problem.strerror}); free some space, or "
                f"name another folder in {FOLDER_VARIABLE}."
            ) from None
        self.write(record)
        self._write_label(record)
        return record

    def write(self, record: RunRecord) -> None:
        """Keeps where a run got to; its name and marks stay as they are in the store.

        Raises:
            HandwriteError: the file cannot be written.
        """
        write_json(self.path(record.id, RUN), record.to_dict())

    def rename(self, run_id: str, name: str) -> RunRecord:
        """Gives a run another name.

        Raises:
            HandwriteError: the name is empty, or there is no such run.
        """
        name = " ".join(name.split())
        if not name:
            raise HandwriteError("A run needs a name.")
        return self._relabel(run_id, name=name)

    def add_look(self, run_id: str, look: Look) -> RunRecord:
        """Keeps a look at test data beside those before it.

        Raises:
            HandwriteError: the file cannot be written, or there is no such run.
        """
        # Two who look at once must both be counted.
        with FileLock(self.path(run_id, _TEST_LOCK), timeout=10):
            looks = (*self.read(run_id).looks, look)
            write_json(self.path(run_id, TEST), {"looks": [one.to_dict() for one in looks]})
        return self.read(run_id)

    def star(self, run_id: str, starred: bool = True) -> RunRecord:
        """Marks a run, or takes the mark away."""
        return self._relabel(run_id, starred=starred)

    def delete(self, run_id: str) -> RunRecord:
        """Puts a run among the deleted ones; :meth:`restore` brings it back.

        Raises:
            HandwriteError: it is being trained, or there is no such run.
        """
        if self.is_held(run_id):
            raise HandwriteError("This run is being trained; stop it before deleting it.")
        return self._relabel(run_id, deleted=datetime.now(UTC).isoformat(timespec="seconds"))

    def restore(self, run_id: str) -> RunRecord:
        """Brings a deleted run back."""
        return self._relabel(run_id, deleted="")

    def erase(self, run_id: str) -> None:
        """Removes a deleted run for good.

        Raises:
            HandwriteError: it was not deleted before, or its files cannot be removed.
        """
        if not self.read(run_id).deleted:
            raise HandwriteError("Only a deleted run can be removed for good; delete it first.")
        try:
            shutil.rmtree(self.path(run_id))
        except OSError as problem:
            raise HandwriteError(f"The run cannot be removed: {problem}.") from None

    def size(self, run_id: str) -> int:
        """Bytes of a run's files."""
        return sum(path.stat().st_size for path in self.path(run_id).iterdir())

    def _relabel(self, run_id: str, **changes: Any) -> RunRecord:
        record = replace(self.read(run_id), **changes)
        self._write_label(record)
        return record

    def _write_label(self, record: RunRecord) -> None:
        label = {name: getattr(record, name) for name in ("name", "starred", "deleted")}
        write_json(self.path(record.id, LABEL), label)


def run_lock(path: Path) -> FileLock:
    """The lock of a run; the system lets go of it when the process ends, however it ends."""
    # Taken by the thread that starts a run, let go by the one that trained.
    return FileLock(path, thread_local=False)


def write_curves(path: Path, history: History) -> None:
    """Writes what :func:`read_curves` reads.

    Raises:
        HandwriteError: the file cannot be written.
    """
    rows = np.array(json.dumps([row.to_dict() for row in history.epochs]))
    arrays = {
        "losses": history.batch_losses,
        "accuracies": history.batch_accuracies,
        "epochs": rows,
    }
    write_npz(path, arrays)


def read_curves(path: Path) -> History:
    """The course of a run, from a file that is not trusted.

    Raises:
        ModelFileError: the file is missing or damaged.
    """
    arrays = open_npz(path, max_bytes=_MAX_CURVE_BYTES)
    try:
        losses, accuracies = arrays["losses"], arrays["accuracies"]
        if losses.ndim != 1 or losses.dtype != np.float64 or losses.shape != accuracies.shape:
            raise ValueError("the curves are of different lengths")
        rows = [EpochRow.from_dict(row) for row in json.loads(str(arrays["epochs"]))]
        return History.restored(losses, accuracies.astype(np.float64), rows)
    except (KeyError, ValueError, TypeError, AttributeError) as problem:
        raise ModelFileError(path, f"these are no curves of a run: {problem}.") from None


def write_json(path: Path, values: Mapping[str, Any]) -> None:
    """Writes plain values so that the file is there completely or not at all.

    Raises:
        HandwriteError: the file cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("x", encoding="utf-8") as file:
            json.dump(values, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as problem:
        raise HandwriteError(
            f"{path.name} of a run cannot be written to {path.parent}: {problem.strerror}."
        ) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _read_json_if_there(path: Path) -> dict[str, Any]:
    return _read_json(path) if path.exists() else {}


def _read_json(path: Path) -> dict[str, Any]:
    if path.stat().st_size > _MAX_JSON_BYTES:
        raise ValueError(f"{path.name} is too large")
    values = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(values, dict):
        raise ValueError(f"{path.name} holds no values by name")
    return values
