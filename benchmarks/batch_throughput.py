"""Pages a second that a batch reads with one process and with several, and its memory.

Small pages are made, parts of a sample page, and read.  Runs with one process and with several take
turns, so that whatever else the machine does meets both; the ratio is that of the medians.  The
time to start the processes and to load the model is left out.

    python benchmarks/batch_throughput.py --pages 60 --jobs 2 --rounds 3
    python benchmarks/batch_throughput.py --memory --pages 500 --jobs 2
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from handwrite_gui.engine.batch.batch import Batch
from handwrite_gui.engine.batch.events import FileDone
from handwrite_gui.engine.batch.executors import Processes
from handwrite_gui.engine.batch.plan import plan
from handwrite_gui.engine.batch.task import BatchSettings
from handwrite_gui.engine.resources import resource_path

_MEGABYTE = 1 << 20


def make_pages(folder: Path, count: int) -> None:
    """Different parts of a sample page, as pictures of their own."""
    folder.mkdir()
    with Image.open(resource_path("samples/shopping_list.jpg")) as page:
        whole = np.asarray(page.convert("L"))
    height = whole.shape[0] // 8
    for number in range(count):
        top = (number * 37) % (whole.shape[0] - height)
        Image.fromarray(whole[top : top + height]).save(folder / f"{number:04}.png")


def pages_a_second(pages: Path, jobs: int) -> float:
    """From when every process has read its first pages, to the end."""
    settings = BatchSettings()
    with tempfile.TemporaryDirectory() as output:
        batch = Batch(plan([pages], Path(output), "text"), settings, Path(output))
        times = [
            time.perf_counter()
            for event in batch.run(Processes(settings, jobs))
            if isinstance(event, FileDone)
        ]
    first = 2 * jobs
    return (len(times) - first) / (times[-1] - times[first - 1])


def memory(pages: Path, jobs: int) -> None:
    """Prints the memory of the processes every 50 pages (Linux)."""
    settings = BatchSettings()
    with tempfile.TemporaryDirectory() as output:
        batch = Batch(plan([pages], Path(output), "text"), settings, Path(output))
        executor = Processes(settings, jobs)
        done = 0
        for event in batch.run(executor):
            if isinstance(event, FileDone):
                done += 1
                if done % 50 == 0:
                    sizes = [resident(worker.process.pid or 0) for worker in executor._workers]
                    own = resident(None)
                    each = ", ".join(f"{size:.0f}" for size in sizes)
                    print(
                        f"{done:>5} pages  readers {each} MB  handing out {own:.0f} MB", flush=True
                    )


def resident(pid: int | None) -> float:
    """MB that a process has in memory."""
    text = Path(f"/proc/{pid or 'self'}/statm").read_text(encoding="ascii")
    return int(text.split()[1]) * 4096 / _MEGABYTE


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", action="store_true", help="print memory instead of speed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pages = Path(folder) / "pages"
        make_pages(pages, options.pages)
        if options.memory:
            memory(pages, options.jobs)
            return 0
        rates: dict[int, list[float]] = {1: [], options.jobs: []}
        for _ in range(options.rounds):
            for jobs, found in rates.items():
                found.append(pages_a_second(pages, jobs))
                print(f"{jobs} processes: {found[-1]:.2f} pages/s", flush=True)
    one, several = (statistics.median(found) for found in rates.values())
    print(f"{options.jobs} processes read {several / one:.2f} × as many pages a second as one")
    return 0


if __name__ == "__main__":
    sys.exit(main())
