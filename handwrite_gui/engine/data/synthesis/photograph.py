"""How a written sheet looks to a camera: paper, ink, light, and what else is in the picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage
from PIL import ImageFilter

Paper = Literal[
    "plain",
    "shaded",
    "coloured",
    "ruled",
    "squared",
    "glare",
    "shadow",
    "desk",
    "specks",
    "show_through",
    "whiteboard",
    "blackboard",
]
Ink = Literal["pen", "pencil", "faint", "marker"]
PAPERS: tuple[Paper, ...] = get_args(Paper)
INKS: tuple[Ink, ...] = get_args(Ink)

Float = NDArray[np.float32]

_PIGMENTS = ((38, 42, 66), (30, 30, 34), (58, 60, 66), (28, 46, 110))
_SHEETS = ((248, 246, 240), (244, 240, 228), (238, 240, 242), (246, 243, 236))
_COLOURS = ((246, 214, 120), (178, 214, 238), (240, 178, 190), (176, 220, 168), (205, 180, 150))
_RULES = ((120, 160, 215), (150, 150, 165), (215, 130, 140))
_DESKS = ((92, 64, 44), (52, 50, 52), (120, 96, 74), (70, 80, 84))


@dataclass(frozen=True, eq=False)
class _Scene:
    """What has been put together so far of one picture.

    Attributes:
        coverage: float32 (h, w), the share of each pixel that the new ink covers.
        cap_height: of the writing in pixels.
        rng: for everything that is left to chance.
    """

    coverage: Float
    cap_height: float
    rng: np.random.Generator

    @property
    def size(self) -> tuple[int, int]:
        return int(self.coverage.shape[0]), int(self.coverage.shape[1])


def photograph(
    ink: NDArray[np.uint8], paper: Paper, kind: Ink, cap_height: float, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """The picture of a written sheet.

    Args:
        ink: uint8 (h, w), 255 where the sheet is covered with ink.
        paper: what it is written on, and how it is lit.
        kind: what it is written with.
        cap_height: of the writing in pixels.
        rng: the same state gives the same picture.

    Returns:
        uint8 (h, w, 3) RGB.
    """
    sheet = np.array(_SHEETS[rng.integers(len(_SHEETS))], np.float32)
    pigment = np.array(_PIGMENTS[rng.integers(len(_PIGMENTS))], np.float32)
    coverage: Float = ink.astype(np.float32) / np.float32(255)
    noise = 0.8
    light: Float = np.ones(ink.shape, np.float32)
    if paper != "plain":
        blurred = PillowImage.fromarray(ink).filter(ImageFilter.GaussianBlur(cap_height / 90))
        density = 0.86 + 0.08 * _clouds(ink.shape, cap_height / 5, rng)
        soft = np.asarray(blurred, np.float32) / 255 * np.clip(density, 0.6, 1)
        coverage = np.asarray(soft, np.float32)
        light = _light(ink.shape, rng) + 0.006 * _clouds(ink.shape, 2.5, rng)
        noise = 2.2
    coverage, pigment = _written_with(kind, coverage, pigment, rng)
    scene = _Scene(coverage, cap_height, rng)
    blank = np.broadcast_to(sheet, (*ink.shape, 3))
    blank = _GROUNDS[paper](scene, blank) if paper in _GROUNDS else blank
    if paper == "blackboard":
        pigment = np.array((236, 236, 228), np.float32)
    colour = blank + scene.coverage[..., np.newaxis] * (pigment - blank)
    colour = colour * light[..., np.newaxis]
    if paper in _LIGHTS:
        colour = _LIGHTS[paper](scene, colour)
    # One grain for the three channels: colour noise is what cameras remove first.
    colour += noise * rng.standard_normal(ink.shape, dtype=np.float32)[..., np.newaxis]
    return np.asarray(np.clip(np.rint(colour), 0, 255).astype(np.uint8))


def _written_with(
    kind: Ink, coverage: Float, pigment: Float, rng: np.random.Generator
) -> tuple[Float, Float]:
    if kind == "pencil":
        # Graphite lies on the tips of the paper's grain.
        grain = np.clip(0.62 + 0.22 * _clouds(coverage.shape, 1.6, rng), 0.15, 0.9)
        return coverage * grain, np.array((88, 88, 92), np.float32)
    if kind == "faint":
        return coverage * np.float32(0.24), pigment
    return coverage, pigment


def _coloured(scene: _Scene, blank: Float) -> Float:
    colour = _COLOURS[scene.rng.integers(len(_COLOURS))]
    return np.broadcast_to(np.array(colour, np.float32), blank.shape)


def _ruled(scene: _Scene, blank: Float) -> Float:
    return _lined(scene, blank, scene.cap_height * scene.rng.uniform(1.1, 1.7), (0,))


def _squared(scene: _Scene, blank: Float) -> Float:
    return _lined(scene, blank, scene.cap_height * scene.rng.uniform(0.55, 0.9), (0, 1))


def _lined(scene: _Scene, blank: Float, distance: float, axes: tuple[int, ...]) -> Float:
    """Printed lines, a little askew and a little bent, as on a sheet that does not lie flat."""
    rng = scene.rng
    height, width = scene.size
    colour = np.array(_RULES[rng.integers(len(_RULES))], np.float32)
    thickness = max(1.0, scene.cap_height / rng.uniform(26, 45))
    tilt = np.deg2rad(rng.uniform(-4, 4))
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    bend = np.float32(rng.uniform(-0.006, 0.006) * height)
    ink = np.zeros(scene.size, np.float32)
    for axis in axes:
        along, across = (x, y) if axis == 0 else (-y, x)
        bent = across + np.sin(along * np.float32(np.pi / width)) * bend
        away = bent * np.float32(np.cos(tilt)) - along * np.float32(np.sin(tilt))
        away = np.abs((away + distance / 2) % distance - distance / 2)
        np.maximum(ink, np.clip(thickness / 2 + 0.5 - away, 0, 1), out=ink)
    return np.asarray(blank + ink[..., np.newaxis] * (colour - blank), np.float32)


def _with_specks(scene: _Scene, blank: Float) -> Float:
    rng = scene.rng
    height, width = scene.size
    dust = np.zeros(scene.size, np.float32)
    for _ in range(height * width // 9000):
        row, column = rng.integers(height), rng.integers(width)
        side = max(1, round(scene.cap_height * rng.uniform(0.012, 0.035)))
        dust[row : row + side, column : column + side] = rng.uniform(0.3, 0.9)
    return np.asarray(blank * (1 - dust[..., np.newaxis]), np.float32)


def _show_through(scene: _Scene, blank: Float) -> Float:
    """The other side's writing, mirrored and soft."""
    back = np.roll(scene.coverage[:, ::-1], round(0.9 * scene.cap_height), axis=0)
    return _ghost(scene, back, blank, 0.25, scene.cap_height / 30)


