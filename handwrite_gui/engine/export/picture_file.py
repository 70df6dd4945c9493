"""The picture of a page as the bytes that go into another file."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

_QUALITY = 90


def is_bilevel(pixels: NDArray[np.uint8]) -> bool:
    """Whether a picture is of pure black and white, as a fax is."""
    return pixels.ndim == 2 and bool(((pixels == 0) | (pixels == 255)).all())


def encoded(pixels: NDArray[np.uint8]) -> tuple[bytes, str]:
    """The picture as a file, and its media type: PNG where that is smaller and exact, or JPEG."""
    image = Image.fromarray(pixels)
    if is_bilevel(pixels):
        return _saved(
            image.convert("1", dither=Image.Dither.NONE), "PNG", optimize=True
        ), "image/png"
    return jpeg(pixels), "image/jpeg"


def jpeg(pixels: NDArray[np.uint8]) -> bytes:
    """The picture as a baseline JPEG of high quality."""
    return _saved(Image.fromarray(pixels), "JPEG", quality=_QUALITY, optimize=True)


def png(image: Image.Image, dpi: float | None = None, info: PngInfo | None = None) -> bytes:
    """A picture as a PNG with its resolution and texts about it."""
    options = {} if dpi is None else {"dpi": (dpi, dpi)}
    return _saved(image, "PNG", pnginfo=info, **options)


def _saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
