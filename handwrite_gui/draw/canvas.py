"""The paper one draws on, with mouse, finger or pen."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEventPoint,
    QFocusEvent,
    QFont,
    QHideEvent,
    QInputDevice,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPointerEvent,
    QPointingDevice,
    QResizeEvent,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from handwrite_gui.draw.drawing import Drawing
from handwrite_gui.draw.ink import InkLayer, dirty_area, paint_points
from handwrite_gui.draw.stroke import PenPoint, Stroke
from handwrite_gui.theme import theme

_LEAST_STEP = 1.0  # pixels: a shorter one tells the direction of the hand's tremor
_OUTLINE_GAP = 14.0  # pixels between a character's points and its outline
_HINT = "Draw a letter or a word"
_ADVICE = "It is read while you draw. Leave a little room between letters."

_BY_KEYS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)

Box = tuple[float, float, float, float]


class _Pen(Enum):
    """What the stroke that is being drawn is drawn with."""

    NONE = auto()
    MOUSE = auto()
    FINGER = auto()
    STYLUS = auto()


class DrawCanvas(QWidget):
    """Shows a drawing and adds strokes to it.

    Signals:
        pen_moved(): the stroke that is being drawn has grown, or was given up.
        hovered(int): the pointer is over the character of this index, -1 over none.
        drawn(Stroke): a stroke was drawn and belongs to the drawing now.
        menu_wanted(int, QPoint): what can be done with the character of this index is asked for,
            at this place of the screen.

    Args:
        drawing: what is on the paper.
        hint, advice: what stands on it while it is empty.
    """

    pen_moved = Signal()
    hovered = Signal(int)
    drawn = Signal(object)
    menu_wanted = Signal(int, QPoint)

    def __init__(
        self,
        drawing: Drawing,
        parent: QWidget | None = None,
        *,
        hint: str = _HINT,
        advice: str = _ADVICE,
    ) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self._hint, self._advice = hint, advice
        self._ink = InkLayer()
        self._points: list[PenPoint] = []
        self._pen = _Pen.NONE
        self._finger = -1
        self._boxes: tuple[Box, ...] = ()
        self._outlined = -1
        self._hovered = -1
        self._focus_is_shown = False
        self.setAccessibleName("Drawing canvas")
        self.setAccessibleDescription(f"{hint} with mouse, finger or pen.")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 240)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        drawing.stroke_added.connect(self._add_stroke)
        drawing.replaced.connect(self._repaint_all)
        theme().changed.connect(self._repaint_all)

    def sizeHint(self) -> QSize:
        return QSize(720, 560)

    # What is on the paper

    @property
    def is_drawing(self) -> bool:
        """Whether the pen is down."""
        return bool(self._points)

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """All strokes, with the one that is being drawn as far as it is."""
        if not self._points:
            return self._drawing.strokes
        return (*self._drawing.strokes, Stroke(tuple(self._points)))

    def cancel_stroke(self) -> None:
        """Give up the stroke that is being drawn."""
        if self._points:
            self._points = []
            self._pen = _Pen.NONE
            self._repaint_all()
            self.pen_moved.emit()

    def show_boxes(self, boxes: Sequence[Box], outlined: int) -> None:
        """Say where the characters stand, and which one is outlined (-1: none)."""
        changed = (tuple(boxes), outlined)
        if changed == (self._boxes, self._outlined):
            return
        before = self._outline()
        self._boxes, self._outlined = changed
        for outline in (before, self._outline()):
            if outline is not None:
                self.update(outline.toAlignedRect().adjusted(-2, -2, 2, 2))

    def _outline(self) -> QRectF | None:
        if not 0 <= self._outlined < len(self._boxes):
            return None
        left, top, right, bottom = self._boxes[self._outlined]
        gap = _OUTLINE_GAP
        return QRectF(left, top, right - left, bottom - top).adjusted(-gap, -gap, gap, gap)

    # The pen

    def _put_down(self, pen: _Pen, position: QPointF, pressure: float = 0.5) -> None:
        self._set_hovered(-1)
        self._pen = pen
        if self._drawing.is_empty:
            self.update()  # the hint goes
        self._add_point(PenPoint(position.x(), position.y(), pressure))

    def _move(self, position: QPointF, pressure: float = 0.5) -> None:
        last = self._points[-1]
        step = QPointF(position.x() - last.x, position.y() - last.y)
        if step.manhattanLength() >= _LEAST_STEP:
            self._add_point(PenPoint(position.x(), position.y(), pressure))

    def _add_point(self, point: PenPoint) -> None:
        self._points.append(point)
        self.update(dirty_area(self._points).toAlignedRect())
        self.pen_moved.emit()

    def _lift(self) -> None:
        stroke = Stroke(tuple(self._points))
        self._points = []
        self._pen = _Pen.NONE
        self._drawing.add(stroke)
        self.drawn.emit(stroke)

    def _add_stroke(self, stroke: Stroke) -> None:
        self._ink.add(stroke, QColor(theme().tokens.ink))
        self.update()

    # Events

    def event(self, event: QEvent) -> bool:
        # A touch pad moves the pointer, and only a touch screen is drawn on.
        screen = QInputDevice.DeviceType.TouchScreen
        if isinstance(event, QTouchEvent) and event.pointingDevice().type() == screen:
            event.accept()
            self._touch(event)
            return True
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._repaint_all()
        elif event.type() == QEvent.Type.Leave:
            self._set_hovered(-1)
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Who came here with the pen knows where they are; who came by keys must see it.
        self._focus_is_shown = event.reason() in _BY_KEYS
        super().focusInEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._pen is _Pen.NONE:
            self._put_down(_Pen.MOUSE, event.position())
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pen is _Pen.MOUSE:
            if event.buttons() & Qt.MouseButton.LeftButton:
                self._move(event.position())
            else:
                self._lift()  # the button was released where no window was told
        elif not event.buttons():
            self._set_hovered(self._character_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._pen is _Pen.MOUSE:
            self._move(event.position())
            self._lift()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self._character_at(QPointF(event.pos()))
        if index >= 0 and not self.is_drawing:
            self.menu_wanted.emit(index, event.globalPos())

    def hideEvent(self, event: QHideEvent) -> None:
        # Whoever leaves the view by a shortcut in the middle of a stroke keeps what there is.
        if self.is_drawing:
            self._lift()

    def tabletEvent(self, event: QTabletEvent) -> None:
        # Accepted, or Qt would repeat the event as one of the mouse.
        event.accept()
        kind, pressure = event.type(), self._pressure(event)
        if kind == QEvent.Type.TabletPress and self._pen is _Pen.NONE:
            self._put_down(_Pen.STYLUS, event.position(), pressure)
        elif kind == QEvent.Type.TabletMove and self._pen is _Pen.STYLUS:
            self._move(event.position(), pressure)
        elif kind == QEvent.Type.TabletRelease and self._pen is _Pen.STYLUS:
            self._lift()

    @staticmethod
    def _pressure(event: QTabletEvent) -> float:
        measures = QPointingDevice.Capability.Pressure in event.pointingDevice().capabilities()
        return event.pressure() if measures else 0.5

    def _touch(self, event: QTouchEvent) -> None:
        if event.type() == QEvent.Type.TouchCancel:
            if self._pen is _Pen.FINGER:
                self.cancel_stroke()
            return
        for point in _points_of(event):
            state = point.state()
            if state == QEventPoint.State.Pressed and self._pen is _Pen.NONE:
                self._finger = point.id()
                self._put_down(_Pen.FINGER, point.position())
            elif point.id() == self._finger and self._pen is _Pen.FINGER:
                if state == QEventPoint.State.Updated:
                    self._move(point.position())
                elif state == QEventPoint.State.Released:
                    self._lift()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._repaint_all()

    def _character_at(self, position: QPointF) -> int:
        gap = _OUTLINE_GAP
        for index, (left, top, right, bottom) in enumerate(self._boxes):
            box = QRectF(left, top, right - left, bottom - top)
            if box.adjusted(-gap, -gap, gap, gap).contains(position):
                return index
        return -1

    def _set_hovered(self, index: int) -> None:
        if index != self._hovered:
            self._hovered = index
            self.hovered.emit(index)

    # Painting

    def _repaint_all(self) -> None:
        colour = QColor(theme().tokens.ink)
        self._ink.reset(self.size(), self.devicePixelRatio(), self._drawing.strokes, colour)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_paper(painter)
        if self._drawing.is_empty and not self._points:
            self._paint_hint(painter)
        self._ink.paint(painter, event.rect())
        paint_points(painter, self._points, QColor(tokens.ink), QRectF(event.rect()))
        outline = self._outline()
        if outline is not None:
            pen = QPen(QColor(tokens.accent), 1.5, Qt.PenStyle.DashLine)
            pen.setDashPattern([3.0, 3.0])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(outline, tokens.radius, tokens.radius)

    def _paint_paper(self, painter: QPainter) -> None:
        tokens = theme().tokens
        focused = self.hasFocus() and self._focus_is_shown
        width = 2.0 if focused else 1.0
        inset = width / 2
        sheet = QPainterPath()
        sheet.addRoundedRect(
            QRectF(self.rect()).adjusted(inset, inset, -inset, -inset),
            tokens.radius,
            tokens.radius,
        )
        painter.setPen(QPen(QColor(tokens.accent if focused else tokens.border), width))
        painter.setBrush(QColor(tokens.surface))
        painter.drawPath(sheet)

    def _paint_hint(self, painter: QPainter) -> None:
        tokens = theme().tokens
        line = QRect(self.width() // 6, round(self.height() * 0.62), self.width() * 2 // 3, 1)
        painter.fillRect(line, QColor(tokens.border))
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.6)
        painter.setFont(font)
        painter.setPen(QColor(tokens.text_muted))
        above = QRect(0, 0, self.width(), line.top() - 16)
        painter.drawText(
            above, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, self._hint
        )
        painter.setFont(self.font())
        below = QRect(8, line.top() + 16, self.width() - 16, self.height() - line.top() - 16)
        painter.drawText(
            below,
            Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap,
            self._advice,
        )


def _points_of(event: QPointerEvent) -> list[QEventPoint]:
    return [event.point(index) for index in range(event.pointCount())]
