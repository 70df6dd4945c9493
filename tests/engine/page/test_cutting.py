"""What of a page is cut, and what is not."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from handwrite_gui.engine.data.synthesis.page import compose_page
from handwrite_gui.engine.model_file import load_model
from handwrite_gui.engine.page.cutting import clear_letters, cut_page
from handwrite_gui.engine.page.ink import find_ink
from handwrite_gui.engine.page.scoring import fitted_weights
from handwrite_gui.engine.page.sheet import Layout, find_writing, lay_out
from handwrite_gui.engine.page.verdict import Judge, Verdict
from handwrite_gui.engine.recognizer import Recognizer, page_judge
from handwrite_gui.engine.resources import default_model_path

TEXT = "HOUSE"


@pytest.fixture(scope="module")
def judge() -> Judge:
    return page_judge(Recognizer(load_model(default_model_path()), "upper"))


@pytest.fixture(scope="module")
def picture() -> NDArray[np.uint8]:
    return compose_page(TEXT, 4, cap_height=48)


class Doubtful:
    """A judge that takes nothing for a letter for sure."""

    refuses = True

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self.letters, self.marks = judge.letters, judge.marks

    def judge(self, cuts: Sequence[NDArray[np.uint8]]) -> Verdict:
        verdict = self._judge.judge(cuts)
        return verdict._replace(character=np.minimum(verdict.character, 0.8))


def _layout(picture: NDArray[np.uint8]) -> Layout:
    return lay_out(find_writing(find_ink(picture)), 0.0)


def test_a_clear_letter_stays_whole(judge: Judge, picture: NDArray[np.uint8]) -> None:
    (line,) = cut_page(find_ink(picture), judge, fitted_weights())[1]
    assert len(line.pieces) == len(TEXT)
    assert all(len(piece.components) == 1 for piece in line.pieces)


def test_what_is_in_doubt_is_cut(judge: Judge, picture: NDArray[np.uint8]) -> None:
    (line,) = cut_page(find_ink(picture), Doubtful(judge), fitted_weights())[1]
    assert len(line.pieces) > len(TEXT)


def test_letters_that_touch_are_no_clear_letter(judge: Judge, picture: NDArray[np.uint8]) -> None:
    layout = _layout(picture)
    apart = [layout.strip(line) for line in layout.lines]
    (clear,) = clear_letters(apart, layout.usual, judge)
    assert clear == {component.label for component in apart[0].components}

    # A stroke from each letter to the next.
    dark = int(picture.min())
    for a, b in pairwise(apart[0].components):
        row = (max(a.top, b.top) + min(a.bottom, b.bottom)) // 2
        joined = apart[0].course.to_map(
            np.array([(a.left + a.width / 2, row), (b.left + b.width / 2, row)], float)
        )
        (left, y), (right, _) = np.rint(joined * apart[0].reduction).astype(int).tolist()
        picture = picture.copy()
        picture[y - 2 : y + 3, left:right] = dark
    layout = _layout(picture)
    strips = [layout.strip(line) for line in layout.lines]
    assert [len(strip.components) for strip in strips] == [1]
    assert clear_letters(strips, layout.usual, judge) == [set()]


def test_without_refusal_nothing_is_a_clear_letter(
    judge: Judge, picture: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = _layout(picture)
    strips = [layout.strip(line) for line in layout.lines]
    monkeypatch.setattr(judge, "refuses", False)
    assert clear_letters(strips, layout.usual, judge) == [set()]


def test_lines_without_anything_wide_ask_nothing(judge: Judge) -> None:
    assert clear_letters([], 40.0, judge) == []
