"""Opening pictures of pages."""

from __future__ import annotations

import os
import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from handwrite_gui.engine.errors import ImageFileError

MAX_PIXELS = 150_000_000
"""Larger pictures are refused before they are decoded: they would not fit in memory."""

# What Pillow's decoders are known to raise on damaged files.
_DECODING_ERRORS = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    ArithmeticError,
    LookupError,
    TypeError,
    AttributeError,
    struct.error,
    zlib.error,
)
_SUPPORTED = "PNG, JPEG, WebP, BMP, GIF or TIFF"


def read_image(path: str | os.PathLike[str], *, min_side: int = 8) -> NDArray[np.uint8]:
    """Read a picture, turned as its EXIF orientation says.

    Transparent pictures are laid on white paper; 16-bit ones are reduced to 8 bits; of a file
    with several pictures the first is taken.

    Args:
        path: of the file.
        min_side: pictures with a shorter side, in pixels, are refused.

    Returns:
        uint8 array (H, W) for grey pictures, (H, W, 3) red, green, blue for all others.

    Raises:
        ImageFileError: the file is missing, empty, no picture, damaged, too large or too small.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise ImageFileError(path, "this is a folder; choose a picture inside it.")
        if path.stat().st_size == 0:
            raise ImageFileError(path, "the file is empty; save or copy the picture again.")
        with warnings.catch_warnings():
            # Pillow warns of large pictures and of odd metadata; the limit here is our own, and
            # metadata that cannot be read must not keep anybody from the picture.
            warnings.simplefilter("ignore")
            with Image.open(path) as image:
                _check_size(path, image.size, min_side)
                return _to_array(ImageOps.exif_transpose(image))
    except FileNotFoundError:
        raise ImageFileError(path, "there is no such file; check the name.") from None
    except PermissionError:
        raise ImageFileError(path, "you may not read this file; check its permissions.") from None
    except UnidentifiedImageError:
        raise ImageFileError(
            path, f"this is not a picture that can be opened; give it as {_SUPPORTED}."
        ) from None
    except Image.DecompressionBombError:
        raise ImageFileError(path, _too_large(None)) from None
    except MemoryError:
        raise ImageFileError(path, "there is not enough memory to open the picture.") from None
    except _DECODING_ERRORS as error:
        raise ImageFileError(
            path, f"the picture is damaged or cut short ({error}); save or copy it again."
        ) from error


def _check_size(path: Path, size: tuple[int, int], min_side: int) -> None:
    if size[0] * size[1] > MAX_PIXELS:
        raise ImageFileError(path, _too_large(size))
    if min(size) < min_side:
        raise ImageFileError(
            path,
            f"the picture has only {size[0]} × {size[1]} pixels, too few for writing; "
            "take it closer or at a higher resolution.",
        )


def _too_large(size: tuple[int, int] | None) -> str:
    measure = f" ({size[0]} × {size[1]} pixels)" if size else ""
    return (
        f"the picture is too large{measure}; reduce it to at most "
        f"{MAX_PIXELS // 1_000_000} megapixels."
    )


def _to_array(image: Image.Image) -> NDArray[np.uint8]:
    if "transparency" in image.info or image.mode in {"RGBA", "LA", "PA", "La", "RGBa"}:
        over = image.convert("RGBA")
        paper = Image.new("RGBA", over.size, "white")
        return np.asarray(Image.alpha_composite(paper, over).convert("RGB"))
    if image.mode.startswith(("I", "F")):
        return _reduce_depth(np.asarray(image, np.float32), image.mode)
    if image.mode in {"1", "L"}:
        return np.asarray(image.convert("L"))
    return np.asarray(image.convert("RGB"))


def _reduce_depth(values: NDArray[np.float32], mode: str) -> NDArray[np.uint8]:
    """16-bit, 32-bit or floating grey to 8 bits."""
    values = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    if mode.startswith("I;16"):
        return np.asarray(np.rint(values / 257), np.uint8)
    # "I" and "F" do not say where white is: the brightest value is.
    low, high = float(values.min()), float(values.max())
    span = high - low
    if span == 0:
        return np.full(values.shape, 255, np.uint8)
    return np.asarray(np.rint((values - low) * (255 / span)), np.uint8)
