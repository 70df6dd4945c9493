"""What every test of the window starts from, and what it must leave behind."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QThread, QThreadPool
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from handwrite_gui.theme import ThemeManager, theme


@pytest.fixture(autouse=True)
def fresh_settings(tmp_path: Path) -> Iterator[Path]:
    """Settings in an empty folder of the test's own."""
    folder = tmp_path / "settings"
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder))
    yield folder
    # The next test, or a stray late write, must not reach this folder or the person's own.
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "old"))


@pytest.fixture(autouse=True)
def default_theme(qapp: QApplication) -> Iterator[ThemeManager]:
    """The light theme at the start of every test, whatever the one before chose."""
    manager = theme()
    manager.set_appearance("light")
    yield manager
    manager.set_appearance("light")


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
        if issubclass(kind, QThread) and isValid(candidate) and candidate.isRunning():
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
