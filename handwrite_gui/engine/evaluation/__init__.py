"""Measuring what a network has learned."""

from handwrite_gui.engine.evaluation.confusion import (
    ClassScore,
    ConfusedPair,
    confusion_matrix,
    most_confused,
    most_mistaken,
    normalized,
    order_by_confusion,
    per_class,
)
from handwrite_gui.engine.evaluation.gradient_check import (
    LayerCheck,
    check_layers,
    gradient_check,
)
from handwrite_gui.engine.evaluation.metrics import accuracy, expected_calibration_error

__all__ = [
    "ClassScore",
    "ConfusedPair",
    "LayerCheck",
    "accuracy",
    "check_layers",
    "confusion_matrix",
    "expected_calibration_error",
    "gradient_check",
    "most_confused",
    "most_mistaken",
    "normalized",
    "order_by_confusion",
    "per_class",
]
