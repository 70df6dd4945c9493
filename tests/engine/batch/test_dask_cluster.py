"""A batch on a cluster of two workers, of which one is killed half-way."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from handwrite_gui.engine.batch.batch import Batch
from handwrite_gui.engine.batch.events import FileDone, PageDone
from handwrite_gui.engine.batch.plan import plan
from handwrite_gui.engine.batch.task import BatchSettings
from handwrite_gui.engine.errors import HandwriteError
from tests.engine.batch.conftest import writing

pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="needs signals"),
    # Of the library: it leaves sockets to the garbage collector when workers vanish.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


class Cluster:
    """A scheduler and two workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        start = "from distributed.cli.dask_scheduler import main; main()"
        arguments = ["--port", "0", "--no-dashboard", "--host", "127.0.0.1"]
        self._scheduler = self._run("scheduler", start, arguments)
        self.address = self._found("scheduler", r"Scheduler at:\s+(tcp://\S+)")
        start = "from distributed.cli.dask_worker import main; main()"
        arguments = [self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard"]
        self.workers = [
            self._run(name, start, [*arguments, "--local-directory", str(folder / name)])
            for name in ("one", "two")
        ]
        for name in ("one", "two"):
            self._found(name, r"(Registered to)")

    def _run(self, name: str, code: str, arguments: list[str]) -> subprocess.Popen[bytes]:
        log = (self._folder / f"{name}.log").open("wb")
        with log:
            return subprocess.Popen(
                [sys.executable, "-c", code, *arguments], stdout=log, stderr=log, env=os.environ
            )

    def _found(self, name: str, pattern: str) -> str:
        """What a process says, as soon as it does."""
        path = self._folder / f"{name}.log"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            found = re.search(pattern, path.read_text(errors="replace"))
            if found is not None:
                return found[1]
            time.sleep(0.1)
        raise AssertionError(path.read_text(errors="replace"))

    def close(self) -> None:
        for process in (*self.workers, self._scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    folder = tmp_path / "cluster"
    folder.mkdir()
    cluster = Cluster(folder)
    yield cluster
    cluster.close()


def test_nothing_is_lost_or_done_twice_when_a_worker_is_killed(
    cluster: Cluster, tmp_path: Path
) -> None:
    from handwrite_gui.engine.batch.dask_cluster import DaskCluster

    folder = tmp_path / "scans"
    folder.mkdir()
    for number in range(4):
        writing(1, number).save(folder / f"{number}.png")
    first, *others = (writing(1, n) for n in range(2))
    first.save(folder / "fax.tif", save_all=True, append_images=others)
    (folder / "bad.png").write_bytes(b"no picture")
    settings = BatchSettings()
    batch = Batch(plan([folder], tmp_path / "out", "text"), settings, tmp_path / "out")
    done: list[str] = []
    pages: list[tuple[str, int]] = []
    for event in batch.run(DaskCluster(settings, cluster.address)):
        if isinstance(event, PageDone) and event.error is None:
            pages.append((event.item.stem, event.page))
            if len(pages) == 2:
                cluster.workers[0].send_signal(signal.SIGKILL)
        if isinstance(event, FileDone):
            done.append(event.item.stem)
    assert sorted(done) == ["0", "1", "2", "3", "bad", "fax"]
    assert len(pages) == len(set(pages)) == 6
    assert [row.source.name for row in batch.report.failed] == ["bad.png"]
    assert len(list((tmp_path / "out").glob("*.txt"))) == 5


def test_no_scheduler_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from handwrite_gui.engine.batch import dask_cluster

    monkeypatch.setattr(dask_cluster, "_SECONDS_TO_CONNECT", 0.5)
    with pytest.raises(HandwriteError, match="no Dask scheduler"):
        dask_cluster.DaskCluster(BatchSettings(), "tcp://127.0.0.1:9")
