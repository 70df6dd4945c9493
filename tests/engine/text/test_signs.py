"""Letters keep the marks that combine with them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.engine.text.signs import split_signs


def test_an_accent_stays_with_its_letter() -> None:
    assert split_signs("e\u0301te\u0301") == ["e\u0301", "t", "e\u0301"]


def test_a_mark_with_nothing_before_it_is_its_own() -> None:
    assert split_signs("\u0301a") == ["\u0301", "a"]


@given(st.text())
def test_nothing_is_lost(text: str) -> None:
    assert "".join(split_signs(text)) == text
