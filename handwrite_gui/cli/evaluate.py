"""Measures a model on labelled characters, or on pages of which the text is known.

Of characters it prints how many are read right, also when look-alikes count as one (0/O/o, 1/I/l,
and small letters shaped like their capitals) and among the first two guesses; the loss (mean
negative log-likelihood, in nats); the expected calibration error (how far the confidence is from
the chance of being right, in 15 bins); each class's precision and recall, and the pairs that are
confused most.  Images whose label is not in the alphabet are left out and counted.  Where the
data have non-characters (the label U+FFFD) and the model can refuse, the area under the ROC curve
says how well it tells them from characters.

Of pages it prints the character and the word error rate: how many characters, or words, have to be
replaced, taken away or put in, for each that is written.  White space counts as one space.

    python -m handwrite_gui evaluate --data digits.npz --alphabet digits
    python -m handwrite_gui evaluate --data letters.npz --model model.npz --json
    python -m handwrite_gui evaluate --data unipen_digits.npz unipen_upper.npz --writers 5:1
    python -m handwrite_gui evaluate --pages scans/ --report errors.html
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

from handwrite_gui.cli.messages import ProgressLine, UsageError
from handwrite_gui.cli.recognition import add_recognition_arguments, load_recognizer
from handwrite_gui.cli.training_data import read_written, writers
from handwrite_gui.engine.alphabets import NOT_A_CHARACTER
from handwrite_gui.engine.data.dataset import Dataset, concatenate, to_training_data
from handwrite_gui.engine.errors import DatasetError
from handwrite_gui.engine.evaluation.confusion import (
    ClassScore,
    ConfusedPair,
    confusion_matrix,
    most_confused,
    per_class,
)
from handwrite_gui.engine.evaluation.figures import Figures, figures_of_logits
from handwrite_gui.engine.evaluation.metrics import ReliabilityBin, reliability
from handwrite_gui.engine.network.arrays import FloatArray, IntArray
from handwrite_gui.engine.network.losses import SoftmaxCrossEntropy, softmax
from handwrite_gui.engine.recognizer import Recognizer
from handwrite_gui.engine.text.fields import FIELDS
from handwrite_gui.engine.text.language_model import LANGUAGES

_AT_ONCE = 4096
_CONFUSED_PAIRS = 10


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of one model on one data set; NaN where there was nothing to divide by.

    Attributes:
        figures: shares read right and the calibration error, over all characters.
        left_out: how many images had a label that is not in the alphabet.
        loss: over all characters.
        classes: the characters that the model could choose from.
        scores: of each of ``classes``.
        confused: the most frequent errors; indices into ``classes``.
        reliability: confidence and accuracy in each bin that is not empty.
        non_characters: how many images were of none.
        rejection_auc: chance that one of them gets a higher probability of being none than a
            character does; None if there are none or the model cannot refuse.
    """

    figures: Figures
    left_out: int
    loss: float
    classes: tuple[str, ...]
    scores: Sequence[ClassScore]
    confused: Sequence[ConfusedPair]
    reliability: Sequence[ReliabilityBin]
    non_characters: int = 0
    rejection_auc: float | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--data",
        type=Path,
        nargs="+",
        metavar="PATH",
        help="files or folders of labelled characters, of any kind that “train” takes",
    )
    what.add_argument(
        "--pages",
        type=Path,
        nargs="+",
        metavar="PATH",
        help="pictures of pages, or folders of them, with what is written on page.png beside it: "
        "page.gt.txt, page.txt, or ALTO, PAGE XML, hOCR or JSON",
    )
    add_recognition_arguments(parser)
    parser.add_argument(
        "--writers",
        type=writers,
        metavar="M:R",
        help="with --data, only the characters of writers whose number leaves R when it is divided "
        "by M: 5:1 are those whom the shipped model did not learn from",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    pages = parser.add_argument_group("with --pages")
    pages.add_argument(
        "--readings",
        type=Path,
        metavar="FOLDER",
        help="do not read the pages, but take what was read from files of their names in this "
        "folder",
    )
    pages.add_argument(
        "--report", type=Path, metavar="PATH", help="write the differences as HTML to this file"
    )
    pages.add_argument("--ignore-case", action="store_true", help="capitals count as small letters")
    pages.add_argument(
        "--language", choices=(*LANGUAGES, "off"), default="en", help="as for “recognize”"
    )
    pages.add_argument("--field", choices=FIELDS, default="any", help="as for “recognize”")


def run(options: argparse.Namespace) -> int:
    if options.pages is not None:
        from handwrite_gui.cli.evaluate_pages import evaluate_pages

        if options.writers is not None:
            raise UsageError("--writers goes with --data")
        return evaluate_pages(options)
    if options.readings is not None or options.report is not None:
        raise UsageError("--readings and --report go with --pages")
    recognizer = load_recognizer(options)
    everything = concatenate([read_written(path, options.writers) for path in options.data])
    data = everything.of_classes(recognizer.classes)
    if not len(data):
        raise DatasetError(
            ", ".join(path.name for path in options.data),
            f"none of its characters ({''.join(everything.classes)}) is one the model can choose "
            "here; give another --alphabet or --model.",
        )
    figures = evaluate(recognizer, everything)
    print(json.dumps(to_json(figures)) if options.json else to_text(figures))
    return 0


def evaluate(recognizer: Recognizer, everything: Dataset) -> Evaluation:
    """Measures on those of the images whose label is one of the recogniser's classes."""
    data = everything.of_classes(recognizer.classes)
    none = everything.of_classes([NOT_A_CHARACTER])
    classes = recognizer.model.classes
    all_logits, logits, all_targets = _logits(recognizer, data)
    columns = np.array([classes.index(name) for name in recognizer.classes])
    targets = np.searchsorted(columns, all_targets)
    logits /= recognizer.temperature
    confusion = confusion_matrix(targets, logits.argmax(axis=1), len(columns))
    rejection_auc = None
    if len(none) and NOT_A_CHARACTER in classes:
        # Imported here: SciPy's statistics take a while to load.
        from handwrite_gui.engine.evaluation.rejection import roc_auc

        refusal = classes.index(NOT_A_CHARACTER)
        refused = softmax(_logits(recognizer, none)[0])[:, refusal]
        rejection_auc = roc_auc(refused, softmax(all_logits)[:, refusal])
    return Evaluation(
        figures=figures_of_logits(everything.name, logits, targets, recognizer.classes),
        left_out=len(everything) - len(data) - len(none),
        loss=SoftmaxCrossEntropy().value(logits, targets),
        classes=recognizer.classes,
        scores=per_class(confusion),
        confused=most_confused(confusion, _CONFUSED_PAIRS),
        reliability=reliability(softmax(logits), targets),
        non_characters=len(none),
        rejection_auc=rejection_auc,
    )


def _logits(recognizer: Recognizer, data: Dataset) -> tuple[FloatArray, FloatArray, IntArray]:
    """Logits (N, K) of all the model's classes, (N, A) of the recogniser's, and targets (N,)."""
    classes = recognizer.model.classes
    logits: FloatArray = np.empty((len(data), len(classes)), np.float32)
    allowed: FloatArray = np.empty((len(data), len(recognizer.classes)), np.float32)
    targets = np.empty(len(data), np.int64)
    with ProgressLine(data.name) as progress:
        for start in range(0, len(data), _AT_ONCE):
            block = np.arange(start, min(start + _AT_ONCE, len(data)))
            samples = to_training_data(data.subset(block), classes)
            logits[block], allowed[block] = recognizer.crop_logits(samples.inputs)
            targets[block] = samples.targets
            progress(min(1.0, (start + _AT_ONCE) / len(data)), "classifying")
    return logits, allowed, targets


def to_json(evaluation: Evaluation) -> dict[str, Any]:
    """Plain values; null for a figure that is not a number."""
    figures = evaluation.figures
    return {
        "data": figures.name,
        "images": figures.samples,
        "left_out": evaluation.left_out,
        "accuracy": figures.accuracy,
        "merged": figures.merged,
        "top_two": figures.top_two,
        "loss": evaluation.loss,
        "calibration_error": figures.calibration_error,
        "reliability": [row._asdict() for row in evaluation.reliability],
        "non_characters": evaluation.non_characters,
        "rejection_auc": evaluation.rejection_auc,
        "classes": [
            {
                "label": label,
                "images": score.samples,
                "precision": None if math.isnan(score.precision) else score.precision,
                "recall": None if math.isnan(score.recall) else score.recall,
            }
            for label, score in zip(evaluation.classes, evaluation.scores, strict=True)
        ],
        "confused": [
            {
                "label": evaluation.classes[pair.true],
                "read_as": evaluation.classes[pair.predicted],
                "images": pair.samples,
            }
            for pair in evaluation.confused
        ],
    }


def to_text(evaluation: Evaluation) -> str:
    """Lines for a person; classes that the data do not hold have no line of their own."""
    figures = evaluation.figures
    left_out = f", {evaluation.left_out:,} left out" if evaluation.left_out else ""
    lines = [
        f"data               {figures.name}",
        f"images             {figures.samples:,}{left_out}",
        f"accuracy           {figures.accuracy:.4f}",
        f"look-alikes merged {figures.merged:.4f}",
        f"first two guesses  {figures.top_two:.4f}",
        f"loss               {evaluation.loss:.4f}",
        f"calibration error  {figures.calibration_error:.4f}",
    ]
    if evaluation.rejection_auc is not None:
        lines.append(
            f"refusal, ROC AUC   {evaluation.rejection_auc:.4f} "
            f"({evaluation.non_characters:,} non-characters)"
        )
    lines += ["", "class  images  precision  recall"]
    lines += [
        f"{label:<5}{score.samples:>8}{_share(score.precision):>11}{_share(score.recall):>8}"
        for label, score in zip(evaluation.classes, evaluation.scores, strict=True)
        if score.samples
    ]
    if evaluation.confused:
        lines += ["", "most confused (the label, what it was read as, how often)"]
        lines += [
            f"{evaluation.classes[pair.true]} {evaluation.classes[pair.predicted]} {pair.samples}"
            for pair in evaluation.confused
        ]
    return "\n".join(lines)


def _share(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.4f}"
