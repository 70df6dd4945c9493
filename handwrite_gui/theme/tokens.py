"""The design's values: every colour and length that the program's look is made of.

The idea is ink on paper: warm neutral papers, one blue ink as the accent, and warning colours
only where something is wrong.  Text colours reach a contrast of 4.5 : 1 on every surface they
are used on, control borders and focus rings 3 : 1 (WCAG 2.2, criteria 1.4.3 and 1.4.11).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme's values; colours are ``#rrggbb``, lengths device-independent pixels.

    Attributes:
        window: behind everything.
        surface: cards, text fields, the drawing paper.
        surface_raised: hovered rows, pressed buttons, the head of a card.
        border: quiet separators and card outlines.
        border_strong: outlines of controls, which must be seen to be used.
        text, text_muted: text on any of the three surfaces.
        accent, accent_hover: the one action colour, also the focus ring.
        accent_text: text on ``accent``.
        accent_soft: background of what is selected; carries ``text``.
        success, warning, danger: text and icons on any surface.
        danger_soft, warning_soft, success_soft: backgrounds that carry ``text``.
        ink: the pen on the drawing paper.
        plot_background, plot_grid: plots.
        series: curves and categories, the first for training, the second for validation.
        confidence_low, confidence_medium, confidence_high: outlines over a photographed page;
            apart for red-green blindness too, as the high end is blue.
        spacing: one step of the grid.
        radius: of cards; controls use ``radius_small``.
    """

    window: str
    surface: str
    surface_raised: str
    border: str
    border_strong: str
    text: str
    text_muted: str
    accent: str
    accent_hover: str
    accent_text: str
    accent_soft: str
    success: str
    warning: str
    danger: str
    success_soft: str
    warning_soft: str
    danger_soft: str
    ink: str
    plot_background: str
    plot_grid: str
    series: tuple[str, str, str, str, str, str]
    confidence_low: str
    confidence_medium: str
    confidence_high: str
    spacing: int = 8
    radius: int = 8
    radius_small: int = 6


LIGHT = Tokens(
    window="#f5f3ee",
    surface="#ffffff",
    surface_raised="#eeebe4",
    border="#dedad1",
    border_strong="#89857b",
    text="#1e2127",
    text_muted="#5a5e66",
    accent="#2b57c8",
    accent_hover="#2249ad",
    accent_text="#ffffff",
    accent_soft="#dfe7fb",
    success="#17693c",
    warning="#854d00",
    danger="#ae2218",
    success_soft="#ddf0e4",
    warning_soft="#fbecd0",
    danger_soft="#fbe3e0",
    ink="#17244d",
    plot_background="#ffffff",
    plot_grid="#e4e0d7",
    series=("#2b57c8", "#b84d0b", "#17734a", "#7b45b8", "#0b7285", "#b02a70"),
    confidence_low="#c62d1f",
    confidence_medium="#a86500",
    confidence_high="#2b57c8",
)

DARK = Tokens(
    window="#15171c",
    surface="#1d2027",
    surface_raised="#292d36",
    border="#343944",
    border_strong="#767d8c",
    text="#e9eaee",
    text_muted="#a9b0bd",
    accent="#8fb2ff",
    accent_hover="#adc7ff",
    accent_text="#0f1422",
    accent_soft="#2a3a61",
    success="#6bd09a",
    warning="#ecb95c",
    danger="#ff988c",
    success_soft="#1d3b2b",
    warning_soft="#43341a",
    danger_soft="#4b2624",
    ink="#e6ecff",
    plot_background="#1d2027",
    plot_grid="#313641",
    series=("#8fb2ff", "#f0a060", "#6bd09a", "#c3a1f5", "#62c8d8", "#f294bf"),
    confidence_low="#ff7a6b",
    confidence_medium="#ecb95c",
    confidence_high="#8fb2ff",
)
