"""Pictures on their way between arrays and the screen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from handwrite_gui.engine.errors import HandwriteError, ImageFileError
from handwrite_gui.page.framing import Turn
from handwrite_gui.page.page_image import open_page_image, page_image_from_picture, turned_image


@pytest.fixture(autouse=True)
def application(qapp: QApplication) -> None:
    """Painting needs one."""


def test_a_file_is_shown_as_it_is_read(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (31, 45, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "noise.png")
    image = open_page_image(tmp_path / "noise.png")
    assert (image.name, image.size) == ("noise.png", (45, 31))
    assert np.array_equal(image.pixels, pixels)
    shown = image.screen.levels[0]
    assert (shown.width(), shown.height()) == image.size
    for x, y in ((0, 0), (44, 30), (13, 7)):
        colour = QColor(shown.pixel(x, y))
        assert [colour.red(), colour.green(), colour.blue()] == pixels[y, x].tolist()


def test_a_grey_file_stays_grey(tmp_path: Path) -> None:
    pixels = np.arange(33 * 21, dtype=np.uint8).reshape(21, 33)
    Image.fromarray(pixels).save(tmp_path / "grey.png")
    image = open_page_image(tmp_path / "grey.png")
    assert image.pixels.shape == (21, 33)
    assert QColor(image.screen.levels[0].pixel(32, 20)).red() == pixels[20, 32]


def test_exif_orientation_is_obeyed(tmp_path: Path) -> None:
    picture = Image.new("RGB", (80, 40), "white")
    picture.paste("black", (0, 0, 80, 10))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: turn it by 90° clockwise
    picture.save(tmp_path / "turned.jpg", exif=exif)
    image = open_page_image(tmp_path / "turned.jpg")
    assert image.size == (40, 80)
    assert QColor(image.screen.levels[0].pixel(37, 40)).lightness() < 50, (
        "black is on the right now"
    )
    assert QColor(image.screen.levels[0].pixel(5, 40)).lightness() > 200


def test_large_images_are_halved_down_to_the_size_of_a_thumbnail(tmp_path: Path) -> None:
    Image.new("L", (2600, 900), 128).save(tmp_path / "wide.png")
    image = open_page_image(tmp_path / "wide.png")
    assert [level.width() for level in image.screen.levels] == [2600, 1300, 650, 325]


def test_a_level_stands_in_for_the_image_where_it_is_small_on_the_screen(tmp_path: Path) -> None:
    pixels = np.full((800, 1600), 255, np.uint8)
    pixels[:, 1200:] = 0
    Image.fromarray(pixels).save(tmp_path / "half.png")
    image = open_page_image(tmp_path / "half.png")
    screen = QImage(160, 80, QImage.Format.Format_RGB32)
    painter = QPainter(screen)
    image.screen.draw(painter, QRectF(0, 0, 160, 80), QRectF(0, 0, 1600, 800), 0.1)
    painter.end()
    assert QColor(screen.pixel(110, 40)).red() == 255
    assert QColor(screen.pixel(130, 40)).red() == 0


def test_a_picture_gives_the_array_that_it_shows() -> None:
    picture = QImage(13, 11, QImage.Format.Format_RGB888)  # 39 bytes a row, padded to 40
    picture.fill(QColor(10, 20, 30))
    picture.setPixelColor(12, 10, QColor(200, 100, 50))
    image = page_image_from_picture(picture, "Pasted image")
    assert image.pixels.shape == (11, 13, 3)
    assert image.pixels[0, 0].tolist() == [10, 20, 30]
    assert image.pixels[10, 12].tolist() == [200, 100, 50]
    assert image.path is None


def test_transparent_paper_is_white() -> None:
    picture = QImage(20, 20, QImage.Format.Format_ARGB32)
    picture.fill(QColor(0, 0, 0, 0))
    image = page_image_from_picture(picture, "Pasted image")
    assert image.pixels.min() == 255
    assert QColor(image.screen.levels[0].pixel(3, 3)).red() == 255


def test_a_picture_too_small_for_writing_is_refused() -> None:
    with pytest.raises(HandwriteError, match="only 1 × 1 pixels"):
        page_image_from_picture(QImage(1, 1, QImage.Format.Format_RGB32), "Pasted image")


def test_a_file_that_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "note.jpg").write_text("not a picture")
    with pytest.raises(ImageFileError):
        open_page_image(tmp_path / "note.jpg")


@pytest.mark.parametrize(
    ("degrees", "place"), [(0, (10, 5)), (90, (74, 10)), (180, (109, 74)), (270, (5, 109))]
)
def test_quarter_turns_lose_nothing(degrees: float, place: tuple[int, int]) -> None:
    picture = QImage(120, 80, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.white)
    picture.setPixelColor(10, 5, QColor("black"))
    turned = turned_image(page_image_from_picture(picture, "x"), degrees)
    assert turned.size == ((120, 80) if degrees % 180 == 0 else (80, 120))
    rows, columns = np.nonzero(turned.pixels[..., 0] == 0)
    assert (columns.tolist(), rows.tolist()) == ([place[0]], [place[1]])


@pytest.mark.parametrize("degrees", [7.5, -20.0, 100.0])
def test_a_turned_point_lies_where_its_mark_does(degrees: float) -> None:
    picture = QImage(200, 120, QImage.Format.Format_Grayscale8)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    painter.fillRect(28, 88, 5, 5, Qt.GlobalColor.black)
    painter.end()
    image = page_image_from_picture(picture, "x")
    turned = turned_image(image, degrees)
    darkness = 255.0 - turned.pixels[..., 0]
    rows, columns = np.indices(darkness.shape)
    centre = [float((axis * darkness).sum() / darkness.sum()) + 0.5 for axis in (columns, rows)]
    expected = Turn(degrees, image.size, turned.size).turned((30.5, 90.5))
    assert centre == pytest.approx(expected, abs=0.6)


def test_new_corners_look_like_the_paper() -> None:
    picture = QImage(200, 120, QImage.Format.Format_RGB32)
    picture.fill(QColor(90, 160, 120))
    turned = turned_image(page_image_from_picture(picture, "x"), 20)
    assert turned.pixels[0, 0].tolist() == [90, 160, 120]
