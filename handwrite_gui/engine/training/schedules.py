"""How the learning rate changes from step to step."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from handwrite_gui.engine.training.settings import TrainingSettings


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
