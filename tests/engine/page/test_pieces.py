"""Cutting lines into pieces."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from handwrite_gui.engine.page.components import find_components
from handwrite_gui.engine.page.pieces import Glyph, find_pieces, join
from handwrite_gui.engine.page.strip import Course, Strip

USUAL, PEN = 50.0, 5


def _drawn(*polylines: list[tuple[int, int]]) -> NDArray[np.bool_]:
    canvas = Image.new("1", (300, 120))
    for points in polylines:
        ImageDraw.Draw(canvas).line(points, fill=1, width=PEN, joint="curve")
    return np.asarray(canvas)


def _pieces(mask: NDArray[np.bool_]) -> tuple[NDArray[np.int32], list[Glyph]]:
    labels, components = find_components(mask)
    return labels, find_pieces(labels, components, USUAL, float(PEN))


def _v(left: int) -> list[tuple[int, int]]:
    return [(left, 30), (left + 20, 80), (left + 40, 30)]


def test_letters_apart_are_pieces_from_left_to_right() -> None:
    _, pieces = _pieces(_drawn([(150, 30), (150, 80)], [(50, 30), (50, 80)]))
    assert [piece.left for piece in pieces] == sorted(piece.left for piece in pieces)
    assert len(pieces) == 2


def test_an_i_and_its_dot_are_one_piece() -> None:
    _, pieces = _pieces(_drawn([(50, 50), (50, 80)], [(49, 30), (52, 32)]))
    assert len(pieces) == 1
    assert len(pieces[0].components) == 2


def test_a_letter_that_leans_over_a_stem_which_was_cut_off_stays_by_itself() -> None:
    h = [[(40, 30), (40, 80)], [(40, 55), (80, 53)], [(84, 30), (79, 74)]]
    i = [[(74, 90), (94, 90)], [(88, 90), (96, 26)]]
    _, pieces = _pieces(_drawn(*h, *i))
    assert len(pieces) > 2
    assert all(len(piece.components) == 1 for piece in pieces)


def test_touching_letters_are_cut_where_they_touch() -> None:
    _, pieces = _pieces(_drawn(_v(50), _v(90)))
    edges = [piece.right for piece in pieces[:-1]]
    assert any(abs(edge - 90) <= 8 for edge in edges)


def test_cutting_loses_no_ink_and_gives_each_part_its_own_label() -> None:
    mask = _drawn(_v(50), _v(90), _v(130))
    labels, pieces = _pieces(mask)
    parts = [c for piece in pieces for c in piece.components]
    assert len({c.label for c in parts}) == len(parts) > 2
    assert sum(c.area for c in parts) == mask.sum()
    for part in parts:
        rows, columns = np.nonzero(labels == part.label)
        assert (part.top, part.left) == (rows.min(), columns.min())
        assert (part.bottom, part.right) == (rows.max() + 1, columns.max() + 1)


def test_a_narrow_letter_is_not_cut() -> None:
    _, pieces = _pieces(_drawn([(50, 30), (54, 80)]))
    assert len(pieces) == 1


def test_a_border_is_likelier_between_letters_than_inside_one() -> None:
    _, apart = _pieces(_drawn(_v(50), _v(98)))
    assert apart[0].begins == 1.0
    assert max(piece.begins for piece in apart[1:]) > 0.7


def test_joined_glyphs_span_all_their_components() -> None:
    _, (first, second) = _pieces(_drawn([(50, 30), (50, 80)], [(100, 40), (100, 90)]))
    both = join([first, second])
    assert (both.left, both.right) == (first.left, second.right)
    assert (both.top, both.bottom) == (first.top, second.bottom)


def test_letters_that_were_cut_apart_both_keep_the_stroke_they_share() -> None:
    mask = _drawn(_v(50), _v(90))
    labels, pieces = _pieces(mask)
    assert all(piece.reach > 0 for piece in pieces)
    height, width = mask.shape
    edges = np.array([[0.0, 0.0], [width, 0.0]])
    course = Course(np.array([0, width]), height, edges, edges + np.array([0, height]))
    strip = Strip(mask.astype(np.float32), labels, (), course, 1)
    shown = sum(int((strip.cut(piece) > 0).sum()) for piece in pieces)
    alone = sum(int((strip.cut(replace(piece, reach=0)) > 0).sum()) for piece in pieces)
    assert alone >= mask.sum()
    assert alone < shown < 2 * alone


def test_what_was_not_cut_takes_nothing_of_its_neighbour() -> None:
    _, pieces = _pieces(_drawn([(50, 30), (50, 80)], [(60, 30), (60, 80)]))
    assert [piece.reach for piece in pieces] == [0, 0]
