"""Which theme is on, and applying it to the application."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from handwrite_gui.theme.stylesheet import stylesheet
from handwrite_gui.theme.tokens import DARK, LIGHT, Tokens

APPEARANCES = ("system", "light", "dark")

# Faces drawn for screens, tried in turn; Qt falls back to the system's own after the last.
_FAMILIES = ["Inter", "Segoe UI Variable", "Segoe UI", "SF Pro Text", "Cantarell", "Noto Sans"]
_MINIMUM_POINT_SIZE = 10.0


class ThemeManager(QObject):
    """Colours the application and tells widgets that paint themselves when to repaint.

    Signals:
        changed: the tokens are other ones now; palette and stylesheet are already applied.
    """

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._appearance = "system"
        self._tokens = LIGHT
        application.setStyle("Fusion")
        font = QFont(application.font())
        font.setFamilies([*_FAMILIES, *font.families()])
        font.setPointSizeF(max(font.pointSizeF(), _MINIMUM_POINT_SIZE))
        application.setFont(font)
        hints = application.styleHints()
        hints.colorSchemeChanged.connect(self._follow)
        self._tokens = self._wanted()
        self._apply()

    @property
    def tokens(self) -> Tokens:
        """The values of the theme that is on."""
        return self._tokens

    @property
    def is_dark(self) -> bool:
        return self._tokens is DARK

    @property
    def appearance(self) -> str:
        """What was asked for: one of :data:`APPEARANCES`."""
        return self._appearance

    def set_appearance(self, name: str) -> None:
        """Follow the system, or hold one theme.

        Raises:
            ValueError: the name is not in :data:`APPEARANCES`.
        """
        if name not in APPEARANCES:
            raise ValueError(f"appearance is {name!r}; it can be one of {', '.join(APPEARANCES)}")
        self._appearance = name
        # Qt is told as well, so that title bars and the system's own dialogs match.
        hints = self._application.styleHints()
        if name == "system":
            hints.unsetColorScheme()
        else:
            scheme = Qt.ColorScheme.Dark if name == "dark" else Qt.ColorScheme.Light
            hints.setColorScheme(scheme)
        self._follow()

    def _wanted(self) -> Tokens:
        if self._appearance == "system":
            scheme = self._application.styleHints().colorScheme()
            return DARK if scheme == Qt.ColorScheme.Dark else LIGHT
        return DARK if self._appearance == "dark" else LIGHT

    def _follow(self) -> None:
        wanted = self._wanted()
        if wanted is not self._tokens:
            self._tokens = wanted
            self._apply()
            self.changed.emit()

    def _apply(self) -> None:
        self._application.setPalette(palette(self._tokens))
        point_size = self._application.font().pointSizeF()
        self._application.setStyleSheet(stylesheet(self._tokens, point_size))


def palette(tokens: Tokens) -> QPalette:
    """The tokens as a palette, for everything the stylesheet leaves to the style."""
    roles = {
        QPalette.ColorRole.Window: tokens.window,
        QPalette.ColorRole.WindowText: tokens.text,
        QPalette.ColorRole.Base: tokens.surface,
        QPalette.ColorRole.AlternateBase: tokens.surface_raised,
        QPalette.ColorRole.Text: tokens.text,
        QPalette.ColorRole.Button: tokens.surface,
        QPalette.ColorRole.ButtonText: tokens.text,
        QPalette.ColorRole.BrightText: tokens.danger,
        QPalette.ColorRole.ToolTipBase: tokens.surface_raised,
        QPalette.ColorRole.ToolTipText: tokens.text,
        QPalette.ColorRole.PlaceholderText: tokens.text_muted,
        QPalette.ColorRole.Highlight: tokens.accent,
        QPalette.ColorRole.HighlightedText: tokens.accent_text,
        QPalette.ColorRole.Accent: tokens.accent,
        QPalette.ColorRole.Link: tokens.accent,
        QPalette.ColorRole.LinkVisited: tokens.accent,
        QPalette.ColorRole.Light: tokens.surface,
        QPalette.ColorRole.Midlight: tokens.surface_raised,
        QPalette.ColorRole.Mid: tokens.border,
        QPalette.ColorRole.Dark: tokens.border_strong,
        QPalette.ColorRole.Shadow: tokens.border_strong,
    }
    result = QPalette()
    for role, colour in roles.items():
        result.setColor(role, QColor(colour))
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.border_strong))
    return result


_manager: ThemeManager | None = None


def theme() -> ThemeManager:
    """The theme of the running application, made at the first call.

    Raises:
        RuntimeError: there is no QApplication yet.
    """
    global _manager
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        raise RuntimeError("the theme needs a QApplication; make one first")
    if _manager is None or _manager.parent() is not application:
        _manager = ThemeManager(application)
    return _manager
