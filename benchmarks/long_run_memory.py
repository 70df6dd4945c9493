"""How much memory a run of a million batches takes, with all that the window keeps of it.

    python benchmarks/long_run_memory.py [--batches 1000000]

Learns tiny batches, so that hours of training pass in minutes.  The figures go through what the
window has between trainer and plots: the buffer of the curves, the film of the layers, the files
of the run.  What must hold: the curves and the film stay within their bounds, and the process
grows by the two numbers of every batch that are kept exactly, and no more.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

from handwrite_gui.engine.insight.recorder import Recorder
from handwrite_gui.engine.training import BatchDone, EpochDone, Trainer, TrainingSettings
from handwrite_gui.engine.training.run_recorder import RunRecorder, record_new_run, run_data
from handwrite_gui.engine.training.runs import RunStore
from handwrite_gui.engine.training.training_data import TrainingData
from handwrite_gui.train.run_buffer import RunBuffer, RunPlan

_CLASSES = ("A", "B", "C", "D")
_SIDE, _BATCH, _SAMPLES = 8, 4, 4000


def samples(count: int, rng: np.random.Generator) -> TrainingData:
    """Noise with a bright quarter, which is the class."""
    targets = rng.integers(0, len(_CLASSES), count)
    images = rng.integers(0, 120, (count, _SIDE, _SIDE)).astype(np.uint8)
    for row, target in enumerate(targets):
        top, left = divmod(int(target), 2)
        images[row, 4 * top : 4 * top + 4, 4 * left : 4 * left + 4] += 60
    return TrainingData(images.reshape(count, -1), targets, "quarters")


def megabytes() -> float:
    """What the process has in memory now, or, off Linux, had at most."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--batches", type=int, default=1_000_000)
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    training, validation = samples(_SAMPLES, rng), samples(256, rng)
    per_epoch = _SAMPLES // _BATCH
    settings = TrainingSettings(
        hidden=(8,), batch_size=_BATCH, epochs=max(options.batches // per_epoch, 1)
    )
    trainer = Trainer(settings, training, validation, _CLASSES)
    buffer = RunBuffer(RunPlan(settings.epochs, per_epoch, _SAMPLES))
    film = Recorder(trainer, validation)
    with tempfile.TemporaryDirectory(prefix="handwrite-benchmark-") as folder:
        store = RunStore(folder)
        data = run_data("quarters", {}, training, validation)
        recorder = RunRecorder(store, record_new_run(store, trainer, "long", data), trainer)
        film.observe(None)
        print(f"{'batches':>10}{'memory, MB':>12}{'points':>9}{'frames':>8}{'look, ms':>10}")
        begun, step = time.monotonic(), 0
        for event in trainer.run():
            film.observe(event)
            recorder.take(event)
            if isinstance(event, EpochDone):
                buffer.add_epoch(event, None)
            elif isinstance(event, BatchDone):
                buffer.add_batch(event)
                step = event.step
                if step % (options.batches // 10) == 0:
                    looked = time.perf_counter()
                    update = buffer.take()
                    look = 1000 * (time.perf_counter() - looked)
                    assert update is not None
                    points = len(update.curves.position)
                    print(
                        f"{step:>10,}{megabytes():>12.1f}{points:>9,}{len(film.frames):>8}"
                        f"{look:>10.2f}",
                        flush=True,
                    )
        size = store.size(recorder.record.id) / 2**20
    exact = 2 * 8 * step / 2**20
    print(f"{step:,} batches in {time.monotonic() - begun:,.0f} s; {size:,.1f} MB of files")
    print(f"the exact loss and accuracy of every batch: {exact:,.1f} MB")


if __name__ == "__main__":
    main()
