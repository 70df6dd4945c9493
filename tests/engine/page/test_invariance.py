"""What must not matter to how a page is read: how large it is, what is around it, which is lighter.

Quarter turns are with the tests of turning pages upright.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from handwrite_gui.engine.data.synthesis.page import compose_page
from handwrite_gui.engine.model_file import load_model
from handwrite_gui.engine.page.result import PageResult
from handwrite_gui.engine.recognizer import Recognizer
from handwrite_gui.engine.resources import default_model_path

TEXT = "MILK BREAD 12 EGGS\nAPPLES AND PEARS"
Picture = NDArray[np.uint8]

few = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


@cache
def _recognizer() -> Recognizer:
    return Recognizer(load_model(default_model_path()))


@cache
def _page() -> Picture:
    return compose_page(TEXT, 3, cap_height=60, paper="shaded")


@cache
def _reading() -> PageResult:
    return _recognizer().read_page(_page())


def _read(page: Picture) -> PageResult:
    return _recognizer().read_page(page)


def _corners(result: PageResult) -> NDArray[np.float64]:
    return np.array([character.quad for character in result.characters])


def test_the_page_itself_is_read() -> None:
    assert _reading().text == TEXT


@few
@given(factor=st.floats(0.5, 2.0))
def test_resolution_does_not_matter(factor: float) -> None:
    height, width = _page().shape[:2]
    size = round(width * factor), round(height * factor)
    scaled = np.asarray(Image.fromarray(_page()).resize(size, Image.Resampling.LANCZOS))
    result = _read(scaled)
    assert result.text == TEXT
    # a pixel and a half on either picture
    near = 1.5 + 1.5 * factor
    assert np.abs(_corners(result) - _corners(_reading()) * factor).max() <= near


@few
@given(
    level=st.sampled_from([0, 255]),
    sides=st.tuples(*[st.integers(1, 120)] * 4),
)
def test_a_border_does_not_matter(level: int, sides: tuple[int, int, int, int]) -> None:
    top, bottom, left, right = sides
    framed = np.pad(
        _page(), ((top, bottom), (left, right), (0, 0)), mode="constant", constant_values=level
    )
    result = _read(framed)
    assert result.text == TEXT
    assert np.abs(_corners(result) - _corners(_reading()) - (left, top)).max() <= 3


@pytest.mark.parametrize("level", [0, 255])
def test_a_wide_border_does_not_matter(level: int) -> None:
    wide = np.pad(_page(), ((300, 300), (300, 300), (0, 0)), constant_values=level)
    assert _read(wide).text == TEXT


def test_inverting_does_not_matter() -> None:
    result = _read(255 - _page())
    assert result.text == TEXT
    assert np.abs(_corners(result) - _corners(_reading())).max() <= 1


def test_colour_does_not_matter() -> None:
    grey = np.asarray(Image.fromarray(_page()).convert("L"))
    assert _read(grey) == _reading()


@few
@given(gain=st.floats(0.35, 1.0), offset=st.integers(0, 60))
def test_exposure_does_not_matter(gain: float, offset: int) -> None:
    exposed = np.clip(_page() * gain + min(offset, 255 * (1 - gain)), 0, 255).astype(np.uint8)
    assert _read(exposed).text == TEXT


@few
@given(left=st.integers(0, 25), top=st.integers(0, 25))
def test_where_the_page_lies_does_not_matter(left: int, top: int) -> None:
    assert _read(_page()[top:, left:]).text == TEXT


@pytest.mark.parametrize("level", [0, 255])
@pytest.mark.parametrize("sides", [(1, 1, 3, 1), (4, 1, 15, 1), (0, 0, 0, 2)])
def test_a_narrow_frame_is_no_letter(level: int, sides: tuple[int, int, int, int]) -> None:
    top, bottom, left, right = sides
    framed = np.pad(_page(), ((top, bottom), (left, right), (0, 0)), constant_values=level)
    assert _read(framed).text == TEXT
