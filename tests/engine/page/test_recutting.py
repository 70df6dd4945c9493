"""Cutting a word otherwise, where the language makes more of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from handwrite_gui.engine.page.components import Component
from handwrite_gui.engine.page.judging import JudgedLine
from handwrite_gui.engine.page.lattice import Lattice, build
from handwrite_gui.engine.page.pieces import Glyph
from handwrite_gui.engine.page.reader import spell
from handwrite_gui.engine.page.recutting import HiddenLetter, Taken, recut
from handwrite_gui.engine.page.verdict import Verdict
from handwrite_gui.engine.text.language_model import LanguageModel, load_language

LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
Looks = Mapping[tuple[int, int], tuple[str, float]]
"""By first and last piece: what the ink of these pieces looks like, and what taking it costs."""
SETTLED = [math.inf] * 5  # no gap is in doubt


class Alphabet:
    """Answers nothing: the verdicts are given."""

    letters = LETTERS
    marks = ()
    refuses = True

    def judge(self, cuts: object) -> Verdict:
        raise NotImplementedError


class WithoutI(Alphabet):
    letters = tuple("ABCDEFGHÄJKLMNOPQRSTUVWXYZ")


class WithMarks(Alphabet):
    marks = (".", "-")


@pytest.fixture(scope="module")
def english() -> LanguageModel:
    model = load_language("en")
    assert model is not None
    return model


def judged(count: int, looks: Looks, gap: int = 2) -> JudgedLine:
    """A line of narrow pieces; what is not among the looks is dear and looks like a Q."""
    lefts = [(10 + gap) * i for i in range(count)]
    pieces = [Glyph((Component(i, x, 0, x + 10, 40, 300),)) for i, x in enumerate(lefts, 1)]
    lattice: Lattice = build(pieces, 40.0)
    probabilities = np.full((len(lattice.glyphs), len(LETTERS)), 1e-4)
    costs = np.full(len(lattice.glyphs), 50.0)
    for index, run in enumerate(zip(lattice.first.tolist(), lattice.last.tolist(), strict=True)):
        label, costs[index] = looks.get(run, ("Q", 50.0))
        probabilities[index, LETTERS.index(label)] = 0.99
    verdict = Verdict(np.ones(len(costs)), probabilities, np.zeros((len(costs), 0)))
    return JudgedLine(lattice, verdict, costs, Alphabet())  # type: ignore[arg-type]


def text(line: JudgedLine, path: Sequence[Taken]) -> str:
    return "".join(
        one.guess.label if isinstance(one, HiddenLetter) else line.alternatives(one)[0].label
        for one in path
    )


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
    better, lengths = recut(line, path, [5], SETTLED, english)
    assert text(line, better) == "OPEN"
    assert lengths == [4]


def test_what_looks_clearly_otherwise_stays(english: LanguageModel) -> None:
    line = opened(price=25.0)
    path = path_of(line, (0, 0), (1, 1), (2, 2), (3, 3), (4, 4))
    assert recut(line, path, [5], SETTLED, english) == (path, [5])


def test_words_stay_apart_and_in_order(english: LanguageModel) -> None:
    line = opened(price=1.0)
    path = path_of(line, (0, 0), (1, 1), (2, 2), (3, 3), (4, 4))
    better, lengths = recut(line, path, [3, 2], SETTLED, english)
    assert sum(lengths) == len(better)
    assert text(line, better[: lengths[0]]) == "OPE"
    assert line.lattice.last[better[-1]] == 4


def test_no_pieces_no_words(english: LanguageModel) -> None:
    assert recut(opened(1.0), [], [], SETTLED, english) == ([], [])


def test_every_doubtful_cut_of_a_word_is_put_right_at_once(english: LanguageModel) -> None:
    # Every N looks like I and V, so there are 16 ways to cut it.
    looks: dict[tuple[int, int], tuple[str, float]] = {}
    piece = 0
    for letter in "ANNOUNCEMENT":
        if letter == "N":
            looks[piece, piece] = ("I", 0.1)
            looks[piece + 1, piece + 1] = ("V", 0.1)
            looks[piece, piece + 1] = ("N", 1.2)
            piece += 2
        else:
            looks[piece, piece] = (letter, 0.1)
            piece += 1
    line = judged(piece, looks)
    path = path_of(line, *((i, i) for i in range(piece)))
    found, lengths = recut(line, path, [piece], [math.inf] * piece, english)
    assert text(line, found) == "ANNOUNCEMENT"
    assert lengths == [12]


def spelled(
    letters: str, gaps: Mapping[int, float], gap: int = 2
) -> tuple[JudgedLine, list[int], list[float]]:
    """A line of clear letters with its path, and log-odds of its gaps; -9 where none are given."""
    line = judged(len(letters), {(i, i): (letter, 0.1) for i, letter in enumerate(letters)}, gap)
    path = path_of(line, *((i, i) for i in range(len(letters))))
    return line, path, [gaps.get(i, -9.0) for i in range(len(letters))]


@pytest.mark.parametrize("odds", [-2.0, 0.0, 2.0])
def test_words_that_run_together_are_parted_at_a_doubtful_gap(
    english: LanguageModel, odds: float
) -> None:
    line, path, gaps = spelled("BLACKHOUSE", {5: odds})
    assert recut(line, path, [10], gaps, english) == (path, [5, 5])


@pytest.mark.parametrize("odds", [-2.0, 0.0, 2.0])
def test_a_word_that_was_parted_at_a_doubtful_gap_is_put_together(
    english: LanguageModel, odds: float
) -> None:
    line, path, gaps = spelled("QUESTION", {3: odds})
    assert recut(line, path, [3, 5], gaps, english) == (path, [8])


def test_a_sure_gap_stays_whatever_the_words(english: LanguageModel) -> None:
    line, path, gaps = spelled("QUESTION", {3: 6.0})
    assert recut(line, path, [3, 5], gaps, english) == (path, [3, 5])
    line, path, gaps = spelled("BLACKHOUSE", {5: -6.0})
    assert recut(line, path, [10], gaps, english) == (path, [10])


@pytest.mark.parametrize(("odds", "lengths"), [(-4.0, [8]), (4.0, [4, 4])])
def test_where_no_words_come_of_it_the_gap_decides(
    english: LanguageModel, odds: float, lengths: list[int]
) -> None:
    line, path, gaps = spelled("XQZKVWJX", {4: odds})
    assert recut(line, path, [4, 4], gaps, english)[1] == lengths


def test_letters_and_gaps_are_decided_together(english: LanguageModel) -> None:
    # The N of OPEN looks like I and V, and a gap before its V makes OPEI and VDOOR of it.
    looks: dict[tuple[int, int], tuple[str, float]] = {
        (i, i): (letter, 0.1) for i, letter in enumerate("OPEIVDOOR")
    }
    line = judged(9, looks | {(3, 4): ("N", 1.2)})
    path = path_of(line, *((i, i) for i in range(9)))
    gaps = [-9.0] * 9
    gaps[4], gaps[5] = 1.0, -1.0
    better, lengths = recut(line, path, [4, 5], gaps, english)
    assert text(line, better) == "OPENDOOR"
    assert lengths == [4, 4]


@pytest.mark.parametrize(
    ("seen", "word", "within"),
    [("VEXNG", "VEXING", [3]), ("LANGUSH", "LANGUISH", [5]), ("RELNQUSH", "RELINQUISH", [3, 6])],
)
def test_a_stroke_that_its_neighbour_swallowed_is_known_from_the_word(
    english: LanguageModel, seen: str, word: str, within: list[int]
) -> None:
    line, path, gaps = spelled(seen, {}, gap=0)
    taken, lengths = recut(line, path, [len(seen)], gaps, english)
    assert text(line, taken) == word
    assert lengths == [len(word)]
    hidden = [one for one in taken if isinstance(one, HiddenLetter)]
    assert [path.index(one.within) for one in hidden] == within
    assert all(0.5 <= one.guess.probability < 1 for one in hidden)
    assert [one for one in taken if not isinstance(one, HiddenLetter)] == path


@pytest.mark.parametrize("seen", ["XQZNKW", "HAN", "BREAD", "PAN", "TALE", "KWXB"])
def test_nothing_is_hidden_where_no_likelier_word_comes_of_it(
    english: LanguageModel, seen: str
) -> None:
    line, path, gaps = spelled(seen, {}, gap=0)
    assert recut(line, path, [len(path)], gaps, english) == (path, [len(path)])


def test_nothing_is_hidden_in_two_letters() -> None:
    german = load_language("de")
    assert german is not None
    for seen in ("DE", "WE", "SE"):
        line, path, gaps = spelled(seen, {}, gap=0)
        assert recut(line, path, [2], gaps, german) == (path, [2])


def test_nothing_is_hidden_between_letters_that_stand_apart(english: LanguageModel) -> None:
    line, path, gaps = spelled("VEXNG", {})
    assert recut(line, path, [5], gaps, english) == (path, [5])


def test_a_letter_that_the_alphabet_lacks_is_not_hidden(english: LanguageModel) -> None:
    line, path, gaps = spelled("VEXNG", {}, gap=0)
    line = replace(line, judge=WithoutI())  # type: ignore[arg-type]
    assert recut(line, path, [5], gaps, english) == (path, [5])


def test_a_hidden_letter_is_read_and_was_not_seen(english: LanguageModel) -> None:
    line, path, _ = spelled("VEXNG", {}, gap=0)
    strip = SimpleNamespace(
        quad=lambda glyph: glyph.left, edge_quad=lambda glyph, width: (glyph.left, width)
    )
    [read] = spell([line], [strip], 40.0, english)  # type: ignore[list-item]
    assert (read.text, read.text_seen) == ("VEXING", "VEXNG")
    [word] = read.words
    letter = word.characters[3]
    assert (letter.label, letter.seen, letter.alternatives) == ("I", "", ())
    assert letter.changed_by == "language"
    assert letter.quad == (line.glyph(path[3]).left, 8.0)
    assert 0.5 <= letter.probability < 1
    [plain] = spell([line], [strip], 40.0, None)  # type: ignore[list-item]
    assert plain.text == "VEXNG"


def _touching(cut: bool, alphabet: Alphabet) -> JudgedLine:
    """Two letters and a dot, all of one ink or all apart."""
    step = 10 if cut else 13
    boxes = [(0, 0, 10, 40), (step, 30, step + 10, 40), (2 * step, 0, 2 * step + 10, 40)]
    pieces = [Glyph((Component(i, *box, 200),), begins=0.5) for i, box in enumerate(boxes, 1)]
    lattice = build(pieces, 40.0)
    count = len(lattice.glyphs)
    probabilities = np.full((count, len(LETTERS)), 0.01 / (len(LETTERS) - 1))
    probabilities[:, 0] = 0.99
    marks = np.full((count, len(alphabet.marks)), 0.5)
    verdict = Verdict(np.ones(count), probabilities, marks)
    return JudgedLine(lattice, verdict, np.zeros(count), alphabet)  # type: ignore[arg-type]


def _single(line: JudgedLine, piece: int) -> int:
    return path_of(line, (piece, piece))[0]


def test_a_stroke_between_letters_is_no_mark() -> None:
    apart, cut = (_touching(state, WithMarks()) for state in (False, True))
    assert [guess.label for guess in apart.alternatives(_single(apart, 1))] == [".", "-"]
    assert cut.alternatives(_single(cut, 1)) == ()
