"""A network with the outputs of a head, as it is trained, and the model it becomes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from handwrite_gui.engine.data.groups import output_names
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.model_file import Model
from handwrite_gui.engine.network.arrays import FloatArray
from handwrite_gui.engine.network.mlp import MLP, one_layer

_GENERAL_SAY = 1 / 3


def split_head(model: Model, head: str) -> Model:
    """The model whose last outputs are taken for a head of its own.

    Args:
        model: with the outputs of all classes, and after them those of the head.
        head: those of the classes that it is for, in their order; "" leaves the model as it is.
    """
    if not head:
        return model
    count = len(model.classes) - len(head)
    *before, weights, bias = (parameter.value for parameter in model.network.parameters)
    layer = one_layer(weights[:, count:], bias[count:])
    network = _network(model, count, [*before, weights[:, :count], bias[:count]])
    return replace(model, network=network, classes=model.classes[:count], heads={head: layer})


def join_head(model: Model, head: str) -> Model:
    """The inverse of :func:`split_head`: training goes on from it.

    Raises:
        HandwriteError: the model has no such head.
    """
    if not head:
        return model
    layer = model.heads.get(head)
    if layer is None:
        raise HandwriteError(
            f"“{model.card.name}” has no head for {head}, so training cannot go on from it; start "
            "from a model that has one, or from none."
        )
    names = output_names(model.classes, head)
    *before, weights, bias = (parameter.value for parameter in model.network.parameters)
    own_weights, own_bias = (parameter.value for parameter in layer.parameters)
    last = [np.hstack([weights, own_weights]), np.concatenate([bias, own_bias])]
    network = _network(model, len(names), [*before, *last])
    return replace(model, network=network, classes=names, heads={})


def with_general_say(model: Model) -> Model:
    """Gives the general outputs a third of the say in what a head decides.

    Either learned from collections that the other did not: a head knows one look best, the general
    outputs more of them.  Both are linear in the same hidden units, so a mean of their logits is a
    head as well, and costs nothing.
    """
    return _with_heads(model, 1 - _GENERAL_SAY, _GENERAL_SAY)


def without_general_say(model: Model) -> Model:
    """The inverse of :func:`with_general_say`: what a head learned itself, to go on from."""
    return _with_heads(model, 1 / (1 - _GENERAL_SAY), -_GENERAL_SAY / (1 - _GENERAL_SAY))


def _with_heads(model: Model, own: float, general: float) -> Model:
    """The model with heads that are sums of its own and of the general outputs, with weights."""
    *_, weights, bias = (parameter.value for parameter in model.network.parameters)
    heads = {}
    for characters, layer in model.heads.items():
        columns = [model.classes.index(name) for name in characters]
        own_weights, own_bias = (parameter.value for parameter in layer.parameters)
        heads[characters] = one_layer(
            own * own_weights + general * weights[:, columns],
            own * own_bias + general * bias[columns],
        )
    return replace(model, heads=heads)


def _network(model: Model, outputs: int, weights: list[FloatArray]) -> MLP:
    network = model.network
    made = MLP(
        (*network.sizes[:-1], outputs),
        features=network.features,
        activation=network.activation,
        initializer="zero",
    )
    made.set_weights(weights)
    return made
