"""A picture that can be zoomed and moved with every device there is."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QGestureEvent, QPinchGesture, QSizePolicy, QWidget

from handwrite_gui.page.hit_testing import Bounds
from handwrite_gui.page.page_image import PageImage, ScreenImage
from handwrite_gui.page.viewport import Viewport
from handwrite_gui.theme import theme

ZOOM_STEP = 1.25
WHEEL_NOTCH = 120.0
"""Eighths of a degree in one notch of a mouse wheel."""
SMOOTH_UP_TO = 3.0
"""Screen pixels per image pixel beyond which the image's pixels are shown as the squares they
are."""

ZOOM_IN_KEYS = (Qt.Key.Key_Plus, Qt.Key.Key_Equal)
ZOOM_OUT_KEYS = (Qt.Key.Key_Minus,)

KEYBOARD_REASONS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class _Press(Enum):
    """What the mouse button that is held down does."""

    NOTHING = 0
    CLICKING = 1
    PANNING = 2


class ImageCanvas(QWidget):
    """Shows one image.

    The wheel zooms to the pointer, a touchpad scrolls, a pinch zooms; dragging, or the middle
    button, moves the image, and so does dragging with the space bar held, which never clicks.

    Signals:
        zoom_changed(): another zoom, place or image.
    """

    zoom_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: PageImage | None = None
        self._viewport = Viewport((1, 1), (1, 1))
        self._follows_fit = True
        self._press = _Press.NOTHING
        self._press_position = QPointF()
        self._space_held = False
        self._focus_shown = False
        self._backdrop: QPixmap | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.grabGesture(Qt.GestureType.PinchGesture)
        theme().changed.connect(self._repaint_all)

    # What is shown, and how large

    @property
    def image(self) -> PageImage | None:
        return self._image

    def show_image(self, image: PageImage | None, viewport: Viewport | None = None) -> None:
        """Show another image: fitted, or as a viewport kept from before says."""
        self._image = image
        if image is not None:
            self._viewport = Viewport(image.size, (max(1, self.width()), max(1, self.height())))
            self._follows_fit = viewport is None or viewport.image != image.size
            if viewport is not None and not self._follows_fit:
                self._viewport = viewport.resized(self._viewport.view)
        self._viewport_changed()

    @property
    def viewport(self) -> Viewport:
        return self._viewport

    @property
    def kept_viewport(self) -> Viewport | None:
        """The viewport that the person chose; None while the image is simply fitted."""
        return None if self._follows_fit else self._viewport

    @property
    def zoom(self) -> float:
        """Screen pixels per image pixel; 1 is called 100 %."""
        return self._viewport.scale * self.devicePixelRatioF()

    @property
    def is_space_held(self) -> bool:
        """Whether dragging moves the image whatever it is dragged by."""
        return self._space_held

    def zoom_in(self) -> None:
        self.zoom_by(ZOOM_STEP, self._zoom_point())

    def zoom_out(self) -> None:
        self.zoom_by(1 / ZOOM_STEP, self._zoom_point())

    def zoom_by(self, factor: float, at: QPointF) -> None:
        """Zoom; the point of the image under ``at`` stays where it is."""
        self._move_to(self._viewport.zoomed(factor, (at.x(), at.y())))

    def show_actual_size(self) -> None:
        """One screen pixel for one pixel of the image."""
        at = self._zoom_point()
        scale = 1 / self.devicePixelRatioF()
        self._move_to(self._viewport.scaled_to(scale, (at.x(), at.y())))

    def fit(self) -> None:
        """Show all of the image, also when the widget changes its size later."""
        self._follows_fit = True
        self._viewport_changed()

    def _zoom_point(self) -> QPointF:
        """Where the keyboard zooms to: the pointer if it is over the image, else the middle."""
        pointer = QPointF(self.mapFromGlobal(self.cursor().pos()))
        if self.underMouse() and self.rect().contains(pointer.toPoint()):
            return pointer
        return QPointF(self.width() / 2, self.height() / 2)

    def _move_to(self, viewport: Viewport) -> None:
        if self._image is not None and viewport != self._viewport:
            self._follows_fit = False
            self._viewport = viewport
            self._viewport_changed()

    def _viewport_changed(self) -> None:
        if self._follows_fit and self._image is not None:
            self._viewport = self._viewport.fitted()
        self._repaint_all()
        self.zoom_changed.emit()

    def _repaint_all(self) -> None:
        self._backdrop = None
        self.update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        if self._backdrop is None or self._backdrop.devicePixelRatio() != ratio:
            self._backdrop = self._paint_backdrop(ratio)
        painter.drawPixmap(0, 0, self._backdrop)
        exposed = QRectF(event.rect())
        self.paint_over(
            painter, Bounds(exposed.left(), exposed.top(), exposed.right(), exposed.bottom())
        )
        if self._focus_shown:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(theme().tokens.accent))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def backdrop(self, image: PageImage) -> ScreenImage:
        """For subclasses that show another picture in the image's place."""
        return image.screen

    def paint_over(self, painter: QPainter, exposed: Bounds) -> None:
        """For what subclasses draw over the image, in the part of the view that is exposed."""

    def _paint_backdrop(self, ratio: float) -> QPixmap:
        """The image as it lies in the view, kept so that hovering need not scale it again."""
        backdrop = QPixmap(self.size() * ratio)
        backdrop.setDevicePixelRatio(ratio)
        backdrop.fill(QColor(theme().tokens.surface_raised))
        if self._image is None:
            return backdrop
        visible = self._viewport.visible
        left, top = self._viewport.to_view((visible.left, visible.top))
        scale = self._viewport.scale
        painter = QPainter(backdrop)
        painter.setRenderHint(
            QPainter.RenderHint.SmoothPixmapTransform, scale * ratio <= SMOOTH_UP_TO
        )
        self.backdrop(self._image).draw(
            painter,
            QRectF(left, top, visible.width * scale, visible.height * scale),
            QRectF(visible.left, visible.top, visible.width, visible.height),
            scale * ratio,
        )
        painter.end()
        return backdrop

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._viewport = self._viewport.resized((max(1, self.width()), max(1, self.height())))
        self._viewport_changed()

    def sizeHint(self) -> QSize:
        return QSize(800, 600)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 160)

    # Pointer

    def clicked_at(self, position: QPointF, *, extend: bool) -> None:
        """For subclasses: a click that did not move the image; ``extend`` with Shift held."""

    def hovered_at(self, position: QPointF | None) -> None:
        """For subclasses: the pointer moved with no button held, or left (None)."""

    def idle_pointer(self) -> Qt.CursorShape:
        """For subclasses: the pointer's shape while it moves nothing."""
        return Qt.CursorShape.ArrowCursor

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._press_position = event.position()
        left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (left and self._space_held):
            self._press = _Press.PANNING
        elif left:
            self._press = _Press.CLICKING
        self.show_pointer()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        moved = event.position() - self._press_position
        far = moved.manhattanLength() >= QApplication.startDragDistance()
        if self._press is _Press.CLICKING and far:
            self._press = _Press.PANNING
            self.show_pointer()
        if self._press is _Press.PANNING:
            self._press_position = event.position()
            self._move_to(self._viewport.panned(moved.x(), moved.y()))
        elif self._press is _Press.NOTHING:
            self.hovered_at(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        press, self._press = self._press, _Press.NOTHING
        self.show_pointer()
        if press is _Press.CLICKING:
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.clicked_at(event.position(), extend=extend)

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered_at(None)
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        pixels, angle = event.pixelDelta(), event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._move_to(self._viewport.panned(angle.y() or angle.x(), 0))
        elif _from_touchpad(event) and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            moved = angle if pixels.isNull() else pixels
            self._move_to(self._viewport.panned(moved.x(), moved.y()))
        else:
            notches = (angle.y() or angle.x()) / WHEEL_NOTCH  # some systems turn it with Alt held
            self.zoom_by(ZOOM_STEP**notches, event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom_by(1 + event.value(), event.position())
                return True
        elif isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self._pinch(pinch)
                event.accept(pinch)
                return True
        return super().event(event)

    def _pinch(self, pinch: QPinchGesture) -> None:
        self._press = _Press.NOTHING  # the first finger's press must not click
        moved = pinch.centerPoint() - pinch.lastCenterPoint()
        self._move_to(self._viewport.panned(moved.x(), moved.y()))
        self.zoom_by(pinch.scaleFactor(), QPointF(self.mapFromGlobal(pinch.centerPoint())))

    def show_pointer(self) -> None:
        """Give the pointer the shape of what it does."""
        if self._press is _Press.PANNING:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._space_held:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.setCursor(self.idle_pointer())

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self._hold_space(True, event)
        elif event.key() in ZOOM_IN_KEYS:
            self.zoom_in()
        elif event.key() in ZOOM_OUT_KEYS:
            self.zoom_out()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self._hold_space(False, event)
        else:
            super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # Whoever clicked here knows where the keys go; whoever used the keys must see it.
        self._focus_shown = event.reason() in KEYBOARD_REASONS
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._focus_shown = self._space_held = False
        self.update()

    def _hold_space(self, held: bool, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self._space_held = held
            self.show_pointer()


def _from_touchpad(event: QWheelEvent) -> bool:
    """Whether two fingers on a touchpad scrolled, and not a wheel."""
    if event.device().type() == QInputDevice.DeviceType.TouchPad:
        return True
    # Where the system does not tell devices apart, only a touchpad's scrolling has phases.
    return event.phase() != Qt.ScrollPhase.NoScrollPhase and not event.pixelDelta().isNull()
