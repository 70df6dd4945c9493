"""Which character is looked at next."""

from __future__ import annotations

from handwrite_gui.page.doubt import most_doubtful, next_doubtful
from handwrite_gui.page.text_map import TextMap
from tests.gui.page.pages import BLANK, page


def test_doubtful_characters_are_visited_round_and_round() -> None:
    text = TextMap.of(page("ABCDE", sure=lambda index: 0.3 if index in (1, 3) else 0.99))
    assert next_doubtful(text, None, 1) == 1
    assert next_doubtful(text, 1, 1) == 3
    assert next_doubtful(text, 3, 1) == 1
    assert next_doubtful(text, None, -1) == 3
    assert next_doubtful(text, 3, -1) == 1


def test_a_lone_doubtful_character_is_its_own_next() -> None:
    text = TextMap.of(page("AB", sure=lambda index: 0.3 if index else 0.99))
    assert next_doubtful(text, 1, 1) == 1


def test_no_character_is_doubtful() -> None:
    assert next_doubtful(TextMap.of(page("AB")), None, 1) is None
    assert next_doubtful(TextMap.of(BLANK), None, 1) is None


def test_between_two_characters_both_are_next() -> None:
    text = TextMap.of(page("ABCDE", sure=lambda index: 0.3 if index in (1, 2) else 0.99))
    assert next_doubtful(text, 1.5, 1) == 2
    assert next_doubtful(text, 1.5, -1) == 1


def test_the_least_sure_comes_first() -> None:
    text = TextMap.of(page("ABCD", sure=lambda index: (0.7, 0.3, 0.99, 0.3)[index]))
    found, order = None, []
    for _ in range(4):
        found = most_doubtful(text, found)
        assert found is not None
        order.append(found[1])
    assert order == [1, 3, 0, 1], "and round again"
    assert most_doubtful(TextMap.of(page("AB")), None) is None
