"""Teaching: a character is asked for, written, and the next one asked for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from handwrite_gui.draw.canvas import DrawCanvas
from handwrite_gui.draw.drawing import Drawing


class TeachPanel(QWidget):
    """Asks for characters one by one.

    Signals:
        written(str): what was asked for is on the canvas; the next is asked for afterwards.
        asked(str): the character that is asked for now; "" when the round is over.
        finished(int): the round is over; how many characters were written in it.
        start_wanted(): a round is wanted.
        back_wanted(): the last character should be written again.
    """

    written = Signal(str)
    asked = Signal(str)
    finished = Signal(int)
    start_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drawing = Drawing(self)
        self.canvas = DrawCanvas(
            self.drawing, self, hint="Write here", advice="As you always do; Enter keeps it."
        )
        self.canvas.setMinimumSize(240, 180)
        self._labels: tuple[str, ...] = ()
        self._position = 0
        self._written: list[str] = []
        self._lay_out()
        self.drawing.changed.connect(self._follow)
        self.canvas.installEventFilter(self)
        self._follow()

    def _lay_out(self) -> None:
        self.prompt = QLabel(self)
        self.prompt.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.prompt.setTextFormat(Qt.TextFormat.PlainText)
        self.prompt.setProperty("role", "title")
        font = self.prompt.font()
        font.setPixelSize(28)
        self.prompt.setFont(font)
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.start_button = QPushButton("&Teach", self)
        self.start_button.setProperty("variant", "primary")
        self.next_button = QPushButton("&Next", self)
        self.next_button.setProperty("variant", "primary")
        self.next_button.setToolTip("Keep it and go on (Enter)")
        self.clear_button = QPushButton("&Clear", self)
        self.clear_button.setToolTip("Write it again (Backspace)")
        self.back_button = QPushButton("&Back", self)
        self.back_button.setToolTip("Take the last character out and write it again")
        self.skip_button = QPushButton("S&kip", self)
        self.skip_button.setToolTip("Go on without it")
        self.end_button = QPushButton("&End", self)
        self.end_button.setToolTip("End this round; what was written is kept")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.start_button)
        for button in (self.back_button, self.clear_button, self.skip_button):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.end_button)
        row.addWidget(self.next_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.prompt)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.progress)
        column.addLayout(row)
        self.start_button.clicked.connect(self.start_wanted)
        self.next_button.clicked.connect(self.next)
        self.clear_button.clicked.connect(self.drawing.clear)
        self.back_button.clicked.connect(self.back)
        self.skip_button.clicked.connect(self.skip)
        self.end_button.clicked.connect(self.end)

    @property
    def label(self) -> str:
        """What is asked for now; "" between rounds."""
        return self._labels[self._position] if self._position < len(self._labels) else ""

    def start(self, labels: Sequence[str]) -> None:
        """Ask for these characters."""
        self._labels, self._position, self._written = tuple(labels), 0, []
        self._ask()
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def next(self) -> None:
        """Keep what was written and ask for the next character."""
        if self.label and not self.drawing.is_empty:
            self._written.append(self.label)
            self.written.emit(self.label)
            self._go_on()

    def skip(self) -> None:
        """Ask for the next character."""
        if self.label:
            self._go_on()

    def back(self) -> None:
        """Ask again for the character that was written last."""
        if self.label and self._written:
            last = self._written.pop()
            self._position -= 1
            while self._labels[self._position] != last:
                self._position -= 1
            self.back_wanted.emit()
            self._ask()

    def end(self) -> None:
        """End the round here."""
        if self.label:
            self._position = len(self._labels)
            self._ask()
            self.finished.emit(len(self._written))

    def stop(self) -> None:
        """Forget the round: another profile is in use."""
        self._labels, self._position, self._written = (), 0, []
        self._ask()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self.label:
            key = event.key()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
                self.next()
                return True
            if key == Qt.Key.Key_Backspace:
                self.drawing.clear()
                return True
            if key == Qt.Key.Key_Escape:
                self.end()
                return True
        return super().eventFilter(watched, event)

    def _go_on(self) -> None:
        self._position += 1
        self._ask()
        if not self.label:
            self.finished.emit(len(self._written))

    def _ask(self) -> None:
        self.drawing.clear()
        self._follow()
        self.asked.emit(self.label)

    def _follow(self) -> None:
        label = self.label
        teaching = bool(label)
        if teaching:
            text = f"Write  {label}  {_spoken(label)}".rstrip()
        else:
            text = "Teach it your hand in a minute"
        self.prompt.setText(text)
        self.progress.setMaximum(max(1, len(self._labels)))
        self.progress.setValue(self._position)
        self.start_button.setVisible(not teaching)
        self.canvas.setEnabled(teaching)
        for button in (self.next_button, self.clear_button, self.back_button, self.skip_button):
            button.setVisible(teaching)
        self.end_button.setVisible(teaching)
        self.next_button.setEnabled(not self.drawing.is_empty)
        self.clear_button.setEnabled(not self.drawing.is_empty)
        self.back_button.setEnabled(bool(self._written))


def _spoken(label: str) -> str:
    """What tells a character from those of the same shape."""
    if label.isdigit():
        return "(digit)"
    if label.isupper():
        return "(capital)"
    if label.islower():
        return "(small letter)"
    names = {
        ".": "full stop", ",": "comma", "-": "dash", "'": "apostrophe", "/": "slash",
        "&": "and", "?": "question mark", "!": "exclamation mark",
    }  # fmt: skip
    return f"({names[label]})" if label in names else ""
