"""What is drawn over the image of a page: outlines and labels of its characters."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPen,
    QPolygonF,
    QTransform,
)

from handwrite_gui.engine.page.result import PageResult, Quad
from handwrite_gui.page.confidence import Confidence, confidence_of
from handwrite_gui.page.hit_testing import Bounds, HitMap, union
from handwrite_gui.page.label_layout import Chip, ChipMetrics, lay_out_chips
from handwrite_gui.page.text_map import CharacterRange, TextMap
from handwrite_gui.page.viewport import Viewport
from handwrite_gui.theme import Tokens

DASHES: dict[Confidence, tuple[float, ...]] = {
    Confidence.HIGH: (),
    Confidence.MEDIUM: (4.0, 2.5),
    Confidence.LOW: (1.0, 1.6),
}
"""The outline's dash pattern, in pen widths: confidence is seen without telling colours apart."""

WIDTHS = {Confidence.HIGH: 1.4, Confidence.MEDIUM: 1.8, Confidence.LOW: 2.4}
"""The outline's width in view pixels."""

HALO = 2.0
"""How much wider than an outline its contrasting backing is, in view pixels."""

FULL_WIDTH_FROM = 32.0
"""Height of a character in the view, in pixels, from which outlines have their full width."""

TINY_BELOW = 12.0
"""Height of a character in the view, in pixels, below which outlines are as thin as can be."""

REACH = 8.0
"""How far anything that is drawn of a character, but its label, reaches beyond it, in pixels."""


@dataclass(frozen=True, slots=True)
class OverlayStyle:
    """Colours of the overlay."""

    confidence: dict[Confidence, QColor]
    halo: QColor
    accent: QColor
    chip: QColor
    chip_text: QColor

    @classmethod
    def of(cls, tokens: Tokens) -> OverlayStyle:
        """The style that belongs to a theme."""
        # Paper keeps its colour in a dark window, so every outline stands on a backing of the
        # opposite lightness: bright outlines are seen on white paper, dark ones on a slate.
        halo = QColor(Qt.GlobalColor.white)
        if QColor(tokens.confidence_high).lightnessF() > 0.55:
            halo = QColor(Qt.GlobalColor.black)
        halo.setAlphaF(0.45)
        return cls(
            confidence_colours(tokens),
            halo,
            QColor(tokens.accent),
            QColor(tokens.surface_raised),
            QColor(tokens.text),
        )


def confidence_colours(tokens: Tokens) -> dict[Confidence, QColor]:
    """The theme's colour of each step of confidence."""
    return {
        Confidence.LOW: QColor(tokens.confidence_low),
        Confidence.MEDIUM: QColor(tokens.confidence_medium),
        Confidence.HIGH: QColor(tokens.confidence_high),
    }


def confidence_pen(confidence: Confidence, colour: QColor, unit: float = 1.0) -> QPen:
    """The outline of a step of confidence; ``unit`` is a view pixel in the painter's units."""
    pen = QPen(colour, WIDTHS[confidence] * unit)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    if DASHES[confidence]:
        # A square cap, which closes the corners of boxes, would close the gaps too.
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern(DASHES[confidence])
    return pen


