"""The text of a page beside its image."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontDatabase,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from handwrite_gui.page.confidence import Confidence, confidence_of
from handwrite_gui.page.overlay import confidence_colours
from handwrite_gui.page.text_map import CharacterRange, TextMap
from handwrite_gui.theme import theme

ENLARGED = 1.25
"""Size of the text against the program's own."""

UNDERLINES = {
    Confidence.MEDIUM: QTextCharFormat.UnderlineStyle.DashUnderline,
    Confidence.LOW: QTextCharFormat.UnderlineStyle.WaveUnderline,
}


class TextPane(QPlainTextEdit):
    """Shows the text that was read, a line for a line of the page; not to be edited.

    Characters that are not sure are underlined.  The caret and the selection stand for
    characters of the page.

    Signals:
        selection_changed(CharacterRange | None): the person moved the caret or selected here.
    """

    selection_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text: TextMap | None = None
        self._selection: CharacterRange | None = None
        self.setReadOnly(True)
        # Read-only text has no caret by default; here the caret points at the page.
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self.setAccessibleName("Text of the page")
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(self.font().pointSizeF() * ENLARGED)
        self.setFont(font)
        self.document().setDocumentMargin(theme().tokens.spacing)
        self.cursorPositionChanged.connect(self._report)
        self.selectionChanged.connect(self._report)
        theme().changed.connect(self._mark)

    def show_text(self, text: TextMap | None) -> None:
        """Show another text, with nothing selected."""
        with QSignalBlocker(self):
            self._text = text
            self.setPlainText("" if text is None else text.text)
            self.select(None)
            self._mark()

    def select(self, selection: CharacterRange | None) -> None:
        """Select characters and scroll to them; emits nothing."""
        with QSignalBlocker(self):
            self._selection = selection
            cursor = self.textCursor()
            if selection is None or self._text is None:
                cursor.clearSelection()
            else:
                start, end = self._text.span(selection)
                cursor.setPosition(start)
                cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            self.setTextCursor(cursor)
            self._highlight_caret()
        self.viewport().update()

    def _report(self) -> None:
        if self._text is None:
            return
        cursor = self.textCursor()
        if cursor.hasSelection():
            selection = self._text.in_selection(cursor.selectionStart(), cursor.selectionEnd())
        else:
            index = self._text.at_caret(cursor.position())
            selection = None if index is None else CharacterRange(index, index)
        if selection != self._selection:
            self._selection = selection
            self.selection_changed.emit(selection)
        self._highlight_caret()

    def _highlight_caret(self) -> None:
        """Show which character the caret stands for; a selection shows itself."""
        marks: list[QTextEdit.ExtraSelection] = []
        if self._selection is not None and self._text is not None:
            cursor = self.textCursor()
            if not cursor.hasSelection():
                start, end = self._text.span(self._selection)
                cursor.setPosition(start)
                cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
                mark = QTextEdit.ExtraSelection()
                mark.cursor = cursor
                mark.format.setBackground(QColor(theme().tokens.accent_soft))
                marks.append(mark)
        self.setExtraSelections(marks)

    def _mark(self) -> None:
        """Underline what is not sure, in the theme's colours."""
        if self._text is None:
            return
        colours = confidence_colours(theme().tokens)
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for index, character in enumerate(self._text.characters):
            confidence = confidence_of(character.probability)
            if confidence is Confidence.HIGH:
                continue
            cursor.setPosition(self._text.starts[index])
            cursor.setPosition(self._text.ends[index], QTextCursor.MoveMode.KeepAnchor)
            style = QTextCharFormat()
            style.setUnderlineStyle(UNDERLINES[confidence])
            style.setUnderlineColor(colours[confidence])
            cursor.mergeCharFormat(style)
        cursor.endEditBlock()
        self._highlight_caret()
