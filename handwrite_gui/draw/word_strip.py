"""What was read, one large button a character, in the lines and words that were drawn."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFont,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QWidget

from handwrite_gui.theme import theme
from handwrite_gui.widgets.key_text import typed_label
from handwrite_gui.widgets.prediction_bars import fill_bar

_LARGEST = QSize(72, 88)
_LARGEST_OF_LINES = 48  # the width of a button where there are several lines
_SMALLEST_WIDTH = 32
_GAP = 4
_SPACE = 0.5  # widths of a button


class ShownCharacter(NamedTuple):
    """A character as the strip shows it.

    Attributes:
        label: the character.
        probability: how sure it is, 0 to 1.
        gap: what parts it from the one before: nothing, a space or a line break.
        is_said: whether the person said what it is.
    """

    label: str
    probability: float
    gap: str = ""
    is_said: bool = False


class CharacterButton(QAbstractButton):
    """A character with a line below it whose length tells how sure the network is.

    Signals:
        hovered(bool): the pointer came, or left.
        typed(str): a character was typed on it.
        menu_wanted(QPoint): what can be done with it is asked for, at this place of the screen.
    """

    hovered = Signal(bool)
    typed = Signal(str)
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._probability = 0.0
        self._is_said = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_character(self, character: ShownCharacter) -> None:
        """Show another character."""
        label, probability, _, is_said = character
        self.setText(label)
        self._probability, self._is_said = probability, is_said
        if is_said:
            self.setAccessibleName(f"{label}, as you said")
            self.setToolTip(f"{label}, as you said")
        else:
            self.setAccessibleName(f"{label}, {probability:.0%}")
            self.setToolTip(f"{label}, {probability:.1%}; type what it is to correct it")
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if label := typed_label(event):
            self.typed.emit(label)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.typed.emit(self.text())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_keys = event.reason() == QContextMenuEvent.Reason.Keyboard
        below = self.mapToGlobal(self.rect().bottomLeft())
        self.menu_wanted.emit(below if by_keys else event.globalPos())

    def sizeHint(self) -> QSize:
        return _LARGEST

    def enterEvent(self, event: QEnterEvent) -> None:
        self.hovered.emit(True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(False)
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(
            QPen(QColor(tokens.accent), 2) if self.hasFocus() else QPen(Qt.PenStyle.NoPen)
        )
        if self.isChecked():
            painter.setBrush(QColor(tokens.accent_soft))
        elif self.underMouse():
            painter.setBrush(QColor(tokens.surface_raised))
        painter.drawRoundedRect(box, tokens.radius_small, tokens.radius_small)
        self._paint_letter(painter, box)
        self._paint_sureness(painter, box)

    def _paint_letter(self, painter: QPainter, box: QRectF) -> None:
        font = QFont(self.font())
        font.setPixelSize(max(12, round(min(box.height() * 0.58, box.width() * 0.9))))
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(theme().tokens.text))
        letter = box.adjusted(0, 0, 0, -10)
        painter.drawText(letter, Qt.AlignmentFlag.AlignCenter, self.text().replace("&", "&&")[:1])

    def _paint_sureness(self, painter: QPainter, box: QRectF) -> None:
        tokens = theme().tokens
        track = QRectF(box.left() + 8, box.bottom() - 10, box.width() - 16, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.border))
        painter.drawRoundedRect(track, 2, 2)
        colour = tokens.success if self._is_said else tokens.accent
        fill_bar(painter, track, self._probability, QColor(colour))


class WordStrip(QWidget):
    """The characters from left to right, a row for a line; they shrink to fit, and what still does
    not fit takes another row.

    Signals:
        chosen(int): the person chose a character.
        hovered(int): the pointer is over a character, -1 over none.
        typed(int, str): a character was typed on the button of one.
        menu_wanted(int, QPoint): what can be done with one is asked for, at a place of the screen.
    """

    chosen = Signal(int)
    hovered = Signal(int)
    typed = Signal(int, str)
    menu_wanted = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: list[CharacterButton] = []
        self._characters: tuple[ShownCharacter, ...] = ()
        self._placeholder = ""
        self._group = QButtonGroup(self)
        self.setAccessibleName("Characters read")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme().changed.connect(self.update)

    @property
    def text(self) -> str:
        """The characters that are shown, with spaces and line breaks."""
        return "".join(f"{character.gap}{character.label}" for character in self._characters)

    @property
    def placeholder(self) -> str:
        return self._placeholder

    def show_placeholder(self, text: str) -> None:
        """What stands here while there are no characters."""
        if text != self._placeholder:
            self._placeholder = text
            self.update()

    def button(self, index: int) -> CharacterButton:
        """The button of a character."""
        return self._buttons[index]

    def show_characters(self, characters: Sequence[ShownCharacter], selected: int) -> None:
        """Show other characters, ``selected`` of them checked (-1: none)."""
        while len(self._buttons) < len(characters):
            self._add_button()
        before, self._characters = self._characters, tuple(characters)
        if [own.gap for own in before] != [own.gap for own in self._characters]:
            self._arrange()
            self.updateGeometry()
            self.update()
        for button, character in zip(self._buttons, characters, strict=False):
            button.show_character(character)
        for index, button in enumerate(self._buttons):
            button.setVisible(index < len(characters))
        self.select(selected)

    def select(self, index: int) -> None:
        """Check the button of a character (-1: none)."""
        # An exclusive group does not let its last checked button go.
        self._group.setExclusive(False)
        for position, button in enumerate(self._buttons):
            button.setChecked(position == index)
        self._group.setExclusive(True)

    def _add_button(self) -> None:
        index = len(self._buttons)
        button = CharacterButton(self)
        button.clicked.connect(lambda: self.chosen.emit(index))
        button.toggled.connect(lambda on: self._follow_keys(index, on))
        button.hovered.connect(lambda inside: self.hovered.emit(index if inside else -1))
        button.typed.connect(lambda label: self.typed.emit(index, label))
        button.menu_wanted.connect(lambda place: self.menu_wanted.emit(index, place))
        self._group.addButton(button)
        self._buttons.append(button)

    def _follow_keys(self, index: int, on: bool) -> None:
        # The arrow keys check a button without clicking it.
        if on and self._buttons[index].hasFocus():
            self.chosen.emit(index)

    # Layout

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(max(self.width(), 320)))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, _LARGEST.height())

    def heightForWidth(self, width: int) -> int:
        places = self._places(width)
        return max(_LARGEST.height(), max((place.bottom() + 1 for place in places), default=0))

    def _places(self, width: int) -> list[QRect]:
        """Where the buttons stand in so wide a strip, from its top."""
        size = self._tile(width)
        places: list[QRect] = []
        x = y = 0
        for character in self._characters:
            if places and character.gap == " ":
                x += round(_SPACE * size.width())
            if places and (character.gap == "\n" or x + size.width() > width):
                x, y = 0, y + size.height() + _GAP
            places.append(QRect(x, y, size.width(), size.height()))
            x += size.width() + _GAP
        return places

    def _tile(self, width: int) -> QSize:
        """Size of a button, for the longest line to fit if that is possible."""
        starts = [i for i, own in enumerate(self._characters) if own.gap == "\n"]
        bounds = [0, *starts, len(self._characters)]
        needed = [
            (end - start, sum(own.gap == " " for own in self._characters[start + 1 : end]))
            for start, end in pairwise(bounds)
        ]
        largest = _LARGEST.width() if not starts else _LARGEST_OF_LINES
        fitting = min(
            ((width + _GAP - _GAP * n) / (n + _SPACE * spaces) for n, spaces in needed if n),
            default=largest,
        )
        tile = max(_SMALLEST_WIDTH, min(largest, int(fitting)))
        return QSize(tile, round(tile * _LARGEST.height() / _LARGEST.width()))

    def _arrange(self) -> None:
        places = self._places(self.width())
        height = places[-1].bottom() + 1 if places else 0
        top = max(0, (self.height() - height) // 2)
        for button, place in zip(self._buttons, places, strict=False):
            button.setGeometry(place.translated(0, top))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._characters:
            painter = QPainter(self)
            painter.setPen(QColor(theme().tokens.text_muted))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), flags, self._placeholder)
