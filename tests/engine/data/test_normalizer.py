"""Where a character stands, how large and how dark it is, is no part of what it is."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from handwrite_gui.engine.alphabets import ALPHABETS
from handwrite_gui.engine.data import normalizer
from handwrite_gui.engine.data.normalizer import INK_SIZE, INPUT_SIZE, normalize
from handwrite_gui.engine.data.strokes import Strokes, render_fitted, render_strokes
from handwrite_gui.engine.data.synthesis import synthesize_strokes

MARGIN = (INPUT_SIZE - INK_SIZE) // 2

characters = st.builds(
    lambda name, seed: synthesize_strokes(name, np.random.default_rng(seed)),
    st.sampled_from(ALPHABETS["full"]),
    st.integers(0, 1000),
)
images = hnp.arrays(
    np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40)), elements=st.integers(0, 255)
)
inked_images = images.filter(lambda image: image.max() >= 24)


def drawn(strokes: Strokes, size: float = 64) -> np.ndarray:
    return render_fitted(strokes, longer_side=size, pen_width=0.09 * size)


def normalized(image: np.ndarray) -> np.ndarray:
    """One image's frame, as integers that can be subtracted."""
    return normalize([image])[0].astype(int)


def ink_box(frame: np.ndarray, threshold: float = 0.4 * 255) -> tuple[int, int, int, int]:
    """Blank rows above and below, blank columns left and right of the ink."""
    rows, columns = np.nonzero(frame > threshold)
    last = INPUT_SIZE - 1
    return rows.min(), last - rows.max(), columns.min(), last - columns.max()


# The frame


@given(inked_images)
def test_the_frame_is_32_by_32_bytes_and_its_darkest_ink_is_255(image: np.ndarray) -> None:
    frames = normalize([image])
    assert frames.shape == (1, 32, 32)
    assert frames.dtype == np.uint8
    assert frames.max() == 255


@given(characters)
@settings(max_examples=50, deadline=None)
def test_the_ink_is_centred_and_its_longer_side_fills_24_pixels(strokes: Strokes) -> None:
    above, below, left, right = ink_box(normalized(drawn(strokes)))
    assert abs(above - below) <= 1
    assert abs(left - right) <= 1
    assert min(above, left) == pytest.approx(MARGIN, abs=1)


@pytest.mark.parametrize(
    ("height", "width"), [(60, 60), (60, 30), (30, 60), (120, 20), (7, 70), (6, 4)]
)
def test_the_aspect_is_kept(height: int, width: int) -> None:
    above, below, left, right = ink_box(normalized(np.full((height, width), 255, np.uint8)))
    longer = max(height, width)
    assert INPUT_SIZE - above - below == pytest.approx(INK_SIZE * height / longer, abs=1.01)
    assert INPUT_SIZE - left - right == pytest.approx(INK_SIZE * width / longer, abs=1.01)


def test_a_full_square_fills_exactly_the_ink_size() -> None:
    frame = normalized(np.full((48, 48), 255, np.uint8))
    inside = slice(MARGIN + 1, -MARGIN - 1)
    assert (frame[inside, inside] == 255).all()
    assert ink_box(frame, 127) == (MARGIN,) * 4
    assert not frame[: MARGIN - 1].any()


def test_what_is_up_and_left_stays_there() -> None:
    corner = np.zeros((40, 40), np.uint8)
    corner[:, :6] = corner[:6] = 255  # Γ: a stem at the left, a bar above
    frame = normalized(corner)
    middle = slice(8, 24)
    assert frame[middle, :8].max() == 255
    assert frame[:8, middle].max() == 255
    assert not frame[12:, 12:].any()


@given(inked_images)
def test_the_transposed_image_has_the_transposed_frame(image: np.ndarray) -> None:
    assert np.abs(normalized(image.T).T - normalized(image)).max() <= 1


@given(inked_images)
def test_the_mirrored_image_has_the_mirrored_frame(image: np.ndarray) -> None:
    assert np.abs(normalized(image[:, ::-1])[:, ::-1] - normalized(image)).max() <= 1


# What is erased


@given(inked_images, st.tuples(*[st.integers(0, 300)] * 4))
@settings(deadline=None)
def test_blank_borders_change_nothing(image: np.ndarray, border: tuple[int, int, int, int]) -> None:
    above, below, left, right = border
    padded = np.pad(image, ((above, below), (left, right)))
    assert np.abs(normalized(padded) - normalized(image)).max() <= 1


@given(characters, st.integers(0, 60), st.integers(0, 90))
@settings(max_examples=50, deadline=None)
def test_where_the_character_stands_changes_nothing(
    strokes: Strokes, down: int, right: int
) -> None:
    image = drawn(strokes, 48)
    canvas = np.zeros((130, 160), np.uint8)
    canvas[down : down + image.shape[0], right : right + image.shape[1]] = image
    assert np.abs(normalized(canvas) - normalized(image)).max() <= 1


@given(characters, st.sampled_from([48, 64, 96, 200]))
@settings(max_examples=50, deadline=None)
def test_twice_the_size_is_nearly_the_same(strokes: Strokes, size: int) -> None:
    difference = np.abs(normalized(drawn(strokes, 2 * size)) - normalized(drawn(strokes, size)))
    # Below 32 pixels or so the drawing itself is coarser; the frame cannot know what was lost.
    assert difference.mean() < (4 if size == 48 else 1)
    assert difference.max() < (50 if size == 48 else 32)


