"""The picture of a page with what was read over it; characters are looked at and picked here."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

from handwrite_gui.page.character_text import describe_selection, tool_tip
from handwrite_gui.page.hit_testing import Bounds, Direction, neighbour
from handwrite_gui.page.image_canvas import ImageCanvas
from handwrite_gui.page.overlay import REACH, Overlay, OverlayStyle
from handwrite_gui.page.page_image import PageImage
from handwrite_gui.page.text_map import CharacterRange
from handwrite_gui.page.viewport import Viewport
from handwrite_gui.theme import theme

PICK_SLACK = 5.0
"""How far beside a character a click may land, in view pixels."""

ARROWS = {
    Qt.Key.Key_Left: Direction.BEFORE,
    Qt.Key.Key_Right: Direction.AFTER,
    Qt.Key.Key_Up: Direction.UP,
    Qt.Key.Key_Down: Direction.DOWN,
}


class PageCanvas(ImageCanvas):
    """Shows a page's image and, once it was read, its characters.

    A click picks a character, a double click its word, Shift extends to there; the arrow keys
    go from character to character.

    Signals:
        selection_changed(CharacterRange | None): the person picked characters here.
    """

    selection_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._overlay: Overlay | None = None
        self._selection: CharacterRange | None = None
        self._anchor = 0
        self._hovered: int | None = None
        self._boxes_shown = True
        self._labels_shown = True
        self._style = OverlayStyle.of(theme().tokens)
        self.setAccessibleName("Page image")
        theme().changed.connect(self._restyle)

    def show_image(self, image: PageImage | None, viewport: Viewport | None = None) -> None:
        self.show_overlay(None)
        super().show_image(image, viewport)

    def show_overlay(self, overlay: Overlay | None) -> None:
        """Show what was read on the image, with nothing selected."""
        self._overlay = overlay
        self._hovered = None
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
            description = describe_selection(self._overlay.text, selection)
        self.setAccessibleDescription(description)
        self.update()

    def set_boxes_shown(self, shown: bool) -> None:
        self._boxes_shown = shown
        self.update()

    def set_labels_shown(self, shown: bool) -> None:
        self._labels_shown = shown
        self.update()

    def paint_over(self, painter: QPainter, exposed: Bounds) -> None:
        if self._overlay is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._overlay.paint_marked(
            painter, self._viewport, self._style, self._selection, self._hovered
        )
        if self._boxes_shown:
            self._overlay.paint_outlines(painter, self._viewport, self._style, exposed)
        if self._labels_shown:
            self._overlay.paint_chips(
                painter, self._viewport, self._style, self.font(), self._selection, exposed
            )

    def _restyle(self) -> None:
        self._style = OverlayStyle.of(theme().tokens)
        self.update()

    # Pointer

    def hovered_at(self, position: QPointF | None) -> None:
        index = None if position is None else self._character_at(position)
        if index != self._hovered:
            before, self._hovered = self._hovered, index
            self.show_pointer()
            for changed in (before, index):
                if changed is not None:
                    self.update(self._area(changed))

    def idle_pointer(self) -> Qt.CursorShape:
        if self._hovered is not None:
            return Qt.CursorShape.PointingHandCursor
        return super().idle_pointer()

    def clicked_at(self, position: QPointF, *, extend: bool) -> None:
        self._pick(self._character_at(position), extend=extend)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
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
        if index is None or self._overlay is None:
            QToolTip.hideText()
            return
        text = tool_tip(self._overlay.text.characters[index])
        QToolTip.showText(event.globalPos(), text, self, self._area(index))

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
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
