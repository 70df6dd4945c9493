"""Opening pictures of pages."""

from __future__ import annotations

import importlib
import importlib.util
import os
import stat
import struct
import warnings
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, TypeVar

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
    RuntimeError,
    struct.error,
    zlib.error,
)
_SUPPORTED = "PNG, JPEG, WebP, BMP, GIF or TIFF"
# Those and their kin, as Pillow names them.  It opens more than pictures: EPS runs a program.
_FORMATS = frozenset(
    {"PNG", "JPEG", "MPO", "WEBP", "BMP", "DIB", "GIF", "TIFF", "PPM", "JPEG2000", "AVIF", "HEIF"}
)
_HEIC_SUFFIXES = frozenset({".heic", ".heif", ".hif"})
_HEIC_PLUGIN = "pillow_heif"  # the extra “heic”
_MOST_FRAMES = 10_000
_PIXELS_AT_ONCE = 1 << 22
_SQUARE_WITHIN = 1.2  # times as many pixels an inch one way as the other: a fax has twice
_LEAST_SQUARE = 3.0

T = TypeVar("T")

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


@dataclass(frozen=True, eq=False, slots=True)
class Picture:
    """A picture as it is read.

    Attributes:
        pixels: uint8 (H, W) grey or (H, W, 3) red, green, blue.
        dpi: pixels an inch as its file says; None where it does not.
    """

    pixels: NDArray[np.uint8]
    dpi: float | None = None


def read_image(
    path: str | os.PathLike[str], *, min_side: int = 8, grey: bool = False
) -> NDArray[np.uint8]:
    """Read the pixels of a picture: :func:`read_picture` for its first frame.

    Returns:
        uint8 array (H, W) for grey pictures or if ``grey``, (H, W, 3) red, green, blue for all
        others.

    Raises:
        ImageFileError: the file is missing, empty, no picture, damaged, too large or too small.
    """
    return read_picture(path, min_side=min_side, grey=grey).pixels


def read_picture(
    path: str | os.PathLike[str], *, frame: int = 0, min_side: int = 8, grey: bool = False
) -> Picture:
    """Read a picture, turned as its EXIF orientation says.

    Transparent pictures are laid on white paper; 16-bit ones are reduced to 8 bits.  Where the
    file says that its pixels are not square, as those of a fax are not, the picture is stretched.

    Args:
        path: of the file.
        frame: which of the pictures in the file, from 0.
        min_side: pictures with a shorter side, in pixels, are refused.
        grey: the luminance is enough; takes about half of the time and a third of the memory.

    Raises:
        ImageFileError: the file is missing, empty, no picture, damaged, too large or too small,
            or has fewer frames.
    """
    path = Path(path)
    with _opened(path) as file, warnings.catch_warnings():
        # Pillow warns of large pictures and of odd metadata; the limit here is our own, and
        # metadata that cannot be read must not keep anybody from the picture.
        warnings.simplefilter("ignore")
        return _decode(path, file, frame, min_side, grey)


def frame_count(path: str | os.PathLike[str]) -> int:
    """How many pages a picture file holds: those of a TIFF; of an animation only the first counts.

    Raises:
        ImageFileError: the file is missing, empty, no picture or damaged.
    """
    path = Path(path)
    with _opened(path) as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _with_image(path, file, _frames)


def _frames(image: Image.Image) -> int:
    if image.format != "TIFF":
        return 1
    # Seeking is stopped by a limit: a damaged directory may point at itself.
    count = 1
    while count < _MOST_FRAMES:
        try:
            image.seek(count)
        except EOFError:
            break
        count += 1
    return count


def _opened(path: Path) -> BinaryIO:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ImageFileError(path, "this is a folder; choose a picture inside it.")
        if status.st_size == 0:
            raise ImageFileError(path, "the file is empty; save or copy the picture again.")
        return path.open("rb")
    except FileNotFoundError:
        raise ImageFileError(path, "there is no such file; check the name.") from None
    except PermissionError:
        raise ImageFileError(path, "you may not read this file; check its permissions.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ImageFileError(
            path, f"the file cannot be opened ({reason}); check its name and its disk."
        ) from error


