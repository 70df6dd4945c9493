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

from handwrite_gui.engine.page.result import Quad
from handwrite_gui.page.confidence import Confidence, confidence_of
from handwrite_gui.page.hit_testing import Bounds, HitMap, union
from handwrite_gui.page.label_layout import Chip, ChipMetrics, lay_out_chips
from handwrite_gui.page.oriented import WordBox
from handwrite_gui.page.shown_page import Decided, ShownPage
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


CORNER = 8.0
"""Side of the mark in the corner of a character that not its shape alone decided about."""

Look = Confidence | Decided
"""What an outline looks like follows from: the confidence, or that the person decided."""


@dataclass(frozen=True, slots=True)
class OverlayStyle:
    """Colours of the overlay."""

    confidence: dict[Confidence, QColor]
    decided: dict[Decided, QColor]
    line: QColor
    on_line: QColor
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
            decided_colours(tokens),
            QColor(tokens.series[4]),
            QColor(tokens.surface),
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


def decided_colours(tokens: Tokens) -> dict[Decided, QColor]:
    """The theme's colour of what the surroundings, and what the person, decided about."""
    return {
        Decided.BY_CONTEXT: QColor(tokens.series[3]),
        Decided.BY_PERSON: QColor(tokens.success),
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
    """The characters of one reading, ready to be drawn at any zoom and to be hit.

    Args:
        shown: the characters.
        same_places: another overlay of the same reading, with other labels; what follows from
            the places is taken from it.
    """

    def __init__(self, shown: ShownPage, same_places: Overlay | None = None) -> None:
        self.shown = shown
        self.text = TextMap.of(shown.result)
        if same_places is None:
            self.hits = HitMap.of([character.quad for character in self.text.characters])
            quads = self.hits.quads
            self.boxes = tuple(
                WordBox.around(quads[word.first : word.last + 1]) for word in self.text.words
            )
            self._sides = [_sides(quad) for quad in quads]
        else:
            self.hits, self.boxes = same_places.hits, same_places.boxes
            self._sides = same_places._sides
        self._looks: list[Look] = [
            decided if decided is Decided.BY_PERSON else confidence_of(character.probability)
            for decided, character in zip(shown.decided, self.text.characters, strict=True)
        ]
        heights = [box.height for box in self.boxes]
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
        inside = self._inside(viewport, exposed)
        shown: dict[Look, list[QLineF]] = {}
        for index in inside:
            shown.setdefault(self._looks[index], []).extend(self._sides[index])
        painter.save()
        painter.setTransform(_transform(viewport), combine=True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not is_tiny)
        # Single lines: a path of all the boxes is drawn some thirty times as slowly.
        if not is_tiny:
            for look, sides in shown.items():
                painter.setPen(QPen(style.halo, (_width(look) + HALO) * unit))
                painter.drawLines(sides)
        for look, sides in shown.items():
            # A pen of no width draws the thinnest line there is.
            thickness = 0 if is_tiny else unit
            painter.setPen(_outline_pen(look, style, thickness))
            painter.drawLines(sides)
        if not is_tiny:
            self._paint_corners(painter, inside, style, CORNER * unit)
        painter.restore()

    def _inside(self, viewport: Viewport, exposed: Bounds) -> list[int]:
        """The characters in a part of the view."""
        left, top = viewport.to_image((exposed.left, exposed.top))
        right, bottom = viewport.to_image((exposed.right, exposed.bottom))
        part = Bounds(left, top, right, bottom).grown(REACH / viewport.scale)
        return [i for i, bounds in enumerate(self.hits.bounds) if bounds.overlaps(part)]

    def _paint_corners(
        self, painter: QPainter, inside: list[int], style: OverlayStyle, side: float
    ) -> None:
        """Fill the upper right corner of what not the shape alone decided about."""
        painter.setPen(Qt.PenStyle.NoPen)
        for index in inside:
            decided = self.shown.decided[index]
            if decided is not Decided.BY_SHAPE:
                left, corner, below, _ = (QPointF(x, y) for x, y in self.hits.quads[index])
                painter.setBrush(style.decided[decided])
                painter.drawConvexPolygon(
                    QPolygonF([_towards(corner, left, side), corner, _towards(corner, below, side)])
                )

    def paint_lines(
        self, painter: QPainter, viewport: Viewport, style: OverlayStyle, font: QFont
    ) -> None:
        """Draw what each line of writing stands on, word by word, and its number before it."""
        if not self.boxes:
            return
        font = QFont(font)
        font.setPixelSize(11)
        font.setWeight(QFont.Weight.DemiBold)
        painter.save()
        painter.setFont(font)
        before: tuple[int, QPointF] | None = None
        for word, box in zip(self.text.words, self.boxes, strict=True):
            start, end = (QPointF(*viewport.to_view(point)) for point in box.baseline)
            line = self.text.line_of[word.first]
            painter.setPen(QPen(style.halo, 2.4 + HALO, c=Qt.PenCapStyle.FlatCap))
            painter.drawLine(start, end)
            painter.setPen(QPen(style.line, 2.4, c=Qt.PenCapStyle.FlatCap))
            painter.drawLine(start, end)
            if before is not None and before[0] == line:
                painter.setPen(QPen(style.line, 1.6, Qt.PenStyle.DotLine))
                painter.drawLine(before[1], start)
            else:
                self._paint_number(painter, style, f"{line + 1}", start, box.along)
            before = line, end
        painter.restore()

    def _paint_number(
        self,
        painter: QPainter,
        style: OverlayStyle,
        number: str,
        start: QPointF,
        along: tuple[float, float],
    ) -> None:
        """Draw the number of a line in a disc before its beginning."""
        radius = max(8.0, QFontMetricsF(painter.font()).horizontalAdvance(number) / 2 + 4)
        centre = start - QPointF(*along) * (radius + 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.line)
        painter.drawEllipse(centre, radius, radius)
        painter.setPen(style.on_line)
        around = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
        painter.drawText(around, Qt.AlignmentFlag.AlignCenter, number)

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
        italic = QFont(font)
        italic.setItalic(True)
        for chip in self._laid_out(viewport, font):
            if not chip.reach.overlaps(exposed):
                continue
            marked = selection is not None and chip.characters.first in selection
            decided = self._decided(chip.characters)
            x, y = chip.bounds.centre
            width, height = chip.bounds.width - 1, chip.bounds.height - 1
            painter.save()
            painter.translate(x, y)
            painter.rotate(chip.degrees)
            rectangle = QRectF(-width / 2, -height / 2, width, height)
            border = style.decided.get(decided, style.confidence[chip.confidence])
            painter.setPen(QPen(style.accent if marked else border, 1))
            painter.setBrush(background)
            painter.drawRoundedRect(rectangle, 3, 3)
            painter.setPen(style.decided.get(decided, style.chip_text))
            painter.setFont(italic if decided is Decided.BY_CONTEXT else font)
            painter.drawText(rectangle, Qt.AlignmentFlag.AlignCenter, chip.text)
            painter.restore()
        painter.restore()

    def _decided(self, characters: CharacterRange) -> Decided:
        """What decided about one character; a word's label does not tell."""
        if len(characters) > 1:
            return Decided.BY_SHAPE
        return self.shown.decided[characters.first]

    def _chip_font_size(self, viewport: Viewport) -> int:
        return round(min(18.0, max(11.0, 0.2 * self._typical_height * viewport.scale)))

    def _laid_out(self, viewport: Viewport, font: QFont) -> tuple[Chip, ...]:
        key = (viewport, font.key())
        if key != self._chips_key:
            metrics = QFontMetricsF(font)
            measures = ChipMetrics(metrics.horizontalAdvance, metrics.height(), 3.0)
            self._chips = lay_out_chips(self.text, self.hits.quads, self.boxes, viewport, measures)
            self._chips_key = key
        return self._chips


def paint_sample(painter: QPainter, frame: QRectF, look: Look, style: OverlayStyle) -> None:
    """Draw a box as a character of that look has it, for the legend."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if look is Decided.BY_CONTEXT:
        painter.setPen(confidence_pen(Confidence.HIGH, style.confidence[Confidence.HIGH]))
    else:
        painter.setPen(_outline_pen(look, style, 1.0))
    painter.drawRect(frame)
    if isinstance(look, Decided):
        corner = frame.topRight()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.decided[look])
        left, below = corner - QPointF(CORNER, 0), corner + QPointF(0, CORNER)
        painter.drawConvexPolygon(QPolygonF([left, corner, below]))


def _width(look: Look) -> float:
    return WIDTHS[look] if isinstance(look, Confidence) else WIDTHS[Confidence.MEDIUM]


def _outline_pen(look: Look, style: OverlayStyle, unit: float) -> QPen:
    if isinstance(look, Confidence):
        return confidence_pen(look, style.confidence[look], unit)
    pen = QPen(style.decided[look], _width(look) * unit)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen


def _towards(corner: QPointF, other: QPointF, length: float) -> QPointF:
    """A point on a side, at most half of it away from the corner."""
    whole = QLineF(corner, other)
    return whole.pointAt(min(0.5, length / whole.length()) if whole.length() else 0.0)


def _sides(quad: Quad) -> list[QLineF]:
    corners = [QPointF(x, y) for x, y in quad]
    return [
        QLineF(one, other) for one, other in zip(corners, corners[1:] + corners[:1], strict=True)
    ]


def _transform(viewport: Viewport) -> QTransform:
    return QTransform(viewport.scale, 0, 0, viewport.scale, viewport.x, viewport.y)
