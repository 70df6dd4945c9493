"""How lines run."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.page.baseline import fit_run
from handwrite_gui.engine.page.components import Component

USUAL = 50.0


def _letter(left: float, foot: float, height: float = 50) -> Component:
    x, y = round(left), round(foot)
    return Component(x + 1, x, y - round(height), x + 34, y, 400)


@pytest.mark.parametrize("slope", [-0.3, -0.05, 0.0, 0.1, 0.4])
def test_a_straight_line_is_followed(slope: float) -> None:
    line = [_letter(x, 300 + slope * (x + 17)) for x in range(0, 900, 45)]
    run = fit_run(line, USUAL)
    x = np.linspace(0, 900, 7)
    assert run.at(x) == pytest.approx(300 + slope * x, abs=1.5)
    assert run.slope_at(x) == pytest.approx(slope, abs=0.01)
    assert run.height == pytest.approx(50, abs=1)


def test_a_curved_line_is_followed() -> None:
    line = [_letter(x, 300 + 0.0002 * (x - 450) ** 2) for x in range(0, 900, 45)]
    x = np.linspace(20, 880, 7)
    assert fit_run(line, USUAL).at(x) == pytest.approx(300 + 0.0002 * (x - 467) ** 2, abs=2)


def test_tails_dots_and_small_letters_do_not_pull() -> None:
    line = [_letter(x, 300) for x in range(0, 600, 45)]
    odd = [_letter(200, 330, 62), _letter(610, 330, 62), _letter(655, 300, 33)]
    dots = [_letter(700, 150, 6), _letter(20, 150, 6)]
    run = fit_run([*line, *odd, *dots], USUAL)
    assert run.at(np.array([0.0, 650.0])) == pytest.approx([300, 300], abs=2)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_few_letters_lie_level(count: int) -> None:
    run = fit_run([_letter(60 * i, 300 + 9 * i) for i in range(count)], USUAL)
    assert (run.slope, run.bend) == (0, 0)
    assert 300 <= run.offset <= 320


def test_a_line_that_is_carried_on_does_not_bend() -> None:
    line = [_letter(x, 300 + 0.0004 * (x - 450) ** 2) for x in range(0, 900, 45)]
    assert fit_run(line, USUAL, may_bend=False).bend == 0
