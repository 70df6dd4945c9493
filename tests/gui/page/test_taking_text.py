"""Copying and saving the text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from handwrite_gui.page.view import PageView


def test_copy_takes_all_of_the_text(open_page: PageView) -> None:
    open_page.copy_text()
    assert QGuiApplication.clipboard().text() == "DEEP NET\nIS ON"


def test_saved_text_ends_with_a_line_break(open_page: PageView, tmp_path: Path) -> None:
    open_page.save_text(tmp_path / "deep.txt")
    assert (tmp_path / "deep.txt").read_bytes() == b"DEEP NET\nIS ON\n"


def test_saved_json_holds_characters_and_places(open_page: PageView, tmp_path: Path) -> None:
    open_page.save_text(tmp_path / "deep.json")
    document = json.loads((tmp_path / "deep.json").read_text(encoding="utf-8"))
    assert "page.png" in json.dumps(document)
    assert document["lines"][0]["words"][1]["text"] == "NET"


@pytest.mark.parametrize(
    ("typed", "saved"),
    [("deep.txt", "deep.txt"), ("deep", "deep.txt"), ("v1.2", "v1.2.txt")],
)
def test_save_asks_where_and_adds_the_ending(
    open_page: PageView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, saved: str
) -> None:
    suggested: list[str] = []

    def answer(parent: object, title: str, suggestion: str, filters: str) -> tuple[str, str]:
        suggested.append(Path(suggestion).name)
        return str(tmp_path / typed), "Text (*.txt)"

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    open_page.ask_where_to_save()
    assert suggested == ["page.txt"]
    assert (tmp_path / saved).is_file()


def test_a_failure_to_save_says_why(open_page: PageView, errors: list[str], tmp_path: Path) -> None:
    open_page.save_text(tmp_path / "missing" / "deep.txt")
    assert len(errors) == 1
    assert errors[0].startswith("deep.txt was not saved: ")
    assert not (tmp_path / "missing").exists()


def test_saving_replaces_the_file_as_a_whole(open_page: PageView, tmp_path: Path) -> None:
    target = tmp_path / "deep.txt"
    target.write_text("x" * 10_000)
    open_page.save_text(target)
    assert target.read_text() == "DEEP NET\nIS ON\n"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("deep.txt.")]


def test_nothing_to_take_while_nothing_was_read(view: PageView) -> None:
    commands = {command.id: command for command in view.commands()}
    for id in ("page.copy-text", "page.save-text"):
        enabled = commands[id].enabled
        assert enabled is not None
        assert not enabled()
    view.copy_text()
    view.ask_where_to_save()
