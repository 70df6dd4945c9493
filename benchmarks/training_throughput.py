"""Training samples per second of our network, beside PyTorch's where it is installed.

    python benchmarks/training_throughput.py [--seconds 3] [--batch-size 128]

One BLAS thread, float32, one batch that stays the same: forward, loss, backward and update.
"Trainer" adds what a real run does for each batch: shuffling, gathering, scaling, events.  A
second table is about what is done to the samples on the way: affine and elastic augmentation
anew for each, maps of stroke directions, and both prepared by a second thread.
Times on a shared machine vary by a tenth and more; compare the figures of one row, or of one
table.  The second thread needs a core of its own to be of use.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from handwrite_gui.engine.network import MLP, OPTIMIZERS, SoftmaxCrossEntropy
from handwrite_gui.engine.training import Trainer, TrainingData, TrainingSettings

NETWORKS = ((1024, 64, 36), (1024, 512, 256, 36))
OPTIMIZER_NAMES = ("sgd", "adam")
RATE = 1e-3
Step = Callable[[], object]


def our_step(sizes: tuple[int, ...], optimizer_name: str, batch_size: int) -> Step:
    inputs, targets = random_batch(sizes, batch_size)
    network, loss = MLP(sizes), SoftmaxCrossEntropy()
    optimizer = OPTIMIZERS[optimizer_name](network.parameters)

    def step() -> None:
        _, gradient = loss.value_and_gradient(network.forward(inputs, training=True), targets)
        network.backward(gradient)
        optimizer.step(RATE)

    return step


def trainer_step(
    sizes: tuple[int, ...],
    optimizer_name: str,
    batch_size: int,
    *,
    augmentation: float = 0.0,
    features: str = "pixels",
    prefetch: bool = False,
) -> Step:
    rng = np.random.default_rng(0)
    samples = 20_000 // batch_size * batch_size  # every batch is a whole one
    data = TrainingData(
        rng.integers(0, 256, (samples, sizes[0]), dtype=np.uint8),
        rng.integers(0, sizes[-1], samples),
    )
    settings = TrainingSettings(
        hidden=sizes[1:-1],
        features=features,
        augmentation=augmentation,
        optimizer=optimizer_name,
        learning_rate=RATE,
        batch_size=batch_size,
        epochs=1_000_000,
    )
    classes = [str(n) for n in range(sizes[-1])]
    events = Trainer(settings, data, None, classes, prefetch=prefetch).run()
    return lambda: next(events)


def torch_step(sizes: tuple[int, ...], optimizer_name: str, batch_size: int) -> Step:
    torch: Any = importlib.import_module("torch")  # optional, so no import statement
    nn = torch.nn
    torch.set_num_threads(1)
    inputs, targets = (torch.from_numpy(array) for array in random_batch(sizes, batch_size))
    layers: list[Any] = []
    for n_in, n_out in pairwise(sizes):
        layers += [nn.Linear(n_in, n_out), nn.ReLU()]
    network, loss = nn.Sequential(*layers[:-1]), nn.CrossEntropyLoss()
    optimizers = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}
    optimizer = optimizers[optimizer_name](network.parameters(), lr=RATE)

    def step() -> None:
        optimizer.zero_grad()
        loss(network(inputs), targets).backward()
        optimizer.step()

    return step


def random_batch(sizes: tuple[int, ...], batch_size: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    inputs = rng.random((batch_size, sizes[0]), dtype=np.float32)
    return inputs, rng.integers(0, sizes[-1], batch_size)


def samples_per_second(steps: list[Step], batch_size: int, seconds: float) -> list[float]:
    """The best of ten stretches of each, taken in turns.

    What others do on the machine only ever slows a stretch down, and turns spread it fairly.
    """
    for step in steps:
        step()
    best = [0.0] * len(steps)
    for _ in range(10):
        for index, step in enumerate(steps):
            count, started = 0, time.perf_counter()
            while (elapsed := time.perf_counter() - started) < seconds / 10:
                step()
                count += 1
            best[index] = max(best[index], count * batch_size / elapsed)
    return best


def print_preparation(batch_size: int, seconds: float) -> None:
    """What augmentation and features cost, as shares of the bare rate and of PyTorch's."""
    sizes = NETWORKS[-1]
    steps: dict[str, Step] = {"bare": trainer_step(sizes, "adam", batch_size)}
    for name, augmentation, features in (
        ("augmented", 1.0, "pixels"),
        ("directions", 0.0, "directions"),
        ("augmented, directions", 1.0, "directions"),
    ):
        for ending, prefetch in (("", False), (", prefetched", True)):
            steps[name + ending] = trainer_step(
                sizes,
                "adam",
                batch_size,
                augmentation=augmentation,
                features=features,
                prefetch=prefetch,
            )
    if importlib.util.find_spec("torch"):
        steps["PyTorch, bare"] = torch_step(sizes, "adam", batch_size)
    figures = dict(
        zip(steps, samples_per_second([*steps.values()], batch_size, seconds), strict=True)
    )
    headings = f"{'thousand/s':>12}{'of bare':>10}"
    torch_figure = figures.get("PyTorch, bare")
    if torch_figure is not None:
        headings += f"{'of PyTorch':>12}"
    print(f"\n{'-'.join(map(str, sizes)) + ' adam, Trainer':<34}{headings}")
    for name, figure in figures.items():
        row = f"{name:<34}{figure / 1e3:>12.1f}{figure / figures['bare']:>10.2f}"
        print(row if torch_figure is None else f"{row}{figure / torch_figure:>12.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=3.0, help="time for each figure")
    parser.add_argument("--batch-size", type=int, default=128)
    arguments = parser.parse_args()

    columns = {"ours": our_step, "Trainer": trainer_step}
    if importlib.util.find_spec("torch"):
        columns["PyTorch"] = torch_step
    print(f"{'thousand samples/s':<28}" + "".join(f"{name:>10}" for name in columns))
    with threadpool_limits(1, "blas"):
        for sizes in NETWORKS:
            for optimizer in OPTIMIZER_NAMES:
                steps = [make(sizes, optimizer, arguments.batch_size) for make in columns.values()]
                figures = samples_per_second(steps, arguments.batch_size, arguments.seconds)
                row = f"{'-'.join(map(str, sizes))} {optimizer}"
                print(f"{row:<28}" + "".join(f"{figure / 1e3:>10.1f}" for figure in figures))
        print_preparation(arguments.batch_size, arguments.seconds)


if __name__ == "__main__":
    main()
