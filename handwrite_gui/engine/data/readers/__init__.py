"""Readers of labelled character images: one file a format, one function for all of them."""

from handwrite_gui.engine.data.readers.dispatch import read_dataset

__all__ = ["read_dataset"]
