"""Where one character may end and the next begin: a small network looks along every path.

Between the columns of a line lie paths from top to bottom.  A network sees the ink around each,
every row shifted so that the path is the middle column, and says how probable it is that the path
parts two characters.  It learned that from letters set beside one another, whose true borders are
known: see ``scripts/train_borders.py``.  (Cuts proposed and judged by a learned classifier: Breuel
1994; Bengio, LeCun, Nohl & Burges 1995.)
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from handwrite_gui.engine.page.page_network import load_weights
from handwrite_gui.engine.page.seams import Float, least_ink, straight
from handwrite_gui.engine.page.window_network import WindowLayers, WindowNetwork

BORDERS_FILE = "page/borders.npz"

HEIGHT = 32  # pixels of a letter on the picture that paths are found on
_STEP = 2  # of its pixels make one of a window, and lie between two paths
ROWS, COLUMNS = 28, 40  # of a window: 1 3/4 letter heights high, 2 1/2 wide
BORDER_LAYERS = WindowLayers(
    window=(1, ROWS, COLUMNS),
    zone_rows=14,
    convolutions=((24, 3, 2), (48, 3, 1)),
    hidden=64,
    classes=2,
)
_ABOVE, _BESIDE = ROWS * _STEP // 2, COLUMNS * _STEP // 2  # pixels, half of one
_LEAN = 0.2  # columns for each row, of the paths that lean to either side
_AROUND = 1.0  # letter heights to either side, whose ink says where the letters stand


class Paths:
    """The paths through a line of writing, on its reduced picture.

    Attributes:
        columns: int (N, h), for each the first column right of it in every row.
    """

    def __init__(self, ink: Float, network: WindowNetwork | None = None) -> None:
        """
        Args:
            ink: float32 (h, w), as :func:`reduced` makes it.
            network: what judges paths, the shipped one by default.
        """
        self.columns = propose(ink)
        self._shown = _Shown(ink)
        self._network = network
        self._probability = np.full(len(self.columns), np.nan)

    def probability(self, chosen: NDArray[np.intp]) -> NDArray[np.float64]:
        """Of paths, by their indices (n,), that each parts two characters: float (n,).

        Most paths are asked for by nobody: each is judged when it is, and once.
        """
        unknown = np.unique(chosen[np.isnan(self._probability[chosen])])
        if unknown.size:
            network = self._network or border_network()
            seen = self._shown.along(self.columns[unknown])
            self._probability[unknown] = network.probabilities(seen)[:, 1]
        return self._probability[chosen]


def reduced(mask: NDArray[np.bool_], usual: float) -> Float:
    """A line's ink at the size that paths are found on: float32, the share of ink of each pixel.

    Args:
        mask: bool (h, w), the ink.
        usual: the usual height of a letter in pixels.
    """
    height, width = (max(1, round(side * HEIGHT / usual)) for side in mask.shape)
    picture = Image.fromarray(mask.astype(np.uint8) * np.uint8(255))
    small = picture.resize((width, height), Image.Resampling.BOX)
    return np.asarray(small, np.float32) / np.float32(255)


def propose(ink: Float) -> NDArray[np.intp]:
    """The paths through a reduced line: int (N, h), upright and leaning ones, and those of least
    ink."""
    height, width = ink.shape
    chosen = np.arange(0, width, _STEP)
    upright = [straight(width, height, lean)[chosen] for lean in (0.0, -_LEAN, _LEAN)]
    return np.concatenate([*upright, least_ink(ink)[chosen]])


def windows(ink: Float, paths: NDArray[np.intp]) -> NDArray[np.uint8]:
    """What the network sees of paths: uint8 (N, 1, 28, 40)."""
    return _Shown(ink).along(paths)


class _Shown:
    """A reduced line as the network is shown it, path by path."""

    def __init__(self, ink: Float) -> None:
        self._shape = height, width = ink.shape
        blurred = ndimage.uniform_filter(ink, _STEP, origin=-1, mode="constant")
        padded = np.zeros((height + 2 * _ABOVE, width + 2 * _BESIDE), np.uint8)
        padded[_ABOVE : _ABOVE + height, _BESIDE : _BESIDE + width] = np.rint(blurred * 255)
        self._padded, self._middles = padded, middles(ink, HEIGHT)

    def along(self, paths: NDArray[np.intp]) -> NDArray[np.uint8]:
        """The windows of paths (N, h): uint8 (N, 1, 28, 40)."""
        height, width = self._shape
        middle = self._middles[np.clip(paths[:, height // 2], 0, width - 1)]
        rows = middle[:, np.newaxis] + np.arange(-_ABOVE, _ABOVE, _STEP)
        at = np.take_along_axis(paths, np.clip(rows, 0, height - 1), axis=1)
        columns = at[:, :, np.newaxis] + np.arange(-_BESIDE, _BESIDE, _STEP) + _BESIDE
        seen = self._padded[(rows + _ABOVE)[:, :, np.newaxis], columns]
        return np.asarray(seen[:, np.newaxis], np.uint8)


def middles(ink: Float, height: int) -> NDArray[np.intp]:
    """The row that the letters around each column of a line have their middle in: int (w,).

    Args:
        ink: float32 (h, w), the share of ink of each pixel.
        height: pixels of a letter on it.
    """
    reach = int(2 * _AROUND * height) + 1
    rows = np.arange(len(ink), dtype=np.float32)
    # Where there is no ink at all: the middle of the line.
    sums = np.stack([ink.sum(axis=0), rows @ ink]) + 1e-6 * np.array([[1], [len(ink) / 2]])
    amount, moment = ndimage.uniform_filter1d(sums, reach, axis=1, mode="nearest")
    return np.asarray(np.rint(moment / amount), np.intp)


@cache
def border_network() -> WindowNetwork:
    """The network that ships with the program; its second class is a border."""
    network = WindowNetwork(BORDER_LAYERS)
    load_weights(BORDERS_FILE, network.parameters)
    return network
