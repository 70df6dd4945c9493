"""Looking at a page and picking characters on it, with every device."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QHelpEvent,
    QNativeGestureEvent,
    QPointingDevice,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from handwrite_gui.page.canvas import PageCanvas
from handwrite_gui.page.display import Display
from handwrite_gui.page.text_map import CharacterRange
from handwrite_gui.page.view import PageView

LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
NO_KEYS = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def canvas(open_page: PageView) -> PageCanvas:
    return open_page.workspace.canvas


def place(canvas: PageCanvas, index: int) -> QPoint:
    """The middle of a character, on the canvas."""
    overlay = canvas._overlay
    assert overlay is not None
    return QPointF(*canvas.viewport.to_view(overlay.hits.bounds[index].centre)).toPoint()


def turn_wheel(
    canvas: PageCanvas,
    at: QPointF,
    angle: QPoint,
    keys: Qt.KeyboardModifier = NO_KEYS,
    *,
    pixels: QPoint | None = None,
) -> None:
    touchpad = pixels is not None
    QApplication.sendEvent(
        canvas,
        QWheelEvent(
            at,
            QPointF(canvas.mapToGlobal(at)),
            pixels if pixels is not None else QPoint(),
            angle,
            Qt.MouseButton.NoButton,
            keys,
            Qt.ScrollPhase.ScrollUpdate if touchpad else Qt.ScrollPhase.NoScrollPhase,
            False,
        ),
    )


def drag(canvas: PageCanvas, start: QPoint, end: QPoint, button: Qt.MouseButton = LEFT) -> None:
    QTest.mousePress(canvas, button, NO_KEYS, start)
    QTest.mouseMove(canvas, (start + end) / 2)
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, button, NO_KEYS, end)


def test_a_page_is_fitted_first(canvas: PageCanvas) -> None:
    visible = canvas.viewport.visible
    assert (visible.left, visible.top, visible.right, visible.bottom) == (0, 0, 400, 300)


@pytest.mark.parametrize("notches", [1, 5, -2])
def test_the_wheel_zooms_to_the_pointer(canvas: PageCanvas, notches: int) -> None:
    at = QPointF(150, 200)
    before = canvas.viewport.to_image((150, 200))
    scale = canvas.viewport.scale
    turn_wheel(canvas, at, QPoint(0, 120 * notches))
    assert canvas.viewport.to_image((150, 200)) == pytest.approx(before)
    assert canvas.viewport.scale == pytest.approx(scale * 1.25**notches)


def test_a_touchpad_scrolls(canvas: PageCanvas) -> None:
    before = canvas.viewport
    turn_wheel(canvas, QPointF(150, 200), QPoint(0, 40), pixels=QPoint(12, -30))
    assert canvas.viewport == before.panned(12, -30)


def test_a_touchpad_zooms_with_control_held(canvas: PageCanvas) -> None:
    scale = canvas.viewport.scale
    turn_wheel(canvas, QPointF(150, 200), QPoint(0, 120), CONTROL, pixels=QPoint(0, 30))
    assert canvas.viewport.scale > scale


def test_a_pinch_zooms_to_the_fingers(canvas: PageCanvas) -> None:
    at = QPointF(300, 100)
    before, scale = canvas.viewport.to_image((300, 100)), canvas.viewport.scale
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        at,
        at,
        QPointF(canvas.mapToGlobal(at)),
        0.5,
        QPointF(),
    )
    QApplication.sendEvent(canvas, event)
    assert canvas.viewport.to_image((300, 100)) == pytest.approx(before)
    assert canvas.viewport.scale == pytest.approx(1.5 * scale)


def test_keys_zoom_in_out_and_back(canvas: PageCanvas) -> None:
    scale = canvas.viewport.scale
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.viewport.scale == pytest.approx(1.25 * scale)
    QTest.keyClick(canvas, Qt.Key.Key_Minus)
    assert canvas.viewport.scale == pytest.approx(scale)


def test_actual_size_is_a_screen_pixel_for_an_image_pixel(canvas: PageCanvas) -> None:
    canvas.show_actual_size()
    assert canvas.zoom == pytest.approx(1)


def test_a_fitted_page_stays_fitted_when_the_window_changes(canvas: PageCanvas) -> None:
    scale = canvas.viewport.scale
    canvas.window().resize(1400, 1000)
    QApplication.processEvents()
    assert canvas.viewport.scale > scale
    canvas.zoom_in()
    zoomed = canvas.viewport.scale
    canvas.window().resize(1000, 700)
    QApplication.processEvents()
    assert canvas.viewport.scale == zoomed
    canvas.fit()
    assert canvas.viewport.scale == pytest.approx(scale)


@pytest.mark.parametrize("button", [LEFT, Qt.MouseButton.MiddleButton])
def test_dragging_moves_the_page_and_picks_nothing(
    canvas: PageCanvas, button: Qt.MouseButton
) -> None:
    before = canvas.viewport
    start = place(canvas, 0)
    drag(canvas, start, start + QPoint(60, 40), button)
    assert canvas.viewport.x - before.x == pytest.approx(60)
    assert canvas.viewport.y - before.y == pytest.approx(40)
    assert canvas.selection is None


def test_with_the_space_bar_a_drag_however_short_moves(canvas: PageCanvas) -> None:
    start = place(canvas, 0)
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    assert canvas.cursor().shape() is Qt.CursorShape.OpenHandCursor
    QTest.mousePress(canvas, LEFT, NO_KEYS, start)
    assert canvas.cursor().shape() is Qt.CursorShape.ClosedHandCursor
    QTest.mouseRelease(canvas, LEFT, NO_KEYS, start)
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.selection is None
    assert canvas.cursor().shape() is not Qt.CursorShape.OpenHandCursor


def test_a_click_picks_a_character_and_beside_all_of_them_none(canvas: PageCanvas) -> None:
    QTest.mouseClick(canvas, LEFT, NO_KEYS, place(canvas, 4))
    assert canvas.selection == CharacterRange(4, 4)
    QTest.mouseClick(canvas, LEFT, NO_KEYS, QPoint(3, 3))
    assert canvas.selection is None


def test_shift_extends_to_the_click(canvas: PageCanvas) -> None:
    QTest.mouseClick(canvas, LEFT, NO_KEYS, place(canvas, 5))
    QTest.mouseClick(canvas, LEFT, SHIFT, place(canvas, 2))
    assert canvas.selection == CharacterRange(2, 5)
    QTest.mouseClick(canvas, LEFT, SHIFT, place(canvas, 8))
    assert canvas.selection == CharacterRange(5, 8), "it turns about where it began"


def test_a_double_click_picks_the_word(canvas: PageCanvas) -> None:
    QTest.mouseDClick(canvas, LEFT, NO_KEYS, place(canvas, 5))
    assert canvas.selection == CharacterRange(4, 6)


def test_arrow_keys_go_from_character_to_character(canvas: PageCanvas) -> None:
    for key, expected in (
        (Qt.Key.Key_Right, CharacterRange(0, 0)),
        (Qt.Key.Key_Right, CharacterRange(1, 1)),
        (Qt.Key.Key_Down, CharacterRange(8, 8)),
        (Qt.Key.Key_Left, CharacterRange(7, 7)),
        (Qt.Key.Key_Up, CharacterRange(0, 0)),
    ):
        QTest.keyClick(canvas, key)
        assert canvas.selection == expected
    QTest.keyClick(canvas, Qt.Key.Key_Right, SHIFT)
    QTest.keyClick(canvas, Qt.Key.Key_Right, SHIFT)
    assert canvas.selection == CharacterRange(0, 2)
    QTest.keyClick(canvas, Qt.Key.Key_Left, SHIFT)
    assert canvas.selection == CharacterRange(0, 1)


def test_the_pointer_marks_what_it_is_over(canvas: PageCanvas) -> None:
    QTest.mouseMove(canvas, place(canvas, 3))
    assert canvas.hovered == 3
    assert canvas.cursor().shape() is Qt.CursorShape.PointingHandCursor
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    assert canvas.hovered is None


def test_hovering_shows_the_alternatives(qtbot: QtBot, canvas: PageCanvas) -> None:
    at = place(canvas, 1)
    QApplication.sendEvent(canvas, QHelpEvent(QEvent.Type.ToolTip, at, canvas.mapToGlobal(at)))
    assert "<b>E</b>" in QToolTip.text()
    assert "30" in QToolTip.text()
    assert "Doubtful" in QToolTip.text()
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_a_screen_reader_hears_what_is_selected(canvas: PageCanvas) -> None:
    canvas.select(CharacterRange(1, 1))
    assert canvas.accessibleDescription().startswith("E, doubtful")
    canvas.select(None)
    assert canvas.accessibleDescription() == ""


def test_boxes_and_labels_can_be_hidden(canvas: PageCanvas) -> None:
    def differs(one: object, other: object) -> bool:
        return one != other

    both = canvas.grab().toImage()
    canvas.set_display(Display(labels=False))
    boxes = canvas.grab().toImage()
    canvas.set_display(Display(boxes=False, labels=False))
    neither = canvas.grab().toImage()
    assert differs(both, boxes)
    assert differs(boxes, neither)
    corner = place(canvas, 0)
    assert neither.pixelColor(corner).getRgb() == (255, 255, 255, 255), "only paper is left"
    canvas.set_display(Display(boxes=False, labels=False, lines=True))
    assert differs(canvas.grab().toImage(), neither)
    canvas.set_display(Display(boxes=False, labels=False))
    canvas.select(CharacterRange(0, 0))
    assert differs(canvas.grab().toImage(), neither), "what is selected shows all the same"


def test_steps_of_confidence_differ_without_colour(canvas: PageCanvas) -> None:
    """Character 1 is doubtful: its outline has gaps where that of a sure one has none."""
    canvas.set_display(Display(labels=False))
    shot = canvas.grab().toImage()

    def darkness_along_the_left_edge(index: int) -> set[bool]:
        assert canvas._overlay is not None
        bounds = canvas._overlay.hits.bounds[index]
        x, top = canvas.viewport.to_view((bounds.left, bounds.top))
        _, bottom = canvas.viewport.to_view((bounds.left, bounds.bottom))
        return {
            shot.pixelColor(round(x), y).saturation() > 90
            for y in range(round(top) + 4, round(bottom) - 4)
        }

    assert darkness_along_the_left_edge(0) == {True}
    assert darkness_along_the_left_edge(1) == {True, False}
