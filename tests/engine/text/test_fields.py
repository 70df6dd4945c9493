from __future__ import annotations

import pytest

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.text.fields import Field, field_indices

CLASSES = ("0", "7", "A", "b", "é", "/")


@pytest.mark.parametrize(
    ("field", "fitting"), [("any", [0, 1, 2, 3, 4, 5]), ("digits", [0, 1]), ("letters", [2, 3, 4])]
)
def test_a_field_leaves_the_classes_that_may_stand_in_it(field: Field, fitting: list[int]) -> None:
    assert field_indices(CLASSES, range(6), field) == fitting


def test_only_what_was_allowed_is_chosen() -> None:
    assert field_indices(CLASSES, [1, 2], "digits") == [1]


def test_a_field_without_any_class_is_refused() -> None:
    with pytest.raises(HandwriteError, match="no digits"):
        field_indices(CLASSES, [2, 3], "digits")


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(HandwriteError, match="any, digits, letters"):
        field_indices(CLASSES, range(6), "words")  # type: ignore[arg-type]
