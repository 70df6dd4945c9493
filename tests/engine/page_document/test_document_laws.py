"""What holds of every document, whatever is done to it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handwrite_gui.engine.page_document.document_file import (
    PageDocument,
    PictureFile,
    load_document,
    save_document,
)
from handwrite_gui.engine.page_document.history import History
from handwrite_gui.engine.page_document.rewriting import rewritten
from handwrite_gui.engine.page_document.writing import Gap, Writing
from tests.engine.page_document.pages import READINGS, TEXTS, edits, read, written

PICTURE = PictureFile("page.png", b"not looked at")


def check(writing: Writing) -> None:
    """What must be so of every writing."""
    if writing.characters:
        assert writing.characters[0].gap is Gap.LINE
    assert all(c.label and not c.label.isspace() for c in writing.characters)
    assert writing.result().text == writing.text
    for character in (*writing.characters, *writing.aside):
        assert character.corrected is None or character.shown.label == character.corrected
    assert all(c.is_by_person for c in writing.aside)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), lines=READINGS)
def test_undoing_all_gives_the_start_and_redoing_all_the_end(
    data: st.DataObject, lines: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    history = History(written(*lines))
    states = [history.state]
    for _ in range(data.draw(st.integers(0, 12))):
        action = data.draw(st.sampled_from(["edit", "edit", "edit", "undo", "redo", "save"]))
        if action == "edit":
            edit = data.draw(edits(history.state))
            if edit is None:
                continue
            before, history = history, history.after(edit.title, edit.applied(history.state))
            if history is not before:
                states = [*states[: before.done + 1], history.state]
        elif action == "undo":
            history = history.undone()
        elif action == "redo":
            history = history.redone()
        else:
            path = tmp_path_factory.getbasetemp() / "law.handwrite"
            document = PageDocument("page", PICTURE, history.state)
            save_document(path, document)
            assert load_document(path) == document, "the file holds what is shown"
            history = history.as_saved(load_document(path).writing)
            assert not history.is_changed
        check(history.state)
        assert history.state == states[history.done]
    at = history
    while history.undo_title is not None:
        before, history = history, history.undone()
        assert history.redone() == before
    assert history.state == states[0]
    while history.redo_title is not None:
        history = history.redone()
    assert history.state == states[-1]
    assert len(states) == len(history.steps) + 1
    if at.saved is not None:
        assert at.is_changed is (at.state != at.saved)


@settings(max_examples=80, deadline=None)
@given(data=st.data(), lines=READINGS, text=TEXTS)
def test_the_text_becomes_what_was_typed(data: st.DataObject, lines: list[str], text: str) -> None:
    """Up to blanks at the ends of lines, and several of them, which writing does not have."""
    writing = written(*lines)
    for _ in range(2):
        before = writing.text
        start = data.draw(st.integers(0, len(before)))
        end = data.draw(st.integers(start, len(before)))
        edit = rewritten(writing, start, end, text)
        writing = writing if edit is None else edit.applied(writing)
        wanted = before[:start] + text + before[end:]
        lines_wanted = [" ".join(line.split()) for line in wanted.split("\n")]
        assert writing.text.split("\n") == ([line for line in lines_wanted if line] or [""])
        check(writing)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), lines=READINGS, other=READINGS)
def test_no_reading_overrides_what_the_person_said(
    data: st.DataObject, lines: list[str], other: list[str]
) -> None:
    """Every label and box of the person's is there after any reading, or waits; and comes back
    with the reading from before."""
    writing = written(*lines)
    for _ in range(data.draw(st.integers(1, 5))):
        edit = data.draw(edits(writing))
        if edit is not None:
            writing = edit.applied(writing)
    from handwrite_gui.engine.page_document.edits import ReadAgain

    said = sorted(
        (c.corrected or "", c.is_placed)
        for c in (*writing.characters, *writing.aside)
        if c.is_by_person
    )
    again = ReadAgain(read(*other)).applied(writing)
    kept = sorted(
        (c.corrected or "", c.is_placed)
        for c in (*again.characters, *again.aside)
        if c.is_by_person
    )
    assert kept == said
    assert again.erased == writing.erased
    check(again)
