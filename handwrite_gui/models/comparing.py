"""The work of comparing two models, for a worker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from handwrite_gui.importing import one_at_a_time

if TYPE_CHECKING:
    from handwrite_gui.engine.data.dataset import Dataset
    from handwrite_gui.engine.evaluation.model_comparison import ModelComparison

SYNTHETIC_PER_CLASS = 60
_SEED = 20_261
_PREPARING = 0.5  # of the time


def compare_files(
    first: Path,
    second: Path,
    data: Path | None,
    on_progress: Callable[[float, str], None],
    should_stop: Callable[[], bool],
) -> ModelComparison:
    """Read a data set with the models of two files.

    Args:
        data: a file or folder of labelled characters; None for synthetic ones.
    """
    with one_at_a_time:
        from handwrite_gui.engine.evaluation.model_comparison import compare_models
    from handwrite_gui.engine.alphabets import ALPHABETS
    from handwrite_gui.engine.model_file import load_model

    models = load_model(first), load_model(second)

    def preparing(share: float, text: str) -> None:
        on_progress(_PREPARING * share, text)

    dataset: Dataset
    if data is None:
        from handwrite_gui.engine.data.synthesis import synthesize

        common = [
            name
            for name in models[0].classes
            if name in models[1].classes and name in ALPHABETS["full"]
        ]
        dataset = synthesize(
            common, SYNTHETIC_PER_CLASS, _SEED, on_progress=preparing, should_stop=should_stop
        )
    else:
        from handwrite_gui.engine.data.readers import read_dataset

        dataset = read_dataset(data, on_progress=preparing, should_stop=should_stop)
    return compare_models(
        *models,
        dataset,
        on_progress=lambda share, text: on_progress(_PREPARING + (1 - _PREPARING) * share, text),
        should_stop=should_stop,
    )