def _whiteboard(scene: _Scene, blank: Float) -> Float:
    """What stood on the board before was wiped away, more here and less there."""
    shift = round(0.55 * scene.cap_height), round(1.7 * scene.cap_height)
    wiped = np.clip(0.5 + 0.5 * _clouds(scene.size, 2 * scene.cap_height, scene.rng), 0, 1)
    old = np.roll(scene.coverage[::-1, ::-1], shift, axis=(0, 1)) * wiped
    return _ghost(scene, old, blank, 0.35, scene.cap_height / 40)


def _ghost(scene: _Scene, ink: Float, blank: Float, strength: float, blur: float) -> Float:
    picture = PillowImage.fromarray(np.rint(ink * 255).astype(np.uint8))
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(blur)), np.float32) / 255
    return np.asarray(blank * (1 - strength * soft[..., np.newaxis]), np.float32)


def _blackboard(scene: _Scene, blank: Float) -> Float:
    dust = 6 * _clouds(scene.size, scene.cap_height, scene.rng)[..., np.newaxis]
    return np.asarray(np.array((44, 58, 52), np.float32) + dust, np.float32)


def _with_glare(scene: _Scene, colour: Float) -> Float:
    rng = scene.rng
    height, width = scene.size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    middle = rng.uniform(0.2, 0.8) * width, rng.uniform(0.2, 0.8) * height
    radius = 0.16 * max(height, width)
    away = ((x - middle[0]) ** 2 + 2 * (y - middle[1]) ** 2) / radius**2
    shine = np.float32(0.55) * np.exp(-away)[..., np.newaxis]
    return np.asarray(colour * (1 - shine) + 275 * shine, np.float32)


