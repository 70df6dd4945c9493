"""A second look at candidates that may well be characters, with what stands around them.

The network for single characters sees a candidate by itself, in a frame of its own size.  Where
letters overlap it lacks strokes, or has some of its neighbours', and is some other letter as likely
as not.  A second network sees the candidate's ink and all ink around it at the scale of the
line, how large it is, how it stands, and how probable borders are at its ends; it says which
character it is, or none.  That costs more, so it is asked of those candidates alone that lie on a
way through the line which is hardly dearer than the cheapest (contexts of several kinds for the
candidates of a lattice: Wang, Yin & Liu 2012, “Handwritten Chinese text recognition by integrating
multiple contexts”).  ``scripts/train_context.py`` makes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.network.losses import softmax
from handwrite_gui.engine.page.lattice import Lattice
from handwrite_gui.engine.page.page_network import load_weights
from handwrite_gui.engine.page.surroundings import COLUMNS, MEASURES, ROWS
from handwrite_gui.engine.page.verdict import Verdict
from handwrite_gui.engine.page.window_network import WindowLayers, WindowNetwork

CONTEXT_FILE = "page/context.npz"
CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz&?!/"
"""What candidates may be; the last output is none of them."""

CONTEXT_LAYERS = WindowLayers(
    window=(2, ROWS, COLUMNS),  # the candidate's ink, and all ink
    zone_rows=16,
    convolutions=((32, 3, 2), (64, 3, 1), (96, 3, 2), (128, 3, 1)),
    hidden=256,
    classes=len(CHARACTERS) + 1,
    measures=MEASURES,
)

_SUREST = 1e-5
_REFUSED, _NAMED = 0.4, 0.6  # its share in whether a candidate is a character, and which


@cache
def context_network() -> WindowNetwork:
    """The network that ships with the program; its last class is none of the characters."""
    network = WindowNetwork(CONTEXT_LAYERS)
    load_weights(CONTEXT_FILE, network.parameters)
    return network


def seen_again(
    lattice: Lattice,
    verdict: Verdict,
    chosen: Sequence[int],
    told: NDArray[np.float32],
    letters: Sequence[str],
) -> Verdict:
    """The verdict on a line's candidates after some were looked at with what is around them: a
    weighted mean of both, of log-odds that it is a character, and of logarithms for each letter.

    What stands apart keeps its letter: by itself it is seen best.  Letters that this network does
    not know keep their probability.

    Args:
        lattice: the candidates.
        verdict: on them, at sight.
        chosen: N of them, by their indices.
        told: (N, K), the network's probabilities of them.
        letters: labels of the columns of ``verdict.probabilities``.
    """
    character = verdict.character.copy()
    first, second = _log_odds(character[chosen]), _log_odds(1 - told[:, -1])
    character[chosen] = 1 / (1 + np.exp(-((1 - _REFUSED) * first + _REFUSED * second)))
    cut = lattice.touch[chosen] > 0
    rows = np.asarray(chosen, np.intp)[cut]
    probabilities = verdict.probabilities.copy()
    sight = probabilities[rows]
    context = _named(told[cut, :-1], sight, letters)
    by_sight, by_context = (np.log(np.maximum(own, _SUREST)) for own in (sight, context))
    probabilities[rows] = softmax((1 - _NAMED) * by_sight + _NAMED * by_context)
    return verdict._replace(character=character, probabilities=probabilities)


def _named(
    told: NDArray[np.float32], sight: NDArray[np.float32], letters: Sequence[str]
) -> NDArray[np.float32]:
    """What was told as probabilities of the letters of an alphabet: float32 (N, L).

    A small letter is its capital where the alphabet has capitals alone.
    """
    places = {letter: place for place, letter in enumerate(letters)}
    named = np.zeros_like(sight)
    known = np.zeros(len(letters), np.bool_)
    for index, name in enumerate(CHARACTERS):
        place = places.get(name, places.get(name.upper()))
        if place is not None:
            named[:, place] += told[:, index]
            known[place] = True
    total = named.sum(axis=1, keepdims=True)
    named *= sight[:, known].sum(axis=1, keepdims=True) / np.maximum(total, _SUREST)
    named[:, ~known] = sight[:, ~known]
    return named


def _log_odds(probability: NDArray[np.float32]) -> NDArray[np.float32]:
    clipped = np.clip(probability, _SUREST, 1 - _SUREST)
    return np.asarray(np.log(clipped / (1 - clipped)), np.float32)
