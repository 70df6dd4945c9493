"""A trained network with its classes and its card, and the file that keeps them."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.errors import ModelFileError
from handwrite_gui.engine.network.activations import ACTIVATIONS
from handwrite_gui.engine.network.arrays import FloatArray
from handwrite_gui.engine.network.mlp import MLP, one_layer, parameter_shapes
from handwrite_gui.engine.npz_container import open_npz, write_npz

METADATA = "metadata"
"""Name of the array that holds a JSON document; models and checkpoints both have it."""
MODEL_FORMAT = "handwrite-model"
CHECKPOINT_FORMAT = "handwrite-checkpoint"
VERSION = 1
MAX_MODEL_BYTES = 1 << 30
_KIND = {MODEL_FORMAT: "a model", CHECKPOINT_FORMAT: "a training checkpoint"}
_ADVICE = {
    MODEL_FORMAT: "choose a file that was saved as a model",
    CHECKPOINT_FORMAT: "choose a file that was saved as a checkpoint",
}


@dataclass(frozen=True)
class ModelCard:
    """What there is to know about a model besides its weights.

    Attributes:
        name: a short name for lists.
        description: what it is for, in a sentence or a few.
        created: when, ISO 8601 with the time zone; "" if unknown.
        data: names of the data sets it learned from.
        figures: measured results by name, accuracies in 0 to 1.
        settings: the training settings, plain values.
        license: SPDX identifier or "".
    """

    name: str
    description: str = ""
    created: str = ""
    data: tuple[str, ...] = ()
    figures: dict[str, float] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    license: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values, fit for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ModelCard:
        """The inverse of :meth:`to_dict`; unknown keys are ignored.

        Raises:
            ValueError: a value is of the wrong type, or the name is missing.
        """
        known = {f.name: values[f.name] for f in fields(cls) if f.name in values}
        for name in ("name", "description", "created", "license"):
            if not isinstance(known.get(name, ""), str):
                raise ValueError(f"card: {name} must be text")
        if "name" not in known:
            raise ValueError("card: name is missing")
        data = known.get("data", ())
        if not isinstance(data, list | tuple) or not all(isinstance(n, str) for n in data):
            raise ValueError("card: data must be a list of names")
        known["data"] = tuple(data)
        figures = known.get("figures", {})
        if not isinstance(figures, dict) or not all(
            isinstance(v, int | float) and not isinstance(v, bool) for v in figures.values()
        ):
            raise ValueError("card: figures must be numbers by name")
        if not isinstance(known.get("settings", {}), dict):
            raise ValueError("card: settings must be values by name")
        return cls(**known)


@dataclass(frozen=True, eq=False)
class Model:
    """A network that knows the names of its classes.

    Attributes:
        network: its inputs are the pixels of an image row by row, ink 1 on 0.
        classes: the name of every output, in order; all different.
        card: where it comes from.
        input_shape: height and width of the image in pixels.
        temperatures: what logits are divided by where these classes are chosen from, by the
            classes in order as one text; see :meth:`temperature`.
        heads: last layers of their own for where nothing but these classes is chosen from, by the
            classes in order as one text; see :meth:`logits`.

    Raises:
        ValueError: the numbers of inputs, outputs and classes do not fit, or those of a head, or a
            temperature is not a number above 0.
    """

    network: MLP
    classes: tuple[str, ...]
    card: ModelCard
    input_shape: tuple[int, int] = (32, 32)
    temperatures: Mapping[str, float] = field(default_factory=dict)
    heads: Mapping[str, MLP] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_interface(self.network.sizes, self.classes, self.input_shape)
        _check_temperatures(self.temperatures)
        _check_heads(tuple(self.heads), self.classes)
        for characters, head in self.heads.items():
            wanted = (self.network.hidden_units, len(characters))
            if head.sizes != wanted:
                raise ValueError(f"a head has layers of {head.sizes} units; expected {wanted}")

    @cached_property
    def _places(self) -> dict[str, int]:
        """Of the classes among the outputs: asked at every stroke."""
        return {name: place for place, name in enumerate(self.classes)}

    def logits(self, inputs: NDArray[Any], allowed: Sequence[str]) -> tuple[FloatArray, FloatArray]:
        """The logits of all classes, and of those that may be chosen, which decide between them.

        These are the former's columns, or what a head says of the same hidden units.  A collection
        in which nothing but digits is written teaches a head what tells digits apart, and does
        not teach the other outputs that whatever looks like it is a digit.

        Args:
            inputs: ``(N, n_in)``, as for ``MLP.predict_logits``.
            allowed: A classes, in order.

        Returns:
            floats ``(N, K)`` and ``(N, A)``, new arrays.
        """
        head = self.heads.get("".join(allowed))
        if head is None:
            logits = self.network.predict_logits(inputs)
            return logits, logits[:, [self._places[name] for name in allowed]]
        hidden = self.network.predict_hidden(inputs)
        return self.network.logits_of_hidden(hidden), head.predict_logits(hidden)

    def temperature(self, allowed: Sequence[str]) -> float:
        """What logits are divided by before the softmax over the classes ``allowed``, in order.

        How sure a network may be depends on what it chooses from: an O among digits is none, among
        letters and digits it is a guess.  1 where it was not fitted.
        """
        return self.temperatures.get("".join(allowed), 1.0)


def _check_interface(
    sizes: tuple[int, ...], classes: tuple[str, ...], input_shape: tuple[int, int]
) -> None:
    if not all(classes) or len(set(classes)) != len(classes):
        raise ValueError("class names must not be empty and must all be different")
    if len(classes) != sizes[-1]:
        raise ValueError(f"there are {len(classes)} classes for {sizes[-1]} outputs")
    if math.prod(input_shape) != sizes[0]:
        raise ValueError(f"images of {input_shape} do not fit {sizes[0]} inputs")


def _check_heads(heads: Sequence[str], classes: Sequence[str]) -> None:
    for characters in heads:
        if characters != "".join(name for name in classes if name in set(characters)):
            raise ValueError(f"a head is for {characters!r}, which are no classes in their order")


def _check_temperatures(temperatures: object) -> None:
    if not isinstance(temperatures, Mapping) or not all(
        isinstance(name, str)
        and isinstance(value, int | float)
        and not isinstance(value, bool)
        and 0 < value < math.inf
        for name, value in temperatures.items()
    ):
        raise ValueError("temperatures must be numbers above 0 by the classes they are for")


def save_model(
    model: Model,
    path: str | os.PathLike[str],
    dtype: Literal["float16", "float32"] = "float16",
) -> None:
    """Writes a model file: there completely or not at all; an older file is replaced.

    Args:
        dtype: how weights are stored; float16 halves the file and changes a logit by about
            a thousandth.

    Raises:
        ModelFileError: the file cannot be written, or the weights are not numbers that
            ``dtype`` can hold.
    """
    named = {p.name: p.value for p in model.network.folded().parameters}
    for index, head in enumerate(model.heads.values()):
        named |= {_head_name(index, p.name): p.value for p in head.parameters}
    arrays: dict[str, NDArray[Any]] = {}
    for name, value in named.items():
        with np.errstate(over="ignore"):  # found by the next check
            stored = value.astype(dtype)
        if not np.isfinite(stored).all():
            if np.isfinite(value).all():
                raise ModelFileError(path, f"its weights are too large for {dtype}; use float32.")
            raise ModelFileError(
                path, "its weights are not finite numbers; train it again at a lower rate."
            )
        arrays[name] = stored
    metadata = {
        "format": MODEL_FORMAT,
        "version": VERSION,
        "sizes": model.network.sizes,
        "features": model.network.features,
        "activation": model.network.activation,
        "classes": model.classes,
        "input_shape": model.input_shape,
        "card": model.card.to_dict(),
        "temperatures": dict(model.temperatures),
        "heads": list(model.heads),
    }
    write_npz(path, {METADATA: np.array(json.dumps(metadata)), **arrays})


def load_model(path: str | os.PathLike[str]) -> Model:
    """Reads a model file, trusting nothing in it.

    Raises:
        ModelFileError: the file is missing, damaged, no model, or made by a newer version.
    """
    arrays = open_npz(path, max_bytes=MAX_MODEL_BYTES)
    metadata = read_metadata(path, arrays, MODEL_FORMAT)
    try:
        sizes = _numbers(metadata, "sizes", least=2)
        height, width = _numbers(metadata, "input_shape", least=2, most=2)
        classes = metadata["classes"]
        if not isinstance(classes, list) or not all(isinstance(c, str) for c in classes):
            raise ValueError("classes must be a list of names")
        _check_interface(sizes, tuple(classes), (height, width))
        activation = metadata["activation"]
        if activation not in ACTIVATIONS:
            raise ValueError(f"the activation {activation!r} is unknown")
        features = metadata.get("features", "pixels")  # the first models had nothing else
        heads = metadata.get("heads", [])  # most models have none
        if not isinstance(heads, list) or not all(isinstance(h, str) and h for h in heads):
            raise ValueError("heads must be a list of characters")
        _check_heads(heads, classes)
        shapes = parameter_shapes(sizes, features)
        hidden = shapes[f"weights_{len(sizes) - 2}"][0]
        for index, characters in enumerate(heads):
            own = parameter_shapes((hidden, len(characters)))
            shapes |= {_head_name(index, name): shape for name, shape in own.items()}
        card = ModelCard.from_dict(metadata["card"])
        temperatures = metadata.get("temperatures", {})  # the first models had none
        _check_temperatures(temperatures)
    except KeyError as missing:
        raise ModelFileError(path, f"the model's description lacks {missing}.") from None
    except (ValueError, TypeError, AttributeError) as problem:
        raise ModelFileError(path, f"the model's description is wrong: {problem}.") from None

    del arrays[METADATA]
    check_arrays(path, arrays, shapes)
    network = MLP(sizes, features=features, activation=activation, initializer="zero")
    network.set_weights([arrays[parameter.name] for parameter in network.parameters])
    return Model(
        network,
        tuple(classes),
        card,
        (height, width),
        temperatures,
        {
            text: one_layer(*(arrays[_head_name(index, name)] for name in ("weights_0", "bias_0")))
            for index, text in enumerate(heads)
        },
    )


def _head_name(index: int, parameter: str) -> str:
    """What an array of a head is called in the file."""
    return f"head_{index}_{parameter}"


def with_name(source: str | os.PathLike[str], target: str | os.PathLike[str], name: str) -> None:
    """Writes a model file under another name of its card, its weights bit for bit.

    Raises:
        ModelFileError: the source is no model, or the target cannot be written.
    """
    arrays = open_npz(source, max_bytes=MAX_MODEL_BYTES)
    metadata = read_metadata(source, arrays, MODEL_FORMAT)
    try:
        card = ModelCard.from_dict(metadata["card"])
    except (KeyError, ValueError, TypeError, AttributeError) as problem:
        raise ModelFileError(source, f"the model's description is wrong: {problem}.") from None
    metadata["card"] = replace(card, name=name).to_dict()
    write_npz(target, {**arrays, METADATA: np.array(json.dumps(metadata))})


def read_metadata(
    path: str | os.PathLike[str], arrays: Mapping[str, NDArray[Any]], wanted: str
) -> dict[str, Any]:
    """The JSON document of a file that must be of the format ``wanted``.

    Raises:
        ModelFileError: it is missing, not JSON, of another format or of a newer version.
    """
    stored = arrays.get(METADATA)
    if stored is None or stored.shape != () or stored.dtype.kind != "U":
        raise ModelFileError(
            path, f"this .npz file holds arrays but is not {_KIND[wanted]}; {_ADVICE[wanted]}."
        )
    try:
        metadata = json.loads(str(stored))
    except (ValueError, RecursionError):
        metadata = None
    if not isinstance(metadata, dict) or metadata.get("format") not in _KIND:
        raise ModelFileError(path, f"this is not {_KIND[wanted]}; {_ADVICE[wanted]}.")
    if metadata["format"] != wanted:
        raise ModelFileError(
            path,
            f"this is {_KIND[metadata['format']]}, not {_KIND[wanted]}; {_ADVICE[wanted]}.",
        )
    if metadata.get("version") != VERSION:
        raise ModelFileError(
            path,
            f"it has format version {metadata.get('version')!r}, and this program knows "
            f"version {VERSION}; update the program.",
        )
    return metadata


def check_arrays(
    path: str | os.PathLike[str],
    arrays: Mapping[str, NDArray[Any]],
    shapes: Mapping[str, tuple[int, ...]],
) -> None:
    """Checks that exactly these arrays are there, as finite floats.

    Raises:
        ModelFileError: naming the array that is missing, unexpected or wrong.
    """
    for name in shapes.keys() | arrays.keys():
        if name not in arrays:
            raise ModelFileError(path, f"the array “{name}” is missing; get the file again.")
        if name not in shapes:
            raise ModelFileError(path, f"the array {name[:60]!r} does not belong in it.")
        array = arrays[name]
        if array.dtype.kind != "f":
            raise ModelFileError(path, f"the array “{name}” is {array.dtype}; expected floats.")
        if array.shape != shapes[name]:
            raise ModelFileError(
                path,
                f"the array “{name}” has the shape {array.shape}, but the file describes a "
                f"network that needs {shapes[name]}.",
            )
        with np.errstate(over="ignore"):  # beyond float32 is as bad as infinite
            finite = np.isfinite(array.astype(np.float32, copy=False)).all()
        if not finite:
            raise ModelFileError(
                path, f"the array “{name}” holds values that are not finite; get the file again."
            )


def _numbers(
    metadata: Mapping[str, Any], name: str, *, least: int, most: int = 64
) -> tuple[int, ...]:
    values = metadata[name]
    if (
        not isinstance(values, list)
        or not least <= len(values) <= most
        or not all(isinstance(v, int) and not isinstance(v, bool) and v > 0 for v in values)
    ):
        raise ValueError(f"{name} must be a list of positive whole numbers")
    return tuple(values)
