"""The buttons that start and hold a run, and those that make use of its model."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QWidget

from handwrite_gui.icons import icon
from handwrite_gui.theme import theme
from handwrite_gui.train.session import RunState
from handwrite_gui.widgets.elided_label import ElidedLabel

_STOP_TEXT, _USE_TEXT, _SAVE_TEXT = "Stop", "Use model", "Save…"
_WIDTH_FOR_TEXTS, _WIDTH_FOR_STATE = 760, 1100

_STATE_TEXTS = {
    RunState.IDLE: "",
    RunState.RUNNING: "Training",
    RunState.PAUSING: "Pausing…",
    RunState.PAUSED: "Paused",
    RunState.STOPPING: "Stopping…",
}

_MAIN_BUTTON = {
    RunState.IDLE: ("Start", "play", "Train a new network (F5)"),
    RunState.RUNNING: ("Pause", "pause", "Wait after this batch (F5)"),
    RunState.PAUSING: ("Pause", "pause", "Waiting for the end of this batch"),
    RunState.PAUSED: ("Resume", "play", "Go on (F5)"),
    RunState.STOPPING: ("Start", "play", "Waiting for the end of this batch"),
}


class TransportBar(QWidget):
    """Start, pause, step, stop; use and save the model.

    Signals:
        main_wanted(): the first button, which starts, pauses, resumes or gives up starting.
        continue_wanted(): the run that was stopped last is to go on.
        step_wanted(), step_epoch_wanted(), stop_wanted(), use_wanted(), save_wanted(): the others.
    """

    main_wanted = Signal()
    continue_wanted = Signal()
    step_wanted = Signal()
    step_epoch_wanted = Signal()
    stop_wanted = Signal()
    use_wanted = Signal()
    save_wanted = Signal()

    _place: tuple[int, int, int, int] | None = None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.main_button = _button("Start", "play", "accent_text")
        self.main_button.setProperty("variant", "primary")
        self.continue_button = _button("Continue", "play")
        self.continue_button.setToolTip("Go on with the run that was stopped (Shift+F6)")
        self.continue_button.hide()
        self.step_button = _button("Batch", "step")
        self.step_button.setAccessibleName("Step by a batch")
        self.step_button.setToolTip("Learn one batch, then wait (F7)")
        self.epoch_button = _button("Epoch", "step")
        self.epoch_button.setAccessibleName("Step by an epoch")
        self.epoch_button.setToolTip("Learn to the end of the epoch, then wait (Shift+F7)")
        self.stop_button = _button(_STOP_TEXT, "stop")
        self.stop_button.setAccessibleName("Stop")
        self.stop_button.setToolTip("End the run; its model stays (Shift+F5)")
        self.state_label = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.state_label.setProperty("role", "muted")
        self.use_button = _button(_USE_TEXT, "model")
        self.use_button.setAccessibleName("Use this model")
        self.use_button.setToolTip(
            "Read with this model in Draw and Page from now on, also while training goes on "
            "(Ctrl+U)"
        )
        self.save_button = _button(_SAVE_TEXT, "save")
        self.save_button.setAccessibleName("Save the model")
        self.save_button.setToolTip("Save the model as it is now (Ctrl+S)")
        spacing = theme().tokens.spacing
        of_run = QHBoxLayout()
        of_run.setSpacing(spacing)
        for button in (
            self.main_button,
            self.continue_button,
            self.step_button,
            self.epoch_button,
            self.stop_button,
        ):
            of_run.addWidget(button)
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setHorizontalSpacing(spacing)
        self._layout.setVerticalSpacing(spacing // 2)
        self._layout.addLayout(of_run, 0, 0)
        self._layout.setColumnStretch(1, 1)  # the state is there, or below
        self._layout.addWidget(self.use_button, 0, 2)
        self._layout.addWidget(self.save_button, 0, 3)
        self._arrange(_WIDTH_FOR_STATE)
        self.main_button.clicked.connect(self.main_wanted)
        self.continue_button.clicked.connect(self.continue_wanted)
        self.step_button.clicked.connect(self.step_wanted)
        self.epoch_button.clicked.connect(self.step_epoch_wanted)
        self.stop_button.clicked.connect(self.stop_wanted)
        self.use_button.clicked.connect(self.use_wanted)
        self.save_button.clicked.connect(self.save_wanted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange(event.size().width())

    def _arrange(self, width: int) -> None:
        """Say the state below, and leave words out, where there is no room for them."""
        has_room = width >= _WIDTH_FOR_TEXTS
        self.main_button.setMinimumWidth(112 if has_room else 96)
        self.stop_button.setText(_STOP_TEXT if has_room else "")
        self.use_button.setText(_USE_TEXT if has_room else "")
        self.save_button.setText(_SAVE_TEXT if has_room else "")
        place = (0, 1, 1, 1) if width >= _WIDTH_FOR_STATE else (1, 0, 1, 4)
        if place != self._place:
            self._place = place
            self._layout.removeWidget(self.state_label)
            self._layout.addWidget(self.state_label, *place)

    def show_state(
        self,
        state: RunState,
        *,
        is_preparing: bool,
        can_start: bool,
        has_model: bool,
        can_continue: bool,
        outcome: str,
    ) -> None:
        """Enable and name the buttons.

        Args:
            state: of the run.
            is_preparing: data or trainer are being made ready for a run.
            can_start: the settings are sound and data are chosen.
            has_model: there is something to use or save.
            can_continue: the last run was stopped before its end.
            outcome: how the last run ended, for the time between runs.
        """
        text, icon_name, tip = _MAIN_BUTTON[state]
        if is_preparing:
            text, icon_name, tip = "Cancel", "stop", "Do not start after all (F5)"
        self.main_button.setText(text)
        self.main_button.setIcon(icon(icon_name, "accent_text"))
        self.main_button.setToolTip(tip)
        # The focus would leave a button that is disabled for the moment of a transition.
        can_be_used = can_start or is_preparing or state.is_active
        self.main_button.setEnabled(can_be_used)
        self.continue_button.setVisible(can_continue)
        self.step_button.setEnabled(can_be_used)
        self.epoch_button.setEnabled(can_be_used)
        self.stop_button.setEnabled(
            is_preparing or (state.is_active and state is not RunState.STOPPING)
        )
        self.use_button.setEnabled(has_model)
        self.save_button.setEnabled(has_model)
        words = "Getting the data ready…" if is_preparing else _STATE_TEXTS[state] or outcome
        self.state_label.set_full_text(words)
        self.state_label.setVisible(bool(words))


def _button(text: str, icon_name: str, colour: str = "text") -> QPushButton:
    button = QPushButton(icon(icon_name, colour), text)
    button.setIconSize(QSize(16, 16))
    return button
