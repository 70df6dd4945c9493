"""Whether the window stays smooth while it trains, and what the window costs the training.

    QT_QPA_PLATFORM=offscreen python benchmarks/window_responsiveness.py [--seconds 20]

Trains the largest preset on synthetic characters in the window, with one page in view and beside
it the curves, where the page has them there, and notes when a timer of 16 ms ticks.  In turns with
it the same training goes on without a window, as `train --keep` does on the command line, so that
both see the same machine; the share is the median over the rounds.  What must hold: 99 of 100
ticks within 25 ms, the longest wait below 100 ms, nine tenths of the speed.

Others may work on the machine.  What the window misses while it does nothing is shown, and on
Linux, what is left without the time in which the kernel kept a thread waiting for a processor.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

_FOLDER = tempfile.TemporaryDirectory(prefix="handwrite-benchmark-")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# The person's own runs and settings are none of a benchmark's business.
os.environ["HANDWRITE_RUNS"] = str(Path(_FOLDER.name) / "runs")

from PySide6.QtCore import QElapsedTimer, QEventLoop, QSettings, Qt, QTimer  # noqa: E402

from handwrite_gui.app import make_application  # noqa: E402
from handwrite_gui.engine.training import Trainer  # noqa: E402
from handwrite_gui.engine.training.run_recorder import (  # noqa: E402
    RunRecorder,
    record_new_run,
    run_data,
)
from handwrite_gui.engine.training.runs import RunStore  # noqa: E402
from handwrite_gui.train.data_source import PreparedData  # noqa: E402
from handwrite_gui.train.layer_widths import parse_layer_widths  # noqa: E402
from handwrite_gui.train.session import RunState  # noqa: E402
from handwrite_gui.train.settings_form import LAYER_PRESETS  # noqa: E402

TICK_MILLISECONDS = 16
ALLOWED_MILLISECONDS, LONGEST_MILLISECONDS, ALLOWED_SHARE = 25.0, 100.0, 0.9
WARM_UP_SECONDS = 3.0


def largest_preset() -> str:
    """The preset with the most weights between its layers."""

    def weights(text: str) -> int:
        if text == "none":
            return 0
        sizes = (1024, *parse_layer_widths(text, widest=8192, most_layers=16), 36)
        return sum(a * b for a, b in pairwise(sizes))

    return max((text for text, _ in LAYER_PRESETS), key=weights)


class Thread:
    """What the kernel says of a thread of this process.

    Args:
        name: of the thread, as the kernel has it; the calling one by default.
    """

    def __init__(self, name: str = "") -> None:
        folders = Path("/proc/self/task").glob("*") if name else [Path("/proc/thread-self")]
        found = [f for f in folders if not name or (f / "comm").read_text().strip() == name]
        path = found[0].resolve() / "schedstat" if found else None
        self._path = path if path is not None and path.exists() else None

    def waited(self) -> float:
        """Seconds in which it could have run and there was no processor; 0 where nobody knows."""
        return int(self._path.read_text().split()[1]) / 1e9 if self._path is not None else 0.0


class Speed:
    """Samples a second of a trainer: by the clock, and by the time that it had a processor."""

    def __init__(self, trainer: Trainer, data: PreparedData, thread: Thread) -> None:
        self._trainer, self._thread = trainer, thread
        self._samples = data.training_count / trainer.batches_per_epoch
        self.begin()

    def begin(self) -> None:
        self._step = self._trainer.steps_done
        self._since, self._waited = time.perf_counter(), self._thread.waited()

    def measure(self) -> tuple[float, float]:
        samples = self._samples * (self._trainer.steps_done - self._step)
        seconds = time.perf_counter() - self._since
        waited = self._thread.waited() - self._waited
        return samples / seconds, samples / max(seconds - waited, 1e-9)


class Ticks:
    """Notes how late a timer is."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self.without_queue: list[float] = []
        self._thread = Thread()
        self._waited = 0.0
        self._clock = QElapsedTimer()
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=TICK_MILLISECONDS)
        self._timer.timeout.connect(self._note)

    def start(self) -> None:
        self._waited = self._thread.waited()
        self._clock.start()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _note(self) -> None:
        wait = self._clock.nsecsElapsed() / 1e6
        self._clock.restart()
        before, self._waited = self._waited, self._thread.waited()
        self.waits.append(wait)
        self.without_queue.append(wait - 1000 * (self._waited - before))


def within(waits: list[float]) -> float:
    """Share of the ticks that were not late."""
    return sum(wait <= ALLOWED_MILLISECONDS for wait in waits) / len(waits)


