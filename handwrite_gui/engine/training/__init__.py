"""Training a network: settings, schedules, the trainer and its events, checkpoints."""

from handwrite_gui.engine.training.events import (
    BatchDone,
    EpochDone,
    Event,
    Paused,
    Resumed,
    TrainingDone,
)
from handwrite_gui.engine.training.history import EpochRow, History
from handwrite_gui.engine.training.settings import LIMITS, TrainingSettings
from handwrite_gui.engine.training.trainer import Trainer
from handwrite_gui.engine.training.training_data import TrainingData

__all__ = [
    "LIMITS",
    "BatchDone",
    "EpochDone",
    "EpochRow",
    "Event",
    "History",
    "Paused",
    "Resumed",
    "Trainer",
    "TrainingData",
    "TrainingDone",
    "TrainingSettings",
]
