"""The panel beside the page's image: the text, what is known of it, and the selected character."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from handwrite_gui.icons import icon
from handwrite_gui.page.character_card import CharacterCard
from handwrite_gui.page.character_text import NO_WRITING, summary
from handwrite_gui.page.overlay import Overlay
from handwrite_gui.page.reading import Page
from handwrite_gui.page.text_map import CharacterRange
from handwrite_gui.page.text_pane import TextPane
from handwrite_gui.theme import theme


class OutdatedNotice(QFrame):
    """Says that the page was read with another model, or other options, than those in use.

    Signals:
        read_again_wanted(): the button was pressed.
    """

    read_again_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("outdatedNotice")
        text = QLabel("Read with other settings than now.")
        self.button = QPushButton(icon("refresh"), "Read again")
        self.button.clicked.connect(self.read_again_wanted)
        layout = QHBoxLayout(self)
        spacing = theme().tokens.spacing
        layout.setContentsMargins(int(1.5 * spacing), spacing, spacing, spacing)
        layout.addWidget(text, 1)
        layout.addWidget(self.button)
        self._restyle()
        theme().changed.connect(self._restyle)

    def _restyle(self) -> None:
        tokens = theme().tokens
        self.setStyleSheet(
            f"#outdatedNotice {{ background: {tokens.accent_soft};"
            f" border-radius: {tokens.radius}px; }}"
        )


class SidePanel(QWidget):
    """Text, summary and card of one page.

    Signals:
        selection_changed(CharacterRange | None): the person selected in the text.
        corrected(str): the person gave the selected character another label.
        withdrawn(): the person wants back what was read of it.
    """

    selection_changed = Signal(object)
    corrected = Signal(str)
    withdrawn = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page: Page | None = None
        self._overlay: Overlay | None = None
        spacing = theme().tokens.spacing
        heading = QLabel("Text")
        heading.setProperty("role", "heading")
        self.notice = OutdatedNotice()
        self.notice.hide()
        self.text_pane = TextPane()
        heading.setBuddy(self.text_pane)
        self.summary = QLabel()
        self.summary.setProperty("role", "muted")
        self.summary.setWordWrap(True)
        self.summary.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.card = CharacterCard()
        self._head = QHBoxLayout()
        self._head.setSpacing(spacing // 2)
        self._head.addWidget(heading, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(spacing)
        layout.addLayout(self._head)
        layout.addWidget(self.notice)
        layout.addWidget(self.text_pane, 1)
        layout.addWidget(self.summary)
        layout.addWidget(self.card)
        self.text_pane.selection_changed.connect(self._selected_in_text)
        self.card.corrected.connect(self.corrected)
        self.card.withdrawn.connect(self.withdrawn)

    def add_to_head(self, *buttons: QWidget) -> None:
        """Add beside the heading."""
        for button in buttons:
            self._head.addWidget(button)

    def show_page(self, page: Page, overlay: Overlay | None, waiting_for: str) -> None:
        """Show a page's reading; while there is none, what it waits for."""
        self._page, self._overlay = page, overlay
        if page.reading is None or overlay is None:
            self.text_pane.show_text(None)
            self.text_pane.setPlaceholderText(waiting_for)
            self.summary.setText("")
        else:
            self.text_pane.setPlaceholderText(NO_WRITING)
            self.text_pane.show_text(overlay.text, overlay.shown.decided)
            self.summary.setText(summary(overlay.shown, page.reading.seconds))
        self.card.show_selection(None, None, None)

    def select(self, selection: CharacterRange | None) -> None:
        """Select characters in the text and show their card; emits nothing."""
        self.text_pane.select(selection)
        self._show_card(selection)

    def _selected_in_text(self, selection: CharacterRange | None) -> None:
        self._show_card(selection)
        self.selection_changed.emit(selection)

    def _show_card(self, selection: CharacterRange | None) -> None:
        image = None if self._page is None else self._page.image
        self.card.show_selection(image, self._overlay, selection)
