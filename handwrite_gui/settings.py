"""What the program remembers between runs."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QSettings

T = TypeVar("T", bool, int, float, str)


class Settings(QSettings):
    """The person's own settings: one INI file in the system's folder for them.

    A text file on every system, so that a damaged one can be looked at and removed.
    """

    def __init__(self) -> None:
        super().__init__(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Handwrite", "Handwrite"
        )

    def read(self, key: str, default: T) -> T:
        """The value of ``key`` in the type of ``default``; ``default`` where it is unreadable."""
        value = self.value(key)
        if value is None:
            return default
        if isinstance(default, bool):
            return str(value).lower() == "true"
        try:
            return type(default)(value)
        except (TypeError, ValueError):
            return default

    def read_list(self, key: str) -> list[str]:
        """A list of texts; empty where there is none."""
        value = self.value(key)
        if value is None:
            return []
        # The INI format gives back a list of one as its only element.
        return [str(item) for item in value] if isinstance(value, (list, tuple)) else [str(value)]


def settings() -> Settings:
    """The settings; every object this returns reads and writes the same file."""
    return Settings()
