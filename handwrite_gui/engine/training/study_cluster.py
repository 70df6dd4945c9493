"""The runs of a study on the workers of a Dask cluster (the extra ``cluster``)."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from handwrite_gui.engine.cluster import Cluster, Finished
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.training.kept_run import (
    ShouldStop,
    read_training_data,
    train_kept_run,
    write_training_data,
)
from handwrite_gui.engine.training.runs import RUN, RunRecord, RunStore
from handwrite_gui.engine.training.training_data import TrainingData

LOOK_SECONDS = 0.5
"""Between two looks of a worker at whether the study goes on."""
SILENCE_SECONDS = 60.0
"""A study that gave no sign for so long has died; its workers stop."""
_SIGN_SECONDS = 5.0

_DATA, _SIGN = "data.npz", "goes-on"


def run_on_cluster(
    store: RunStore,
    records: Sequence[RunRecord],
    training: TrainingData,
    validation: TrainingData | None,
    address: str,
    *,
    on_look: Callable[[], object],
    should_stop: ShouldStop,
) -> None:
    """Trains runs on a cluster, as many at once as its workers have threads.

    The folder of runs is one that every worker sees under the same path.  The data are put there
    while the study goes on, beside a file whose time says that it does: gone, or no newer for a
    minute, and the workers stop.  A run whose worker is lost goes on elsewhere, from its
    checkpoint, to the same weights.

    Args:
        address: of the scheduler.
        on_look: called a few times a second.
        should_stop: asked as often; the runs then stop, and can be continued.

    Raises:
        HandwriteError: there is no cluster, its workers are gone or do not see the folder, or a
            run broke off; the others were stopped.
    """
    cluster: Cluster[str] = Cluster(address, "study")
    broken: Finished[str] | None = None
    try:
        with tempfile.TemporaryDirectory(
            prefix=".study-", dir=store.folder.resolve(), ignore_cleanup_errors=True
        ) as name:
            folder = Path(name)
            write_training_data(folder / _DATA, training, validation)
            sign = folder / _SIGN
            sign.touch()
            signed = time.monotonic()
            left, goes_on = {record.id for record in records}, True
            for record in records:
                arguments = (str(store.folder.resolve()), record.id, name)
                cluster.submit(record.id, _work, *arguments)
            try:
                while left:
                    if goes_on and (broken is not None or should_stop()):
                        goes_on = False
                        sign.unlink()
                    if not goes_on and not cluster.threads:
                        break
                    if goes_on and time.monotonic() - signed > _SIGN_SECONDS:
                        os.utime(sign)
                        signed = time.monotonic()
                    for finished in cluster.wait(0.2):
                        left.discard(finished.job)
                        if finished.error is not None and broken is None:
                            broken = finished
                    on_look()
            finally:
                sign.unlink(missing_ok=True)
    finally:
        cluster.close()
    if broken is not None:
        raise _explained(store.read(broken.job), broken.error)


def _explained(record: RunRecord, error: BaseException | None) -> HandwriteError:
    said = str(error) if isinstance(error, HandwriteError) else record.message
    if not said:
        said = "the workers that trained it were lost, more than once."
    return HandwriteError(f"“{record.name}” broke off: {said} The study can be resumed.")


def _work(store_folder: str, run_id: str, folder: str) -> None:
    """What a worker does: train one run until it is over, or the study is."""
    store, sign = RunStore(store_folder), _Sign(Path(folder) / _SIGN)
    if not store.path(run_id, RUN).exists():
        raise HandwriteError(
            f"a worker does not see {store_folder}; choose a folder of runs (--runs-folder) that "
            "all machines of the cluster share."
        )
    if sign.is_gone():
        return
    training, validation = read_training_data(Path(folder) / _DATA)
    train_kept_run(store, run_id, training, validation, should_stop=sign.is_gone)


class _Sign:
    """Watches the file whose time says that a study goes on.

    Only changes of the time count: the clocks of two machines need not agree.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._time = 0
        self._changed = self._looked = time.monotonic()
        self._gone = not path.exists()

    def is_gone(self) -> bool:
        now = time.monotonic()
        if self._gone or now - self._looked < LOOK_SECONDS:
            return self._gone
        self._looked = now
        try:
            stamp = self._path.stat().st_mtime_ns
        except FileNotFoundError:
            self._gone = True
            return True
        except OSError:
            stamp = self._time  # a network that hiccups; silence decides
        if stamp != self._time:
            self._time, self._changed = stamp, now
        self._gone = now - self._changed > SILENCE_SECONDS
        return self._gone
