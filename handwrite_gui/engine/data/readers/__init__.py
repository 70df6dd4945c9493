"""Readers of labelled character images: one file a format, one function for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from handwrite_gui.engine.data.readers.dispatch import read_dataset

__all__ = ["read_dataset"]


def __getattr__(name: str) -> Any:
    # Loaded when it is first used: who only needs the pixels' conventions, to classify, does not
    # wait for every format and for the trainer.
    if name != "read_dataset":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from handwrite_gui.engine.data.readers.dispatch import read_dataset

    return read_dataset
