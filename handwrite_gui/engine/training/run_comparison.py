"""What differs between runs, and what came of it, as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

from handwrite_gui.engine.training.history import EpochRow
from handwrite_gui.engine.training.runs import RunRecord
from handwrite_gui.engine.training.settings import TrainingSettings

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One fact about every run.

    Attributes:
        name: what it is; for a setting, the name of its field.
        values: as texts, one for each run.
        is_setting: whether it is something the run was given, not something it gave.
    """

    name: str
    values: tuple[str, ...]
    is_setting: bool

    @property
    def differs(self) -> bool:
        return len(set(self.values)) > 1


def compare(records: Sequence[RunRecord]) -> list[ComparisonRow]:
    """The settings in which the runs differ, then what came of each.

    Data count as a setting: by name, and by fingerprint where equal names hide other samples.
    """
    rows = [
        ComparisonRow(field.name, _texts(records, _setting(field.name)), True)
        for field in fields(TrainingSettings)
    ]
    names = ComparisonRow("data", _texts(records, lambda run: run.data.name), True)
    prints = _texts(records, lambda run: f"{run.data.name}, {run.data.training_fingerprint[:6]}")
    if not names.differs and len(set(prints)) > 1:
        names = ComparisonRow("data", prints, True)
    rows += [
        names,
        ComparisonRow("classes", _texts(records, lambda run: "".join(run.classes)), True),
        ComparisonRow("rate_changes", _texts(records, _changes), True),
        *(
            ComparisonRow(name, _texts(records, _machine(name)), True)
            for name in ("computer", "processor", "numpy", "handwrite")
        ),
    ]
    return [row for row in rows if row.differs] + outcome(records)


def outcome(records: Sequence[RunRecord]) -> list[ComparisonRow]:
    """What came of every run; test figures only where there were looks at test data."""
    given: tuple[tuple[str, Callable[[RunRecord], str | None]], ...] = (
        ("state", lambda run: run.state),
        ("epochs done", lambda run: f"{run.epoch:,} of {run.settings.epochs:,}"),
        ("best validation accuracy", lambda run: _share(run.best, "validation_accuracy")),
        ("in epoch", lambda run: f"{run.best.epoch:,}" if run.best else None),
        ("last validation accuracy", lambda run: _share(run.last, "validation_accuracy")),
        ("last validation loss", lambda run: _loss(run.last, "validation_loss")),
        ("test accuracy", lambda run: _test(run, "accuracy", ".2%")),
        ("test loss", lambda run: _test(run, "loss", ".4g")),
        ("looks at test data", lambda run: f"{len(run.looks):,}" if run.looks else None),
        ("last training accuracy", lambda run: _share(run.last, "training_accuracy")),
        ("last training loss", lambda run: _loss(run.last, "training_loss")),
        ("seconds", lambda run: f"{run.seconds:,.1f}"),
        ("samples a second", _speed),
    )
    rows = [ComparisonRow(name, _texts(records, read), False) for name, read in given]
    if any(run.looks for run in records):
        return rows
    return [row for row in rows if "test" not in row.name]


def setting_text(value: object) -> str:
    """A setting's value as people write it."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _setting(name: str) -> Callable[[RunRecord], str]:
    return lambda run: setting_text(getattr(run.settings, name))


def _texts(
    records: Sequence[RunRecord], read: Callable[[RunRecord], str | None]
) -> tuple[str, ...]:
    return tuple(read(record) or NOTHING for record in records)


def _changes(run: RunRecord) -> str:
    return ", ".join(f"{rate:g} from batch {step + 1:,}" for step, rate in run.rate_changes)


def _machine(name: str) -> Callable[[RunRecord], str | None]:
    return lambda run: run.machine.get(name)


def _test(run: RunRecord, name: str, form: str) -> str | None:
    """A figure of the last look at test data."""
    return f"{getattr(run.looks[-1], name):{form}}" if run.looks else None


def _share(row: EpochRow | None, name: str) -> str | None:
    value = getattr(row, name) if row is not None else None
    return None if value is None else f"{value:.2%}"


def _loss(row: EpochRow | None, name: str) -> str | None:
    value = getattr(row, name) if row is not None else None
    return None if value is None else f"{value:.4g}"


def _speed(run: RunRecord) -> str | None:
    return None if run.last is None else f"{run.last.samples_per_second:,.0f}"
