"""Choosing what is known of the writing: the language around it, and the kind of field."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from handwrite_gui.engine.text.fields import Field
from handwrite_gui.engine.text.language_model import LANGUAGES
from handwrite_gui.page.reading import ReadingOptions
from handwrite_gui.theme import theme

LANGUAGE_CHOICES: tuple[tuple[str, str | None], ...] = (
    *((name, code) for code, name in LANGUAGES.items()),
    ("No language", None),
)

FIELDS: tuple[tuple[str, Field], ...] = (
    ("Any text", "any"),
    ("Digits only", "digits"),
    ("Letters only", "letters"),
)


class ReadingChoices(QWidget):
    """Shows and sets the options that pages are read with.

    Signals:
        chosen(ReadingOptions): the person chose others.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = _chooser(
            FIELDS,
            "Kind of text",
            "A field of digits or of letters only: 0 and O, 1 and I are then never confused.",
        )
        self.language = _chooser(
            LANGUAGE_CHOICES,
            "Language",
            "Which language decides between characters of the same shape; none for names and "
            "codes, which are then read letter by letter.",
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme().tokens.spacing)
        for chooser in (self.field, self.language):
            chooser.activated.connect(self._choose)
            layout.addWidget(chooser)

    def show_options(self, options: ReadingOptions) -> None:
        """Show what is in use; emits nothing."""
        self.field.setCurrentIndex(self.field.findData(options.field))
        self.language.setCurrentIndex(self.language.findData(options.language))

    def _choose(self) -> None:
        self.chosen.emit(ReadingOptions(self.language.currentData(), self.field.currentData()))


def known_options(language: str | None, field: str) -> ReadingOptions:
    """Options from what was saved; those of which nothing is known are as they are at first."""
    first = ReadingOptions()
    return ReadingOptions(
        language if language in [code for _, code in LANGUAGE_CHOICES] else first.language,
        next((kind for _, kind in FIELDS if kind == field), first.field),
    )


def _chooser(items: Sequence[tuple[str, str | None]], name: str, tip: str) -> QComboBox:
    chooser = QComboBox()
    for title, value in items:
        chooser.addItem(title, value)
    chooser.setAccessibleName(name)
    chooser.setToolTip(tip)
    return chooser
