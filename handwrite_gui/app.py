"""Starting the window.

Nothing of Qt is imported before it is known to load, and nothing of the engine that brings
NumPy or SciPy before the window is on the screen.
"""

from __future__ import annotations

import signal
import socket
import sys
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from handwrite_gui import __version__
from handwrite_gui.preflight import startup_problem

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from handwrite_gui.main_window import MainWindow


def main(argv: Sequence[str]) -> int:
    """Open the window and stay until it is closed; returns the exit status.

    Args:
        argv: files to open, and options of Qt's own such as ``-platform``; without the
            program's name.
    """
    problem = startup_problem(argv)
    if problem is not None:
        print(f"handwrite-gui: {problem}", file=sys.stderr)
        return 1
    application = make_application(argv)

    from handwrite_gui.main_window import MainWindow

    window = MainWindow()
    report_unexpected_errors(window)
    wakeup = close_on_interrupt(window)
    window.show()
    # Qt took its own options out of the arguments.
    files = application.arguments()[1:]
    if files:
        window.open_files(files)
    status = application.exec()
    del wakeup
    return status


def make_application(argv: Sequence[str]) -> QApplication:
    """The QApplication with the program's name, icon and theme."""
    from PySide6.QtWidgets import QApplication

    from handwrite_gui.icons import application_icon
    from handwrite_gui.settings import settings
    from handwrite_gui.theme import APPEARANCES, theme

    application = QApplication(["handwrite-gui", *argv])
    application.setApplicationName("Handwrite")
    application.setApplicationDisplayName("Handwrite")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("handwrite-gui")
    application.setWindowIcon(application_icon())
    appearance = settings().read("window/appearance", "system")
    theme().set_appearance(appearance if appearance in APPEARANCES else "system")
    return application


def report_unexpected_errors(window: MainWindow) -> None:
    """Show exceptions that nobody caught in the window's message bar, and print them."""

    def in_gui_thread(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        sys.__excepthook__(kind, error, trace)
        if isinstance(error, KeyboardInterrupt):
            window.close_at_once()
        else:
            window.unexpected_error.emit(error)

    def in_other_thread(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            in_gui_thread(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    sys.excepthook = in_gui_thread
    threading.excepthook = in_other_thread


def close_on_interrupt(window: MainWindow) -> object:
    """Close the window in good order on Ctrl+C in the terminal and on a polite kill.

    Returns:
        what must be kept alive as long as the window: Qt's loop does not return to Python by
        itself, so Python's signal handling is woken through a pair of sockets.
    """
    from PySide6.QtCore import QSocketNotifier

    receiving, sending = socket.socketpair()
    receiving.setblocking(False)
    sending.setblocking(False)
    signal.set_wakeup_fd(sending.fileno())
    notifier = QSocketNotifier(receiving.fileno(), QSocketNotifier.Type.Read, window)
    notifier.activated.connect(lambda: receiving.recv(64))
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: window.close_at_once())
    return receiving, sending
