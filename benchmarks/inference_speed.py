"""How long the shipped model takes: to load, for one character, for a page's, for 10,000 images.

    python benchmarks/inference_speed.py [--model MODEL.npz]

One BLAS thread.  "Network" is the perceptron alone on normalised images; "classify" is all from
the image to the ranked guesses.  The last row runs the command in a process of its own, its start
included.  Each figure is the best of several tries: others on the machine only ever slow it down.
Exit status 1 if a figure misses its target.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from handwrite_gui.engine.data.normalizer import normalize
from handwrite_gui.engine.data.synthesis import synthesize
from handwrite_gui.engine.model_file import load_model
from handwrite_gui.engine.recognizer import Recognizer
from handwrite_gui.engine.resources import default_model_path

CLASSIFIED = 10_000
PAGE = 300


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=None, help="default: the shipped one")
    model_path = parser.parse_args().model or default_model_path()
    recognizer = Recognizer(load_model(model_path))
    characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    made = np.asarray(synthesize(characters, -(-CLASSIFIED // len(characters)), seed=0).images)
    images = np.random.default_rng(0).permutation(made)[:CLASSIFIED]
    inputs = normalize(images[:PAGE]).reshape(PAGE, -1)
    network = recognizer.model.network

    print(f"{model_path.name}: {model_path.stat().st_size / 1e6:.1f} MB")
    print(f"{'':<44}{'ms':>9}{'target':>9}")
    missed = False
    with threadpool_limits(1, "blas"):
        for name, target, tries, task in (
            ("load the model", 50, 20, lambda: load_model(model_path)),
            ("network, 1 character", 1, 300, lambda: network.probabilities(inputs[:1])),
            ("classify, 1 character", 1, 300, lambda: recognizer.classify(images[:1])),
            (f"network, {PAGE} characters", 20, 30, lambda: network.probabilities(inputs)),
            (f"classify, {PAGE} characters", 20, 30, lambda: recognizer.classify(images[:PAGE])),
        ):
            missed |= report(name, target, best_of(tries, task))
    missed |= report(
        f"command classify, {CLASSIFIED:,} images, with start", 2000, of_command(model_path, images)
    )
    return int(missed)


def best_of(tries: int, task: Callable[[], object]) -> float:
    """Seconds of the fastest try."""
    task()
    best = float("inf")
    for _ in range(tries):
        started = time.perf_counter()
        task()
        best = min(best, time.perf_counter() - started)
    return best


def of_command(model_path: Path, images: np.ndarray) -> float:
    """Seconds of ``python -m handwrite_gui classify``, start included."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "images.npz")
        np.savez(path, images=images)
        command = [sys.executable, "-m", "handwrite_gui", "classify", "--model", str(model_path)]
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        # As it is installed: with modules compiled once and kept.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)

        def run() -> None:
            subprocess.run([*command, str(path)], check=True, capture_output=True, env=environment)

        return best_of(3, run)


def report(name: str, target: float, seconds: float) -> bool:
    """Prints a row; whether the target, in milliseconds, was missed."""
    missed = seconds * 1e3 > target
    print(f"{name:<44}{seconds * 1e3:>9.2f}{target:>9}{'  missed' if missed else ''}", flush=True)
    return missed


if __name__ == "__main__":
    sys.exit(main())
