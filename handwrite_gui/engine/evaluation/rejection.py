"""How well ink that is no character is told from characters."""

from __future__ import annotations

import numpy as np
from scipy.stats import rankdata

from handwrite_gui.engine.network.arrays import FloatArray


def roc_auc(positive: FloatArray, negative: FloatArray) -> float:
    """The chance that a positive sample has a higher score than a negative one, 0 to 1.

    The area under the receiver operating characteristic, by ranks: ties count one half
    (Hanley & McNeil 1982).

    Args:
        positive, negative: scores ``(P,)`` and ``(N,)``.

    Returns:
        NaN if there are none of one kind.
    """
    p, n = len(positive), len(negative)
    if not p or not n:
        return float("nan")
    ranks = rankdata(np.concatenate([positive, negative]))
    return float((ranks[:p].sum() - p * (p + 1) / 2) / (p * n))
