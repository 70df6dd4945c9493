"""Inside the network: its weights, what its layers do, where its units are."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.engine.insight.recorder import Frame, Recorder
from handwrite_gui.engine.training.events import TrainingDone
from handwrite_gui.settings import Settings
from handwrite_gui.theme import theme
from handwrite_gui.train.activation_page import ActivationPage
from handwrite_gui.train.controls import segment_button
from handwrite_gui.train.first_layer_page import FirstLayerPage
from handwrite_gui.train.gradient_page import GradientPage
from handwrite_gui.train.layers_page import HealthPage, RibbonsPage
from handwrite_gui.train.panel import Observer, Panel, PanelRun
from handwrite_gui.train.run_buffer import RunUpdate
from handwrite_gui.train.take_away import Exhibit
from handwrite_gui.train.unit_strip import UnitStrip

_SPLITTER_KEY = "train/inside_splitter"


class InsidePanel(Panel):
    """Watches a run through a recorder, in the training thread, and shows its frames.

    Signals:
        why_wanted(int): the person asks why a validation sample is read as it is.
    """

    why_wanted = Signal(int)

    curves_beside = False

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recorder: Recorder | None = None
        self._features = "pixels"
        self._newest: Frame | None = None
        self.first_layer = FirstLayerPage()
        self.units = UnitStrip()
        self.inputs = RibbonsPage("inputs")
        self.outputs = RibbonsPage("outputs")
        self.gradients = RibbonsPage("gradients")
        self.health = HealthPage()
        self.activation = ActivationPage()
        self.check = GradientPage()
        self.check.failed.connect(self.error_raised)
        self.first_layer.unit_chosen.connect(lambda unit: self.units.choose(0, unit))
        self.units.unit_chosen.connect(
            lambda unit: self.first_layer.choose(unit if unit >= 0 else None)
        )
        self.units.why_wanted.connect(self.why_wanted)
        self._lay_out()

    def _lay_out(self) -> None:
        spacing = theme().tokens.spacing
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(spacing)
        self.splitter.addWidget(self.first_layer)
        self.splitter.addWidget(self.units)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([420, 110])
        self.pages = QStackedWidget()
        self._keys: list[str] = []
        self.page_buttons = QButtonGroup(self)
        head = QHBoxLayout()
        head.setSpacing(spacing // 2)
        for index, (title, tip, page) in enumerate(
            (
                ("Weights", "What each unit of the first layer looks for", self.splitter),
                ("Inputs", "What enters the activations of each layer", self.inputs),
                ("Outputs", "What the activations of each layer give", self.outputs),
                ("Gradients", "How large the gradients are in each layer", self.gradients),
                ("Health", "Saturated and dead units, and the size of updates", self.health),
                ("Activation", "The activation, and where the units are on it", self.activation),
                ("Check", "Whether back-propagation gives the right gradients", self.check),
            )
        ):
            self._keys.append(title.lower())
            button = segment_button(title, tip)
            self.page_buttons.addButton(button, index)
            head.addWidget(button)
            self.pages.addWidget(page)
        head.addStretch(1)
        self.page_buttons.button(0).setChecked(True)
        self.page_buttons.idClicked.connect(self.pages.setCurrentIndex)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(spacing // 2)
        layout.addLayout(head)
        layout.addWidget(self.pages, 1)

    @property
    def page(self) -> str:
        """The key of the page that is shown: its title in small letters."""
        return self._keys[self.pages.currentIndex()]

    def show_page(self, key: str) -> None:
        """Turn to a page."""
        index = self._keys.index(key)
        self.page_buttons.button(index).setChecked(True)
        self.pages.setCurrentIndex(index)

    # What the view tells

    def begin(self, run: PanelRun) -> None:
        settings = run.trainer.settings
        self._recorder = Recorder(run.trainer, run.data.validation)
        self._newest = None
        self._features = settings.features
        self.activation.begin(settings.activation)
        self.units.begin(run.trainer, run.data)
        self.check.begin(run)
        self.first_layer.choose(None)
        self._hand_out(())

    def observer(self) -> Observer | None:
        return self._recorder.observe if self._recorder is not None else None

    def show_update(self, update: RunUpdate) -> None:
        self._show_frames()

    def end(self, done: TrainingDone | None) -> None:
        self._show_frames()

    def showEvent(self, event: object) -> None:
        self._show_frames()

    def exhibits(self) -> tuple[Exhibit, ...]:
        match self.page:
            case "weights":
                grid = self.first_layer
                return (
                    Exhibit("Weights before and after", "weights", grid),
                    Exhibit("Weights", "weights-now", grid.grid),
                )
            case "inputs":
                return self.inputs.exhibits()
            case "outputs":
                return self.outputs.exhibits()
            case "gradients":
                return self.gradients.exhibits()
            case "health":
                return self.health.exhibits()
            case "activation":
                return self.activation.exhibits()
            case _:
                return self.check.exhibits()

    def shutdown(self) -> None:
        for part in (self.first_layer, self.units, self.check):
            part.shutdown()
        for page in (self.inputs, self.outputs, self.gradients):
            page.shutdown()

    def save_state(self, store: QSettings) -> None:
        store.setValue(_SPLITTER_KEY, self.splitter.saveState())

    def restore_state(self, store: Settings) -> None:
        state = store.value(_SPLITTER_KEY)
        if isinstance(state, QByteArray):
            self.splitter.restoreState(state)

    @property
    def frames(self) -> tuple[Frame, ...]:
        """Of the run that goes on or was the last."""
        return self._recorder.frames if self._recorder is not None else ()

    def _show_frames(self) -> None:
        if not self.isVisible() or self._recorder is None:
            return
        frames = self._recorder.frames
        if frames and frames[-1] is not self._newest:
            self._newest = frames[-1]
            self._hand_out(frames)

    def _hand_out(self, frames: tuple[Frame, ...]) -> None:
        self.first_layer.set_frames(frames, self._features)
        for page in (self.inputs, self.outputs, self.gradients, self.health, self.activation):
            page.set_frames(frames)
