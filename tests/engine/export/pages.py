"""Pages to be exported: one that is easy to follow, and any that hypothesis thinks of."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from handwrite_gui.engine.export.geometry import from_frame
from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.page.result import Character, Line, PageResult, Quad, Word, box_quad
from handwrite_gui.engine.prediction import Prediction

WIDTH, HEIGHT = 800, 600


def character(label: str, left: float, top: float = 100.0, probability: float = 0.9) -> Character:
    """A character 20 pixels wide and 40 high."""
    guesses = (Prediction(label, probability), Prediction("?", 0.05))
    return Character(label, probability, guesses, box_quad(left, top, left + 20, top + 40))


def line(text: str, top: float, left: float = 50.0) -> Line:
    """Words with a gap of 25 pixels between them."""
    words = []
    for word in text.split():
        words.append(Word(tuple(character(c, left + 25 * i, top) for i, c in enumerate(word))))
        left += 25 * len(word) + 25
    return Line(tuple(words))


def picture(result: PageResult) -> np.ndarray:
    """Light paper, dark where a character's box is."""
    pixels = np.full((result.height, result.width), 230, np.uint8)
    for one in result.characters:
        (left, top), _, (right, bottom), _ = one.quad
        pixels[round(top) + 4 : round(bottom) - 4, round(left) + 4 : round(right) - 4] = 40
    return pixels


RESULT = PageResult(
    WIDTH, HEIGHT, (line("HELLO WORLD", 100), line("A1 <&> ß", 200), line("END", 400))
)
PAGE = ReadPage(RESULT, "page & “one”.jpg", 2, "default", 150.0, picture(RESULT))

# All of Unicode, lone surrogates apart, which are no characters.
labels = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=2)
# What XML 1.0 can hold.
xml_labels = st.text(
    st.characters(
        exclude_categories=["Cs"],
        exclude_characters="".join(
            [*(chr(c) for c in range(32) if chr(c) not in "\t\n\r"), "\ufffe", "\uffff"]
        ),
    ),
    min_size=1,
    max_size=2,
)
_chances = st.integers(0, 10_000).map(lambda n: n / 10_000)


@st.composite
def quads(draw: st.DrawFn) -> Quad:
    """Upright or turned, within the page, corners in tenths of pixels."""
    left, top = draw(st.integers(0, 500)), draw(st.integers(100, 300))
    box = box_quad(left, top, left + draw(st.integers(4, 90)), top + draw(st.integers(4, 90)))
    if draw(st.booleans()):
        return box
    along = (0.8, 0.6)
    a, b, c, d = (from_frame((x / 2 + 150, y / 2), along) for x, y in box)
    return tuple((round(x, 1), round(y, 1)) for x, y in (a, b, c, d))  # type: ignore[return-value]


@st.composite
def results(draw: st.DrawFn, of: st.SearchStrategy[str] = labels) -> PageResult:
    """Any page; words are never of white space alone."""

    def one() -> Character:
        label, chance = draw(of), draw(_chances)
        others = tuple(
            Prediction(other, 0.25) for other in draw(st.lists(of, max_size=2, unique=True))
        )
        return Character(label, chance, (Prediction(label, chance), *others), draw(quads()))

    def word() -> Word:
        return Word(tuple(one() for _ in range(draw(st.integers(1, 3)))))

    def line() -> Line:
        return Line(tuple(word() for _ in range(draw(st.integers(1, 3)))))

    return PageResult(WIDTH, HEIGHT, tuple(line() for _ in range(draw(st.integers(0, 3)))))
