"""What a reader takes for one letter."""

from __future__ import annotations

import unicodedata


def split_signs(text: str) -> list[str]:
    """Letters with the marks that combine with them; a mark with nothing before it is its own."""
    found: list[str] = []
    for one in text:
        if found and unicodedata.combining(one):
            found[-1] += one
        else:
            found.append(one)
    return found
