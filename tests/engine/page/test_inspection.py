"""What can be looked at of the reading of a page."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.data.synthesis.page import compose_page
from handwrite_gui.engine.model_file import load_model
from handwrite_gui.engine.page.inspection import PageSteps
from handwrite_gui.engine.page.result import PageResult
from handwrite_gui.engine.recognizer import Recognizer
from handwrite_gui.engine.resources import default_model_path


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer(load_model(default_model_path()))


def _read(recognizer: Recognizer, page: np.ndarray) -> tuple[PageResult, PageSteps]:
    steps: list[PageSteps] = []
    result = recognizer.read_page(page, on_steps=steps.append)
    assert len(steps) == 1
    return result, steps[0]


@pytest.mark.parametrize("angle", [0, 25])
def test_lines_and_pieces_lie_where_the_characters_are(
    recognizer: Recognizer, angle: float
) -> None:
    page = compose_page("HELLO\nWORLD", 4, angle=angle)
    # Corners of boxes that lie askew stick out, of whole letters farther than of their pieces.
    near = 12 if angle else 3
    result, steps = _read(recognizer, page)
    assert len(steps.lines) == len(steps.pieces) == len(result.lines) == 2
    assert abs(steps.degrees - angle) < 3
    for line, outline, pieces in zip(result.lines, steps.lines, steps.pieces, strict=True):
        corners = np.array([p for word in line.words for c in word.characters for p in c.quad])
        assert (corners.min(axis=0) >= np.min(outline, axis=0) - 2).all()
        assert (corners.max(axis=0) <= np.max(outline, axis=0) + 2).all()
        assert len(pieces) >= 5
        parts = np.array(pieces).reshape(-1, 2)
        assert np.allclose(parts.min(axis=0), corners.min(axis=0), atol=near)
        assert np.allclose(parts.max(axis=0), corners.max(axis=0), atol=near)


def test_the_pictures_show_the_page_and_its_ink(recognizer: Recognizer) -> None:
    page = compose_page("HELLO", 4)
    _, steps = _read(recognizer, page)
    assert steps.reduction == 1
    assert steps.grey.dtype == steps.ink.dtype == np.uint8
    assert steps.grey.shape == steps.ink.shape == page.shape[:2]
    assert steps.grey[steps.ink > 200].max() < steps.grey[steps.ink == 0].mean()


def test_an_empty_page_has_steps_without_lines(recognizer: Recognizer) -> None:
    result, steps = _read(recognizer, np.full((200, 300), 230, np.uint8))
    assert not result.lines
    assert steps.lines == steps.pieces == ()
    assert not steps.ink.any()
