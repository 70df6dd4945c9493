"""How the learning rate changes from step to step."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from handwrite_gui.engine.training.settings import LIMITS, NumberLimit, TrainingSettings

RateChanges: TypeAlias = tuple[tuple[int, float], ...]
"""(step, rate): from that step on the schedule is that of a run with that learning rate."""


class Schedule(Protocol):
    """The learning rate of a step, counted from 0."""

    def __call__(self, step: int) -> float: ...


@dataclass(frozen=True, slots=True)
class ConstantSchedule:
    """η"""

    rate: float

    def __call__(self, step: int) -> float:
        return self.rate


@dataclass(frozen=True, slots=True)
class StepSchedule:
    """η γᵏ after every k-th run of ``every`` steps"""

    rate: float
    every: int
    factor: float

    def __call__(self, step: int) -> float:
        return self.rate * self.factor ** (step // self.every)


@dataclass(frozen=True, slots=True)
class CosineSchedule:
    """η/2 (1 + cos(π t/T)): from η at step 0 to nothing after ``total`` steps

    (Loshchilov & Hutter 2017, without restarts).
    """

    rate: float
    total: int

    def __call__(self, step: int) -> float:
        return self.rate / 2 * (1 + math.cos(math.pi * min(step / self.total, 1)))


@dataclass(frozen=True, slots=True)
class WarmUp:
    """η (t + 1)/n in the first n = ``steps`` steps (Goyal et al. 2017), then ``schedule``,
    which counts from there."""

    schedule: Schedule
    steps: int

    def __call__(self, step: int) -> float:
        if step < self.steps:
            return self.schedule(0) * (step + 1) / self.steps
        return self.schedule(step - self.steps)


def make_schedule(settings: TrainingSettings, batches_per_epoch: int) -> Schedule:
    """The schedule that the settings describe."""
    rate = settings.learning_rate
    schedule: Schedule
    if settings.schedule == "step":
        every = settings.step_every * batches_per_epoch
        schedule = StepSchedule(rate, every, settings.step_factor)
    elif settings.schedule == "cosine":
        total = settings.epochs * batches_per_epoch - settings.warmup_steps
        schedule = CosineSchedule(rate, max(total, 1))
    else:
        schedule = ConstantSchedule(rate)
    return WarmUp(schedule, settings.warmup_steps) if settings.warmup_steps else schedule


def rate_at(rate: float, changes: RateChanges, step: int) -> float:
    """The learning rate η that a step's schedule scales: the run's own, or the last one set."""
    for since, changed in changes:
        if since <= step:
            rate = changed
    return rate


def read_rate_changes(values: Any) -> RateChanges:
    """The changes that a file holds as a list of pairs.

    Raises:
        ValueError: they are no changes, or not in the order of their steps.
    """
    if not isinstance(values, list | tuple):
        raise ValueError("the changes of the learning rate must be a list.")
    changes: list[tuple[int, float]] = []
    for pair in values:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise ValueError("a change of the learning rate is a step and a rate.")
        step, rate = pair
        if isinstance(step, bool) or not isinstance(step, int) or step < 0:
            raise ValueError("the step of a change of the learning rate must be a whole number.")
        if changes and step <= changes[-1][0]:
            raise ValueError("changes of the learning rate must be in the order of their steps.")
        changes.append((step, check_rate(rate)))
    return tuple(changes)


def check_rate(rate: Any) -> float:
    """The rate as a plain number.

    Raises:
        ValueError: it is not within its limit.
    """
    limit = LIMITS["learning_rate"]
    assert isinstance(limit, NumberLimit)
    try:
        return float(limit.check(rate))
    except ValueError:
        raise ValueError(f"a learning rate must be {limit}.") from None
