"""Handwrite: reads handwriting and shows how it learns to."""

__version__ = "0.1.0"
