"""Sample sheets as people fill them in and photograph them, for tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from scipy import ndimage

from handwrite_gui.engine.data.strokes import render_strokes
from handwrite_gui.engine.data.synthesis.characters import synthesize_strokes
from handwrite_gui.engine.data.synthesis.style import WritingStyle
from handwrite_gui.engine.documents.pages import read_page_picture
from handwrite_gui.engine.handwriting.sample_sheet.layout import (
    BASELINE,
    Cell,
    SampleSheet,
    paper_size,
)
from handwrite_gui.engine.handwriting.sample_sheet.marks import homography
from handwrite_gui.engine.handwriting.sample_sheet.printing import sheet_pdf

Picture = NDArray[np.uint8]
Strokes = list[NDArray[np.float64]]

SCALE = 6.0
"""Pixels a millimetre of printed sheets."""
BLUE, BLACK, PENCIL = (28, 46, 120), (30, 30, 34), (120, 120, 124)


def printed(sheet: SampleSheet, page: int, folder: Path, *, in_colour: bool = True) -> Picture:
    """A page as it comes from the printer, uint8 (h, w, 3) at :data:`SCALE`."""
    path = folder / "sheet.pdf"
    path.write_bytes(sheet_pdf(sheet))
    pixels = read_page_picture(path, page, dpi=SCALE * 25.4).pixels
    if not in_colour:
        grey = np.asarray(Image.fromarray(pixels).convert("L"))
        pixels = np.repeat(grey[..., np.newaxis], 3, axis=2)
    return pixels


def written(cell: Cell, rng: np.random.Generator, style: WritingStyle | None = None) -> Strokes:
    """The strokes, in mm on the paper, that somebody writes into a box."""
    strokes = synthesize_strokes(cell.label, rng, style)
    scale = rng.uniform(5.0, 7.0) / 100
    points = np.concatenate(strokes)
    box = cell.box
    left = box.centre.x - scale * (points[:, 0].min() + points[:, 0].max()) / 2
    top = box.top + BASELINE * box.height - 100 * scale
    shift = np.array([left, top]) + rng.uniform(-0.8, 0.8, 2)
    return [scale * stroke + shift for stroke in strokes]


def scribble(cell: Cell, rng: np.random.Generator) -> Strokes:
    """A zigzag over the whole box."""
    box, count = cell.box, 12
    x = np.linspace(box.left + 1.5, box.right - 1.5, count)
    y = np.where(np.arange(count) % 2, box.top + 2, box.bottom - 2)
    knots = np.stack([x, y + rng.uniform(-0.8, 0.8, count)], axis=1)
    place = np.linspace(0, count - 1, 300)
    return [np.stack([np.interp(place, np.arange(count), knots[:, a]) for a in (0, 1)], axis=1)]


def filled_in(
    sheet: SampleSheet,
    page: int,
    folder: Path,
    rng: np.random.Generator,
    *,
    write: Callable[[Cell, np.random.Generator], Strokes | None] = written,
    pen: float = 0.6,
    colour: tuple[int, int, int] = BLUE,
    in_colour: bool = True,
) -> Picture:
    """A page with what is written into its boxes.

    Args:
        write: gives the strokes for a box, None to leave it empty.
        pen: its width in mm.
        colour: of its ink.
        in_colour: whether the printer has colours.
    """
    picture = printed(sheet, page, folder, in_colour=in_colour).astype(np.float32)
    strokes: Strokes = []
    for cell in sheet.cells(page):
        strokes += [SCALE * stroke for stroke in write(cell, rng) or []]
    if strokes:
        ink = render_strokes(strokes, pen_width=pen * SCALE, size=picture.shape[:2])
        share = ink[..., np.newaxis].astype(np.float32) / 255
        picture += share * np.minimum(np.array(colour, np.float32) - picture, 0)
    return np.asarray(np.rint(picture), np.uint8)


def photographed(
    picture: Picture,
    rng: np.random.Generator,
    *,
    quarters: int = 0,
    degrees: float = 0.0,
    tilt: float = 0.0,
    bend: float = 0.0,
    dpi: float = 150.0,
    shade: float = 0.3,
    cast: tuple[float, float, float] = (1.0, 1.0, 1.0),
    noise: float = 2.0,
    blur: float = 0.6,
    mirrored: bool = False,
) -> Picture:
    """A picture of the paper on a desk.

    Args:
        quarters, degrees: how the camera is turned.
        tilt: by which share the far edge looks shorter than the near one.
        bend: how many mm the middle of the sheet bulges sideways in the picture.
        dpi: pixels of the photograph an inch of the paper.
        shade: how much darker the darkest corner is lit.
        cast: what the light does to red, green and blue.
        noise: of the sensor, in levels.
        blur: of the lens, in pixels of the photograph.
    """
    scale = dpi / 25.4
    height, width = (side / SCALE for side in picture.shape[:2])  # in mm
    margin = 22.0
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]])
    inward = tilt * width / 2
    seen = frame + np.array([[inward, 0.25 * inward], [-inward, 0], [0, 0], [0, 0]])
    middle = np.array([width, height]) / 2
    turn = np.deg2rad(90 * quarters + degrees)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    seen = (seen - middle) @ rotation.T
    if mirrored:
        seen[:, 0] *= -1
    seen = (seen - seen.min(axis=0) + margin) * scale
    columns, rows = (int(np.ceil(side)) for side in seen.max(axis=0) + margin * scale)
    back = homography(seen, frame)
    assert back is not None
    at = np.stack(np.meshgrid(np.arange(columns) + 0.5, np.arange(rows) + 0.5), axis=-1)
    mapped = at @ back[:, :2].T + back[:, 2]
    x, y = mapped[..., 0] / mapped[..., 2], mapped[..., 1] / mapped[..., 2]
    y = y + bend * np.sin(np.pi * np.clip(x / width, 0, 1))
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    sharp = SCALE / scale / 2
    source = ndimage.gaussian_filter(picture, (sharp, sharp, 0)) if sharp > 0.5 else picture
    taken = np.empty((rows, columns, 3), np.float32)
    desk = np.array((92, 70, 52), np.float32)
    for channel in range(3):
        plane = ndimage.map_coordinates(
            source[..., channel], (y * SCALE - 0.5, x * SCALE - 0.5), np.float32, order=1,
            mode="nearest",
        )  # fmt: skip
        taken[..., channel] = np.where(inside, 0.95 * plane, desk[channel])
    heading = rng.uniform(0, 2 * np.pi)
    slope = (at[..., 0] / columns - 0.5) * np.cos(heading) + (at[..., 1] / rows - 0.5) * np.sin(
        heading
    )
    light = 1 - shade * (0.5 + slope / 1.5)
    taken *= light[..., np.newaxis] * np.array(cast, np.float32)
    blurred = Image.fromarray(np.clip(taken, 0, 255).astype(np.uint8)).filter(
        ImageFilter.GaussianBlur(blur)
    )
    grain = noise * rng.standard_normal((rows, columns, 1))
    return np.asarray(np.clip(np.asarray(blurred) + grain, 0, 255), np.uint8)


def size_of(sheet: SampleSheet) -> tuple[float, float]:
    """Width and height of its paper in mm."""
    return paper_size(sheet.paper)
