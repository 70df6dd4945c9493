"""What makes a candidate cheap or dear: the network's verdict and the candidate's geometry.

The network judges the shape alone, in one frame for all sizes.  What it cannot see is how large
the candidate is beside its neighbours, whether it stands on the line, and what would be cut apart;
these are sums of a few properties.  All weights are fitted on composed pages by
``scripts/fit_page_reader.py``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.resources import resource_path

if TYPE_CHECKING:
    from handwrite_gui.engine.page.lattice import Lattice

WEIGHTS_FILE = "page/weights.json"

_FLOOR = 1e-4  # probabilities below count as this: a single doubt must not decide a line
_LEAST_TRUST = 0.05  # summed over a line's candidates, from which it tells how its writer writes

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """What each property of a candidate costs.

    Attributes:
        refusal: of −log of the probability that it is a character at all.
        chance: of log of the probability that it is none, so much is gained by taking it: what
            is left out of a reading has to be none.
        doubt: of −log of the probability of its best character.
        pieces: how much all of them count for each further piece that the candidate spans: a
            character of three pieces spares two others.  What is too small for a character does
            not count: to leave it out costs next to nothing.
        character: of every character: fewer are likelier.
        touch: of an end at which ink is cut.
        border: of −log of the probability that a character begins where it does.
        passed: of −log of the probability that none begins inside it.
        blank: of blank columns inside, for each letter height.
        small: of being lower than three quarters of a letter, for each letter height.
        wide: of being wider than a letter is high, for each letter height.
        narrow, broad: of −log and log of the width over the writer's usual one, where it is less
            than two thirds or more than one and a half.
        rise, sink: of the upper and lower edge being off the line's, for each letter height.
        mark: of being taken for a dot or a dash instead of a character.
        crumb: of leaving out so small a piece at the end of a letter that it was cut from.
        ligature: of leaving it out between two letters, both of which it was cut from.
    """

    refusal: float = 0.94
    chance: float = 0.1
    doubt: float = 0.6
    pieces: float = 0.4
    character: float = 0.33
    touch: float = 0.1
    border: float = 0.5
    passed: float = 0.5
    blank: float = 4.0
    small: float = 5.5
    wide: float = 1.1
    narrow: float = 0.3
    broad: float = 0.3
    rise: float = 0.3
    sink: float = 0.3
    mark: float = 0.2
    crumb: float = 5.0
    ligature: float = 5.0


Look = Literal["sight", "context"]
"""What candidates are judged by: their own ink alone, or with what stands around them."""


@cache
def fitted_weights(look: Look = "sight") -> Weights:
    """The weights that ship with the program.

    Raises:
        FileNotFoundError: the installation lacks them.
    """
    values = json.loads(resource_path(WEIGHTS_FILE).read_text(encoding="utf-8"))[look]
    return Weights(**{field.name: float(values[field.name]) for field in fields(Weights)})


@dataclass(frozen=True, eq=False)
class Evidence:
    """The properties of a line's candidates that the weights are for, each float (C,)."""

    refusal: Float
    chance: Float
    doubt: Float
    spans: Float
    geometry: Float
    is_mark: NDArray[np.bool_]

    def among(self, chosen: NDArray[np.bool_]) -> Evidence:
        """That of some of the candidates."""
        return Evidence(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})


GEOMETRY = (
    "character",
    "touch",
    "border",
    "passed",
    "blank",
    "small",
    "wide",
    "narrow",
    "broad",
    "rise",
    "sink",
)


def gather(
    lattice: Lattice, character: NDArray[np.floating], best: NDArray[np.floating]
) -> Evidence:
    """Everything about a line's candidates that does not depend on the weights.

    Args:
        lattice: of the line.
        character: (C,) probability that a candidate is a character at all.
        best: (C,) probability of its best character, given that it is one.
    """
    trust = np.where(lattice.is_mark, 0.0, character * best).astype(np.float64)
    # What the network takes for a letter tells how this writer writes; of its runs and parts
    # little, so that many doubtful ones do not outweigh the letters.
    trust = np.where(trust > 0.5, trust, 0.0)
    columns = {
        "character": np.ones(len(trust)),
        "touch": lattice.touch,
        "border": lattice.border,
        "passed": lattice.passed,
        "blank": lattice.blank,
        "small": np.maximum(0.75 - lattice.height, 0),
        "wide": np.maximum(lattice.width - 1.0, 0),
        "narrow": np.zeros(len(trust)),
        "broad": np.zeros(len(trust)),
        "rise": np.zeros(len(trust)),
        "sink": np.zeros(len(trust)),
    }
    if trust.sum() > _LEAST_TRUST:
        width = np.log(np.maximum(lattice.width, 0.05) / _median(lattice.width, trust))
        columns["narrow"] = np.maximum(-width - 0.4, 0)
        columns["broad"] = np.maximum(width - 0.4, 0)
        columns["rise"] = np.abs(lattice.top - _median(lattice.top, trust))
        columns["sink"] = np.abs(lattice.bottom - _median(lattice.bottom, trust))
    return Evidence(
        -np.log(np.maximum(character, _FLOOR)).astype(np.float64),
        np.log(np.maximum(1 - character, _FLOOR)).astype(np.float64),
        -np.log(np.maximum(best, _FLOOR)).astype(np.float64),
        _spared(lattice),
        np.stack([columns[name] for name in GEOMETRY], axis=1),
        lattice.is_mark,
    )


def _spared(lattice: Lattice) -> Float:
    """How many other characters there would be in what each candidate spans, float (C,)."""
    counts = np.ones(int(lattice.last.max(initial=-1)) + 2)
    counts[0] = 0
    counts[lattice.first[lattice.is_mark] + 1] = 0
    before = np.cumsum(counts)
    return np.maximum(before[lattice.last + 1] - before[lattice.first] - 1, 0)


def _median(values: Float, weights: Float) -> float:
    order = np.argsort(values)
    share = np.cumsum(weights[order])
    return float(values[order[np.searchsorted(share, share[-1] / 2)]])


def weigh(evidence: Evidence, weights: Weights) -> Float:
    """What each candidate costs: float (C,)."""
    looks = weights.refusal * evidence.refusal
    looks += weights.chance * evidence.chance
    looks += weights.doubt * evidence.doubt
    cost = looks * (1 + weights.pieces * evidence.spans)
    cost += evidence.geometry @ np.array([getattr(weights, name) for name in GEOMETRY])
    left_out = np.array([weights.mark, weights.crumb, weights.ligature])
    cut_ends = evidence.geometry[:, GEOMETRY.index("touch")].astype(np.intp)
    return np.where(evidence.is_mark, left_out[cut_ends], cost)
