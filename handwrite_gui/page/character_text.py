"""What is said in words about a page, its characters and how it was read."""

from __future__ import annotations

from html import escape
from statistics import fmean

from handwrite_gui.page.confidence import confidence_of, percent
from handwrite_gui.page.shown_page import Decided, ShownPage
from handwrite_gui.page.text_map import CharacterRange, TextMap

NO_WRITING = "No writing found"


def summary(shown: ShownPage, seconds: float) -> str:
    """One line about a reading: how much was read, how surely, by what, how fast."""
    probabilities = [character.probability for character in shown.characters]
    if not probabilities:
        parts = [NO_WRITING]
    else:
        parts = [
            _count(len(probabilities), "character"),
            _count(len(shown.result.lines), "line"),
            f"mean confidence {percent(fmean(probabilities))}",
        ]
    for decided, word in ((Decided.BY_CONTEXT, "inferred"), (Decided.BY_PERSON, "corrected")):
        if number := shown.decided.count(decided):
            parts.append(f"{number:,} {word}")
    if aside := len(shown.writing.aside):
        parts.append(f"{_count(aside, 'correction')} where no character was found")
    source = shown.writing.imported_from
    return " · ".join((*parts, f"from {source}" if source else _seconds(seconds)))


def describe_selection(shown: ShownPage, text: TextMap, selection: CharacterRange) -> str:
    """The selected characters and where they stand, as a screen reader says it."""
    line = text.line_of[selection.first] + 1
    if len(selection) > 1:
        words = text.text_of(selection).replace("\n", " ")
        return f"{len(selection)} characters selected from line {line}: {words}"
    character = text.characters[selection.first]
    why = origin(shown, selection.first)
    return (
        f"{character.label or 'nothing'}, {sureness(shown, selection.first)}, "
        f"{percent(character.probability)}, line {line}{', ' if why else ''}{why}"
    )


def sureness(shown: ShownPage, index: int) -> str:
    """How sure a character is, in words."""
    if shown.decided[index] is Decided.BY_PERSON:
        return "corrected"
    return confidence_of(shown.characters[index].probability).value


def origin(shown: ShownPage, index: int) -> str:
    """What else than its shape decided about a character; empty where nothing did."""
    read = shown.read[index]
    seen = f"seen {read.seen}" if read.seen else "not seen"
    match shown.decided[index]:
        case Decided.BY_SHAPE:
            return ""
        case Decided.BY_CONTEXT:
            return f"{seen}, inferred {read.label} ({read.changed_by})"
        case Decided.BY_PERSON if read.seen == read.label:
            return f"read as {read.label}"
        case Decided.BY_PERSON:
            return f"read as {read.label}, {seen}"


def tool_tip(shown: ShownPage, index: int, count: int = 4) -> str:
    """A character's likeliest labels with their probabilities, as rich text."""
    rows = "".join(
        f"<tr><td><b>{escape(label)}</b></td>"
        f"<td align='right' style='padding-left: 12px'>{escape(percent(probability))}</td></tr>"
        for label, probability in shown.read[index].alternatives[:count]
    )
    sure, why = sureness(shown, index), origin(shown, index)
    more = f"; {escape(why)}" if why else ""
    return f"<table>{rows}</table>{sure[0].upper()}{sure[1:]}{more}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _seconds(seconds: float) -> str:
    return "under 0.1\u00a0s" if seconds < 0.1 else f"{seconds:.1f}\u00a0s"
