"""The column in which the tour is told: a step, its formulas, its experiment, what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from PySide6.QtCore import QSettings, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.engine.training.study import STUDIES
from handwrite_gui.icons import icon
from handwrite_gui.settings import Settings
from handwrite_gui.theme import theme
from handwrite_gui.train.controls import (
    heading_label,
    icon_button,
    ignore_wheel_without_focus,
    muted_label,
    progress_bar,
)
from handwrite_gui.train.settings_form import title_of
from handwrite_gui.train.tour.formula_view import FormulaView
from handwrite_gui.train.tour.steps import PLACES, STEPS, Experiment, Step

_STATE_KEY = "train/tour"
_LONGEST_FINDING = 4000


class TourPanel(QWidget):
    """Tells the steps and asks for their experiments; it runs nothing itself.

    Signals:
        run_wanted(Experiment): an experiment is to run.
        stop_wanted(): the one that runs is to stop.
        place_wanted(str): a key of ``PLACES`` is to be shown.
        closed(): the person leaves the tour.
    """

    run_wanted = Signal(object)
    stop_wanted = Signal()
    place_wanted = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step = 0
        self._findings: dict[str, str] = {}
        self._running: Experiment | None = None
        self._obstacle = ""
        self._text = ""
        self._fraction = 0.0
        self.buttons: dict[str, QPushButton] = {}
        self.place_buttons: dict[str, QPushButton] = {}
        self.steps = QComboBox()
        self.steps.setAccessibleName("Steps of the tour")
        for number, step in enumerate(STEPS, 1):
            self.steps.addItem(f"{number}. {step.title}")
        self.close_button = icon_button("close", "Leave the tour")
        self.close_button.setToolTip("Leave the tour; it goes on where you left it")
        self.back_button = QPushButton(icon("chevron-left"), "Back")
        self.next_button = QPushButton("Next")
        self.next_button.setIcon(icon("chevron-right", "accent_text"))
        self.next_button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.next_button.setProperty("variant", "primary")
        self.page = QScrollArea()
        self._lay_out()
        self.steps.currentIndexChanged.connect(self.turn_to)
        self.back_button.clicked.connect(lambda: self.turn_to(self._step - 1))
        self.next_button.clicked.connect(self._go_on)
        self.close_button.clicked.connect(self.closed)
        ignore_wheel_without_focus([self.steps], self)
        self._tell()

    def _lay_out(self) -> None:
        spacing = theme().tokens.spacing
        head = QHBoxLayout()
        head.addWidget(heading_label("Guided tour"), 1)
        head.addWidget(self.close_button)
        self.page.setWidgetResizable(True)
        self.page.setFrameShape(QFrame.Shape.NoFrame)
        # Always there: a text that begins to scroll must not be broken anew.
        self.page.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.page.viewport().setAutoFillBackground(False)
        feet = QHBoxLayout()
        feet.setSpacing(spacing)
        feet.addWidget(self.back_button)
        feet.addStretch(1)
        feet.addWidget(self.next_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * spacing, spacing, spacing, spacing)
        layout.setSpacing(spacing)
        layout.addLayout(head)
        layout.addWidget(self.steps)
        layout.addWidget(self.page, 1)
        layout.addLayout(feet)

    # Where one is

    @property
    def step(self) -> Step:
        """The one that is told."""
        return STEPS[self._step]

    @property
    def findings(self) -> Mapping[str, str]:
        """What came of the experiments so far, by their keys."""
        return self._findings

    def turn_to(self, number: int) -> None:
        """Tell another step, counted from 0; whatever runs goes on."""
        if 0 <= number < len(STEPS) and number != self._step:
            self._step = number
            self._tell()

    def _go_on(self) -> None:
        if self._step == len(STEPS) - 1:
            self.closed.emit()
        else:
            self.turn_to(self._step + 1)

    # What the guide tells

    def set_obstacle(self, text: str) -> None:
        """Why no experiment can begin now; nothing where one can."""
        self._obstacle = text
        self._refresh()

    def begin(self, experiment: Experiment) -> None:
        """An experiment has begun, or is being made ready."""
        self._running = experiment
        self._findings.pop(experiment.key, None)
        self.show_progress(0.0, "Beginning…")
        self._refresh()

    def show_progress(self, fraction: float, text: str) -> None:
        """How far the experiment is."""
        self._fraction, self._text = fraction, text
        self.progress.setValue(round(1000 * fraction))
        self.state.setText(text)

    def end(self, finding: str = "") -> None:
        """The experiment is over; with what came of it, if it came to its end."""
        running, self._running = self._running, None
        if running is not None and finding:
            self._findings[running.key] = finding
        self._refresh()
        # Where it was read to the end, the finding appears below what is seen.
        if self.finding_card.isVisibleTo(self):
            QTimer.singleShot(0, self, self._reveal)

    def _reveal(self) -> None:
        bar = self.page.verticalScrollBar()
        bar.setValue(bar.maximum())

    # A step on the screen

    def _tell(self) -> None:
        """Build what the step consists of."""
        step, spacing = self.step, theme().tokens.spacing
        self.steps.setCurrentIndex(self._step)
        content = QWidget()
        content.setAutoFillBackground(False)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, spacing, 0)
        column.setSpacing(int(1.25 * spacing))
        title = QLabel(step.title)
        title.setProperty("role", "title")
        title.setWordWrap(True)
        column.addWidget(title)
        for part in step.parts:
            column.addWidget(FormulaView(part[1:]) if part.startswith("=") else _text(part))
        column.addWidget(heading_label("Try it"))
        self.buttons = {}
        for experiment in step.experiments:
            column.addWidget(self._button(experiment))
            column.addWidget(muted_label(_conditions(experiment), wraps=True))
        self.progress = progress_bar("Experiment")
        self.stop_button = QPushButton("Stop")
        self.stop_button.clicked.connect(self.stop_wanted)
        work = QHBoxLayout()
        work.addWidget(self.progress, 1)
        work.addWidget(self.stop_button)
        column.addLayout(work)
        self.state = muted_label(wraps=True)
        column.addWidget(self.state)
        column.addWidget(heading_label("What to look at"))
        column.addWidget(_text(step.look))
        column.addLayout(self._places(step))
        self.finding_card = QFrame()
        self.finding_card.setProperty("role", "card")
        card = QVBoxLayout(self.finding_card)
        card.setContentsMargins(*(4 * [int(1.5 * spacing)]))
        card.addWidget(heading_label("What happened"))
        self.finding = _text("")
        self.finding.setAccessibleName("What happened")
        card.addWidget(self.finding)
        column.addWidget(self.finding_card)
        column.addStretch(1)
        self.page.setWidget(content)
        self._refresh()

    def _button(self, experiment: Experiment) -> QPushButton:
        button = QPushButton(icon("play"), experiment.title)
        button.clicked.connect(lambda: self.run_wanted.emit(experiment))
        # A long title must not make the column wider than it is.
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.buttons[experiment.key] = button
        return button

    def _places(self, step: Step) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme().tokens.spacing // 2)
        self.place_buttons = {}
        for place in step.places:
            button = QPushButton(PLACES[place])
            button.setToolTip(f"Show {PLACES[place]}")
            button.clicked.connect(lambda _=False, place=place: self.place_wanted.emit(place))
            self.place_buttons[place] = button
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _refresh(self) -> None:
        """Bring buttons, progress and findings up to date."""
        is_last = self._step == len(STEPS) - 1
        self.back_button.setEnabled(self._step > 0)
        self.next_button.setText("Finish" if is_last else "Next")
        running = self._running
        runs_here = running is not None and running in self.step.experiments
        for key, button in self.buttons.items():
            button.setEnabled(running is None and not self._obstacle)
            button.setIcon(icon("check", "success") if key in self._findings else icon("play"))
        self.progress.setVisible(runs_here)
        self.stop_button.setVisible(runs_here)
        self.progress.setValue(round(1000 * self._fraction))
        if runs_here:
            self.state.setText(self._text)
        elif running is not None:
            self.state.setText("The experiment of another step goes on.")
        else:
            self.state.setText(self._obstacle)
        self.state.setVisible(bool(self.state.text()))
        found = [
            (experiment, self._findings[experiment.key])
            for experiment in self.step.experiments
            if experiment.key in self._findings
        ]
        self.finding.setText(
            "\n\n".join(
                f"{experiment.title}: {text}" if len(self.step.experiments) > 1 else text
                for experiment, text in found
            )
        )
        self.finding_card.setVisible(bool(found))
        for number, step in enumerate(STEPS):
            done = all(experiment.key in self._findings for experiment in step.experiments)
            self.steps.setItemText(number, f"{number + 1}. {step.title}{' ✓' if done else ''}")

    # What is remembered

    def save_state(self, store: QSettings) -> None:
        """Keep the step and what came of the experiments."""
        state = {"step": self.step.key, "findings": self._findings}
        store.setValue(_STATE_KEY, json.dumps(state))

    def restore_state(self, store: Settings) -> None:
        """Bring back what :meth:`save_state` kept."""
        try:
            state = json.loads(store.read(_STATE_KEY, "{}"))
            key, findings = state.get("step"), state.get("findings", {})
            known = {experiment.key for step in STEPS for experiment in step.experiments}
            self._findings = {
                name: text[:_LONGEST_FINDING]
                for name, text in findings.items()
                if name in known and isinstance(text, str)
            }
        except (ValueError, TypeError, AttributeError):
            # Another version's or a damaged file: the tour begins at its beginning.
            return
        self.turn_to(next((n for n, step in enumerate(STEPS) if step.key == key), 0))
        self._refresh()  # with what was found, where the step is the one that is told already


def _text(words: str) -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return label


def _conditions(experiment: Experiment) -> str:
    """The settings of an experiment in a line or two."""
    values = experiment.settings
    layers = ", ".join(map(str, values.hidden))
    varied = experiment.study
    parts = [f"{experiment.source.title}, {experiment.source.per_class} of each"]
    if layers:
        parts.append(f"hidden {layers}, {title_of(values.activation)}")
    if varied != "initializer":
        parts.append(f"{title_of(values.initializer)} weights")
    parts.append(
        title_of(values.optimizer)
        if varied == "learning-rate"
        else f"{title_of(values.optimizer)} at {values.learning_rate:g}"
    )
    parts.append(f"{values.epochs} epochs")
    if varied:
        parts.append(f"study: {STUDIES[varied].title.lower()}")
    return "; ".join(parts)