class Overlay:
    """The characters of one reading, ready to be drawn at any zoom and to be hit."""

    def __init__(self, result: PageResult) -> None:
        self.text = TextMap.of(result)
        self.hits = HitMap.of([character.quad for character in self.text.characters])
        self._sides = [_sides(quad) for quad in self.hits.quads]
        self._confidences = [confidence_of(c.probability) for c in self.text.characters]
        heights = [bounds.height for bounds in self.hits.bounds]
        self._typical_height = median(heights) if heights else 0.0
        self._chips: tuple[Chip, ...] = ()
        self._chips_key: tuple[Viewport, str] | None = None

    def bounds(self, characters: CharacterRange) -> Bounds:
        """The part of the image that holds a range of characters."""
        return union(self.hits.bounds[characters.first : characters.last + 1])

    def paint_outlines(
        self, painter: QPainter, viewport: Viewport, style: OverlayStyle, exposed: Bounds
    ) -> None:
        """Draw the outlines of the characters in the part ``exposed`` of the view."""
        on_screen = self._typical_height * viewport.scale
        is_tiny = on_screen < TINY_BELOW
        unit = min(1.0, max(0.5, on_screen / FULL_WIDTH_FROM)) / viewport.scale
        shown = self._shown(viewport, exposed)
        painter.save()
        painter.setTransform(_transform(viewport), combine=True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not is_tiny)
        # Single lines: a path of all the boxes is drawn some thirty times as slowly.
        if not is_tiny:
            for confidence, sides in shown.items():
                painter.setPen(QPen(style.halo, (WIDTHS[confidence] + HALO) * unit))
                painter.drawLines(sides)
        for confidence, sides in shown.items():
            # A pen of no width draws the thinnest line there is.
            thickness = 0 if is_tiny else unit
            painter.setPen(confidence_pen(confidence, style.confidence[confidence], thickness))
            painter.drawLines(sides)
        painter.restore()

    def _shown(self, viewport: Viewport, exposed: Bounds) -> dict[Confidence, list[QLineF]]:
        """The sides of the boxes in a part of the view."""
        left, top = viewport.to_image((exposed.left, exposed.top))
        right, bottom = viewport.to_image((exposed.right, exposed.bottom))
        part = Bounds(left, top, right, bottom).grown(REACH / viewport.scale)
        shown: dict[Confidence, list[QLineF]] = {confidence: [] for confidence in Confidence}
        for bounds, sides, confidence in zip(
            self.hits.bounds, self._sides, self._confidences, strict=True
        ):
            if bounds.overlaps(part):
                shown[confidence] += sides
        return shown

    def paint_marked(
        self,
        painter: QPainter,
        viewport: Viewport,
        style: OverlayStyle,
        selection: CharacterRange | None,
        hovered: int | None,
    ) -> None:
        """Draw the selected characters and the one under the pointer, boxes shown or not.

        The frames are so wide that an outline drawn over them leaves them to be seen.
        """
        painter.save()
        painter.setTransform(_transform(viewport), combine=True)
        unit = 1 / viewport.scale
        fill = QColor(style.accent)
        if hovered is not None and (selection is None or hovered not in selection):
            fill.setAlphaF(0.12)
            self._paint_filled(painter, hovered, QPen(style.accent, 4 * unit), fill)
        if selection is not None:
            fill.setAlphaF(0.18)
            for index in range(selection.first, selection.last + 1):
                self._paint_filled(painter, index, QPen(style.accent, 7 * unit), fill)
        painter.restore()

    def _paint_filled(self, painter: QPainter, index: int, pen: QPen, fill: QColor) -> None:
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.setBrush(fill)
        painter.drawConvexPolygon(QPolygonF([QPointF(x, y) for x, y in self.hits.quads[index]]))

    def paint_chips(
        self,
        painter: QPainter,
        viewport: Viewport,
        style: OverlayStyle,
        font: QFont,
        selection: CharacterRange | None,
        exposed: Bounds,
    ) -> None:
        """Draw the labels in a part of the view.

        Each stands on a chip of its own, so that it is legible over any image.
        """
        font = QFont(font)
        font.setPixelSize(self._chip_font_size(viewport))
        font.setWeight(QFont.Weight.DemiBold)
        painter.save()
        painter.setFont(font)
        background = QColor(style.chip)
        background.setAlphaF(0.92)
        for chip in self._laid_out(viewport, font):
            if not chip.bounds.overlaps(exposed):
                continue
            marked = selection is not None and chip.characters.first in selection
            rectangle = QRectF(
                chip.bounds.left, chip.bounds.top, chip.bounds.width, chip.bounds.height
            ).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.setPen(QPen(style.accent if marked else style.confidence[chip.confidence], 1))
            painter.setBrush(background)
            painter.drawRoundedRect(rectangle, 3, 3)
            painter.setPen(style.chip_text)
            painter.drawText(rectangle, Qt.AlignmentFlag.AlignCenter, chip.text)
        painter.restore()

    def _chip_font_size(self, viewport: Viewport) -> int:
        return round(min(18.0, max(11.0, 0.2 * self._typical_height * viewport.scale)))

    def _laid_out(self, viewport: Viewport, font: QFont) -> tuple[Chip, ...]:
        key = (viewport, font.key())
        if key != self._chips_key:
            metrics = QFontMetricsF(font)
            measures = ChipMetrics(metrics.horizontalAdvance, metrics.height(), 3.0)
            self._chips = lay_out_chips(self.text, self.hits, viewport, measures)
            self._chips_key = key
        return self._chips


def _sides(quad: Quad) -> list[QLineF]:
    corners = [QPointF(x, y) for x, y in quad]
    return [
        QLineF(one, other) for one, other in zip(corners, corners[1:] + corners[:1], strict=True)
    ]


def _transform(viewport: Viewport) -> QTransform:
    return QTransform(viewport.scale, 0, 0, viewport.scale, viewport.x, viewport.y)
