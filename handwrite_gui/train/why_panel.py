"""Why this answer: the evidence in a character, the units that weighed, the samples like it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.draw.canvas import DrawCanvas
from handwrite_gui.draw.drawing import Drawing
from handwrite_gui.engine.alphabets import NOT_A_CHARACTER
from handwrite_gui.engine.data.normalizer import INPUT_SIZE
from handwrite_gui.engine.insight.explanation import Explanation, explain, nearest, strongest
from handwrite_gui.engine.network.mlp import MLP
from handwrite_gui.engine.recognizer import drawn_input
from handwrite_gui.engine.training.events import TrainingDone
from handwrite_gui.engine.training.trainer import Trainer
from handwrite_gui.engine.training.training_data import TrainingData
from handwrite_gui.model_store import ModelStore
from handwrite_gui.theme import theme
from handwrite_gui.train.contribution_bars import ContributionBars
from handwrite_gui.train.controls import heading_label, muted_label, segment_button, squeezable
from handwrite_gui.train.data_source import PreparedData
from handwrite_gui.train.evidence_picture import EvidencePicture
from handwrite_gui.train.panel import Panel, PanelRun
from handwrite_gui.train.run_buffer import RunUpdate
from handwrite_gui.train.sample_grid import Sample, SampleGrid
from handwrite_gui.train.take_away import Exhibit, Table
from handwrite_gui.train.weight_tiles import weight_tiles
from handwrite_gui.workers import TaskRunner

_UNITS_SHOWN = 8
_NEAREST_SHOWN = 40
_REDRAW_MILLISECONDS = 150
_UPDATE_MILLISECONDS = 1500
Strokes = list[NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class _Question:
    """What is to be explained: an image or strokes, and which classes are compared."""

    image: NDArray[np.uint8] | Strokes
    favoured: int | None
    rival: int | None


@dataclass(frozen=True, eq=False)
class _Answer:
    """An explanation, ready to be shown.

    Attributes:
        image: uint8 (32, 32), the network's input.
        classes: the network's.
        evidence: uint8 (32, 32) levels of the gradient, and of the smooth one.
        rows, likeness: the nearest training samples; none without training data.
    """

    image: NDArray[np.uint8]
    classes: tuple[str, ...]
    explanation: Explanation
    evidence: tuple[NDArray[np.uint8], NDArray[np.uint8]]
    rows: NDArray[np.int64]
    likeness: NDArray[np.float32]


Source = Callable[[], tuple[MLP, tuple[str, ...]]]


def _answer(
    source: Source,
    question: _Question,
    training: TrainingData | None,
    should_stop: Callable[[], bool] | None = None,
) -> _Answer:
    network, classes = source()
    image = question.image
    shown = drawn_input(image) if isinstance(image, list) else image
    flat = np.ascontiguousarray(shown).reshape(-1)
    explanation = explain(network, flat, question.favoured, question.rival)
    gradients = np.stack([explanation.gradient, explanation.smooth_gradient])
    levels = weight_tiles(gradients.reshape(2, INPUT_SIZE, INPUT_SIZE), 0).individual
    assert levels is not None
    rows, likeness = np.zeros(0, np.int64), np.zeros(0, np.float32)
    if training is not None:
        rows, likeness = nearest(
            network, flat, training.inputs, _NEAREST_SHOWN, should_stop=should_stop
        )
    picture = flat.reshape(INPUT_SIZE, INPUT_SIZE)
    classes = tuple("no character" if one == NOT_A_CHARACTER else one for one in classes)
    return _Answer(picture, classes, explanation, (levels[0], levels[1]), rows, likeness)


def _of_trainer(trainer: Trainer) -> tuple[MLP, tuple[str, ...]]:
    return trainer.model().network, trainer.classes


class WhyPanel(Panel):
    """Explains how a validation sample or a drawing is read.

    Before the first run it asks the model that the other views read with.

    Signals:
        answered(): the explanation has arrived.
    """

    answered = Signal()

    needs_run = False
    curves_beside = False

    def __init__(self, store: ModelStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._trainer: Trainer | None = None
        self._data: PreparedData | None = None
        self._image: NDArray[np.uint8] | None = None
        self._label = ""
        self._answer: _Answer | None = None
        self._runner = TaskRunner(self, latest_only=True)
        self._drawing = Drawing(self)
        # Short, for a canvas that is narrow in a small window.
        self.canvas = DrawCanvas(self._drawing, hint="Draw here", advice="A letter or a digit")
        self.canvas.setMinimumSize(160, 150)
        self.clear_button = QPushButton("Clear")
        self.clear_button.clicked.connect(self._drawing.clear)
        self.sample_button = QPushButton("Sample")
        self.sample_button.setToolTip("Take a validation sample at random")
        self.sample_button.clicked.connect(self.take_any_sample)
        self.picture = EvidencePicture()
        self.verdict = squeezable(heading_label(""))
        self.lead = muted_label(wraps=True)
        self.smooth_button = segment_button("Smooth", "SmoothGrad: mean of 48 noisy copies")
        self.plain_button = segment_button("Gradient", "The gradient of this very image")
        self.off_button = segment_button("Off", "The character alone")
        self._kinds = QButtonGroup(self)
        for button in (self.smooth_button, self.plain_button, self.off_button):
            self._kinds.addButton(button)
        self.smooth_button.setChecked(True)
        self._kinds.buttonToggled.connect(lambda *_: self._show_picture())
        self.favoured, self.rival = QComboBox(), QComboBox()
        for box, name in ((self.favoured, "Why"), (self.rival, "and not")):
            box.setMinimumWidth(50)
            box.setAccessibleName(name)
            box.activated.connect(lambda _: self._ask(keep_classes=True))
        self.bars = ContributionBars()
        self.nearest = SampleGrid()
        self.nearest.setAccessibleName("Nearest training samples")
        self.nearest_words = muted_label(wraps=True)
        self._redraw = QTimer(self, singleShot=True, interval=_REDRAW_MILLISECONDS)
        self._redraw.timeout.connect(self._ask_about_drawing)
        self._update = QTimer(self, singleShot=True, interval=_UPDATE_MILLISECONDS)
        self._update.timeout.connect(self._ask_if_seen)
        self._drawing.changed.connect(self._redraw.start)
        store.changed.connect(self._on_model)
        self._lay_out()
        self._show_nothing()

    def _lay_out(self) -> None:
        spacing = theme().tokens.spacing
        source = QVBoxLayout()
        source.setSpacing(spacing // 2)
        source.addWidget(squeezable(heading_label("Draw, or sample")))
        source.addWidget(self.canvas, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.clear_button)
        buttons.addWidget(self.sample_button, 1)
        source.addLayout(buttons)
        evidence = QVBoxLayout()
        evidence.setSpacing(spacing // 2)
        evidence.addWidget(self.verdict)
        evidence.addWidget(self.picture, 1)
        kinds = QHBoxLayout()
        kinds.setSpacing(spacing // 2)
        for button in (self.smooth_button, self.plain_button, self.off_button):
            kinds.addWidget(button)
        kinds.addStretch(1)
        evidence.addLayout(kinds)
        weighed = QVBoxLayout()
        weighed.setSpacing(spacing // 2)
        question = QHBoxLayout()
        question.setSpacing(spacing // 2)
        for text, box in (("Why", self.favoured), ("not", self.rival)):
            question.addWidget(heading_label(text))
            question.addWidget(box)
        question.addStretch(1)
        weighed.addLayout(question)
        weighed.addWidget(self.lead)
        weighed.addWidget(self.bars)
        weighed.addStretch(1)
        top = QGridLayout()
        top.setHorizontalSpacing(2 * spacing)
        for column, part in enumerate((source, evidence, weighed)):
            top.addLayout(part, 0, column)
            # The bars need the most: names at the left of them, numbers at the right.
            top.setColumnStretch(column, 3 + column)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(spacing // 2)
        layout.addLayout(top, 3)
        layout.addWidget(heading_label("Nearest training samples"))
        layout.addWidget(self.nearest_words)
        layout.addWidget(self.nearest, 2)

    # What the view tells

    def begin(self, run: PanelRun) -> None:
        self._trainer, self._data = run.trainer, run.data
        self.sample_button.setEnabled(True)
        self._ask()

    def show_update(self, update: RunUpdate) -> None:
        if self.isVisible() and not self._update.isActive():
            self._update.start()

    def end(self, done: TrainingDone | None) -> None:
        self._ask_if_seen()

    def shutdown(self) -> None:
        for timer in (self._redraw, self._update):
            timer.stop()
        self._runner.shutdown()

    def exhibits(self) -> tuple[Exhibit, ...]:
        if self._answer is None:
            return ()
        return (
            Exhibit("Evidence", "evidence", self.picture, self._evidence_table),
            Exhibit("Contributions", "contributions", self.bars, self._contributions_table),
        )

    def explain_sample(self, row: int) -> None:
        """Explain the validation sample in this row."""
        if self._data is None:
            return
        self._image = self._data.validation.inputs[row]
        self._label = self._data.classes[int(self._data.validation.targets[row])]
        self._drawing.clear()
        self._redraw.stop()
        self._ask()

    def take_any_sample(self) -> None:
        """Explain a validation sample taken at random."""
        if self._data is not None:
            self.explain_sample(int(np.random.default_rng().integers(len(self._data.validation))))

    def showEvent(self, event: object) -> None:
        self._ask()

    # Question and answer

    def _ask_about_drawing(self) -> None:
        self._image, self._label = None, ""
        self._ask()

    def _ask_if_seen(self) -> None:
        if self.isVisible():
            self._ask(keep_classes=True)

    def _on_model(self) -> None:
        if self._trainer is None and self.isVisible():
            self._ask()

    def _source(self) -> Source | None:
        if self._trainer is not None:
            trainer = self._trainer
            return lambda: _of_trainer(trainer)
        model = self._store.model
        if model is None:
            return None
        return lambda: (model.network.copy(), model.classes)

    def _ask(self, *, keep_classes: bool = False) -> None:
        source = self._source()
        image: NDArray[np.uint8] | Strokes | None = self._image
        if image is None and not self._drawing.is_empty:
            image = [
                np.array([point[:2] for point in stroke.points], np.float32)
                for stroke in self._drawing.strokes
            ]
        if image is None or source is None or not self.isVisible():
            if image is None:
                self._show_nothing()
            return
        chosen = keep_classes and self._answer is not None and self.favoured.count() > 1
        favoured = self.favoured.currentIndex() if chosen else None
        rival = self.rival.currentIndex() if chosen else None
        if favoured == rival:
            # A class has no lead over itself: the likeliest other one takes its place.
            rival = None
        training = self._data.training if self._data is not None else None
        task = self._runner.run(_answer, source, _Question(image, favoured, rival), training)
        task.finished.connect(self._show)
        task.failed.connect(self.error_raised)

    def _show_nothing(self) -> None:
        self._answer = None
        self.picture.show_character(None)
        self.verdict.setText("")
        self.lead.setText("Which parts of it speak for the answer appears here.")
        self.bars.set_bars(())
        self.nearest.set_samples(None, ())
        self.nearest_words.setText("")
        self.sample_button.setEnabled(self._data is not None)
        for box in (self.favoured, self.rival):
            box.clear()
            box.setEnabled(False)

    def _show(self, answer: _Answer) -> None:
        self._answer = answer
        found, classes = answer.explanation, answer.classes
        for box, index in ((self.favoured, found.favoured), (self.rival, found.rival)):
            if [box.itemText(i) for i in range(box.count())] != list(classes):
                box.clear()
                box.addItems(list(classes))
            box.setCurrentIndex(index)
            box.setEnabled(True)
        best, second = np.argsort(-found.probabilities)[:2]
        label = f"{self._label}, read as" if self._label else "Read as"
        self.verdict.setText(
            f"{label} {classes[best]} ({found.probabilities[best]:.0%}), "
            f"{classes[second]} {found.probabilities[second]:.0%}"
        )
        favoured, rival = classes[found.favoured], classes[found.rival]
        self.lead.setText(
            f"The lead of {favoured} over {rival} is {found.lead:+.2f}. Orange, and bars to the "
            f"right, speak for {favoured}, blue and bars to the left for {rival}."
        )
        units = strongest(found.contributions, _UNITS_SHOWN)
        shown = [(f"unit {unit + 1}", float(found.contributions[unit])) for unit in units]
        rest = float(found.contributions.sum()) - sum(value for _, value in shown)
        if len(found.contributions) > len(units):
            shown.append(("all others", rest))
        self.bars.set_bars([*shown, ("bias", found.offset)])
        self._show_picture()
        self._show_nearest(answer)
        self.answered.emit()

    def _show_picture(self) -> None:
        answer = self._answer
        if answer is None:
            return
        if self.off_button.isChecked():
            self.picture.show_character(answer.image)
        else:
            smooth = self.smooth_button.isChecked()
            self.picture.show_character(answer.image, answer.evidence[1 if smooth else 0])

    def _show_nearest(self, answer: _Answer) -> None:
        data = self._data
        if data is None or not len(answer.rows):
            self.nearest.set_samples(None, ())
            self.nearest_words.setText(
                "The model in use brings no training samples; train a network to see them."
            )
            return
        labels = [data.classes[int(data.training.targets[row])] for row in answer.rows]
        first = labels[:10]
        often = max(sorted(set(first)), key=first.count)
        self.nearest_words.setText(
            f"{first.count(often)} of the 10 most alike, by the outputs of the last hidden layer, "
            f"are {often}."
        )
        samples = [
            Sample(int(row), label, f"{label}, likeness {likeness:.3f}")
            for row, label, likeness in zip(
                answer.rows, labels, answer.likeness.tolist(), strict=True
            )
        ]
        self.nearest.set_samples(data.training.inputs, samples)

    # Taking it along

    def _evidence_table(self) -> Table:
        assert self._answer is not None
        found = self._answer.explanation
        head: list[object] = ["row", "column", "ink", "gradient", "smooth gradient"]
        ink = (self._answer.image.reshape(-1) / 255).tolist()
        plain, smooth = found.gradient.tolist(), found.smooth_gradient.tolist()
        places = [divmod(index, INPUT_SIZE) for index in range(len(ink))]
        return [
            head,
            *(
                [row, column, *values]
                for (row, column), *values in zip(places, ink, plain, smooth, strict=True)
            ),
        ]

    def _contributions_table(self) -> Table:
        assert self._answer is not None
        found = self._answer.explanation
        rows: list[list[object]] = [["unit", "contribution"]]
        rows += [[unit + 1, value] for unit, value in enumerate(found.contributions.tolist())]
        return [*rows, ["bias", found.offset]]
