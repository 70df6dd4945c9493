"""The second look, and how it goes together with the first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from handwrite_gui.engine.errors import ModelFileError
from handwrite_gui.engine.npz_container import write_npz
from handwrite_gui.engine.page import context, page_network
from handwrite_gui.engine.page.components import Component
from handwrite_gui.engine.page.context import (
    CHARACTERS,
    context_network,
    seen_again,
)
from handwrite_gui.engine.page.lattice import Lattice, build
from handwrite_gui.engine.page.pieces import Glyph
from handwrite_gui.engine.page.surroundings import COLUMNS, MEASURES, ROWS
from handwrite_gui.engine.page.verdict import Verdict

APART, TOUCHING = 20, 10


def _two(distance: int) -> Lattice:
    """Two pieces, each ten pixels wide, whose left edges are so far apart."""
    boxes = [(0, 0, 10, 40), (distance, 0, distance + 10, 40)]
    return build(
        [Glyph((Component(i, *box, 300),), begins=0.5) for i, box in enumerate(boxes, 1)], 40.0
    )


def _told(**chances: float) -> NDArray[np.float32]:
    """One row of what the network says, what is left over being none."""
    row = np.zeros((1, len(CHARACTERS) + 1), np.float32)
    for name, chance in chances.items():
        row[0, CHARACTERS.index(name)] = chance
    row[0, -1] = 1 - row.sum()
    return row


def _verdict(lattice: Lattice, *chances: float, character: float = 0.5) -> Verdict:
    count = len(lattice.glyphs)
    return Verdict(
        np.full(count, character, np.float32),
        np.tile(np.array(chances, np.float32), (count, 1)),
        np.zeros((count, 0), np.float32),
    )


def test_what_was_cut_is_read_as_both_networks_have_it() -> None:
    lattice = _two(TOUCHING)
    verdict = _verdict(lattice, 0.7, 0.3)
    again = seen_again(lattice, verdict, [0], _told(A=0.1, B=0.85), ("A", "B"))
    assert again.probabilities[0, 1] > 0.6
    assert again.probabilities[0].sum() == pytest.approx(1)
    assert again.probabilities[1:] == pytest.approx(verdict.probabilities[1:])


def test_what_stands_apart_keeps_its_letter() -> None:
    lattice = _two(APART)
    verdict = _verdict(lattice, 0.7, 0.3)
    again = seen_again(lattice, verdict, [0], _told(B=0.95), ("A", "B"))
    assert np.array_equal(again.probabilities, verdict.probabilities)


def test_both_networks_say_whether_it_is_a_character() -> None:
    lattice = _two(TOUCHING)

    def character(sight: float, none: float) -> float:
        verdict = _verdict(lattice, 1.0, 0.0, character=sight)
        again = seen_again(lattice, verdict, [0], _told(A=1 - none), ("A", "B"))
        assert again.character[1] == np.float32(sight)
        return float(again.character[0])

    assert character(0.5, 0.003) > 0.9 > character(0.5, 0.5) > 0.1 > character(0.5, 0.997)
    assert character(0.9, 0.5) > character(0.1, 0.5)


def test_of_two_as_sure_the_first_has_more_say_whether_and_the_second_in_which() -> None:
    lattice = _two(TOUCHING)
    verdict = _verdict(lattice, 0.9, 0.1, character=0.9)
    refused = seen_again(lattice, verdict, [0], _told(A=0.1), ("A", "B"))
    assert 0.5 < refused.character[0] < 0.9
    named = seen_again(lattice, verdict, [0], _told(A=0.1, B=0.9), ("A", "B"))
    assert 0.5 < named.probabilities[0, 1] < 0.9


def test_a_small_letter_is_its_capital_where_there_are_capitals_alone() -> None:
    lattice = _two(TOUCHING)
    told = _told(a=0.9, B=0.1)
    capitals = seen_again(lattice, _verdict(lattice, 0.5, 0.5), [0], told, ("A", "B"))
    assert capitals.probabilities[0].argmax() == 0
    both = seen_again(lattice, _verdict(lattice, 0.3, 0.4, 0.3), [0], told, ("A", "B", "a"))
    assert both.probabilities[0].argmax() == 2


def test_a_letter_that_the_network_does_not_know_is_not_lost() -> None:
    lattice = _two(TOUCHING)
    verdict = _verdict(lattice, 0.2, 0.8)
    again = seen_again(lattice, verdict, [0], _told(A=0.99), ("A", "Ä"))
    assert again.probabilities[0] == pytest.approx([0.2, 0.8], abs=0.01)


def test_only_digits_are_read_where_only_digits_may_be() -> None:
    lattice = _two(TOUCHING)
    again = seen_again(lattice, _verdict(lattice, 0.5, 0.5), [0], _told(S=0.9, **{"5": 0.05}), "45")
    assert again.probabilities.shape[1] == 2
    assert again.probabilities[0].argmax() == 1


def test_a_damaged_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = tmp_path / "context.npz"
    write_npz(damaged, {"weights_0": np.zeros((3, 2), np.float16)})
    monkeypatch.setattr(page_network, "resource_path", lambda name: damaged)
    with pytest.raises(ModelFileError, match="install Handwrite again"):
        context.context_network.__wrapped__()


def test_the_shipped_network_gives_a_chance_to_every_character_and_to_none() -> None:
    seen = np.random.default_rng(0).integers(0, 256, (3, 2, ROWS, COLUMNS)).astype(np.uint8)
    told = context_network().probabilities(seen, np.zeros((3, MEASURES), np.float32))
    assert told.shape == (3, len(CHARACTERS) + 1)
    assert told.sum(axis=1) == pytest.approx(1, abs=1e-5)
