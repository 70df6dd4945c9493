"""Training samples per second of our network, beside PyTorch's where it is installed.

    python benchmarks/training_throughput.py [--seconds 3] [--batch-size 128]

One BLAS thread, float32, one batch that stays the same: forward, loss, backward and update.
"Trainer" adds what a real run does for each batch: shuffling, gathering, scaling, events.
Times on a shared machine vary by a tenth and more; compare the columns of one row.
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


def trainer_step(sizes: tuple[int, ...], optimizer_name: str, batch_size: int) -> Step:
    rng = np.random.default_rng(0)
    samples = 20_000 // batch_size * batch_size  # every batch is a whole one
    data = TrainingData(
        rng.integers(0, 256, (samples, sizes[0]), dtype=np.uint8),
        rng.integers(0, sizes[-1], samples),
    )
    settings = TrainingSettings(
        hidden=sizes[1:-1],
        optimizer=optimizer_name,
        learning_rate=RATE,
        batch_size=batch_size,
        epochs=1_000_000,
    )
    events = Trainer(settings, data, None, [str(n) for n in range(sizes[-1])]).run()
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


if __name__ == "__main__":
    main()
