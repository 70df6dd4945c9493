"""What candidates cost."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from handwrite_gui.engine.page.components import Component
from handwrite_gui.engine.page.lattice import Lattice, build
from handwrite_gui.engine.page.pieces import Glyph
from handwrite_gui.engine.page.scoring import Weights, fitted_weights, gather, weigh

USUAL = 50.0
NONE = Weights(**dict.fromkeys((field.name for field in fields(Weights)), 0.0))


def _lattice(*boxes: tuple[int, int, int, int]) -> Lattice:
    """Of pieces given by left, top, right, bottom, too far apart to be joined."""
    return build([Glyph((Component(i + 1, *box, 100),)) for i, box in enumerate(boxes)], USUAL)


def _costs(lattice: Lattice, weights: Weights, character: list[float]) -> list[float]:
    judged = np.array(character)
    return weigh(gather(lattice, judged, np.ones(len(judged))), weights).tolist()


def test_the_shipped_weights_are_complete_and_finite() -> None:
    weights = fitted_weights()
    assert all(np.isfinite(getattr(weights, field.name)) for field in fields(Weights))


def test_what_is_too_small_for_a_character_is_not_spared_by_spanning_it() -> None:
    letters = [Glyph((Component(i + 1, 20 * i, 0, 20 * i + 20, 50, 100),)) for i in range(2)]
    dot = Glyph((Component(2, 20, 44, 26, 50, 30),))
    weights = replace(NONE, refusal=1.0, pieces=0.5)
    for second, factor in ((letters[1], 1.5), (dot, 1.0)):
        lattice = build([letters[0], second], USUAL)
        spans = list(zip(lattice.first.tolist(), lattice.last.tolist(), strict=True))
        costs = dict(zip(spans, _costs(lattice, weights, [0.5] * len(spans)), strict=True))
        assert costs[0, 0] == pytest.approx(-np.log(0.5))
        assert costs[0, 1] == pytest.approx(-np.log(0.5) * factor)


def test_the_surer_the_network_the_cheaper() -> None:
    lattice = _lattice((0, 0, 40, 50), (100, 0, 140, 50), (200, 0, 240, 50))
    weights = replace(NONE, refusal=1.0)
    assert _costs(lattice, weights, [0.9, 0.5, 0.1]) == pytest.approx(
        -np.log([0.9, 0.5, 0.1]).astype(float)
    )


def test_what_is_no_character_for_sure_costs_much_and_not_everything() -> None:
    (cost,) = _costs(_lattice((0, 0, 40, 50)), replace(NONE, refusal=1.0), [0.0])
    assert 5 < cost < 20


def test_taking_a_sure_character_is_worth_more_than_its_price() -> None:
    sure, unsure = _costs(
        _lattice((0, 0, 40, 50), (100, 0, 140, 50)), replace(NONE, chance=1.0), [0.99, 0.01]
    )
    assert sure == pytest.approx(np.log(0.01), abs=0.01)
    assert unsure == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        ("narrow", (300, 0, 310, 50)),
        ("broad", (300, 0, 390, 50)),
        ("rise", (300, -30, 340, 50)),
        ("sink", (300, 0, 340, 75)),
    ],
)
def test_a_candidate_unlike_the_writers_letters_costs_more(
    name: str, odd: tuple[int, int, int, int]
) -> None:
    lattice = _lattice((0, 0, 40, 50), (100, 0, 140, 50), (200, 0, 240, 50), odd)
    costs = _costs(lattice, replace(NONE, **{name: 1.0}), [0.9, 0.9, 0.9, 0.6])
    assert costs[:3] == pytest.approx([0, 0, 0])
    assert costs[3] > 0.1


def test_where_nothing_looks_like_a_letter_nothing_is_measured_against_others() -> None:
    lattice = _lattice((0, 0, 40, 50), (100, 0, 190, 50))
    weights = replace(NONE, narrow=1.0, broad=1.0, rise=1.0, sink=1.0)
    assert _costs(lattice, weights, [0.1, 0.1]) == [0.0, 0.0]


def test_ink_that_goes_on_is_dear_to_cut() -> None:
    pieces = [Glyph((Component(i, 20 * i, 0, 20 * i + 20, 50, 100),)) for i in range(2)]
    lattice = build(pieces, USUAL)
    whole = (lattice.first == 0) & (lattice.last == 1)
    costs = np.array(_costs(lattice, replace(NONE, touch=1.0), [0.5] * 3))
    assert costs[whole].tolist() == [0.0]
    assert costs[~whole].tolist() == [1.0, 1.0]


def test_improbable_borders_and_passed_ones_cost() -> None:
    pieces = [
        Glyph((Component(1, 0, 0, 20, 50, 100),)),
        Glyph((Component(2, 20, 0, 40, 50, 100),), begins=0.2),
    ]
    lattice = build(pieces, USUAL)
    alike = [1.0] * len(lattice.glyphs)
    spans = list(zip(lattice.first.tolist(), lattice.last.tolist(), strict=True))
    begun = dict(zip(spans, _costs(lattice, replace(NONE, border=1.0), alike), strict=True))
    inside = dict(zip(spans, _costs(lattice, replace(NONE, passed=1.0), alike), strict=True))
    # A line begins for certain, but no border counts as more than .95.
    assert begun[1, 1] - begun[0, 0] == pytest.approx(-np.log(0.2 / 0.95), abs=0.01)
    assert inside[0, 1] - inside[0, 0] == pytest.approx(-np.log(0.8), abs=0.01)


def test_what_is_left_out_of_letters_costs_by_the_ends_it_was_cut_at() -> None:
    weights = replace(NONE, mark=0.1, crumb=5.0, ligature=2.0)
    dot = Component(1, 0, 40, 8, 48, 50)
    apart = build([Glyph((dot,))], USUAL)
    assert _costs(apart, weights, [0.5]) == pytest.approx([0.1])
    letter = Component(2, 8, 0, 40, 50, 500)
    after = Component(3, 40, 40, 48, 48, 50)
    following = Component(4, 48, 0, 80, 50, 500)
    pieces = [Glyph((c,), 1, 0.9) for c in (letter, after, following)]
    between = build(pieces, USUAL)
    at_an_end = build(pieces[:2], USUAL)
    for lattice, cost in ((between, 2.0), (at_an_end, 5.0)):
        (dash,) = np.flatnonzero((lattice.first == 1) & (lattice.last == 1))
        costs = _costs(lattice, weights, [0.5] * len(lattice.glyphs))
        assert costs[dash] == pytest.approx(cost)
