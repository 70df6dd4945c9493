"""Files that arrive in a folder are read when they are whole."""

from __future__ import annotations

from pathlib import Path

from handwrite_gui.engine.batch.watching import arriving


def test_files_are_given_once_they_are_quiet(tmp_path: Path) -> None:
    now = 0.0
    found = arriving(
        tmp_path, tmp_path / "out", "text", should_stop=lambda: False, clock=lambda: now
    )

    def look() -> list[str]:
        """What is new since the last look."""
        names = []
        while (item := next(found)) is not None:
            names.append(item.stem)
        return names

    assert look() == []
    (tmp_path / "a.png").write_bytes(b"beginning")
    (tmp_path / "notes.txt").write_bytes(b"no page")
    assert look() == []
    now = 1.0
    (tmp_path / "a.png").write_bytes(b"beginning and end")
    assert look() == []
    now = 2.5
    assert look() == [], "it changed a moment ago"
    now = 3.5
    assert look() == ["a"]
    now = 100.0
    assert look() == []
    (tmp_path / "a.png").write_bytes(b"another scan of that name")
    (tmp_path / "b.png").write_bytes(b"")
    assert look() == []
    now = 200.0
    assert look() == ["a"], "an empty file is being written"


def test_it_ends_when_it_is_told_to(tmp_path: Path) -> None:
    assert list(arriving(tmp_path, tmp_path / "out", "text", should_stop=lambda: True)) == []
