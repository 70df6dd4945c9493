"""What every test of the window starts from, and what it must leave behind."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QThread, QThreadPool
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from handwrite_gui.engine.model_file import Model, load_model
from handwrite_gui.engine.resources import default_model_path
from handwrite_gui.engine.training.runs import FOLDER_VARIABLE
from handwrite_gui.theme import ThemeManager, theme

# Before the QApplication is made: no test needs a screen, and none should flicker on one.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Qt's warnings fail tests, except one about the platform that only tests use."""
    here = Path(__file__).parent
    # The offscreen platform says this of every window with a least size.
    harmless = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")
    for item in items:
        if here in item.path.parents:
            item.add_marker(harmless)


@pytest.fixture(autouse=True)
def fresh_settings(tmp_path: Path) -> Iterator[Path]:
    """Settings in an empty folder of the test's own."""
    folder = tmp_path / "settings"
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder))
    yield folder
    # The next test, or a stray late write, must not reach this folder or the person's own.
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "old"))


@pytest.fixture(autouse=True)
def fresh_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Runs are kept in an empty folder of the test's own."""
    folder = tmp_path / "runs"
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    return folder


@pytest.fixture(autouse=True)
def fresh_profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No profiles but those that the test makes."""
    folder = tmp_path / "profiles"
    monkeypatch.setenv("HANDWRITE_PROFILES", str(folder))
    return folder


@pytest.fixture(autouse=True)
def default_theme(qapp: QApplication) -> Iterator[ThemeManager]:
    """The light theme at the start of every test, whatever the one before chose."""
    manager = theme()
    manager.set_appearance("light")
    yield manager
    manager.set_appearance("light")


@pytest.fixture(scope="session")
def shipped_model() -> Model:
    """The model that comes with the program."""
    try:
        return load_model(default_model_path())
    except FileNotFoundError:
        pytest.skip("resources/models/default.npz is not there; scripts train it")


def _running_threads() -> set[str]:
    """Names of the threads that a widget could have left: QThread, QThreadPool, Python."""
    found = set()
    for thread in threading.enumerate():
        # A dummy stands for a thread that Python did not start; the pools below cover those.
        if thread is not threading.main_thread() and not isinstance(thread, threading._DummyThread):
            found.add(f"Python thread {thread.name}")
    if QThreadPool.globalInstance().activeThreadCount():
        found.add("the global QThreadPool")
    for candidate in gc.get_objects():
        kind = type(candidate)
        # The GUI thread is a QThread as well, once somebody asked for it.
        runs = issubclass(kind, QThread) and isValid(candidate) and candidate.isRunning()
        if runs and candidate != QApplication.instance().thread():
            found.add(f"QThread {kind.__name__} at {id(candidate):#x}")
        if issubclass(kind, QThreadPool) and isValid(candidate) and candidate.activeThreadCount():
            found.add(f"QThreadPool at {id(candidate):#x}")
    return found


@pytest.fixture(autouse=True)
def no_thread_outlives_its_test(qapp: QApplication) -> Iterator[None]:
    """Fails a test that leaves a thread running when its widgets are gone."""
    before = _running_threads()
    yield
    deadline = time.monotonic() + 2.0
    while left := _running_threads() - before:
        if time.monotonic() > deadline:
            pytest.fail(f"still running after the test: {', '.join(sorted(left))}")
        QApplication.processEvents()
        time.sleep(0.01)
