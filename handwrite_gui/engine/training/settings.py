"""What a training run can be told, and within which limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from numbers import Integral, Real
from types import MappingProxyType
from typing import Any

from handwrite_gui.engine.network.activations import ACTIVATIONS
from handwrite_gui.engine.network.features import FEATURES
from handwrite_gui.engine.network.initializers import INITIALIZERS
from handwrite_gui.engine.network.normalization import NORMALIZATIONS
from handwrite_gui.engine.network.optimizers import OPTIMIZERS

SCHEDULES = ("constant", "step", "cosine")


@dataclass(frozen=True, slots=True)
class NumberLimit:
    """A number within ``minimum`` and ``maximum``, both included."""

    minimum: float
    maximum: float
    integer: bool = False

    def __str__(self) -> str:
        kind = "a whole number" if self.integer else "a number"
        return f"{kind} from {self.minimum:g} to {self.maximum:g}"

    def check(self, value: Any) -> int | float:
        """The value as a plain number; raises ValueError if it is not within the limit."""
        number: int | float
        if self.integer and isinstance(value, Integral) and not isinstance(value, bool):
            number = int(value)
        elif not self.integer and isinstance(value, Real) and not isinstance(value, bool):
            number = float(value)
        else:
            raise ValueError
        if not self.minimum <= number <= self.maximum:  # NaN fails too
            raise ValueError
        return number


@dataclass(frozen=True, slots=True)
class ChoiceLimit:
    """One of ``choices``."""

    choices: tuple[str, ...]

    def __str__(self) -> str:
        return f"one of {', '.join(self.choices)}"

    def check(self, value: Any) -> str:
        """The value; raises ValueError if it is none of the choices."""
        if not isinstance(value, str) or value not in self.choices:
            raise ValueError
        return value


@dataclass(frozen=True, slots=True)
class LayersLimit:
    """At most ``most`` layers, each of a width within ``width``."""

    most: int
    width: NumberLimit

    def __str__(self) -> str:
        return f"at most {self.most} layers, each {self.width} units wide"

    def check(self, value: Any) -> tuple[int, ...]:
        """The widths; raises ValueError if they are not within the limit."""
        if not isinstance(value, list | tuple) or len(value) > self.most:
            raise ValueError
        return tuple(int(self.width.check(width)) for width in value)


Limit = NumberLimit | ChoiceLimit | LayersLimit

LIMITS: Mapping[str, Limit] = MappingProxyType(
    {
        "hidden": LayersLimit(16, NumberLimit(1, 8192, integer=True)),
        "features": ChoiceLimit(FEATURES),
        "activation": ChoiceLimit(tuple(ACTIVATIONS)),
        "normalization": ChoiceLimit(NORMALIZATIONS),
        "initializer": ChoiceLimit(tuple(INITIALIZERS)),
        "optimizer": ChoiceLimit(tuple(OPTIMIZERS)),
        "learning_rate": NumberLimit(1e-9, 100),
        "momentum": NumberLimit(0, 0.9999),
        "weight_decay": NumberLimit(0, 10),
        "dropout": NumberLimit(0, 0.95),
        "input_dropout": NumberLimit(0, 0.95),
        "label_smoothing": NumberLimit(0, 0.9),
        "batch_size": NumberLimit(1, 65536, integer=True),
        "epochs": NumberLimit(1, 1_000_000, integer=True),
        "patience": NumberLimit(0, 1_000_000, integer=True),
        "schedule": ChoiceLimit(SCHEDULES),
        "warmup_steps": NumberLimit(0, 10_000_000, integer=True),
        "step_every": NumberLimit(1, 1_000_000, integer=True),
        "step_factor": NumberLimit(1e-6, 1),
        "augmentation": NumberLimit(0, 1),
        "mixup": NumberLimit(0, 10),
        "ema_decay": NumberLimit(0, 0.999999),
        "seed": NumberLimit(0, 2**32 - 1, integer=True),
    }
)
"""What each field of :class:`TrainingSettings` may be; forms and command lines read it too."""


@dataclass(frozen=True)
class TrainingSettings:
    """Everything a run depends on besides its data.

    Attributes:
        hidden: units of each hidden layer; () is softmax regression.
        features: what the first layer gets of an image: its pixels, or the directions of its
            strokes.
        normalization: "batch" for batch normalisation of the hidden layers, or "none".
        activation, initializer, optimizer: names in the network's tables.
        learning_rate: η at its highest.
        momentum: μ of the optimisers momentum and nesterov.
        weight_decay: λ, for weights, not for biases.
        dropout: share of hidden units silenced in a step.
        input_dropout: share of inputs silenced in a step.
        label_smoothing: ε.
        batch_size: samples a step.
        epochs: passes over the training samples.
        patience: epochs without a lower validation loss after which the run ends before its
            last epoch (early stopping, Prechelt 1998); 0 for never.
        schedule: how the learning rate changes: constant, step or cosine.
        warmup_steps: steps over which the learning rate first rises linearly.
        step_every: epochs between two drops of the step schedule.
        step_factor: what the step schedule multiplies the learning rate by.
        augmentation: strength of the random changes to every sample, 0 (none) to 1.
        mixup: α of the mixtures of two samples that are learned in place of the samples; 0 for
            none.
        ema_decay: decay of the moving average of the weights that is evaluated and saved in
            place of the weights themselves; 0 for none.
        seed: of everything random.

    Raises:
        ValueError: a field is outside its limit in :data:`LIMITS`; the message says which.
    """

    hidden: tuple[int, ...] = (64,)
    features: str = "pixels"
    activation: str = "relu"
    normalization: str = "none"
    initializer: str = "xavier"
    optimizer: str = "adam"
    learning_rate: float = 1e-3
    momentum: float = 0.9
    weight_decay: float = 0.0
    dropout: float = 0.0
    input_dropout: float = 0.0
    label_smoothing: float = 0.0
    batch_size: int = 128
    epochs: int = 30
    patience: int = 0
    schedule: str = "constant"
    warmup_steps: int = 0
    step_every: int = 10
    step_factor: float = 0.5
    augmentation: float = 0.0
    mixup: float = 0.0
    ema_decay: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        for name, limit in LIMITS.items():
            value = getattr(self, name)
            try:
                plain = limit.check(value)
            except ValueError:
                raise ValueError(f"{name} is {value!r}; it must be {limit}.") from None
            object.__setattr__(self, name, plain)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, fit for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TrainingSettings:
        """The inverse of :meth:`to_dict`; what is missing takes its default.

        Raises:
            ValueError: a name is unknown or a value outside its limit.
        """
        unknown = set(values) - {field.name for field in fields(cls)}
        if unknown:
            raise ValueError(f"there is no training setting {', '.join(sorted(unknown))}.")
        return cls(**values)
