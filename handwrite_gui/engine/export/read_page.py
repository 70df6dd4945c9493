"""A reading with what an export says about where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handwrite_gui import __version__
from handwrite_gui.engine.page.result import PageResult

_USUAL_DPI = (60.0, 2400.0)
_LONGER_SIDE_OF_A4 = 11.69  # inches
_CAMERA_DPI = 72.0


@dataclass(frozen=True, eq=False, slots=True)
class ReadPage:
    """One page as it was read, and its picture where a format shows it.

    Attributes:
        result: what was read.
        image_name: of the file it was read from, without its folder.
        page_number: which page of that file it is, from 1.
        model: name of the model that read it, "" if unknown.
        dpi: pixels an inch as the file says, None where it does not.
        pixels: uint8 (H, W) grey or (H, W, 3) red, green, blue, the picture that was read; None
            is enough for formats without a picture.
        load_pixels: gives the picture where ``pixels`` is None, so that of a document of many
            pages not all need be in memory.
    """

    result: PageResult
    image_name: str
    page_number: int = 1
    model: str = ""
    dpi: float | None = None
    pixels: NDArray[np.uint8] | None = None
    load_pixels: Callable[[], NDArray[np.uint8]] | None = None

    @property
    def engine(self) -> str:
        """The program with its version, and the model: ``Handwrite 0.1.0, model default``."""
        return program() + (f", model {self.model}" if self.model else "")

    @property
    def name(self) -> str:
        """The file's name as text: bytes that are none in the system's code are replaced."""
        return self.image_name.encode("utf-8", "replace").decode("utf-8")

    @property
    def picture(self) -> NDArray[np.uint8]:
        """The picture.

        Raises:
            ValueError: the page was made without it.
        """
        if self.pixels is None and self.load_pixels is not None:
            return self.load_pixels()
        if self.pixels is None:
            raise ValueError("this format shows the picture of the page, which is not given")
        return self.pixels

    @property
    def sensible_dpi(self) -> float:
        """Pixels an inch for a format that has a paper size.

        What the file says, unless that is out of the question or the 72 that cameras write into
        every picture: then as if the longer side were that of a sheet of A4.
        """
        low, high = _USUAL_DPI
        if self.dpi is not None and low <= self.dpi <= high and self.dpi != _CAMERA_DPI:
            return self.dpi
        longer = max(self.result.width, self.result.height, 1)
        return longer / _LONGER_SIDE_OF_A4


def program() -> str:
    """The program's name with its version."""
    return f"Handwrite {__version__}"


def mean_probability(result: PageResult) -> float:
    """How sure the characters of a page are on average, 0 to 1; 0 where there are none."""
    chances = [character.probability for character in result.characters]
    return sum(chances) / len(chances) if chances else 0.0
