"""The learning-rate range test: which rates learn at all, found in a fraction of a run.

The rate grows from batch to batch, from one that is too small to one that is too large (Smith
2017, "Cyclical Learning Rates for Training Neural Networks").  The loss first stays, then falls,
then explodes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from handwrite_gui.engine.errors import Cancelled, HandwriteError
from handwrite_gui.engine.training.batches import Batches
from handwrite_gui.engine.training.checkpoint import layer_sizes
from handwrite_gui.engine.training.learner import Learner
from handwrite_gui.engine.training.settings import TrainingSettings
from handwrite_gui.engine.training.training_data import TrainingData, check_fit

LOWEST, HIGHEST = 1e-6, 10.0
STEPS = 200
_KEPT = 0.9
_EXPLODED = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class RangeTest:
    """What was found.

    Attributes:
        rates: float64 ``(n,)``, of every batch, growing by the same factor.
        losses: float64 ``(n,)``, of every batch before it was learned.
        smooth: float64 ``(n,)``, their moving average without its bias towards zero.
        suggested: the rate at which the loss fell fastest; None where it never fell.
    """

    rates: NDArray[np.float64]
    losses: NDArray[np.float64]
    smooth: NDArray[np.float64]
    suggested: float | None


def range_test(
    settings: TrainingSettings,
    training: TrainingData,
    classes: Sequence[str],
    *,
    lowest: float = LOWEST,
    highest: float = HIGHEST,
    steps: int = STEPS,
    on_progress: Callable[[float, str], object] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> RangeTest:
    """Learns batch after batch at a rate that grows from ``lowest`` to ``highest``.

    It ends early when the loss is four times the least it was, or no number any more.  Dropout
    and the like are as in the settings; there is no augmentation, so that the loss tells of the
    rate alone.

    Raises:
        HandwriteError: there is nothing to learn from.
        Cancelled: ``should_stop`` became true.
    """
    check_fit(training, None, tuple(classes))
    if steps < 2 or not 0 < lowest < highest:
        raise HandwriteError("A range test needs two steps and a range of rates above 0.")
    learner = Learner(layer_sizes(training.inputs.shape[1], settings, classes), settings)
    network = learner.network
    features = network.features_of if network.has_features else None
    batches = Batches(training, settings.batch_size, settings.seed, features=features)
    rates = np.geomspace(lowest, highest, steps)
    losses, smooth = np.empty(steps), np.empty(steps)
    average, best, done = 0.0, math.inf, 0
    with threadpool_limits(1, "blas"):
        for step, rate in enumerate(rates):
            if should_stop is not None and should_stop():
                raise Cancelled
            # Without features the batch is the network's own input, as a trainer gives it.
            loss = learner.learn(batches.batch(step), step, float(rate)).loss
            if not math.isfinite(loss):
                break
            average = _KEPT * average + (1 - _KEPT) * loss
            losses[step], smooth[step] = loss, average / (1 - _KEPT ** (step + 1))
            done = step + 1
            best = min(best, smooth[step])
            if on_progress is not None:
                on_progress(done / steps, f"rate {rate:.2g}")
            if smooth[step] > _EXPLODED * best:
                break
    rates, losses, smooth = rates[:done], losses[:done], smooth[:done]
    return RangeTest(rates, losses, smooth, _steepest(rates, smooth))


def _steepest(rates: NDArray[np.float64], smooth: NDArray[np.float64]) -> float | None:
    """The rate where the loss falls most for a growth of the rate, up to where it is least."""
    end = int(np.argmin(smooth)) + 1 if len(smooth) else 0
    if end < 3 or smooth[end - 1] >= 0.95 * smooth[0]:
        return None
    slopes = np.gradient(smooth[:end], np.log(rates[:end]))
    return float(f"{rates[int(np.argmin(slopes))]:.2g}")
