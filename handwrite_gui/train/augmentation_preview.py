"""A sample as augmentation changes it, with a slider for each kind of change."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.engine.data.augmentation_ranges import AugmentationRanges
from handwrite_gui.engine.data.normalizer import INPUT_SIZE
from handwrite_gui.importing import one_at_a_time
from handwrite_gui.theme import theme
from handwrite_gui.train.controls import (
    heading_label,
    ignore_wheel_without_focus,
    muted_label,
    segment_button,
    squeezable,
)
from handwrite_gui.train.thumbnails import Thumbnails
from handwrite_gui.workers import TaskRunner

_VARIANTS = 14
_FULL = 100


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of random change: its range's name, what it is called, its range in words."""

    name: str
    title: str
    tip: str
    words: Callable[[float], str]


KINDS = (
    Kind("translation", "Shift", "Moved either way", lambda x: f"±{x:.1f} px"),
    Kind("rotation", "Rotation", "Turned either way", lambda x: f"±{math.degrees(x):.0f}°"),
    Kind("shear", "Slant", "Slanted either way, sideways by height", lambda x: f"±{x:.2f}"),
    Kind("scale", "Size", "Larger or smaller", lambda x: f"±{x:.0%}"),
    Kind("aspect", "Width", "Wider or narrower", lambda x: f"±{x:.0%}"),
    Kind("elastic", "Elastic", "Bent as by an unsteady hand", lambda x: f"{x:.1f} px"),
    Kind("thicken", "Thicker pen", "A third of the samples", lambda x: f"to {x:.0%}"),
    Kind("thin", "Thinner pen", "Another third of the samples", lambda x: f"to {x:.0%}"),
    Kind("blur", "Blur", "A third of the samples, out of focus", lambda x: f"to {x:.0%}"),
    Kind("noise", "Noise", "A quarter of the samples, grey noise", lambda x: f"to {x:.1%}"),
)


def variants(
    image: NDArray[np.uint8], strength: float, shares: dict[str, float], seed: int
) -> NDArray[np.uint8]:
    """An image as training would show it, anew every time.

    Args:
        image: uint8 (1024,).
        strength: of the augmentation, 0 to 1.
        shares: how much of its range each kind has, 0 to 1.
        seed: of the changes.

    Returns:
        uint8 (n, 32, 32).
    """
    with one_at_a_time:  # in a worker; it loads SciPy, which the view does not wait for
        from handwrite_gui.engine.data.augmentation import Augmenter

    batch = np.repeat(image[np.newaxis], _VARIANTS, axis=0)
    augment = Augmenter(strength, ranges=AugmentationRanges().scaled(shares))
    changed = augment(batch, np.random.default_rng(seed))
    levels = np.rint(255 * np.clip(changed, 0, 1)).astype(np.uint8)
    return levels.reshape(_VARIANTS, INPUT_SIZE, INPUT_SIZE)


