"""Reading what is in a box."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from handwrite_gui.engine.page.result import Quad, box_quad
from handwrite_gui.engine.page_document.box_reading import ink_of_box, read_boxes
from handwrite_gui.engine.page_document.writing import UNKNOWN
from handwrite_gui.engine.prediction import Prediction


class Classifier:
    """Tells ink that is wider than high from other ink."""

    def classify(
        self, images: Sequence[NDArray[np.uint8]], alternatives: int = 5
    ) -> list[tuple[Prediction, ...]]:
        made = []
        for image in images:
            rows, columns = np.nonzero(image > 100)
            if not rows.size:
                made.append(())
            else:
                label = "-" if np.ptp(columns) > np.ptp(rows) else "I"
                made.append((Prediction(label, 0.9), Prediction("#", 0.1)))
        return made


@pytest.fixture(params=[0, 200], ids=["dark on light", "light on dark"])
def picture(request: pytest.FixtureRequest) -> NDArray[np.uint8]:
    """A bar upright at 100, 100, and one lying at 160, 110."""
    paper = 235 if request.param == 0 else 30
    image = Image.new("L", (300, 240), paper)
    draw = ImageDraw.Draw(image)
    draw.rectangle((108, 104, 112, 136), fill=request.param)
    draw.rectangle((164, 118, 196, 122), fill=request.param)
    return np.asarray(image)


def test_what_is_in_each_box_is_read(picture: NDArray[np.uint8]) -> None:
    quads = [box_quad(100, 100, 120, 140), box_quad(160, 100, 200, 140), box_quad(10, 10, 40, 40)]
    read = read_boxes(picture, quads, Classifier())
    assert [c.label for c in read] == ["I", "-", UNKNOWN]
    assert [c.quad for c in read] == quads
    assert read[0].alternatives == (("I", 0.9), ("#", 0.1))
    assert read[2].alternatives == ()


def test_a_box_along_slanting_writing_is_read_upright(picture: NDArray[np.uint8]) -> None:
    """Read from the right-hand side of the picture, a lying bar stands."""
    sideways: Quad = ((160, 140), (160, 100), (200, 100), (200, 140))
    (read,) = read_boxes(picture, [sideways], Classifier())
    assert read.label == "I"


def test_the_ends_of_neighbours_are_left_out(picture: NDArray[np.uint8]) -> None:
    wide = ink_of_box(picture, box_quad(100, 100, 166, 140))
    assert wide[:, -4:].max() == 0
    assert wide.max() > 200


def test_without_a_model_nothing_is_read(picture: NDArray[np.uint8]) -> None:
    (read,) = read_boxes(picture, [box_quad(100, 100, 120, 140)], None)
    assert (read.label, read.probability) == (UNKNOWN, 0.0)


@pytest.mark.parametrize(
    "quad",
    [box_quad(-50, -50, -10, -10), box_quad(290, 230, 400, 400), box_quad(5, 5, 5, 5)],
)
def test_boxes_beyond_the_picture_and_empty_ones_hold_nothing(
    picture: NDArray[np.uint8], quad: Quad
) -> None:
    (read,) = read_boxes(picture, [quad], Classifier())
    assert read.label == UNKNOWN
