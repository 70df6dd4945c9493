"""The text of a page beside its image."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from handwrite_gui.page.confidence import Confidence, confidence_of
from handwrite_gui.page.overlay import confidence_colours, decided_colours
from handwrite_gui.page.shown_page import Decided
from handwrite_gui.page.text_map import CharacterRange, TextMap, python_length, utf16_length
from handwrite_gui.theme import theme
from handwrite_gui.widgets.key_text import COMMAND_KEYS, typed_label

ENLARGED = 1.25
"""Size of the text against the program's own."""

UNDERLINES = {
    Confidence.MEDIUM: QTextCharFormat.UnderlineStyle.DashUnderline,
    Confidence.LOW: QTextCharFormat.UnderlineStyle.WaveUnderline,
}


class TextPane(QPlainTextEdit):
    """Shows the text that was read, a line for a line of the page, and lets it be edited.

    It asks for edits and shows what comes of them: the text is that of the document, and nothing
    is typed into it directly.

    Characters that are not sure are underlined, those that their surroundings decided about are
    slanted, and those that the person corrected are bold, each in a colour of its own.  The caret
    and the selection stand for characters of the page.

    Signals:
        selection_changed(CharacterRange | None): the person moved the caret or selected here.
        edited(int, int, str): the text from one offset to another is to be replaced; offsets as
            Python counts them.
    """

    selection_changed = Signal(object)
    edited = Signal(int, int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text: TextMap | None = None
        self._decided: tuple[Decided, ...] = ()
        self._selection: CharacterRange | None = None
        self._blank = ""
        self.setReadOnly(True)
        # Read-only text has no caret by default; here the caret points at the page.
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
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

    def show_text(self, text: TextMap | None, decided: tuple[Decided, ...] = ()) -> None:
        """Show another text, with nothing selected.

        Args:
            decided: by what each of its characters was decided.
        """
        if text is not None and text is self._text and decided is self._decided:
            self.select(None)  # the very same: nothing needs to be laid out again
            return
        with QSignalBlocker(self):
            self._text, self._decided = text, decided
            across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
            # Else new text would look like the character that the caret was at.
            self.setCurrentCharFormat(QTextCharFormat())
            self.setPlainText("" if text is None else text.text)
            self.select(None)
            self._mark()
            # One letter was corrected, or the page was read once more: one reads on where one was.
            self.horizontalScrollBar().setValue(across)
            self.verticalScrollBar().setValue(down)

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

    def put_caret(self, offset: int) -> None:
        """Put the caret somewhere, with nothing selected, as after typing there.

        Args:
            offset: as Python counts.
        """
        if self._text is None:
            return
        cursor = self.textCursor()
        cursor.setPosition(utf16_length(self._text.text[: max(offset, 0)]))
        self.setTextCursor(cursor)
        self._report()

    @property
    def has_bare_caret(self) -> bool:
        """Whether the keys go here, to a caret between two characters."""
        return self.hasFocus() and not self.textCursor().hasSelection()

    def _report(self) -> None:
        self._blank = ""
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

    # Editing

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            # These keys edit the text here, whatever command they are elsewhere.
            if event.key() == Qt.Key.Key_Delete or event.matches(QKeySequence.StandardKey.Cut):
                event.accept()
                return True
            if event.matches(QKeySequence.StandardKey.Paste) and _text_on_clipboard():
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = QKeySequence.StandardKey
        letter = typed_label(event)
        if letter:
            self._type(letter)
        elif event.key() == Qt.Key.Key_Space and not event.modifiers() & COMMAND_KEYS:
            self._type(" ")
        elif event.matches(keys.InsertParagraphSeparator):
            self._type("\n")
        elif event.key() == Qt.Key.Key_Backspace and not event.modifiers() & COMMAND_KEYS:
            self._remove(QTextCursor.MoveOperation.PreviousCharacter)
        elif event.key() == Qt.Key.Key_Delete and not event.modifiers() & COMMAND_KEYS:
            self._remove(QTextCursor.MoveOperation.NextCharacter)
        elif event.matches(keys.Cut):
            self.copy()
            self._type("")
        elif event.matches(keys.Paste) and _text_on_clipboard():
            self._type(QGuiApplication.clipboard().text())
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if event.commitString():
            self._type(event.commitString())
        event.accept()

    def _type(self, text: str) -> None:
        """Ask for text in place of what is selected, or at the caret."""
        cursor = self.textCursor()
        if self._text is None or not (text or cursor.hasSelection()):
            return
        before, text = self._text.text, self._blank + text
        self._edit(cursor, text)
        if text.isspace() and self._text.text == before:
            self._blank = text  # at the end of a line it is none until something follows it

    def _remove(self, operation: QTextCursor.MoveOperation) -> None:
        """Ask for nothing in place of what is selected, or of what is beside the caret."""
        cursor = self.textCursor()
        if not cursor.hasSelection():
            cursor.movePosition(operation, QTextCursor.MoveMode.KeepAnchor)
        if cursor.hasSelection():
            self._edit(cursor, "")

    def _edit(self, cursor: QTextCursor, text: str) -> None:
        if self._text is None:
            return
        start, end = (
            python_length(self._text.text, offset)
            for offset in (cursor.selectionStart(), cursor.selectionEnd())
        )
        self.edited.emit(start, end, text)

    def _mark(self) -> None:
        """Mark what is not sure, and what not the shape alone decided, in the theme's colours."""
        if self._text is None:
            return
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for index, character in enumerate(self._text.characters):
            decided = self._decided[index] if self._decided else Decided.BY_SHAPE
            style = _style(confidence_of(character.probability), decided)
            if style is not None:
                cursor.setPosition(self._text.starts[index])
                cursor.setPosition(self._text.ends[index], QTextCursor.MoveMode.KeepAnchor)
                cursor.mergeCharFormat(style)
        cursor.endEditBlock()
        self._highlight_caret()


def _style(confidence: Confidence, decided: Decided) -> QTextCharFormat | None:
    """What a character looks like; None where it is plain."""
    if confidence is Confidence.HIGH and decided is Decided.BY_SHAPE:
        return None
    tokens = theme().tokens
    style = QTextCharFormat()
    if confidence is not Confidence.HIGH:
        style.setUnderlineStyle(UNDERLINES[confidence])
        style.setUnderlineColor(confidence_colours(tokens)[confidence])
    if decided is not Decided.BY_SHAPE:
        style.setForeground(decided_colours(tokens)[decided])
        style.setFontItalic(decided is Decided.BY_CONTEXT)
        if decided is Decided.BY_PERSON:
            style.setFontWeight(QFont.Weight.Bold)
    return style


def _text_on_clipboard() -> bool:
    """Whether there is text that can be pasted; a picture or a file is a page to be opened."""
    mime = QGuiApplication.clipboard().mimeData()
    return mime.hasText() and not mime.hasImage() and not mime.hasUrls()
