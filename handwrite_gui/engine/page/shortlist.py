"""Which candidates of a line may be taken at all, and which of these are looked at again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.cheapest_cover import cheapest_through
from handwrite_gui.engine.page.lattice import Lattice

_DEARER = 10.0  # than the cheapest way: candidates on dearer ones alone are out of the question


def shortlist(lattice: Lattice, costs: NDArray[np.float64]) -> list[int]:
    """Indices of the candidates, marks left out, by which a line can be taken at little more than
    the least cost; ascending.

    Args:
        lattice: of the line.
        costs: float (C,), what each candidate costs by what is seen of it alone.
    """
    through = np.array(
        cheapest_through(
            lattice.first.tolist(), lattice.last.tolist(), costs.tolist(), lattice.count
        )
    )
    near = through <= through.min(initial=np.inf) + _DEARER
    return np.flatnonzero(near & ~lattice.is_mark).tolist()


def contested(lattice: Lattice, listed: Sequence[int], clear: NDArray[np.bool_]) -> list[int]:
    """Those of some candidates about which there is something to find out: what is no clear
    character at sight, was cut from other ink, or has a piece that another one, or a mark, has too.

    Args:
        lattice: of the line.
        listed: the candidates, by their indices.
        clear: bool (C,), whether each candidate is a clear character at sight.
    """
    own = np.asarray(listed, np.intp)
    takers = np.concatenate([own, np.flatnonzero(lattice.is_mark)])
    taken = np.zeros(lattice.count + 1, np.intp)
    np.add.at(taken, lattice.first[takers], 1)
    np.add.at(taken, lattice.last[takers] + 1, -1)
    shared = np.concatenate([[0], np.cumsum(np.cumsum(taken) > 1)])
    alone = shared[lattice.last[own] + 1] == shared[lattice.first[own]]
    again: list[int] = own[~(alone & clear[own] & (lattice.touch[own] == 0))].tolist()
    return again
