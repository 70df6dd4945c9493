"""The two themes are readable, follow the system, and recolour what is on the screen."""

from __future__ import annotations

from itertools import product

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.resources import resource_path
from handwrite_gui.icons import application_icon, icon
from handwrite_gui.theme import DARK, LIGHT, ThemeManager, Tokens, theme

THEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
SURFACES = ("window", "surface", "surface_raised")


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@THEMES
@pytest.mark.parametrize("text", ["text", "text_muted", "success", "warning", "danger"])
@pytest.mark.parametrize("surface", SURFACES)
def test_text_is_readable_on_every_surface(tokens: Tokens, text: str, surface: str) -> None:
    assert contrast(getattr(tokens, text), getattr(tokens, surface)) >= 4.5


@THEMES
@pytest.mark.parametrize(
    ("text", "background"),
    [
        ("accent_text", "accent"),
        ("accent_text", "accent_hover"),
        ("text", "accent_soft"),
        ("text", "success_soft"),
        ("text", "warning_soft"),
        ("text", "danger_soft"),
        ("danger", "danger_soft"),
        ("ink", "surface"),
    ],
)
def test_text_is_readable_on_colour(tokens: Tokens, text: str, background: str) -> None:
    assert contrast(getattr(tokens, text), getattr(tokens, background)) >= 4.5


@THEMES
@pytest.mark.parametrize("line", ["accent", "border_strong"])
@pytest.mark.parametrize("surface", SURFACES)
def test_focus_rings_and_outlines_of_controls_are_seen(
    tokens: Tokens, line: str, surface: str
) -> None:
    assert contrast(getattr(tokens, line), getattr(tokens, surface)) >= 3


@THEMES
def test_curves_are_seen_and_differ(tokens: Tokens) -> None:
    assert len(set(tokens.series)) == 6
    for colour in tokens.series:
        assert contrast(colour, tokens.plot_background) >= 3


@THEMES
def test_marks_of_controls_have_the_colours_of_the_theme(tokens: Tokens) -> None:
    tone = "dark" if tokens is DARK else "light"
    for mark, colour in {
        "chevron-down": tokens.text_muted,
        "chevron-up": tokens.text_muted,
        "check": tokens.accent_text,
        "dot": tokens.accent_text,
    }.items():
        svg = resource_path(f"icons/controls/{mark}-{tone}.svg").read_text(encoding="utf-8")
        assert colour in svg, mark


def test_unknown_appearance_is_refused(default_theme: ThemeManager) -> None:
    with pytest.raises(ValueError, match="system, light, dark"):
        default_theme.set_appearance("sepia")
    assert default_theme.appearance == "light"


def test_there_is_one_theme(qapp: QApplication) -> None:
    assert theme() is theme()


def test_switching_tells_once_and_only_when_something_changed(
    qtbot: QtBot, default_theme: ThemeManager
) -> None:
    with qtbot.waitSignal(default_theme.changed):
        default_theme.set_appearance("dark")
    assert default_theme.is_dark
    assert default_theme.tokens is DARK
    with qtbot.assertNotEmitted(default_theme.changed):
        default_theme.set_appearance("dark")


def test_like_the_system_follows_the_system(
    qapp: QApplication, default_theme: ThemeManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    default_theme.set_appearance("system")
    for scheme, is_dark in (
        (Qt.ColorScheme.Dark, True),
        (Qt.ColorScheme.Light, False),
        (Qt.ColorScheme.Unknown, False),
    ):
        # The offscreen platform has no scheme of its own that could be changed.
        monkeypatch.setattr(type(qapp.styleHints()), "colorScheme", lambda _, s=scheme: s)
        qapp.styleHints().colorSchemeChanged.emit(scheme)
        assert default_theme.is_dark is is_dark


def test_a_held_theme_does_not_follow_the_system(
    qapp: QApplication, default_theme: ThemeManager
) -> None:
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert not default_theme.is_dark


def colours(widget: QWidget) -> set[str]:
    image = widget.grab().toImage()
    return {
        image.pixelColor(x, y).name()
        for x, y in product(range(image.width()), range(image.height()))
    }


def test_widgets_on_the_screen_are_recoloured(qtbot: QtBot, default_theme: ThemeManager) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    label, button = QLabel("Aa", window), QToolButton(window)
    button.setIcon(icon("draw"))
    column = QVBoxLayout(window)
    column.addWidget(label)
    column.addWidget(button)
    window.show()
    for appearance, tokens in (("light", LIGHT), ("dark", DARK), ("light", LIGHT)):
        default_theme.set_appearance(appearance)
        assert {tokens.window, tokens.text} <= colours(label)
        assert tokens.text in colours(button)


ICONS = sorted(path.stem for path in resource_path("icons").glob("*.svg"))


@pytest.mark.parametrize("name", [name for name in ICONS if name != "application"])
def test_icons_share_one_style(name: str) -> None:
    svg = resource_path(f"icons/{name}.svg").read_text(encoding="utf-8")
    for part in (
        'viewBox="0 0 24 24"',
        'stroke="currentColor"',
        'stroke-width="1.75"',
        'stroke-linecap="round"',
        'stroke-linejoin="round"',
    ):
        assert part in svg
    assert "#" not in svg


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_icons_are_painted_at_the_screens_resolution(qapp: QApplication, ratio: float) -> None:
    pixmap = icon("draw").pixmap(QSize(24, 24), ratio)
    assert pixmap.size() == QSize(24, 24) * ratio
    assert pixmap.devicePixelRatio() == ratio
    assert has_ink(pixmap.toImage())


def has_ink(image: QImage) -> bool:
    return any(
        image.pixelColor(x, y).alpha()
        for x, y in product(range(image.width()), range(image.height()))
    )


def test_an_unknown_icon_is_an_error(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError, match=r"icons/nothing\.svg"):
        icon("nothing")


def test_the_program_has_an_icon_of_its_own(qapp: QApplication) -> None:
    for size in (16, 32, 64, 256):
        assert has_ink(application_icon().pixmap(size, size).toImage())
