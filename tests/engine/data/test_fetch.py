"""Downloads that break, are stopped, go on, lie about what they are, and end well.

Everything comes from a server on this machine; nothing is fetched from the internet.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import re
import shutil
import socket
import struct
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from handwrite_gui.engine.data import download as download_module
from handwrite_gui.engine.data.fetch import (
    DATASETS,
    FetchError,
    RemoteDataset,
    RemoteFile,
    default_folder,
    fetch,
)
from handwrite_gui.engine.data.readers import read_dataset
from handwrite_gui.engine.errors import Cancelled

CONTENT = np.random.default_rng(0).bytes(1_500_000)


@dataclass
class Server:
    """What the server has and how it behaves; changed by the tests between requests."""

    address: str
    files: dict[str, bytes] = field(default_factory=dict)
    knows_ranges: bool = True
    status: int | None = None
    break_after: list[int] = field(default_factory=list)
    """Bytes after which the connections break, one for each request; then none breaks."""
    ranges_asked: list[str | None] = field(default_factory=list)

    def remote(self, name: str, content: bytes, *mirrors: str) -> RemoteFile:
        """The description of a file whose official content is ``content``."""
        return RemoteFile(
            urls=(f"{self.address}/{name}", *mirrors),
            name=name,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
        )


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(download_module, "_PAUSE", 0.0)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers["Range"]
            state.ranges_asked.append(asked)
            content = state.files.get(self.path.removeprefix("/"))
            if content is None or state.status is not None:
                self.send_error(state.status or 404)
                return
            start = 0
            if asked and state.knows_ranges:
                match = re.fullmatch(r"bytes=(\d+)-", asked)
                assert match is not None
                start = int(match[1])
                self.send_response(206)
                self.send_header(
                    "Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}"
                )
            else:
                self.send_response(200)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            end = start + state.break_after.pop(0) if state.break_after else len(content)
            self.wfile.write(content[start:end])

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        state = Server(f"http://127.0.0.1:{http.server_port}")
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield state
        http.shutdown()
        thread.join()


def one_file(file: RemoteFile) -> dict[str, RemoteDataset]:
    return {"made": RemoteDataset("made", "made", (file,), (), file.name)}


def test_a_file_is_fetched_once(server: Server, tmp_path: Path) -> None:
    server.files["a.bin"] = CONTENT
    datasets = one_file(server.remote("a.bin", CONTENT))
    seen: list[tuple[float, str]] = []
    path = fetch("made", tmp_path, datasets=datasets, on_progress=lambda *at: seen.append(at))
    assert path == tmp_path / "made" / "a.bin"
    assert path.read_bytes() == CONTENT
    assert [share for share, _ in seen] == sorted(share for share, _ in seen)
    assert seen[-1] == (1.0, "Downloaded 1.5 of 1.5 MB")
    assert [entry.name for entry in path.parent.iterdir()] == ["a.bin"]
    assert fetch("made", tmp_path, datasets=datasets) == path
    assert len(server.ranges_asked) == 1


def test_a_connection_that_breaks_is_taken_up_where_it_broke(
    server: Server, tmp_path: Path
) -> None:
    server.files["a.bin"] = CONTENT
    server.break_after = [700_000, 300_000]
    path = fetch("made", tmp_path, datasets=one_file(server.remote("a.bin", CONTENT)))
    assert path.read_bytes() == CONTENT
    assert server.ranges_asked == [None, "bytes=700000-", "bytes=1000000-"]


def test_a_server_without_ranges_starts_again(server: Server, tmp_path: Path) -> None:
    server.files["a.bin"] = CONTENT
    server.knows_ranges = False
    server.break_after = [700_000]
    path = fetch("made", tmp_path, datasets=one_file(server.remote("a.bin", CONTENT)))
    assert path.read_bytes() == CONTENT
    assert len(server.ranges_asked) == 2


def test_an_address_that_breaks_off_without_end_is_given_up(server: Server, tmp_path: Path) -> None:
    server.files["a.bin"] = CONTENT
    server.break_after = [1000] + [0] * 20
    with pytest.raises(FetchError, match="breaks off after 1000 of 1500000 bytes"):
        fetch("made", tmp_path, datasets=one_file(server.remote("a.bin", CONTENT)))
    assert len(server.ranges_asked) < 10
    server.break_after = []
    assert fetch("made", tmp_path, datasets=one_file(server.remote("a.bin", CONTENT))).exists()
    assert server.ranges_asked[-1] == "bytes=1000-"


def test_stopping_keeps_what_arrived_and_the_next_call_goes_on(
    server: Server, tmp_path: Path
) -> None:
    server.files["a.bin"] = CONTENT
    datasets = one_file(server.remote("a.bin", CONTENT))
    shares = [0.0]
    with pytest.raises(Cancelled):
        fetch(
            "made",
            tmp_path,
            datasets=datasets,
            on_progress=lambda share, _: shares.append(share),
            should_stop=lambda: shares[-1] > 0.3,
        )
    partial = tmp_path / "made" / "a.bin.part"
    arrived = partial.stat().st_size
    assert 0.3 * len(CONTENT) < arrived < len(CONTENT)
    assert not (tmp_path / "made" / "a.bin").exists()
    path = fetch("made", tmp_path, datasets=datasets)
    assert path.read_bytes() == CONTENT
    assert server.ranges_asked == [None, f"bytes={arrived}-"]
    assert not partial.exists()


def test_a_wrong_checksum_is_never_accepted(server: Server, tmp_path: Path) -> None:
    server.files["a.bin"] = bytes(len(CONTENT))
    with pytest.raises(FetchError, match="checksum is not that of the official one"):
        fetch("made", tmp_path, datasets=one_file(server.remote("a.bin", CONTENT)))
    assert list((tmp_path / "made").iterdir()) == []


def test_a_damaged_beginning_is_thrown_away(server: Server, tmp_path: Path) -> None:
    server.files["a.bin"] = CONTENT
    partial = tmp_path / "made" / "a.bin.part"
    partial.parent.mkdir()
    for beginning in (bytes(5000), bytes(len(CONTENT)), bytes(len(CONTENT) + 9)):
        partial.write_bytes(beginning)
        path = fetch("made", tmp_path, datasets=one_file(server.remote("a.bin", CONTENT)))
        assert path.read_bytes() == CONTENT
        path.unlink()


def test_a_damaged_beginning_at_a_server_that_is_damaged_too(
    server: Server, tmp_path: Path
) -> None:
    server.files["a.bin"] = bytes(len(CONTENT))
    partial = tmp_path / "made" / "a.bin.part"
    partial.parent.mkdir()
    partial.write_bytes(b"x" * 5000)
    with pytest.raises(FetchError, match="checksum"):
        fetch("made", tmp_path, datasets=one_file(server.remote("a.bin", CONTENT)))
    assert server.ranges_asked == ["bytes=5000-", None]


def test_another_file_is_refused_before_it_is_downloaded(server: Server, tmp_path: Path) -> None:
    server.files["a.bin"] = b"<html>Please sign in</html>"
    with pytest.raises(FetchError, match=r"has another file \(of 27 bytes, not 1500000\)"):
        fetch("made", tmp_path, datasets=one_file(server.remote("a.bin", CONTENT)))
    partial = tmp_path / "made" / "a.bin.part"
    partial.write_bytes(CONTENT[:10])
    with pytest.raises(FetchError, match=r"has another file \(it offers bytes 10-26/27\)"):
        fetch("made", tmp_path, datasets=one_file(server.remote("a.bin", CONTENT)))
    assert partial.read_bytes() == CONTENT[:10]


@pytest.mark.parametrize(
    ("status", "message"), [(404, "answers 404 Not Found"), (403, "answers 403"), (503, "503")]
)
def test_an_address_that_refuses(server: Server, tmp_path: Path, status: int, message: str) -> None:
    server.files["a.bin"] = CONTENT
    server.status = status
    with pytest.raises(FetchError, match=message) as caught:
        fetch("made", tmp_path, datasets=one_file(server.remote("a.bin", CONTENT)))
    assert str(caught.value).startswith("a.bin cannot be fetched: 127.0.0.1:")
    assert len(server.ranges_asked) == 1


def closed_address() -> str:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{unused.getsockname()[1]}/a.bin"


def test_no_connection(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("no_proxy", "*")
    file = RemoteFile((closed_address(),), "a.bin", 5, "0")
    with pytest.raises(FetchError, match=r"cannot be reached \(.*\)\. Check the internet conn"):
        fetch("made", tmp_path, datasets=one_file(file))


def test_mirrors_are_tried_in_turn_and_share_what_arrived(server: Server, tmp_path: Path) -> None:
    server.files = {"short": CONTENT, "mirror": CONTENT}
    server.break_after = [1_000_000, 0, 0, 0, 0]
    file = RemoteFile(
        urls=(
            closed_address(),
            f"{server.address}/gone",
            f"{server.address}/short",
            f"{server.address}/mirror",
        ),
        name="a.bin",
        size=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
    )
    assert fetch("made", tmp_path, datasets=one_file(file)).read_bytes() == CONTENT
    assert server.ranges_asked[-1] == "bytes=1000000-"


@pytest.mark.skipif(sys.platform != "linux", reason="needs a device that is always full")
def test_a_full_disk_while_writing(server: Server, tmp_path: Path) -> None:
    server.files["a.bin"] = CONTENT
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "a.bin.part").symlink_to("/dev/full")
    with pytest.raises(FetchError, match=r"cannot be stored in .*: No space left on device"):
        fetch("made", tmp_path, datasets=one_file(server.remote("a.bin", CONTENT)))


def test_too_little_space_is_noticed_before_the_download(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    file = server.remote("a.bin", CONTENT)
    with pytest.raises(FetchError, match="2 MB are needed, and 1 MB are free"):
        fetch("made", tmp_path, datasets=one_file(file))
    assert server.ranges_asked == []


def test_a_folder_that_cannot_be_made(server: Server, tmp_path: Path) -> None:
    (tmp_path / "made").write_text("a file, not a folder")
    with pytest.raises(FetchError, match="cannot be stored") as caught:
        fetch("made", tmp_path, datasets=one_file(server.remote("a.bin", CONTENT)))
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno in {errno.EEXIST, errno.ENOTDIR}


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"“emnist”.* mnist, emnist-balanced"):
        fetch("emnist", tmp_path)


def idx_pair(count: int) -> tuple[bytes, bytes]:
    images = np.random.default_rng(1).integers(0, 2, (count, 28, 28)).astype(np.uint8)
    images[:, [0, -1]] = 0
    images[:, :, [0, -1]] = 0
    labels = (np.arange(count) % 26 + 1).astype(np.uint8)
    return (
        gzip.compress(b"\0\0\x08\x03" + struct.pack(">3I", *images.shape) + images.tobytes()),
        gzip.compress(b"\0\0\x08\x01" + struct.pack(">I", count) + labels.tobytes()),
    )


def emnist_like(server: Server, archive: bytes) -> dict[str, RemoteDataset]:
    server.files["gzip.zip"] = archive
    real = DATASETS["emnist-letters"]
    file = server.remote("gzip.zip", archive)
    return {
        "emnist-letters": RemoteDataset(
            real.description, real.folder, (file,), real.members, real.main
        )
    }


def emnist_archive(leave_out: str = "") -> bytes:
    images, labels = idx_pair(40)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part in ("train", "test"):
            archive.writestr(f"gzip/emnist-letters-{part}-images-idx3-ubyte.gz", images)
            archive.writestr(f"gzip/emnist-letters-{part}-labels-idx1-ubyte.gz", labels)
            archive.writestr(f"gzip/emnist-digits-{part}-labels-idx1-ubyte.gz", labels)
        archive.writestr("../../outside.txt", "never written")
        if leave_out != "mapping":
            mapping = "\n".join(f"{number} {64 + number} {96 + number}" for number in range(1, 27))
            archive.writestr("gzip/emnist-letters-mapping.txt", mapping)
    return buffer.getvalue()


def test_a_split_of_emnist_is_unpacked_and_can_be_read(server: Server, tmp_path: Path) -> None:
    datasets = emnist_like(server, emnist_archive())
    seen: list[float] = []
    folder = tmp_path / "a" / "b"
    path = fetch(
        "emnist-letters", folder, datasets=datasets, on_progress=lambda at, _: seen.append(at)
    )
    assert seen == sorted(seen)
    data = read_dataset(path)
    assert len(data) == 40
    assert "".join(data.labels[:3]) == "ABC"
    assert len(read_dataset(path.with_name(path.name.replace("train", "test")))) == 40
    assert {entry.name for entry in path.parent.iterdir()} == {
        "gzip.zip",
        *DATASETS["emnist-letters"].members,
    }
    assert not list(tmp_path.rglob("outside.txt"))


def test_the_archive_is_not_downloaded_again_for_what_was_deleted(
    server: Server, tmp_path: Path
) -> None:
    datasets = emnist_like(server, emnist_archive())
    path = fetch("emnist-letters", tmp_path, datasets=datasets)
    path.unlink()
    assert fetch("emnist-letters", tmp_path, datasets=datasets).is_file()
    assert len(server.ranges_asked) == 1


def test_an_archive_that_lacks_a_file(server: Server, tmp_path: Path) -> None:
    datasets = emnist_like(server, emnist_archive(leave_out="mapping"))
    with pytest.raises(FetchError, match=r"gzip\.zip lacks a file or is damaged"):
        fetch("emnist-letters", tmp_path, datasets=datasets)


def test_stopping_while_unpacking(server: Server, tmp_path: Path) -> None:
    datasets = emnist_like(server, emnist_archive())
    texts: list[str] = [""]
    with pytest.raises(Cancelled):
        fetch(
            "emnist-letters",
            tmp_path,
            datasets=datasets,
            on_progress=lambda _, text: texts.append(text),
            should_stop=lambda: texts[-1].startswith("Unpacking"),
        )
    assert fetch("emnist-letters", tmp_path, datasets=datasets).is_file()
    assert len(server.ranges_asked) == 1


def test_the_catalogue_is_consistent() -> None:
    for name, dataset in DATASETS.items():
        kept = dataset.members or tuple(file.name for file in dataset.files)
        assert dataset.main in kept, name
        assert "train-images" in dataset.main, name
        assert dataset.main.replace("images-idx3", "labels-idx1") in kept, name
        for file in dataset.files:
            assert re.fullmatch(r"[0-9a-f]{64}", file.sha256), name
            assert len(file.urls) > 1, name
    assert default_folder().name == "datasets"
