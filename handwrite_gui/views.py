"""The views, and what the main window expects of one."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from PySide6.QtCore import QSettings, SignalInstance
from PySide6.QtWidgets import QWidget

from handwrite_gui.commands import Command
from handwrite_gui.importing import one_at_a_time
from handwrite_gui.model_store import ModelStore


class View(Protocol):
    """A view is a QWidget made as ``XxxView(store, parent)`` that has these.

    Attributes:
        status_message: signal(str), a line for the status bar.
        commands_changed: signal(), ``enabled`` or ``checked`` of a command is another one.

    A view may also have signals for the window's message bar: ``error_message(str)``, what is
    wrong and what to do, ``error_raised(object)``, an exception whose details can be copied, and
    ``notice(str)``, what ended while another view was shown; ``offered(str, str, object)``, what
    can be done about something, with the words of the button and a function that does it.
    """

    @property
    def status_message(self) -> SignalInstance: ...
    @property
    def commands_changed(self) -> SignalInstance: ...
    def commands(self) -> list[Command]:
        """What can be asked of the view; asked again each time it is shown."""
        ...

    def shutdown(self) -> None:
        """Ask work to end and wait for it; the window is closing."""
        ...

    def save_state(self, settings: QSettings) -> None: ...
    def restore_state(self, settings: QSettings) -> None: ...


@dataclass(frozen=True)
class ViewInfo:
    """How the window names and makes a view.

    Attributes:
        name: in settings and code.
        title: on the rail.
        tip: one sentence on what it is for.
        module, class_name: imported when the view is first shown, so that the window opens
            without waiting for plots and image processing.
    """

    name: str
    title: str
    icon: str
    tip: str
    module: str
    class_name: str

    def make(self, store: ModelStore, parent: QWidget) -> QWidget:
        """Import and make the view."""
        with one_at_a_time:
            module = import_module(self.module)
        return cast(QWidget, getattr(module, self.class_name)(store, parent))


VIEWS = (
    ViewInfo(
        "draw", "Draw", "draw", "Draw letters and see them read",
        "handwrite_gui.draw.view", "DrawView",
    ),
    ViewInfo(
        "page", "Page", "page", "Read the handwriting of a photographed or scanned page",
        "handwrite_gui.page.view", "PageView",
    ),
    ViewInfo(
        "batch", "Batch", "batch", "Read many pictures, PDF files and folders at once",
        "handwrite_gui.batch.view", "BatchView",
    ),
    ViewInfo(
        "train", "Train", "train", "Train a network and watch it learn",
        "handwrite_gui.train.view", "TrainView",
    ),
    ViewInfo(
        "hand", "My Hand", "hand", "Teach the program your hand, and let it adapt",
        "handwrite_gui.handwriting.view", "HandView",
    ),
)  # fmt: skip
