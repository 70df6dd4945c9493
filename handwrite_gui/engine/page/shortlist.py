"""Which candidates of a line may be taken at all."""

from __future__ import annotations

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
