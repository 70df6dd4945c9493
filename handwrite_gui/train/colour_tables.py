"""Colour tables of 256 entries that turn the workers' grey levels into themed pictures.

The workers send levels, the widgets attach a table: a change of theme costs no array work.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QColor, QImage

from handwrite_gui.theme import theme
from handwrite_gui.train.confusion_summary import RIGHT_LEVELS, WRONG_LEVELS
from handwrite_gui.train.weight_tiles import ZERO_LEVEL

# Blue and orange stay apart for every common kind of colour blindness.
_NEGATIVE_LIGHT, _POSITIVE_LIGHT = QColor("#1f5fb4"), QColor("#c2540a")
_NEGATIVE_DARK, _POSITIVE_DARK = QColor("#6db3ff"), QColor("#ff9d5c")


def mixed(start: QColor, end: QColor, share: float) -> QColor:
    """The colour ``share`` (0 to 1) of the way from ``start`` to ``end``."""
    return QColor.fromRgbF(
        start.redF() + share * (end.redF() - start.redF()),
        start.greenF() + share * (end.greenF() - start.greenF()),
        start.blueF() + share * (end.blueF() - start.blueF()),
    )


def diverging_table() -> list[int]:
    """Weights: zero is the ground of the plots, both signs grow out of it alike."""
    return list(_diverging_table(theme().tokens.plot_background, theme().is_dark))


@lru_cache(maxsize=4)
def _diverging_table(ground_name: str, dark: bool) -> tuple[int, ...]:
    ground = QColor(ground_name)
    negative = _NEGATIVE_DARK if dark else _NEGATIVE_LIGHT
    positive = _POSITIVE_DARK if dark else _POSITIVE_LIGHT
    return tuple(
        mixed(
            ground,
            positive if level > ZERO_LEVEL else negative,
            min(1.0, abs(level - ZERO_LEVEL) / (255 - ZERO_LEVEL)),
        ).rgb()
        for level in range(256)
    )


def confusion_table() -> list[int]:
    """Cells: right answers in the accent, mistakes in the colour of danger."""
    tokens = theme().tokens
    return list(_confusion_table(tokens.plot_background, tokens.accent, tokens.danger))


@lru_cache(maxsize=4)
def _confusion_table(ground: str, right: str, wrong: str) -> tuple[int, ...]:
    return tuple(
        mixed(QColor(ground), QColor(colour), position / (len(levels) - 1)).rgb()
        for levels, colour in ((RIGHT_LEVELS, right), (WRONG_LEVELS, wrong))
        for position in range(len(levels))
    )


def ink_table() -> list[int]:
    """Characters: ink in the colour of text on the ground of the plots."""
    tokens = theme().tokens
    ground, ink = QColor(tokens.plot_background), QColor(tokens.text)
    return [mixed(ground, ink, level / 255).rgb() for level in range(256)]


def level_image(levels: memoryview | bytes, width: int, height: int) -> QImage:
    """A picture of ``height`` rows of ``width`` levels; it copies, so the buffer may go.

    The caller attaches a table with ``setColorTable`` and again whenever the theme changes.
    """
    return QImage(levels, width, height, width, QImage.Format.Format_Indexed8).copy()
