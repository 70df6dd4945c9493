"""An open page: its image on the left, its text on the right, each selecting the other."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from handwrite_gui.page.canvas import PageCanvas
from handwrite_gui.page.document import OpenDocument
from handwrite_gui.page.legend import Legend
from handwrite_gui.page.overlay import Overlay
from handwrite_gui.page.reading import Page
from handwrite_gui.page.shown_page import ShownPage
from handwrite_gui.page.side_panel import SidePanel
from handwrite_gui.page.text_map import CharacterRange
from handwrite_gui.page.viewport import Viewport
from handwrite_gui.theme import theme
from handwrite_gui.widgets.elided_label import ElidedLabel

TEXT_WIDTH = 380
SMALLEST_TEXT_WIDTH = 280
SIZE_SHOWN_FROM = 900
"""Width of the view from which the head says how large the image is."""


class Workspace(QWidget):
    """Shows one page.

    Signals:
        selection_changed(CharacterRange | None): other characters are selected.
        undo_changed(): what can be undone, done again or saved is other than before.
    """

    selection_changed = Signal(object)
    undo_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page: Page | None = None
        self._overlay: Overlay | None = None
        self._as_seen = False
        self.canvas = PageCanvas()
        self.panel = SidePanel()
        self._title = ElidedLabel()
        self._title.setProperty("role", "heading")
        self._size = QLabel()
        self._size.setProperty("role", "muted")
        self._zoom = QLabel()
        self._zoom.setProperty("role", "muted")
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._zoom.setFixedWidth(self._zoom.fontMetrics().horizontalAdvance("3200 %") + 4)
        self._zoom.setAccessibleName("Zoom")
        spacing = theme().tokens.spacing
        self._head = QHBoxLayout()
        self._head.setSpacing(spacing)
        self._head.addWidget(self._title, 1)
        self._head.addWidget(self._size)
        self._head.addSpacing(spacing)
        self._tools = QHBoxLayout()
        self._tools.setSpacing(spacing // 2)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(spacing // 2)
        self._foot.addWidget(Legend())
        self._foot.addStretch(1)
        self._foot.addWidget(self._zoom)
        image_side = QWidget()
        column = QVBoxLayout(image_side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing // 2)
        column.addLayout(self._tools)
        column.addWidget(self.canvas, 1)
        column.addLayout(self._foot)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(2 * spacing)
        self.splitter.addWidget(image_side)
        self.splitter.addWidget(self.panel)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.panel.setMinimumWidth(SMALLEST_TEXT_WIDTH)
        self.splitter.setSizes([10 * TEXT_WIDTH, TEXT_WIDTH])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * spacing, spacing, 2 * spacing, spacing)
        layout.setSpacing(spacing)
        layout.addLayout(self._head)
        layout.addWidget(self.splitter, 1)
        self.canvas.selection_changed.connect(self._selected_on_image)
        self.canvas.zoom_changed.connect(self._show_zoom)
        self.panel.selection_changed.connect(self._selected_in_text)
        self.panel.card.label_field.left.connect(self.canvas.setFocus)

    def add_to_head(self, *tools: QWidget) -> None:
        """Add to the right end of the line above the page."""
        for tool in tools:
            self._head.addWidget(tool)

    def add_tools(self, left: list[QWidget], right: list[QWidget]) -> None:
        """Fill the line of tools above the image."""
        for tool in left:
            self._tools.addWidget(tool)
        self._tools.addStretch(1)
        for tool in right:
            self._tools.addWidget(tool)

    def add_to_foot(self, *buttons: QWidget) -> None:
        """Add to the right end of the line below the image, after the zoom."""
        for button in buttons:
            self._foot.addWidget(button)

    @property
    def page(self) -> Page | None:
        return self._page

    @property
    def overlay(self) -> Overlay | None:
        """The characters of the page; None while it was not read."""
        return self._overlay

    def show_page(self, page: Page, waiting_for: str, viewport: Viewport | None = None) -> None:
        """Show a page.

        Args:
            waiting_for: what stands in place of the text while there is no reading.
            viewport: how the image was seen before, where it is shown again.
        """
        same_image = self._page is not None and self._page.image is page.image
        self._follow(page.document)
        self._page = page
        if not same_image:
            self.canvas.show_image(page.image, viewport)
        self.canvas.show_region(page.framing.region)
        self._show_reading(waiting_for)
        self._title.set_full_text(page.image.name)
        width, height = page.image.size
        self._size.setText(f"{width} × {height}")
        self.selection_changed.emit(None)

    def _follow(self, document: OpenDocument) -> None:
        before = None if self._page is None else self._page.document
        if document is before:
            return
        if before is not None:
            before.changed.disconnect(self._refresh)
            before.undo_changed.disconnect(self.undo_changed)
        document.changed.connect(self._refresh)
        document.undo_changed.connect(self.undo_changed)

    def set_as_seen(self, as_seen: bool) -> None:
        """Show what the network saw in each shape alone, or what was inferred from all of it."""
        if as_seen != self._as_seen:
            self._as_seen = as_seen
            self._refresh()

    def select(self, selection: CharacterRange | None) -> None:
        """Select characters in the image and in the text."""
        self.canvas.select(selection)
        self.panel.select(selection)
        self.selection_changed.emit(selection)

    @property
    def place(self) -> float | None:
        """Where one is in the text: the character that is selected, or between two a half."""
        selection = self.canvas.selection
        if selection is None:
            return None
        return selection.first - 0.5 if self.panel.text_pane.has_bare_caret else selection.first

    # Following the document

    def _refresh(self) -> None:
        """Show the writing as it has become; the same characters stay selected."""
        if self._overlay is None:
            return
        selection = self.canvas.selection
        was_in_card = self.panel.card.isAncestorOf(QApplication.focusWidget() or self)
        self._show_reading("", before=self._overlay)
        self.select(_within(selection, len(self._overlay.text.characters)))
        if was_in_card:  # its label was taken: one goes on to the next character
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_reading(self, waiting_for: str, before: Overlay | None = None) -> None:
        page = self._page
        if page is None:
            return
        writing, ahead = page.document.writing, page.document.overlay_ahead
        if page.reading is None:
            self._overlay = None
        elif ahead is not None and ahead.shown.is_of(writing, page.turn, as_seen=self._as_seen):
            self._overlay = ahead
        else:
            shown = ShownPage.of(writing, page.turn, as_seen=self._as_seen)
            # What follows from the places need not be found again where only labels changed.
            same = before is not None and shown.has_same_places(before.shown)
            self._overlay = Overlay(shown, before if same else None)
        self.canvas.show_overlay(self._overlay)
        self.panel.show_page(page, self._overlay, waiting_for)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The name is worth more than the size where there is no room for both.
        self._size.setVisible(event.size().width() >= SIZE_SHOWN_FROM)

    def _selected_on_image(self, selection: CharacterRange | None) -> None:
        self.panel.select(selection)
        self.selection_changed.emit(selection)

    def _selected_in_text(self, selection: CharacterRange | None) -> None:
        self.canvas.select(selection)
        self.selection_changed.emit(selection)

    def _show_zoom(self) -> None:
        self._zoom.setText(f"{100 * self.canvas.zoom:.0f} %")


def _within(selection: CharacterRange | None, count: int) -> CharacterRange | None:
    """A selection where there may be fewer characters than before."""
    if selection is None or selection.first >= count:
        return None
    return CharacterRange(selection.first, min(selection.last, count - 1))
