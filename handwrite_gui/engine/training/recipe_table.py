"""Reading a table of a recipe: keys are asked for by type, and what is left is a mistake."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping, Sequence
from typing import Any

from handwrite_gui.engine.errors import InputFileError


class RecipeError(InputFileError):
    """A recipe cannot be followed as it is written."""


class Table:
    """A table of a TOML file whose keys are taken out one by one.

    Every ``take`` method checks the type and the range, and raises RecipeError with the name of
    the table and the key.  Without a ``default`` the key must be there.

    Args:
        values: the table as ``tomllib`` gives it.
        where: its name for messages, for example ``[training]``; "" for the file itself.
        path: of the recipe.
    """

    def __init__(self, values: Mapping[str, Any], where: str, path: str | os.PathLike[str]) -> None:
        self._values = dict(values)
        self._where = where
        self._path = path
        self._asked: list[str] = []

    def error(self, reason: str) -> RecipeError:
        """The error to raise about this table."""
        return RecipeError(self._path, f"{self._where}: {reason}" if self._where else reason)

    def take(self, key: str, kind: type | tuple[type, ...], what: str, default: Any = None) -> Any:
        """The value of a key, of ``kind``; ``what`` says in messages what it must be."""
        self._asked.append(key)
        if key not in self._values:
            if default is None:
                raise self.error(f"“{key}” is missing; it must be {what}.")
            return default
        value = self._values.pop(key)
        allowed = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        if not allowed:
            raise self.wrong(key, value, what)
        return value

    def wrong(self, key: str, value: object, what: str) -> RecipeError:
        """The error to raise about a value that is not what it must be."""
        return self.error(f"“{key}” is {_shown(value)}; it must be {what}.")

    def text(self, key: str, default: str | None = None) -> str:
        value: str = self.take(key, str, "text", default)
        if default is None and not value.strip():
            raise self.wrong(key, value, "text that is not empty")
        return value.strip()

    def flag(self, key: str, default: bool | None = None) -> bool:
        value: bool = self.take(key, bool, "true or false", default)
        return value

    def whole(self, key: str, least: int, most: int, default: int | None = None) -> int:
        what = f"a whole number from {least} to {most}"
        value: int = self.take(key, int, what, default)
        if not least <= value <= most:
            raise self.wrong(key, value, what)
        return value

    def rising_pair(
        self, key: str, above: float, most: float, default: tuple[float, float] | None = None
    ) -> tuple[float, float]:
        """Two numbers, the smaller first, greater than ``above`` and at most ``most``."""
        what = f"two numbers in order, above {above:g} and at most {most:g}"
        value = self.take(key, (list, tuple), what, default)
        numbers = len(value) == 2 and all(
            isinstance(v, int | float) and not isinstance(v, bool) for v in value
        )
        if not numbers or not above < value[0] <= value[1] <= most:
            raise self.wrong(key, value, what)
        return float(value[0]), float(value[1])

    def texts(self, key: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
        what = "a list of texts"
        value = self.take(key, (list, tuple), what, default)
        if not all(isinstance(item, str) for item in value):
            raise self.wrong(key, value, what)
        return tuple(value)

    def table(self, key: str, optional: bool = False) -> Table:
        """A table within this one; an empty one if it is ``optional`` and missing."""
        value = self.take(key, dict, "a table", {} if optional else None)
        return Table(value, f"[{key}]", self._path)

    def tables(self, key: str, optional: bool = False) -> list[Table]:
        """An array of tables within this one."""
        what = f"one or more tables [[{key}]]"
        value = self.take(key, list, what, [] if optional else None)
        if not all(isinstance(item, dict) for item in value):
            raise self.wrong(key, value, what)
        return [
            Table(item, f"[[{key}]] number {number}", self._path)
            for number, item in enumerate(value, start=1)
        ]

    def rest(self, known: Sequence[str]) -> dict[str, Any]:
        """All values of the keys in ``known`` that are there, whatever their type."""
        self._asked += known
        return {key: self._values.pop(key) for key in known if key in self._values}

    def finish(self) -> None:
        """Raises RecipeError if a key was never asked for."""
        for key in self._values:
            close = difflib.get_close_matches(key, self._asked, 1)
            hint = f"did you mean “{close[0]}”?" if close else f"it has {', '.join(self._asked)}."
            raise self.error(f"there is no “{key}” here; {hint}")


def _shown(value: object) -> str:
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
