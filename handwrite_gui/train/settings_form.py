"""The form of a run's settings: network, learning, and the finer points."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.engine.data.normalizer import INPUT_SIZE
from handwrite_gui.engine.network.features import feature_count
from handwrite_gui.engine.training.settings import (
    LIMITS,
    ChoiceLimit,
    LayersLimit,
    NumberLimit,
    TrainingSettings,
)
from handwrite_gui.theme import theme
from handwrite_gui.train.controls import ignore_wheel_without_focus, muted_label
from handwrite_gui.train.layer_widths import (
    layer_widths_text,
    network_summary,
    parameter_count,
    parse_layer_widths,
)
from handwrite_gui.train.number_field import NumberField
from handwrite_gui.train.section import Section, add_field, form_layout

LAYER_PRESETS = (
    ("64", "64 – the write-up's network"),
    ("256", "256"),
    ("512, 256", "512, 256 – two layers"),
    ("1024, 512", "1024, 512 – accurate, slow"),
    ("256, 128, 64", "256, 128, 64 – three layers"),
    ("none", "none – softmax regression"),
)

TITLES = {
    "relu": "ReLU",
    "leaky_relu": "Leaky ReLU",
    "gelu": "GELU",
    "tanh": "tanh",
    "sgd": "SGD",
    "adamw": "AdamW",
    "he": "He",
}
"""Names that are not simply capitalised."""

_MANY_PARAMETERS = 20_000_000
_RATE_MILLISECONDS = 500


class SettingsForm(QWidget):
    """Every field of :class:`TrainingSettings` within its limits.

    Signals:
        changed(): a field has another value, or became valid or invalid.
        rate_changed(float): the learning rate was changed while it was the only field that can
            be.
    """

    changed = Signal()
    rate_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # What the form has no field for is kept as it came.
        self._base = TrainingSettings()
        self._class_count: int | None = None
        self.hidden = _layers_field()
        self.choices = {
            name: _choice_field(name)
            for name in (
                "features",
                "activation",
                "normalization",
                "initializer",
                "optimizer",
                "schedule",
            )
        }
        self.integers = {
            name: _integer_field(name)
            for name in ("batch_size", "epochs", "patience", "warmup_steps", "step_every", "seed")
        }
        self.numbers = {
            name: NumberField(_number_limit(name))
            for name in (
                "learning_rate",
                "momentum",
                "weight_decay",
                "dropout",
                "input_dropout",
                "label_smoothing",
                "mixup",
                "step_factor",
            )
        }
        self.augmentation = QSlider(Qt.Orientation.Horizontal)
        self.augmentation.setRange(0, 100)
        self.augmentation.setPageStep(10)
        self._augmentation_text = muted_label()
        self.layers_problem = muted_label(wraps=True)
        self.layers_problem.setProperty("role", "danger")
        self.summary = muted_label(wraps=True)
        self.advanced = Section("More settings", foldable=True)
        self._rate_is_live = False
        # A rate is taken when it was typed to its end: 0.05 is not to be 0 on its way.
        self._rate_timer = QTimer(self, singleShot=True, interval=_RATE_MILLISECONDS)
        self._lay_out()
        self._connect()
        self.set_settings(TrainingSettings())

    # Values

    def settings(self) -> TrainingSettings | None:
        """What the form says, or None while a field is invalid."""
        try:
            widths = self._widths()
        except ValueError:
            return None
        values: dict[str, int | float | str] = {
            **{name: field.currentData() for name, field in self.choices.items()},
            **{name: field.value() for name, field in self.integers.items()},
            **{name: field.value() for name, field in self.numbers.items()},
        }
        strength = self.augmentation.value() / 100
        return replace(self._base, hidden=widths, augmentation=strength, **values)  # type: ignore[arg-type]

    def set_settings(self, settings: TrainingSettings) -> None:
        self._base = settings
        self.hidden.setEditText(layer_widths_text(settings.hidden))
        for name, choice in self.choices.items():
            choice.setCurrentIndex(choice.findData(getattr(settings, name)))
        for name, integer in self.integers.items():
            integer.setValue(getattr(settings, name))
        for name, number in self.numbers.items():
            number.setValue(getattr(settings, name))
        self.augmentation.setValue(round(100 * settings.augmentation))
        self._refresh()

    def set_class_count(self, count: int | None) -> None:
        """The number of outputs that the chosen data asks for; None while nobody knows."""
        self._class_count = count
        self._refresh()

    def show_rate(self, rate: float) -> None:
        """Show the rate that a run goes on with, which may be another than its settings'."""
        self.numbers["learning_rate"].setValue(rate)
        self._rate_timer.stop()

    @property
    def is_frozen(self) -> bool:
        """Whether no setting can be changed, but for the learning rate of a run that goes on."""
        return not self.hidden.isEnabled()

    def set_frozen(self, frozen: bool, *, rate_is_live: bool = False) -> None:
        """Hold the settings while a run goes on.

        Args:
            frozen: whether they are held.
            rate_is_live: the learning rate can still be changed, and is told by a signal.
        """
        self._rate_timer.stop()
        self._rate_is_live = frozen and rate_is_live
        rate = self.numbers["learning_rate"]
        for field in self._fields:
            field.setEnabled(not frozen or (field is rate and rate_is_live))

    def _tell_rate(self) -> None:
        if self._rate_is_live:
            self.rate_changed.emit(self.numbers["learning_rate"].value())

    @property
    def _fields(self) -> list[QWidget]:
        return [
            self.hidden,
            self.augmentation,
            *self.choices.values(),
            *self.integers.values(),
            *self.numbers.values(),
        ]

    def _widths(self) -> tuple[int, ...]:
        limit = LIMITS["hidden"]
        assert isinstance(limit, LayersLimit)
        return parse_layer_widths(
            self.hidden.currentText(), widest=int(limit.width.maximum), most_layers=limit.most
        )

    # Layout

    def _lay_out(self) -> None:
        network, learning = Section("Network"), Section("Training")
        form = form_layout()
        add_field(form, "Input", self.choices["features"])
        self.choices["features"].setToolTip(
            "What the first layer gets of an image: its pixels, or maps of where its strokes’ "
            "edges face which way, with which it learns faster and reads better"
        )
        add_field(form, "Hidden &layers", self.hidden)
        network.column.addLayout(form)
        network.column.addWidget(self.layers_problem)
        form = form_layout()
        add_field(form, "Activation", self.choices["activation"])
        add_field(form, "Normalisation", self.choices["normalization"])
        self.choices["normalization"].setToolTip(
            "Whether each unit’s input is brought to the same mean and spread in every batch, "
            "which lets deep networks learn at higher rates"
        )
        add_field(form, "Initialiser", self.choices["initializer"])
        network.column.addLayout(form)
        network.column.addWidget(self.summary)

        self._learning_form = form_layout()
        add_field(self._learning_form, "Optimiser", self.choices["optimizer"])
        add_field(self._learning_form, "Learning &rate", self.numbers["learning_rate"])
        add_field(self._learning_form, "Momentum", self.numbers["momentum"])
        add_field(self._learning_form, "Batch size", self.integers["batch_size"])
        add_field(self._learning_form, "&Epochs", self.integers["epochs"])
        add_field(self._learning_form, "Augmentation", self._augmentation_row())
        self.augmentation.setAccessibleName("Augmentation strength")
        self.augmentation.setToolTip(
            "How strongly characters are turned, slanted, bent and redrawn at random"
        )
        learning.column.addLayout(self._learning_form)

        self._advanced_form = form_layout()
        for name, text in (
            ("weight_decay", "Weight decay"),
            ("dropout", "Dropout"),
            ("input_dropout", "Input dropout"),
            ("label_smoothing", "Label smoothing"),
            ("mixup", "Mixup"),
        ):
            add_field(self._advanced_form, text, self.numbers[name])
        add_field(self._advanced_form, "Schedule", self.choices["schedule"])
        add_field(self._advanced_form, "Drop every", self.integers["step_every"])
        add_field(self._advanced_form, "Drop to", self.numbers["step_factor"])
        add_field(self._advanced_form, "Warm-up", self.integers["warmup_steps"])
        add_field(self._advanced_form, "Patience", self.integers["patience"])
        add_field(self._advanced_form, "Seed", self.integers["seed"])
        self.integers["step_every"].setSuffix(" epochs")
        self.integers["warmup_steps"].setSuffix(" batches")
        self.integers["patience"].setSuffix(" epochs")
        self.integers["patience"].setSpecialValueText("no early end")
        self.integers["patience"].setToolTip(
            "End the run after so many epochs without a lower validation loss (early stopping)"
        )
        self.numbers["step_factor"].setPrefix("× ")
        self.numbers["mixup"].setToolTip(
            "How evenly two characters at a time are mixed, images and targets alike; 0 for none"
        )
        self.advanced.column.addLayout(self._advanced_form)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme().tokens.spacing)
        for section in (network, learning, self.advanced):
            layout.addWidget(section)

    def _augmentation_row(self) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.augmentation, 1)
        self._augmentation_text.setFixedWidth(
            self._augmentation_text.fontMetrics().horizontalAdvance("100 % ")
        )
        self._augmentation_text.setAlignment(
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        layout.addWidget(self._augmentation_text)
        row.setFocusProxy(self.augmentation)
        return row

    def _connect(self) -> None:
        self.hidden.editTextChanged.connect(self._refresh)
        self.hidden.activated.connect(self._take_preset)
        for choice in self.choices.values():
            choice.currentIndexChanged.connect(self._refresh)
        for integer in self.integers.values():
            integer.valueChanged.connect(self._refresh)
        for number in self.numbers.values():
            number.valueChanged.connect(self._refresh)
        self.augmentation.valueChanged.connect(self._refresh)
        self.numbers["learning_rate"].valueChanged.connect(self._rate_timer.start)
        self._rate_timer.timeout.connect(self._tell_rate)
        ignore_wheel_without_focus(self._fields, self)

    def _take_preset(self, index: int) -> None:
        self.hidden.setEditText(self.hidden.itemData(index))

    # What follows from the values

    def _refresh(self) -> None:
        optimizer = self.choices["optimizer"].currentData()
        _show_row(self._learning_form, self.numbers["momentum"], optimizer in _WITH_MOMENTUM)
        is_stepped = self.choices["schedule"].currentData() == "step"
        for field in (self.integers["step_every"], self.numbers["step_factor"]):
            _show_row(self._advanced_form, field, is_stepped)
        strength = self.augmentation.value()
        self._augmentation_text.setText(f"{strength} %" if strength else "none")
        self._describe_network()
        self.changed.emit()

    def _describe_network(self) -> None:
        try:
            widths = self._widths()
        except ValueError as problem:
            self._mark_layers(str(problem))
            self.summary.hide()
            return
        self._mark_layers("")
        self.summary.show()
        if self._class_count is None:
            self.summary.setText("The data decide how many outputs the network has.")
            return
        inputs = feature_count(self.choices["features"].currentData(), INPUT_SIZE * INPUT_SIZE)
        sizes = (inputs, *widths, self._class_count)
        notes = [network_summary(sizes)]
        if parameter_count(sizes) > _MANY_PARAMETERS:
            notes.append("That many take long to train and much memory.")
        if widths and self.choices["initializer"].currentData() in ("zero", "constant"):
            notes.append(
                "All units of a layer start alike and stay alike: nothing tells them apart."
            )
        self.summary.setText("\n".join(notes))

    def _mark_layers(self, problem: str) -> None:
        self.layers_problem.setText(problem)
        self.layers_problem.setVisible(bool(problem))
        edit = self.hidden.lineEdit()
        assert edit is not None
        for widget in (edit, self.hidden):
            if bool(widget.property("invalid")) != bool(problem):
                widget.setProperty("invalid", bool(problem))
                widget.style().unpolish(widget)
                widget.style().polish(widget)


_WITH_MOMENTUM = ("momentum", "nesterov")


def title_of(name: str) -> str:
    """A choice's name as the form shows it."""
    return TITLES.get(name, name.replace("_", " ").capitalize())


def _layers_field() -> QComboBox:
    field = QComboBox()
    field.setEditable(True)
    field.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    # Completion would offer the explanation of a preset as its text.
    field.setCompleter(None)  # type: ignore[arg-type]
    for text, explanation in LAYER_PRESETS:
        field.addItem(explanation, text)
    field.setToolTip("Units of each hidden layer, separated by commas; or pick one")
    field.setMinimumContentsLength(8)
    return field


def _choice_field(name: str) -> QComboBox:
    limit = LIMITS[name]
    assert isinstance(limit, ChoiceLimit)
    field = QComboBox()
    for choice in limit.choices:
        field.addItem(title_of(choice), choice)
    return field


def _number_limit(name: str) -> NumberLimit:
    limit = LIMITS[name]
    assert isinstance(limit, NumberLimit)
    return limit


def _integer_field(name: str) -> QSpinBox:
    limit = _number_limit(name)
    field = QSpinBox()
    # Qt's whole numbers have 32 bits with a sign.
    field.setRange(int(limit.minimum), min(int(limit.maximum), 2**31 - 1))
    field.setToolTip(f"{field.minimum():,} to {field.maximum():,}")
    if name in ("batch_size", "epochs"):
        field.setStepType(QSpinBox.StepType.AdaptiveDecimalStepType)
    return field


def _show_row(form: QFormLayout, field: QWidget, visible: bool) -> None:
    if form.isRowVisible(field) != visible:
        form.setRowVisible(field, visible)