@given(inked_images, st.floats(0.2, 1))
def test_how_dark_the_ink_is_changes_hardly_anything(image: np.ndarray, share: float) -> None:
    dark = image.astype(np.float64)
    pale = dark * max(share, 24 / dark.max())
    assert np.abs(normalized(pale) - normalized(dark)).max() <= 1


def test_faint_ground_does_not_move_the_ink() -> None:
    image = np.zeros((80, 80), np.uint8)
    image[10:50, 10:20] = 255
    soiled = image.copy()
    soiled[70:75, 70:75] = 40  # below a fifth of the darkest ink
    assert ink_box(normalized(soiled)) == ink_box(normalized(image))


def test_thin_strokes_fade_but_do_not_break() -> None:
    # A line a pixel wide in a drawing 30 times too large for the frame.
    line = render_strokes([np.array([[0.0, 0.0], [700.0, 700.0]])], pen_width=1)
    frame = normalized(line)
    assert (np.diagonal(frame)[MARGIN + 1 : -MARGIN - 1] > 180).all()


# Blank and extreme images


@pytest.mark.parametrize("level", [0, 10, 23])
def test_an_image_without_ink_is_all_zeros(level: int) -> None:
    assert not normalize(np.full((3, 20, 30), level, np.uint8)).any()


def test_blank_images_stay_blank_among_inked_ones() -> None:
    stack = np.zeros((5, 16, 16), np.uint8)
    stack[1, 3:9, 4:6] = 255
    stack[4, 2, 2] = 24
    assert normalize(stack).any(axis=(1, 2)).tolist() == [False, True, False, False, True]


@pytest.mark.parametrize("shape", [(0, 28, 28), (4, 0, 9), (4, 9, 0)])
def test_nothing_gives_blank_frames(shape: tuple[int, int, int]) -> None:
    frames = normalize(np.zeros(shape, np.uint8))
    assert frames.shape == (shape[0], 32, 32)
    assert not frames.any()


def test_no_images_give_no_frames() -> None:
    assert normalize([]).shape == (0, 32, 32)


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 1), (2000, 1500)])
def test_any_shape_of_solid_ink_comes_to_the_middle(shape: tuple[int, int]) -> None:
    frame = normalized(np.full(shape, 200, np.uint8))
    assert frame.max() == 255
    assert (frame == frame[::-1]).all()
    assert (frame == frame[:, ::-1]).all()


def test_two_specks_far_apart_are_both_kept() -> None:
    wide = np.zeros((3, 5000), np.uint8)
    wide[1, 0] = wide[1, -1] = 255
    frame = normalized(wide)
    assert frame[:, : MARGIN + 2].max() == 255
    assert frame[:, -MARGIN - 2 :].max() == 255
    assert not frame[:, 8:24].any()


@pytest.mark.parametrize("bad", [np.zeros((28, 28)), np.zeros((2, 28, 28, 3))])
def test_an_array_must_be_a_stack_of_images(bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"\(N, H, W\)"):
        normalize(bad)


def test_each_of_a_list_must_be_an_image() -> None:
    with pytest.raises(ValueError, match="image 1 must be two-dimensional"):
        normalize([np.zeros((8, 8)), np.zeros((8, 8, 3))])


# How they are given


@given(st.lists(images, min_size=1, max_size=12))
@settings(deadline=None)
def test_mixed_sizes_are_treated_as_each_alone(several: list[np.ndarray]) -> None:
    alone = np.concatenate([normalize(image[None]) for image in several]).astype(int)
    # Products of larger matrices add up in another order: what lies at a half may be rounded
    # the other way.
    np.testing.assert_allclose(normalize(several), alone, atol=1, rtol=0)


@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 5), st.just(11), st.just(9))))
@pytest.mark.parametrize("dtype", [np.int16, np.int64, np.float32, np.float64])
def test_the_type_of_the_numbers_does_not_matter(dtype: type, stack: np.ndarray) -> None:
    np.testing.assert_array_equal(normalize(stack.astype(dtype)), normalize(stack))


def test_the_images_given_are_not_changed() -> None:
    stack = np.random.default_rng(0).integers(0, 256, (4, 20, 20)).astype(np.float32)
    before = stack.copy()
    normalize(stack)
    normalize(list(stack))
    np.testing.assert_array_equal(stack, before)


@pytest.mark.parametrize("side", [9, 200])
def test_many_are_treated_as_few(monkeypatch: pytest.MonkeyPatch, side: int) -> None:
    rng = np.random.default_rng(1)
    stack = rng.integers(0, 256, (67, side, side), np.uint8)
    stack[::7] = 0
    whole = normalize(stack)
    monkeypatch.setattr(normalizer, "_IMAGES_AT_ONCE", 13)
    monkeypatch.setattr(normalizer, "_PIXELS_AT_ONCE", 200_000)
    np.testing.assert_array_equal(normalize(stack), whole)
    np.testing.assert_array_equal(normalize(list(stack)), whole)


def test_large_images_do_not_take_memory_all_at_once() -> None:
    many = [np.full((600, 500), 255, np.uint8)] * 200  # 60 MB, 240 MB as floats
    tracemalloc.start()
    normalize(many)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60_000_000
