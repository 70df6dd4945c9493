"""The small networks that come with the page reader, each in a file of its weights alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from handwrite_gui.engine.errors import ModelFileError
from handwrite_gui.engine.network.mlp import MLP, parameter_shapes
from handwrite_gui.engine.npz_container import open_npz, write_npz
from handwrite_gui.engine.resources import resource_path

_MOST_BYTES = 16 << 20


def load_page_network(file: str, sizes: Sequence[int]) -> MLP:
    """A network that ships with the program.

    Args:
        file: its path in the resources.
        sizes: of its layers.

    Raises:
        FileNotFoundError: the installation lacks it.
        ModelFileError: it is damaged, or of other sizes.
    """
    path = resource_path(file)
    arrays = open_npz(path, max_bytes=_MOST_BYTES)
    if {name: array.shape for name, array in arrays.items()} != parameter_shapes(sizes):
        raise ModelFileError(path, "it is damaged; install Handwrite again.")
    network = MLP(sizes, initializer="zero")
    network.set_weights([arrays[p.name].astype(np.float32) for p in network.state])
    return network


def save_page_network(path: Path, network: MLP) -> None:
    """Write a network's weights in half precision."""
    write_npz(path, {p.name: p.value.astype(np.float16) for p in network.state})
