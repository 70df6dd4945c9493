"""The button that takes along what the train view shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from handwrite_gui.train.controls import icon_button
from handwrite_gui.train.curve_history import CurveSnapshot
from handwrite_gui.train.curves_panel import CurvesPanel
from handwrite_gui.train.take_away import Exhibit, Table, fill_menu


class TakeAwayButton(QWidget):
    """Opens a menu of the plots in view, each as picture, drawing and data.

    Args:
        exhibits: asked for the plots when the menu is opened.

    Signals:
        done(str): something was saved or copied, a line for the status bar.
        failed(object): it was not; what went wrong.
    """

    done = Signal(str)
    failed = Signal(object)

    def __init__(
        self, exhibits: Callable[[], Sequence[Exhibit]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._exhibits = exhibits
        self.button = icon_button("download", "Take along what is shown")
        self.button.setParent(self)
        self.button.setToolTip("Take along what is shown: as a picture, a drawing or data")
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill)
        self.button.setMenu(self.menu)
        self.setFixedSize(self.button.sizeHint())

    def _fill(self) -> None:
        self.menu.clear()
        exhibits = self._exhibits()
        fill_menu(self.menu, exhibits, self.done.emit, self.failed.emit)
        if not exhibits:
            self.menu.addAction("Nothing is shown yet").setEnabled(False)


def curve_exhibits(curves: CurvesPanel) -> tuple[Exhibit, ...]:
    """The two plots of a run's curves."""
    snapshot = curves.snapshot
    if snapshot is None or not curves.isVisible():
        return ()
    return (
        Exhibit("Loss", "loss", curves.loss, lambda: curve_table(snapshot)),
        Exhibit("Accuracy", "accuracy", curves.accuracy, lambda: curve_table(snapshot)),
    )


def curve_table(curves: CurveSnapshot) -> Table:
    """Every value that is drawn: a row for each batch, then one for each epoch."""
    rows: list[list[object]] = [
        ["epoch", "batch loss", "batch accuracy", "validation loss", "validation accuracy"]
    ]
    for position, loss, accuracy in zip(
        curves.position.tolist(), curves.loss.tolist(), curves.accuracy.tolist(), strict=True
    ):
        rows.append([position, loss, accuracy, "", ""])
    for epoch, loss, accuracy in zip(
        curves.epochs.tolist(),
        curves.validation_loss.tolist(),
        curves.validation_accuracy.tolist(),
        strict=True,
    ):
        rows.append([epoch, "", "", loss, accuracy])
    return rows
