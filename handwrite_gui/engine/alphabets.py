"""Named sets of characters that a reading can be limited to."""

from __future__ import annotations

import string
from collections.abc import Sequence
from types import MappingProxyType

from handwrite_gui.engine.errors import HandwriteError

PUNCTUATION = ".,-'/&?!"

NOT_A_CHARACTER = "\ufffd"
"""The class, where a model has it, for ink that is no character: part of one, or several."""

ALPHABETS = MappingProxyType(
    {
        "digits": string.digits,
        "upper": string.ascii_uppercase,
        "alnum": string.digits + string.ascii_uppercase,
        "full": string.digits + string.ascii_uppercase + string.ascii_lowercase + PUNCTUATION,
    }
)
"""Name to characters; ``alnum`` is the default where the model knows all of it."""

DEFAULT_ALPHABET = "alnum"

_LONGEST_LIST = 80  # letters of a message that names what a model knows


def class_indices(classes: Sequence[str], alphabet: str | None = None) -> list[int]:
    """Indices into ``classes`` of the characters that ``alphabet`` allows, ascending.

    Args:
        classes: what the model knows, one character each.
        alphabet: a name in :data:`ALPHABETS`, or None for the default: ``alnum`` if the model
            knows all of it, else every character the model knows.

    Raises:
        HandwriteError: the name is unknown, or the model knows no character of the alphabet.
    """
    characters = [name for name in classes if name != NOT_A_CHARACTER]
    if not characters:
        raise HandwriteError("This model knows no characters; choose another model.")
    if alphabet is None:
        if not set(ALPHABETS[DEFAULT_ALPHABET]) <= set(characters):
            return [classes.index(name) for name in characters]
        alphabet = DEFAULT_ALPHABET
    if alphabet not in ALPHABETS:
        raise HandwriteError(
            f"There is no alphabet named “{alphabet}”; choose one of {', '.join(ALPHABETS)}."
        )
    allowed = set(ALPHABETS[alphabet])
    indices = [index for index, name in enumerate(classes) if name in allowed]
    if not indices:
        known = ("" if max(map(len, characters)) == 1 else " ").join(characters)
        if len(known) > _LONGEST_LIST:
            known = f"{known[:_LONGEST_LIST]} …"
        raise HandwriteError(
            f"This model knows none of the characters of the alphabet “{alphabet}”; it knows "
            f"{known}. Choose another alphabet or another model."
        )
    return indices
