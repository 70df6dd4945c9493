"""Hidden layers as people write them: “512, 256”."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

NO_LAYER_WORDS = ("", "none", "0")


def parse_layer_widths(text: str, *, widest: int, most_layers: int) -> tuple[int, ...]:
    """The widths written in ``text``, separated by commas, spaces, “x” or “-”.

    An empty text, “none” or “0” mean no hidden layer: a linear classifier.

    Raises:
        ValueError: a part is no whole number or out of range; the message is a sentence for
            the person who typed it.
    """
    if text.strip().lower() in NO_LAYER_WORDS:
        return ()
    widths = []
    for part in re.split(r"[,;x×→\s-]+", text.strip().strip(",;")):
        if not part.isascii() or not part.isdigit():
            raise ValueError(f"“{part}” is not a whole number. Write widths like 512, 256.")
        # A number of thousands of digits would not even convert.
        width = int(part) if len(part) <= 9 else 10**9
        if not 1 <= width <= widest:
            shown = part if len(part) <= 9 else f"{part[:9]}…"
            raise ValueError(f"A layer has 1 to {widest:,} units, not {shown}.")
        widths.append(width)
    if len(widths) > most_layers:
        raise ValueError(f"{len(widths)} layers are too many; the most is {most_layers}.")
    return tuple(widths)


def layer_widths_text(widths: Sequence[int]) -> str:
    return ", ".join(map(str, widths)) or "none"


def parameter_count(sizes: Sequence[int]) -> int:
    """Weights and biases of a fully connected network of these layer sizes."""
    return sum((n_in + 1) * n_out for n_in, n_out in pairwise(sizes))


def network_summary(sizes: Sequence[int]) -> str:
    """The network in two lines: 1024 → 64 → 36, 67,940 weights and biases."""
    arrows = " → ".join(map(str, sizes))
    return f"{arrows}\n{parameter_count(sizes):,} weights and biases"
