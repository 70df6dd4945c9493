"""Copies that differ a little are found, by a search that misses nothing."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from handwrite_gui.engine.data import near_duplicates as module
from handwrite_gui.engine.data.dataset import to_training_data
from handwrite_gui.engine.data.near_duplicates import NEAR, near_duplicates
from handwrite_gui.engine.data.synthesis import synthesize
from handwrite_gui.engine.errors import Cancelled

CLASSES = tuple("ABCDEFGH")


@pytest.fixture(scope="module")
def inputs() -> NDArray[np.uint8]:
    return to_training_data(synthesize(CLASSES, per_class=25, seed=3), CLASSES).inputs


def scaled_and_back(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    small = ndimage.zoom(image.reshape(32, 32).astype(np.float32), 0.75, order=1)
    return np.clip(ndimage.zoom(small, 4 / 3, order=1), 0, 255).astype(np.uint8).reshape(-1)


def groups(inputs: NDArray[np.uint8], **options: float) -> list[list[int]]:
    return [one.rows.tolist() for one in near_duplicates(inputs, **options)]


def test_copies_that_were_scaled_and_copies_of_those_are_found(
    inputs: NDArray[np.uint8],
) -> None:
    alone = groups(inputs)
    copy = scaled_and_back(inputs[7])
    # The third is equal to the second: alone, the two would be duplicates, not near ones.
    more = np.concatenate([inputs, copy[np.newaxis], copy[np.newaxis], inputs[20:21]])
    count = len(inputs)
    found = groups(more)
    with_seven = [group for group in found if 7 in group]
    assert len(with_seven) == 1
    assert {7, count, count + 1} <= set(with_seven[0])
    assert not any(20 in group and group not in alone for group in found if len(group) == 2)


def test_the_search_finds_what_comparing_all_with_all_finds(inputs: NDArray[np.uint8]) -> None:
    looks = module._looks(inputs)
    distances = np.linalg.norm(looks[:, None] - looks[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    for limit in (NEAR, 0.35):
        expected = set(np.flatnonzero((distances < limit).any(axis=1)).tolist())
        found = near_duplicates(inputs, nearer_than=limit)
        assert {int(row) for one in found for row in one.rows} == expected
        assert [one.distance for one in found] == sorted(one.distance for one in found)
        for one in found:
            within = distances[np.ix_(one.rows, one.rows)]
            assert one.distance == pytest.approx(within.min(), abs=1e-6)


def test_thousands_that_are_all_alike_take_no_memory(
    inputs: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_PAIRS", 200)
    many = np.repeat(inputs[:2], 200, axis=0)
    many[:, 0] = np.arange(400) % 200 // 8  # a corner that hardly differs
    assert {len(group) for group in groups(many)} == {200}


def test_few_images_and_blank_ones(inputs: NDArray[np.uint8]) -> None:
    assert near_duplicates(inputs[:0]) == []
    assert near_duplicates(inputs[:1]) == []
    assert groups(np.zeros((3, 1024), np.uint8)) == []


def test_it_tells_how_far_it_is_and_can_be_cancelled(inputs: NDArray[np.uint8]) -> None:
    shares: list[float] = []
    near_duplicates(inputs, on_progress=lambda share, _: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1
    with pytest.raises(Cancelled):
        near_duplicates(inputs, should_stop=lambda: True)
