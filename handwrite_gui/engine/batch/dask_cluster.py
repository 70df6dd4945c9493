"""The tasks of a batch on a Dask cluster that is there already (the extra ``cluster``)."""

from __future__ import annotations

from handwrite_gui.engine.batch.performing import perform
from handwrite_gui.engine.batch.task import BatchSettings, Outcome, Task
from handwrite_gui.engine.cluster import Cluster

_TRIES = 2
_LOST = "the workers that read it were lost, more than once; the file may be damaged."


class DaskCluster:
    """Does tasks on the workers of a cluster.

    Every worker reads the files under the same paths as this machine, as from a shared folder, and
    has this program installed.  A task whose worker is lost is done by another; as outputs are
    written here alone, and once a task, nothing is written twice.

    Args:
        settings: of the batch.
        address: of the scheduler, ``tcp://host:8786``.

    Raises:
        HandwriteError: Dask is not installed, or there is no scheduler at the address.
    """

    def __init__(self, settings: BatchSettings, address: str) -> None:
        self._cluster: Cluster[Task] = Cluster(address, "batch")
        self._settings = settings
        self._tries: dict[Task, int] = {}

    @property
    def capacity(self) -> int:
        """Two for each thread of a worker: one is done while the next is on its way."""
        return max(2 * self._cluster.threads, 1)

    def submit(self, task: Task) -> None:
        self._tries[task] = self._tries.get(task, 0) + 1
        self._cluster.submit(task, perform, task, self._settings, retries=_TRIES)

    def wait(self, seconds: float) -> list[tuple[Task, Outcome]]:
        """As of any executor.

        Raises:
            HandwriteError: all workers are gone.
        """
        done = []
        for finished in self._cluster.wait(seconds):
            task = finished.job
            if finished.error is not None and self._tries[task] < _TRIES:
                self.submit(task)
                continue
            self._tries.pop(task, None)
            outcome = Outcome(error=_LOST) if finished.error is not None else finished.result
            done.append((task, outcome))
        return done

    def cancel(self) -> None:
        self._cluster.cancel()

    def close(self) -> None:
        self._cluster.close()
