"""Making a reading of another program one that a document can hold."""

from __future__ import annotations

from dataclasses import replace

from handwrite_gui.engine.page.result import Character, Line, PageResult, Word

_LONGEST = 100


def labelled(result: PageResult) -> PageResult:
    """A reading whose characters all have labels: other programs also give blanks boxes.

    Blanks within labels go, characters without a label too, and words and lines without any.
    """
    lines = []
    for line in result.lines:
        words = []
        for word in line.words:
            characters = [c for c in map(_with_label, word.characters) if c.label]
            if characters:
                words.append(Word(tuple(characters)))
        if words:
            lines.append(Line(tuple(words)))
    return replace(result, lines=tuple(lines))


def _with_label(character: Character) -> Character:
    label = _without_blanks(character.label)
    guesses = tuple(
        guess for guess in character.alternatives if guess.label == _without_blanks(guess.label)
    )
    guesses = tuple(guess for guess in guesses if guess.label)
    if label == character.label and len(guesses) == len(character.alternatives):
        return character
    return replace(character, label=label, alternatives=guesses)


def _without_blanks(label: str) -> str:
    return "".join(label.split())[:_LONGEST]
