"""Profiles: one a person, each with its samples and the models adapted to it.

A store is a folder with a folder for each profile::

    20260102-030405-1a2b/
        profile.json      whose it is, which adaptations there are and which one reads
        samples.sqlite    the samples; see :mod:`~handwrite_gui.engine.handwriting.samples`
        adapted-0001.npz  a model for each adaptation that is kept

Every file is there completely or not at all, and an adaptation's model is there before
``profile.json`` names it.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.handwriting.samples import SampleStore
from handwrite_gui.engine.model_file import Model, load_model, save_model
from handwrite_gui.engine.whole_file import replace_text

FOLDER_VARIABLE = "HANDWRITE_PROFILES"
"""Environment variable that names another folder for the profiles."""

KEPT_ADAPTATIONS = 5
"""So many can be returned to; older ones are removed."""

PROFILE, SAMPLES = "profile.json", "samples.sqlite"
_VERSION = 1
_MAX_JSON_BYTES = 1 << 20
_PATIENCE = 10.0  # seconds to wait for another program that changes the profile
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Adaptation:
    """One time that a model learned a hand.

    Attributes:
        number: 1 for the first of this profile; names its file.
        created: when, ISO 8601 with the time zone.
        base: the name of the model it started from.
        samples: how many of one's own it learned from.
        own_before, own_after: share of one's own samples read right by the model it started from
            and by one adapted to the others; None where there were too few to tell.
        general_before, general_after: the same on the general set.
        seconds: how long it took.
    """

    number: int
    created: str
    base: str
    samples: int
    own_before: float | None
    own_after: float | None
    general_before: float
    general_after: float
    seconds: float

    @property
    def file_name(self) -> str:
        return f"adapted-{self.number:04d}.npz"


@dataclass(frozen=True, slots=True)
class _State:
    """What ``profile.json`` holds."""

    name: str
    created: str
    deleted: str = ""
    enabled: bool = True
    active: int = 0
    adaptations: tuple[Adaptation, ...] = ()

    def to_json(self) -> str:
        return json.dumps({"version": _VERSION, **asdict(self)}, indent=1, ensure_ascii=False)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> _State:
        if values["version"] != _VERSION:
            raise ValueError("it was written by a newer version of the program")
        names = {field.name for field in fields(Adaptation)}
        adaptations = tuple(
            Adaptation(**{name: value for name, value in one.items() if name in names})
            for one in values["adaptations"]
        )
        if not all(isinstance(one.number, int) for one in adaptations):
            raise ValueError("an adaptation has no number")
        return cls(
            name=str(values["name"]),
            created=str(values["created"]),
            deleted=str(values.get("deleted", "")),
            enabled=values.get("enabled") is not False,
            active=int(values["active"]),
            adaptations=adaptations,
        )


class Profile:
    """One person's handwriting on disk.  Several threads and processes may use it at once.

    Args:
        folder: of this profile; see :class:`ProfileStore`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.samples = SampleStore(folder / SAMPLES)

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def name(self) -> str:
        return self._read().name

    @property
    def deleted(self) -> bool:
        return bool(self._read().deleted)

    @property
    def enabled(self) -> bool:
        """Whether the adapted model reads, where there is one."""
        return self._read().enabled

    @property
    def adaptations(self) -> tuple[Adaptation, ...]:
        """Those that can be returned to, the latest last."""
        return self._read().adaptations

    @property
    def active(self) -> Adaptation | None:
        """The one that reads where adapting is switched on; None: the model as it came."""
        state = self._read()
        return next((one for one in state.adaptations if one.number == state.active), None)

    def rename(self, name: str) -> None:
        """Give the profile another name.

        Raises:
            HandwriteError: the name is empty.
        """
        name = _checked_name(name)
        self._change(lambda state: replace(state, name=name))

    def switch(self, enabled: bool) -> None:
        """Read with the adapted model, or with the model as it came."""
        self._change(lambda state: replace(state, enabled=enabled))

    def activate(self, number: int) -> None:
        """Return to an earlier adaptation, or with 0 to the model as it came.

        Raises:
            HandwriteError: there is no such adaptation.
        """
        if number and number not in {one.number for one in self.adaptations}:
            raise HandwriteError(f"This profile has no adaptation {number} any more.")
        self._change(lambda state: replace(state, active=number))

    def model(self) -> Model | None:
        """The model that reads this hand; None where the one as it came does.

        Raises:
            HandwriteError: the file is missing or damaged.
        """
        active = self.active
        if active is None or not self.enabled:
            return None
        return load_model(self.folder / active.file_name)

    def keep(self, model: Model, adaptation: Adaptation) -> Adaptation:
        """Keep an adapted model and read with it from now on.

        Args:
            model: the adapted one.
            adaptation: what is known of it; it gets the next number.

        Raises:
            HandwriteError: the files cannot be written; the profile stays as it was.
        """
        kept: list[Adaptation] = []

        def add(state: _State) -> _State:
            number = max((one.number for one in state.adaptations), default=0) + 1
            numbered = replace(adaptation, number=number)
            save_model(model, self.folder / numbered.file_name)
            kept.append(numbered)
            return replace(
                state,
                adaptations=(*state.adaptations, numbered)[-KEPT_ADAPTATIONS:],
                active=number,
                enabled=True,
            )

        self._change(add, sweeps=True)
        return kept[0]

    def _sweep(self) -> None:
        """Remove models that no adaptation names, and what a program that was killed left behind.

        Only while the profile is locked: another program's model is there before it is named.
        """
        named = {one.file_name for one in self.adaptations}
        models = [path for path in self.folder.glob("adapted-*.npz") if path.name not in named]
        half_written = [
            *self.folder.glob(".adapted-*.tmp"),
            *self.folder.glob(f".{PROFILE}.*.tmp"),
        ]
        for path in [*models, *half_written]:
            with contextlib.suppress(OSError):  # open elsewhere; next time
                path.unlink()

    def _read(self) -> _State:
        path = self.folder / PROFILE
        try:
            if path.stat().st_size > _MAX_JSON_BYTES:
                raise ValueError("it is far too large")
            return _State.from_dict(json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise HandwriteError(f"There is no profile in {self.folder}.") from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as why:
            raise HandwriteError(
                f"The profile in {self.folder} cannot be read ({why}); its samples are still in "
                f"{SAMPLES} there."
            ) from None

    def _change(self, change: Callable[[_State], _State], *, sweeps: bool = False) -> None:
        with self._locked():
            replace_text(self.folder / PROFILE, change(self._read()).to_json())
            if sweeps:
                self._sweep()

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            with FileLock(self.folder / ".lock", timeout=_PATIENCE):
                yield
        except Timeout:
            raise HandwriteError(
                "Another window is changing this profile; try again in a moment."
            ) from None
        except OSError as problem:
            raise HandwriteError(
                f"The profile in {self.folder} cannot be changed ({problem.strerror}); see whether "
                "the folder may be written."
            ) from None


class ProfileStore:
    """The profiles in one folder.

    Args:
        folder: made when the first profile is; by default in the program's folder for the user's
            data, or what :data:`FOLDER_VARIABLE` names.
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        self.folder = default_profiles_folder() if folder is None else Path(folder)

    def profiles(self, *, deleted: bool = False) -> list[Profile]:
        """All that can be read, by name; those that were deleted, or all others."""
        found: list[tuple[str, Profile]] = []
        for path in self.folder.glob(f"*/{PROFILE}"):
            profile = Profile(path.parent)
            with contextlib.suppress(HandwriteError):
                if profile.deleted == deleted:
                    found.append((profile.name, profile))
        return [profile for _, profile in sorted(found, key=lambda pair: (pair[0], pair[1].id))]

    def open(self, profile_id: str) -> Profile:
        """One profile.

        Raises:
            HandwriteError: there is none of that id, it was deleted, or it cannot be read.
        """
        if not profile_id or Path(profile_id).name != profile_id or profile_id.startswith("."):
            raise HandwriteError(f"“{profile_id}” is not the id of a profile.")
        profile = Profile(self.folder / profile_id)
        if profile.deleted:
            raise HandwriteError(f"The profile “{profile.name}” was deleted.")
        return profile

    def find(self, name: str) -> Profile:
        """The profile of a name or an id.

        Raises:
            HandwriteError: there is none.
        """
        profiles = self.profiles()
        for profile in profiles:
            if name in (profile.name, profile.id):
                return profile
        names = ", ".join(f"“{profile.name}”" for profile in profiles) or "none yet"
        raise HandwriteError(f"There is no profile “{name}”; there is {names}.")

    def create(self, name: str) -> Profile:
        """A new profile without samples.

        Raises:
            HandwriteError: the name is empty or taken, or the folder cannot be written.
        """
        name = _checked_name(name)
        if any(profile.name == name for profile in self.profiles()):
            raise HandwriteError(f"There is a profile “{name}” already; choose another name.")
        now = datetime.now(UTC)
        folder = self.folder / f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        try:
            folder.mkdir(parents=True)
        except OSError as problem:
            raise HandwriteError(
                f"Profiles cannot be kept in {self.folder} ({problem.strerror}); free some space, "
                f"or name another folder in {FOLDER_VARIABLE}."
            ) from None
        state = _State(name, now.isoformat(timespec="seconds"))
        replace_text(folder / PROFILE, state.to_json())
        return Profile(folder)

    def delete(self, profile: Profile) -> None:
        """Put a profile among the deleted ones; :meth:`restore` brings it back."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        profile._change(lambda state: replace(state, deleted=now))

    def restore(self, profile: Profile) -> None:
        """Bring a deleted profile back."""
        profile._change(lambda state: replace(state, deleted=""))


def default_profiles_folder() -> Path:
    """Where the program keeps profiles; :data:`FOLDER_VARIABLE` names another place."""
    chosen = os.environ.get(FOLDER_VARIABLE, "")
    return Path(chosen) if chosen else user_data_path("Handwrite", appauthor=False) / "profiles"


def _checked_name(name: str) -> str:
    name = " ".join(name.split())[:_LONGEST_NAME]
    if not name:
        raise HandwriteError("A profile needs a name.")
    return name
