"""The Draw view: paper on the left, what is read from it on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSettings, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from handwrite_gui.commands import Command, CommandButton, refresh_buttons
from handwrite_gui.draw.canvas import DrawCanvas
from handwrite_gui.draw.drawing import Drawing
from handwrite_gui.draw.hand_samples import DrawnSamples
from handwrite_gui.draw.reading import DrawingReader
from handwrite_gui.draw.reading_panel import ReadingPanel
from handwrite_gui.draw.scratching import ScratchOuts
from handwrite_gui.draw.stroke import Stroke
from handwrite_gui.message_bar import explain
from handwrite_gui.model_store import ModelStore
from handwrite_gui.widgets.alphabet_chooser import AlphabetChooser

if TYPE_CHECKING:
    from handwrite_gui.engine.drawing.result import DrawingResult


_HINT = "Draw letters, words, lines"
_ADVICE = (
    "It is read while you draw. Leave a little room between letters, and scribble over what "
    "should go."
)


class DrawView(QWidget):
    """Reads what is drawn, while it is drawn.

    Signals:
        status_message(str): something worth a line in the status bar.
        error_message(str): something went wrong; one sentence fit to be shown.
        error_raised(object): an exception that ended the reading, to be explained.
        commands_changed(): other commands can be used now.
    """

    status_message = Signal(str)
    error_message = Signal(str)
    error_raised = Signal(object)
    commands_changed = Signal()

    def __init__(self, store: ModelStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._failure = ""
        self.drawing = Drawing(self)
        self.canvas = DrawCanvas(self.drawing, self, hint=_HINT, advice=_ADVICE)
        self.panel = ReadingPanel(self)
        self.reader = DrawingReader(
            store, lambda: self.canvas.strokes, self, said=self.drawing.said_groups
        )
        self.scratch_outs = ScratchOuts(self.drawing, self)
        self.samples = DrawnSamples(self.drawing, lambda: self.panel.text, self)
        self.alphabet_chooser = AlphabetChooser(store, self)
        self.alphabet_chooser.setToolTip("Which characters you draw; fewer are read more surely.")
        self._commands = self._make_commands()
        self._buttons = self._lay_out()
        self._result: DrawingResult | None = None
        self._read_strokes: tuple[Stroke, ...] = ()
        self._hovered = -1
        self._connect()
        self._follow_store()
        self.setFocusProxy(self.canvas)

    def _make_commands(self) -> list[Command]:
        drawing = self.drawing

        def something_drawn() -> bool:
            return not drawing.is_empty

        return [
            Command("draw.undo", "&Undo", self.undo, "Ctrl+Z", "undo", "Edit", "undo",
                    enabled=lambda: drawing.can_undo or self.canvas.is_drawing,
                    tip="Take back the last stroke, scratch-out or correction"),
            Command("draw.redo", "&Redo", drawing.redo, "Ctrl+Shift+Z; Ctrl+Y", "redo",
                    "Edit", "undo", enabled=lambda: drawing.can_redo,
                    tip="Do again what was taken back"),
            Command("draw.clear", "&Clear", drawing.clear, "Del", "clear", "Edit", "clear",
                    enabled=something_drawn, tip="Start with empty paper"),
            Command("draw.copy_text", "Copy &Text", self.copy_text, "Ctrl+C", "copy", "Edit",
                    "copy", enabled=lambda: bool(self.panel.text),
                    tip="Copy what was read, line breaks included"),
        ]  # fmt: skip

    def _lay_out(self) -> list[CommandButton]:
        undo, redo, clear, copy = (CommandButton(command, self) for command in self._commands)
        alphabet = QLabel("&Alphabet", self)
        alphabet.setProperty("role", "muted")
        alphabet.setBuddy(self.alphabet_chooser)
        tools = QHBoxLayout()
        tools.setSpacing(4)
        for button in (undo, redo, clear):
            tools.addWidget(button)
        tools.addStretch(1)
        tools.addWidget(alphabet)
        tools.addSpacing(8)
        tools.addWidget(self.alphabet_chooser)
        self.panel.head.addWidget(copy)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(tools)
        left.addWidget(self.canvas, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 16, 24, 24)
        row.setSpacing(24)
        row.addLayout(left, 1)
        row.addWidget(self.panel)
        return [undo, redo, clear, copy]

    def _connect(self) -> None:
        self.drawing.changed.connect(self._drawing_changed)
        self.drawing.undo_changed.connect(self.commands_changed)
        self.canvas.pen_moved.connect(self.reader.refresh)
        self.canvas.hovered.connect(self._hover)
        self.canvas.drawn.connect(self.scratch_outs.look_at)
        self.canvas.menu_wanted.connect(self._show_menu)
        self.scratch_outs.scratched.connect(self._tell_scratched)
        self.samples.kept.connect(self.status_message)
        self.samples.failed.connect(self.error_raised)
        self.panel.said.connect(self.say)
        self.panel.menu_wanted.connect(self._show_menu)
        self.panel.hovered.connect(self._hover)
        self.panel.selected.connect(lambda _: self._show_boxes())
        self.reader.read.connect(self._show_result)
        self.reader.failed.connect(self._show_failure)
        self.alphabet_chooser.failed.connect(self.error_message)
        self.commands_changed.connect(lambda: refresh_buttons(self._buttons))
        self._store.changed.connect(self._follow_store)
        self._store.loading_changed.connect(self._follow_store)

    # What the window asks of a view

    def commands(self) -> list[Command]:
        return self._commands

    def shutdown(self) -> None:
        """Give up the reading that is under way, keep samples, and wait until that has ended."""
        self.reader.shutdown()
        self.scratch_outs.shutdown()
        self.samples.shutdown()

    def save_state(self, settings: QSettings) -> None:
        """Nothing is kept: the drawing is for the moment."""

    def restore_state(self, settings: QSettings) -> None:
        """Nothing was kept."""

    # Commands

    def undo(self) -> None:
        """Take back the last stroke, or the one that is being drawn."""
        if self.canvas.is_drawing:
            self.canvas.cancel_stroke()
        else:
            self.drawing.undo()

    def copy_text(self) -> None:
        """Put what was read on the clipboard."""
        QGuiApplication.clipboard().setText(self.panel.text)
        self.status_message.emit(f"Copied “{' ⏎ '.join(self.panel.text.splitlines())}”")

    def say(self, index: int, label: str) -> None:
        """Let the person say which character one of those that were read is."""
        strokes = self._strokes_of(index)
        if not strokes:
            return
        recognizer = self._store.recognizer
        known = recognizer.classes if recognizer is not None else ()
        if label not in known and label.upper() in known:
            label = label.upper()  # with an alphabet of capitals nobody means the small letter
        self.panel.select(index)
        self.drawing.say(strokes, label)
        if not self.samples.has_profile:
            self.status_message.emit(
                f"It is {label}; with a profile in My Hand it would be learned, too"
            )

    def take_back(self, index: int) -> None:
        """Take back what the person said of a character."""
        self.drawing.say(self._strokes_of(index), "")

    def ask_for_label(self, index: int) -> None:
        """Let the person type which character it is."""
        self.panel.select(index)
        self.panel.label_field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _strokes_of(self, index: int) -> tuple[Stroke, ...]:
        """The strokes of a character that was read; none where they are not there any more."""
        if self._result is None or not 0 <= index < len(self._result.characters):
            return ()
        there = {id(stroke) for stroke in self.drawing.strokes}
        own = [self._read_strokes[place] for place in self._result.characters[index].strokes]
        return tuple(own) if all(id(stroke) in there for stroke in own) else ()

    def _show_menu(self, index: int, place: QPoint) -> None:
        """What a character may be, as a menu."""
        if self._strokes_of(index):
            menu = self.character_menu(index)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(place)

    def character_menu(self, index: int) -> QMenu:
        """The menu of a character: what it may be, and the rest that can be said of it."""
        assert self._result is not None
        self.panel.select(index)
        character = self._result.characters[index]
        menu = QMenu(self)
        for label, probability in character.predictions:
            text = label.replace("&", "&&")
            action = menu.addAction(f"{text}\t{probability:.1%}")
            action.setCheckable(True)
            action.setChecked(label == character.label)
            action.triggered.connect(lambda _, label=label: self.say(index, label))
        menu.addSeparator()
        menu.addAction("Another…", lambda: self.ask_for_label(index))
        back = menu.addAction("Take Back What You Said", lambda: self.take_back(index))
        back.setEnabled(character.is_said)
        return menu

    # Keeping the parts in step

    def _drawing_changed(self) -> None:
        self.commands_changed.emit()
        self.reader.refresh()

    def _follow_store(self) -> None:
        if self._store.recognizer is not None:
            notice = "What you draw is read here."
        elif self._store.is_loading:
            notice = "Loading the model…"
        else:
            notice = "There is no model to read with yet; open or train one."
        self.panel.word.show_placeholder(notice)

    def _tell_scratched(self, strokes: int) -> None:
        what, them = ("1 stroke", "it") if strokes == 1 else (f"{strokes} strokes", "them")
        self.status_message.emit(f"Scratched out {what}; Undo brings {them} back")

    def _show_result(self, result: DrawingResult | None) -> None:
        self._failure = ""
        had_text = bool(self.panel.text)
        strokes = self.reader.strokes_read
        # Another reading of the same strokes leaves the selection where it is.
        newest = len(strokes) - 1 if strokes != self._read_strokes else -1
        self._result, self._read_strokes = result, strokes
        self.panel.show_result(result, newest)
        self._show_boxes()
        text = self.panel.text
        self.canvas.setAccessibleDescription(f"Read as {text}" if text else "Nothing is drawn.")
        if bool(text) != had_text:
            self.commands_changed.emit()

    def _show_failure(self, error: Exception) -> None:
        # It would come thirty times a second while the pen moves.
        message = explain(error)[0]
        if message != self._failure:
            self._failure = message
            self.error_raised.emit(error)

    def _hover(self, index: int) -> None:
        self._hovered = index
        self._show_boxes()

    def _show_boxes(self) -> None:
        """Outline the character under the pointer, or the one of several that is selected."""
        characters = self._result.characters if self._result is not None else ()
        outlined = self._hovered
        if outlined < 0 and len(characters) > 1 and not self.canvas.is_drawing:
            outlined = self.panel.index
        self.canvas.show_boxes([character.box for character in characters], outlined)
