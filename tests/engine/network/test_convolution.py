"""The layer whose units look at small windows: its function and its gradients."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import correlate2d

from handwrite_gui.engine.evaluation.gradient_check import central_difference
from handwrite_gui.engine.network import Parameter
from handwrite_gui.engine.network.convolution import Convolution, ImageShape


def convolution(given: ImageShape, units: int, side: int, stride: int = 1) -> Convolution:
    rng = np.random.default_rng(0)
    return Convolution(
        Parameter("kernel", rng.normal(size=(side * side * given.channels, units))),
        Parameter("kernel_bias", rng.normal(size=units), decays=False),
        given,
        side,
        stride,
    )


@pytest.mark.parametrize(("side", "stride"), [(1, 1), (3, 1), (3, 2), (5, 2), (5, 3)])
def test_every_pixel_is_a_weighted_sum_of_the_window_around_it(side: int, stride: int) -> None:
    given = ImageShape(6, 12, 2)
    layer = convolution(given, 3, side, stride)
    x = np.random.default_rng(1).normal(size=(4, given.size))
    made = layer.infer(x).reshape(4, 6 // stride, 12 // stride, 3)
    kernel = layer.weights.value.reshape(side, side, 2, 3)
    for image, result in zip(x.reshape(4, 6, 12, 2), made, strict=True):
        for unit in range(3):
            expected = layer.bias.value[unit] + sum(
                correlate2d(image[:, :, channel], kernel[:, :, channel, unit], mode="same")
                for channel in range(2)
            )
            np.testing.assert_allclose(result[:, :, unit], expected[::stride, ::stride])


@pytest.mark.parametrize(("side", "stride"), [(3, 1), (3, 2), (5, 2)])
def test_gradients_agree_with_central_differences(side: int, stride: int) -> None:
    given = ImageShape(4, 6, 2)
    layer = convolution(given, 3, side, stride)
    rng = np.random.default_rng(1)
    x = rng.normal(size=(2, given.size))
    weight = rng.normal(size=(2, layer.made.size))  # L = Σ weight · output
    layer.forward(x, True, None)
    x_gradient = layer.backward(weight)
    assert x_gradient is not None
    pairs = [(x, x_gradient)] + [(p.value, p.gradient.copy()) for p in layer.parameters]
    for array, gradient in pairs:
        for index in np.ndindex(array.shape):
            numeric = central_difference(
                array, index, 1e-6, lambda: float((weight * layer.infer(x)).sum())
            )
            assert gradient[index] == pytest.approx(numeric, abs=1e-6)


def test_training_and_inference_agree_and_a_moved_image_gives_a_moved_result() -> None:
    given = ImageShape(8, 8, 1)
    layer = convolution(given, 2, 3)
    image = np.zeros((1, 8, 8, 1))
    image[0, 2:4, 2:4] = 1
    moved = np.roll(image, (2, 3), axis=(1, 2))
    made = layer.infer(image.reshape(1, -1))
    np.testing.assert_array_equal(layer.forward(image.reshape(1, -1), True, None), made)
    np.testing.assert_allclose(
        layer.infer(moved.reshape(1, -1)).reshape(8, 8, 2),
        np.roll(made.reshape(8, 8, 2), (2, 3), axis=(0, 1)),
    )


def test_the_gradient_of_the_image_is_left_out_when_nobody_needs_it() -> None:
    layer = convolution(ImageShape(4, 4, 1), 2, 3)
    with pytest.raises(RuntimeError, match="forward"):
        layer.backward(np.ones((1, layer.made.size)))
    layer.forward(np.ones((1, 16)), True, None)
    assert layer.backward(np.ones((1, layer.made.size)), input_gradient=False) is None


@pytest.mark.parametrize(
    ("given", "side", "stride"),
    [(ImageShape(4, 4, 1), 2, 1), (ImageShape(5, 4, 1), 3, 2), (ImageShape(4, 5, 1), 3, 2)],
)
def test_windows_that_do_not_cover_the_image_are_told(
    given: ImageShape, side: int, stride: int
) -> None:
    with pytest.raises(ValueError, match="choose an odd side"):
        convolution(given, 2, side, stride)


def test_weights_of_another_shape_are_told() -> None:
    with pytest.raises(ValueError, match=r"expected \(9, 2\)"):
        Convolution(
            Parameter("kernel", np.zeros((10, 2))),
            Parameter("kernel_bias", np.zeros(2)),
            ImageShape(4, 4, 1),
            3,
        )