class AugmentationPreview(QWidget):
    """The strength, the kinds where they are wanted, and samples changed so.

    Signals:
        previewed(): the changed samples have arrived.
        strength_wanted(float): the person wants to train with this strength.
    """

    previewed = Signal()
    strength_wanted = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: NDArray[np.uint8] | None = None
        self._runner = TaskRunner(self, latest_only=True)
        self._seed = 0
        self.strength = QSlider(Qt.Orientation.Horizontal)
        self.strength.setRange(0, 100)
        self.strength.setValue(50)
        self.strength.setAccessibleName("Strength of the augmentation")
        self.strength.setToolTip("The setting “Augmentation” of a run: all kinds together")
        self.strength_label = muted_label()
        self.kinds_button = segment_button("Kinds", "Look at each kind of change by itself")
        self.anew_button = QPushButton("Anew")
        self.anew_button.setToolTip("Draw other random changes")
        self.use_button = QPushButton("Use")
        self.use_button.setToolTip("Train with this strength; every kind has its full range then")
        self.images = Thumbnails()
        self.images.setAccessibleName("The chosen sample with random changes")
        self.sliders: dict[str, QSlider] = {}
        self.alone: dict[str, QToolButton] = {}
        self._values: dict[str, QLabel] = {}
        self._soon = QTimer(self, singleShot=True, interval=40)
        self._lay_out()
        self._connect()
        self._write_values()

    def _lay_out(self) -> None:
        spacing = theme().tokens.spacing
        head = QHBoxLayout()
        head.setSpacing(spacing)
        head.addWidget(squeezable(heading_label("Augmentation")))
        head.addWidget(self.strength, 1)
        head.addWidget(self.strength_label)
        for button in (self.kinds_button, self.anew_button, self.use_button):
            head.addWidget(button)
        self.kinds = QWidget()
        grid = QGridLayout(self.kinds)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(spacing)
        grid.setVerticalSpacing(spacing // 2)
        rows = -(-len(KINDS) // 2)
        for index, kind in enumerate(KINDS):
            column, row = divmod(index, rows)
            button = segment_button(kind.title, f"{kind.tip}. Press to see it alone")
            slider = QSlider(Qt.Orientation.Horizontal)
            slider.setRange(0, _FULL)
            slider.setValue(_FULL)
            slider.setAccessibleName(kind.title)
            slider.setToolTip(kind.tip)
            slider.setMinimumWidth(40)
            value = muted_label()
            value.setMinimumWidth(value.fontMetrics().horizontalAdvance("to 100%"))
            for place, widget in enumerate((button, slider, value)):
                grid.addWidget(widget, row, 3 * column + place)
            self.alone[kind.name], self.sliders[kind.name] = button, slider
            self._values[kind.name] = value
        for column in (1, 4):
            grid.setColumnStretch(column, 1)
        self.kinds.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(spacing // 2)
        layout.addLayout(head)
        layout.addWidget(self.kinds)
        layout.addWidget(self.images)

    def _connect(self) -> None:
        self._soon.timeout.connect(self._draw)
        for slider in (self.strength, *self.sliders.values()):
            slider.valueChanged.connect(self._on_changed)
        for name, button in self.alone.items():
            button.clicked.connect(lambda checked, name=name: self._show_alone(name, checked))
        self.kinds_button.toggled.connect(self._show_kinds)
        self.anew_button.clicked.connect(self._draw_anew)
        self.use_button.clicked.connect(
            lambda: self.strength_wanted.emit(self.strength.value() / 100)
        )
        ignore_wheel_without_focus([self.strength, *self.sliders.values()], self)

    def set_image(self, image: NDArray[np.uint8] | None) -> None:
        """Show another sample, uint8 (1024,), or none."""
        self._image = image
        self._soon.start()

    @property
    def shares(self) -> dict[str, float]:
        """How much of its range each kind has, 0 to 1; all of it while the kinds are hidden."""
        if not self.kinds_button.isChecked():
            return dict.fromkeys(self.sliders, 1.0)
        return {name: slider.value() / _FULL for name, slider in self.sliders.items()}

    def shutdown(self) -> None:
        self._soon.stop()
        self._runner.shutdown()

    def _show_kinds(self, shown: bool) -> None:
        self.kinds.setVisible(shown)
        self._on_changed()

    def _show_alone(self, name: str, alone: bool) -> None:
        """This kind in full and no other, or all of them again."""
        for other, button in self.alone.items():
            button.setChecked(alone and other == name)
            self.sliders[other].setValue(_FULL if other == name or not alone else 0)

    def _on_changed(self) -> None:
        self._write_values()
        self._soon.start()

    def _write_values(self) -> None:
        strength, ranges = self.strength.value() / 100, AugmentationRanges().scaled(self.shares)
        self.strength_label.setText(f"{self.strength.value()} %")
        for kind in KINDS:
            label = self._values[kind.name]
            label.setText(kind.words(strength * getattr(ranges, kind.name)))

    def _draw_anew(self) -> None:
        self._seed += 1
        self._draw()

    def _draw(self) -> None:
        if self._image is None:
            self.images.set_images(None)
            return
        strength = self.strength.value() / 100
        task = self._runner.run(variants, self._image, strength, self.shares, self._seed)
        task.finished.connect(self._show)

    def _show(self, images: NDArray[np.uint8]) -> None:
        self.images.set_images(images)
        self.previewed.emit()
