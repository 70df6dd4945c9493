"""Work on a Dask cluster that is there already (the extra ``cluster``)."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from handwrite_gui.engine.errors import HandwriteError

SECONDS_TO_CONNECT = 20.0
NO_WORKERS_AFTER = 60.0

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Finished(Generic[K]):
    """A job that was done, or was not.

    Attributes:
        job: what the job was submitted as.
        result: what the function returned.
        error: what it raised, or what became of the workers that did it; None where it is done.
    """

    job: K
    result: Any = None
    error: BaseException | None = None


class Cluster(Generic[K]):
    """Jobs, each known by a value of the caller's, on the workers of a cluster.

    A job whose worker is lost is done by another; one that several workers were lost with is
    given up by Dask.  Every worker has this program installed.

    Args:
        address: of the scheduler, ``tcp://host:8786``.
        work: what can be resumed when all workers are gone, for the message: “batch”.

    Raises:
        HandwriteError: Dask is not installed, or there is no scheduler at the address.
    """

    def __init__(self, address: str, work: str) -> None:
        try:
            distributed: Any = import_module("distributed")
        except ImportError:
            raise HandwriteError(
                "A cluster needs the Python package “distributed”; install Handwrite with the "
                "extra “cluster”."
            ) from None
        try:
            self._client: Any = distributed.Client(
                address, timeout=SECONDS_TO_CONNECT, set_as_default=False
            )
        except (OSError, ValueError, TimeoutError) as error:
            raise HandwriteError(
                f"There is no Dask scheduler at {address}; check the address, and that it runs."
            ) from error
        self._work = work
        self._running: dict[Any, K] = {}
        self._finished: SimpleQueue[Any] = SimpleQueue()
        self._alone_since: float | None = None

    @property
    def threads(self) -> int:
        """Of all workers together."""
        return sum(self._client.nthreads().values())

    def submit(
        self, job: K, function: Callable[..., object], *arguments: object, retries: int = 0
    ) -> None:
        """Have a function of this program called by a worker.

        Args:
            job: what :meth:`wait` calls it.
            retries: how often it is called again when it raised.
        """
        future = self._client.submit(function, *arguments, pure=False, retries=retries)
        self._running[future] = job
        future.add_done_callback(self._finished.put)

    def wait(self, seconds: float) -> list[Finished[K]]:
        """The jobs that ended; waits for one, so many seconds at most.

        Raises:
            HandwriteError: all workers are gone.
        """
        ended = []
        with contextlib.suppress(Empty):
            ended.append(self._finished.get(timeout=seconds))
            while True:
                ended.append(self._finished.get_nowait())
        self._check_workers()
        finished = []
        for future in ended:
            if future not in self._running:  # it was cancelled
                continue
            job = self._running.pop(future)
            if future.status == "finished":
                finished.append(Finished(job, future.result()))
            else:
                finished.append(Finished(job, error=_error_of(future)))
            future.release()
        return finished

    def cancel(self) -> None:
        """Forget the jobs: those that were not begun never are."""
        for future in self._running:
            future.cancel()
        self._running.clear()

    def close(self) -> None:
        self.cancel()
        self._client.close()

    def _check_workers(self) -> None:
        if self._client.nthreads():
            self._alone_since = None
            return
        now = time.monotonic()
        self._alone_since = self._alone_since or now
        if now - self._alone_since > NO_WORKERS_AFTER:
            raise HandwriteError(
                "The cluster has had no workers for a minute; start some, and resume the "
                f"{self._work}."
            )


def _error_of(future: Any) -> BaseException:
    error = future.exception() if future.status == "error" else None
    return error if isinstance(error, BaseException) else RuntimeError(f"it was {future.status}")
