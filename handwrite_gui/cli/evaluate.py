"""Measures a model on labelled characters.

Prints the accuracy, the loss (mean negative log-likelihood, in nats), the expected calibration
error (how far the confidence is from the chance of being right), each class's precision and
recall, and the pairs that are confused most.  Images whose label is not in the alphabet are left
out and counted.

    python -m handwrite_gui evaluate --data digits.npz --alphabet digits
    python -m handwrite_gui evaluate --data letters.npz --model model.npz --json
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from handwrite_gui.cli.messages import ProgressLine
from handwrite_gui.cli.recognition import add_recognition_arguments, load_recognizer
from handwrite_gui.cli.training_data import read_labelled
from handwrite_gui.engine.data.dataset import Dataset, to_training_data
from handwrite_gui.engine.errors import DatasetError
from handwrite_gui.engine.evaluation.confusion import (
    ClassScore,
    ConfusedPair,
    confusion_matrix,
    most_confused,
    per_class,
)
from handwrite_gui.engine.evaluation.metrics import accuracy, expected_calibration_error
from handwrite_gui.engine.recognizer import Recognizer

_AT_ONCE = 4096
_CONFUSED_PAIRS = 10


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of one model on one data set; NaN where there was nothing to divide by.

    Attributes:
        data: name of the data set.
        images: how many were measured on.
        left_out: how many had a label that is not in the alphabet.
        accuracy, loss, calibration_error: over all images.
        classes: the characters that the model could choose from.
        scores: of each of ``classes``.
        confused: the most frequent errors; indices into ``classes``.
    """

    data: str
    images: int
    left_out: int
    accuracy: float
    loss: float
    calibration_error: float
    classes: tuple[str, ...]
    scores: Sequence[ClassScore]
    confused: Sequence[ConfusedPair]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        metavar="PATH",
        help="a file or folder of labelled characters, of any kind that “train” takes",
    )
    add_recognition_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    recognizer = load_recognizer(options)
    everything = read_labelled(options.data)
    data = everything.of_classes(recognizer.classes)
    if not len(data):
        raise DatasetError(
            options.data,
            f"none of its characters ({''.join(everything.classes)}) is one the model can choose "
            "here; give another --alphabet or --model.",
        )
    figures = evaluate(recognizer, data, left_out=len(everything) - len(data))
    print(json.dumps(to_json(figures)) if options.json else to_text(figures))
    return 0


def evaluate(recognizer: Recognizer, data: Dataset, left_out: int = 0) -> Evaluation:
    """Measures on data of which every label is one of the recogniser's classes."""
    targets = to_training_data(data, recognizer.classes).targets
    probabilities = np.empty((len(data), len(recognizer.classes)), np.float32)
    with ProgressLine(data.name) as progress:
        for start in range(0, len(data), _AT_ONCE):
            block = slice(start, start + _AT_ONCE)
            probabilities[block] = recognizer.probabilities(data.images[block])
            progress(min(1.0, (start + _AT_ONCE) / len(data)), "classifying")
    of_truth = probabilities[np.arange(len(data)), targets].astype(np.float64)
    # A probability that float32 rounds to nothing still has a finite logarithm.
    loss = -np.log(np.maximum(of_truth, np.finfo(np.float32).tiny)).mean()
    predictions = probabilities.argmax(axis=1)
    confusion = confusion_matrix(targets, predictions, len(recognizer.classes))
    return Evaluation(
        data=data.name,
        images=len(data),
        left_out=left_out,
        accuracy=accuracy(targets, predictions),
        loss=float(loss),
        calibration_error=expected_calibration_error(probabilities, targets),
        classes=recognizer.classes,
        scores=per_class(confusion),
        confused=most_confused(confusion, _CONFUSED_PAIRS),
    )


def to_json(figures: Evaluation) -> dict[str, Any]:
    """Plain values; null for a figure that is not a number."""
    return {
        "data": figures.data,
        "images": figures.images,
        "left_out": figures.left_out,
        "accuracy": figures.accuracy,
        "loss": figures.loss,
        "calibration_error": figures.calibration_error,
        "classes": [
            {
                "label": label,
                "images": score.samples,
                "precision": None if math.isnan(score.precision) else score.precision,
                "recall": None if math.isnan(score.recall) else score.recall,
            }
            for label, score in zip(figures.classes, figures.scores, strict=True)
        ],
        "confused": [
            {
                "label": figures.classes[pair.true],
                "read_as": figures.classes[pair.predicted],
                "images": pair.samples,
            }
            for pair in figures.confused
        ],
    }


def to_text(figures: Evaluation) -> str:
    """Lines for a person; classes that the data do not hold have no line of their own."""
    left_out = f", {figures.left_out:,} left out" if figures.left_out else ""
    lines = [
        f"data               {figures.data}",
        f"images             {figures.images:,}{left_out}",
        f"accuracy           {figures.accuracy:.4f}",
        f"loss               {figures.loss:.4f}",
        f"calibration error  {figures.calibration_error:.4f}",
        "",
        "class  images  precision  recall",
    ]
    lines += [
        f"{label:<5}{score.samples:>8}{_share(score.precision):>11}{_share(score.recall):>8}"
        for label, score in zip(figures.classes, figures.scores, strict=True)
        if score.samples
    ]
    if figures.confused:
        lines += ["", "most confused (the label, what it was read as, how often)"]
        lines += [
            f"{figures.classes[pair.true]} {figures.classes[pair.predicted]} {pair.samples}"
            for pair in figures.confused
        ]
    return "\n".join(lines)


def _share(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.4f}"
