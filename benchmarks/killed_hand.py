"""A profile that is worked on until its process is killed, and what must be left of it then."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from handwrite_gui.engine.handwriting.profiles import Adaptation, Profile, ProfileStore
from handwrite_gui.engine.model_file import load_model
from handwrite_gui.engine.resources import default_model_path

LOG = "hand.txt"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MADE = Adaptation(
    number=0, created="2026-01-01T00:00:00+00:00", base="shipped", samples=50, own_before=0.8,
    own_after=0.9, general_before=0.9, general_after=0.9, seconds=9.0,
)  # fmt: skip


@dataclass
class HandState:
    """What a profile holds, as far as it can be told before and after a kill.

    Attributes:
        samples: label of each that is there, in the order in which they were kept.
    """

    name: str = ""
    enabled: bool = True
    active: int = 0
    adaptations: list[int] = field(default_factory=list)
    samples: list[str] = field(default_factory=list)

    def to_json(self) -> str:
        return json.dumps(self.__dict__)


def make_profile(folder: Path) -> Profile:
    """The one that is worked on."""
    return ProfileStore(folder / "profiles").create("0")


def open_profile(folder: Path) -> Profile:
    (profile,) = ProfileStore(folder / "profiles").profiles()
    return profile


def state_of(profile: Profile) -> HandState:
    """What a profile holds; raises where anything of it is damaged or missing.

    Every adaptation's model is loaded: one that is named must be there, whole.
    """
    for adaptation in profile.adaptations:
        load_model(profile.folder / adaptation.file_name)
    active = profile.active
    return HandState(
        profile.name,
        profile.enabled,
        active.number if active is not None else 0,
        [one.number for one in profile.adaptations],
        [sample.label for sample in profile.samples.all()],
    )


def work_until_killed(folder: Path, seed: int) -> None:
    """Keep, relabel and remove samples, adapt, rename, without end; each change is written to the
    log before it is begun, as what the profile holds afterwards."""
    chance = random.Random(seed)
    profile = open_profile(folder)
    model = load_model(default_model_path())
    rng = np.random.default_rng(seed)
    state = state_of(profile)
    # Of its own: two threads that write to one file would mix their lines.
    log = (folder / LOG).open("a", buffering=1)
    while True:
        numbers = [sample.id for sample in profile.samples.all()]
        which = chance.random()
        if which < 0.15:
            number = max(state.adaptations, default=0) + 1
            after = replace(
                state,
                adaptations=[*state.adaptations, number][-5:],
                active=number,
                enabled=True,
            )
            log.write(f"{after.to_json()}\n")
            profile.keep(model, MADE)
        elif which < 0.25:
            name = str(chance.randrange(1000))
            after = replace(state, name=name)
            log.write(f"{after.to_json()}\n")
            profile.rename(name)
        elif which < 0.35:
            after = replace(state, enabled=not state.enabled)
            log.write(f"{after.to_json()}\n")
            profile.switch(after.enabled)
        elif which < 0.6 and len(numbers) > 20:
            place = chance.randrange(len(numbers))
            after = replace(state, samples=state.samples[:place] + state.samples[place + 1 :])
            log.write(f"{after.to_json()}\n")
            profile.samples.remove([numbers[place]])
        elif which < 0.75 and numbers:
            place, label = chance.randrange(len(numbers)), chance.choice(LETTERS)
            changed = [*state.samples[:place], label, *state.samples[place + 1 :]]
            after = replace(state, samples=changed)
            log.write(f"{after.to_json()}\n")
            profile.samples.relabel([numbers[place]], label)
        else:
            label = chance.choice(LETTERS)
            after = replace(state, samples=[*state.samples, label])
            log.write(f"{after.to_json()}\n")
            ink = rng.integers(0, 256, (40, 30), np.uint8)
            profile.samples.add(ink, label, "taught")
        state = after


def begin_log(folder: Path) -> None:
    """Write down what the profile holds before it is worked on."""
    (folder / LOG).write_text(f"{state_of(open_profile(folder)).to_json()}\n")


def states_in_log(folder: Path) -> list[str]:
    """What the profile held after each change; the last one may not have been done."""
    lines = (folder / LOG).read_text().splitlines()
    return [line for line in lines if line.endswith("}")]


def is_one_of_the_last(folder: Path) -> bool:
    """Whether the profile holds what it did before its last change, or after it.

    Raises:
        HandwriteError: something is damaged.
    """
    return state_of(open_profile(folder)).to_json() in states_in_log(folder)[-2:]


def left_over(folder: Path) -> int:
    """How many files of what was begun lie about; they go when something is adapted next."""
    profile = open_profile(folder)
    named = {one.file_name for one in profile.adaptations}
    models = {path.name for path in profile.folder.glob("*.npz")}
    return len(models - named) + len(list(profile.folder.glob(".*.tmp")))
