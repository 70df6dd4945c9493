"""Opening pictures of pages."""

from __future__ import annotations

import os
import stat
import struct
import warnings
import zlib
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, UnidentifiedImageError

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
# Those and their kin, as Pillow names them.  It opens more than pictures: EPS runs a program.
_FORMATS = frozenset(
    {"PNG", "JPEG", "MPO", "WEBP", "BMP", "DIB", "GIF", "TIFF", "PPM", "JPEG2000", "AVIF"}
)

_UPRIGHT = MappingProxyType(
    {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
)
"""EXIF orientation to what sets it right."""


def read_image(
    path: str | os.PathLike[str], *, min_side: int = 8, grey: bool = False
) -> NDArray[np.uint8]:
    """Read a picture, turned as its EXIF orientation says.

    Transparent pictures are laid on white paper; 16-bit ones are reduced to 8 bits; of a file
    with several pictures the first is taken.

    Args:
        path: of the file.
        min_side: pictures with a shorter side, in pixels, are refused.
        grey: the luminance is enough; takes about half of the time and a third of the memory.

    Returns:
        uint8 array (H, W) for grey pictures or if ``grey``, (H, W, 3) red, green, blue for all
        others.

    Raises:
        ImageFileError: the file is missing, empty, no picture, damaged, too large or too small.
    """
    path = Path(path)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ImageFileError(path, "this is a folder; choose a picture inside it.")
        if status.st_size == 0:
            raise ImageFileError(path, "the file is empty; save or copy the picture again.")
        file = path.open("rb")
    except FileNotFoundError:
        raise ImageFileError(path, "there is no such file; check the name.") from None
    except PermissionError:
        raise ImageFileError(path, "you may not read this file; check its permissions.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ImageFileError(
            path, f"the file cannot be opened ({reason}); check its name and its disk."
        ) from error
    with file, warnings.catch_warnings():
        # Pillow warns of large pictures and of odd metadata; the limit here is our own, and
        # metadata that cannot be read must not keep anybody from the picture.
        warnings.simplefilter("ignore")
        return _decode(path, file, min_side, grey)


def _decode(path: Path, file: BinaryIO, min_side: int, grey: bool) -> NDArray[np.uint8]:
    try:
        # Pillow is given the open file, as it maps files it opens itself into memory, and mixes
        # up the sides of a mapped TIFF that lies on its side.
        with Image.open(file) as image:
            if image.format not in _FORMATS:
                raise UnidentifiedImageError
            _check_size(path, image.size, min_side)
            if grey:
                # A JPEG holds luminance and colours apart: the colours are not even unpacked.
                image.draft("L", image.size)
            image.load()
            return _to_array(_upright(image), grey)
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
            path, "the picture is damaged or cut short; save or copy it again."
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


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its EXIF orientation says.

    ``ImageOps.exif_transpose`` fails on pictures whose other metadata it cannot write again.
    """
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation)
    except _DECODING_ERRORS:
        return image
    method = _UPRIGHT.get(orientation) if isinstance(orientation, int) else None
    return image if method is None else image.transpose(method)


def _to_array(image: Image.Image, grey: bool) -> NDArray[np.uint8]:
    mode = "L" if grey else "RGB"
    if image.mode.startswith(("I", "F")):
        return _reduce_depth(np.asarray(image), image.mode, image.info.get("transparency"))
    if "transparency" in image.info or image.mode in {"RGBA", "LA", "PA", "La", "RGBa"}:
        over = image.convert("RGBA")
        # In place, and the mask apart: four whole pictures of 100 megapixels do not fit.
        paper = Image.new("RGB", over.size, "white")
        paper.paste(over, mask=over.getchannel("A"))
        del over
        return np.asarray(paper.convert(mode))
    if image.mode == "LAB":
        return np.asarray(image.getchannel("L"))
    if image.mode in {"1", "L"}:
        return np.asarray(image.convert("L"))
    return np.asarray(image.convert(mode))


def _reduce_depth(stored: NDArray[Any], mode: str, transparent: Any) -> NDArray[np.uint8]:
    """16-bit, 32-bit or floating grey to 8 bits; what is transparent is white."""
    if mode.startswith("I;16"):
        grey = np.asarray(np.rint(stored / np.float32(257)), np.uint8)
        # One of the levels, where a picture without an alpha channel has transparent parts.
        return np.where(stored == transparent, np.uint8(255), grey)
    # "I" and "F" do not say where white is: the brightest value is.
    values = np.nan_to_num(stored.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(values.max())
    span = high - low
    if span <= 255 * float(np.finfo(np.float32).tiny):
        return np.full(values.shape, 255, np.uint8)
    values *= 255 / span  # before the subtraction, which could exceed the range of the type
    values -= low * 255 / span
    return np.asarray(np.rint(values), np.uint8)
