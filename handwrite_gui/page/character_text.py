"""What is said in words about a page, its characters and how it was read."""

from __future__ import annotations

from html import escape
from statistics import fmean

from handwrite_gui.engine.page.result import Character, PageResult
from handwrite_gui.page.confidence import confidence_of, percent
from handwrite_gui.page.text_map import CharacterRange, TextMap

NO_WRITING = "No writing found"


def summary(result: PageResult, seconds: float) -> str:
    """One line about a reading: how much was read, how surely, how fast."""
    probabilities = [character.probability for character in result.characters]
    if not probabilities:
        return f"{NO_WRITING} · {_seconds(seconds)}"
    return " · ".join(
        (
            _count(len(probabilities), "character"),
            _count(len(result.lines), "line"),
            f"mean confidence {percent(fmean(probabilities))}",
            _seconds(seconds),
        )
    )


def describe_selection(text: TextMap, selection: CharacterRange) -> str:
    """The selected characters and where they stand, as a screen reader says it."""
    line = text.line_of[selection.first] + 1
    if len(selection) > 1:
        words = text.text_of(selection).replace("\n", " ")
        return f"{len(selection)} characters selected from line {line}: {words}"
    character = text.characters[selection.first]
    return (
        f"{character.label}, {confidence_of(character.probability).value}, "
        f"{percent(character.probability)}, line {line}"
    )


def tool_tip(character: Character, count: int = 4) -> str:
    """A character's likeliest labels with their probabilities, as rich text."""
    rows = "".join(
        f"<tr><td><b>{escape(label)}</b></td>"
        f"<td align='right' style='padding-left: 12px'>{escape(percent(probability))}</td></tr>"
        for label, probability in character.alternatives[:count]
    )
    sure = confidence_of(character.probability).value
    return f"<table>{rows}</table>{sure[0].upper()}{sure[1:]}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _seconds(seconds: float) -> str:
    return "under 0.1\u00a0s" if seconds < 0.1 else f"{seconds:.1f}\u00a0s"
