"""Whether the window stays smooth while it trains, and what the window costs the training.

    QT_QPA_PLATFORM=offscreen python benchmarks/window_responsiveness.py [--seconds 20]

Trains the largest preset on synthetic characters in the window, with the curves and one page in
view, and notes when a timer of 16 ms ticks.  Then the same training without a window, as on the
command line, before and after.  The window that does nothing is measured too: what it misses is the
machine's doing, on which others work.  Times on a shared machine vary.  What must hold:
99 of 100 ticks within 25 ms, the longest wait below 100 ms, nine tenths of the speed.
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
from handwrite_gui.engine.training import BatchDone, Trainer, TrainingSettings  # noqa: E402
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


def without_window(settings: TrainingSettings, data: PreparedData, seconds: float) -> float:
    """Samples a second of the bare trainer."""
    trainer = Trainer(settings, data.training, data.validation, data.classes)
    begun, first = 0.0, 0
    for event in trainer.run():
        now = time.perf_counter()
        if isinstance(event, BatchDone):
            begun, first = (begun, first) if begun else (now, event.step)
            if now - begun >= seconds:
                break
    return rate(trainer, data, first) / (time.perf_counter() - begun)


def rate(trainer: Trainer, data: PreparedData, first: int) -> float:
    """Samples learned since a batch."""
    return (trainer.steps_done - first) / trainer.batches_per_epoch * data.training_count


class Ticks:
    """Notes how late a timer is."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self._clock = QElapsedTimer()
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=TICK_MILLISECONDS)
        self._timer.timeout.connect(self._note)

    def start(self) -> None:
        self._clock.start()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    @property
    def within(self) -> float:
        """Share of the ticks that were not late."""
        return sum(wait <= ALLOWED_MILLISECONDS for wait in self.waits) / len(self.waits)

    def quantile(self, share: float) -> float:
        return sorted(self.waits)[int(share * (len(self.waits) - 1))]

    def _note(self) -> None:
        self.waits.append(self._clock.nsecsElapsed() / 1e6)
        self._clock.restart()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20.0, help="of each measurement")
    parser.add_argument("--page", default="inside", help="the page beside the curves")
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

    def listen(seconds: float) -> tuple[Ticks, float]:
        """Ticks of Qt's own loop, as in the program, and the GUI thread's share of a processor."""
        ticks, spent, begun = Ticks(), time.thread_time(), time.perf_counter()
        ticks.start()
        loop = QEventLoop()  # ending the application's own would close the window
        QTimer.singleShot(round(1000 * seconds), loop.quit)
        loop.exec()
        ticks.stop()
        return ticks, (time.thread_time() - spent) / (time.perf_counter() - begun)

    idle, _ = listen(options.seconds / 2)
    bare = [without_window(settings, data, options.seconds / 2)]
    view.start()
    wait(lambda: view.session.state is RunState.RUNNING)
    view.pages.show_page(options.page)
    trainer = view.session.trainer
    assert trainer is not None
    warm = time.perf_counter() + WARM_UP_SECONDS
    wait(lambda: time.perf_counter() > warm)
    begun, first = time.perf_counter(), trainer.steps_done
    ticks, processor = listen(options.seconds)
    in_window = rate(trainer, data, first) / (time.perf_counter() - begun)
    window.close()
    bare.append(without_window(settings, data, options.seconds / 2))

    share = in_window / statistics.mean(bare)
    print(f"preset {preset}, {data.training_count:,} characters, page “{options.page}”")
    print(f"{'':<22}{'training':>10}{'idle':>10}")
    for name, quantile in (("median", 0.5), ("99 of 100", 0.99), ("longest", 1.0)):
        both = f"{ticks.quantile(quantile):>10.1f}{idle.quantile(quantile):>10.1f}"
        print(f"{name + ', ms':<22}{both}")
    limit = f"within {ALLOWED_MILLISECONDS:g} ms"
    print(f"{limit:<22}{ticks.within:>10.2%}{idle.within:>10.2%}   (99% wanted)")
    print(f"GUI thread            {processor:>10.1%}   of a processor")
    print(f"longest below {LONGEST_MILLISECONDS:g} ms wanted")
    figures = " and ".join(f"{figure:,.0f}" for figure in bare)
    print(f"samples/s, bare      {figures}")
    print(f"samples/s, in window {in_window:>10,.0f}")
    print(f"share                {share:>10.2f}   ({ALLOWED_SHARE:g} wanted)")


if __name__ == "__main__":
    main()
