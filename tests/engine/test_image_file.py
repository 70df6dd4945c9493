"""Every sort of picture comes out as the same upright array, every wrong file as one message."""

from __future__ import annotations

import io
import os
import struct
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import PIL
import pytest
from PIL import Image

from handwrite_gui.engine import image_file
from handwrite_gui.engine.errors import ImageFileError
from handwrite_gui.engine.image_file import read_image

ORIENTATION = 0x0112
EXPOSURE_TIME = 0x829A


def page(height: int = 24, width: int = 40) -> np.ndarray:
    """A light page with one dark stroke, near its top left corner: no turn leaves it as it is."""
    grey = np.full((height, width), 210, np.uint8)
    grey[4:7, 5:17] = 30
    return grey


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def saved(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header claims a size; it has hardly any pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    chunks = [(b"IHDR", header), (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*chunk) for chunk in chunks)


# What is read


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("page.png", "L"),
        ("page.bmp", "L"),
        ("page.gif", "P"),
        ("page.tif", "L"),
        ("page.pgm", "L"),
        ("colour.png", "RGB"),
        ("colour.webp", "RGB"),
        ("palette.png", "P"),
        ("print.tif", "CMYK"),
        pytest.param(
            "video.tif",
            "YCbCr",
            marks=pytest.mark.skipif(
                int(PIL.__version__.split(".")[0]) < 13, reason="Pillow opens it from 13.0 on"
            ),
        ),
        ("alpha.png", "LA"),
        ("alpha.tif", "RGBA"),
    ],
)
def test_the_same_page_from_every_kind_of_file(tmp_path: Path, name: str, mode: str) -> None:
    options = {"lossless": True} if name.endswith(".webp") else {}
    Image.fromarray(page()).convert(mode).save(tmp_path / name, **options)
    pixels = read_image(tmp_path / name)
    assert pixels.dtype == np.uint8
    assert pixels.shape == ((24, 40) if mode == "L" else (24, 40, 3))
    grey = pixels if pixels.ndim == 2 else pixels[..., 0]
    np.testing.assert_allclose(grey, page(), atol=1)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_jpeg_is_near_the_page(tmp_path: Path, mode: str) -> None:
    Image.fromarray(page()).convert(mode).save(tmp_path / "page.jpg", quality=95)
    pixels = read_image(tmp_path / "page.jpg")
    assert np.abs(pixels.reshape(24, 40, -1)[..., 0].astype(int) - page()).max() < 25


def test_colours_keep_their_order(tmp_path: Path) -> None:
    colours = np.zeros((8, 8, 3), np.uint8)
    colours[:] = (10, 120, 230)
    Image.fromarray(colours).save(tmp_path / "blue.png")
    assert (read_image(tmp_path / "blue.png") == colours).all()


def test_a_bilevel_fax_is_black_on_white(tmp_path: Path) -> None:
    black = page() < 128
    Image.fromarray(~black).save(tmp_path / "fax.tif", compression="group4")
    assert (read_image(tmp_path / "fax.tif") == np.where(black, 0, 255)).all()


@pytest.mark.parametrize("name", ["deep.png", "deep.tif"])
def test_sixteen_bits_are_reduced_to_eight(tmp_path: Path, name: str) -> None:
    Image.fromarray(page().astype(np.uint16) * 257).save(tmp_path / name)
    assert (read_image(tmp_path / name) == page()).all()


@pytest.mark.parametrize("dtype", [np.int32, np.float32])
@pytest.mark.parametrize(("scale", "offset"), [(1, 0), (7_000_000, -1_000_000_000)])
def test_other_depths_are_stretched_to_white(
    tmp_path: Path, dtype: type, scale: float, offset: float
) -> None:
    values = (page().astype(np.float64) * scale + offset).astype(dtype)
    Image.fromarray(values).save(tmp_path / "deep.tif")
    pixels = read_image(tmp_path / "deep.tif")
    assert (pixels == np.where(page() < 128, 0, 255)).all()


def test_floating_grey_may_be_anything(tmp_path: Path) -> None:
    largest = np.finfo(np.float32).max
    values = np.where(page() < 128, -largest, largest).astype(np.float32)
    values[20, 30:34] = (np.nan, np.inf, -np.inf, 0)
    Image.fromarray(values).save(tmp_path / "wild.tif")
    pixels = read_image(tmp_path / "wild.tif")
    assert (pixels[:20] == np.where(page()[:20] < 128, 0, 255)).all()
    assert np.ptp(pixels[20, 30:34]) == 0


