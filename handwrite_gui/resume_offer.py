"""Looks, when the program starts, for a run that ended without having been stopped."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from handwrite_gui.importing import one_at_a_time

if TYPE_CHECKING:
    # Brings NumPy, which the window does without until it is on the screen.
    from handwrite_gui.engine.training.runs import RunRecord


def interrupted_run() -> RunRecord | None:
    """The youngest run that was interrupted and can go on; for a worker."""
    with one_at_a_time:
        from handwrite_gui.engine.training.runs import RunStore

    store = RunStore()
    found = (record for record in store.runs() if record.state == "interrupted")
    return next((record for record in found if store.can_continue(record)), None)


def offer_text(record: RunRecord) -> str:
    """What the window says of it."""
    return (
        f"Training was interrupted: “{record.name}” on {record.data.name}, after "
        f"{record.epoch:,} of {record.settings.epochs:,} epochs. It can go on exactly from there."
    )


def decline(record: RunRecord) -> None:
    """Not to be offered again; it can still be continued from the list of runs.  For a worker."""
    from handwrite_gui.engine.training.runs import RunStore

    RunStore().write(replace(record, state="stopped"))
