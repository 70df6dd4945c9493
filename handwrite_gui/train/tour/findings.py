"""What came of an experiment, in sentences with the figures of that very run.

The sentences say what was measured; where a run went otherwise than it usually does, because it was
stopped or its settings were tampered with, they say that too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from handwrite_gui.engine.data.normalizer import INPUT_SIZE
from handwrite_gui.engine.insight.recorder import Frame
from handwrite_gui.engine.insight.units import neighbour_correlation
from handwrite_gui.engine.training.history import EpochRow, History
from handwrite_gui.engine.training.runs import RunRecord
from handwrite_gui.train.confusion_summary import ConfusionSummary


@dataclass(frozen=True, eq=False)
class RunOutcome:
    """What a run of the tour leaves to tell of.

    Attributes:
        history: of every batch and epoch.
        classes: what was told apart.
        frames: of the network, from before the first batch to the end.
        summary: the confusion matrix after the last epoch, or None.
        verdict: of the gradient check, or "".
    """

    history: History
    classes: tuple[str, ...]
    frames: tuple[Frame, ...]
    summary: ConfusionSummary | None = None
    verdict: str = ""


def finding_of_run(key: str, outcome: RunOutcome) -> str:
    """What a finished run of the experiment with that key showed."""
    if not outcome.history.epochs:
        return "It ended within its first epoch; run it again to see more."
    match key:
        case "softmax":
            return _softmax(outcome)
        case "gradients":
            return outcome.verdict or "The gradients were not checked; press Check."
        case "sigmoid" | "xavier" | "he":
            return _gradients(outcome)
        case "first-layer":
            return _first_layer(outcome)
        case "confusion":
            return _confusion(outcome)
    raise KeyError(key)


def finding_of_study(key: str, records: Sequence[RunRecord]) -> str:
    """What the runs of the study with that key showed."""
    ended = [record for record in records if record.last is not None or record.state == "diverged"]
    if not ended:
        return "None of the runs came to the end of an epoch; run them again to see more."
    lines = [f"{_study_label(record)}: {_study_figures(record)}" for record in ended]
    missing = len(records) - len(ended)
    if missing:
        lines.append(f"{missing} of the runs did not come to an epoch’s end.")
    chance = 1 / len(records[0].classes)
    if key == "zero":
        lines.append(
            f"Guessing would be right in {chance:.0%} of the cases, with a loss of "
            f"ln {len(records[0].classes)} = {-math.log(chance):.3f}."
        )
    if key == "rate":
        measured = [r for r in ended if r.last is not None and r.last.validation_loss is not None]
        if measured:
            best = min(measured, key=lambda r: (r.last and r.last.validation_loss) or math.inf)
            lines.append(
                f"Best was η = {best.settings.learning_rate:g}. Which rate is right depends on "
                "the network, its weights and the data; the range test in Studies finds it."
            )
    return "\n".join(lines)


def _study_label(record: RunRecord) -> str:
    label = record.study.label if record.study is not None else record.name
    return label[:1].upper() + label[1:]


def _study_figures(record: RunRecord) -> str:
    if record.state == "diverged":
        return "diverged"
    row = record.last
    assert row is not None
    return f"{_share(row)} right, loss {_loss(row):.3f}"


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _number(value: float) -> str:
    """Two digits, with a power of ten where there would be many zeros."""
    if 1e-3 <= abs(value) < 1e3:
        return f"{value:.2g}"
    digits, exponent = f"{value:.1e}".split("e")
    return f"{digits} × 10{str(int(exponent)).translate(_RAISED)}"


def _loss(row: EpochRow) -> float:
    """Of validation where it was measured."""
    return row.training_loss if row.validation_loss is None else row.validation_loss


def _share(row: EpochRow) -> str:
    accuracy = row.validation_accuracy
    return f"{row.training_accuracy if accuracy is None else accuracy:.1%}"


def _softmax(outcome: RunOutcome) -> str:
    history, count = outcome.history, len(outcome.classes)
    last = history.epochs[-1]
    loss = _loss(last)
    return (
        f"The first batch had a loss of {history.batch_losses[0]:.4f}; ln {count} is "
        f"{math.log(count):.4f}. After {last.epoch} epochs the validation loss is {loss:.3f}: on "
        f"(geometric) average the right digit gets the probability e^−{loss:.3f} = "
        f"{math.exp(-loss):.0%}. {_share(last)} of the digits that it had not seen are read right."
    )


def _gradients(outcome: RunOutcome) -> str:
    last = outcome.history.epochs[-1]
    chance = 1 / len(outcome.classes)
    words = (
        f"After {last.epoch} epochs {_share(last)} are read right (guessing gives {chance:.0%}), "
        f"with a loss of {_loss(last):.3f}."
    )
    if not outcome.frames or len(outcome.frames[0].layers) < 3:
        return words
    hidden = [layer.gradient_size for layer in outcome.frames[0].layers[:-1]]
    first, before_output = hidden[0], hidden[-1]
    if not first or not before_output or not math.isfinite(first * before_output):
        return f"No gradient arrived at the first layer. {words}"
    ratio = before_output / first
    how = (
        f"{ratio:,.0f} times smaller than"
        if ratio >= 2
        else f"about as large as (1 : {ratio:.2f})"
        if ratio >= 0.5
        else f"{1 / ratio:,.1f} times larger than"
    )
    return (
        f"Before the first batch, the gradients in the first hidden layer were {how} those in "
        f"hidden layer {len(hidden)}: {_number(first)} and {_number(before_output)} (root mean "
        "square). "
        f"{words}"
    )


def _first_layer(outcome: RunOutcome) -> str:
    last = outcome.history.epochs[-1]
    shape = (INPUT_SIZE, INPUT_SIZE)
    before, now = (
        neighbour_correlation(outcome.frames[place].first_layer, shape) for place in (0, -1)
    )
    return (
        f"The correlation of weights beside each other went from {abs(before):.2f}, as of noise, "
        f"to {now:.2f} within {last.epoch} epochs. With what these "
        f"{outcome.frames[-1].first_layer.shape[1]} units look for, {_share(last)} of the digits "
        "that the network had not seen are read right."
    )


def _confusion(outcome: RunOutcome) -> str:
    summary = outcome.summary
    if summary is None:
        return "There are no validation characters to be confused."
    right = summary.total - summary.errors
    words = f"{right:,} of {summary.total:,} are read right ({right / summary.total:.1%})."
    if not summary.worst:
        return f"{words} Nothing was confused."
    worst = [
        f"{summary.classes[one.true]} as {summary.classes[one.predicted]} "
        f"({one.count} of {one.total})"
        for one in summary.worst[:4]
    ]
    few = sum(one.count for one in summary.worst[:4]) / summary.errors
    return (
        f"{words} Most often misread: {', '.join(worst)}. These {len(worst)} of the "
        f"{len(summary.classes) * (len(summary.classes) - 1):,} possible mistakes are {few:.0%} of "
        "all that were made."
    )
