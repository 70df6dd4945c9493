"""From the paths on a command line to what a trainer learns from and is measured on."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from handwrite_gui.cli.messages import ProgressLine, UsageError
from handwrite_gui.engine.alphabets import ALPHABETS, DEFAULT_ALPHABET
from handwrite_gui.engine.data.dataset import Dataset, concatenate, to_training_data
from handwrite_gui.engine.data.readers import read_dataset
from handwrite_gui.engine.data.sources import ValidationRule
from handwrite_gui.engine.errors import DatasetError
from handwrite_gui.engine.training.training_data import TrainingData

DEFAULT_VALIDATION_SHARE = 0.15

_Number = TypeVar("_Number", int, float)


@dataclass(frozen=True, slots=True)
class Samples:
    """What a training run works with.

    Attributes:
        training: normalised images to learn from.
        validation: those set aside to measure on, or None.
        classes: names of the classes that the targets stand for.
        sources: names of the data sets, for the model's card.
    """

    training: TrainingData
    validation: TrainingData | None
    classes: tuple[str, ...]
    sources: tuple[str, ...]


def add_data_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("data")
    group.add_argument(
        "--data",
        nargs="+",
        action="extend",
        default=[],
        type=Path,
        metavar="PATH",
        help="files or folders of labelled characters to learn from",
    )
    group.add_argument(
        "--synthetic",
        type=_number(int, 1, 100_000),
        default=0,
        metavar="N",
        help="learn also from N characters of each class that the program draws itself",
    )
    group.add_argument(
        "--alphabet",
        choices=tuple(ALPHABETS),
        help="learn only these characters; by default all that the data hold "
        f"({DEFAULT_ALPHABET} where there are only synthetic ones)",
    )
    measured_on = group.add_mutually_exclusive_group()
    measured_on.add_argument(
        "--validation-share",
        type=_number(float, 0, 0.9),
        default=DEFAULT_VALIDATION_SHARE,
        metavar="X",
        help="share of the data set aside to measure on, whole writers where they are known; "
        f"0 for none (default: {DEFAULT_VALIDATION_SHARE})",
    )
    measured_on.add_argument(
        "--validation",
        nargs="+",
        default=[],
        type=Path,
        metavar="PATH",
        help="measure on these data instead of setting some aside",
    )


def load_samples(options: argparse.Namespace, seed: int) -> Samples:
    """Reads, divides and normalises the data of :func:`add_data_arguments`.

    Args:
        seed: of the division and of the synthetic characters.

    Raises:
        UsageError: there is nothing to learn from.
        DatasetError: data cannot be read, or hold no character of the alphabet.
    """
    if not options.data and not options.synthetic:
        raise UsageError("give --data PATH, or --synthetic N to begin without any data")
    allowed = None if options.alphabet is None else ALPHABETS[options.alphabet]
    collected = [read_labelled(path, allowed) for path in options.data]
    training, validation = _divide(collected, options, seed)
    if options.validation:
        validation = concatenate([read_labelled(path, allowed) for path in options.validation])
    classes = tuple(sorted({label for data in collected for label in data.classes}))
    if options.synthetic:
        classes = classes or tuple(allowed or ALPHABETS[DEFAULT_ALPHABET])
        drawn = _draw(classes, options.synthetic, seed)
        if not collected and not options.validation and options.validation_share:
            training, validation = drawn.split(options.validation_share, seed)
        else:
            training = drawn if training is None else concatenate([training, drawn])
        collected.append(drawn)
    assert training is not None
    if validation is not None:
        # A network cannot be measured on characters that it has no outputs for.
        validation = validation.of_classes(classes)
        if not len(validation):
            raise UsageError("the data of --validation have none of the characters to learn")
    return Samples(
        _normalized(training, classes),
        None if validation is None else _normalized(validation, classes),
        classes,
        tuple(data.name for data in collected),
    )


def read_labelled(path: Path, allowed: Sequence[str] | None = None) -> Dataset:
    """A data set, without the images whose label is not in ``allowed``.

    Raises:
        DatasetError: it cannot be read, or no image is left.
    """
    with ProgressLine(path.name) as progress:
        data = read_dataset(path, on_progress=progress)
    if allowed is None:
        return data
    kept = data.of_classes(tuple(allowed))
    if not len(kept):
        found = "".join(data.classes)
        raise DatasetError(path, f"none of its characters is in that alphabet; it has {found}.")
    return kept


def writers(text: str) -> ValidationRule:
    """The type of a flag that chooses writers, such as 5:1."""
    numbers = re.fullmatch(r"(\d{1,9}):(\d{1,9})", text)
    if numbers and int(numbers[2]) < int(numbers[1]):
        return ValidationRule(int(numbers[1]), int(numbers[2]))
    raise argparse.ArgumentTypeError(
        f"“{text}” does not say which writers; 5:1 are those whose number leaves 1 when it is "
        "divided by 5"
    )


def read_written(path: Path, by: ValidationRule | None) -> Dataset:
    """What some writers wrote of a data set; all of it where ``by`` is None.

    Raises:
        DatasetError: it cannot be read, does not say who wrote what, or has none of these writers.
    """
    data = read_labelled(path)
    if by is None:
        return data
    if data.groups is None:
        raise DatasetError(
            path, "it does not say who wrote what (“writer”), so no writers can be chosen from it."
        )
    chosen = by.chooses(data.groups) & (data.groups >= 0)
    if not chosen.any():
        raise DatasetError(path, "none of its writers has such a number; see --writers.")
    return data.subset(chosen)


def _divide(
    collected: Sequence[Dataset], options: argparse.Namespace, seed: int
) -> tuple[Dataset | None, Dataset | None]:
    """What to learn from and what to measure on, of the data that were read."""
    if not collected:
        return None, None
    everything = concatenate(collected)
    if options.validation or not options.validation_share:
        return everything, None
    return everything.split(options.validation_share, seed)


def _draw(classes: Sequence[str], per_class: int, seed: int) -> Dataset:
    from handwrite_gui.engine.data.synthesis import synthesize

    with ProgressLine("drawing characters") as progress:
        return synthesize(classes, per_class, seed, on_progress=progress)


def _normalized(data: Dataset, classes: Sequence[str]) -> TrainingData:
    with ProgressLine(data.name) as progress:
        return to_training_data(data, classes, on_progress=progress)


def _number(
    kind: Callable[[str], _Number], least: _Number, most: _Number
) -> Callable[[str], _Number]:
    def parse(text: str) -> _Number:
        try:
            value = kind(text)
        except ValueError:
            value = None
        if value is None or not least <= value <= most:
            raise argparse.ArgumentTypeError(f"“{text}” is not a number from {least} to {most}")
        return value

    return parse
