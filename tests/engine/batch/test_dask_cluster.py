"""A batch on a cluster of two workers, of which one is killed half-way."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from handwrite_gui.engine.batch.batch import Batch
from handwrite_gui.engine.batch.events import FileDone, PageDone
from handwrite_gui.engine.batch.plan import plan
from handwrite_gui.engine.batch.task import BatchSettings
from handwrite_gui.engine.errors import HandwriteError
from tests.engine.batch.conftest import writing
from tests.engine.local_cluster import Cluster

pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="needs signals"),
    # Of the library: it leaves sockets to the garbage collector when workers vanish.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


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
    from handwrite_gui.engine import cluster
    from handwrite_gui.engine.batch.dask_cluster import DaskCluster

    monkeypatch.setattr(cluster, "SECONDS_TO_CONNECT", 0.5)
    with pytest.raises(HandwriteError, match="no Dask scheduler"):
        DaskCluster(BatchSettings(), "tcp://127.0.0.1:9")
