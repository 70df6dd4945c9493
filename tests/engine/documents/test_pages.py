"""The pages of pictures, TIFF and PDF files and folders."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfWriter

from handwrite_gui.engine.documents.pages import (
    expanded,
    files_in,
    natural_key,
    page_count,
    read_page_picture,
)
from handwrite_gui.engine.errors import ImageFileError


def page(number: int, size: tuple[int, int] = (80, 60)) -> Image.Image:
    """Paper with as many dark bars as its number says."""
    pixels = np.full(size[::-1], 230, np.uint8)
    for index in range(number):
        pixels[5:20, 5 + 8 * index : 9 + 8 * index] = 20
    return Image.fromarray(pixels)


def bars(pixels: np.ndarray) -> int:
    """How many bars a picture shows."""
    grey = pixels if pixels.ndim == 2 else pixels.min(axis=2)
    dark = (grey < 128).any(axis=0)
    return int((np.diff(dark.astype(int)) == 1).sum())


@pytest.fixture
def tiff(tmp_path: Path) -> Path:
    path = tmp_path / "fax ßкор手.tif"
    first, *others = (page(n) for n in (1, 2, 3))
    first.save(path, save_all=True, append_images=others, dpi=(200, 200))
    return path


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    path = tmp_path / "scan 手.pdf"
    first, *others = (page(n) for n in (1, 2, 3))
    first.save(path, "PDF", save_all=True, append_images=others, resolution=72)
    return path


@pytest.mark.parametrize("kind", ["tiff", "pdf"])
@pytest.mark.parametrize("grey", [True, False])
def test_every_page_of_a_file(kind: str, grey: bool, request: pytest.FixtureRequest) -> None:
    path = request.getfixturevalue(kind)
    assert page_count(path) == 3
    pictures = [read_page_picture(path, n, dpi=144, grey=grey) for n in (1, 2, 3)]
    assert [bars(picture.pixels) for picture in pictures] == [1, 2, 3]
    assert all(picture.pixels.dtype == np.uint8 for picture in pictures)
    assert all(picture.pixels.ndim == 2 for picture in pictures if grey)


def test_a_pdf_is_drawn_at_the_resolution_that_is_asked_for(pdf: Path) -> None:
    coarse, fine = (read_page_picture(pdf, 1, dpi=dpi) for dpi in (72, 288))
    assert coarse.pixels.shape[:2] == (60, 80)
    assert fine.pixels.shape[:2] == (240, 320)
    assert (coarse.dpi, fine.dpi) == (72, 288)


def test_a_pdf_by_its_first_bytes(pdf: Path, tmp_path: Path) -> None:
    other = tmp_path / "no suffix"
    pdf.rename(other)
    assert page_count(other) == 3


def test_an_enormous_sheet_is_drawn_coarser(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(14_400, 14_400)
    path = tmp_path / "poster.pdf"
    writer.write(path)
    picture = read_page_picture(path, 1, dpi=1200, grey=True)
    assert picture.pixels.size <= 150_000_000
    assert picture.dpi is not None
    assert picture.dpi < 100


def test_animations_count_as_their_first_picture(tmp_path: Path) -> None:
    page(1).save(tmp_path / "a.gif", save_all=True, append_images=[page(2)])
    assert page_count(tmp_path / "a.gif") == 1
    assert bars(read_page_picture(tmp_path / "a.gif").pixels) == 1


@pytest.mark.parametrize("kind", ["tiff", "pdf"])
def test_a_page_that_is_not_there(kind: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(ImageFileError, match="no page 4"):
        read_page_picture(request.getfixturevalue(kind), 4)


def test_a_protected_pdf(tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "secret.pdf")
    with pytest.raises(ImageFileError, match="password"):
        page_count(tmp_path / "secret.pdf")


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"%PDF-1.7\n1 0 obj <<", b"no pdf"])
def test_a_damaged_pdf(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "page.pdf"
    path.write_bytes(data)
    with pytest.raises(ImageFileError, match="damaged"):
        read_page_picture(path)


def test_a_missing_pdf(tmp_path: Path) -> None:
    with pytest.raises(ImageFileError, match="no such file"):
        page_count(tmp_path / "page.pdf")


def test_a_fax_has_square_pixels_afterwards(tmp_path: Path) -> None:
    page(2, (160, 60)).save(tmp_path / "fax.tif", dpi=(204, 98))
    picture = read_page_picture(tmp_path / "fax.tif")
    assert picture.pixels.shape == (125, 160)
    assert picture.dpi == pytest.approx(204)


def test_the_resolution_of_a_picture(tmp_path: Path) -> None:
    page(1).save(tmp_path / "page.png", dpi=(300, 300))
    page(1).save(tmp_path / "none.png")
    assert read_page_picture(tmp_path / "page.png").dpi == pytest.approx(300, abs=0.1)
    assert read_page_picture(tmp_path / "none.png").dpi is None


@pytest.mark.skipif(importlib.util.find_spec("pillow_heif") is None, reason="needs pillow-heif")
def test_heic_where_the_plug_in_is(tmp_path: Path) -> None:
    import pillow_heif

    pillow_heif.from_pillow(page(3, (160, 120))).save(tmp_path / "photo.heic", quality=90)
    assert bars(read_page_picture(tmp_path / "photo.heic").pixels) == 3


def test_heic_without_the_plug_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from handwrite_gui.engine import image_file

    monkeypatch.setattr(image_file, "_has_heic_plugin", lambda: False)
    (tmp_path / "photo.heic").write_bytes(b"\0\0\0\x18ftypheic")
    with pytest.raises(ImageFileError, match="pillow-heif"):
        read_page_picture(tmp_path / "photo.heic")


@pytest.mark.parametrize("arguments", [{"page": 0}, {"dpi": 5}, {"dpi": 5000}])
def test_arguments_out_of_range(pdf: Path, arguments: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="not"):
        read_page_picture(pdf, **arguments)


def test_the_files_of_a_folder_in_a_persons_order(tmp_path: Path) -> None:
    names = ["page 10.png", "page 2.PNG", "notes.txt", ".hidden.png", "b/page.pdf", ".c/page.pdf"]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = [path.relative_to(tmp_path).as_posix() for path in files_in(tmp_path)]
    assert found == ["b/page.pdf", "page 2.PNG", "page 10.png"]
    other = tmp_path / "elsewhere.jpg"
    named = list(expanded([tmp_path / "b", other]))
    assert named == [(tmp_path / "b/page.pdf", Path("page.pdf")), (other, Path("elsewhere.jpg"))]


def test_names_of_numbers_and_words_have_an_order() -> None:
    names = ["²", "a1", "A10", "a2", "", "1", "٣"]
    assert sorted(names, key=natural_key) == ["", "1", "٣", "a1", "a2", "A10", "²"]
