"""Downloading, from a server on this machine."""

from __future__ import annotations

import hashlib
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from handwrite_gui.cli import fetch
from handwrite_gui.engine.data.fetch import RemoteDataset, RemoteFile
from tests.cli.conftest import Run

CONTENT = b"handwritten digits"


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", 0), _Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}/"
        httpd.shutdown()
        thread.join()


def offer(monkeypatch: pytest.MonkeyPatch, server: str, sha256: str) -> None:
    file = RemoteFile((f"{server}digits.bin",), "digits.bin", len(CONTENT), sha256)
    dataset = RemoteDataset("some digits", "some", (file,), (), "digits.bin")
    monkeypatch.setattr(fetch, "DATASETS", {"some-digits": dataset})


def test_prints_where_the_data_are(
    run: Run, server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    offer(monkeypatch, server, hashlib.sha256(CONTENT).hexdigest())
    outcome = run("fetch", "some-digits", "--folder", tmp_path)
    assert (outcome.status, outcome.err) == (0, "")
    assert Path(outcome.out.strip()).read_bytes() == CONTENT


def test_a_file_with_another_checksum_is_refused(
    run: Run, server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    offer(monkeypatch, server, "0" * 64)
    outcome = run("fetch", "some-digits", "--folder", tmp_path)
    assert outcome.status == 1
    assert outcome.out == ""
    assert outcome.err.startswith("handwrite-gui: ")
    assert outcome.err.count("\n") == 1


def test_help_lists_what_there_is(run: Run) -> None:
    text = run("fetch", "--help").out
    assert "mnist " in text
    assert "EMNIST letters: " in text


def test_an_unknown_name_is_a_wrong_argument(run: Run) -> None:
    outcome = run("fetch", "no-such-data")
    assert outcome.status == 2
    assert "emnist-letters" in outcome.err
