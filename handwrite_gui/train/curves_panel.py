"""Loss and accuracy while the network learns, and those of other runs beside."""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from handwrite_gui.theme import theme
from handwrite_gui.train.controls import icon_button, muted_label, segment_button
from handwrite_gui.train.curve_history import CurveSnapshot
from handwrite_gui.train.curve_plot import CurvePlot, RunCurves

MOST_OVERLAYS = 8


@dataclass(frozen=True, eq=False)
class Overlay:
    """A run that is drawn beside the one that goes on.

    Attributes:
        id: of the run.
        label: for the legend.
        curves: as far as they are known.
    """

    id: str
    label: str
    curves: CurveSnapshot


def overlay_colours(count: int) -> list[str]:
    """Colours for runs beside the present one, which has the first two."""
    series = theme().tokens.series
    ring = [*series[2:], series[1], series[0]]
    return [ring[index % len(ring)] for index in range(count)]


class CurvesPanel(QWidget):
    """Two plots above each other that share their epochs, their cursor and their zoom."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._batches_per_epoch = 1
        self._follows = True
        self._overlays: Sequence[Overlay] = ()
        self.snapshot: CurveSnapshot | None = None
        self.loss = CurvePlot("loss", lambda value: f"{value:.3g}", has_position_label=False)
        self.accuracy = CurvePlot(
            "accuracy (%)", lambda value: f"{value:.2%}", y_scale=100, y_most=1.05
        )
        self._plots = (self.loss, self.accuracy)
        for plot in self._plots:
            plot.cursor_moved.connect(self._show_cursor)
            plot.zoomed.connect(partial(self._hold, plot))
        self.per_epoch = segment_button(
            "Epochs", "Draw one value an epoch, the mean over it, instead of every batch"
        )
        self.per_epoch.toggled.connect(self._set_grain)
        self.smoothed = segment_button("Smooth", "Draw a moving average over the last batches")
        self.smoothed.setChecked(True)
        self.smoothed.toggled.connect(self._set_smoothed)
        self.log_y = segment_button("log y", "Draw the loss on a logarithmic axis")
        self.log_x = segment_button("log x", "Draw the epochs on a logarithmic axis")
        for button in (self.log_x, self.log_y):
            button.toggled.connect(self._set_log)
        self.fit_button = icon_button("fit", "Fit")
        self.fit_button.setToolTip("Fit the whole run into view and follow it (Ctrl+0)")
        self.fit_button.clicked.connect(self.follow)
        self.fit_button.setEnabled(False)
        self.legend = QLabel()
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.legend.setWordWrap(True)
        self.position_label = muted_label()
        self._lay_out()
        theme().changed.connect(self._draw_overlays)

    def _lay_out(self) -> None:
        spacing = theme().tokens.spacing
        header = QHBoxLayout()
        header.setSpacing(spacing // 2)
        header.addWidget(self.per_epoch)
        header.addWidget(self.smoothed)
        header.addStretch(1)
        header.addWidget(self.log_y)
        header.addWidget(self.log_x)
        header.addWidget(self.fit_button)
        for button in (self.per_epoch, self.smoothed, self.log_y, self.log_x):
            # By default a tool button may be narrower than its text.
            button.setMinimumWidth(button.sizeHint().width())
        footer = QHBoxLayout()
        footer.setSpacing(spacing)
        footer.addWidget(self.legend, 1)
        footer.addWidget(self.position_label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(spacing // 2)
        layout.addLayout(header)
        for plot in self._plots:
            layout.addWidget(plot, 1)
        layout.addLayout(footer)
        # The line is always as tall: the plots must not jump when the pointer comes.
        self.position_label.setMinimumHeight(self.position_label.fontMetrics().height() + 2)

    def begin(self, batches_per_epoch: int) -> None:
        """Forget the last run and follow the next one."""
        self._batches_per_epoch = batches_per_epoch
        self.position_label.clear()
        for plot in self._plots:
            plot.set_curves(RunCurves())
        self.follow()

    def set_curves(self, curves: CurveSnapshot) -> None:
        """Show how the run stands."""
        for draw in self.parts_of(curves):
            draw()

    def parts_of(self, curves: CurveSnapshot) -> list[Callable[[], None]]:
        """The same as :meth:`set_curves` in parts, to be done in this order."""
        self.snapshot = curves
        plots = [
            partial(plot.draw_curves, run)
            for plot, run in zip(self._plots, _figures(curves), strict=True)
        ]
        # Painting axes anew takes longest, so each plot moves in a turn of its own.
        moves = [partial(self._keep_up, plot) for plot in self._plots]
        return [*plots, *moves, self._write_read_outs]

    def _keep_up(self, plot: CurvePlot) -> None:
        """Bring what was learned since into view, where the run is followed."""
        if self._follows:
            plot.follow()

    def _write_read_outs(self) -> None:
        for plot in self._plots:
            plot.write_read_out()

    def set_overlays(self, overlays: Sequence[Overlay]) -> None:
        """Draw other runs beside; the first :data:`MOST_OVERLAYS` of them."""
        if not overlays and not self._overlays:
            return  # the usual case, told at every epoch of a run
        self._overlays = overlays[:MOST_OVERLAYS]
        self._draw_overlays()
        for plot in self._plots:
            self._keep_up(plot)

    @property
    def overlays(self) -> Sequence[Overlay]:
        """The runs that are drawn beside."""
        return self._overlays

    def _draw_overlays(self) -> None:
        colours = overlay_colours(len(self._overlays))
        figures = [_figures(overlay.curves) for overlay in self._overlays]
        self.loss.set_others([loss for loss, _ in figures], colours)
        self.accuracy.set_others([accuracy for _, accuracy in figures], colours)
        self._write_legend()

    def _write_legend(self) -> None:
        """Names of the other runs with their accuracy where the cursor is, or at the end."""
        marks = []
        colours = overlay_colours(len(self._overlays))
        for index, (overlay, colour) in enumerate(zip(self._overlays, colours, strict=True)):
            mark = f'<span style="color:{colour}">━</span>&nbsp;{_unbroken(overlay.label)}'
            marks.append(f"{mark}&nbsp;{self.accuracy.other_value(index)}")
        self.legend.setText("&nbsp;&nbsp; ".join(marks))

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

    def _hold(self, zoomed: CurvePlot) -> None:
        """Keep what the person zoomed to; both plots show the same epochs."""
        for plot in self._plots:
            if plot is not zoomed:
                plot.show_epochs(*zoomed.shown_epochs)
        self._follows = False
        self.fit_button.setEnabled(True)

    def _set_smoothed(self, smoothed: bool) -> None:
        for plot in self._plots:
            plot.set_smoothed(smoothed)

    def _set_grain(self, per_epoch: bool) -> None:
        self.smoothed.setEnabled(not per_epoch)
        for plot in self._plots:
            plot.set_per_epoch(per_epoch)

    def _set_log(self) -> None:
        x = self.log_x.isChecked()
        self.loss.set_log(x=x, y=self.log_y.isChecked())
        self.accuracy.set_log(x=x, y=False)
        # What was zoomed to means nothing on another axis.
        self.follow()

    def _show_cursor(self, epoch: float) -> None:
        position = None if math.isnan(epoch) else max(epoch, 0.0)
        for plot in self._plots:
            plot.show_values_at(position)
        self._write_legend()
        if position is None:
            self.position_label.clear()
        else:
            batch = round(position * self._batches_per_epoch)
            self.position_label.setText(f"epoch {position:.2f}, batch {batch:,}")


def _unbroken(text: str) -> str:
    """A label for a legend, which breaks its line between runs only."""
    return html.escape(text).replace(" ", "&nbsp;")


def _figures(curves: CurveSnapshot) -> tuple[RunCurves, RunCurves]:
    """Loss and accuracy."""
    loss = RunCurves(
        curves.position,
        curves.loss,
        curves.smooth_loss,
        curves.epochs,
        curves.training_loss,
        curves.validation_loss,
    )
    accuracy = RunCurves(
        curves.position,
        curves.accuracy,
        curves.smooth_accuracy,
        curves.epochs,
        curves.training_accuracy,
        curves.validation_accuracy,
    )
    return loss, accuracy
