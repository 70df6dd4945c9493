from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.engine.alphabets import (
    ALPHABETS,
    DEFAULT_ALPHABET,
    NOT_A_CHARACTER,
    PUNCTUATION,
    class_indices,
)
from handwrite_gui.engine.errors import HandwriteError

EVERYTHING = (*ALPHABETS["full"], NOT_A_CHARACTER)

class_lists = st.lists(st.sampled_from(EVERYTHING), min_size=1, unique=True)


def names(classes: tuple[str, ...], alphabet: str | None = None) -> str:
    return "".join(classes[index] for index in class_indices(classes, alphabet))


def test_the_alphabets_are_those_of_the_command_line() -> None:
    assert list(ALPHABETS) == ["digits", "upper", "alnum", "full"]
    assert ALPHABETS["digits"] == "0123456789"
    assert ALPHABETS["upper"] == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert ALPHABETS["alnum"] == ALPHABETS["digits"] + ALPHABETS["upper"]
    assert ALPHABETS["full"] == ALPHABETS["alnum"] + string.ascii_lowercase + ".,-'/&?!"
    assert PUNCTUATION == ".,-'/&?!"
    assert DEFAULT_ALPHABET == "alnum"


def test_no_alphabet_holds_a_character_twice_or_what_is_none() -> None:
    for characters in ALPHABETS.values():
        assert len(set(characters)) == len(characters)
        assert NOT_A_CHARACTER not in characters


@given(class_lists, st.sampled_from(list(ALPHABETS)))
def test_gives_what_both_the_model_and_the_alphabet_have_in_the_models_order(
    classes: list[str], alphabet: str
) -> None:
    wanted = [name for name in classes if name in ALPHABETS[alphabet]]
    if wanted:
        indices = class_indices(classes, alphabet)
        assert indices == sorted(indices)
        assert [classes[index] for index in indices] == wanted
    else:
        with pytest.raises(HandwriteError):
            class_indices(classes, alphabet)


def test_by_default_digits_and_capitals_where_the_model_knows_all_of_them() -> None:
    assert names(EVERYTHING) == ALPHABETS["alnum"]


@pytest.mark.parametrize(
    "characters", [ALPHABETS["digits"], ALPHABETS["full"].replace("Q", ""), "äöüß"]
)
def test_by_default_everything_of_a_model_that_lacks_some_of_them(characters: str) -> None:
    assert names((*characters, NOT_A_CHARACTER)) == characters


def test_a_name_that_no_alphabet_has() -> None:
    with pytest.raises(HandwriteError, match=r"“greek”; choose one of digits, upper, alnum, full"):
        class_indices(EVERYTHING, "greek")


def test_a_model_that_knows_nothing_of_the_alphabet_says_what_it_knows() -> None:
    with pytest.raises(HandwriteError, match=r"“digits”; it knows abc\. Choose another"):
        class_indices(("a", "b", "c", NOT_A_CHARACTER), "digits")
    with pytest.raises(HandwriteError, match=r"it knows tick cross\."):
        class_indices(("tick", "cross"), "digits")


def test_a_model_that_knows_very_much_does_not_say_all_of_it() -> None:
    with pytest.raises(HandwriteError) as caught:
        class_indices([chr(0x4E00 + i) for i in range(3000)], "digits")
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize("alphabet", [None, "alnum"])
def test_a_model_of_nothing_but_refusal_is_of_no_use(alphabet: str | None) -> None:
    with pytest.raises(HandwriteError, match="knows no characters"):
        class_indices([NOT_A_CHARACTER], alphabet)
