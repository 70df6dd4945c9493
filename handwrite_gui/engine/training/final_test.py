"""The final figure of a run: on test data, apart from validation, and looked at once.

Settings are chosen by validation, and the best epoch too, so that figures of validation flatter.
What tells how well a network does on characters that nothing was chosen by is a look at test data.
Each look is kept with the run: who looks again and again, and changes settings in between, chooses
by the test data, and whoever reads the figure must be able to see that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from handwrite_gui.engine.errors import Cancelled, HandwriteError
from handwrite_gui.engine.evaluation.figures import figures_of_logits
from handwrite_gui.engine.network.arrays import FloatArray
from handwrite_gui.engine.network.losses import SoftmaxCrossEntropy
from handwrite_gui.engine.training.training_data import TrainingData

if TYPE_CHECKING:
    from handwrite_gui.engine.training.runs import RunRecord, RunStore

_AT_ONCE = 1024


@dataclass(frozen=True, slots=True)
class Look:
    """One look at test data.

    Attributes:
        when: ISO 8601 with the time zone.
        weights: "best", those of the epoch with the highest validation accuracy, or "last".
        step: how many batches they had learned; equal steps of a run have equal weights.
        data: what the test data are called.
        fingerprint: of them, see ``TrainingData.fingerprint``.
        samples: how many there were.
        accuracy: share read right.
        loss: mean cross-entropy, in nats.
        calibration_error: expected calibration error of the confidences.
    """

    when: str
    weights: Literal["best", "last"]
    step: int
    data: str
    fingerprint: str
    samples: int
    accuracy: float
    loss: float
    calibration_error: float

    def to_dict(self) -> dict[str, Any]:
        """Plain values, fit for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Any) -> Look:
        """The inverse of :meth:`to_dict`.

        Raises:
            ValueError, KeyError, TypeError: something is missing or of the wrong kind.
        """
        weights = values["weights"]
        if weights not in ("best", "last"):
            raise ValueError(f"there are no weights {weights!r}")
        return cls(
            str(values["when"]),
            weights,
            int(values["step"]),
            str(values["data"]),
            str(values["fingerprint"]),
            int(values["samples"]),
            float(values["accuracy"]),
            float(values["loss"]),
            float(values["calibration_error"]),
        )


def weights_of(store: RunStore, record: RunRecord) -> Literal["best", "last"] | None:
    """Which weights of a run are measured: those of its best epoch, or the last; None for none."""
    from handwrite_gui.engine.training.runs import BEST, LAST

    if store.path(record.id, BEST).exists():
        return "best"
    return "last" if store.path(record.id, LAST).exists() else None


def earlier_look(
    store: RunStore, record: RunRecord, *, data: str = "", fingerprint: str = ""
) -> Look | None:
    """A look at the weights that would be measured now, if there was one: it would be the same.

    Args:
        data, fingerprint: of the test data; any of them by default.
    """
    weights = weights_of(store, record)
    if weights is None:
        return None
    found = [
        look
        for look in record.looks
        if (look.weights, look.step) == (weights, _step(record, weights))
        and data in ("", look.data)
        and fingerprint in ("", look.fingerprint)
    ]
    return found[-1] if found else None


def look_at_test_data(
    store: RunStore,
    run_id: str,
    data: TrainingData,
    *,
    on_progress: Callable[[float, str], object] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Look:
    """Measures a run on test data and keeps the figure with it.

    The same weights are not measured on the same data again: the figure is there, and would be the
    same.

    Args:
        store: where the run is kept.
        run_id: of the run.
        data: with targets in the order of the run's classes.

    Returns:
        the look: this one, or the one before that would be the same.

    Raises:
        HandwriteError: there is nothing to measure, or the data are those that the run learned
            from or was chosen by.
        Cancelled: ``should_stop`` became true; that was no look.
    """
    record = store.read(run_id)
    weights = weights_of(store, record)
    if record.state == "running":
        raise HandwriteError(
            f"“{record.name}” is being trained. The test data are for the end: stop it, or let it "
            "finish."
        )
    if weights is None:
        raise HandwriteError(f"“{record.name}” has no weights that could be measured; train it.")
    if not len(data):
        raise HandwriteError(
            "The test data have no character that the run tells apart; choose others."
        )
    fingerprint = data.fingerprint
    if fingerprint in (record.data.training_fingerprint, record.data.validation_fingerprint):
        raise HandwriteError(
            "These are the characters that the run learned from or was validated on, so they say "
            "nothing new; choose characters that it never saw."
        )
    earlier = earlier_look(store, record, fingerprint=fingerprint)
    if earlier is not None:
        return earlier
    network = store.model(run_id, weights).network
    logits: FloatArray = np.empty((len(data), network.sizes[-1]), np.float32)
    for start in range(0, len(data), _AT_ONCE):
        if should_stop is not None and should_stop():
            raise Cancelled
        rows = slice(start, start + _AT_ONCE)
        logits[rows] = network.predict_logits(data.inputs[rows])
        if on_progress is not None:
            on_progress(min(1.0, (start + _AT_ONCE) / len(data)), "Reading the test characters")
    figures = figures_of_logits(data.name, logits, data.targets, record.classes)
    look = Look(
        datetime.now(UTC).isoformat(timespec="seconds"),
        weights,
        _step(record, weights),
        data.name,
        fingerprint,
        len(data),
        figures.accuracy,
        SoftmaxCrossEntropy().value(logits, data.targets),
        figures.calibration_error,
    )
    store.add_look(run_id, look)
    return look


def _step(record: RunRecord, weights: Literal["best", "last"]) -> int:
    if weights == "best" and record.best is not None:
        return record.best.step
    return record.step
