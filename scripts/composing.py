"""Composing what is learned in several processes, part by part, and keeping the parts."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from handwrite_gui.engine.network.arrays import Parameter  # noqa: E402
from handwrite_gui.engine.npz_container import write_npz  # noqa: E402
from handwrite_gui.engine.page.page_network import save_weights  # noqa: E402
from handwrite_gui.engine.resources import default_model_path  # noqa: E402

WRITERS = "5:2,3,4"
"""Who may be learned from, as modulus:remainders of their numbers."""

WORDS_CHANCE = 2.0  # of a hand with words, against one without
HELD_OUT = 12  # of every so many hands one is not trained on

Arrays = dict[str, NDArray[Any]]
Make = Callable[[int], Arrays]


def add_arguments(parser: argparse.ArgumentParser, *, writers: str, output: str) -> None:
    """The arguments of every command that learns from composed writing.

    Args:
        parser: that gets them.
        writers: who is learned from by default.
        output: the file in the resources that is written by default.
    """
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--writers", default=writers, help="modulus:remainders to take")
    parser.add_argument("--model", type=Path, default=default_model_path())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kept", type=Path, metavar="FOLDER", help="to go on from, if broken off")
    parser.add_argument("--processes", type=int, default=1, help="to compose with")
    parser.add_argument("--output", type=Path, default=ROOT / "resources" / output)


class Hand(Protocol):
    """What one person wrote."""

    @property
    def words(self) -> Sequence[object]: ...


def some_hand(hands: Sequence[Hand], rng: np.random.Generator) -> tuple[int, bool]:
    """One of some hands by its index, and whether it is one that is not trained on."""
    chances = np.array([WORDS_CHANCE if hand.words else 1.0 for hand in hands])
    whose = int(rng.choice(len(hands), p=chances / chances.sum()))
    return whose, whose % HELD_OUT == 0


def write_network(path: Path, parameters: Sequence[Parameter], began: float) -> None:
    """Save what was trained, and say how long it took since ``began`` on the monotonic clock."""
    save_weights(path, parameters)
    print(f"written: {path} after {(time.monotonic() - began) / 60:.0f} minutes")


def compose(make: Make, starts: Sequence[int], name: str, arguments: argparse.Namespace) -> Arrays:
    """Make parts and join them.

    Args:
        make: makes the part that begins at a number, the same whenever it is asked.
        starts: the numbers.
        name: what the files of kept parts begin with, before the seed.
        arguments: those of :func:`add_arguments`.
    """
    parts: list[Arrays] = []
    context = make, arguments.kept, f"{name}-{arguments.seed}"
    with multiprocessing.Pool(arguments.processes, _remember, context) as pool:
        for part in pool.imap(_part, starts):
            parts.append(part)
            samples = sum(len(next(iter(own.values()))) for own in parts)
            print(f"{len(parts)} of {len(starts)} parts, {samples} samples", flush=True)
    return joined(parts)


def joined(parts: Sequence[Arrays]) -> Arrays:
    return {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}


_context: list[Any] = []  # of a process: what makes parts, the folder, the name


def _remember(*context: object) -> None:
    _context[:] = context


def _part(start: int) -> Arrays:
    make, kept, name = _context
    file = None if kept is None else kept / f"{name}-{start}.npz"
    if file is not None and file.exists():
        with np.load(file, allow_pickle=False) as arrays:
            return dict(arrays)
    made: Arrays = make(start)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_npz(file, made)
    return made
