"""Small made images for the tests of the readers, each different and none symmetrical."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def make_characters(count: int, height: int = 28, width: int = 28) -> NDArray[np.uint8]:
    """Ink images uint8 (count, height, width), 255 on 0, with a rim that is mostly ground."""
    rng = np.random.default_rng(count)
    images = np.zeros((count, height, width), np.uint8)
    images[:, 2:-2, 3:-3] = rng.integers(0, 256, (count, height - 4, width - 6))
    images[:, 4, 5] = 255
    images[:, 0, 2] = 9
    return images
