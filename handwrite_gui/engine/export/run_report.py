"""A run as one HTML page that needs no other file: to be handed in, printed, kept."""

from __future__ import annotations

import base64
import io
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from handwrite_gui import __version__
from handwrite_gui.engine.data.normalizer import INPUT_SIZE
from handwrite_gui.engine.evaluation.confusion import confusion_matrix, most_confused, per_class
from handwrite_gui.engine.evaluation.metrics import calibration_error
from handwrite_gui.engine.evaluation.readings import Readings, calibration, least_certain, worst
from handwrite_gui.engine.export.svg_chart import Line, line_chart
from handwrite_gui.engine.network.features import weights_as_images
from handwrite_gui.engine.training.final_test import Look
from handwrite_gui.engine.training.history import History
from handwrite_gui.engine.training.settings import TrainingSettings
from handwrite_gui.engine.training.training_data import TrainingData

_TRAINING, _VALIDATION = "#2b57c8", "#b84d0b"
_UNITS_SHOWN = 64
_EXAMPLES = 24
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 760px; margin: 2rem auto; padding: 0 1rem;
       color: #1e2127; background: #fff; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 2rem; }
table { border-collapse: collapse; } td, th { padding: 2px 10px 2px 0; text-align: left; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
table.matrix td { width: 17px; height: 17px; padding: 0; text-align: center; font-size: 9px;
                  border: 1px solid #eee; }
table.matrix th { font-size: 11px; padding: 0 3px; text-align: center; }
svg { width: 100%; font-size: 12px; } svg .grid { stroke: #e4e0d7; } svg .axis { stroke: #89857b; }
.legend span { margin-right: 1.5em; } .legend i { display: inline-block; width: 1.2em; height: 3px;
          vertical-align: middle; margin-right: .4em; }
img { image-rendering: pixelated; } figure { display: inline-block; margin: 0 1rem 1rem 0; }
.sample { display: inline-block; text-align: center; font-size: 12px; margin: 3px; }
.muted { color: #5a5e66; } @media print { h2 { break-after: avoid; } }
"""


@dataclass(frozen=True, eq=False)
class ReportedRun:
    """What a report tells of a run.

    Attributes:
        title: of the page.
        settings: of the run.
        classes: what the network tells apart.
        training, validation: what it learned from and was measured on.
        history: every batch and epoch.
        readings: of the validation samples after the last evaluation; None where there was none.
        first_layer: weights ``(n_in, units)`` before the first batch and now, or None.
        looks: at test data, from the first to the last.
    """

    title: str
    settings: TrainingSettings
    classes: tuple[str, ...]
    training: TrainingData
    validation: TrainingData
    history: History
    readings: Readings | None
    first_layer: tuple[NDArray[np.floating], NDArray[np.floating]] | None
    looks: tuple[Look, ...] = ()


def run_report(run: ReportedRun) -> str:
    """The HTML document.

    It speaks of validation, by which settings were chosen; looks at test data have a section of
    their own.
    """
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f"<title>{escape(run.title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(run.title)}</h1>",
        _summary(run),
        _test(run.looks),
        _settings(run),
        _curves(run),
    ]
    if run.first_layer is not None:
        parts.append(_weights(*run.first_layer, run.settings.features))
    if run.readings is not None:
        parts.append(_errors(run, run.readings))
    written = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    parts.append(
        f'<p class="muted">Handwrite {escape(__version__)}, {written}; {escape(platform.system())} '
        f"on {escape(platform.machine())}, Python {platform.python_version()}, NumPy "
        f"{escape(np.__version__)}.</p></body></html>"
    )
    return "\n".join(parts)


def _rows(rows: list[tuple[str, str]]) -> str:
    return (
        "<table>"
        + "".join(f"<tr><th>{escape(name)}</th><td>{escape(text)}</td></tr>" for name, text in rows)
        + "</table>"
    )


def _summary(run: ReportedRun) -> str:
    rows = [
        ("Data", run.training.name or "without a name"),
        ("Training samples", f"{len(run.training):,}"),
        ("Validation samples", f"{len(run.validation):,}"),
        ("Classes", f"{len(run.classes)}: {' '.join(run.classes)}"),
        ("Batches learned", f"{run.history.steps:,}"),
        ("Fingerprint of the training data", run.training.fingerprint),
        ("Fingerprint of the validation data", run.validation.fingerprint),
    ]
    if run.history.epochs:
        last = run.history.epochs[-1]
        rows.append(("Epochs", f"{last.epoch:,}, in {last.seconds:,.1f} s"))
        rows.append(("Training accuracy", f"{last.training_accuracy:.2%}"))
        measured = [row for row in run.history.epochs if row.validation_accuracy is not None]
        if measured:
            best = max(measured, key=lambda row: row.validation_accuracy or 0.0)
            rows.append(("Validation accuracy", f"{measured[-1].validation_accuracy:.2%}"))
            rows.append(("Best", f"{best.validation_accuracy:.2%}, after epoch {best.epoch:,}"))
    return "<h2>Summary</h2>" + _rows(rows)


def _test(looks: tuple[Look, ...]) -> str:
    """Figures on test data with the number of looks; nothing where nobody looked."""
    if not looks:
        return ""
    head = "".join(
        f"<th>{name}</th>"
        for name in ("Look", "Data", "Samples", "Accuracy", "Loss", "Weights", "When")
    )
    rows = "".join(
        f'<tr><td class="number">{number}</td><td>{escape(look.data)}</td>'
        f'<td class="number">{look.samples:,}</td><td class="number">{look.accuracy:.2%}</td>'
        f'<td class="number">{look.loss:.4g}</td>'
        f"<td>{look.weights}, after {look.step:,} batches</td><td>{escape(look.when)}</td></tr>"
        for number, look in enumerate(looks, 1)
    )
    note = (
        "Nothing was chosen by these characters; they were looked at once."
        if len(looks) == 1
        else f"The test data were looked at {len(looks)} times: what was changed in between may "
        "have been chosen by them."
    )
    return f"<h2>Test</h2><p>{note}</p><table><tr>{head}</tr>{rows}</table>"


def _settings(run: ReportedRun) -> str:
    values = run.settings.to_dict()
    hidden = ", ".join(map(str, values.pop("hidden"))) or "none"
    rows = [("hidden layers", hidden)]
    rows += [(name.replace("_", " "), str(value)) for name, value in values.items()]
    note = "<p>With these and the same data the run can be repeated exactly.</p>"
    return "<h2>Settings</h2>" + note + _rows(rows)


def _curves(run: ReportedRun) -> str:
    history = run.history
    if not history.epochs:
        return "<h2>Curves</h2><p>The run ended within its first epoch.</p>"
    per_epoch = history.epochs[0].step
    batches = np.arange(1, history.steps + 1) / per_epoch
    epochs = np.array([row.epoch for row in history.epochs], np.float64)

    def measured(values: list[float | None]) -> NDArray[np.float64]:
        return np.array([np.nan if value is None else value for value in values], np.float64)

    loss = line_chart(
        [
            Line("training", batches, history.batch_losses, _TRAINING),
            Line(
                "validation",
                epochs,
                measured([row.validation_loss for row in history.epochs]),
                _VALIDATION,
            ),
        ],
        "epoch",
        "loss",
    )
    accuracy = line_chart(
        [
            Line("training", batches, history.batch_accuracies, _TRAINING),
            Line(
                "validation",
                epochs,
                measured([row.validation_accuracy for row in history.epochs]),
                _VALIDATION,
            ),
        ],
        "epoch",
        "accuracy",
    )
    return f"<h2>Curves</h2>{loss}{accuracy}"


def _weights(before: NDArray[np.floating], now: NDArray[np.floating], features: str) -> str:
    scale = float(np.percentile(np.abs(now.astype(np.float32)), 99.5)) or 1.0
    figures = "".join(
        f"<figure>{_image(_mosaic(weights, features, scale), 340, name)}"
        f"<figcaption>{name}</figcaption></figure>"
        for name, weights in (("Before training", before), ("Now", now))
    )
    what = (
        "Every tile is what one unit gets: maps of eight directions around a compass."
        if features == "directions"
        else "Every tile is what one unit of the first layer looks for on the image."
    )
    count = min(now.shape[1], _UNITS_SHOWN)
    return (
        f"<h2>First layer</h2><p>{what} The first {count} of {now.shape[1]:,} units, both times on "
        f"one scale: orange adds, blue takes away, up to ±{scale:.2g}.</p>{figures}"
    )


def _mosaic(weights: NDArray[np.floating], features: str, scale: float) -> NDArray[np.uint8]:
    tiles = weights_as_images(weights[:, :_UNITS_SHOWN].astype(np.float32), features)
    count, height, width = tiles.shape
    columns = int(np.ceil(np.sqrt(count)))
    rows = -(-count // columns)
    share = np.clip(tiles / scale, -1, 1)[..., np.newaxis]
    orange, blue = np.array([194, 84, 10]), np.array([31, 95, 180])
    colours = 255 + np.where(share > 0, share * (orange - 255), -share * (blue - 255))
    sheet = np.full((rows * (height + 1), columns * (width + 1), 3), 222, np.uint8)
    for index, tile in enumerate(np.rint(colours).astype(np.uint8)):
        row, column = divmod(index, columns)
        top, left = row * (height + 1), column * (width + 1)
        sheet[top : top + height, left : left + width] = tile
    return sheet


def _errors(run: ReportedRun, readings: Readings) -> str:
    targets = run.validation.targets
    confusion = confusion_matrix(targets, readings.predictions, len(run.classes))
    pairs = most_confused(confusion)
    words = "".join(
        f"<li>{escape(run.classes[pair.true])} read as {escape(run.classes[pair.predicted])}: "
        f"{pair.samples:,} of {int(confusion[pair.true].sum()):,}</li>"
        for pair in pairs
    )
    bins = calibration(readings, targets)
    return (
        "<h2>Where it errs</h2>"
        + (f"<p>Most confused:</p><ol>{words}</ol>" if pairs else "<p>No mistakes.</p>")
        + _matrix(confusion, run.classes)
        + _class_table(confusion, run.classes)
        + f"<p>Calibration error: {calibration_error(bins):.2%} of confidence.</p>"
        + "<h2>Examples</h2><h3>Read wrong with the most certainty</h3>"
        + _samples(run, readings, worst(readings, targets, _EXAMPLES))
        + "<h3>Least certain</h3>"
        + _samples(run, readings, least_certain(readings, _EXAMPLES))
    )


def _matrix(confusion: NDArray[np.int64], classes: tuple[str, ...]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in classes)
    rows = []
    for true, counts in enumerate(confusion):
        total = max(int(counts.sum()), 1)
        cells = []
        for predicted, count in enumerate(counts.tolist()):
            colour = "43,87,200" if true == predicted else "174,34,24"
            alpha = (count / total) ** 0.5 if count else 0
            style = f' style="background:rgba({colour},{alpha:.2f})"' if count else ""
            cells.append(f"<td{style}>{count or ''}</td>")
        rows.append(f"<tr><th>{escape(classes[true])}</th>{''.join(cells)}</tr>")
    return (
        "<p>Rows are the true characters, columns what they were read as.</p>"
        f'<table class="matrix"><tr><th></th>{head}</tr>{"".join(rows)}</table>'
    )


def _class_table(confusion: NDArray[np.int64], classes: tuple[str, ...]) -> str:
    rows = "".join(
        f'<tr><th>{escape(name)}</th><td class="number">{score.samples:,}</td>'
        f'<td class="number">{_percent(score.precision)}</td>'
        f'<td class="number">{_percent(score.recall)}</td></tr>'
        for name, score in zip(classes, per_class(confusion), strict=True)
    )
    head = "<tr><th>Class</th><th>Samples</th><th>Precision</th><th>Recall</th></tr>"
    return f"<h3>Classes</h3><table>{head}{rows}</table>"


def _percent(share: float) -> str:
    return "–" if np.isnan(share) else f"{share:.1%}"


def _samples(run: ReportedRun, readings: Readings, rows: NDArray[np.int64]) -> str:
    if not len(rows):
        return "<p>None.</p>"
    parts = []
    for row in rows.tolist():
        ink = run.validation.inputs[row].reshape(INPUT_SIZE, INPUT_SIZE)
        label = run.classes[int(run.validation.targets[row])]
        read = run.classes[int(readings.predictions[row])]
        words = f"{label} ▸ {read} {readings.confidences[row]:.0%}"
        parts.append(
            f'<span class="sample">{_image(255 - ink, 48, words)}<br>{escape(words)}</span>'
        )
    return "".join(parts)


def _image(pixels: NDArray[np.uint8], width: int, words: str) -> str:
    """An image element with its pixels inside."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    data = base64.b64encode(file.getvalue()).decode("ascii")
    return f'<img width="{width}" alt="{escape(words)}" src="data:image/png;base64,{data}">'
