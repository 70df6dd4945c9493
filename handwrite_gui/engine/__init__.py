"""Handwrite's engine: recognition and learning over NumPy arrays, without a window.

    from handwrite_gui.engine import Recognizer, default_model_path, load_model, read_image

    recognizer = Recognizer(load_model(default_model_path()))
    print(recognizer.read_page(read_image("page.jpg")).text)

The names below are loaded when they are first used: who only trains does not wait for the page
reader's libraries, nor the other way round.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from handwrite_gui.engine.data.dataset import Dataset, to_training_data
    from handwrite_gui.engine.data.readers import read_dataset
    from handwrite_gui.engine.errors import HandwriteError
    from handwrite_gui.engine.image_file import read_image
    from handwrite_gui.engine.model_file import Model, load_model, save_model
    from handwrite_gui.engine.page.result import PageResult
    from handwrite_gui.engine.recognizer import Recognizer
    from handwrite_gui.engine.resources import default_model_path
    from handwrite_gui.engine.training.settings import TrainingSettings
    from handwrite_gui.engine.training.trainer import Trainer

__all__ = [
    "Dataset",
    "HandwriteError",
    "Model",
    "PageResult",
    "Recognizer",
    "Trainer",
    "TrainingSettings",
    "default_model_path",
    "load_model",
    "read_dataset",
    "read_image",
    "save_model",
    "to_training_data",
]

_HOMES = MappingProxyType(
    {
        "Dataset": "data.dataset",
        "HandwriteError": "errors",
        "Model": "model_file",
        "PageResult": "page.result",
        "Recognizer": "recognizer",
        "Trainer": "training.trainer",
        "TrainingSettings": "training.settings",
        "default_model_path": "resources",
        "load_model": "model_file",
        "read_dataset": "data.readers",
        "read_image": "image_file",
        "save_model": "model_file",
        "to_training_data": "data.dataset",
    }
)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
