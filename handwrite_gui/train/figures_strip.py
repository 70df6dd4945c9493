"""Where the run is, in figures."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from handwrite_gui.theme import theme
from handwrite_gui.train.controls import muted_label
from handwrite_gui.train.run_buffer import Progress, RunPlan

NOTHING = "–"
_ETA_AFTER_SECONDS = 1.0


class Figure(QWidget):
    """A value under its caption."""

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.caption = muted_label(caption)
        self.value = QLabel(NOTHING)
        self.value.setProperty("role", "heading")
        self.value.setAccessibleName(caption)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.caption)
        layout.addWidget(self.value)

    def set(self, text: str, tip: str = "") -> None:
        self.value.setText(text)
        self.setToolTip(tip)


class FiguresStrip(QFrame):
    """Epoch, time, speed, loss and accuracy of the run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.epoch = Figure("Epoch")
        self.elapsed = Figure("Elapsed")
        self.remaining = Figure("Left")
        self.speed = Figure("Speed")
        self.loss = Figure("Loss")
        self.accuracy = Figure("Accuracy")
        self.validation = Figure("Validation")
        spacing = theme().tokens.spacing
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * spacing, spacing, 2 * spacing, spacing)
        layout.setSpacing(spacing)
        for figure in self.figures:
            layout.addWidget(figure, 1)

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (
            self.epoch,
            self.elapsed,
            self.remaining,
            self.speed,
            self.loss,
            self.accuracy,
            self.validation,
        )

    def clear(self) -> None:
        for figure in self.figures:
            figure.set(NOTHING)

    def set_progress(self, progress: Progress, plan: RunPlan) -> None:
        self.epoch.set(
            f"{progress.epoch:,} of {plan.epochs:,}",
            f"Batch {progress.step:,} of {plan.total_steps:,}",
        )
        self.elapsed.set(duration_text(progress.seconds), "Time spent training, without pauses")
        remaining = progress.remaining_seconds
        known = remaining is not None and progress.seconds >= _ETA_AFTER_SECONDS
        self.remaining.set(
            duration_text(remaining) if known and remaining is not None else NOTHING,
            "Time to the end of the run, if it goes on like this",
        )
        speed = progress.samples_per_second
        self.speed.set(
            f"{count_text(speed)}/s" if speed is not None else NOTHING,
            "Samples learned in a second",
        )
        self.loss.set(
            f"{progress.loss:.4f}",
            f"Training loss, averaged over the last batches; learning rate "
            f"{progress.learning_rate:.3g}",
        )
        self.accuracy.set(
            f"{progress.accuracy:.1%}", "Training accuracy, averaged over the last batches"
        )
        accuracy = progress.validation_accuracy
        if accuracy is None:
            self.validation.set(NOTHING, "Measured at the end of every epoch")
        else:
            self.validation.set(f"{accuracy:.1%}", f"Best after epoch {progress.best_epoch}")


def duration_text(seconds: float) -> str:
    """A duration as a clock shows it: 0:07, 12:34, 1:02:03."""
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    if hours >= 100:
        return f"{hours} h"
    if hours:
        return f"{hours}:{minutes:02d}:{whole % 60:02d}"
    return f"{minutes}:{whole % 60:02d}"


def count_text(count: float) -> str:
    """A count in few digits: 950, 35,200, 1.2 M."""
    if count >= 1e6:
        return f"{count / 1e6:.1f} M"
    if count >= 1e4:
        return f"{count / 1e3:.0f} k"
    return f"{count:,.0f}"
