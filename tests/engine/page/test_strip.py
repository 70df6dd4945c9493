"""Taking lines out of a page, straightened."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from handwrite_gui.engine.page.ink import InkMap
from handwrite_gui.engine.page.pieces import Glyph
from handwrite_gui.engine.page.sheet import find_writing, lay_out
from handwrite_gui.engine.page.strip import Strip


def _ink(points: NDArray[np.float64], size: tuple[int, int]) -> InkMap:
    """A map with a square letter, 24 by 40 pixels, upright at each of the points (its foot)."""
    canvas = Image.new("L", size)
    draw = ImageDraw.Draw(canvas)
    for x, y in points.tolist():
        draw.rectangle([x - 12, y - 40, x + 12, y], fill=255)
        draw.rectangle([x - 5, y - 33, x + 5, y - 7], fill=0)
    darkness = np.asarray(canvas, np.float32) / 255
    return _map(darkness)


def _map(darkness: NDArray[np.float32]) -> InkMap:
    grey = np.rint(255 * (1 - darkness)).astype(np.uint8)
    return InkMap(darkness, darkness > 0.5, 2, grey)


def _only_strip(ink: InkMap, degrees: float = 0.0) -> Strip:
    layout = lay_out(find_writing(ink), degrees)
    (line,) = layout.lines
    return layout.strip(line)


def _columns() -> NDArray[np.float64]:
    return np.arange(60, 760, 50, float)


def test_a_level_line_keeps_its_pixels() -> None:
    x = _columns()
    ink = _ink(np.stack([x, np.full_like(x, 200)], 1), (820, 400))
    strip = _only_strip(ink)
    first = strip.components[0]
    expected = np.rint(ink.darkness[159:202, 47:74] * 255)
    assert np.array_equal(strip.cut(Glyph((first,))), expected)


@pytest.mark.parametrize("degrees", [90.0, 180.0, -90.0])
def test_quarter_turns_keep_the_pixels_too(degrees: float) -> None:
    x = _columns()
    upright = _ink(np.stack([x, np.full_like(x, 200)], 1), (820, 400))
    quarters = round(degrees / 90)
    turned = _map(np.ascontiguousarray(np.rot90(upright.darkness, quarters)))
    a, b = _only_strip(upright), _only_strip(turned, degrees)
    assert a.components == b.components
    assert np.array_equal(a.darkness, b.darkness)
    assert np.array_equal(a.labels, b.labels)


@pytest.mark.parametrize("sag", [60.0, -60.0])
def test_a_curved_line_becomes_level(sag: float) -> None:
    x = _columns()
    y = 250 + sag * (((x - 400) / 350) ** 2 - 0.5)
    strip = _only_strip(_ink(np.stack([x, y], 1), (820, 500)))
    feet = [c.bottom for c in strip.components]
    assert len(feet) == len(x)
    # Letters at the ends stood upright on a slope: now they lean, and lower their corners.
    assert np.ptp(feet) <= 8


@pytest.mark.parametrize("slope", [0.0, 0.15, -0.2])
def test_characters_are_found_again_on_the_picture(slope: float) -> None:
    x = _columns()
    y = 300 + slope * (x - 400)
    strip = _only_strip(_ink(np.stack([x, y], 1), (820, 600)))
    for component, middle in zip(strip.components, np.stack([x, y - 20], 1), strict=True):
        quad = np.array(strip.quad(Glyph((component,))))
        # The picture is twice as large as the map.
        assert quad.mean(axis=0) / 2 == pytest.approx(middle, abs=1.5)
        assert np.arctan2(*(quad[1] - quad[0])[::-1]) == pytest.approx(np.arctan(slope), abs=0.02)


@pytest.mark.parametrize("slope", [0.0, 0.15])
def test_a_stroke_at_the_edge_of_a_character_is_found_on_the_picture(slope: float) -> None:
    x = _columns()
    y = 300 + slope * (x - 400)
    strip = _only_strip(_ink(np.stack([x, y], 1), (820, 600)))
    glyph = Glyph((strip.components[1],))
    whole, edge = (np.array(quad) for quad in (strip.quad(glyph), strip.edge_quad(glyph, 8)))
    top_left, top_right, bottom_right, bottom_left = edge
    assert (top_left + top_right) / 2 == pytest.approx(whole[0])
    assert (bottom_left + bottom_right) / 2 == pytest.approx(whole[3])
    # The picture is twice as large as the map, whose pixels the strip has.
    assert np.hypot(*(top_right - top_left)) == pytest.approx(16, rel=0.05)


def test_other_lines_ink_is_left_out_of_a_cut() -> None:
    x = _columns()
    rows = [np.stack([x, np.full_like(x, y)], 1) for y in (100, 145)]
    layout = lay_out(find_writing(_ink(np.concatenate(rows), (820, 300))), 0.0)
    for line in layout.lines:
        strip = layout.strip(line)
        assert len(strip.components) == len(x)
        assert strip.cut(Glyph((strip.components[0],))).shape == (43, 27)
