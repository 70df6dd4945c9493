"""Reading many files, in every format, into folders, from standard input."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pypdfium2
import pytest

from handwrite_gui.engine.batch.journal import FOLDER
from tests.cli.conftest import Run
from tests.engine.batch.conftest import writing


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.png"
    writing(3).save(path)
    return path


class _Stdin:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


def test_standard_input(run: Run, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Stdin(page.read_bytes()))
    outcome = run("recognize", "--format", "json", "-")
    assert outcome.status == 0
    assert json.loads(outcome.out)["image"]["name"] == "stdin"
    monkeypatch.setattr(sys, "stdin", _Stdin(b"nothing of the kind"))
    outcome = run("recognize", "-")
    assert outcome.status == 1
    assert outcome.err.startswith("handwrite-gui: -: ")


def test_a_folder_with_one_bad_file(run: Run, tmp_path: Path, page: Path) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    page.rename(folder / "page.png")
    (folder / "bad.png").write_bytes(b"no picture")
    out = tmp_path / "out"
    arguments = ("--output", out, "--report", tmp_path / "report.csv")
    outcome = run("recognize", *arguments, folder)
    assert outcome.status == 1
    first, last = outcome.err.splitlines()
    assert first.startswith(f"handwrite-gui: {folder / 'bad.png'}: ")
    assert "read 1 page of 2 files, 1 failed" in last
    assert (out / "page.txt").exists()
    assert (out / FOLDER).exists(), "it can be resumed"
    assert (tmp_path / "report.csv").read_text().count("\n") == 3
    before = (out / "page.txt").stat().st_mtime_ns
    writing(2).save(folder / "bad.png")
    assert run("recognize", "--output", out, "--resume", folder).status == 0
    assert (out / "page.txt").stat().st_mtime_ns == before
    assert (out / "bad.txt").exists()
    outcome = run("recognize", "--output", out, "--resume", "--format", "json", folder)
    assert outcome.status == 1
    assert "another model, format or settings" in outcome.err


def test_a_pdf_of_a_pdf(run: Run, tmp_path: Path) -> None:
    scan, searchable = tmp_path / "scan.pdf", tmp_path / "searchable.pdf"
    writing(3).save(scan, "PDF", save_all=True, append_images=[writing(2)], resolution=100)
    outcome = run("recognize", "--format", "pdf", "--dpi", "100", "--output", searchable, scan)
    assert outcome == (0, "", "")
    document = pypdfium2.PdfDocument(searchable)
    assert len(document) == 2
    assert document[0].get_size() == pytest.approx(pypdfium2.PdfDocument(scan)[0].get_size(), abs=1)
    assert document[0].get_textpage().get_text_bounded().strip()
    document.close()


def test_several_pages_in_one_document_on_standard_output(run: Run, page: Path) -> None:
    outcome = run("recognize", "--format", "alto", page, page)
    assert outcome.out.count("<Page ") == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("--jobs", "2"),
        ("--resume",),
        ("--watch",),
        ("--format", "folder"),
        ("--jobs", "-1"),
        ("--dpi", "7"),
        ("--dpi", "many"),
        ("--watch", "--output", "out"),
        ("--scheduler", "tcp://host:1"),
        ("--scheduler", "tcp://host:1", "--jobs", "2", "--output", "out"),
        ("--format", "svg", "page.png"),
    ],
)
def test_options_that_do_not_go_together(
    run: Run, page: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(page.parent)
    outcome = run("recognize", *arguments, page)
    assert outcome.status == 2
    assert "usage:" in outcome.err


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_watching_reads_what_arrives_until_ctrl_c(tmp_path: Path) -> None:
    import signal

    inbox, out = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    command = [sys.executable, "-m", "handwrite_gui", "recognize", "--watch", "--output"]
    process = subprocess.Popen([*command, out, inbox], env=dict(os.environ), stderr=subprocess.PIPE)
    try:
        writing(2).save(inbox / "scan.png")
        deadline = time.monotonic() + 60
        while not (out / "scan.txt").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0, told
    assert (out / "scan.txt").exists()
