"""Small marks are told from one another by where on the line they stand."""

from __future__ import annotations

import pytest

from handwrite_gui.engine.page.marks import settle_marks
from handwrite_gui.engine.prediction import Prediction

LETTER = (Prediction("A", 0.9), Prediction("H", 0.1))
SPECK = (Prediction("'", 0.4), Prediction(".", 0.3), Prediction("-", 0.2), Prediction("l", 0.1))


@pytest.mark.parametrize(("middle", "meant"), [(2.0, "'"), (11.0, "-"), (19.0, ".")])
def test_place_decides_between_marks(middle: float, meant: str) -> None:
    line = [LETTER, SPECK, LETTER]
    settled = settle_marks(line, [(0, 20), (middle - 1, middle + 1), (1, 21)])
    assert settled[1][0].label == meant
    assert settled[0] == LETTER


def test_together_marks_keep_what_they_had_and_others_their_own() -> None:
    settled = dict(settle_marks([LETTER, SPECK], [(0, 20), (18, 20)])[1])
    assert settled["l"] == pytest.approx(0.1)
    assert sum(settled.values()) == pytest.approx(1.0)


def test_a_dot_where_an_apostrophe_would_be_is_doubtful() -> None:
    dot = (Prediction(".", 0.97), Prediction("-", 0.02), Prediction("'", 0.01))
    high = settle_marks([LETTER, dot, LETTER], [(0, 20), (1, 3), (0, 20)])[1]
    assert high[0].label == "'"
    assert high[0].probability < 0.5
    low = settle_marks([LETTER, dot, LETTER], [(0, 20), (18, 20), (0, 20)])[1]
    assert low == dot


def test_a_line_that_climbs_is_followed() -> None:
    spans = [(40.0, 60.0), (30.0, 50.0), (38.0, 40.0), (10.0, 30.0), (0.0, 20.0)]
    assert settle_marks([LETTER, LETTER, SPECK, LETTER, LETTER], spans)[2][0].label == "."


def test_without_letters_beside_it_a_mark_stays() -> None:
    assert settle_marks([SPECK], [(0, 2)]) == [SPECK]
    assert settle_marks([SPECK, SPECK], [(0, 2), (9, 11)]) == [SPECK, SPECK]
