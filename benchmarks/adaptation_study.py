"""How much a model gains from learning one person's hand, and what others lose by it.

    python benchmarks/adaptation_study.py DATA_FOLDER [--writers 12] [--samples 1 3 5 10]
        [--draws 2] [--alphabet alnum] [--model FILE] [--json FILE]

Simulated users: the validation writers (number % 5 == 1) of unipen_digits.npz, unipen_upper.npz
and unipen_lower.npz who wrote most characters of the alphabet.  Of each character at most half,
and at most ten, may be taught; the rest is what is measured on, the same for every number of
samples.  For each writer the shipped model learns k samples of each character, as the program
does, and reads the writer's other characters, and those of all other validation writers.

before, after   share read wrong, of the writer's characters that were not taught
ratio           after / before; its mean over writers, and in brackets mean after / mean before
general         change of the accuracy on all other validation writers, in points of a hundred
kept            for how many of the writers the program would have kept what it learned, by what
                it can measure itself: held-out samples and made-up characters
seconds         to learn, with one thread, without what is made once for a model
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from handwrite_gui.engine.alphabets import ALPHABETS
from handwrite_gui.engine.data.normalizer import normalize
from handwrite_gui.engine.handwriting.learning import learn_hand
from handwrite_gui.engine.handwriting.replay import General, general_knowledge
from handwrite_gui.engine.handwriting.samples import Sample
from handwrite_gui.engine.model_file import Model, load_model
from handwrite_gui.engine.resources import default_model_path

FILES = ("unipen_digits.npz", "unipen_upper.npz", "unipen_lower.npz")
MOST_TAUGHT = 10


@dataclass(frozen=True)
class Result:
    """One writer and one number of samples a character."""

    writer: int
    draw: int
    per_class: int
    taught: int
    measured: int
    before: float
    after: float
    general_before: float
    general_after: float
    verdict: str
    share: float
    seconds: float


@dataclass(frozen=True, eq=False)
class Characters:
    """Characters of the validation writers."""

    images: NDArray[np.uint8]
    inputs: NDArray[np.uint8]
    labels: NDArray[np.str_]
    writers: NDArray[np.int64]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--writers", type=int, default=12)
    parser.add_argument("--samples", type=int, nargs="+", default=[1, 3, 5, 10])
    parser.add_argument("--draws", type=int, default=2)
    parser.add_argument("--alphabet", choices=["alnum", "full"], default="alnum")
    parser.add_argument("--model", type=Path, default=default_model_path())
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    if max(arguments.samples) > MOST_TAUGHT:
        parser.error(f"at most {MOST_TAUGHT} samples a character can be taught")
    with threadpool_limits(1, "blas"):
        results = study(arguments)
    show(results, arguments.samples)
    if arguments.json:
        text = json.dumps([asdict(result) for result in results], indent=1)
        arguments.json.write_text(text, encoding="utf-8")
    return 0


def study(arguments: argparse.Namespace) -> list[Result]:
    model = load_model(arguments.model)
    allowed = [name for name in ALPHABETS[arguments.alphabet] if name.isalnum()]
    characters = read(arguments.folder, allowed)
    general = general_knowledge(model)
    most = [w for w, _ in Counter(characters.writers.tolist()).most_common(arguments.writers)]
    results = []
    for writer in most:
        for draw in range(arguments.draws):
            results += simulate(model, general, characters, allowed, writer, draw, arguments)
        print(f"writer {writer}: {len(results)} results", file=sys.stderr)
    return results


def read(folder: Path, allowed: list[str]) -> Characters:
    images, labels, writers = [], [], []
    for name in FILES:
        with np.load(folder / name, allow_pickle=False) as data:
            chosen = (data["writer"] % 5 == 1) & np.isin(data["labels"], allowed)
            images.append(data["images"][chosen])
            labels.append(data["labels"][chosen])
            writers.append(data["writer"][chosen])
    stack = np.concatenate(images)
    inputs = normalize(stack).reshape(len(stack), -1)
    return Characters(stack, inputs, np.concatenate(labels), np.concatenate(writers))


def simulate(
    model: Model,
    general: General,
    characters: Characters,
    allowed: list[str],
    writer: int,
    draw: int,
    arguments: argparse.Namespace,
) -> list[Result]:
    rng = np.random.default_rng([draw, writer])
    pools, measured = [], []
    for label in allowed:
        mine = (characters.writers == writer) & (characters.labels == label)
        order = rng.permutation(np.flatnonzero(mine))
        taught = min(MOST_TAUGHT, len(order) // 2)
        pools.append(order[:taught])
        measured.append(order[taught:])
    own = np.concatenate(measured)
    others = np.flatnonzero(characters.writers != writer)
    before = accuracy(model, characters, own, allowed)
    general_before = accuracy(model, characters, others, allowed)
    results = []
    for per_class in arguments.samples:
        taught = np.concatenate([pool[:per_class] for pool in pools])
        samples = [
            Sample(i, characters.images[i], str(characters.labels[i]), "taught", "", "")
            for i in taught.tolist()
        ]
        learned = learn_hand(model, samples, general=general)
        results.append(
            Result(
                writer,
                draw,
                per_class,
                len(taught),
                len(own),
                1 - before,
                1 - accuracy(learned.model, characters, own, allowed),
                general_before,
                accuracy(learned.model, characters, others, allowed),
                learned.verdict,
                learned.share,
                learned.seconds,
            )
        )
    return results


def accuracy(
    model: Model, characters: Characters, rows: NDArray[np.intp], allowed: list[str]
) -> float:
    """Share read right where the classes of the alphabet may be chosen."""
    classes = np.array([model.classes.index(name) for name in allowed])
    logits = model.network.predict_logits(characters.inputs[rows])[:, classes]
    return float(np.mean(np.array(allowed)[logits.argmax(axis=1)] == characters.labels[rows]))


def show(results: list[Result], samples: list[int]) -> None:
    print("| samples a character | before | after | ratio | general | kept | seconds |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for per_class in samples:
        chosen = [result for result in results if result.per_class == per_class]
        before = np.array([result.before for result in chosen])
        after = np.array([result.after for result in chosen])
        fall = np.mean([r.general_after - r.general_before for r in chosen])
        kept = sum(result.verdict == "better" for result in chosen)
        seconds = np.median([result.seconds for result in chosen])
        print(
            f"| {per_class} | {before.mean():.4f} | {after.mean():.4f} "
            f"| {np.mean(after / before):.3f} ({after.mean() / before.mean():.3f}) "
            f"| {100 * fall:+.2f} | {kept} of {len(chosen)} | {seconds:.1f} |"
        )
    print()
    print("| writer | taught | measured | before | after | general |")
    print("|---:|---:|---:|---:|---:|---:|")
    shown = 5 if 5 in samples else samples[-1]
    for writer in dict.fromkeys(result.writer for result in results):
        chosen = [r for r in results if r.writer == writer and r.per_class == shown]
        print(
            f"| {writer} | {chosen[0].taught} | {chosen[0].measured} "
            f"| {np.mean([r.before for r in chosen]):.4f} "
            f"| {np.mean([r.after for r in chosen]):.4f} "
            f"| {100 * np.mean([r.general_after - r.general_before for r in chosen]):+.2f} |"
        )


if __name__ == "__main__":
    sys.exit(main())
