"""Headed parts of the settings column."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from handwrite_gui.icons import icon
from handwrite_gui.theme import theme
from handwrite_gui.train.controls import heading_label

_LABEL_WIDTH = 108
_SMALLEST_FIELD = 80


def form_layout() -> QFormLayout:
    """Labels at the left, fields that take the rest of the width."""
    spacing = theme().tokens.spacing
    form = QFormLayout()
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(spacing)
    form.setVerticalSpacing(spacing)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return form


def add_field(form: QFormLayout, text: str, field: QWidget) -> None:
    """A labelled row; the label is the field's accessible name and puts the focus into it."""
    label = QLabel(text)
    label.setBuddy(field)
    label.setMinimumWidth(_LABEL_WIDTH)
    # As tall as its field, so that their texts stand on one line.
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.MinimumExpanding)
    field.setAccessibleName(text.replace("&", ""))
    # The widest choice or number must not decide how wide the column is.
    field.setMinimumWidth(_SMALLEST_FIELD)
    field.setSizePolicy(QSizePolicy.Policy.Expanding, field.sizePolicy().verticalPolicy())
    form.addRow(label, field)


class Section(QWidget):
    """A heading with content below, which a foldable section can hide."""

    def __init__(
        self, title: str, *, foldable: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._content = QWidget()
        self.column = QVBoxLayout(self._content)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme().tokens.spacing)
        self.toggle: QToolButton | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme().tokens.spacing)
        if foldable:
            self.toggle = QToolButton()
            self.toggle.setText(title)
            self.toggle.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.toggle.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            self.toggle.clicked.connect(lambda: self.set_open(not self.is_open))
            layout.addWidget(self.toggle)
            self.set_open(False)
        else:
            layout.addWidget(heading_label(title))
        layout.addWidget(self._content)

    @property
    def is_open(self) -> bool:
        return not self._content.isHidden()

    def set_open(self, is_open: bool) -> None:
        """Show or hide what is below a foldable heading."""
        if self.toggle is not None:
            self.toggle.setAccessibleDescription("shown" if is_open else "hidden")
            self.toggle.setIcon(icon("chevron-down" if is_open else "chevron-right"))
            self._content.setVisible(is_open)
