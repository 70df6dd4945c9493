"""The squares that say which sheet it is."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from handwrite_gui.engine.alphabets import ALPHABETS
from handwrite_gui.engine.handwriting.sample_sheet.identity import from_bits, to_bits
from handwrite_gui.engine.handwriting.sample_sheet.layout import (
    CHARACTERS,
    MOST_COPIES,
    PAPER_SIZES,
    VERSION,
    PaperSize,
    make_sheet,
)


@settings(max_examples=60, deadline=None)
@given(
    st.sets(st.sampled_from(CHARACTERS), min_size=1),
    st.integers(1, MOST_COPIES),
    st.sampled_from(PAPER_SIZES),
    st.data(),
)
def test_a_page_says_which_it_is(
    characters: set[str], copies: int, paper: PaperSize, data: st.DataObject
) -> None:
    sheet = make_sheet("".join(characters), copies, paper)
    page = data.draw(st.integers(1, sheet.pages))
    identity = from_bits(to_bits(sheet, page))
    assert identity is not None
    assert (identity.version, identity.sheet, identity.page) == (VERSION, sheet, page)


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, 263), min_size=1, max_size=40))
def test_squares_that_were_misread_say_nothing(places: set[int]) -> None:
    bits = to_bits(make_sheet(ALPHABETS["alnum"], 5), 1)
    bits.reshape(-1)[list(places)] ^= True
    assert from_bits(bits) is None


def test_light_and_dark_are_balanced_everywhere() -> None:
    for alphabet in ALPHABETS.values():
        bits = to_bits(make_sheet(alphabet, 3), 1)
        for start in range(bits.shape[1] - 8):
            assert 0.1 < np.mean(bits[:, start : start + 8]) < 0.9


def test_every_character_of_the_program_can_be_asked_for() -> None:
    assert set(ALPHABETS["full"]) <= set(CHARACTERS)


def test_the_order_of_characters_belongs_to_the_version() -> None:
    """Sheets that were printed once must be read for ever: change VERSION with the order."""
    assert VERSION == 1
    assert len(CHARACTERS) == len(set(CHARACTERS)) == 188
    assert CHARACTERS[:12] == "0123456789AB"
    assert CHARACTERS[36:40] == "abcd"
    assert CHARACTERS[-1] == "ÿ"
