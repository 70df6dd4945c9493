"""Finding a sheet in a picture."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from handwrite_gui.engine.handwriting.sample_sheet import identity
from handwrite_gui.engine.handwriting.sample_sheet.layout import (
    PAPER_SIZES,
    PaperSize,
    Point,
    code_area,
    make_sheet,
    mark_centres,
)
from handwrite_gui.engine.handwriting.sample_sheet.marks import (
    SheetNotFoundError,
    find_sheet,
    homography,
    project,
)
from tests.engine.handwriting.sample_sheet.paper import SCALE, Picture, photographed, printed

SHEET = make_sheet("0123456789", 1)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Picture:
    return printed(SHEET, 1, tmp_path_factory.mktemp("sheet"))


def covered(picture: Picture, *places: Point, side: float = 14.0) -> Picture:
    """White paper over some places."""
    result = picture.copy()
    for x, y in places:
        top, left = max(round((y - side / 2) * SCALE), 0), max(round((x - side / 2) * SCALE), 0)
        result[top : round((y + side / 2) * SCALE), left : round((x + side / 2) * SCALE)] = 255
    return result


@pytest.mark.parametrize("paper", PAPER_SIZES)
def test_a_scan_tells_the_paper_and_the_page(paper: PaperSize, tmp_path: Path) -> None:
    sheet = make_sheet("0123456789", 15, paper)
    found = find_sheet(printed(sheet, 2, tmp_path)[..., 1])
    assert (found.sheet, found.page) == (sheet, 2)
    seen = project(found.matrix, np.array(mark_centres(paper)))
    np.testing.assert_allclose(seen, SCALE * np.array(mark_centres(paper)), atol=1)


@settings(max_examples=4, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    quarters=st.integers(0, 3),
    degrees=st.floats(-30, 30),
    tilt=st.floats(0, 0.3),
    dpi=st.floats(95, 115),
    shade=st.floats(0, 0.6),
    mirrored=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_it_is_found_however_the_camera_was_held(
    blank: Picture,
    quarters: int,
    degrees: float,
    tilt: float,
    dpi: float,
    shade: float,
    mirrored: bool,
    seed: int,
) -> None:
    picture = photographed(
        blank,
        np.random.default_rng(seed),
        quarters=quarters,
        degrees=degrees,
        tilt=tilt,
        dpi=dpi,
        shade=shade,
        mirrored=mirrored,
    )
    found = find_sheet(picture[..., 1])
    assert (found.sheet, found.page) == (SHEET, 1)
    # The way from the first mark to the second is the sheet's upper edge.
    first, second = project(found.matrix, np.array(mark_centres("a4"))[:2])
    turned = np.degrees(np.arctan2(*(second - first)[::-1]))
    expected = 90 * quarters + degrees
    if mirrored:
        expected = 180 - expected
    assert abs((turned - expected + 180) % 360 - 180) < 12


@pytest.mark.parametrize("corner", range(4))
def test_a_mark_that_is_covered_is_named(blank: Picture, corner: int) -> None:
    names = ("top left", "top right", "bottom right", "bottom left")
    picture = covered(blank, mark_centres("a4")[corner])
    with pytest.raises(SheetNotFoundError, match=names[corner]):
        find_sheet(np.rot90(picture[..., 1], corner).copy())


def test_several_marks_that_are_missing_are_counted(blank: Picture) -> None:
    with pytest.raises(SheetNotFoundError, match="Only 2 of the four"):
        find_sheet(covered(blank, *mark_centres("a4")[2:])[..., 1].copy())


def test_a_code_that_is_covered_is_explained(blank: Picture) -> None:
    area = code_area("a4")
    picture = covered(blank, Point(area.left + 20, area.centre.y))
    with pytest.raises(SheetNotFoundError, match="squares at the top"):
        find_sheet(picture[..., 1].copy())


def test_a_picture_of_something_else_is_no_sheet() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (500, 400), np.uint8)
    for picture in (noise, np.zeros((300, 300), np.uint8), np.full((9, 9), 255, np.uint8)):
        with pytest.raises(SheetNotFoundError, match="no sample sheet"):
            find_sheet(picture)


def test_a_sheet_of_another_version_is_told_from_damage(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(identity, "VERSION", 9)
    picture = printed(SHEET, 1, tmp_path)[..., 1].copy()
    monkeypatch.undo()
    with pytest.raises(SheetNotFoundError, match="version 9"):
        find_sheet(picture)


def test_a_homography_takes_points_where_they_belong() -> None:
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
    quad = np.array([[3, 2], [40, 8], [35, 60], [1, 44]], float)
    matrix = homography(square, quad)
    assert matrix is not None
    np.testing.assert_allclose(project(matrix, square), quad)


def test_points_on_one_line_have_no_homography() -> None:
    line = np.array([[0, 0], [1, 1], [2, 2], [3, 3]], float)
    assert homography(line, line[::-1]) is None
