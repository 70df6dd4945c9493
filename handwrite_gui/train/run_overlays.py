"""The curves of kept runs, read in a worker and held while they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.training.run_comparison import compare
from handwrite_gui.engine.training.runs import CURVES, RunRecord, RunStore
from handwrite_gui.train.curve_history import CurveHistory, CurveSnapshot

_MAX_POINTS = 8_000
"""Of a run that is drawn beside others; several are drawn at once."""

_MOST_DIFFERENCES = 2


@dataclass(frozen=True, eq=False)
class LoadedCurves:
    """Curves as they were when their file had a certain time."""

    curves: CurveSnapshot
    modified: int


def load_curves(
    store: RunStore, records: Sequence[RunRecord], known: Mapping[str, LoadedCurves]
) -> dict[str, LoadedCurves]:
    """The curves of some runs by id; of ``known`` those that are still true.

    A run whose curves cannot be read, or that has none yet, is left out.
    """
    loaded = {}
    for record in records:
        try:
            modified = store.path(record.id, CURVES).stat().st_mtime_ns
            before = known.get(record.id)
            if before is None or before.modified != modified:
                history = store.curves(record.id)
                curves = CurveHistory.of(history, record.batches_per_epoch, _MAX_POINTS)
                before = LoadedCurves(curves.snapshot(), modified)
            loaded[record.id] = before
        except (HandwriteError, OSError):
            continue
    return loaded


def run_labels(records: Sequence[RunRecord]) -> list[str]:
    """Names for a legend, with what sets the runs apart where that is short.

    A run of a study has the study's own label.
    """
    differing = [row for row in compare(records) if row.is_setting]
    labels = []
    for number, record in enumerate(records):
        if record.study is not None:
            labels.append(record.study.label)
        elif 0 < len(differing) <= _MOST_DIFFERENCES:
            values = ", ".join(row.values[number] for row in differing)
            labels.append(f"{record.name} ({values})")
        else:
            labels.append(record.name)
    return labels
