"""How far a batch is, what it takes to end it, and what came of it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.engine.batch.events import Progressed
from handwrite_gui.engine.batch.report import Report, duration
from handwrite_gui.theme import theme

_STEPS = 1000


class ProgressStrip(QFrame):
    """A line of text, a bar, and buttons.

    Signals:
        start_wanted(), pause_wanted(bool), cancel_wanted(), report_wanted(), folder_wanted(): a
            button was pressed.
    """

    start_wanted = Signal()
    pause_wanted = Signal(bool)
    cancel_wanted = Signal()
    report_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        spacing = theme().tokens.spacing
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.start = QPushButton("Start")
        self.start.setProperty("variant", "primary")
        self.pause = QPushButton("Pause")
        self.pause.setCheckable(True)
        self.cancel = QPushButton("Cancel")
        self.report = QPushButton("Save Report…")
        self.folder = QPushButton("Open Folder")
        self.start.clicked.connect(self.start_wanted)
        self.pause.toggled.connect(self.pause_wanted)
        self.cancel.clicked.connect(self.cancel_wanted)
        self.report.clicked.connect(self.report_wanted)
        self.folder.clicked.connect(self.folder_wanted)
        told = QVBoxLayout()
        told.setSpacing(spacing)
        told.addWidget(self.text)
        told.addWidget(self.bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(*(4 * [2 * spacing]))
        row.setSpacing(spacing)
        row.addLayout(told, 1)
        row.addSpacing(spacing)
        for button in (self.folder, self.report, self.cancel, self.pause, self.start):
            row.addWidget(button)

    def show_waiting(self, files: int, can_start: bool) -> None:
        """Nothing was read yet."""
        self.text.setText(f"{files} file{'' if files == 1 else 's'} to read")
        self.bar.setValue(0)
        self._show_buttons(busy=False, report=False)
        self.start.setEnabled(can_start)

    def show_begun(self) -> None:
        """The processes are being started."""
        self.text.setText("Starting…")
        self.bar.setValue(0)
        self._show_buttons(busy=True, report=False)

    def show_progress(self, event: Progressed, is_paused: bool) -> None:
        """How far it is."""
        text = f"{event.files} of {event.all_files} files, {event.pages} pages"
        if is_paused:
            text += " · paused"
        elif event.seconds_left is not None and event.pages_left:
            text += f" · about {duration(event.seconds_left)} left"
        self.text.setText(text)
        self.bar.setValue(round(_STEPS * event.share))

    def show_paused(self, is_paused: bool) -> None:
        """Whether it waits."""
        self.pause.setText("Continue" if is_paused else "Pause")
        self.pause.setChecked(is_paused)

    def show_report(self, report: Report) -> None:
        """What came of it."""
        text = report.summary()
        self.text.setText(text[:1].upper() + text[1:] + ".")
        if not report.cancelled:
            self.bar.setValue(_STEPS)
        self._show_buttons(busy=False, report=True)
        self.start.setEnabled(True)

    def _show_buttons(self, *, busy: bool, report: bool) -> None:
        self.show_paused(False)
        self.start.setVisible(not busy)
        self.pause.setVisible(busy)
        self.cancel.setVisible(busy)
        self.report.setVisible(report)
        self.folder.setVisible(report)
