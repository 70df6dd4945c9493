"""Capital or small by height and by the neighbours."""

from __future__ import annotations

import pytest

from handwrite_gui.engine.page.case import settle_case
from handwrite_gui.engine.prediction import Prediction

TALL, LOW = 50.0, 33.0


def _sure(label: str) -> tuple[Prediction, ...]:
    return (Prediction(label, 0.96), Prediction("-", 0.01))


def _either(first: str) -> tuple[Prediction, ...]:
    """A shape that two letters share; the network names ``first`` a little sooner."""
    return (Prediction(first, 0.5), Prediction(first.swapcase(), 0.44), Prediction("0", 0.05))


def _read(line: list[tuple[Prediction, ...]], heights: list[float]) -> str:
    return "".join(alternatives[0].label for alternatives in settle_case(line, heights))


@pytest.mark.parametrize("first", ["o", "O"])
def test_among_capitals_of_its_height_it_is_a_capital(first: str) -> None:
    line = [_sure("T"), _either(first), _sure("D"), _sure("E")]
    assert _read(line, [TALL, TALL, TALL, TALL]) == "TODE"


@pytest.mark.parametrize("first", ["o", "O"])
def test_lower_than_the_tall_letters_it_is_small(first: str) -> None:
    line = [_sure("b"), _either(first), _sure("t"), _sure("a")]
    assert _read(line, [TALL, LOW, TALL, LOW]) == "bota"


def test_a_capital_begins_a_word_of_small_letters() -> None:
    line = [_either("c"), _sure("a"), _sure("r"), _sure("e")]
    assert _read(line, [TALL, LOW, LOW, LOW])[0] == "C"


def test_a_small_p_is_as_high_as_a_capital_and_known_by_its_neighbours() -> None:
    heights = [TALL, LOW, TALL, LOW]
    assert _read([_sure("h"), _sure("e"), _either("P"), _sure("a")], heights) == "hepa"
    assert _read([_sure("D"), _sure("E"), _either("p"), _sure("T")], [TALL] * 4) == "DEPT"


def test_without_a_measure_nothing_changes() -> None:
    line = [_either("o"), _either("S")]
    assert settle_case(line, [LOW, LOW]) == line
    assert settle_case([], []) == []


def test_the_probability_of_both_together_stays_and_so_do_the_labels() -> None:
    line = [_sure("T"), _either("o"), _sure("D")]
    for before, after in zip(line, settle_case(line, [TALL, LOW, TALL]), strict=True):
        assert sorted(guess.label for guess in before) == sorted(guess.label for guess in after)
        assert sum(g.probability for g in after) == pytest.approx(
            sum(g.probability for g in before)
        )
        assert list(after) == sorted(after, key=lambda guess: -guess.probability)


def test_what_has_no_twin_among_the_alternatives_is_left_alone() -> None:
    capitals_only = (Prediction("O", 0.6), Prediction("0", 0.3))
    assert settle_case([_sure("T"), capitals_only], [TALL, LOW])[1] == capitals_only
