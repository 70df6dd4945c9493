"""Maps of stroke directions in front of the first dense layer."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.evaluation import gradient_check
from handwrite_gui.engine.network import MLP, SoftmaxCrossEntropy
from handwrite_gui.engine.network.features import (
    DIRECTIONS,
    DirectionMaps,
    feature_count,
    weights_as_images,
)


def maps_of(image: np.ndarray) -> np.ndarray:
    """(8, 8, 8): direction, row, column."""
    layer = DirectionMaps(32, np.float32)
    return layer.infer(image.reshape(1, -1).astype(np.float32)).reshape(DIRECTIONS, 8, 8)


def test_an_upright_edge_faces_right_or_left_and_no_other_way() -> None:
    image = np.zeros((32, 32))
    image[:, 16:] = 1
    maps = maps_of(image)
    inside = maps[:, 2:6, 2:6]  # the image's own rim is an edge too
    assert inside[0].max() > 0.3
    assert inside[1:].max() == pytest.approx(0, abs=0.01)
    np.testing.assert_allclose(maps_of(image[:, ::-1])[1], maps[0, :, ::-1], atol=1e-5)


@pytest.mark.parametrize(("height", "width", "zone_rows"), [(32, 32, 8), (32, 48, 16)])
def test_nothing_so_small_is_multiplied_that_it_would_be_denormal(
    height: int, width: int, zone_rows: int
) -> None:
    layer = DirectionMaps(height, np.float32, width, zone_rows)
    faint = np.full((1, height * width), np.sqrt(np.finfo(np.float32).tiny), np.float32)
    for weights in (layer._down, layer._across):
        products = weights[weights != 0] * faint[0, 0]
        assert weights.sum(axis=0) == pytest.approx(1, abs=1e-5)
        assert products.min() >= np.finfo(np.float32).tiny


def test_a_slanted_edge_faces_one_diagonal() -> None:
    rows, columns = np.mgrid[:32, :32]
    maps = maps_of(rows + columns > 32)[:, 3:5, 3:5]
    assert maps[4].max() > 0.3
    assert maps[[5, 6, 7]].max() == pytest.approx(0, abs=0.01)


def test_blank_paper_has_no_directions() -> None:
    assert not maps_of(np.zeros((32, 32))).any()


def test_a_quarter_turn_of_the_image_turns_the_maps() -> None:
    image = np.random.default_rng(0).random((32, 32))
    maps, turned = maps_of(image), maps_of(np.rot90(image))
    # Counter-clockwise: what faced right faces up (−y).
    np.testing.assert_allclose(turned[3], np.rot90(maps[0]), atol=1e-5)


def test_a_small_shift_changes_the_maps_less_than_the_pixels() -> None:
    image = np.zeros((32, 32))
    image[6:26, 15:17] = 1
    shifted = np.roll(image, 2, axis=1)

    def change(a: np.ndarray, b: np.ndarray) -> float:
        return float(np.linalg.norm(a - b) / np.linalg.norm(a))

    assert change(maps_of(image), maps_of(shifted)) < 0.5 * change(image, shifted)


def test_forward_and_infer_agree_whatever_the_number_of_images() -> None:
    x = np.random.default_rng(1).random((150, 1024), dtype=np.float32)
    layer = DirectionMaps(32, np.float32)
    np.testing.assert_allclose(layer.forward(x, False, None), layer.infer(x), atol=1e-6)


def test_a_wide_image_has_more_zones_side_by_side() -> None:
    image = np.zeros((32, 48), np.float32)
    image[4:28, 8:12] = 1
    layer = DirectionMaps(32, np.float32, width=48)
    assert layer.outputs == DIRECTIONS * 8 * 12
    maps = layer.infer(image.reshape(1, -1)).reshape(DIRECTIONS, 8, 12)
    square = maps_of(image[:, :32])
    # Zones are as large as those of a square image; beyond its right edge there is nothing here.
    np.testing.assert_allclose(maps[:, :, :6], square[:, :, :6], atol=2e-3)
    assert maps[:, :, 8:].max() < 1e-3
    moved = np.roll(image, 16, axis=1)
    there = layer.infer(moved.reshape(1, -1)).reshape(DIRECTIONS, 8, 12)
    # The outermost zones have less to blur over.
    np.testing.assert_allclose(there[:, :, 5:10], maps[:, :, 1:6], atol=2e-3)


def test_gradients_through_maps_of_wide_images_are_right() -> None:
    rng = np.random.default_rng(3)
    layer = DirectionMaps(16, np.float64, width=24)
    x, weights = rng.random((2, 16 * 24)), rng.normal(size=(2, layer.outputs))
    layer.forward(x, True, rng)
    gradient = layer.backward(weights)
    assert gradient is not None
    for place in rng.integers(16 * 24, size=12):
        step = np.zeros_like(x)
        step[:, place] = 1e-6
        change = (weights * (layer.infer(x + step) - layer.infer(x - step))).sum(axis=1) / 2e-6
        np.testing.assert_allclose(gradient[:, place], change, rtol=1e-4, atol=1e-4)


def test_gradients_through_the_maps_are_right() -> None:
    rng = np.random.default_rng(2)
    network = MLP([256, 5, 3], features="directions", activation="tanh", rng=rng, dtype=np.float64)
    x = rng.random((3, 256))
    errors = gradient_check(network, x, np.array([0, 1, 2]), SoftmaxCrossEntropy(), step=1e-7)
    assert max(errors.values()) < 1e-4, errors


def test_a_network_with_maps_learns_and_its_copy_reads_alike() -> None:
    network = MLP([1024, 6, 3], features="directions", rng=np.random.default_rng(3))
    assert network.first_layer_weights.shape == (512, 6)
    x = np.random.default_rng(4).integers(0, 256, (5, 1024)).astype(np.uint8)
    np.testing.assert_array_equal(network.copy().predict_logits(x), network.predict_logits(x))


@pytest.mark.parametrize("inputs", [1000, 225])
def test_maps_need_a_square_image_that_is_large_enough(inputs: int) -> None:
    with pytest.raises(ValueError, match="square"):
        MLP([inputs, 3], features="directions")


def test_unknown_features_are_named() -> None:
    with pytest.raises(ValueError, match="'edges'; choose pixels, directions"):
        feature_count("edges", 1024)


def test_weights_of_pixels_are_shown_as_they_lie_on_the_image() -> None:
    weights = np.arange(32.0).reshape(16, 2)
    images = weights_as_images(weights, "pixels")
    assert images.shape == (2, 4, 4)
    np.testing.assert_array_equal(images[1], weights[:, 1].reshape(4, 4))


def test_weights_of_directions_stand_around_a_compass() -> None:
    weights = np.repeat(np.arange(1.0, 9), 64)[:, None]
    image = weights_as_images(weights, "directions")[0]
    assert image.shape == (24, 24)
    # up-left, up, up-right; left, nothing, right; down-left, down, down-right
    np.testing.assert_array_equal(image[4::8, 4::8], [[8, 4, 6], [2, 0, 1], [7, 3, 5]])


def test_weights_of_no_square_image_are_refused() -> None:
    with pytest.raises(ValueError, match="square"):
        weights_as_images(np.zeros((10, 2)), "pixels")
