"""Cutting a word otherwise, where the language makes more of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from handwrite_gui.engine.page.components import Component
from handwrite_gui.engine.page.lattice import Lattice, build
from handwrite_gui.engine.page.pieces import Glyph
from handwrite_gui.engine.page.recutting import JudgedLine, recut
from handwrite_gui.engine.page.verdict import Verdict
from handwrite_gui.engine.text.language_model import LanguageModel, load_language

LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
Looks = Mapping[tuple[int, int], tuple[str, float]]
"""By first and last piece: what the ink of these pieces looks like, and what taking it costs."""


class Alphabet:
    """Answers nothing: the verdicts are given."""

    letters = LETTERS
    marks = ()

    def judge(self, cuts: object) -> Verdict:
        raise NotImplementedError


@pytest.fixture(scope="module")
def english() -> LanguageModel:
    model = load_language("en")
    assert model is not None
    return model


def judged(count: int, looks: Looks) -> JudgedLine:
    """A line of narrow pieces; what is not among the looks is dear and looks like a Q."""
    pieces = [Glyph((Component(i + 1, 12 * i, 0, 12 * i + 10, 40, 300),)) for i in range(count)]
    lattice: Lattice = build(pieces, 40.0)
    probabilities = np.full((len(lattice.glyphs), len(LETTERS)), 1e-4)
    costs = np.full(len(lattice.glyphs), 50.0)
    for index, run in enumerate(zip(lattice.first.tolist(), lattice.last.tolist(), strict=True)):
        label, costs[index] = looks.get(run, ("Q", 50.0))
        probabilities[index, LETTERS.index(label)] = 0.99
    verdict = Verdict(np.ones(len(costs)), probabilities, np.zeros((len(costs), 0)))
    return JudgedLine(lattice, verdict, costs, Alphabet())  # type: ignore[arg-type]


def text(line: JudgedLine, path: list[int]) -> str:
    return "".join(line.alternatives(index)[0].label for index in path)


def path_of(line: JudgedLine, *runs: tuple[int, int]) -> list[int]:
    of_run = zip(line.lattice.first.tolist(), line.lattice.last.tolist(), strict=True)
    indices = {run: index for index, run in enumerate(of_run)}
    return [indices[run] for run in runs]


def opened(price: float) -> JudgedLine:
    """OPEN, whose N looks like I and V; one N costs so much more than both."""
    return judged(
        5,
        {
            (0, 0): ("O", 0.1),
            (1, 1): ("P", 0.1),
            (2, 2): ("E", 0.1),
            (3, 3): ("I", 0.1),
            (4, 4): ("V", 0.1),
            (3, 4): ("N", 0.2 + price),
        },
    )


def test_a_way_that_makes_a_word_may_cost_a_little_more(english: LanguageModel) -> None:
    line = opened(price=1.0)
    path = path_of(line, (0, 0), (1, 1), (2, 2), (3, 3), (4, 4))
    assert text(line, path) == "OPEIV"
    better, lengths = recut(line, path, [5], english)
    assert text(line, better) == "OPEN"
    assert lengths == [4]


def test_what_looks_clearly_otherwise_stays(english: LanguageModel) -> None:
    line = opened(price=25.0)
    path = path_of(line, (0, 0), (1, 1), (2, 2), (3, 3), (4, 4))
    assert recut(line, path, [5], english) == (path, [5])


def test_words_stay_apart_and_in_order(english: LanguageModel) -> None:
    line = opened(price=1.0)
    path = path_of(line, (0, 0), (1, 1), (2, 2), (3, 3), (4, 4))
    better, lengths = recut(line, path, [3, 2], english)
    assert sum(lengths) == len(better)
    assert text(line, better[: lengths[0]]) == "OPE"
    assert line.lattice.last[better[-1]] == 4


def test_no_pieces_no_words(english: LanguageModel) -> None:
    assert recut(opened(1.0), [], [], english) == ([], [])
