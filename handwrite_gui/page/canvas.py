"""The picture of a page with what was read over it; characters are looked at and picked here."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from handwrite_gui.engine.page.result import Point, Quad
from handwrite_gui.page.box_drag import (
    BoxDrag,
    CutDrag,
    held,
    paint_drag,
    paint_handles,
    reshaped,
)
from handwrite_gui.page.character_text import describe_selection, tool_tip
from handwrite_gui.page.display import Display
from handwrite_gui.page.hit_testing import Bounds, Direction, neighbour
from handwrite_gui.page.image_canvas import ZOOM_IN_KEYS, ZOOM_OUT_KEYS, ImageCanvas
from handwrite_gui.page.overlay import REACH, Overlay, OverlayStyle
from handwrite_gui.page.page_image import PageImage, ScreenImage
from handwrite_gui.page.region import Grip
from handwrite_gui.page.region_editor import (
    POINTERS,
    SLACK,
    STEPS,
    RegionEditor,
    paint_region,
)
from handwrite_gui.page.steps import Step
from handwrite_gui.page.text_map import CharacterRange
from handwrite_gui.page.viewport import Viewport
from handwrite_gui.theme import theme
from handwrite_gui.widgets.key_text import COMMAND_KEYS, typed_label

PICK_SLACK = 5.0
"""How far beside a character a click may land, in view pixels."""

REGION_HELP = (
    "Choosing the part to read: arrow keys move the rectangle, with Shift they change its size; "
    "Enter reads it, Escape leaves it."
)

ARROWS = {
    Qt.Key.Key_Left: Direction.BEFORE,
    Qt.Key.Key_Right: Direction.AFTER,
    Qt.Key.Key_Up: Direction.UP,
    Qt.Key.Key_Down: Direction.DOWN,
}


class PageCanvas(ImageCanvas):
    """Shows a page's image and, once it was read, its characters.

    A click picks a character, a double click its word, Shift extends to there; the arrow keys
    go from character to character, and a letter that is typed corrects the one selected.  While
    a region is chosen, the same devices drag its rectangle instead.  While boxes are edited,
    dragging moves and sizes the selected character's box, draws a new one on empty paper, and with
    Ctrl held cuts the character that it crosses.

    Signals:
        selection_changed(CharacterRange | None): the person picked characters here.
        typed(str): a character was typed while one is selected.
        confirmed(): Enter was pressed while characters are selected.
        region_chosen(Bounds): the person confirmed a region, in image pixels.
        region_left(): no region is being chosen any more.
        box_drawn(Quad): the person drew a box.
        box_reshaped(int, Quad): the person moved or sized a character's box.
        box_nudged(int, Quad): the same by keys, in small steps.
        cut_drawn(Point, Point): the person cut across the selected character.
    """

    selection_changed = Signal(object)
    typed = Signal(str)
    confirmed = Signal()
    region_chosen = Signal(object)
    region_left = Signal()
    box_drawn = Signal(object)
    box_reshaped = Signal(int, object)
    box_nudged = Signal(int, object)
    cut_drawn = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._overlay: Overlay | None = None
        self._selection: CharacterRange | None = None
        self._anchor = 0
        self._hovered: int | None = None
        self._display = Display()
        self._region: Bounds | None = None
        self._editor: RegionEditor | None = None
        self._edits_boxes = False
        self._drag: BoxDrag | CutDrag | None = None
        self._is_dragging = False
        self._step: Step | None = None
        self._style = OverlayStyle.of(theme().tokens)
        self.setAccessibleName("Page image")
        theme().changed.connect(self._restyle)

    def show_image(self, image: PageImage | None, viewport: Viewport | None = None) -> None:
        self.leave_region()
        self.show_overlay(None)
        self._step = None
        super().show_image(image, viewport)

    def show_overlay(self, overlay: Overlay | None) -> None:
        """Show what was read on the image, with nothing selected."""
        self._overlay = overlay
        self._hovered = None
        if not self._is_dragging:
            self._drag = None  # what came of it is shown now
        self.select(None)

    @property
    def selection(self) -> CharacterRange | None:
        return self._selection

    @property
    def hovered(self) -> int | None:
        """The character under the pointer."""
        return self._hovered

    def select(self, selection: CharacterRange | None) -> None:
        """Mark characters and bring them into the view; emits nothing."""
        self._selection = selection
        description = ""
        if selection is not None and self._overlay is not None:
            if self._anchor not in (selection.first, selection.last):
                self._anchor = selection.first
            self._move_to(self._viewport.revealing(self._overlay.bounds(selection)))
            description = describe_selection(self._overlay.shown, self._overlay.text, selection)
        self.setAccessibleDescription(description)
        self.update()

    def show_region(self, region: Bounds | None) -> None:
        """Veil what is not read; None where all of the image is."""
        self._region = region
        self.update()

    def show_step(self, step: Step | None) -> None:
        """Show a step of the reading in place of the photograph and over it."""
        self._step = step
        self._repaint_all()

    def backdrop(self, image: PageImage) -> ScreenImage:
        return image.screen if self._step is None else self._step.picture

    def set_display(self, display: Display) -> None:
        """Choose what of the reading is drawn."""
        self._display = display
        self.update()

    def paint_over(self, painter: QPainter, exposed: Bounds) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._region is not None and self._editor is None:
            paint_region(painter, self._viewport, self._region)
        if self._overlay is not None:
            self._paint_overlay(self._overlay, painter, exposed)
        if self._step is not None:
            self._step.paint(painter, self._viewport)
        quad = self._selected_quad()
        if self._edits_boxes and quad is not None and self._drag is None:
            paint_handles(painter, self._viewport, quad)
        if self._drag is not None:
            paint_drag(painter, self._viewport, self._drag)
        if self._editor is not None:
            self._editor.paint(painter, self._viewport)

    def _paint_overlay(self, overlay: Overlay, painter: QPainter, exposed: Bounds) -> None:
        if self._display.lines:
            overlay.paint_lines(painter, self._viewport, self._style, self.font())
        overlay.paint_marked(painter, self._viewport, self._style, self._selection, self._hovered)
        if self._display.boxes:
            overlay.paint_outlines(painter, self._viewport, self._style, exposed)
        if self._display.labels:
            overlay.paint_chips(
                painter, self._viewport, self._style, self.font(), self._selection, exposed
            )

    def _restyle(self) -> None:
        self._style = OverlayStyle.of(theme().tokens)
        self.update()

    # Choosing a region

    @property
    def is_choosing_region(self) -> bool:
        return self._editor is not None

    def choose_region(self) -> None:
        """Let the person drag a rectangle over the part to read."""
        if self._image is None or self._editor is not None:
            return
        start = self._region or self._inviting_region()
        self._choose(None)
        self._editor = RegionEditor(start, self._image.size)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setAccessibleDescription(REGION_HELP)
        self.show_pointer()
        self.update()

    def confirm_region(self) -> None:
        """Take the rectangle as it is."""
        if self._editor is not None:
            region = self._editor.region
            self.leave_region()
            self.region_chosen.emit(region)

    def leave_region(self) -> None:
        """Leave the region as it was."""
        if self._editor is not None:
            self._editor = None
            self.setAccessibleDescription("")
            self.show_pointer()
            self.update()
            self.region_left.emit()

    def _inviting_region(self) -> Bounds:
        """The middle of what is in view: a rectangle that one sees can be dragged."""
        visible = self._viewport.visible
        return visible.grown(-0.2 * min(visible.width, visible.height))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._editor is not None and self._drags_region(event):
            self._editor.press(event.position(), self._viewport)
        elif self._edits_boxes and self._drags_region(event) and self._begin_drag(event):
            self._press_position = event.position()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._editor is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._editor.move(event.position(), self._viewport)
            self.update()
        if self._is_dragging and self._drag is not None:
            self._drag = self._drag.to(self._point(event.position()))
            self.update()
            return
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._editor is not None:
            self._editor.release()
            self.update()
        if self._is_dragging:
            self._end_drag(event)
            return
        super().mouseReleaseEvent(event)

    def _drags_region(self, event: QMouseEvent) -> bool:
        return event.button() == Qt.MouseButton.LeftButton and not self.is_space_held

    def _region_key(self, editor: RegionEditor, event: QKeyEvent) -> bool:
        """Whether a key belongs to choosing a region, and was handled."""
        modifiers = event.modifiers()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.confirm_region()
        elif event.key() == Qt.Key.Key_Escape:
            self.leave_region()
        elif not editor.step(
            Qt.Key(event.key()),
            self._viewport,
            sizing=bool(modifiers & Qt.KeyboardModifier.ShiftModifier),
            fine=bool(modifiers & Qt.KeyboardModifier.ControlModifier),
        ):
            return False
        self.update()
        return True

    # Editing boxes

    @property
    def edits_boxes(self) -> bool:
        return self._edits_boxes

    def set_edits_boxes(self, edits: bool) -> None:
        """Let dragging edit boxes, or move the image."""
        self._edits_boxes = edits
        self._drag, self._is_dragging = None, False
        self.show_pointer()
        self.update()

    def _selected_quad(self) -> Quad | None:
        if self._overlay is None or self._selection is None or len(self._selection) > 1:
            return None
        return self._overlay.hits.quads[self._selection.first]

    def _point(self, position: QPointF) -> Point:
        return self._viewport.to_image((position.x(), position.y()))

    def _begin_drag(self, event: QMouseEvent) -> bool:
        """Whether something is dragged from there: a box, a new box, a cut."""
        if self._overlay is None:
            return False
        point = self._point(event.position())
        quad = self._selected_quad()
        grip = Grip.NONE if quad is None else held(quad, point, SLACK / self._viewport.scale)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._drag = CutDrag(point, point)
        elif grip is not Grip.NONE and self._selection is not None:
            self._drag = BoxDrag(point, point, self._selection.first, quad, grip)
        elif self._character_at(event.position()) is None:
            self._drag = BoxDrag(point, point)
        else:
            return False
        self._is_dragging = True
        return True

    def _end_drag(self, event: QMouseEvent) -> None:
        drag, self._is_dragging = self._drag, False
        moved = (event.position() - self._press_position).manhattanLength()
        if drag is None or moved < QApplication.startDragDistance():
            self._drag = None
            self.clicked_at(
                event.position(),
                extend=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier),
            )
        elif isinstance(drag, CutDrag):
            self._drag = None
            index = None if self._overlay is None else self._overlay.hits.at(drag.middle)
            if index is not None:
                self._pick(index, extend=False)
                self.cut_drawn.emit(drag.start, drag.end)
        elif not drag.is_box:
            self._drag = None
        elif drag.index is None:
            self.box_drawn.emit(drag.box)
        else:
            self.box_reshaped.emit(drag.index, drag.box)
        self.update()

    def _nudge(self, event: QKeyEvent) -> bool:
        """Whether a key moves the selected box, or with Shift its lower right corner."""
        quad = self._selected_quad()
        modifiers = event.modifiers()
        is_alt = bool(modifiers & Qt.KeyboardModifier.AltModifier)
        if not (self._edits_boxes and is_alt) or quad is None or self._selection is None:
            return False
        if event.key() not in STEPS:
            return False
        across, down = STEPS[Qt.Key(event.key())]
        step = max(1.0, 1 / self._viewport.scale)
        sizes = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        grip = Grip.RIGHT | Grip.BOTTOM if sizes else Grip.ALL
        self.box_nudged.emit(
            self._selection.first, reshaped(quad, grip, (across * step, down * step))
        )
        return True

    # Pointer

    def hovered_at(self, position: QPointF | None) -> None:
        if self._editor is not None:
            if position is not None:
                self.setCursor(self._editor.pointer(position, self._viewport))
            position = None
        quad = self._selected_quad() if self._edits_boxes else None
        if position is not None and quad is not None:
            grip = held(quad, self._point(position), SLACK / self._viewport.scale)
            self.setCursor(POINTERS.get(grip, self.idle_pointer()))
        index = None if position is None else self._character_at(position)
        if index != self._hovered:
            before, self._hovered = self._hovered, index
            self.show_pointer()
            for changed in (before, index):
                if changed is not None:
                    self.update(self._area(changed))

    def idle_pointer(self) -> Qt.CursorShape:
        if self._editor is not None:
            return Qt.CursorShape.CrossCursor
        if self._hovered is not None:
            return Qt.CursorShape.PointingHandCursor
        if self._edits_boxes:
            return Qt.CursorShape.CrossCursor
        return super().idle_pointer()

    def clicked_at(self, position: QPointF, *, extend: bool) -> None:
        if self._editor is None:
            self._pick(self._character_at(position), extend=extend)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._editor is not None:
            self.confirm_region()
            return
        index = self._character_at(event.position())
        if index is not None and self._overlay is not None:
            self._choose(self._overlay.text.word_at(index))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            self._show_tool_tip(event)
            return True
        return super().event(event)

    def _show_tool_tip(self, event: QHelpEvent) -> None:
        index = self._character_at(QPointF(event.pos()))
        if index is None or self._overlay is None or self._editor is not None:
            QToolTip.hideText()
            return
        text = tool_tip(self._overlay.shown, index)
        QToolTip.showText(event.globalPos(), text, self, self._area(index))

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._editor is not None:
            if not self._region_key(self._editor, event):
                super().keyPressEvent(event)
            return
        if self._nudge(event):
            return
        if event.key() == Qt.Key.Key_Escape and self._is_dragging:
            self._drag, self._is_dragging = None, False
            self.update()
            return
        selected = self._selection is not None and len(self._selection) == 1
        zooms = event.key() in (*ZOOM_IN_KEYS, *ZOOM_OUT_KEYS)
        if selected and not zooms and (label := typed_label(event)):
            self.typed.emit(label)
            return
        enters = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if self._selection is not None and enters and not event.modifiers() & COMMAND_KEYS:
            self.confirmed.emit()
            return
        direction = ARROWS.get(Qt.Key(event.key()))
        if direction is None or self._overlay is None or not self._overlay.text.characters:
            super().keyPressEvent(event)
        elif self._selection is None:
            self._pick(0, extend=False)
        else:
            # The end that moves is the one opposite to where the selection began.
            first, last = self._selection.first, self._selection.last
            end = first if self._anchor == last else last
            extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            there = neighbour(end, direction, self._overlay.text, self._overlay.hits)
            self._pick(there, extend=extend)

    # Picking

    def _character_at(self, position: QPointF) -> int | None:
        if self._overlay is None:
            return None
        point = self._viewport.to_image((position.x(), position.y()))
        return self._overlay.hits.at(point, PICK_SLACK / self._viewport.scale)

    def _area(self, index: int) -> QRect:
        """The part of the view that a character is drawn in, but for its label."""
        if self._overlay is None:
            return self.rect()
        left, top, right, bottom = self._overlay.hits.bounds[index]
        left, top = self._viewport.to_view((left, top))
        right, bottom = self._viewport.to_view((right, bottom))
        area = QRectF(left, top, right - left, bottom - top)
        return area.adjusted(-REACH, -REACH, REACH, REACH).toAlignedRect()

    def _pick(self, index: int | None, *, extend: bool) -> None:
        if index is None:
            self._choose(None)
        elif extend and self._selection is not None:
            self._choose(CharacterRange.between(self._anchor, index))
        else:
            self._anchor = index
            self._choose(CharacterRange(index, index))

    def _choose(self, selection: CharacterRange | None) -> None:
        self.select(selection)
        self.selection_changed.emit(selection)
