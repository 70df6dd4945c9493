"""An open page: its image on the left, its text on the right, each selecting the other."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from handwrite_gui.page.canvas import PageCanvas
from handwrite_gui.page.elided_label import ElidedLabel
from handwrite_gui.page.legend import Legend
from handwrite_gui.page.overlay import Overlay
from handwrite_gui.page.reading import Page
from handwrite_gui.page.side_panel import SidePanel
from handwrite_gui.page.text_map import CharacterRange
from handwrite_gui.page.viewport import Viewport
from handwrite_gui.theme import theme

TEXT_WIDTH = 380
SMALLEST_TEXT_WIDTH = 280


class Workspace(QWidget):
    """Shows one page.

    Signals:
        selection_changed(CharacterRange | None): other characters are selected.
    """

    selection_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page: Page | None = None
        self._overlay: Overlay | None = None
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
        self._foot = QHBoxLayout()
        self._foot.setSpacing(spacing // 2)
        self._foot.addWidget(Legend())
        self._foot.addStretch(1)
        self._foot.addWidget(self._zoom)
        image_side = QWidget()
        column = QVBoxLayout(image_side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing // 2)
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
        self.panel.selection_changed.connect(self._selected_in_text)
        self.canvas.zoom_changed.connect(self._show_zoom)

    def add_to_head(self, *tools: QWidget) -> None:
        """Add to the right end of the line above the page."""
        for tool in tools:
            self._head.addWidget(tool)

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
        self._page = page
        if not same_image:
            self.canvas.show_image(page.image, viewport)
        self._overlay = None if page.reading is None else Overlay(page.reading.result)
        self.canvas.show_overlay(self._overlay)
        self.panel.show_page(page, self._overlay, waiting_for)
        self._title.set_full_text(page.image.name)
        width, height = page.image.size
        self._size.setText(f"{width} × {height}")
        self.selection_changed.emit(None)

    def select(self, selection: CharacterRange | None) -> None:
        """Select characters in the image and in the text."""
        self.canvas.select(selection)
        self.panel.select(selection)
        self.selection_changed.emit(selection)

    def _selected_on_image(self, selection: CharacterRange | None) -> None:
        self.panel.select(selection)
        self.selection_changed.emit(selection)

    def _selected_in_text(self, selection: CharacterRange | None) -> None:
        self.canvas.select(selection)
        self.selection_changed.emit(selection)

    def _show_zoom(self) -> None:
        self._zoom.setText(f"{100 * self.canvas.zoom:.0f} %")
