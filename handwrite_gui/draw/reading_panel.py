"""What was read from the drawing: the word, one character's guesses and its input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from handwrite_gui.draw.network_input import NetworkInputView
from handwrite_gui.draw.word_strip import WordStrip
from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.widgets.prediction_bars import PredictionBars

if TYPE_CHECKING:
    from handwrite_gui.engine.recognizer import DrawingResult, DrawnCharacter

_WIDTH = 368


class ReadingPanel(QFrame):
    """Shows a reading, and of the selected character how it came about.

    Signals:
        selected(int): another character is selected, -1 for none.
        hovered(int): the pointer is over a character, -1 over none.
    """

    selected = Signal(int)
    hovered = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._characters: tuple[DrawnCharacter, ...] = ()
        self._index = -1
        self.setFixedWidth(_WIDTH)
        self.word = WordStrip(self)
        self.bars = PredictionBars(self)
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

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        card, reading = _card(self)
        reading.addLayout(self.head)
        reading.addWidget(self.word)
        column.addWidget(card)
        card, guesses = _card(self)
        row = QHBoxLayout()
        row.addWidget(self._bars_heading)
        row.addStretch(1)
        row.addWidget(self._context)
        guesses.addLayout(row)
        guesses.addWidget(self.bars)
        column.addWidget(card)
        card, seen = _card(self)
        seen.addWidget(_heading("What the network sees", self))
        seen.addWidget(self.network_input, 1)
        column.addWidget(card, 1)

    @property
    def text(self) -> str:
        """The word that is shown."""
        return "".join(character.label for character in self._characters)

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
        last = len(self._characters) - 1
        index = min(self._index, last) if self._index >= 0 else last
        for position, character in enumerate(self._characters):
            if newest_stroke in character.strokes:
                index = position
        self.word.show_characters(
            [Prediction(c.label, _probability(c)) for c in self._characters], index
        )
        self._select(index)

    def select(self, index: int) -> None:
        """Show how a character came about."""
        self.word.select(index)
        self._select(index)

    def _select(self, index: int) -> None:
        self._index = index
        self._context.clear()
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
            if character.predictions and character.predictions[0].label != character.label:
                self._context.setText(f"{character.label} fits the word")
            self.network_input.show_input(character.network_input)
        self.selected.emit(index)


def _probability(character: DrawnCharacter) -> float:
    return next((p for label, p in character.predictions if label == character.label), 0.0)


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