def _with_shadow(scene: _Scene, colour: Float) -> Float:
    """The hand that holds the camera: half of the sheet lies in shadow, with a rather hard edge."""
    height, width = scene.size
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    heading = scene.rng.uniform(0, 2 * np.pi)
    across = x * np.float32(np.cos(heading)) + y * np.float32(np.sin(heading))
    edge = 0.5 + 0.5 * np.tanh(across * np.float32(max(height, width) / (0.6 * scene.cap_height)))
    return np.asarray(colour * (1 - np.float32(0.45) * edge[..., np.newaxis]), np.float32)


def _on_desk(scene: _Scene, colour: Float) -> Float:
    """The sheet lies askew on a table with a grain, which shows around it."""
    rng = scene.rng
    height, width = scene.size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    rim = 0.75 * scene.cap_height
    inside = np.full(scene.size, np.inf, np.float32)
    for away, along, length in (
        (y, x, width),
        (height - 1 - y, x, width),
        (x, y, height),
        (width - 1 - x, y, height),
    ):
        lean = rng.uniform(-0.35, 0.35) * rim
        np.minimum(inside, away - rim - lean * (along / length - 0.5), out=inside)
    desk = np.array(_DESKS[rng.integers(len(_DESKS))], np.float32)
    grain = _clouds(scene.size, 0.15 * scene.cap_height, rng)
    wood = desk * (1 + 0.07 * grain + 0.05 * np.sin(0.4 * y + 2 * grain))[..., np.newaxis]
    on_sheet = np.clip(inside + 0.5, 0, 1)[..., np.newaxis]
    return np.asarray(colour * on_sheet + wood * (1 - on_sheet), np.float32)


_GROUNDS: MappingProxyType[Paper, Callable[[_Scene, Float], Float]] = MappingProxyType(
    {
        "coloured": _coloured,
        "ruled": _ruled,
        "squared": _squared,
        "specks": _with_specks,
        "show_through": _show_through,
        "whiteboard": _whiteboard,
        "blackboard": _blackboard,
    }
)
"""What the bare sheet looks like in even light."""

_LIGHTS: MappingProxyType[Paper, Callable[[_Scene, Float], Float]] = MappingProxyType(
    {"glare": _with_glare, "shadow": _with_shadow, "desk": _on_desk}
)
"""What happens to the written and lit sheet."""


def _light(size: tuple[int, ...], rng: np.random.Generator) -> Float:
    """Brightness of the sheet: a lamp to one side, the lens's fall-off, and soft shadows."""
    height, width = size
    y, x = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    heading = rng.uniform(0, 2 * np.pi)
    slope = rng.uniform(0.03, 0.1) * (x * np.cos(heading) + y * np.sin(heading))
    corners = rng.uniform(0.01, 0.05) * (x * x + y * y)
    shadows = 0.03 * _clouds(size, max(size) / 2.5, rng)
    return np.asarray(0.86 + slope - corners + shadows, np.float32)


def _clouds(size: tuple[int, ...], grain: float, rng: np.random.Generator) -> Float:
    """Smooth noise of about unit spread whose patches are ``grain`` pixels wide."""
    height, width = size
    coarse = rng.standard_normal(
        (int(np.ceil(height / grain)) + 3, int(np.ceil(width / grain)) + 3), dtype=np.float32
    )
    image = PillowImage.fromarray(coarse).resize(
        (width, height),
        PillowImage.Resampling.BICUBIC,
        box=(1, 1, 1 + width / grain, 1 + height / grain),
    )
    return np.asarray(image, np.float32)
