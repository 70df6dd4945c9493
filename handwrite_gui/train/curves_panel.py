"""Loss and accuracy while the network learns."""

from __future__ import annotations

import math

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from handwrite_gui.theme import theme
from handwrite_gui.train.controls import icon_button, muted_label
from handwrite_gui.train.curve_history import CurveSnapshot
from handwrite_gui.train.curve_plot import CurvePlot


class CurvesPanel(QWidget):
    """Two plots above each other that share their epochs, their cursor and their zoom."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._batches_per_epoch = 1
        self._follows = True
        self.loss = CurvePlot("loss", lambda value: f"{value:.3g}", has_position_label=False)
        self.accuracy = CurvePlot(
            "accuracy (%)", lambda value: f"{value:.2%}", y_scale=100, y_most=1.05
        )
        self._plots = (self.loss, self.accuracy)
        self.accuracy.plot.setXLink(self.loss.plot)
        for plot in self._plots:
            plot.cursor_moved.connect(self._show_cursor)
            plot.zoomed.connect(self._hold)
        self.smoothed = QCheckBox("Smoothed")
        self.smoothed.setChecked(True)
        self.smoothed.setToolTip("Draw a moving average over the last batches")
        self.smoothed.toggled.connect(self._set_smoothed)
        self.fit_button = icon_button("fit", "Fit")
        self.fit_button.setToolTip("Fit the whole run into view and follow it (Ctrl+0)")
        self.fit_button.clicked.connect(self.follow)
        self.fit_button.setEnabled(False)
        self.position_label = muted_label()
        self._lay_out()

    def _lay_out(self) -> None:
        spacing = theme().tokens.spacing
        header = QHBoxLayout()
        header.setSpacing(spacing)
        header.addWidget(self.position_label, 1)
        header.addWidget(self.smoothed)
        header.addWidget(self.fit_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(spacing // 2)
        layout.addLayout(header)
        for plot in self._plots:
            layout.addWidget(plot, 1)

    def begin(self, batches_per_epoch: int) -> None:
        """Forget the last run and follow the next one."""
        self._batches_per_epoch = batches_per_epoch
        self.position_label.clear()
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
            self.position_label.clear()
        else:
            batch = round(position * self._batches_per_epoch)
            self.position_label.setText(f"epoch {position:.2f}, batch {batch:,}")
