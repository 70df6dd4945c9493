"""What becomes of a trained model: it reads in the other views, or goes into a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.model_file import Model, save_model
from handwrite_gui.engine.training.trainer import Trainer
from handwrite_gui.model_store import ModelStore
from handwrite_gui.settings import settings
from handwrite_gui.workers import TaskRunner

SAVE_FOLDER_KEY = "train/save_folder"
MODEL_SOURCE = "training"


class ModelOutput(QObject):
    """Takes snapshots of a trainer's model in a worker; the trainer may go on meanwhile.

    Signals:
        done(str): what was done, a line for the status bar.
        failed(Exception): it was not done.
    """

    done = Signal(str)
    failed = Signal(object)

    def __init__(self, store: ModelStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._runner = TaskRunner(self)

    def use(self, trainer: Trainer, name: str) -> None:
        """Read with the model as it is now in the other views."""
        task = self._runner.run(trainer.model, name)
        task.finished.connect(self.take)
        task.failed.connect(self.failed)

    def save(self, trainer: Trainer, name: str, path: Path) -> None:
        """Write the model as it is now to a file."""
        task = self._runner.run(_save, trainer, name, path)
        task.finished.connect(lambda _: self.done.emit(f"Saved {path.name}"))
        task.failed.connect(self.failed)

    def shutdown(self) -> None:
        self._runner.shutdown()

    def take(self, model: Model, source: str = MODEL_SOURCE) -> None:
        """Read with a model in the other views; ``source`` says where it comes from."""
        try:
            self._store.use(model, source)
        except HandwriteError as error:
            self.failed.emit(error)
        else:
            self.done.emit("Draw and Page read with this model now")


def ask_where_to_save(parent: QWidget) -> Path | None:
    """Let the person choose a file for a model; None if they would rather not."""
    dialog = QFileDialog(parent, "Save model", settings().read(SAVE_FOLDER_KEY, ""))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter("Models (*.npz)")
    dialog.setDefaultSuffix("npz")
    dialog.selectFile("model.npz")
    if not dialog.exec():
        return None
    path = Path(dialog.selectedFiles()[0])
    settings().setValue(SAVE_FOLDER_KEY, str(path.parent))
    return path


def _save(trainer: Trainer, name: str, path: Path) -> None:
    save_model(trainer.model(name), path)
