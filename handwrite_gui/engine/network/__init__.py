"""The multilayer perceptron: layers, activations, initialisers, losses, optimisers."""

from handwrite_gui.engine.network.activations import ACTIVATIONS
from handwrite_gui.engine.network.arrays import Parameter
from handwrite_gui.engine.network.initializers import INITIALIZERS
from handwrite_gui.engine.network.losses import SoftmaxCrossEntropy, softmax
from handwrite_gui.engine.network.mlp import MLP
from handwrite_gui.engine.network.optimizers import OPTIMIZERS

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "MLP",
    "OPTIMIZERS",
    "Parameter",
    "SoftmaxCrossEntropy",
    "softmax",
]
