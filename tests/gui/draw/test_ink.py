"""Painted strokes are smooth, of the right width, and the same whether grown or whole."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from handwrite_gui.draw.ink import (
    PEN_WIDTH,
    InkLayer,
    dirty_area,
    paint_points,
    pen_width,
)
from handwrite_gui.draw.stroke import PenPoint, Stroke

BLACK = QColor(0, 0, 0)
LINE = [PenPoint(20 + 2 * i, 50) for i in range(60)]
SWELLING = [PenPoint(20 + 2 * i, 50, i / 60) for i in range(60)]
LOOP = [
    PenPoint(*xy, 0.3 + i / 20) for i, xy in enumerate([(20, 50), (80, 20), (80, 80), (20, 50)])
]


def paper() -> QImage:
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    return image


def painted(points: list[PenPoint], area: QRectF | None = None) -> QImage:
    image = paper()
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_points(painter, points, BLACK, area)
    painter.end()
    return image


def darkness(image: QImage, x: int, y: int) -> int:
    return 255 - QColor(image.pixel(x, y)).lightness()


def column_ink(image: QImage, x: int) -> float:
    """How much ink stands in a column, in pixels of full ink."""
    return sum(darkness(image, x, y) for y in range(image.height())) / 255


def test_mouse_strokes_have_one_width_without_beads() -> None:
    image = painted(LINE)
    widths = {round(column_ink(image, x), 2) for x in range(30, 130)}
    assert widths == {PEN_WIDTH}


def test_width_follows_pressure() -> None:
    image = painted(SWELLING)
    widths = [column_ink(image, x) for x in range(24, 136, 8)]
    assert widths == sorted(widths)
    assert widths[0] == pytest.approx(pen_width(0.03), abs=0.7)
    assert widths[-1] == pytest.approx(pen_width(0.97), abs=0.7)


@pytest.mark.parametrize("pressure", [-1.0, 0.0, 0.5, 1.0, 2.0])
def test_width_is_bounded_whatever_the_tablet_says(pressure: float) -> None:
    assert PEN_WIDTH / 2 <= pen_width(pressure) <= PEN_WIDTH * 1.5


def test_a_stroke_that_crosses_itself_has_no_hole() -> None:
    image = painted(LOOP)
    assert darkness(image, 20, 50) == 255


@pytest.mark.parametrize("pressure", [0.2, 0.5, 1.0])
def test_a_tap_is_a_dot_as_wide_as_the_pen(pressure: float) -> None:
    image = painted([PenPoint(50, 50, pressure)])
    assert darkness(image, 50, 50) == 255
    assert column_ink(image, 50) == pytest.approx(pen_width(pressure), abs=1.0)


@pytest.mark.parametrize("points", [LINE, SWELLING, LOOP], ids=["line", "swelling", "loop"])
def test_a_new_point_changes_nothing_outside_its_dirty_area(points: list[PenPoint]) -> None:
    for count in range(2, len(points) + 1):
        before, after = painted(points[: count - 1]), painted(points[:count])
        if count == 2 and points is not LINE:
            continue  # the first change of pressure turns a pen line into an outline
        area = dirty_area(points[:count]).toAlignedRect()
        for image in (before, after):
            painter = QPainter(image)
            painter.fillRect(area, Qt.GlobalColor.white)
            painter.end()
        assert before == after


def test_limiting_the_painting_to_an_area_changes_nothing_inside_it() -> None:
    area = QRectF(60, 30, 40, 40)
    assert painted(SWELLING).copy(area.toRect()) == painted(SWELLING, area).copy(area.toRect())


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_layer_is_as_sharp_as_the_screen(qapp: QApplication, ratio: float) -> None:
    stroke = Stroke(tuple(LINE))
    layer = InkLayer()
    layer.reset(QSize(200, 100), ratio, [stroke], BLACK)
    shown = QImage(QSize(200, 100) * ratio, QImage.Format.Format_RGB32)
    shown.setDevicePixelRatio(ratio)
    direct = QImage(shown)
    for image in (shown, direct):
        image.fill(Qt.GlobalColor.white)
    painter = QPainter(shown)
    layer.paint(painter, QRectF(0, 0, 200, 100).toRect())
    painter.end()
    painter = QPainter(direct)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_points(painter, LINE, BLACK)
    painter.end()
    assert shown == direct
