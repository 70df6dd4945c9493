"""Back-propagation through whole networks against central differences in float64."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from handwrite_gui.engine.evaluation import gradient_check
from handwrite_gui.engine.network import ACTIVATIONS, MLP, SoftmaxCrossEntropy
from handwrite_gui.engine.network.layers import ActivationLayer


def near_a_kink(network: MLP, x: np.ndarray, dropout_seed: int | None) -> bool:
    """Whether a step of the differences could move some unit over the corner of its ReLU."""
    rng = None if dropout_seed is None else np.random.default_rng(dropout_seed)
    for layer in network.layers:
        if isinstance(layer, ActivationLayer) and np.abs(x).min() < 1e-3:
            return True
        x = layer.forward(x, rng is not None, rng)
    return False


@settings(max_examples=80)
@given(
    hidden=st.lists(st.integers(1, 5), max_size=3),
    activation=st.sampled_from(sorted(ACTIVATIONS)),
    initializer=st.sampled_from(["uniform", "xavier", "he"]),
    batch=st.integers(1, 4),
    classes=st.integers(2, 4),
    smoothing=st.sampled_from([0.0, 0.1, 0.5]),
    soft_targets=st.booleans(),
    dropout_seed=st.one_of(st.none(), st.integers(0, 100)),
    seed=st.integers(0, 2**16),
)
def test_every_gradient_is_right(
    hidden: list[int],
    activation: str,
    initializer: str,
    batch: int,
    classes: int,
    smoothing: float,
    soft_targets: bool,
    dropout_seed: int | None,
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    network = MLP(
        [3, *hidden, classes],
        activation=activation,
        initializer=initializer,
        dropout=[0.2] * (len(hidden) + 1),
        rng=rng,
        dtype=np.float64,
    )
    for dense in network.dense_layers:  # zero biases would hide errors in them
        dense.bias.value[:] = rng.normal(0, 0.5, dense.bias.value.shape)
    x = rng.normal(size=(batch, 3))
    targets = rng.integers(0, classes, batch)
    if soft_targets:
        targets = rng.dirichlet(np.ones(classes), batch)
    if activation in ("relu", "leaky_relu"):
        assume(not near_a_kink(network, x, dropout_seed))

    loss = SoftmaxCrossEntropy(smoothing)
    errors = gradient_check(network, x, targets, loss, dropout_seed=dropout_seed)
    assert set(errors) == {p.name for p in network.parameters} | {"inputs"}
    assert max(errors.values()) < 1e-6, errors
