"""What was read, one large button a character."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFont, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QWidget

from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.theme import theme
from handwrite_gui.widgets.prediction_bars import fill_bar

_LARGEST = QSize(72, 88)
_SMALLEST_WIDTH = 32
_GAP = 4


class CharacterButton(QAbstractButton):
    """A character with a line below it whose length tells how sure the network is.

    Signals:
        hovered(bool): the pointer came, or left.
    """

    hovered = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._probability = 0.0
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_character(self, label: str, probability: float) -> None:
        """Show another character."""
        self.setText(label)
        self._probability = probability
        self.setAccessibleName(f"{label}, {probability:.0%}")
        self.setToolTip(f"{label}, {probability:.1%}")
        self.update()

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
        fill_bar(painter, track, self._probability, QColor(tokens.accent))


class WordStrip(QWidget):
    """The characters from left to right; they shrink to fit, then take another row.

    Signals:
        chosen(int): the person chose a character.
        hovered(int): the pointer is over a character, -1 over none.
    """

    chosen = Signal(int)
    hovered = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: list[CharacterButton] = []
        self._shown = 0
        self._placeholder = ""
        self._group = QButtonGroup(self)
        self.setAccessibleName("Characters read")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme().changed.connect(self.update)

    @property
    def text(self) -> str:
        """The characters that are shown."""
        return "".join(button.text() for button in self._buttons[: self._shown])

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

    def show_characters(self, characters: Sequence[Prediction], selected: int) -> None:
        """Show other characters, ``selected`` of them checked (-1: none)."""
        while len(self._buttons) < len(characters):
            self._add_button()
        if len(characters) != self._shown:
            self._shown = len(characters)
            self._arrange()
            self.updateGeometry()
            self.update()
        for button, character in zip(self._buttons, characters, strict=False):
            button.show_character(*character)
        for index, button in enumerate(self._buttons):
            button.setVisible(index < self._shown)
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
        size, columns = self._tile(width)
        rows = max(1, -(-max(self._shown, 1) // columns))
        return max(_LARGEST.height(), rows * (size.height() + _GAP) - _GAP)

    def _tile(self, width: int) -> tuple[QSize, int]:
        """Size of a button, and how many stand in a row of that width."""
        count = max(self._shown, 1)
        fitting = (width + _GAP) // count - _GAP
        tile = max(_SMALLEST_WIDTH, min(_LARGEST.width(), fitting))
        columns = max(1, (width + _GAP) // (tile + _GAP))
        return QSize(tile, round(tile * _LARGEST.height() / _LARGEST.width())), columns

    def _arrange(self) -> None:
        size, columns = self._tile(self.width())
        rows = -(-self._shown // columns)
        top = max(0, (self.height() - rows * (size.height() + _GAP) + _GAP) // 2)
        for index, button in enumerate(self._buttons[: self._shown]):
            row, column = divmod(index, columns)
            button.setGeometry(
                column * (size.width() + _GAP),
                top + row * (size.height() + _GAP),
                size.width(),
                size.height(),
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._shown:
            painter = QPainter(self)
            painter.setPen(QColor(theme().tokens.text_muted))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), flags, self._placeholder)
