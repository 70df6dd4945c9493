"""Fields of a form, in which only digits or only letters are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from handwrite_gui.engine.errors import HandwriteError

Field = Literal["any", "digits", "letters"]
FIELDS: tuple[Field, ...] = get_args(Field)


def field_indices(classes: Sequence[str], allowed: Sequence[int], field: Field) -> list[int]:
    """Those of some classes that may stand in a field.

    Args:
        classes: the names of all classes.
        allowed: indices of those to choose from.
        field: what is written in it.

    Raises:
        HandwriteError: none of them may, or there is no such field.
    """
    if field not in FIELDS:
        raise HandwriteError(f"There is no field “{field}”; choose one of {', '.join(FIELDS)}.")
    if field == "any":
        return list(allowed)
    fits = str.isdigit if field == "digits" else str.isalpha
    chosen = [index for index in allowed if fits(classes[index])]
    if not chosen:
        raise HandwriteError(
            f"A field of {field} cannot be read with an alphabet that has no {field}; choose "
            "another alphabet or field."
        )
    return chosen
