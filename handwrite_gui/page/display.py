"""What of a reading is shown over the page, kept between runs."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from PySide6.QtCore import QSettings

from handwrite_gui.settings import Settings


@dataclass(frozen=True, slots=True)
class Display:
    """What is shown.

    Attributes:
        boxes: the outline of every character.
        labels: what each was read as.
        lines: what each line of writing stands on, with its number.
        as_seen: labels and text as the network saw each shape alone, before its surroundings
            were considered.
    """

    boxes: bool = True
    labels: bool = True
    lines: bool = False
    as_seen: bool = False

    @classmethod
    def restored(cls, store: Settings) -> Display:
        """As it was saved; as it is at first where it was not."""
        return cls(
            **{name: store.read(_key(name), default) for name, default in asdict(cls()).items()}
        )

    def save(self, store: QSettings) -> None:
        for name, value in asdict(self).items():
            store.setValue(_key(name), value)


def _key(name: str) -> str:
    return f"page/{name}"
