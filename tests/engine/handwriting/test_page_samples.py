"""Corrections of a page are samples as long as they stand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from handwrite_gui.engine.handwriting.page_samples import keep_page_samples
from handwrite_gui.engine.handwriting.samples import SampleStore
from handwrite_gui.engine.page.result import Character, box_quad
from handwrite_gui.engine.page_document.writing import DocumentCharacter, Gap, Writing


@pytest.fixture
def pixels() -> NDArray[np.uint8]:
    """Paper with three bold strokes."""
    page = np.full((200, 400), 235, np.uint8)
    for left in (60, 160, 260):
        page[60:140, left : left + 10] = 20
        page[60:70, left : left + 40] = 20
    return page


@pytest.fixture
def writing() -> Writing:
    read = [Character(label, 0.5, (), box_quad(left - 4, 56, left + 44, 144))
            for label, left in zip("LOT", (60, 160, 260), strict=True)]  # fmt: skip
    characters = tuple(
        DocumentCharacter(one, Gap.LINE if i == 0 else Gap.NONE) for i, one in enumerate(read)
    )
    return Writing(400, 200, characters)


def corrected(writing: Writing, **labels: str) -> Writing:
    return replace(
        writing,
        characters=tuple(
            replace(c, corrected=labels.get(c.read.label, c.corrected)) for c in writing.characters
        ),
    )


@pytest.fixture
def store(tmp_path: Path) -> SampleStore:
    return SampleStore(tmp_path / "samples.sqlite")


def test_nothing_said_is_nothing_kept(
    store: SampleStore, pixels: NDArray[np.uint8], writing: Writing
) -> None:
    assert keep_page_samples(store, pixels, writing, "list.jpg") == 0
    assert not store.path.exists()


def test_corrected_and_confirmed_characters_are_kept_as_such(
    store: SampleStore, pixels: NDArray[np.uint8], writing: Writing
) -> None:
    keep_page_samples(store, pixels, corrected(writing, L="F", O="O"), "list.jpg")
    kept = [(s.label, s.origin, s.source) for s in store.all()]
    assert kept == [("F", "corrected", "list.jpg"), ("O", "confirmed", "list.jpg")]
    assert all(s.image.shape[0] > s.image.shape[1] for s in store.all())


def test_a_letter_without_ink_of_its_own_is_no_sample(
    store: SampleStore, pixels: NDArray[np.uint8], writing: Writing
) -> None:
    first, second, third = corrected(writing, O="O", T="I").characters
    hidden = replace(third, read=replace(third.read, label="I", changed_by="language"))
    writing = replace(writing, characters=(first, second, hidden))
    assert keep_page_samples(store, pixels, writing, "list.jpg") == 1
    assert [s.label for s in store.all()] == ["O"]


def test_a_correction_taken_back_takes_its_sample_along(
    store: SampleStore, pixels: NDArray[np.uint8], writing: Writing
) -> None:
    keep_page_samples(store, pixels, corrected(writing, L="F", T="T"), "list.jpg")
    keep_page_samples(store, pixels, corrected(writing, L="P"), "list.jpg")
    assert store.counts() == {"P": 1}
    keep_page_samples(store, pixels, writing, "list.jpg")
    assert store.counts() == {}


def test_other_pages_and_taught_samples_are_left_alone(
    store: SampleStore, pixels: NDArray[np.uint8], writing: Writing
) -> None:
    keep_page_samples(store, pixels, corrected(writing, L="F"), "list.jpg")
    store.add(np.full((9, 9), 255, np.uint8), "x", "taught")
    other = pixels.copy()
    other[0, 0] = 0
    keep_page_samples(store, other, writing, "other.jpg")
    assert store.counts() == {"F": 1, "x": 1}


def test_a_box_of_several_letters_or_of_no_ink_is_no_sample(
    store: SampleStore, pixels: NDArray[np.uint8], writing: Writing
) -> None:
    blank = replace(
        writing.characters[1], read=replace(writing.characters[1].read, quad=box_quad(5, 5, 30, 40))
    )
    changed = replace(writing, characters=(writing.characters[0], blank, writing.characters[2]))
    assert keep_page_samples(store, pixels, corrected(changed, L="rn", O="Q"), "list.jpg") == 0
