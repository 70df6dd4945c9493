from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from handwrite_gui.engine.prediction import Prediction, ranked_rows

tables = hnp.arrays(
    np.float32,
    st.tuples(st.integers(0, 5), st.integers(1, 7)),
    elements=st.floats(0, 1, width=32),
)


def ranked(row: np.ndarray, labels: str, alternatives: int) -> tuple[Prediction, ...]:
    (guesses,) = ranked_rows(row[np.newaxis], labels, alternatives)
    return guesses


def test_the_most_probable_come_first() -> None:
    guesses = ranked(np.array([0.1, 0.6, 0.3], np.float32), "ABC", 2)
    assert [guess.label for guess in guesses] == ["B", "C"]
    assert [guess.probability for guess in guesses] == pytest.approx([0.6, 0.3])
    assert all(type(guess.probability) is float for guess in guesses)


def test_of_equals_the_first_comes_first() -> None:
    assert [guess.label for guess in ranked(np.full(4, 0.25), "ABCD", 3)] == ["A", "B", "C"]


@pytest.mark.parametrize(("alternatives", "given"), [(0, 0), (1, 1), (3, 3), (10, 3)])
def test_as_many_as_wanted_and_there_are(alternatives: int, given: int) -> None:
    assert len(ranked(np.array([0.2, 0.5, 0.3]), "ABC", alternatives)) == given


@given(tables, st.integers(1, 9))
def test_every_row_is_ranked_by_itself(table: np.ndarray, alternatives: int) -> None:
    labels = "ABCDEFG"[: table.shape[1]]
    rows = ranked_rows(table, labels, alternatives)
    assert rows == [ranked(row, labels, alternatives) for row in table]
    for guesses, row in zip(rows, table, strict=True):
        expected = sorted(map(Prediction, labels, row.tolist()), key=lambda guess: -guess[1])
        assert guesses == tuple(expected[:alternatives])
