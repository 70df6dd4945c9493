"""What there is to know about a model, as rich text."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handwrite_gui.engine.model_library import ModelEntry

WHERE = {
    "shipped": "Shipped",
    "library": "Library",
    "run": "Run",
    "profile": "My Hand",
    "file": "File",
}
_SETTINGS = ("hidden", "features", "activation", "optimizer", "learning_rate", "epochs")


def card_html(entry: ModelEntry) -> str:
    """The card of a model; for a file that is none, why not."""
    parts = [f"<h3>{escape(entry.name)}</h3>"]
    if entry.problem:
        parts.append(f"<p><b>It cannot be used:</b> {escape(entry.problem)}</p>")
    card = entry.card
    if card is not None:
        if card.description:
            parts.append(f"<p>{escape(card.description)}</p>")
        parts.append(_table([("Characters", _characters(entry.classes)), *_dated(card.created)]))
        if card.figures:
            figures = [(name, _figure(name, value)) for name, value in card.figures.items()]
            parts.append(f"<h4>Figures</h4>{_table(figures)}")
        if card.data:
            names = "".join(f"<li>{escape(name)}</li>" for name in card.data)
            parts.append(f"<h4>Learned from</h4><ul style='margin-left:-24px'>{names}</ul>")
        settings = [
            (name, _plain(card.settings[name])) for name in _SETTINGS if name in card.settings
        ]
        if settings:
            parts.append(f"<h4>Settings</h4>{_table(settings)}")
        if card.license:
            parts.append(f"<p>Licence: {escape(card.license)}</p>")
    parts.append(f"<p>{escape(str(entry.path))}</p>")
    return "".join(parts)


def short_date(created: str) -> str:
    """The day, or "" where none is known."""
    try:
        return f"{datetime.fromisoformat(created).astimezone():%Y-%m-%d}"
    except ValueError:
        return ""


def _dated(created: str) -> list[tuple[str, str]]:
    date = short_date(created)
    return [("Made", date)] if date else []


def _characters(classes: tuple[str, ...]) -> str:
    return ("" if max(map(len, classes), default=0) == 1 else " ").join(classes)


def _figure(name: str, value: float) -> str:
    is_share = 0 <= value <= 1 and "temperature" not in name
    return f"{value:.1%}" if is_share else f"{value:.3g}"


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _table(rows: list[tuple[str, str]]) -> str:
    cells = "".join(
        f"<tr><td style='padding-right:12px'>{escape(name)}</td><td>{escape(value)}</td></tr>"
        for name, value in rows
    )
    return f"<table cellspacing='0' cellpadding='2'>{cells}</table>"
