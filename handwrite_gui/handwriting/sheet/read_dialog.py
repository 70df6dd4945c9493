"""Reading filled-in sheets: progress, then everything that was cut out, to be looked through."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.handwriting.sheet.preview import Preview, preview_sheets
from handwrite_gui.message_bar import explain
from handwrite_gui.train.sample_grid import Mark, Sample, SampleGrid
from handwrite_gui.workers import TaskRunner

if TYPE_CHECKING:
    from handwrite_gui.engine.handwriting.samples import NewSample
    from handwrite_gui.engine.recognizer import Recognizer

_PROBLEMS_SHOWN = 4


class ReadSheetDialog(QDialog):
    """Reads pictures of sheets and lets the person leave samples out.

    Accepted, it has what is to be kept in :attr:`kept`; the profile is not touched here.
    """

    def __init__(self, profile: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Read a filled-in sheet")
        self.resize(760, 560)
        self._profile = profile
        self._runner = TaskRunner(self, threads=1)
        self._preview: Preview | None = None
        self._left_out: set[int] = set()
        self._lay_out()

    def _lay_out(self) -> None:
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setMaximum(1000)
        self.progress_text = QLabel("Getting ready…", self)
        self.progress_text.setProperty("role", "muted")
        waiting = QWidget(self)
        column = QVBoxLayout(waiting)
        column.addStretch(1)
        column.addWidget(self.progress_text, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.progress)
        column.addStretch(1)
        self.summary = QLabel(self)
        self.summary.setProperty("role", "heading")
        self.guidance = QLabel(self)
        self.guidance.setProperty("role", "muted")
        self.problems = QLabel(self)
        for label in (self.guidance, self.problems):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.problems.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.grid = SampleGrid(self)
        self.grid.setAccessibleName("What was cut out of the sheets")
        self.grid.chosen_changed.connect(self._follow)
        self.grid.delete_wanted.connect(self.toggle)
        self.grid.opened.connect(lambda row: self.toggle())
        found = QWidget(self)
        column = QVBoxLayout(found)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.summary)
        column.addWidget(self.guidance)
        column.addWidget(self.grid, 1)
        column.addWidget(self.problems)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(waiting)
        self.pages.addWidget(found)
        self.toggle_button = QPushButton("&Leave Out", self)
        self.toggle_button.setToolTip("Leave out what is chosen, or take it in again (Del)")
        self.toggle_button.clicked.connect(self.toggle)
        self.keep_button = QPushButton("&Keep", self)
        self.keep_button.setProperty("variant", "primary")
        self.keep_button.setDefault(True)
        self.keep_button.clicked.connect(self.accept)
        self.cancel_button = QPushButton("Cancel", self)
        self.cancel_button.setAutoDefault(False)
        self.toggle_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(self.toggle_button)
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.keep_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(self.pages, 1)
        column.addLayout(row)
        self._follow()

    @property
    def kept(self) -> list[NewSample]:
        """The samples that were not left out."""
        if self._preview is None:
            return []
        return [
            one.sample
            for row, one in enumerate(self._preview.cuttings)
            if row not in self._left_out
        ]

    def read(self, paths: Sequence[Path], recognizer: Recognizer | None) -> None:
        """Begin to read; what was found is shown when it is done."""
        task = self._runner.run(preview_sheets, paths, recognizer)
        task.progressed.connect(self._show_progress)
        task.finished.connect(self._show)
        task.failed.connect(self._fail)

    def toggle(self) -> None:
        """Leave out what is chosen; take it in where all of it is left out already."""
        chosen = set(self.grid.chosen)
        if chosen <= self._left_out:
            self._left_out -= chosen
        else:
            self._left_out |= chosen
        self.grid.restate(self._samples())
        self._follow()

    def done(self, result: int) -> None:
        self._runner.shutdown()
        super().done(result)

    def _show_progress(self, share: float, text: str) -> None:
        self.progress.setValue(round(1000 * share))
        self.progress_text.setText(f"{text}…")

    def _show(self, preview: Preview) -> None:
        self._preview = preview
        self._left_out = {
            row for row, one in enumerate(preview.cuttings) if one.verdict == "scribbled"
        }
        self.grid.set_samples(preview.inputs, self._samples())
        self._show_problems(preview.problems)
        doubtful = sum(one.verdict == "doubtful" for one in preview.cuttings)
        parts = []
        if doubtful:
            parts.append(
                f"{doubtful} that look like another character come first: they teach most where "
                "they are right, and harm where they are not."
            )
        if self._left_out:
            parts.append("What was scribbled over is left out.")
        parts.append("Del leaves out what is chosen, or takes it in again.")
        self.guidance.setText(" ".join(parts))
        self.guidance.setVisible(bool(preview.cuttings))
        self.pages.setCurrentIndex(1)
        self._follow()
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_problems(self, problems: Sequence[str]) -> None:
        lines = list(problems[:_PROBLEMS_SHOWN])
        if len(problems) > _PROBLEMS_SHOWN:
            lines.append(f"… and {len(problems) - _PROBLEMS_SHOWN} more")
        self.problems.setText("\n".join(lines))
        self.problems.setVisible(bool(lines))

    def _fail(self, error: Exception) -> None:
        self.summary.setText("The sheets could not be read")
        self._show_problems([explain(error)[0]])
        self.guidance.hide()
        self.pages.setCurrentIndex(1)

    def _samples(self) -> list[Sample]:
        assert self._preview is not None
        return [
            Sample(row, one.caption, one.tip, self._mark(row, one.verdict))
            for row, one in enumerate(self._preview.cuttings)
        ]

    def _mark(self, row: int, verdict: str) -> Mark:
        if row in self._left_out:
            return "aside"
        return "changed" if verdict == "doubtful" else ""

    def _follow(self) -> None:
        count, preview = len(self.kept), self._preview
        self.keep_button.setEnabled(count > 0)
        self.keep_button.setText(f"&Keep {count}" if count else "&Keep")
        self.toggle_button.setVisible(preview is not None and bool(preview.cuttings))
        chosen = set(self.grid.chosen)
        self.toggle_button.setEnabled(bool(chosen))
        taken_in = bool(chosen) and chosen <= self._left_out
        self.toggle_button.setText("&Take In" if taken_in else "&Leave Out")
        if preview is None:
            return
        if not preview.cuttings:
            self.summary.setText("No samples were found")
            return
        pages = "1 page" if preview.pages == 1 else f"{preview.pages} pages"
        self.summary.setText(
            f"{count} of {len(preview.cuttings)} samples from {pages} for {self._profile}"
        )
