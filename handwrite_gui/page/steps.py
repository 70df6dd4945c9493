"""The steps of a reading as pictures and drawings over the page: people see why it failed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform

from handwrite_gui.engine.errors import Cancelled
from handwrite_gui.engine.page.result import Point
from handwrite_gui.page.framing import Framing
from handwrite_gui.page.page_image import PageImage, ScreenImage
from handwrite_gui.page.reading import ReadingOptions, framed_pixels
from handwrite_gui.page.viewport import Viewport
from handwrite_gui.theme.tokens import LIGHT

if TYPE_CHECKING:
    from handwrite_gui.engine.page.inspection import PageSteps
    from handwrite_gui.engine.recognizer import Recognizer


class StepName(Enum):
    """What can be shown of a page, in the order in which the reader gets there."""

    PHOTOGRAPH = "Photo"
    GREY = "Grey"
    INK = "Ink"
    LINES = "Lines"
    CUTS = "Cuts"


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What one step of the reading made of the page.

    Attributes:
        picture: shown in the photograph's place.
        outlines: drawn over it, in pixels of the page's image.
    """

    picture: ScreenImage
    outlines: tuple[QPolygonF, ...] = ()

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw the outlines over the image as it lies in the view."""
        painter.save()
        painter.setTransform(
            QTransform(viewport.scale, 0, 0, viewport.scale, viewport.x, viewport.y), combine=True
        )
        # The ink is shown on white in a dark window too.
        pen = QPen(QColor(LIGHT.series[1]), 1.5)
        pen.setCosmetic(True)
        painter.setPen(pen)
        for outline in self.outlines:
            painter.drawPolygon(outline)
        painter.restore()


Steps = dict[StepName, Step]


def find_steps(
    image: PageImage,
    framing: Framing,
    recognizer: Recognizer,
    options: ReadingOptions,
    *,
    on_progress: Callable[[float, str], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Steps:
    """Read a page as far as the characters' parts, and make pictures of what was found.

    Args:
        image: turned as ``framing`` says.

    Raises:
        Cancelled: ``should_stop`` became true.
    """
    found: list[PageSteps] = []
    try:
        recognizer.read_page(
            framed_pixels(image, framing.region),
            language=options.language,
            field=options.field,
            on_progress=on_progress,
            # What comes after, the characters, has been read before.
            should_stop=lambda: bool(found) or (should_stop is not None and should_stop()),
            on_steps=found.append,
        )
    except Cancelled:
        if not found:
            raise
    return _pictures(found[0], (0, 0) if framing.region is None else framing.region[:2])


def _pictures(steps: PageSteps, origin: Point) -> Steps:
    height, width = steps.grey.shape
    size = (width * steps.reduction, height * steps.reduction)
    grey = ScreenImage.of(steps.grey, size, origin)
    # Dark on light, as on the page.
    ink = ScreenImage.of(np.subtract(255, steps.ink, dtype=np.uint8), size, origin)
    return {
        StepName.GREY: Step(grey),
        StepName.INK: Step(ink),
        StepName.LINES: Step(ink, _outlines(steps.lines, origin)),
        StepName.CUTS: Step(ink, _outlines((q for own in steps.pieces for q in own), origin)),
    }


def _outlines(shapes: Iterable[Iterable[Point]], origin: Point) -> tuple[QPolygonF, ...]:
    left, top = origin
    return tuple(QPolygonF([QPointF(x + left, y + top) for x, y in shape]) for shape in shapes)
