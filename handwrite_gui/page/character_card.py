"""The card of what is selected: its picture, what it was read as, and what else it could be."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.page.character_text import describe_selection
from handwrite_gui.page.confidence import Confidence, confidence_of
from handwrite_gui.page.elided_label import ElidedLabel
from handwrite_gui.page.hit_testing import Bounds
from handwrite_gui.page.legend import ConfidenceSample
from handwrite_gui.page.overlay import Overlay
from handwrite_gui.page.page_image import PageImage
from handwrite_gui.page.text_map import CharacterRange
from handwrite_gui.theme import theme
from handwrite_gui.widgets.prediction_bars import PredictionBars

CROP_SIZE = 112
HINT = "Select a character, on the page or in the text, to see what else it could be."


class CropView(QWidget):
    """A part of the page's image, with a little of what is around it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: PageImage | None = None
        self._bounds = Bounds(0, 0, 1, 1)
        self.setFixedSize(CROP_SIZE, CROP_SIZE)

    def show_part(self, image: PageImage, bounds: Bounds) -> None:
        self._image = image
        self._bounds = bounds.grown(0.15 * max(bounds.width, bounds.height, 4.0))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        outline = QPainterPath()
        radius = theme().tokens.radius_small
        outline.addRoundedRect(frame, radius, radius)
        painter.fillPath(outline, QColor(theme().tokens.surface_raised))
        painter.save()
        painter.setClipPath(outline)
        # A square window on the image, so that the character keeps its shape.
        side = max(self._bounds.width, self._bounds.height)
        x, y = self._bounds.centre
        wanted = QRectF(x - side / 2, y - side / 2, side, side)
        source = wanted.intersected(QRectF(0, 0, *self._image.size))
        scale = frame.width() / side
        target = QRectF(
            frame.x() + (source.x() - wanted.x()) * scale,
            frame.y() + (source.y() - wanted.y()) * scale,
            source.width() * scale,
            source.height() * scale,
        )
        self._image.draw(painter, target, source, scale * self.devicePixelRatioF())
        painter.restore()
        painter.setPen(QColor(theme().tokens.border))
        painter.drawPath(outline)


class CharacterCard(QFrame):
    """Shows what is selected on the page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAccessibleName("Selected characters")
        spacing = theme().tokens.spacing
        self._hint = QLabel(HINT)
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self._crop = CropView()
        self._label = ElidedLabel()
        self._label.setProperty("role", "title")
        self._sample = ConfidenceSample(Confidence.HIGH)
        self._detail = QLabel()
        self._detail.setProperty("role", "muted")
        self._bars = PredictionBars(row_height=24)

        head = QHBoxLayout()
        head.setSpacing(spacing)
        head.addWidget(self._label, 1)
        head.addWidget(self._sample)
        head.addWidget(self._detail)
        right = QVBoxLayout()
        right.setSpacing(spacing // 2)
        right.addLayout(head)
        right.addWidget(self._bars)
        right.addStretch(1)
        self._body = QWidget()
        row = QHBoxLayout(self._body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * spacing)
        row.addWidget(self._crop, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(4 * [int(1.5 * spacing)]))
        layout.addWidget(self._hint)
        layout.addWidget(self._body)
        # The height of the filled card, empty or not: the text above must not jump.
        self._hint.hide()
        self.setFixedHeight(layout.totalSizeHint().height())
        self.show_selection(None, None, None)
        theme().changed.connect(self.update)

    @property
    def predictions(self) -> tuple[Prediction, ...]:
        """The alternatives that are shown."""
        return self._bars.predictions

    def show_selection(
        self,
        image: PageImage | None,
        overlay: Overlay | None,
        selection: CharacterRange | None,
    ) -> None:
        """Show the selected characters, or the hint where nothing is selected."""
        shown = image is not None and overlay is not None and selection is not None
        self._hint.setVisible(not shown)
        self._body.setVisible(shown)
        self.setAccessibleDescription("")
        if image is None or overlay is None or selection is None:
            return
        self.setAccessibleDescription(describe_selection(overlay.text, selection))
        self._crop.show_part(image, overlay.bounds(selection))
        members = overlay.text.characters[selection.first : selection.last + 1]
        single = len(members) == 1
        least = min(character.probability for character in members)
        self._label.set_full_text(overlay.text.text_of(selection).replace("\n", " "))
        self._sample.show_confidence(confidence_of(least))
        sure = confidence_of(least).value
        self._detail.setText(sure if single else f"{len(members)} characters")
        self._bars.show_predictions(members[0].alternatives if single else (), members[0].label)
