"""Writings made by hand, and any that edits could make of them."""

from __future__ import annotations

import string
from dataclasses import replace

from hypothesis import strategies as st

from handwrite_gui.engine.page.result import Character, Line, PageResult, Word, box_quad
from handwrite_gui.engine.page_document.edits import (
    Confirm,
    Draw,
    Edit,
    Erase,
    Merge,
    MoveLine,
    Part,
    ReadAgain,
    Relabel,
    Reshape,
    Shift,
    Split,
    Withdraw,
)
from handwrite_gui.engine.page_document.places import around, divided
from handwrite_gui.engine.page_document.rewriting import rewritten
from handwrite_gui.engine.page_document.writing import Gap, Writing, unread
from handwrite_gui.engine.prediction import Prediction

SIDE = 20


def character(label: str, left: float, top: float, probability: float = 0.9) -> Character:
    """A character in a box of SIDE × SIDE pixels."""
    guesses = (Prediction(label, probability), Prediction("#", 1 - probability))
    return Character(label, probability, guesses, box_quad(left, top, left + SIDE, top + SIDE))


def read(*lines: str) -> PageResult:
    """A reading: a character every 25 pixels, a line every 50, from (10, 10)."""
    return PageResult(
        400,
        300,
        tuple(
            Line(
                tuple(
                    Word(
                        tuple(
                            character(line[column], 10 + 25 * column, 10 + 50 * row)
                            for column in range(start, start + len(word))
                        )
                    )
                    for start, word in words(line)
                )
            )
            for row, line in enumerate(lines)
        ),
    )


def words(line: str) -> list[tuple[int, str]]:
    """The words of a text, each with the column it begins at."""
    found, column = [], 0
    for word in line.split(" "):
        found.append((column, word))
        column += len(word) + 1
    return found


def written(*lines: str) -> Writing:
    return Writing.of(read(*lines))


LABELS = st.sampled_from([*string.ascii_uppercase, *string.digits, "rn", "é", "字", "😀"])
TEXTS = st.text(st.sampled_from("AB1 .\n😀"), max_size=5)
READINGS = st.lists(
    st.from_regex(r"[A-C1]{1,3}( [A-C1]{1,3})?", fullmatch=True), min_size=0, max_size=4
)


@st.composite
def edits(draw: st.DrawFn, writing: Writing) -> Edit | None:
    """Anything that could be done to a writing; None where it changes nothing."""
    count = len(writing.characters)
    left, top = draw(st.integers(0, 380)), draw(st.integers(0, 280))
    place = character("N", left, top)
    kinds = ["draw", "draw", "read", "write"]
    if count:
        kinds += [
            *("relabel", "confirm", "withdraw", "erase", "reshape", "split", "merge"),
            *("part", "part", "shift", "line"),
        ]
    kind = draw(st.sampled_from(kinds))
    if kind == "draw":
        return Draw(
            place,
            draw(st.none() | LABELS),
            draw(st.none() | st.integers(0, count)),
            draw(st.none() | st.sampled_from(Gap)),
        )
    if kind == "read":
        return ReadAgain(read(*draw(READINGS)), draw(st.none() | st.just(box_quad(0, 0, 200, 100))))
    if kind == "write":
        start = draw(st.integers(0, len(writing.text)))
        end = draw(st.integers(start, len(writing.text)))
        return rewritten(writing, start, end, draw(TEXTS))
    index = draw(st.integers(0, count - 1))
    last = min(index + draw(st.integers(0, 3)), count - 1)
    own = writing.characters[index]
    step = draw(st.sampled_from([-1, 1]))
    made: dict[str, Edit] = {
        "relabel": Relabel(index, draw(LABELS)),
        "confirm": Confirm(index, last),
        "withdraw": Withdraw(index),
        "erase": Erase(index, last),
        "reshape": Reshape(index, replace(place)),
        "split": Split(index, tuple(unread(quad) for quad in divided(own.quad, 2))),
        "merge": Merge(
            index,
            last,
            unread(around([c.quad for c in writing.characters[index : last + 1]])),
            draw(st.none() | LABELS),
        ),
        "part": Part(index, draw(st.sampled_from(Gap))),
        "shift": Shift(index, last, step),
        "line": MoveLine(index, step),
    }
    return made[kind]
