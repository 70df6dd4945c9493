"""A flag for every training setting, made from the limits that the engine declares."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from handwrite_gui.engine.training.settings import (
    LIMITS,
    ChoiceLimit,
    LayersLimit,
    Limit,
    NumberLimit,
    TrainingSettings,
)

NO_HIDDEN_LAYERS = "none"

_MEANINGS = MappingProxyType(
    {
        "hidden": "units of each hidden layer, for example 512,256; none for softmax regression",
        "features": "what the first layer gets: pixels, or directions of strokes",
        "activation": "of the hidden layers",
        "normalization": "of what goes into the activations of hidden layers",
        "initializer": "how the weights begin",
        "optimizer": "how the weights are updated",
        "learning_rate": "at its highest",
        "momentum": "of the optimizers momentum and nesterov",
        "weight_decay": "of weights, not of biases",
        "dropout": "share of hidden units silenced in a step",
        "input_dropout": "share of pixels silenced in a step",
        "label_smoothing": "share of the target spread over all classes",
        "batch_size": "images a step",
        "epochs": "passes over the training images",
        "patience": "end after that many epochs without a lower validation loss; 0 for never",
        "schedule": "how the learning rate changes",
        "warmup_steps": "steps in which the learning rate first rises",
        "step_every": "epochs between two drops of the schedule step",
        "step_factor": "what a drop multiplies the learning rate by",
        "augmentation": "strength of the random changes to every image",
        "mixup": "how evenly pairs of images are mixed, the α of Beta(α, α); 0 for not at all",
        "ema_decay": "of the moving average of the weights that is saved; 0 for none",
        "seed": "of everything random",
    }
)


def add_settings_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("settings")
    defaults = TrainingSettings()
    for name, limit in LIMITS.items():
        # Without a default of its own: what was not given must be told from what was, for a
        # resumed run keeps the settings it began with.
        group.add_argument(
            f"--{name.replace('_', '-')}",
            dest=name,
            default=None,
            type=_parser_of(limit),
            choices=limit.choices if isinstance(limit, ChoiceLimit) else None,
            metavar=_metavar(limit),
            help=f"{_MEANINGS[name]} (default: {_as_typed(getattr(defaults, name))})",
        )


def given_settings(options: argparse.Namespace) -> dict[str, Any]:
    """The settings that were given, by the name of their field."""
    values = ((name, getattr(options, name)) for name in LIMITS)
    return {name: value for name, value in values if value is not None}


def _parser_of(limit: Limit) -> Callable[[str], Any]:
    def parse(text: str) -> Any:
        try:
            return limit.check(_convert(limit, text))
        except ValueError:
            raise argparse.ArgumentTypeError(f"“{text}” is not {limit}") from None

    return str if isinstance(limit, ChoiceLimit) else parse


def _convert(limit: Limit, text: str) -> Any:
    match limit:
        case LayersLimit():
            return [] if text == NO_HIDDEN_LAYERS else [int(width) for width in text.split(",")]
        case NumberLimit(integer=True):
            return int(text)
        case _:
            return float(text)


def _metavar(limit: Limit) -> str | None:
    match limit:
        case ChoiceLimit():
            return None
        case LayersLimit():
            return "N,N,…"
        case NumberLimit():
            return "N" if limit.integer else "X"


def _as_typed(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value)) or NO_HIDDEN_LAYERS
    return f"{value:g}" if isinstance(value, float) else str(value)
