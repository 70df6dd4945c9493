"""Starting: quick and light, with one clear sentence where it cannot work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("numpy", "scipy", "skimage", "pyqtgraph", "PIL")


def run(
    code: str, *, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **(environment or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_importing_the_application_loads_nothing_heavy() -> None:
    done = run(
        f"""
        import sys
        import handwrite_gui.app
        import handwrite_gui.main_window
        print([name for name in {HEAVY!r} if name in sys.modules])
        """
    )
    assert done.stdout == "[]\n", done.stderr


def test_the_window_is_painted_before_anything_heavy_is_loaded(tmp_path: Path) -> None:
    done = run(
        f"""
        import sys
        from handwrite_gui.app import make_application
        application = make_application([])
        from handwrite_gui.main_window import MainWindow
        window = MainWindow()
        window.show()
        while not window._started:
            application.processEvents()
        print([name for name in {HEAVY!r} if name in sys.modules])
        """,
        environment={"XDG_CONFIG_HOME": str(tmp_path)},
    )
    assert done.stdout == "[]\n", done.stderr


def test_main_opens_the_window_and_ends_with_status_0(tmp_path: Path) -> None:
    done = run(
        """
        import sys
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication
        import handwrite_gui.main_window as module

        class Closing(module.MainWindow):
            def show_view(self, name):
                super().show_view(name)
                print(name, QApplication.applicationName(), not self.windowIcon().isNull())
                QTimer.singleShot(0, self.close)

        module.MainWindow = Closing
        from handwrite_gui.app import main
        sys.exit(main([]))
        """,
        environment={"XDG_CONFIG_HOME": str(tmp_path)},
    )
    assert (done.returncode, done.stdout) == (0, "draw Handwrite True\n"), done.stderr
    assert (tmp_path / "Handwrite" / "Handwrite.ini").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_polite_kill_closes_the_window_in_good_order(tmp_path: Path, number: int) -> None:
    done = run(
        f"""
        import os, sys
        from PySide6.QtCore import QTimer
        import handwrite_gui.main_window as module

        class Closing(module.MainWindow):
            def closeEvent(self, event):
                print("closed in good order")
                super().closeEvent(event)

            def showEvent(self, event):
                super().showEvent(event)
                QTimer.singleShot(400, lambda: os.kill(os.getpid(), {int(number)}))

        module.MainWindow = Closing
        from handwrite_gui.app import main
        sys.exit(main([]))
        """,
        environment={"XDG_CONFIG_HOME": str(tmp_path)},
    )
    assert (done.returncode, done.stdout) == (0, "closed in good order\n"), done.stderr


def test_an_error_that_nobody_caught_is_shown_and_printed(tmp_path: Path) -> None:
    done = run(
        """
        from PySide6.QtCore import QTimer
        from handwrite_gui.app import make_application, report_unexpected_errors
        application = make_application([])
        from handwrite_gui.main_window import MainWindow
        window = MainWindow()
        report_unexpected_errors(window)
        window.show()

        def fail():
            raise ZeroDivisionError("in a slot")

        def look():
            print(window.message_bar.text)
            window.close()

        QTimer.singleShot(200, fail)
        QTimer.singleShot(400, look)
        application.exec()
        """,
        environment={"XDG_CONFIG_HOME": str(tmp_path)},
    )
    assert "ZeroDivisionError: in a slot" in done.stdout
    assert "Traceback" in done.stderr


# What is missing is said in one sentence.


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("handwrite-gui: ")
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def start_without(module: str, error: str) -> subprocess.CompletedProcess[str]:
    return run(
        f"""
        import sys
        import importlib.abc

        class Missing(importlib.abc.MetaPathFinder):
            def find_spec(self, name, path, target=None):
                if name.split(".")[0] == {module!r}:
                    raise {error}

        sys.meta_path.insert(0, Missing())
        from handwrite_gui.app import main
        sys.exit(main([]))
        """
    )


def test_without_pyside6_the_command_that_installs_it_is_named() -> None:
    done = start_without("PySide6", "ModuleNotFoundError('No module', name='PySide6')")
    said = one_sentence(done)
    assert "PySide6" in said
    assert "python3 scripts/dev.py open" in said


def test_without_a_system_library_the_library_and_the_command_are_named() -> None:
    missing = "libEGL.so.1: cannot open shared object file: No such file or directory"
    said = one_sentence(start_without("PySide6", f"ImportError({missing!r})"))
    assert "libEGL.so.1" in said
    assert "python3 scripts/dev.py open" in said


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 is asked on Linux only")
def test_a_display_that_does_not_answer_is_named() -> None:
    environment = {"QT_QPA_PLATFORM": "xcb", "DISPLAY": ":4711", "WAYLAND_DISPLAY": ""}
    said = one_sentence(
        run(
            "import sys; from handwrite_gui.app import main; sys.exit(main([]))",
            environment=environment,
        )
    )
    assert "“:4711” cannot be reached" in said or "system library" in said


def test_main_py_names_what_is_missing_and_the_command(tmp_path: Path) -> None:
    # A Python without any package: numpy is the first that the program needs.
    done = subprocess.run(
        [sys.executable, "-S", "-E", str(ROOT / "main.py")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = one_sentence(done)
    assert "python3 scripts/dev.py open" in said
