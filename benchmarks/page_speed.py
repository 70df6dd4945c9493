"""How long pages take to read, and how much memory, beside Tesseract where it is installed.

    python benchmarks/page_speed.py [--repeats 3] [--keep FOLDER]

A 12-megapixel photograph goes from its JPEG to text by the command line, start-up included, with
one thread; Tesseract (`tesseract-ocr` of Debian) reads the same file with `--psm 6`.  The table of
sizes reads pages in one process: the same page in ever more pixels, and ever more characters on
pages of one size.  Last, a scan of 100 megapixels is read in a process of its own, whose largest
memory is asked of the system.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).resolve().parent))

from page_accuracy import compare

from handwrite_gui.engine.data.synthesis import compose_page
from handwrite_gui.engine.model_file import load_model
from handwrite_gui.engine.recognizer import Recognizer
from handwrite_gui.engine.resources import default_model_path

TEXT = (
    "THINGS TO DO BEFORE FRIDAY\nBUY 12 EGGS AND BREAD\nCALL THE BANK AT 9\n"
    "TAKE THE CAR TO GATE 45\nPACK BOOKS FOR THE TRIP\nFEED THE CAT TWICE A DAY\n"
    "PAY RENT 380 BY THE 7TH\nWRITE TO MARGARET"
)
ROOT = Path(__file__).resolve().parents[1]
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"
)
# As it is installed: with modules compiled once and kept.
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
} | ONE_THREAD
MEGAPIXEL = 1_000_000


def sized(page: NDArray[np.uint8], megapixels: float) -> Image.Image:
    """The page in so many pixels of a picture of 4 to 3, with more paper around it if need be."""
    height, width = page.shape[:2]
    wide, high = max(width, round(height * 4 / 3)), max(height, round(width * 3 / 4))
    page = np.pad(page, ((0, high - height), (0, wide - width), (0, 0)), mode="edge")
    size = (
        round((megapixels * MEGAPIXEL * 4 / 3) ** 0.5),
        round((megapixels * MEGAPIXEL * 3 / 4) ** 0.5),
    )
    return Image.fromarray(page).resize(size, Image.Resampling.BICUBIC)


def timed(command: Sequence[str]) -> tuple[float, float, str]:
    """Seconds on the clock and of the processor that a command took, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    run = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=ROOT, env=ENVIRONMENT
    )
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return seconds, busy, run.stdout


def beside_tesseract(folder: Path, repeats: int) -> None:
    path = folder / "photograph_12mp.jpg"
    sized(compose_page(TEXT, 5, cap_height=110, paper="shaded"), 12).save(path, quality=92)
    commands = {"handwrite": [sys.executable, "-m", "handwrite_gui", "recognize", str(path)]}
    if shutil.which("tesseract") is None:
        print("tesseract is not installed", file=sys.stderr)
    else:
        commands["tesseract"] = ["tesseract", str(path), "stdout", "--psm", "6"]
    # In turns, so that whatever else the machine does falls on both alike.
    runs = [{name: timed(command) for name, command in commands.items()} for _ in range(repeats)]
    print("\n| 12-megapixel photograph | seconds | processor | letters |")
    print("|---|--:|--:|--:|")
    medians = {}
    for name in commands:
        clock, busy = (statistics.median(run[name][i] for run in runs) for i in (0, 1))
        medians[name] = clock, busy
        letters = compare(runs[0][name][2], TEXT).letters
        print(f"| {name} | {clock:.2f} | {busy:.2f} | {letters:.3f} |")
    if len(medians) == 2:
        clock, busy = (a / b for a, b in zip(*medians.values(), strict=True))
        print(f"| ratio | {clock:.2f} | {busy:.2f} | |")


def sizes(recognizer: Recognizer, repeats: int) -> None:
    def measure(image: Image.Image) -> tuple[float, int]:
        pixels = np.asarray(image)
        seconds = []
        for _ in range(repeats):
            start = time.perf_counter()
            result = recognizer.read_page(pixels)
            seconds.append(time.perf_counter() - start)
        return statistics.median(seconds), len(list(result.characters))

    page = compose_page(TEXT, 5, cap_height=60, paper="shaded")
    print("\n| megapixels | characters | seconds | per megapixel | per 100 characters |")
    print("|--:|--:|--:|--:|--:|")
    rows = [
        (megapixels, measure(sized(page, megapixels))) for megapixels in (1.5, 3, 6, 12, 24, 48)
    ]
    lines = TEXT.splitlines()
    for copies in (1, 2, 4, 8):
        text = "\n".join(f"{line} {line}" for line in (lines * copies)[: 4 * copies])
        rows.append((5, measure(sized(compose_page(text, 5, cap_height=40, paper="shaded"), 5))))
    for megapixels, (seconds, count) in rows:
        print(
            f"| {megapixels:g} | {count} | {seconds:.2f} | {seconds / megapixels:.3f} "
            f"| {100 * seconds / max(count, 1):.2f} |"
        )


def large_scan(folder: Path) -> None:
    path = folder / "scan_100mp.jpg"
    sized(compose_page(TEXT, 5, cap_height=60), 100).save(path, quality=85)
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "handwrite_gui", "recognize", str(path)],
        check=True,
        capture_output=True,
        cwd=ROOT,
        env=ENVIRONMENT,
    )
    seconds = time.perf_counter() - start
    # The largest of all children so far; no other comes near it.  Linux counts kilobytes.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2
    print(f"\n100-megapixel scan: {seconds:.2f} s, {peak:.2f} GiB of memory")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=3, help="the median of so many is printed")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the pictures there")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        beside_tesseract(folder, options.repeats)
        large_scan(folder)
        with threadpool_limits(limits=1):
            sizes(Recognizer(load_model(default_model_path())), options.repeats)
    return 0


if __name__ == "__main__":
    sys.exit(main())
