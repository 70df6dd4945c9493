"""The card of what is selected: its picture, what it was read as, and what else it could be."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.icons import icon
from handwrite_gui.page.character_text import describe_selection, origin, sureness
from handwrite_gui.page.confidence import Confidence, confidence_of
from handwrite_gui.page.hit_testing import Bounds
from handwrite_gui.page.legend import LookSample
from handwrite_gui.page.oriented import degrees, direction
from handwrite_gui.page.overlay import Overlay
from handwrite_gui.page.page_image import PageImage
from handwrite_gui.page.shown_page import Decided
from handwrite_gui.page.text_map import CharacterRange
from handwrite_gui.theme import theme
from handwrite_gui.widgets.elided_label import ElidedLabel
from handwrite_gui.widgets.prediction_bars import PredictionBars

CROP_SIZE = 112
LONGEST_LABEL = 8
HINT = (
    "Select a character, on the page or in the text, to see what else it could be. "
    "Type another to correct it."
)


class CropView(QWidget):
    """A part of the page's image, upright, with a little of what is around it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: PageImage | None = None
        self._bounds = Bounds(0, 0, 1, 1)
        self._degrees = 0.0
        self.setFixedSize(CROP_SIZE, CROP_SIZE)

    def show_part(self, image: PageImage, bounds: Bounds, degrees: float = 0.0) -> None:
        """Show a part of an image.

        Args:
            degrees: by how much its writing is turned, clockwise; it is shown level.
        """
        self._image = image
        self._bounds = bounds.grown(0.15 * max(bounds.width, bounds.height, 4.0))
        self._degrees = degrees
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
        # A square window on the image, so that the character keeps its shape; what is drawn is
        # larger by so much that its corners stay filled when it is turned.
        side = max(self._bounds.width, self._bounds.height)
        scale = frame.width() / side
        x, y = self._bounds.centre
        reach = side * 0.75
        wanted = QRectF(x - reach, y - reach, 2 * reach, 2 * reach)
        source = wanted.intersected(QRectF(0, 0, *self._image.size))
        painter.translate(frame.center())
        painter.rotate(-self._degrees)
        painter.scale(scale, scale)
        painter.translate(-x, -y)
        self._image.screen.draw(painter, source, source, scale * self.devicePixelRatioF())
        painter.restore()
        painter.setPen(QColor(theme().tokens.border))
        painter.drawPath(outline)


class LabelField(QLineEdit):
    """Takes the label that a character is corrected to.

    Signals:
        left(): Escape was pressed; what was typed is dropped.
    """

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxLength(LONGEST_LABEL)
        self.setPlaceholderText("Label")
        self.setAccessibleName("Correct the character to")
        self.setToolTip("What the character is; Enter takes it (F2)")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.left.emit()
        else:
            super().keyPressEvent(event)


class CharacterCard(QFrame):
    """Shows what is selected on the page, and lets a character be corrected.

    Signals:
        corrected(str): the person gave the selected character another label.
        withdrawn(): the person wants back what was read.
    """

    corrected = Signal(str)
    withdrawn = Signal()

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
        self._sample = LookSample(Confidence.HIGH)
        self._detail = QLabel()
        self._detail.setProperty("role", "muted")
        self._origin = ElidedLabel()
        self._origin.setProperty("role", "muted")
        self._bars = PredictionBars(row_height=22)
        self.label_field = LabelField()
        self.label_field.returnPressed.connect(self._correct)
        self.withdraw_button = QToolButton()
        self.withdraw_button.setIcon(icon("undo"))
        self.withdraw_button.setAccessibleName("Take the correction back")
        self.withdraw_button.setToolTip(
            "Take the correction back, to what was read (Ctrl+Backspace)"
        )
        self.withdraw_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.withdraw_button.clicked.connect(self.withdrawn)

        head = QHBoxLayout()
        head.setSpacing(spacing)
        head.addWidget(self._label, 1)
        head.addWidget(self._sample)
        head.addWidget(self._detail)
        right = QVBoxLayout()
        right.setSpacing(spacing // 2)
        right.addLayout(head)
        right.addWidget(self._origin)
        right.addWidget(self._bars)
        right.addStretch(1)
        self._body = QWidget()
        row = QHBoxLayout(self._body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * spacing)
        correcting = QHBoxLayout()
        correcting.setSpacing(0)
        correcting.addWidget(self.label_field, 1)
        correcting.addWidget(self.withdraw_button)
        left = QVBoxLayout()
        left.setSpacing(spacing)
        left.addWidget(self._crop)
        left.addLayout(correcting)
        left.addStretch(1)
        self.label_field.setFixedWidth(CROP_SIZE - self.withdraw_button.sizeHint().width())
        row.addLayout(left)
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
        filled = image is not None and overlay is not None and selection is not None
        self._hint.setVisible(not filled)
        self._body.setVisible(filled)
        self.setAccessibleDescription("")
        if image is None or overlay is None or selection is None:
            return
        text, shown = overlay.text, overlay.shown
        self.setAccessibleDescription(describe_selection(shown, text, selection))
        members = text.characters[selection.first : selection.last + 1]
        single = len(members) == 1
        quads = overlay.hits.quads
        along = direction(quads[selection.first], quads[selection.last])
        self._crop.show_part(image, overlay.bounds(selection), degrees(along))
        least = min(character.probability for character in members)
        self._label.set_full_text(text.text_of(selection).replace("\n", " "))
        is_corrected = single and shown.decided[selection.first] is Decided.BY_PERSON
        self._sample.show_look(Decided.BY_PERSON if is_corrected else confidence_of(least))
        sure = sureness(shown, selection.first)
        self._detail.setText(sure if single else f"{len(members)} characters")
        self._origin.set_full_text(origin(shown, selection.first) if single else "")
        self._bars.show_predictions(members[0].alternatives if single else (), members[0].label)
        self.label_field.clear()
        self.label_field.setEnabled(single)
        self.withdraw_button.setEnabled(is_corrected)

    def _correct(self) -> None:
        label = self.label_field.text().strip()
        if label:
            self.corrected.emit(label)
