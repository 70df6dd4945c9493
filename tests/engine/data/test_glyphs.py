from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.alphabets import ALPHABETS
from handwrite_gui.engine.data.glyphs import (
    BASELINE,
    CAP_LINE,
    DESCENT_LINE,
    GLYPHS,
    SCRIPT,
    X_LINE,
    Form,
    Glyphs,
    trace,
)

EVERY_FORM = [
    pytest.param(character, form, id=f"{character} {form.name}")
    for character, forms in GLYPHS.items()
    for form in forms
]
EVERY_SCRIPT_FORM = [
    pytest.param(character, form, id=f"script {character} {form.name}")
    for character, forms in SCRIPT.items()
    for form in forms
]


def points_of(form: Form) -> np.ndarray:
    return np.concatenate([stroke.points for stroke in trace(form.path)])


def test_every_character_of_the_full_alphabet_has_a_form_and_nothing_else_has() -> None:
    assert set(GLYPHS) == set(ALPHABETS["full"])


@pytest.mark.parametrize(
    ("character", "names"),
    [
        ("0", {"plain", "slashed", "dotted"}),
        ("1", {"bare", "flag", "serif"}),
        ("2", {"plain", "looped"}),
        ("4", {"open", "closed"}),
        ("6", {"open", "closed"}),
        ("7", {"plain", "crossed"}),
        ("9", {"open", "straight", "curved"}),
        ("A", {"pointed", "round"}),
        ("E", {"four strokes", "round"}),
        ("G", {"shelf", "spur", "hook"}),
        ("I", {"bare", "serif"}),
        ("J", {"plain", "barred"}),
        ("K", {"arms", "branched"}),
        ("M", {"block", "round"}),
        ("Q", {"tail", "wave", "like 2"}),
        ("R", {"block", "in one"}),
        ("W", {"pointed", "round"}),
        ("Z", {"plain", "barred"}),
        ("a", {"one storey", "two storeys"}),
        ("g", {"hook", "two storeys"}),
        ("t", {"cross", "curved"}),
        ("y", {"straight", "cup"}),
        ("z", {"plain", "barred"}),
    ],
)
def test_the_ways_people_write_a_character_are_there(character: str, names: set[str]) -> None:
    assert names <= {form.name for form in GLYPHS[character]}


@pytest.mark.parametrize(
    ("glyphs", "character"),
    [pytest.param(GLYPHS, character, id=character) for character in GLYPHS]
    + [pytest.param(SCRIPT, character, id=f"script {character}") for character in SCRIPT],
)
def test_forms_of_a_character_have_different_names_and_positive_weights(
    glyphs: Glyphs, character: str
) -> None:
    names = [form.name for form in glyphs[character]]
    assert len(set(names)) == len(names)
    assert all(form.weight > 0 for form in glyphs[character])


def test_every_capital_can_be_written_in_script_in_several_ways_that_are_not_printed() -> None:
    assert set(SCRIPT) == set(ALPHABETS["upper"])
    for character, forms in SCRIPT.items():
        assert len(forms) > 1
        assert not {form.path for form in forms} & {form.path for form in GLYPHS[character]}


@pytest.mark.parametrize(("character", "form"), EVERY_SCRIPT_FORM)
def test_capitals_of_script_begin_near_the_cap_line_and_reach_the_line(
    character: str, form: Form
) -> None:
    top, bottom = points_of(form)[:, 1].min(), points_of(form)[:, 1].max()
    assert top == pytest.approx(CAP_LINE, abs=15)  # loops go over it
    assert BASELINE - 4 <= bottom <= DESCENT_LINE


@pytest.mark.parametrize(("character", "form"), EVERY_FORM)
def test_letters_and_digits_keep_to_the_lines_of_writing(character: str, form: Form) -> None:
    top, bottom = np.array([points_of(form)[:, 1].min(), points_of(form)[:, 1].max()])
    slack = 5.0
    if character.isdigit() or (character.isupper() and character != "Q"):
        assert top == pytest.approx(CAP_LINE, abs=slack)
        assert bottom == pytest.approx(BASELINE, abs=slack)
    elif character in "acemnorsuvwx":
        assert top == pytest.approx(X_LINE, abs=2 * slack)
        assert bottom == pytest.approx(BASELINE, abs=slack)
    elif character in "gjpqy":
        assert bottom == pytest.approx(DESCENT_LINE, abs=slack)
    elif character in "bdhkl":
        assert top == pytest.approx(CAP_LINE, abs=slack)
        assert bottom == pytest.approx(BASELINE, abs=slack)
    elif character in ".,":
        assert top > BASELINE - 10


@pytest.mark.parametrize(("character", "form"), EVERY_FORM + EVERY_SCRIPT_FORM)
def test_the_lines_of_a_form_are_traced_closely_and_without_leaps(
    character: str, form: Form
) -> None:
    for stroke in trace(form.path):
        steps = np.hypot(*np.diff(stroke.points, axis=0).T)
        # Bézier points are spread by parameter, so a few gaps are a little above the spacing.
        assert (steps < 9).all()
        assert (np.diff(stroke.position) > 0).all()
        assert stroke.position[-1] == stroke.knots - 1


def test_a_straight_line_is_straight() -> None:
    (line,) = trace("0,0 -- 30,60")
    assert line.points[:, 1] == pytest.approx(2 * line.points[:, 0])
    assert line.straight.tolist() == [True]


def test_four_points_make_a_circle() -> None:
    (ring,) = trace("50,0{left} .. 0,50 .. 50,100 .. 100,50 .. 50,0{left}")
    radius = np.hypot(*(ring.points - 50).T)
    assert radius == pytest.approx(50, rel=0.001)


def test_two_free_ends_alone_make_a_straight_line() -> None:
    (line,) = trace("0,0 .. 10,0")
    assert line.points[:, 1] == pytest.approx(0)


def turning(points: np.ndarray) -> float:
    """The sharpest turn of a polyline, in degrees."""
    steps = np.diff(points, axis=0)
    angles = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    return float(np.rad2deg(np.abs(np.diff(angles)).max()))


def test_three_dashes_join_a_line_and_a_curve_without_a_corner() -> None:
    (smooth,) = trace("0,0 --- 0,70 .. 60,70 --- 60,0")
    (cornered,) = trace("0,0 -- 0,70 .. 60,70 -- 60,0")
    assert turning(smooth.points) < 15 < turning(cornered.points)


def test_a_curl_is_a_corner_between_curves() -> None:
    (round_one,) = trace("4,12 .. 56,24 .. 26,46 .. 62,72 .. 0,86")
    (cornered,) = trace("4,12 .. 56,24 .. 26,46{curl} .. 62,72 .. 0,86")
    assert turning(round_one.points) < 45 < turning(cornered.points)


def test_a_direction_says_where_the_pen_heads() -> None:
    for direction, step in {
        "up": (0, -1),
        "30": (np.cos(np.pi / 6), -0.5),
        "left": (-1, 0),
    }.items():
        (stroke,) = trace(f"0,0{{{direction}}} .. 80,90 .. 200,10")
        heading = stroke.points[1] / np.hypot(*stroke.points[1])
        assert heading == pytest.approx(step, abs=0.2)


def test_a_single_knot_is_a_dot() -> None:
    first, second = trace("3,4; 5,6 -- 7,8")
    assert first.points.tolist() == [[3, 4]]
    assert first.knots == 1
    assert second.knots == 2


@pytest.mark.parametrize("path", ["", "1 2", "1,2 -- ", "1,2 - 3,4", "1,2{sideways} .. 3,4"])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        trace(path)