@pytest.mark.parametrize("value", [0.0, 1e-44, 3.0])
def test_floating_grey_without_contrast_is_white_paper(tmp_path: Path, value: float) -> None:
    values = np.full((10, 12), value, np.float32)
    values[0, 0] += np.float32(1e-45)
    Image.fromarray(values).save(tmp_path / "blank.tif")
    assert (read_image(tmp_path / "blank.tif") == 255).all()


def test_lab_scans_are_read_by_their_lightness(tmp_path: Path) -> None:
    lightness = Image.fromarray(page())
    neutral = Image.new("L", lightness.size, 0)
    Image.merge("LAB", [lightness, neutral, neutral]).save(tmp_path / "lab.tif")
    assert (read_image(tmp_path / "lab.tif") == page()).all()


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_what_is_transparent_is_white_paper(tmp_path: Path, mode: str) -> None:
    ink = Image.new(mode, (40, 24), (0,) * len(mode))
    ink.putalpha(Image.fromarray(np.where(page() < 128, 255, 0).astype(np.uint8)))
    ink.save(tmp_path / "ink.png")
    assert (read_image(tmp_path / "ink.png")[..., 0] == np.where(page() < 128, 0, 255)).all()


def test_half_transparent_ink_is_grey(tmp_path: Path) -> None:
    Image.new("LA", (10, 10), (0, 128)).save(tmp_path / "ghost.png")
    assert read_image(tmp_path / "ghost.png") == pytest.approx(127)


@pytest.mark.parametrize("depth", ["1", "L", "P", "RGB", "I;16"])
def test_a_transparent_colour_is_white_paper(tmp_path: Path, depth: str) -> None:
    # White ink on a black ground that is transparent: of the ink's shape nothing can be seen.
    black = np.where(page() < 128, 255, 0).astype(np.uint8)
    image = Image.fromarray(black.astype(np.uint16) * 257 if depth == "I;16" else black)
    if depth != "I;16":
        image = image.convert(depth)
    image.save(tmp_path / "clear.png", transparency=(0, 0, 0) if depth == "RGB" else 0)
    assert (read_image(tmp_path / "clear.png") == 255).all()


def test_of_an_animation_the_first_picture(tmp_path: Path) -> None:
    first, second = Image.fromarray(page()), Image.fromarray(255 - page())
    first.save(tmp_path / "moving.gif", save_all=True, append_images=[second, first])
    assert (read_image(tmp_path / "moving.gif")[..., 0] == page()).all()


def test_of_several_pages_the_first(tmp_path: Path) -> None:
    first, second = Image.fromarray(page()), Image.fromarray(page(50, 60))
    first.save(tmp_path / "pages.tif", save_all=True, append_images=[second])
    assert (read_image(tmp_path / "pages.tif") == page()).all()


