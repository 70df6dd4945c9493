"""Softmax and cross-entropy: definitions, invariances, extremes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from handwrite_gui.engine.network import SoftmaxCrossEntropy, softmax

rows = hnp.arrays(
    np.float64,
    st.tuples(st.integers(1, 5), st.integers(1, 7)),
    elements=st.floats(-50, 50),
)


@given(z=rows, shift=st.floats(-1000, 1000))
def test_softmax_ignores_a_common_shift(z: np.ndarray, shift: float) -> None:
    np.testing.assert_allclose(softmax(z + shift), softmax(z), rtol=1e-9, atol=1e-12)


@given(z=rows)
def test_softmax_is_a_distribution_in_the_order_of_the_logits(z: np.ndarray) -> None:
    p = softmax(z)
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(axis=1), 1)
    by_logit = np.take_along_axis(p, z.argsort(axis=1), axis=1)
    assert (np.diff(by_logit, axis=1) >= 0).all()


def test_softmax_survives_logits_whose_exponential_does_not() -> None:
    z = np.array([[1e4, 0, -1e4], [-1e4, -1e4, -1e4]], np.float32)
    np.testing.assert_allclose(softmax(z), [[1, 0, 0], [1 / 3, 1 / 3, 1 / 3]], rtol=1e-6)


def test_softmax_leaves_its_input_alone_unless_told_otherwise() -> None:
    z = np.array([[1.0, 2.0]])
    before = z.copy()
    p = softmax(z)
    np.testing.assert_array_equal(z, before)
    assert softmax(z, out=z) is z
    np.testing.assert_array_equal(z, p)


@given(z=rows, smoothing=st.floats(0, 0.9), data=st.data())
def test_value_is_the_cross_entropy_with_smoothed_targets(
    z: np.ndarray, smoothing: float, data: st.DataObject
) -> None:
    count, classes = z.shape
    indices = st.integers(0, classes - 1)
    targets = np.array(data.draw(st.lists(indices, min_size=count, max_size=count)))
    q = np.full((count, classes), smoothing / classes)
    q[np.arange(count), targets] += 1 - smoothing
    log_p = z - z.max(axis=1, keepdims=True)
    log_p -= np.log(np.exp(log_p).sum(axis=1, keepdims=True))
    expected = -(q * log_p).sum(axis=1).mean()

    loss = SoftmaxCrossEntropy(smoothing)
    assert loss.value(z, targets) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    value, gradient = loss.value_and_gradient(z, targets)
    assert value == pytest.approx(expected, rel=1e-9, abs=1e-9)
    np.testing.assert_allclose(gradient, (np.exp(log_p) - q) / count, atol=1e-12)


@given(z=rows)
def test_one_hot_distributions_are_the_same_as_class_indices(z: np.ndarray) -> None:
    targets = np.arange(len(z)) % z.shape[1]
    loss = SoftmaxCrossEntropy(0.1)
    value, gradient = loss.value_and_gradient(z, targets)
    gradient = gradient.copy()
    soft_value, soft_gradient = loss.value_and_gradient(z, np.eye(z.shape[1])[targets])
    assert soft_value == pytest.approx(value)
    np.testing.assert_allclose(soft_gradient, gradient, atol=1e-12)


@given(z=rows, smoothing=st.floats(0, 0.9), data=st.data())
def test_among_some_classes_it_is_the_loss_of_a_network_that_has_no_others(
    z: np.ndarray, smoothing: float, data: st.DataObject
) -> None:
    count, classes = z.shape
    of_all = hnp.arrays(np.bool_, classes)
    chosen = data.draw(of_all.filter(lambda mask: mask.any()))
    targets = np.flatnonzero(chosen)[np.arange(count) % chosen.sum()]
    among = np.broadcast_to(chosen, z.shape)
    loss = SoftmaxCrossEntropy(smoothing)
    value, gradient = loss.value_and_gradient(z, targets, among)

    places = np.cumsum(chosen)[targets] - 1
    alone = SoftmaxCrossEntropy(smoothing)
    expected, expected_gradient = alone.value_and_gradient(z[:, chosen], places)
    assert value == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert loss.value(z, targets, among) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    np.testing.assert_allclose(gradient[:, chosen], expected_gradient, atol=1e-12)
    np.testing.assert_array_equal(gradient[:, ~chosen], 0)


@given(z=rows)
def test_among_all_classes_is_no_condition(z: np.ndarray) -> None:
    targets = np.arange(len(z)) % z.shape[1]
    loss = SoftmaxCrossEntropy(0.1)
    value, gradient = loss.value_and_gradient(z, targets)
    gradient = gradient.copy()
    again, same = loss.value_and_gradient(z, targets, np.ones(z.shape, np.bool_))
    assert again == pytest.approx(value)
    np.testing.assert_allclose(same, gradient, atol=1e-12)


@given(z=rows)
def test_the_gradient_of_every_row_sums_to_zero(z: np.ndarray) -> None:
    # A common shift of the logits changes nothing, so the loss is flat in that direction.
    _, gradient = SoftmaxCrossEntropy().value_and_gradient(z, np.zeros(len(z), np.int64))
    np.testing.assert_allclose(gradient.sum(axis=1), 0, atol=1e-12)


def test_knowing_nothing_costs_the_logarithm_of_the_number_of_classes() -> None:
    z = np.zeros((3, 36), np.float32)
    assert SoftmaxCrossEntropy().value(z, np.array([0, 5, 35])) == pytest.approx(math.log(36))


def test_a_hopeless_target_costs_much_but_not_infinity() -> None:
    z = np.array([[-1e4, 1e4]], np.float32)
    value, gradient = SoftmaxCrossEntropy().value_and_gradient(z, np.array([0]))
    assert value == pytest.approx(2e4)
    np.testing.assert_allclose(gradient, [[-1, 1]])


def test_a_smaller_batch_after_a_larger_one() -> None:
    loss = SoftmaxCrossEntropy()
    rng = np.random.default_rng(0)
    z, targets = rng.normal(size=(8, 4)), rng.integers(0, 4, 8)
    loss.value_and_gradient(z, targets)
    _, gradient = loss.value_and_gradient(z[:3], targets[:3])
    _, expected = SoftmaxCrossEntropy().value_and_gradient(z[:3], targets[:3])
    np.testing.assert_array_equal(gradient, expected)


@pytest.mark.parametrize("smoothing", [-0.1, 1.0, math.nan])
def test_label_smoothing_out_of_range_is_refused(smoothing: float) -> None:
    with pytest.raises(ValueError, match="label smoothing"):
        SoftmaxCrossEntropy(smoothing)
