"""What adapting has brought, and how to switch it off or go back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

if TYPE_CHECKING:
    from handwrite_gui.engine.handwriting.profiles import Adaptation
    from handwrite_gui.handwriting.session import HandState

NOTHING_YET = "Not adapted yet. Teach some characters twice, then let it learn your hand."


class LearningPanel(QWidget):
    """Adapt, before and after, on and off, back.

    Signals:
        learn_wanted(), cancel_wanted(): a button was pressed.
        switched(bool): the adapted model should read, or not.
        activated(int): the adaptation of this number should read; 0 for none.
    """

    learn_wanted = Signal()
    cancel_wanted = Signal()
    switched = Signal(bool)
    activated = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lay_out()
        self.set_learning(False)

    def _lay_out(self) -> None:
        title = QLabel("Adapting", self)
        title.setProperty("role", "heading")
        self.switch = QCheckBox("&Read with what it learned of this hand", self)
        self.switch.toggled.connect(self._toggled)
        self.versions = QComboBox(self)
        self.versions.setAccessibleName("Version")
        self.versions.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.versions.setToolTip("Go back to an earlier adaptation, or to the model as it came")
        self.versions.activated.connect(
            lambda index: self.activated.emit(self.versions.itemData(index))
        )
        version = QLabel("&Version", self)
        version.setBuddy(self.versions)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(version, self.versions)
        self.figures = QLabel(self)
        self.figures.setTextFormat(Qt.TextFormat.RichText)
        self.figures.setWordWrap(True)
        self.outcome = QLabel(self)
        self.outcome.setTextFormat(Qt.TextFormat.PlainText)
        self.outcome.setProperty("role", "muted")
        self.outcome.setWordWrap(True)
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setMaximum(1000)
        self.learn_button = QPushButton("&Adapt Now", self)
        self.learn_button.setToolTip(
            "Learn from all samples, in the background; kept only where it reads better"
        )
        self.cancel_button = QPushButton("Cance&l", self)
        self.learn_button.clicked.connect(self.learn_wanted)
        self.cancel_button.clicked.connect(self.cancel_wanted)
        row = QHBoxLayout()
        row.addWidget(self.learn_button)
        row.addWidget(self.cancel_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(title)
        column.addWidget(self.figures)
        column.addWidget(self.outcome)
        column.addWidget(self.progress)
        column.addLayout(row)
        column.addWidget(self.switch)
        column.addLayout(form)

    def show_state(self, state: HandState) -> None:
        """Show what reads now and what can be returned to."""
        self.switch.blockSignals(True)
        self.switch.setChecked(state.enabled and state.active is not None)
        self.switch.blockSignals(False)
        self.switch.setEnabled(state.active is not None)
        self.versions.clear()
        self.versions.addItem("As the model came", 0)
        for one in reversed(state.adaptations):
            self.versions.addItem(f"{_when(one.created)}, {one.samples} samples", one.number)
        number = state.active.number if state.active is not None else 0
        self.versions.setCurrentIndex(max(0, self.versions.findData(number)))
        self.versions.setEnabled(bool(state.adaptations))
        self.learn_button.setEnabled(state.samples > 0)
        self.figures.setText(_figures(state.active) if state.active else NOTHING_YET)

    def show_outcome(self, text: str) -> None:
        """Say what came of adapting."""
        self.outcome.setText(text)
        self.outcome.setVisible(bool(text))

    def set_learning(self, learning: bool) -> None:
        """Whether it adapts at the moment."""
        self.learn_button.setVisible(not learning)
        self.cancel_button.setVisible(learning)
        self.progress.setVisible(learning)
        self.show_outcome("Getting ready…" if learning else "")

    def show_progress(self, share: float, text: str) -> None:
        """Say how far it is."""
        self.progress.setValue(round(1000 * share))
        self.show_outcome(f"{text}…")

    def _toggled(self, checked: bool) -> None:
        self.switched.emit(checked)


def _figures(one: Adaptation) -> str:
    """Before and after, as a table."""
    rows = [("Others’ writing", one.general_before, one.general_after)]
    if one.own_before is not None and one.own_after is not None:
        rows.insert(0, ("Your samples, held out", one.own_before, one.own_after))
    cells = "".join(
        f"<tr><td style='padding-right:16px'>{name}</td>"
        f"<td align='right' style='padding-right:16px'>{100 * before:.1f} %</td>"
        f"<td align='right'><b>{100 * after:.1f} %</b></td></tr>"
        for name, before, after in rows
    )
    return (
        "<table cellspacing='0' cellpadding='2'><tr><td></td>"
        "<td align='right' style='padding-right:16px'>before</td><td align='right'>after</td></tr>"
        f"{cells}</table>"
    )


def _when(created: str) -> str:
    try:
        return f"{datetime.fromisoformat(created).astimezone():%d %b %Y, %H:%M}"
    except ValueError:
        return created
