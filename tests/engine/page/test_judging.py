"""Judging the candidates of a page at sight and again."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.data.synthesis.page import compose_page
from handwrite_gui.engine.model_file import load_model
from handwrite_gui.engine.page.cutting import CutLine, cut_page
from handwrite_gui.engine.page.ink import find_ink
from handwrite_gui.engine.page.judging import judge_lines, look_at
from handwrite_gui.engine.page.scoring import fitted_weights
from handwrite_gui.engine.page.verdict import Judge
from handwrite_gui.engine.recognizer import Recognizer, page_judge
from handwrite_gui.engine.resources import default_model_path


@pytest.fixture(scope="module")
def judge() -> Judge:
    return page_judge(Recognizer(load_model(default_model_path()), "upper"))


@pytest.fixture(scope="module")
def cut(judge: Judge) -> tuple[float, list[CutLine]]:
    picture = compose_page("WARM RAIN\nFELL", 4, cap_height=48)
    layout, lines = cut_page(find_ink(picture), judge, fitted_weights())
    return layout.usual, lines


def test_the_cheapest_way_reads_the_line(judge: Judge, cut: tuple[float, list[CutLine]]) -> None:
    usual, lines = cut
    read = [
        "".join(line.alternatives(index)[0].label for index in line.cheapest())
        for line in judge_lines(lines, usual, judge)
    ]
    assert read == ["WARMRAIN", "FELL"]


def test_what_was_not_looked_at_again_cannot_be_taken(
    judge: Judge, cut: tuple[float, list[CutLine]]
) -> None:
    usual, lines = cut
    looked, judged = look_at(lines, usual, judge), judge_lines(lines, usual, judge)
    for line, own in zip(judged, looked, strict=True):
        assert np.array_equal(np.isfinite(line.costs), own.listed)
        assert not own.listed.all()


def test_progress_never_goes_back(judge: Judge, cut: tuple[float, list[CutLine]]) -> None:
    told: list[float] = []
    judge_lines(cut[1], cut[0], judge, told.append)
    assert told == sorted(told)
    assert 0 <= told[0] <= told[-1] <= 1


def test_no_lines_need_no_judging(judge: Judge) -> None:
    assert judge_lines([], 40.0, judge) == []