def quantile(waits: list[float], share: float) -> float:
    return sorted(waits)[int(share * (len(waits) - 1))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20.0, help="of training in the window")
    parser.add_argument("--rounds", type=int, default=5, help="that the seconds are parted into")
    parser.add_argument("--page", default="errors", help="the page in view")
    parser.add_argument("--per-class", type=int, default=300, help="characters of each class")
    options = parser.parse_args()
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, _FOLDER.name)
    application = make_application([])

    from handwrite_gui.main_window import MainWindow
    from handwrite_gui.settings import settings as stored
    from handwrite_gui.train.view import TrainView

    def wait(condition: Callable[[], bool]) -> None:
        while not condition():
            application.processEvents()
            time.sleep(0.005)

    stored().setValue("window/view", "train")
    window = MainWindow()
    window.resize(1280, 800)
    window.show()
    wait(lambda: window.current_name == "train" and not window.store.is_loading)
    view = window.view("train")
    assert isinstance(view, TrainView)
    preset = largest_preset()
    view.form.hidden.setEditText(preset)
    view.form.integers["epochs"].setValue(100_000)
    view.chooser.fields.per_class.setValue(options.per_class)
    view.chooser.prepare()
    wait(lambda: view.chooser.data is not None and not view.chooser.is_busy)
    data, settings = view.chooser.data, view.form.settings()
    assert data is not None
    assert settings is not None

    ticks, idle = Ticks(), Ticks()

    def listen(ticks: Ticks, seconds: float) -> float:
        """Ticks of Qt's own loop, as in the program; the processor time of the GUI thread."""
        spent = time.thread_time()
        ticks.start()
        loop = QEventLoop()  # ending the application's own would close the window
        QTimer.singleShot(round(1000 * seconds), loop.quit)
        loop.exec()
        ticks.stop()
        return time.thread_time() - spent

    listen(idle, options.seconds / 2)
    view.start()
    wait(lambda: view.session.state is RunState.RUNNING)
    view.pages.show_page(options.page)
    trainer = view.session.trainer
    assert trainer is not None
    warm = time.perf_counter() + WARM_UP_SECONDS
    wait(lambda: time.perf_counter() > warm)
    bare_trainer = Trainer(settings, data.training, data.validation, data.classes)
    store = RunStore(Path(_FOLDER.name) / "bare")
    kept = run_data("synthetic", {}, data.training, data.validation)
    recorder = RunRecorder(store, record_new_run(store, bare_trainer, "bare", kept), bare_trainer)
    bare_run = bare_trainer.run()
    recorder.take(next(bare_run))
    in_window = Speed(trainer, data, Thread("training"))
    bare = Speed(bare_trainer, data, Thread())
    length, processor = options.seconds / options.rounds, 0.0
    windows, bares = [], []
    for _ in range(options.rounds):
        view.session.pause()
        wait(lambda: view.session.state is RunState.PAUSED)
        bare.begin()
        end = time.perf_counter() + length
        while time.perf_counter() < end:
            recorder.take(next(bare_run))
        bares.append(bare.measure())
        view.session.resume()
        wait(lambda: view.session.state is RunState.RUNNING)
        in_window.begin()
        processor += listen(ticks, length)
        windows.append(in_window.measure())
    bare_run.close()
    recorder.close("stopped")
    window.close()

    print(f"preset {preset}, {data.training_count:,} characters, page “{options.page}”")
    print(f"{'':<22}{'training':>10}{'idle':>10}{'training, without waiting':>27}")
    columns = (ticks.waits, idle.waits, ticks.without_queue)
    for name, place in (("median", 0.5), ("99 of 100", 0.99), ("longest", 1.0)):
        figures = [quantile(waits, place) for waits in columns]
        print(f"{name + ', ms':<22}{figures[0]:>10.1f}{figures[1]:>10.1f}{figures[2]:>27.1f}")
    limit = f"within {ALLOWED_MILLISECONDS:g} ms"
    shares = [within(waits) for waits in columns]
    print(f"{limit:<22}{shares[0]:>10.2%}{shares[1]:>10.2%}{shares[2]:>27.2%}   (99% wanted)")
    print(f"longest below {LONGEST_MILLISECONDS:g} ms wanted")
    print(f"GUI thread            {processor / options.seconds:>10.1%}   of a processor")
    print(f"{'':<22}{'window':>10}{'bare':>10}{'share':>10}   ({ALLOWED_SHARE:g} wanted)")
    for number, name in enumerate(("samples/s", "without waiting")):
        pairs = [(w[number], b[number]) for w, b in zip(windows, bares, strict=True)]
        window_speed, bare_speed = (statistics.median(side) for side in zip(*pairs, strict=True))
        share = statistics.median(w / b for w, b in pairs)
        print(f"{name:<22}{window_speed:>10,.0f}{bare_speed:>10,.0f}{share:>10.2f}")


if __name__ == "__main__":
    main()
