"""The table of runs side by side names what differs and nothing else."""

from __future__ import annotations

from dataclasses import replace

from handwrite_gui.engine.training import TrainingSettings
from handwrite_gui.engine.training.history import EpochRow
from handwrite_gui.engine.training.run_comparison import compare
from handwrite_gui.engine.training.runs import RunData, RunRecord

ROW = EpochRow(7, 70, 0.5, 0.8, 0.6, 0.75, 1234.5, 3.0)
RUN = RunRecord(
    "id",
    "name",
    "2026-01-01",
    TrainingSettings(hidden=(64,), learning_rate=0.1),
    ("A", "B"),
    RunData("digits", {}, 10, 5, "aaaaaaaa", None),
    batches_per_epoch=10,
    state="stopped",
    epoch=7,
    best=ROW,
    last=ROW,
)


def settings_of(*runs: RunRecord) -> dict[str, tuple[str, ...]]:
    return {row.name: row.values for row in compare(runs) if row.is_setting}


def test_equal_runs_differ_in_no_setting() -> None:
    assert settings_of(RUN, RUN) == {}


def test_only_what_differs_is_named() -> None:
    other = replace(RUN, settings=TrainingSettings(hidden=(64, 32), learning_rate=1e-3))
    assert settings_of(RUN, other) == {
        "hidden": ("64", "64, 32"),
        "learning_rate": ("0.1", "0.001"),
    }


def test_other_samples_under_the_same_name_are_told_apart() -> None:
    other = replace(RUN, data=replace(RUN.data, training_fingerprint="bbbbbbbb"))
    assert settings_of(RUN, other) == {"data": ("digits, aaaaaa", "digits, bbbbbb")}
    renamed = replace(other, data=replace(other.data, name="letters"))
    assert settings_of(RUN, renamed) == {"data": ("digits", "letters")}


def test_a_rate_that_was_changed_is_named() -> None:
    other = replace(RUN, rate_changes=((99, 0.01),))
    assert settings_of(RUN, other) == {"rate_changes": ("–", "0.01 from batch 100")}


def test_what_came_of_them_is_always_there() -> None:
    begun = replace(RUN, best=None, last=None, epoch=0)
    table = {row.name: row.values for row in compare([RUN, begun]) if not row.is_setting}
    assert table["best validation accuracy"] == ("75.00%", "–")
    assert table["in epoch"] == ("7", "–")
    assert table["last training loss"] == ("0.5", "–")
    assert table["epochs done"] == ("7 of 30", "0 of 30")
    assert table["samples a second"] == ("1,234", "–")
