"""The steps of a reading as pictures and drawings over the page: people see why it failed."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform

from handwrite_gui.page.page_image import ScreenImage
from handwrite_gui.page.viewport import Viewport
from handwrite_gui.theme import theme


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What one step of the reading made of the page.

    Attributes:
        name: of the step, fit to be shown.
        picture: shown in the photograph's place; None to leave it.
        paths: drawn over it, in pixels of the page's image; closed where the last point is the
            first.
    """

    name: str
    picture: ScreenImage | None
    paths: tuple[QPolygonF, ...]

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw the paths over the image as it lies in the view."""
        painter.save()
        painter.setTransform(
            QTransform(viewport.scale, 0, 0, viewport.scale, viewport.x, viewport.y), combine=True
        )
        pen = QPen(QColor(theme().tokens.series[1]), 1.5)
        pen.setCosmetic(True)
        painter.setPen(pen)
        for path in self.paths:
            painter.drawPolyline(path)
        painter.restore()
