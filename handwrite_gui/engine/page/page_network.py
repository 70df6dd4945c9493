"""The small networks that come with the page reader, each in a file of its weights alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from handwrite_gui.engine.errors import ModelFileError
from handwrite_gui.engine.network.arrays import Parameter
from handwrite_gui.engine.npz_container import open_npz, write_npz
from handwrite_gui.engine.resources import resource_path

_MOST_BYTES = 16 << 20


def load_weights(file: str, parameters: Sequence[Parameter]) -> None:
    """Take over the weights of a network that ships with the program.

    Args:
        file: its path in the resources.
        parameters: of the network, all of them.

    Raises:
        FileNotFoundError: the installation lacks it.
        ModelFileError: it is damaged, or of another network; nothing was changed.
    """
    path = resource_path(file)
    arrays = open_npz(path, max_bytes=_MOST_BYTES)
    shapes = {parameter.name: parameter.value.shape for parameter in parameters}
    if {name: array.shape for name, array in arrays.items()} != shapes:
        raise ModelFileError(path, "it is damaged; install Handwrite again.")
    for parameter in parameters:
        np.copyto(parameter.value, arrays[parameter.name])


def save_weights(path: Path, parameters: Sequence[Parameter]) -> None:
    """Write a network's weights in half precision."""
    write_npz(path, {p.name: p.value.astype(np.float16) for p in parameters})