def as_stored(upright: np.ndarray, orientation: int) -> np.ndarray:
    """How a camera stores what is seen upright: the EXIF orientation leads back."""
    return {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.T,
        6: np.rot90(upright),
        7: upright[::-1, ::-1].T,
        8: np.rot90(upright, -1),
    }[orientation]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("suffix", "options"),
    [
        ("jpg", {"quality": 95}),
        ("png", {}),
        ("webp", {"lossless": True}),
        ("tif", {}),
        ("tif", {"compression": "tiff_lzw"}),
    ],
)
def test_pictures_are_turned_upright(
    tmp_path: Path, orientation: int, suffix: str, options: dict[str, Any]
) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    stored = Image.fromarray(np.ascontiguousarray(as_stored(page(), orientation)))
    stored.save(tmp_path / f"turned.{suffix}", exif=exif, **options)
    pixels = read_image(tmp_path / f"turned.{suffix}")
    assert pixels.shape[:2] == (24, 40)
    grey = pixels.reshape(24, 40, -1)[..., 0].astype(int)
    assert np.abs(grey - page()).max() < (25 if suffix == "jpg" else 2)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_is_no_turn(tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    Image.fromarray(page()).save(tmp_path / "odd.png", exif=exif)
    assert (read_image(tmp_path / "odd.png") == page()).all()


def test_damaged_metadata_do_not_keep_from_the_picture(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[EXPOSURE_TIME] = 0.5
    data = bytearray(encoded(Image.fromarray(page()), "JPEG", exif=exif))
    start = data.index(b"Exif\0\0") + 6
    length = len(exif.tobytes()) - 6
    rng = np.random.default_rng(0)
    for number in range(200):
        damaged = data.copy()
        for place in rng.integers(start, start + length, 4):
            damaged[place] = rng.integers(256)
        pixels = read_image(saved(tmp_path, f"{number}.jpg", bytes(damaged)))
        assert pixels.shape in {(24, 40), (40, 24)}


# What is refused


def refusal(path: Path) -> str:
    with pytest.raises(ImageFileError) as caught:
        read_image(path)
    assert caught.value.path == path
    message = str(caught.value)
    assert message == f"{path.name}: {caught.value.reason}"
    assert "\n" not in message
    assert message.endswith(".")
    return caught.value.reason


def test_a_missing_file(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "missing.png")


def test_a_folder(tmp_path: Path) -> None:
    assert "folder" in refusal(tmp_path)


def test_an_empty_file(tmp_path: Path) -> None:
    assert "empty" in refusal(saved(tmp_path, "empty.png", b""))


@pytest.mark.parametrize("name", ["a" * 300 + ".png", "nul\0byte.png"])
def test_a_name_no_file_can_have(tmp_path: Path, name: str) -> None:
    assert "cannot be opened" in refusal(tmp_path / name)


@contextmanager
def as_ordinary_user() -> Iterator[None]:
    """Without the rights of the administrator, where the tests run with them."""
    if not hasattr(os, "geteuid"):
        pytest.skip("file permissions are those of POSIX systems here")
    administrator = os.geteuid() == 0
    if administrator:
        os.seteuid(65534)
    try:
        yield
    finally:
        if administrator:
            os.seteuid(0)


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = saved(tmp_path, "secret.png", encoded(Image.fromarray(page()), "PNG"))
    path.chmod(0)
    with as_ordinary_user():
        reason = refusal(path)
    assert "permissions" in reason


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".gif", ".bmp", ".webp", ""])
def test_text_that_is_called_a_picture(tmp_path: Path, suffix: str) -> None:
    path = saved(tmp_path, f"letter{suffix}", b"Dear Sir or Madam,\n" * 50)
    assert "not a picture" in refusal(path)


def test_a_program_that_draws_is_no_picture(tmp_path: Path) -> None:
    Image.fromarray(page()).save(tmp_path / "page.eps")
    assert "not a picture" in refusal(tmp_path / "page.eps")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_picture_that_is_cut_short(tmp_path: Path, kind: str, share: float) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (100, 120, 3), np.uint8)
    data = encoded(Image.fromarray(noise), kind)
    path = saved(tmp_path, "cut.png", data[: int(share * len(data))])
    reason = refusal(path)
    assert "cut short" in reason or "not a picture" in reason


def test_a_picture_cut_short_within_its_signature(tmp_path: Path) -> None:
    data = encoded(Image.fromarray(page()), "PNG")
    assert "not a picture" in refusal(saved(tmp_path, "cut.png", data[:12]))


def test_a_picture_with_a_damaged_byte(tmp_path: Path) -> None:
    data = bytearray(encoded(Image.fromarray(page()), "PNG"))
    data[data.index(b"IDAT") + 10] ^= 0xFF
    assert "damaged" in refusal(saved(tmp_path, "damaged.png", bytes(data)))


@pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (13_000, 13_000), (2**31 - 1, 1)])
def test_a_header_that_claims_too_much_is_refused_before_memory_is_taken(
    tmp_path: Path, width: int, height: int
) -> None:
    path = saved(tmp_path, "huge.png", png_that_claims(width, height))
    tracemalloc.start()
    reason = refusal(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "too large" in reason
    assert "150 megapixels" in reason
    assert peak < 1_000_000


def test_the_limit_is_ours_and_names_the_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_file, "MAX_PIXELS", 24 * 40 - 1)
    Image.fromarray(page()).save(tmp_path / "page.png")
    assert "40 × 24 pixels" in refusal(tmp_path / "page.png")


@pytest.mark.parametrize(("height", "width"), [(1, 1), (7, 300), (300, 7)])
def test_a_picture_of_hardly_a_pixel(tmp_path: Path, height: int, width: int) -> None:
    Image.new("L", (width, height)).save(tmp_path / "dot.png")
    assert f"only {width} × {height} pixels" in refusal(tmp_path / "dot.png")
    assert read_image(tmp_path / "dot.png", min_side=1).shape == (height, width)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
