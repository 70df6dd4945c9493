"""Several processes: all that was asked is done, also when one of them dies."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from handwrite_gui.engine.batch.batch import Batch
from handwrite_gui.engine.batch.events import FileDone
from handwrite_gui.engine.batch.executors import Processes, usual_jobs
from handwrite_gui.engine.batch.plan import plan
from handwrite_gui.engine.batch.task import BatchItem, BatchSettings, Task
from tests.engine.batch.conftest import writing


def test_a_folder_is_read_by_two_processes(scans: Path, tmp_path: Path) -> None:
    settings = BatchSettings()
    batch = Batch(plan([scans], tmp_path / "out", "text"), settings, tmp_path / "out")
    executor = Processes(settings, 2)
    workers = [worker.process for worker in executor._workers]
    pids = [process.pid for process in workers]
    assert len(set(pids)) == 2
    list(batch.run(executor))
    assert [row.source.name for row in batch.report.failed] == ["page 3.png"]
    assert len(list((tmp_path / "out").rglob("*.txt"))) == 4


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_a_process_that_is_killed_half_way_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(5):
        writing(2, number).save(folder / f"{number}.png")
    settings = BatchSettings()
    batch = Batch(plan([folder], tmp_path / "out", "text"), settings, tmp_path / "out")
    executor = Processes(settings, 2)
    killed = False
    done = []
    for event in batch.run(executor):
        if isinstance(event, FileDone):
            done.append(event.item.stem)
            if not killed:
                victim = executor._workers[0].process.pid
                assert victim is not None
                os.kill(victim, signal.SIGKILL)
                killed = True
    assert sorted(done) == [str(number) for number in range(5)]
    assert not batch.report.failed


def test_a_task_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    writing(3).save(tmp_path / "a.png")
    executor = Processes(BatchSettings(), 1, limit=0.0)
    executor.submit(Task("read", BatchItem(tmp_path / "a.png", "a"), whole=True))
    deadline = time.monotonic() + 60
    done = []
    while not done and time.monotonic() < deadline:
        done = executor.wait(0.1)
    executor.close()
    ((_, outcome),) = done
    assert "took longer" in (outcome.error or "")


def test_how_many_are_usual() -> None:
    assert 1 <= usual_jobs() <= (os.cpu_count() or 1)
    with pytest.raises(ValueError, match="at least 1"):
        Processes(BatchSettings(), 0)