def decode_image(
    path: str | os.PathLike[str], file: BinaryIO, *, min_side: int = 8, grey: bool = False
) -> NDArray[np.uint8]:
    """Read a picture, as :func:`read_image` does, from an open file or from memory.

    Args:
        path: what to call it in messages.

    Raises:
        ImageFileError: it is no picture, damaged, too large or too small.
    """
    with warnings.catch_warnings():
        # Pillow warns of large pictures and of odd metadata; the limit here is our own, and
        # metadata that cannot be read must not keep anybody from the picture.
        warnings.simplefilter("ignore")
        return _decode(Path(path), file, 0, min_side, grey).pixels


def _decode(path: Path, file: BinaryIO, frame: int, min_side: int, grey: bool) -> Picture:
    def decoded(image: Image.Image) -> Picture:
        if frame:
            try:
                image.seek(frame)
            except EOFError:
                raise ImageFileError(
                    path, f"it has no page {frame + 1}; it may be cut short."
                ) from None
        _check_size(path, image.size, min_side)
        if grey:
            # A JPEG holds luminance and colours apart: the colours are not even unpacked.
            image.draft("L", image.size)
        image.load()
        dpi = _resolution(image)
        upright = _upright(image)
        if dpi is not None and upright.size != image.size:
            dpi = dpi[1], dpi[0]
        return _squared(_to_array(upright, grey), dpi)

    return _with_image(path, file, decoded)


def _with_image(path: Path, file: BinaryIO, use: Callable[[Image.Image], T]) -> T:
    """What a function makes of the open picture; whatever goes wrong becomes one error."""
    try:
        if path.suffix.lower() in _HEIC_SUFFIXES:
            _load_heic_plugin(path)
        # Pillow is given the open file, as it maps files it opens itself into memory, and mixes
        # up the sides of a mapped TIFF that lies on its side.
        with Image.open(file) as image:
            if image.format not in _FORMATS:
                raise UnidentifiedImageError
            return use(image)
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


@cache
def _has_heic_plugin() -> bool:
    """Makes Pillow open HEIC where the plug-in is installed."""
    if importlib.util.find_spec(_HEIC_PLUGIN) is None:
        return False
    importlib.import_module(_HEIC_PLUGIN).register_heif_opener()
    return True


def _load_heic_plugin(path: Path) -> None:
    if not _has_heic_plugin():
        raise ImageFileError(
            path,
            "HEIC pictures need the Python package pillow-heif; install it, or save the picture "
            "as JPEG.",
        )


def _resolution(image: Image.Image) -> tuple[float, float] | None:
    """Pixels an inch across and down, as stored."""
    try:
        across, down = (float(value) for value in image.info.get("dpi", ()))
    except (*_DECODING_ERRORS,):
        return None
    if not (1 < across < 1e5 and 1 < down < 1e5):
        return None
    return across, down


def _squared(pixels: NDArray[np.uint8], dpi: tuple[float, float] | None) -> Picture:
    """The picture with square pixels, at the finer of its two resolutions."""
    if dpi is None:
        return Picture(pixels)
    across, down = dpi
    ratio = max(across, down) / min(across, down)
    finer = max(across, down)
    height, width = pixels.shape[:2]
    if not _SQUARE_WITHIN < ratio < _LEAST_SQUARE or height * width * ratio > MAX_PIXELS:
        return Picture(pixels, across)
    size = (width, round(height * ratio)) if across > down else (round(width * ratio), height)
    stretched = Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR)
    return Picture(np.asarray(stretched), finer)


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
    return _converted(image, "L" if image.mode in {"1", "L"} else mode)


def _converted(image: Image.Image, mode: str) -> NDArray[np.uint8]:
    """The pixels in a mode, band by band: a large picture is not in memory several times over."""
    width, height = image.size
    pixels = np.empty((height, width) if mode == "L" else (height, width, 3), np.uint8)
    rows = max(1, _PIXELS_AT_ONCE // width)
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        band = image.crop((0, top, width, bottom))
        pixels[top:bottom] = np.asarray(band if band.mode == mode else band.convert(mode))
    return pixels


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
