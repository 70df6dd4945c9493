"""Mouse, finger and pen draw; the canvas shows what was drawn."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QInputDevice,
    QMouseEvent,
    QPointingDevice,
    QPointingDeviceUniqueId,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from handwrite_gui.draw.canvas import DrawCanvas
from handwrite_gui.draw.drawing import Drawing
from handwrite_gui.theme import theme
from tests.gui.pen import stroke


@pytest.fixture
def canvas(qtbot: QtBot) -> DrawCanvas:
    canvas = DrawCanvas(Drawing())
    qtbot.addWidget(canvas)
    canvas.resize(400, 300)
    canvas.show()
    qtbot.waitExposed(canvas)
    return canvas


@pytest.fixture
def drawing(canvas: DrawCanvas) -> Drawing:
    return canvas._drawing


def image_of(canvas: DrawCanvas) -> QImage:
    return canvas.grab().toImage()


def colour_at(canvas: DrawCanvas, x: int, y: int) -> QColor:
    return image_of(canvas).pixelColor(x, y)


def test_dragging_the_mouse_makes_a_stroke(canvas: DrawCanvas, drawing: Drawing) -> None:
    stroke(canvas, [(50, 50), (150, 60), (200, 200)])
    (drawn,) = drawing.strokes
    assert drawn.points[0][:2] == (50, 50)
    assert drawn.points[-1][:2] == (200, 200)
    assert len(drawn.points) > 10


def test_ink_shows_where_the_pen_was(canvas: DrawCanvas) -> None:
    ink, paper = QColor(theme().tokens.ink), QColor(theme().tokens.surface)
    stroke(canvas, [(50, 50), (200, 50)])
    assert colour_at(canvas, 120, 50) == ink
    assert colour_at(canvas, 120, 80) == paper


def test_ink_shows_while_the_pen_is_down_and_looks_the_same_afterwards(
    canvas: DrawCanvas, drawing: Drawing
) -> None:
    points = [(50, 50), (150, 70), (90, 150)]
    stroke(canvas, points, lift=False)
    assert drawing.is_empty
    growing = image_of(canvas)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(90, 150))
    assert not drawing.is_empty
    assert image_of(canvas) == growing


def test_a_click_draws_a_dot(canvas: DrawCanvas, drawing: Drawing) -> None:
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(80, 90))
    assert [len(drawn.points) for drawn in drawing.strokes] == [1]
    assert colour_at(canvas, 80, 90) == QColor(theme().tokens.ink)


def test_other_mouse_buttons_do_not_draw(canvas: DrawCanvas, drawing: Drawing) -> None:
    QTest.mouseClick(canvas, Qt.MouseButton.RightButton, pos=QPoint(80, 90))
    assert drawing.is_empty
    assert not canvas.is_drawing


def test_undo_takes_the_ink_away(canvas: DrawCanvas, drawing: Drawing) -> None:
    blank = image_of(canvas)
    stroke(canvas, [(50, 50), (200, 50)])
    assert image_of(canvas) != blank
    drawing.undo()
    assert image_of(canvas) == blank


def test_giving_a_stroke_up_leaves_the_paper_as_it_was(
    canvas: DrawCanvas, drawing: Drawing
) -> None:
    blank = image_of(canvas)
    stroke(canvas, [(50, 50), (200, 50)], lift=False)
    canvas.cancel_stroke()
    assert image_of(canvas) == blank
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 50))
    assert drawing.is_empty


def test_leaving_in_the_middle_of_a_stroke_keeps_it(canvas: DrawCanvas, drawing: Drawing) -> None:
    stroke(canvas, [(50, 50), (200, 50)], lift=False)
    canvas.hide()
    assert len(drawing.strokes) == 1
    assert not canvas.is_drawing


def test_a_release_that_was_never_told_ends_the_stroke(
    canvas: DrawCanvas, drawing: Drawing
) -> None:
    stroke(canvas, [(50, 50), (200, 50)], lift=False)
    where = QPointF(210, 60)
    none = Qt.MouseButton.NoButton
    moved = QMouseEvent(
        QEvent.Type.MouseMove, where, where, none, none, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(canvas, moved)
    (drawn,) = drawing.strokes
    assert drawn.points[-1][:2] == (200, 50)


def test_theme_recolours_paper_and_ink(canvas: DrawCanvas) -> None:
    stroke(canvas, [(50, 50), (200, 50)])
    theme().set_appearance("dark")
    assert colour_at(canvas, 120, 50) == QColor(theme().tokens.ink)
    assert colour_at(canvas, 120, 90) == QColor(theme().tokens.surface)


def test_ink_survives_a_change_of_size(canvas: DrawCanvas) -> None:
    stroke(canvas, [(50, 50), (200, 50)])
    canvas.resize(500, 350)
    assert colour_at(canvas, 120, 50) == QColor(theme().tokens.ink)


def test_pointer_over_a_character_is_told(qtbot: QtBot, canvas: DrawCanvas) -> None:
    canvas.show_boxes([(20, 20, 60, 80), (120, 20, 160, 80)], -1)
    with qtbot.waitSignal(canvas.hovered) as over:
        QTest.mouseMove(canvas, QPoint(140, 50))
    assert over.args == [1]
    with qtbot.waitSignal(canvas.hovered) as off:
        QTest.mouseMove(canvas, QPoint(300, 250))
    assert off.args == [-1]


def test_outline_is_painted_round_the_character_and_removed(canvas: DrawCanvas) -> None:
    plain = image_of(canvas)
    canvas.show_boxes([(20, 20, 60, 80)], 0)
    assert image_of(canvas) != plain
    canvas.show_boxes([], -1)
    assert image_of(canvas) == plain


def test_one_finger_draws_and_a_second_is_ignored(canvas: DrawCanvas, drawing: Drawing) -> None:
    screen = QTest.createTouchDevice()
    here = QPoint
    QTest.touchEvent(canvas, screen).press(1, here(50, 50), canvas).commit()
    QTest.touchEvent(canvas, screen).move(1, here(90, 50), canvas).press(
        2, here(9, 9), canvas
    ).commit()
    QTest.touchEvent(canvas, screen).stationary(1).move(2, here(30, 200), canvas).commit()
    QTest.touchEvent(canvas, screen).stationary(1).release(2, here(30, 200), canvas).commit()
    QTest.touchEvent(canvas, screen).move(1, here(130, 60), canvas).commit()
    assert canvas.is_drawing
    QTest.touchEvent(canvas, screen).release(1, here(130, 60), canvas).commit()
    (drawn,) = drawing.strokes
    assert [point[:2] for point in drawn.points] == [(50, 50), (90, 50), (130, 60)]


def test_cancelled_touch_leaves_no_stroke(canvas: DrawCanvas, drawing: Drawing) -> None:
    screen = QTest.createTouchDevice()
    QTest.touchEvent(canvas, screen).press(1, QPoint(50, 50), canvas).commit()
    QTest.touchEvent(canvas, screen).move(1, QPoint(90, 50), canvas).commit()
    assert canvas.is_drawing
    QApplication.sendEvent(canvas, QTouchEvent(QEvent.Type.TouchCancel, screen))
    assert not canvas.is_drawing
    assert drawing.is_empty


def test_a_touch_pad_does_not_draw(canvas: DrawCanvas, drawing: Drawing) -> None:
    able = QInputDevice.Capability
    # The system makes the mouse events of a touch pad itself.
    pad = QTest.createTouchDevice(
        QInputDevice.DeviceType.TouchPad, able.Position | able.MouseEmulation
    )
    QTest.touchEvent(canvas, pad).press(1, QPoint(50, 50), canvas).commit()
    QTest.touchEvent(canvas, pad).move(1, QPoint(90, 50), canvas).commit()
    QTest.touchEvent(canvas, pad).release(1, QPoint(90, 50), canvas).commit()
    assert drawing.is_empty


# Qt's test library has no door for tablets, so their events are made by hand.


def stylus(*, pressure: bool) -> QPointingDevice:
    able = QInputDevice.Capability
    return QPointingDevice(
        "test", 7, QInputDevice.DeviceType.Stylus, QPointingDevice.PointerType.Pen,
        able.Position | able.Pressure if pressure else able.Position, 1, 1, "",
        QPointingDeviceUniqueId(),
    )  # fmt: skip


def pen(
    canvas: DrawCanvas, tablet: QPointingDevice, kind: QEvent.Type, x: float, y: float,
    pressure: float,
) -> None:  # fmt: skip
    where = QPointF(x, y)
    button = Qt.MouseButton.LeftButton
    event = QTabletEvent(
        kind, tablet, where, where, pressure, 0, 0, 0, 0, 0, Qt.KeyboardModifier.NoModifier,
        button, button,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)
    assert event.isAccepted()


@pytest.mark.parametrize(("measures", "kept"), [(True, [0.2, 0.6, 0.9]), (False, [0.5, 0.5, 0.5])])
def test_tablet_pen_draws_with_the_pressure_it_measures(
    canvas: DrawCanvas, drawing: Drawing, measures: bool, kept: list[float]
) -> None:
    tablet = stylus(pressure=measures)
    kind = QEvent.Type
    pen(canvas, tablet, kind.TabletPress, 50, 50, 0.2)
    pen(canvas, tablet, kind.TabletMove, 90, 50, 0.6)
    pen(canvas, tablet, kind.TabletMove, 130, 60, 0.9)
    pen(canvas, tablet, kind.TabletRelease, 130, 60, 0.0)
    (drawn,) = drawing.strokes
    assert [point.pressure for point in drawn.points] == pytest.approx(kept)
