"""Histograms over time, as pictures: a column for a moment, a row for a bin."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

COLUMNS = 200


def ribbon(
    positions: Sequence[float], histograms: Sequence[NDArray[np.int64]], columns: int = COLUMNS
) -> NDArray[np.uint8]:
    """Levels 0 to 255, ``(bins, columns)``, the lowest bin at the bottom.

    Columns are moments at equal distances from the first to the last; each shows the last
    histogram that was taken by then.  The root of the share lifts thin tails above nothing.

    Args:
        positions: when the histograms were taken, rising.
        histograms: as many, int64 ``(bins,)``.

    Raises:
        ValueError: there are none, or the numbers differ.
    """
    if not histograms or len(positions) != len(histograms):
        raise ValueError(f"{len(histograms)} histograms at {len(positions)} positions")
    moments = np.linspace(positions[0], positions[-1], columns)
    shown = np.clip(np.searchsorted(positions, moments, side="right") - 1, 0, None)
    counts = np.stack(histograms)[shown].astype(np.float64)
    shares = np.sqrt(counts / np.maximum(counts.max(axis=1, keepdims=True), 1))
    return np.ascontiguousarray(np.rint(255 * shares).astype(np.uint8).T[::-1])
