"""The models manager: what there is, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QInputDialog,
    QPushButton,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.message_bar import MessageBar
from handwrite_gui.model_store import SHIPPED, ModelStore
from handwrite_gui.models.card_text import card_html
from handwrite_gui.models.compare_dialog import CompareDialog
from handwrite_gui.models.model_table import ModelTable
from handwrite_gui.opening import MODEL_FILTER
from handwrite_gui.recent_models import recent_models
from handwrite_gui.settings import settings
from handwrite_gui.workers import TaskRunner

if TYPE_CHECKING:
    from handwrite_gui.engine.model_library import ModelEntry, ModelLibrary

_FOLDER_KEY = "window/model_folder"
_GUIDANCE = "<p>Choose a model to see its card, or two of them to compare them.</p>"


def _list_models(files: Sequence[Path]) -> list[ModelEntry]:
    from handwrite_gui.engine.model_library import known_models

    return known_models(files=files)


def _in_library(change: Callable[[ModelLibrary], Any]) -> Any:
    from handwrite_gui.engine.model_library import ModelLibrary

    return change(ModelLibrary())


def _export(entry: ModelEntry, path: Path) -> Path:
    from handwrite_gui.engine.model_library import export_model

    export_model(entry, path)
    return path


class ModelsDialog(QDialog):
    """Lists the models with their cards, and changes those of the library.

    Signals:
        use_wanted(object): the path of a model that should read; None for the shipped one.
    """

    use_wanted = Signal(object)

    def __init__(self, store: ModelStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Models")
        self.resize(940, 560)
        self._store = store
        self._runner = TaskRunner(self, threads=1)
        self._wanted: Path | None = None
        self._lay_out()
        store.changed.connect(self._show_use)
        self.reload()

    def _lay_out(self) -> None:
        self.message_bar = MessageBar(self)
        self.table = ModelTable(self)
        self.card = QTextBrowser(self)
        self.card.setOpenLinks(False)
        self.card.setAccessibleName("Card of the model")
        self.card.setHtml(_GUIDANCE)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.addWidget(self.table)
        splitter.addWidget(self.card)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([560, 330])
        self.use_button = self._button("&Use for Reading", self.use, "Read with it from now on")
        self.use_button.setProperty("variant", "primary")
        self.import_button = self._button(
            "&Import…", self.ask_to_import, "Copy a model file into the library"
        )
        self.export_button = self._button("&Export…", self.ask_to_export, "Copy it to a file")
        self.duplicate_button = self._button(
            "D&uplicate", self.duplicate, "Copy it into the library under another name"
        )
        self.rename_button = self._button("Re&name…", self.ask_to_rename, "Call it otherwise")
        self.delete_button = self._button(
            "&Delete", self.delete, "Take it out of the library; it can be undone (Del)"
        )
        self.compare_button = self._button(
            "&Compare…", self.compare, "Read the same characters with the two that are chosen"
        )
        close = self._button("Close", self.close, "")
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (
            self.import_button, self.export_button, self.duplicate_button, self.rename_button,
            self.delete_button, self.compare_button,
        ):  # fmt: skip
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.use_button)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addWidget(self.message_bar)
        column.addWidget(splitter, 1)
        column.addLayout(row)
        self.table.itemSelectionChanged.connect(self._follow)
        self.table.used.connect(self.use)
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.table)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self.delete)
        self._follow()

    def _button(self, text: str, act: Callable[[], object], tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.setToolTip(tip)
        button.clicked.connect(lambda: act())
        return button

    # What can be done

    def reload(self) -> None:
        """Ask again what there is."""
        task = self._runner.run(_list_models, recent_models())
        task.finished.connect(self._show)
        task.failed.connect(self.message_bar.show_error)

    def use(self) -> None:
        """Read with the model that is chosen."""
        entry = self._one()
        if entry is not None and not entry.problem:
            self.use_wanted.emit(None if entry.kind == "shipped" else entry.path)

    def ask_to_import(self) -> None:
        """Let the person choose model files."""
        folder = settings().read(_FOLDER_KEY, "")
        names, _ = QFileDialog.getOpenFileNames(self, "Import models", folder, MODEL_FILTER)
        if names:
            settings().setValue(_FOLDER_KEY, str(Path(names[0]).parent))
        for name in names:
            self.import_file(Path(name))

    def import_file(self, path: Path) -> None:
        """Copy a file into the library, where it is sound."""
        self._change(lambda library: library.add_file(path))

    def ask_to_export(self) -> None:
        """Let the person choose where a copy goes."""
        entry = self._one()
        if entry is None:
            return
        chooser = QFileDialog(self, "Export model", settings().read(_FOLDER_KEY, ""))
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setNameFilter("Models (*.npz)")
        chooser.setDefaultSuffix("npz")
        chooser.selectFile(f"{entry.path.stem}.npz")
        if chooser.exec():
            self.export(entry, Path(chooser.selectedFiles()[0]))

    def export(self, entry: ModelEntry, path: Path) -> None:
        """Copy a model to a file."""
        task = self._runner.run(_export, entry, path)
        task.finished.connect(
            lambda path: self.message_bar.show_message(f"“{entry.name}” was copied to {path}.")
        )
        task.failed.connect(self.message_bar.show_error)

    def duplicate(self) -> None:
        """Copy the model that is chosen into the library."""
        entry = self._one()
        if entry is not None:
            self._change(lambda library: library.duplicate(entry))

    def ask_to_rename(self) -> None:
        """Ask what the model should be called."""
        entry = self._one()
        if entry is None:
            return
        name, agreed = QInputDialog.getText(self, "Rename model", "Name", text=entry.name)
        if agreed:
            self.rename(name)

    def rename(self, name: str) -> None:
        """Call the model that is chosen otherwise."""
        entry = self._one()
        if entry is not None:
            self._change(lambda library: library.rename(entry, name))

    def delete(self) -> None:
        """Take the model that is chosen out of the library."""
        entry = self._one()
        if entry is None or entry.kind != "library":
            return

        def deleted(gone: ModelEntry) -> None:
            self.message_bar.offer(
                f"“{gone.name}” was deleted.", "Undo",
                lambda: self._change(lambda library: library.restore(gone)),
            )  # fmt: skip

        self._change(lambda library: library.delete(entry), deleted)

    def compare(self) -> CompareDialog | None:
        """Compare the two models that are chosen."""
        chosen = self.table.chosen
        if len(chosen) != 2 or any(entry.problem for entry in chosen):
            return None
        dialog = CompareDialog(*chosen, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def done(self, result: int) -> None:
        for dialog in self.findChildren(CompareDialog):
            dialog.reject()
        self._runner.wait()  # what is being written should be there
        self._runner.shutdown()
        self._store.changed.disconnect(self._show_use)
        super().done(result)

    # Keeping the parts in step

    def _change(
        self,
        change: Callable[[ModelLibrary], ModelEntry],
        done: Callable[[ModelEntry], None] | None = None,
    ) -> None:
        self.message_bar.clear()
        task = self._runner.run(_in_library, change)

        def changed(entry: ModelEntry) -> None:
            self._wanted = entry.path
            if done is not None:
                done(entry)
            self.reload()

        task.finished.connect(changed)
        task.failed.connect(self.message_bar.show_error)

    def _one(self) -> ModelEntry | None:
        chosen = self.table.chosen
        return chosen[0] if len(chosen) == 1 else None

    def _is_in_use(self, entry: ModelEntry) -> bool:
        store = self._store
        if entry.kind == "shipped":
            return store.source == SHIPPED
        return store.path is not None and store.path.absolute() == entry.path.absolute()

    def _show(self, entries: list[ModelEntry]) -> None:
        self.table.show_entries(entries, self._is_in_use)
        if self._wanted is not None:
            rows = [row for row, entry in enumerate(entries) if entry.path == self._wanted]
            if rows:
                self.table.choose(*rows)
            self._wanted = None
        elif not self.table.chosen:
            used = [row for row, entry in enumerate(entries) if self._is_in_use(entry)]
            self.table.choose(*used[:1])
        self._follow()

    def _show_use(self) -> None:
        self.table.show_entries(self.table.entries, self._is_in_use)

    def _follow(self) -> None:
        chosen, one = self.table.chosen, self._one()
        usable = one is not None and not one.problem
        own = one is not None and one.kind == "library"
        self.use_button.setEnabled(usable)
        self.duplicate_button.setEnabled(usable)
        self.export_button.setEnabled(one is not None)
        self.rename_button.setEnabled(own and usable)
        self.delete_button.setEnabled(own)
        self.compare_button.setEnabled(
            len(chosen) == 2 and not any(entry.problem for entry in chosen)
        )
        self.card.setHtml(_GUIDANCE if one is None else card_html(one))