def test_luminance_alone_is_that_of_the_colours(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"page.{suffix}"
    smooth = Image.fromarray(page()).resize((240, 160), Image.Resampling.BICUBIC)
    smooth.save(path)
    grey = read_image(path, grey=True)
    assert grey.dtype == np.uint8
    assert grey.shape == (160, 240)
    luminance = np.asarray(Image.fromarray(read_image(path)).convert("L"), int)
    assert np.abs(grey - luminance).max() <= 3


def test_luminance_is_turned_upright_and_laid_on_white_too(tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[274] = 6
    Image.fromarray(page()).save(tmp_path / "page.jpg", exif=turned)
    assert read_image(tmp_path / "page.jpg", grey=True).shape == (40, 24)
    Image.new("RGBA", (24, 40), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    assert (read_image(tmp_path / "clear.png", grey=True) == 255).all()


def test_too_little_memory_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(image: Image.Image, grey: bool) -> np.ndarray:
        raise MemoryError

    monkeypatch.setattr(image_file, "_to_array", exhausted)
    Image.fromarray(page()).save(tmp_path / "page.png")
    assert "memory" in refusal(tmp_path / "page.png")


def test_a_file_is_closed_whatever_becomes_of_it(tmp_path: Path) -> None:
    # Forgotten files would warn, and warnings fail the tests; on Windows they could not go.
    for data in (encoded(Image.fromarray(page()), "TIFF"), b"nothing of the kind"):
        path = saved(tmp_path, "page.tif", data)
        with suppress(ImageFileError):
            read_image(path)
        path.unlink()


# Whatever the bytes


def with_right_checksums(data: bytes) -> bytes:
    """A PNG whose chunks are believed, so that damage reaches what reads them."""
    parts = [data[:8]]
    place = 8
    while place + 12 <= len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        if place + 12 + length > len(data):
            break
        parts.append(png_chunk(data[place + 4 : place + 8], data[place + 8 : place + 8 + length]))
        place += 12 + length
    return b"".join(parts) + data[place:]


def damaged(data: bytes, rng: np.random.Generator) -> bytes:
    """Cut short, or with some bytes changed, most of them in the header."""
    if rng.random() < 0.2:
        return data[: rng.integers(1, len(data))]
    result = bytearray(data)
    reach = len(data) if rng.random() < 0.4 else min(200, len(data))
    for place in rng.integers(0, reach, rng.integers(1, 8)):
        result[place] = rng.integers(256)
    return bytes(result)


def small_pictures() -> dict[str, bytes]:
    grey = Image.fromarray(page())
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    return {
        "grey.png": encoded(grey, "PNG", exif=exif),
        "deep.png": encoded(Image.fromarray(page().astype(np.uint16) * 257), "PNG"),
        "palette.png": encoded(grey.convert("P"), "PNG", transparency=3),
        "colour.jpg": encoded(grey.convert("RGB"), "JPEG", exif=exif),
        "print.jpg": encoded(grey.convert("CMYK"), "JPEG"),
        "plain.tif": encoded(grey, "TIFF", exif=exif),
        "packed.tif": encoded(grey.convert("RGB"), "TIFF", compression="tiff_lzw"),
        "floats.tif": encoded(Image.fromarray(page().astype(np.float32)), "TIFF"),
        "page.bmp": encoded(grey, "BMP"),
        "moving.gif": encoded(grey, "GIF", save_all=True, append_images=[grey.rotate(180)]),
        "page.webp": encoded(grey.convert("RGB"), "WEBP"),
    }


@pytest.mark.parametrize("name", small_pictures())
def test_damaged_bytes_give_a_picture_or_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(image_file, "MAX_PIXELS", 4_000_000)  # what is claimed is quick to clear
    data = small_pictures()[name]
    repair: Callable[[bytes], bytes] = with_right_checksums if name.endswith("png") else bytes
    rng = np.random.default_rng(len(data))
    path = tmp_path / name
    refused = 0
    for _ in range(100):
        path.write_bytes(repair(damaged(data, rng)))
        try:
            pixels = read_image(path)
        except ImageFileError as error:
            refused += 1
            assert "\n" not in str(error)
        else:
            assert pixels.dtype == np.uint8
            assert pixels.ndim == 2 or pixels.shape[2:] == (3,)
    assert 0 < refused < 100
