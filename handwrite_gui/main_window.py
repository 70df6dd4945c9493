"""The window: a rail of views, their commands in menus, messages, and an orderly end."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.commands import Command
from handwrite_gui.engine.alphabets import ALPHABETS
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.menus import Menus, merge
from handwrite_gui.message_bar import MessageBar
from handwrite_gui.model_store import PROFILE_KEY, ModelStore
from handwrite_gui.navigation import NavigationRail
from handwrite_gui.opening import MODEL_FILTER, PAGE_FILTER, sort_files
from handwrite_gui.recent_models import remember_model
from handwrite_gui.recovery_folder import has_copies
from handwrite_gui.resume_offer import decline, interrupted_run, offer_text
from handwrite_gui.settings import settings
from handwrite_gui.theme import theme
from handwrite_gui.views import VIEWS, View, ViewInfo
from handwrite_gui.window_commands import window_commands
from handwrite_gui.workers import TaskRunner

if TYPE_CHECKING:
    from handwrite_gui.engine.training.runs import RunRecord
    from handwrite_gui.models.dialog import ModelsDialog
    from handwrite_gui.page.view import PageView
    from handwrite_gui.train.view import TrainView

_DEFAULT_SIZE = QSize(1280, 800)
_MINIMUM_SIZE = QSize(880, 600)


class MainWindow(QMainWindow):
    """The program's window.

    It shows itself before it makes a view or loads the model; both follow its first painting.

    Args:
        store: shared by the views; made here where none is given.

    Signals:
        unexpected_error(object): an exception that nobody caught; may be emitted by any thread.
    """

    unexpected_error = Signal(object)

    def __init__(self, store: ModelStore | None = None) -> None:
        super().__init__()
        self.setWindowTitle("Handwrite")
        self.setMinimumSize(_MINIMUM_SIZE)
        self.setAcceptDrops(True)
        self.store = store if store is not None else ModelStore(self)
        self._runner = TaskRunner(self)
        self.message_bar = MessageBar(self)
        self.rail = NavigationRail(self)
        self._stack = QStackedWidget(self)
        self._views: dict[str, QWidget] = {}
        self._current = ""
        self._started = False
        self._asks = True
        self._waiting_files: list[Path] = []
        self._lay_out()
        self.menus = Menus(self.menuBar())
        self._rebuild_menus()
        self.rail.chosen.connect(self.show_view)
        self.store.changed.connect(self._follow_store)
        self.store.loading_changed.connect(self._follow_store)
        self.store.changed.connect(self.menus.refresh)
        self.store.failed.connect(self.show_error)
        self.unexpected_error.connect(self.show_error)
        self._restore()

    def _lay_out(self) -> None:
        for number, info in enumerate(VIEWS, 1):
            self.rail.add(info.name, info.title, info.icon, f"{info.tip} (Ctrl+{number})")
        content = QWidget(self)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.message_bar)
        column.addWidget(self._stack, 1)
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(column, 1)
        self.setCentralWidget(content)
        self._model_label = QLabel(self)
        self._model_label.setContentsMargins(8, 0, 8, 0)
        self.statusBar().addPermanentWidget(self._model_label)
        self.statusBar().setSizeGripEnabled(False)
        self._follow_store()

    # Views

    @property
    def current_name(self) -> str:
        """Name of the view that is shown; empty before the first one is made."""
        return self._current

    def view(self, name: str) -> QWidget:
        """The view of that name, made now if it was not shown before."""
        if name not in self._views:
            info = _info(name)
            widget = info.make(self.store, self._stack)
            view = cast(View, widget)
            view.status_message.connect(self._show_status)
            view.commands_changed.connect(self.menus.refresh)
            if hasattr(widget, "error_message"):
                widget.error_message.connect(self._show_error_text)
            if hasattr(widget, "error_raised"):
                widget.error_raised.connect(self.show_error)
            if hasattr(widget, "notice"):
                widget.notice.connect(self.message_bar.show_message)
            if hasattr(widget, "offered"):
                widget.offered.connect(self.message_bar.offer)
            if hasattr(widget, "title_changed"):
                widget.title_changed.connect(self._show_title)
            if hasattr(widget, "error_settled"):
                widget.error_settled.connect(self.message_bar.clear)
            view.restore_state(settings())
            self._stack.addWidget(widget)
            self._views[name] = widget
        return self._views[name]

    def show_view(self, name: str) -> None:
        """Show a view; where it cannot be made, the message bar says why and nothing changes."""
        try:
            widget = self.view(name)
        except Exception as error:
            self.show_error(error)
            if self._current:
                self.rail.set_current(self._current)
            return
        self._current = name
        self.rail.set_current(name)
        self._stack.setCurrentWidget(widget)
        self._show_title()
        self.statusBar().clearMessage()
        self._rebuild_menus()
        widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_title(self) -> None:
        """The name of what is open in the view, with a mark where it has unsaved changes."""
        if not self._current:
            return
        widget = self._views[self._current]
        name = getattr(widget, "document_title", "")
        # Qt puts its mark, which differs between systems, in place of [*].
        marked = f"{name.replace('[*]', '')}[*]" if name else _info(self._current).title
        self.setWindowTitle(f"{marked} – Handwrite")
        self.setWindowModified(bool(name) and getattr(widget, "is_modified", False))

    def _rebuild_menus(self) -> None:
        current = self._views.get(self._current)
        commands = cast(View, current).commands() if current is not None else []
        self.menus.show_commands(merge(commands, window_commands(self)))

    def command_groups(self) -> list[tuple[str, list[Command]]]:
        """All commands by where they work, of views that were not shown yet too."""
        everywhere = window_commands(self)
        known = {(command.plain_title, command.shortcut) for command in everywhere}
        groups = [("Everywhere", everywhere)]
        for info in VIEWS:
            try:
                commands = cast(View, self.view(info.name)).commands()
            except Exception as error:
                self.show_error(error)
                continue
            own = [c for c in commands if (c.plain_title, c.shortcut) not in known]
            groups.append((info.title, own))
        return groups

    # Files

    def open_files(self, paths: Iterable[str | os.PathLike[str]]) -> None:
        """Open pages and readings in the Page view, and read with a model from now on.

        The message bar names what cannot be opened.
        """
        if not self._started:
            self._waiting_files += [Path(path) for path in paths]
            return
        files = sort_files(paths)
        self.message_bar.clear()
        if files.complaint:
            self.show_error(HandwriteError(files.complaint))
        if files.models:
            self.open_model(files.models[-1])
        if files.images or files.readings:
            self.show_view("page")
            if self._current == "page":
                page = cast("PageView", self.view("page"))
                page.open_files(list(files.images), list(files.readings))

    def open_model(self, path: str | os.PathLike[str]) -> None:
        """Read with another model; the message bar says so where the file is none."""
        self.store.load_file(path)

    def ask_for_image(self) -> None:
        """Let the person choose pictures of pages."""
        folder = settings().read("window/image_folder", "")
        names, _ = QFileDialog.getOpenFileNames(self, "Open page", folder, PAGE_FILTER)
        if names:
            settings().setValue("window/image_folder", str(Path(names[0]).parent))
            self.open_files(names)

    def ask_for_model(self) -> None:
        """Let the person choose a model file."""
        folder = settings().read("window/model_folder", "")
        name, _ = QFileDialog.getOpenFileName(self, "Open model", folder, MODEL_FILTER)
        if name:
            settings().setValue("window/model_folder", str(Path(name).parent))
            self.message_bar.clear()
            self.open_model(name)

    def show_models(self) -> ModelsDialog:
        """Open the list of models, or bring it to the front."""
        for dialog in self.findChildren(QDialog, "models"):
            if dialog.isVisible():
                dialog.activateWindow()
                return cast("ModelsDialog", dialog)
        from handwrite_gui.models.dialog import ModelsDialog

        models = ModelsDialog(self.store, self)
        models.setObjectName("models")
        models.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        models.use_wanted.connect(self._use_model)
        models.show()
        return models

    def _use_model(self, path: Path | None) -> None:
        if path is None:
            self.store.load_default()
        else:
            self.open_model(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._show_status("Drop to open")

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.statusBar().clearMessage()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.statusBar().clearMessage()
        self.activateWindow()
        # The program that is dragged from waits until this event has been handled.
        QTimer.singleShot(0, self, lambda: self.open_files(paths))

    # Messages

    def show_error(self, error: BaseException) -> None:
        """Explain an exception in the message bar."""
        self.message_bar.show_error(error)

    def _show_error_text(self, text: str) -> None:
        self.message_bar.show_message(text, "error")

    def _show_status(self, text: str) -> None:
        self.statusBar().showMessage(text)

    def _follow_store(self) -> None:
        store = self.store
        if store.is_loading:
            text = "Loading model…"
        elif store.model is None:
            text = "No model"
        else:
            text = f"Model: {store.source}"
        self._model_label.setText(text)
        if store.path is not None and not store.is_loading:
            remember_model(store.path)

    # Appearance, beginning and end

    def set_appearance(self, name: str) -> None:
        """Follow the system's light or dark theme, or hold one."""
        theme().set_appearance(name)
        settings().setValue("window/appearance", name)
        self.menus.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._started:
            self._started = True
            QTimer.singleShot(0, self, self._start)

    def _start(self) -> None:
        """What can wait until the window is on the screen."""
        files, self._waiting_files = self._waiting_files, []
        if self.store.recognizer is None and not self.store.is_loading:
            self.store.load_hand(settings().read(PROFILE_KEY, "") or None)
        if not self._current:
            name = settings().read("window/view", VIEWS[0].name)
            known = {info.name for info in VIEWS}
            if has_copies():
                name = "page"  # where what a crash left is offered
            self.show_view(name if name in known else VIEWS[0].name)
        if files:
            self.open_files(files)
        task = self._runner.run(interrupted_run)
        task.finished.connect(self._offer_to_resume)
        task.failed.connect(self.show_error)

    def _offer_to_resume(self, record: RunRecord | None) -> None:
        # A message that came before is more urgent; the list of runs still has the run.
        if record is not None and not self.message_bar.text:
            self.message_bar.offer(
                offer_text(record),
                "Resume",
                lambda: self._resume(record),
                lambda: self._runner.run(decline, record),
            )

    def _resume(self, record: RunRecord) -> None:
        self.show_view("train")
        view = self._views.get("train")
        if view is not None:
            cast("TrainView", view).continue_run(record)

    def _restore(self) -> None:
        stored = settings()
        alphabet = stored.read("model/alphabet", self.store.alphabet)
        if alphabet in ALPHABETS and self.store.model is None:
            self.store.set_alphabet(alphabet)
        geometry = stored.value("window/geometry")
        if not (isinstance(geometry, QByteArray) and self.restoreGeometry(geometry)):
            available = QGuiApplication.primaryScreen().availableSize()
            self.resize(_DEFAULT_SIZE.boundedTo(available))

    def close_at_once(self) -> None:
        """Close without asking, as the system wants; what is not saved can be recovered."""
        self._asks = False
        for widget in self._views.values():
            if hasattr(widget, "keep_copies"):
                widget.keep_copies()
        self.close()

    def _may_close(self) -> bool:
        """Ask every view with something unsaved; it is shown while it is asked about."""
        for name, widget in self._views.items():
            if not hasattr(widget, "may_close"):
                continue
            if getattr(widget, "is_modified", False):
                self.show_view(name)
            if not widget.may_close():
                return False
        return True

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._asks and not self._may_close():
            event.ignore()
            return
        self._show_status("Closing…")
        for dialog in self.findChildren(QDialog, "models"):
            dialog.close()
        stored = settings()
        stored.setValue("window/geometry", self.saveGeometry())
        stored.setValue("model/alphabet", self.store.alphabet)
        if self._current:
            stored.setValue("window/view", self._current)
        for widget in self._views.values():
            view = cast(View, widget)
            view.save_state(stored)
            view.shutdown()
        self.store.shutdown()
        self._runner.shutdown()
        stored.sync()
        event.accept()


def _info(name: str) -> ViewInfo:
    return next(info for info in VIEWS if info.name == name)
