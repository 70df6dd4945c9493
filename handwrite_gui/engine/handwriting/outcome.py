"""What came of adapting, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handwrite_gui.engine.handwriting.learning import Learned


def outcome(learned: Learned) -> str:
    """What came of adapting, in a sentence."""
    before, after = learned.own_before, learned.own_after
    held = f"of {after.samples} samples held out in turn, {after.right} were read right"
    match learned.verdict:
        case "better":
            text = f"Kept: {held}, {before.right} before ({learned.seconds:.0f} s)."
        case "not better":
            text = f"Not kept, nothing has changed: {held}, and {before.right} before already."
        case "forgets":
            text = (
                "Not kept, nothing has changed: other people's writing would have been read worse. "
                "Teach the characters that look like those you taught, too."
            )
        case "too few":
            text = (
                "Not kept, nothing has changed: there is no character of which there are two "
                "samples, so that one could be held out to measure on. Teach some more."
            )
    if learned.left_out:
        text += f" The model knows no {' '.join(learned.left_out)}."
    return text
