"""What it costs when a crop shows more than its character, less of it, or a poor picture of it.

    python benchmarks/crop_damage.py [--data letters.npz] [--writers 5:1] [--alphabet alnum]

The same characters once for every damage, classified as “classify” does: the share read right, and
that with look-alikes counted as one; first with every crop taken as it is, then as it ships, where
lines and pieces beside a character are left out if the network is surer without them.  Characters
are synthesised if no --data are named, which says nothing about real handwriting; the differences
from the first row do.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from skimage.morphology import skeletonize
from threadpoolctl import threadpool_limits

from handwrite_gui.cli.training_data import read_written, writers
from handwrite_gui.engine.alphabets import ALPHABETS
from handwrite_gui.engine.data.normalizer import normalize
from handwrite_gui.engine.data.readers.pixels import ink_images
from handwrite_gui.engine.data.synthesis import synthesize
from handwrite_gui.engine.evaluation.figures import figures_of_logits
from handwrite_gui.engine.model_file import load_model
from handwrite_gui.engine.network.arrays import FloatArray
from handwrite_gui.engine.recognizer import Recognizer
from handwrite_gui.engine.resources import default_model_path

Ink = NDArray[np.uint8]
Damage = Callable[[Ink, Ink, np.random.Generator], Ink]

_SIDE = 64  # pixels that the longer side of a character is brought to before it is damaged
_INK = 60


def main(arguments: Sequence[str] | None = None) -> int:
    """Classify everything and print the table; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, nargs="+", metavar="PATH", help="labelled characters")
    parser.add_argument(
        "--writers", type=writers, metavar="M:R", help="only those whose number is R modulo M"
    )
    parser.add_argument("--alphabet", choices=ALPHABETS, default="alnum")
    parser.add_argument("--most", type=int, default=5000, help="characters, chosen at random")
    parser.add_argument("--model", type=Path, default=default_model_path())
    options = parser.parse_args(arguments)
    recognizer = Recognizer(load_model(options.model), options.alphabet)
    images, labels = _characters(options, recognizer.classes)
    places = {name: index for index, name in enumerate(recognizer.classes)}
    targets = np.array([places[label] for label in labels])
    print(f"{len(images):,} characters, {len(recognizer.classes)} classes")
    print(f"{'':<22}{'as it is':>18}{'as it ships':>20}")
    with threadpool_limits(1, "blas"):
        for name, damage in {"none": _none, **DAMAGES}.items():
            rng = np.random.default_rng(1)
            others = rng.permutation(len(images))
            damaged = [
                damage(own, images[other], rng) for own, other in zip(images, others, strict=True)
            ]
            if name in _GREY:  # such a file is brought to ink when it is read
                damaged = list(ink_images(_stack(damaged), Path(name)))
            normalized = normalize(damaged)
            row = f"{name:<22}"
            for logits in (recognizer.logits, recognizer.crop_logits):
                row += _figures(logits(normalized)[1], targets, recognizer.classes)
            print(row, flush=True)
    return 0


def _figures(logits: FloatArray, targets: NDArray[np.int64], classes: Sequence[str]) -> str:
    figures = figures_of_logits("", logits, targets, classes)
    return f"{figures.accuracy:>11.4f} / {figures.merged:.4f}"


def _characters(options: argparse.Namespace, classes: Sequence[str]) -> tuple[list[Ink], list[str]]:
    sets = [read_written(path, options.writers) for path in options.data or ()]
    images: list[Ink] = []
    labels: list[str] = []
    for data in sets or [synthesize(classes, 60, seed=7)]:
        own = data.of_classes(classes)
        images += [_cropped(image) for image in own.images]
        labels += own.labels.tolist()
    chosen = np.random.default_rng(0).permutation(len(images))[: options.most]
    return [images[index] for index in chosen], [labels[index] for index in chosen]


def _cropped(image: Ink) -> Ink:
    """The box of the ink alone, brought to one size."""
    rows, columns = (
        np.flatnonzero(image.max(axis=1) > _INK),
        np.flatnonzero(image.max(axis=0) > _INK),
    )
    box = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if rows.size else image
    return _resized(box, _SIDE / max(box.shape))


def _resized(image: Ink, factor: float, across: float = 1) -> Ink:
    height, width = image.shape
    size = max(2, round(width * factor * across)), max(2, round(height * factor))
    return np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BILINEAR))


def _stack(images: Sequence[Ink]) -> Ink:
    """All of one size, ground around them."""
    side = max(max(image.shape) for image in images)
    return np.stack(
        [np.pad(own, [(0, side - length) for length in own.shape], "edge") for own in images]
    )


def _none(own: Ink, other: Ink, rng: np.random.Generator) -> Ink:
    return own


