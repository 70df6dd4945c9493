"""What was read from the drawing: the text, one character's guesses and its input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.draw.network_input import NetworkInputView
from handwrite_gui.draw.word_strip import ShownCharacter, WordStrip
from handwrite_gui.widgets.prediction_bars import PredictionBars

if TYPE_CHECKING:
    from handwrite_gui.engine.drawing.result import DrawingResult, DrawnCharacter

_WIDTH = 368
_TALLEST_TEXT = 252  # pixels of the text that are shown at once; more of it is scrolled to


class ReadingPanel(QFrame):
    """Shows a reading, and of the selected character how it came about.

    Signals:
        selected(int): another character is selected, -1 for none.
        hovered(int): the pointer is over a character, -1 over none.
        said(int, str): the person said which character this one is.
        menu_wanted(int, QPoint): what can be done with a character is asked for, at this place of
            the screen.
    """

    selected = Signal(int)
    hovered = Signal(int)
    said = Signal(int, str)
    menu_wanted = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._characters: tuple[DrawnCharacter, ...] = ()
        self._index = -1
        self._text = ""
        self.setFixedWidth(_WIDTH)
        self.word = WordStrip(self)
        self._text_area = QScrollArea(self)
        self._text_area.setWidget(self.word)
        self._text_area.setWidgetResizable(True)
        for inside in (self._text_area.viewport(), self.word):
            inside.setAutoFillBackground(False)  # the card's shows through
        self._text_area.setFrameShape(QFrame.Shape.NoFrame)
        self._text_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._text_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.bars = PredictionBars(self, row_height=28, choosable=True)
        self.right_button = QPushButton("It Is &Right", self)
        self.right_button.setAccessibleName("It is right")
        self.right_button.setToolTip("Confirm the character; it becomes a sample of your hand")
        self.label_field = QLineEdit(self)
        self.label_field.setMaxLength(1)
        self.label_field.setPlaceholderText("It is another: type it")
        self.label_field.setAccessibleName("Which character it is")
        self.network_input = NetworkInputView(self)
        self._bars_heading = _heading("Predictions", self)
        self._context = QLabel(self)
        self._context.setProperty("role", "muted")
        self._context.setToolTip(
            "Alone the network would choose the best guess; in a word the characters beside it "
            "decide between those that look alike, such as O and 0."
        )
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.head.addWidget(_heading("Read as", self), 1)
        self._lay_out()
        self.word.chosen.connect(self.select)
        self.word.hovered.connect(self.hovered)
        self.word.typed.connect(self.said)
        self.word.menu_wanted.connect(self.menu_wanted)
        self.bars.chosen.connect(self._say)
        self.right_button.clicked.connect(lambda: self._say(self._characters[self._index].label))
        self.label_field.textEdited.connect(self._say_typed)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        card, reading = _card(self)
        reading.addLayout(self.head)
        reading.addWidget(self._text_area)
        column.addWidget(card)
        card, guesses = _card(self)
        row = QHBoxLayout()
        row.addWidget(self._bars_heading)
        row.addStretch(1)
        row.addWidget(self._context)
        guesses.addLayout(row)
        guesses.addWidget(self.bars)
        saying = QHBoxLayout()
        saying.setSpacing(8)
        saying.addWidget(self.right_button)
        saying.addWidget(self.label_field, 1)
        guesses.addLayout(saying)
        column.addWidget(card)
        card, seen = _card(self)
        seen.addWidget(_heading("What the network sees", self))
        seen.addWidget(self.network_input, 1)
        column.addWidget(card, 1)

    @property
    def text(self) -> str:
        """What was read, with spaces and line breaks."""
        return self._text

    @property
    def index(self) -> int:
        """Which character is selected, -1 for none."""
        return self._index

    def show_result(self, result: DrawingResult | None, newest_stroke: int) -> None:
        """Show another reading.

        Args:
            result: None shows nothing.
            newest_stroke: index of a stroke in the drawing; its character is selected, -1 keeps
                the selection where it can.
        """
        self._characters = result.characters if result is not None else ()
        self._text = result.text if result is not None else ""
        last = len(self._characters) - 1
        index = min(self._index, last) if self._index >= 0 else last
        for position, character in enumerate(self._characters):
            if newest_stroke in character.strokes:
                index = position
        self.word.show_characters([] if result is None else _shown(result), index)
        self._fit_text()
        self._select(index)

    def select(self, index: int) -> None:
        """Show how a character came about."""
        self.word.select(index)
        self._select(index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_text()

    def _fit_text(self) -> None:
        """Give the text the height that it needs, as far as there is room."""
        needed = self.word.heightForWidth(self._text_area.viewport().width())
        self._text_area.setFixedHeight(min(needed, _TALLEST_TEXT))

    def _scroll_to_selected(self) -> None:
        if self._index >= 0:
            self._text_area.ensureWidgetVisible(self.word.button(self._index), 0, 4)

    def _say(self, label: str) -> None:
        if self._index >= 0:
            self.said.emit(self._index, label)

    def _say_typed(self, text: str) -> None:
        self.label_field.clear()
        if text.strip():
            self._say(text)

    def _select(self, index: int) -> None:
        self._index = index
        self._context.clear()
        self.right_button.setEnabled(index >= 0 and not self._characters[index].is_said)
        self.label_field.setEnabled(index >= 0)
        if index < 0:
            self._bars_heading.setText("Predictions")
            self.bars.show_predictions(())
            self.network_input.show_input(None)
        else:
            character = self._characters[index]
            several = len(self._characters) > 1
            self._bars_heading.setText(
                f"Predictions for character {index + 1}" if several else "Predictions"
            )
            self.bars.show_predictions(character.predictions, character.label)
            # As soon as what was read has its place and the area its height.
            QTimer.singleShot(0, self, self._scroll_to_selected)
            if character.is_said:
                self._context.setText("You said so")
            elif character.predictions and character.predictions[0].label != character.label:
                self._context.setText(f"{character.label} fits the word")
            self.network_input.show_input(character.network_input)
        self.selected.emit(index)


def _shown(result: DrawingResult) -> list[ShownCharacter]:
    return [
        ShownCharacter(
            character.label,
            character.probability,
            "" if place else " " if number else "\n" if row else "",
            character.is_said,
        )
        for row, line in enumerate(result.lines)
        for number, word in enumerate(line.words)
        for place, character in enumerate(word)
    ]


def _heading(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setProperty("role", "heading")
    label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return label


def _card(parent: QWidget) -> tuple[QFrame, QVBoxLayout]:
    card = QFrame(parent)
    card.setProperty("role", "card")
    column = QVBoxLayout(card)
    column.setContentsMargins(16, 12, 16, 16)
    column.setSpacing(8)
    return card, column
