"""Error rates of texts, and what the report shows of them."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.evaluation.text_errors import LONGEST, align, compare, total
from handwrite_gui.engine.evaluation.text_report import (
    PageErrors,
    differences,
    to_dict,
    to_html,
    to_text,
)

words = st.text("ab ", max_size=12)


@pytest.mark.parametrize(
    ("written", "read", "rate", "of_words"),
    [
        ("kitten", "sitting", 3 / 6, 1),
        ("the cat", "the cat", 0, 0),
        ("the cat", "the  cat \n", 0, 0),
        ("the cat", "thecat", 1 / 7, 1),
        ("abc", "", 1, 1),
        ("ab", "abab", 1, 1),
        ("caf\u00e9", "cafe\u0301", 0, 0),
        ("q\u0323x", "qx", 1 / 2, 1),
    ],
)
def test_rates(written: str, read: str, rate: float, of_words: float) -> None:
    errors = compare(written, read)
    assert errors.character_error_rate == pytest.approx(rate)
    assert errors.word_error_rate == pytest.approx(of_words)


def test_case_can_be_ignored() -> None:
    assert compare("Straße", "STRASSE", ignore_case=True).character_errors == 0
    assert compare("Ab", "aB").character_errors == 2


def test_nothing_written_has_no_rate() -> None:
    errors = compare("", "abc")
    assert math.isnan(errors.character_error_rate)
    assert errors.added == 3


@given(words, words)
def test_an_alignment_is_both_texts(written: str, read: str) -> None:
    edits = align(written, read)
    assert "".join(edit.written for edit in edits) == written
    assert "".join(edit.read for edit in edits) == read
    for kind, one, other in edits:
        assert (kind == "same") == (one == other)
        assert (kind == "missing") == (not other)
        assert (kind == "added") == (not one)


@given(words, words)
def test_it_is_the_shortest(written: str, read: str) -> None:
    def distance(a: str, b: str) -> int:
        row = list(range(len(b) + 1))
        for i, x in enumerate(a, 1):
            before, row[0] = row[0], i
            for j, y in enumerate(b, 1):
                before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
        return row[-1]

    assert sum(edit.kind != "same" for edit in align(written, read)) == distance(written, read)


def test_a_text_that_is_too_long_is_refused() -> None:
    assert compare("a" * (LONGEST + 5), "a" * (LONGEST + 5)).character_errors == 0
    with pytest.raises(HandwriteError, match="divide"):
        compare("a" * (LONGEST + 1), "b" * (LONGEST + 1))


def test_pages_together() -> None:
    both = total([compare("abcd", "abcx"), compare("ab", "ab")])
    assert both.character_error_rate == pytest.approx(1 / 6)
    assert both.confusions == {("d", "x"): 1}


PAGES = [
    PageErrors("a.png", compare("one <two>", "0ne <tw>")),
    PageErrors("b.png", compare("", "")),
]


def test_the_table_and_the_json() -> None:
    text = to_text(PAGES)
    assert "22.2%" in text
    assert "o as 0 1×" in text
    assert "o as nothing 1×" in text
    values = json.loads(json.dumps(to_dict(PAGES)))
    assert values["pages"][1]["character_error_rate"] is None
    assert (values["replaced"], values["missing"], values["added"]) == (1, 1, 0)


def test_the_differences_are_marked_and_escaped() -> None:
    assert differences(PAGES[0].errors.edits) == (
        "<del>o</del><ins>0</ins>ne &lt;tw<del>o</del>&gt;"
    )
    page = to_html(PAGES, model="<m>")
    assert "&lt;m&gt;" in page
    assert "<td><i>nothing</i></td>" in page
