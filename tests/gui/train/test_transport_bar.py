"""The row of buttons above a run, in wide windows and narrow ones."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from handwrite_gui.train.session import RunState
from handwrite_gui.train.transport_bar import TransportBar
from tests.gui.train.conftest import Show

OUTCOME = "Finished after 12 epochs: no lower validation loss in 5 epochs"


@pytest.mark.parametrize("width", [600, 856, 1200])
@pytest.mark.parametrize("can_continue", [False, True])
def test_how_a_run_ended_is_told_whole(
    qtbot: QtBot, show: Show, width: int, can_continue: bool
) -> None:
    bar = TransportBar()
    show(bar)
    bar.show_state(
        RunState.IDLE,
        is_preparing=False,
        can_start=True,
        has_model=True,
        can_continue=can_continue,
        outcome=OUTCOME,
    )
    bar.resize(width, bar.sizeHint().height())
    qtbot.waitUntil(lambda: bar.state_label.text() == OUTCOME, timeout=2000)
    assert bar.width() == width
