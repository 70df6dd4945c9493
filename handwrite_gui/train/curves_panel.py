"""Loss and accuracy while the network learns."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from handwrite_gui.icons import icon
from handwrite_gui.theme import theme
from handwrite_gui.train.controls import muted_label
from handwrite_gui.train.curve_history import CurveSnapshot
from handwrite_gui.train.curve_plot import CurvePlot


class CurvesPanel(QWidget):
    """Two plots above each other that share their epochs, their cursor and their zoom."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._batches_per_epoch = 1
        self._follows = True
        self.loss = CurvePlot("loss", lambda value: f"{value:.4g}")
        self.accuracy = CurvePlot(
            "accuracy (%)", lambda value: f"{value:.2%}", y_scale=100, y_most=1.0
        )
        self._plots = (self.loss, self.accuracy)
        self.accuracy.plot.setXLink(self.loss.plot)
        for plot in self._plots:
            plot.cursor_moved.connect(self._show_cursor)
            plot.zoomed.connect(self._hold)
        self.smoothed = QCheckBox("Smoothed")
        self.smoothed.setChecked(True)
        self.smoothed.setToolTip("Draw a moving average over about 50 batches")
        self.smoothed.toggled.connect(self._set_smoothed)
        self.fit_button = QPushButton(icon("fit"), "Fit")
        self.fit_button.setProperty("variant", "quiet")
        self.fit_button.setToolTip("Fit the whole run into view and follow it")
        self.fit_button.clicked.connect(self.follow)
        self.fit_button.setEnabled(False)
        self._legend = QLabel()
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._position = muted_label()
        self._lay_out()
        self._write_legend()
        theme().changed.connect(self._write_legend)

    def _lay_out(self) -> None:
        spacing = theme().tokens.spacing
        header = QHBoxLayout()
        header.setSpacing(spacing)
        header.addWidget(self._legend)
        header.addStretch(1)
        header.addWidget(self.smoothed)
        header.addWidget(self.fit_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(spacing // 2)
        layout.addLayout(header)
        for plot in self._plots:
            layout.addWidget(plot, 1)
        layout.addWidget(self._position)

    def begin(self, batches_per_epoch: int) -> None:
        """Forget the last run and follow the next one."""
        self._batches_per_epoch = batches_per_epoch
        self._position.clear()
        self.follow()

    def set_curves(self, curves: CurveSnapshot) -> None:
        self.loss.set_curves(
            curves.position,
            curves.loss,
            curves.smooth_loss,
            curves.epochs,
            curves.validation_loss,
        )
        self.accuracy.set_curves(
            curves.position,
            curves.accuracy,
            curves.smooth_accuracy,
            curves.epochs,
            curves.validation_accuracy,
        )
        if self._follows:
            self.follow()

    @property
    def follows(self) -> bool:
        """Whether the plots follow the run, or hold what the person zoomed to."""
        return self._follows

    def follow(self) -> None:
        """Fit the whole run into view, now and from now on."""
        self._follows = True
        self.fit_button.setEnabled(False)
        for plot in self._plots:
            plot.fit()

    def _hold(self) -> None:
        self._follows = False
        self.fit_button.setEnabled(True)

    def _set_smoothed(self, smoothed: bool) -> None:
        for plot in self._plots:
            plot.set_smoothed(smoothed)

    def _show_cursor(self, epoch: float) -> None:
        position = None if math.isnan(epoch) else max(epoch, 0.0)
        for plot in self._plots:
            plot.show_values_at(position)
        if position is None:
            self._position.clear()
        else:
            batch = round(position * self._batches_per_epoch)
            self._position.setText(f"at epoch {position:.2f}, batch {batch:,}")

    def _write_legend(self) -> None:
        training, validation = theme().tokens.series[:2]
        self._legend.setText(
            f'<span style="color:{training}">━</span> training&nbsp;&nbsp; '
            f'<span style="color:{validation}">●</span> validation'
        )
