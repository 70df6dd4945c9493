"""The model that reads at the moment, shared by the views."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from handwrite_gui.engine.alphabets import ALPHABETS, DEFAULT_ALPHABET
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.resources import default_model_path
from handwrite_gui.importing import one_at_a_time
from handwrite_gui.workers import TaskRunner

if TYPE_CHECKING:
    # The engine brings NumPy and SciPy; they are imported in the worker, after the window shows.
    from handwrite_gui.engine.handwriting.profiles import Profile
    from handwrite_gui.engine.model_file import Model
    from handwrite_gui.engine.recognizer import Recognizer

SHIPPED = "the shipped model"
PROFILE_KEY = "handwriting/profile"
"""The id of the profile in use, in the settings."""


def _load(path: Path, alphabet: str) -> tuple[Model, Recognizer]:
    with one_at_a_time:
        from handwrite_gui.engine.model_file import load_model

    model = load_model(path)
    return model, _make_recognizer(model, alphabet)


def _load_hand(whose: Profile | str, alphabet: str) -> tuple[Model, Recognizer, str]:
    """The model adapted to a hand, or the shipped one where there is none; and what to call it."""
    from handwrite_gui.engine.handwriting.profiles import ProfileStore
    from handwrite_gui.engine.model_file import load_model

    profile = ProfileStore().open(whose) if isinstance(whose, str) else whose
    model, source = profile.model(), f"{SHIPPED}, adapted to {profile.name}"
    if model is None:
        model, source = load_model(default_model_path()), SHIPPED
    return model, _make_recognizer(model, alphabet), source


def _make_recognizer(model: Model, alphabet: str) -> Recognizer:
    with one_at_a_time:
        from handwrite_gui.engine.recognizer import Recognizer

    try:
        return Recognizer(model, alphabet)
    except HandwriteError:
        # A model of other characters (Greek, say) is read with all it knows.
        return Recognizer(model)


class ModelStore(QObject):
    """Holds the model, its recogniser and the alphabet it is limited to.

    Signals:
        changed(): another recogniser is in use, or the alphabet is another one.
        loading_changed(): a model file is being read, or no longer.
        failed(object): a model file could not be read; the model in use stays.
    """

    changed = Signal()
    loading_changed = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = TaskRunner(self, latest_only=True)
        self._model: Model | None = None
        self._recognizer: Recognizer | None = None
        self._source = ""
        self._path: Path | None = None
        self._alphabet = DEFAULT_ALPHABET
        self._is_loading = False

    @property
    def recognizer(self) -> Recognizer | None:
        """Reads with the model in use; None until the first one is loaded."""
        return self._recognizer

    @property
    def model(self) -> Model | None:
        return self._model

    @property
    def source(self) -> str:
        """Where the model in use comes from, in words fit to be shown."""
        return self._source

    @property
    def path(self) -> Path | None:
        """The file that the person opened the model in use from; None for any other model."""
        return self._path

    @property
    def alphabet(self) -> str:
        """What was chosen: a name in :data:`~handwrite_gui.engine.alphabets.ALPHABETS`."""
        return self._alphabet

    @property
    def is_loading(self) -> bool:
        return self._is_loading

    def load_default(self) -> None:
        """Read the model that ships with the program, in a worker."""
        try:
            path = default_model_path()
        except FileNotFoundError as error:
            self.failed.emit(HandwriteError(str(error)))
            return
        self._load_path(path, SHIPPED)

    def load_file(self, path: str | os.PathLike[str]) -> None:
        """Read a model file in a worker and use it; ``failed`` tells what is wrong with it."""
        self._load_path(Path(path), Path(path).name, remember=True)

    def load_hand(self, profile: Profile | str | None) -> None:
        """Read with the model adapted to a profile's hand, or with the shipped one.

        A profile's id stands for the profile of that id in the program's own folder.  Where the
        adapted model cannot be read, ``failed`` says so and the shipped one reads.
        """
        if profile is None:
            self.load_default()
            return
        self._set_loading(True)
        alphabet = self._alphabet
        task = self._runner.run(_load_hand, profile, alphabet)

        def loaded(result: tuple[Model, Recognizer, str]) -> None:
            model, recognizer, source = result
            if alphabet != self._alphabet:
                recognizer = _make_recognizer(model, self._alphabet)
            self._set_loading(False)
            self._adopt(model, recognizer, source)

        def failed(error: Exception) -> None:
            self._set_loading(False)
            self.failed.emit(error)
            self.load_default()

        task.finished.connect(loaded)
        task.failed.connect(failed)

    def use(self, model: Model, source: str) -> None:
        """Use a model that is in memory, for example one that is being trained.

        Args:
            model: must not change afterwards; the trainer hands out copies.
            source: where it comes from, in words fit to be shown.
        """
        self._set_loading(False)
        self._runner.cancel_all()
        self._adopt(model, _make_recognizer(model, self._alphabet), source)

    def set_alphabet(self, name: str) -> None:
        """Limit reading to an alphabet.

        Raises:
            HandwriteError: there is no such alphabet, or the model knows nothing of it; the
                alphabet stays as it was.
        """
        if name not in ALPHABETS:
            raise HandwriteError(
                f"There is no alphabet named “{name}”; choose one of {', '.join(ALPHABETS)}."
            )
        if name == self._alphabet:
            return
        if self._model is not None:
            from handwrite_gui.engine.recognizer import Recognizer

            self._recognizer = Recognizer(self._model, name)
        self._alphabet = name
        self.changed.emit()

    def shutdown(self) -> None:
        """Wait until no model file is being read."""
        self._runner.shutdown()

    def _load_path(self, path: Path, source: str, *, remember: bool = False) -> None:
        self._set_loading(True)
        alphabet = self._alphabet
        task = self._runner.run(_load, path, alphabet)

        def loaded(result: tuple[Model, Recognizer]) -> None:
            model, recognizer = result
            if alphabet != self._alphabet:
                recognizer = _make_recognizer(model, self._alphabet)
            self._set_loading(False)
            self._adopt(model, recognizer, source, path if remember else None)

        def failed(error: Exception) -> None:
            self._set_loading(False)
            self.failed.emit(error)

        task.finished.connect(loaded)
        task.failed.connect(failed)

    def _adopt(
        self, model: Model, recognizer: Recognizer, source: str, path: Path | None = None
    ) -> None:
        self._model = model
        self._path = path
        self._recognizer = recognizer
        self._source = source
        self.changed.emit()

    def _set_loading(self, is_loading: bool) -> None:
        if is_loading != self._is_loading:
            self._is_loading = is_loading
            self.loading_changed.emit()