def _ruled(own: Ink, other: Ink, rng: np.random.Generator) -> Ink:
    ruled = np.pad(own, ((6, 14), (9, 9)))
    top = len(ruled) - 14 + int(rng.integers(-6, 8))
    ruled[top : top + int(rng.integers(1, 5))] |= np.uint8(rng.integers(90, 220))
    return ruled


def _boxed(own: Ink, other: Ink, rng: np.random.Generator) -> Ink:
    """One side of a form's box."""
    boxed = np.pad(own, 10)
    side = np.rot90(boxed, int(rng.integers(4)))
    side[:2] = rng.integers(100, 255)
    return boxed


def _with_neighbour(own: Ink, other: Ink, rng: np.random.Generator) -> Ink:
    """The end of the character before, or the beginning of the next one."""
    height = len(own)
    end = other[:height, -max(3, int(rng.uniform(0.08, 0.25) * other.shape[1])) :]
    end = np.pad(end, ((height - len(end), 0), (0, int(rng.integers(3, 10)))))
    return np.hstack([end, own] if rng.random() < 0.5 else [own, end[:, ::-1]])


def _specked(own: Ink, other: Ink, rng: np.random.Generator) -> Ink:
    specked = np.pad(own, 8)
    for _ in range(rng.integers(1, 4)):
        row, column = (int(rng.integers(side - 4)) for side in specked.shape)
        size = int(rng.integers(2, 6))
        specked[row : row + size, column : column + size] = 255
    return specked


def _clipped(own: Ink, other: Ink, rng: np.random.Generator) -> Ink:
    turns = int(rng.integers(4))
    turned = np.rot90(own, turns)
    return np.rot90(turned[max(1, len(turned) // 10) :], -turns)


def _blurred(own: Ink, other: Ink, rng: np.random.Generator) -> Ink:
    return ndimage.gaussian_filter(np.pad(own, 8), 3.0)


def _noisy(own: Ink, other: Ink, rng: np.random.Generator) -> Ink:
    padded = np.pad(own, 6)
    return _bytes(padded + rng.normal(0, 25, padded.shape))


def _small(own: Ink, other: Ink, rng: np.random.Generator) -> Ink:
    return _resized(own, 12 / _SIDE)


def _compressed(own: Ink, other: Ink, rng: np.random.Generator) -> Ink:
    file = io.BytesIO()
    Image.fromarray(255 - np.pad(own, 4)).save(file, "JPEG", quality=12)
    return np.subtract(255, np.asarray(Image.open(file)))


def _hazy(own: Ink, other: Ink, rng: np.random.Generator) -> Ink:
    return np.maximum(np.pad(own, 6), np.uint8(rng.integers(20, 60)))


def _shaded(own: Ink, other: Ink, rng: np.random.Generator) -> Ink:
    padded = np.pad(own, 6) * 0.8
    return _bytes(padded + np.linspace(10, 70, padded.shape[1]))


def _thick(own: Ink, other: Ink, rng: np.random.Generator) -> Ink:
    return ndimage.grey_dilation(np.pad(own, 6), (9, 9))


def _thin(own: Ink, other: Ink, rng: np.random.Generator) -> Ink:
    return np.asarray(skeletonize(np.pad(own, 2) > 100) * np.uint8(255))


def _broken(own: Ink, other: Ink, rng: np.random.Generator) -> Ink:
    return own * (ndimage.gaussian_filter(rng.normal(0, 1, own.shape), 1.5) < 0.25)


def _turned(own: Ink, other: Ink, rng: np.random.Generator) -> Ink:
    return ndimage.rotate(np.pad(own, 10), rng.uniform(-20, 20), order=1)


def _slanted(own: Ink, other: Ink, rng: np.random.Generator) -> Ink:
    return ndimage.affine_transform(np.pad(own, 20), [[1, 0], [rng.uniform(-0.5, 0.5), 1]], order=1)


def _stretched(own: Ink, other: Ink, rng: np.random.Generator) -> Ink:
    return _resized(own, 1, rng.uniform(0.6, 1.6))


def _bytes(values: NDArray[np.float64]) -> Ink:
    return values.clip(0, 255).astype(np.uint8)


DAMAGES: dict[str, Damage] = {
    "on a ruled line": _ruled,
    "side of a box": _boxed,
    "end of a neighbour": _with_neighbour,
    "specks": _specked,
    "tenth cut off": _clipped,
    "blurred": _blurred,
    "noisy": _noisy,
    "12 pixels high": _small,
    "JPEG, quality 12": _compressed,
    "grey ground": _hazy,
    "shaded ground": _shaded,
    "thick pen": _thick,
    "thin pen": _thin,
    "broken strokes": _broken,
    "turned, up to 20°": _turned,
    "slanted, up to 27°": _slanted,
    "0.6 to 1.6 as wide": _stretched,
}
_GREY = ("grey ground", "shaded ground")


if __name__ == "__main__":
    sys.exit(main())
