"""The button that takes along what the train view shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from handwrite_gui.engine.whole_file import replace_text
from handwrite_gui.train.controls import icon_button
from handwrite_gui.train.curve_history import CurveSnapshot
from handwrite_gui.train.curves_panel import CurvesPanel
from handwrite_gui.train.take_away import Exhibit, Table, ask_for_path, fill_menu
from handwrite_gui.workers import TaskRunner

if TYPE_CHECKING:
    from handwrite_gui.engine.export.run_report import ReportedRun


class TakeAwayButton(QWidget):
    """Opens a menu of the plots in view, each as picture, drawing and data.

    Args:
        exhibits: asked for the plots when the menu is opened.
        report: gives what a report of the run tells; None where there is no run.

    Signals:
        done(str): something was saved or copied, a line for the status bar.
        failed(object): it was not; what went wrong.
    """

    done = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        exhibits: Callable[[], Sequence[Exhibit]],
        report: Callable[[], ReportedRun | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._exhibits = exhibits
        self._report = report
        self._runner = TaskRunner(self)
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
        elif self._report() is not None:
            self.menu.addSeparator()
            self.menu.addAction("Report of the Run (HTML)…").triggered.connect(self._ask_for_report)

    def _ask_for_report(self) -> None:
        path = ask_for_path(self, "Save a report of the run", "run", "html")
        if path is not None:
            self.save_report(path)

    def save_report(self, path: Path) -> None:
        """Write a report of the run; ``done`` or ``failed`` follows."""
        run = self._report()
        if run is not None:
            task = self._runner.run(_write_report, run, path)
            task.finished.connect(lambda _: self.done.emit(f"Saved {path.name}"))
            task.failed.connect(self.failed)

    def shutdown(self) -> None:
        """Wait for what is being written."""
        self._runner.shutdown()


def _write_report(run: ReportedRun, path: Path) -> None:
    # Imported here: it brings the imaging library.
    from handwrite_gui.engine.export.run_report import run_report

    replace_text(path, run_report(run))


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
