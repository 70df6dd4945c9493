"""One person's hand as the window works with it: everything slow happens in a worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from handwrite_gui.engine.handwriting.profiles import Adaptation, Profile, ProfileStore
from handwrite_gui.model_store import PROFILE_KEY, ModelStore
from handwrite_gui.settings import settings
from handwrite_gui.workers import Task, TaskRunner

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QImage

    from handwrite_gui.engine.handwriting.browsing import BrowsedSample
    from handwrite_gui.engine.handwriting.learning import Learned
    from handwrite_gui.engine.handwriting.replay import General
    from handwrite_gui.engine.handwriting.teaching import Known
    from handwrite_gui.engine.model_file import Model
    from handwrite_gui.engine.recognizer import Recognizer


@dataclass(frozen=True, slots=True)
class HandState:
    """A profile as it is shown.

    Attributes:
        known: how well each character is known.
        samples: how many there are.
        enabled: whether adapting is switched on.
        active: the adaptation that reads, or None.
        adaptations: those that can be returned to.
    """

    known: tuple[Known, ...]
    samples: int
    enabled: bool
    active: Adaptation | None
    adaptations: tuple[Adaptation, ...]


def _look(profile: Profile, recognizer: Recognizer) -> HandState:
    from handwrite_gui.engine.handwriting.teaching import how_well_known

    samples = profile.samples.all()
    return HandState(
        how_well_known(recognizer, samples),
        len(samples),
        profile.enabled,
        profile.active,
        profile.adaptations,
    )


def _keep(profile: Profile, strokes: Sequence[NDArray[np.float64]], label: str) -> int:
    from handwrite_gui.engine.handwriting.teaching import keep_drawing

    return keep_drawing(profile, strokes, label)


def _browse(
    profile: Profile, recognizer: Recognizer
) -> tuple[list[BrowsedSample], dict[int, QImage]]:
    from handwrite_gui.engine.handwriting.browsing import browse_samples
    from handwrite_gui.handwriting.samples_list import thumbnail

    samples = browse_samples(recognizer, profile.samples.all())
    return samples, {own.sample.id: thumbnail(own) for own in samples}


class _Learner:
    """Adapts the shipped model; keeps what is made once for it.  Used by one worker at a time."""

    def __init__(self) -> None:
        self._base: Model | None = None
        self._general: General | None = None

    def learn(
        self,
        profile: Profile,
        on_progress: Callable[[float, str], None],
        should_stop: Callable[[], bool],
    ) -> Learned:
        from threadpoolctl import threadpool_limits

        from handwrite_gui.engine.handwriting.learning import keep_if_better, learn_hand
        from handwrite_gui.engine.handwriting.replay import general_knowledge
        from handwrite_gui.engine.model_file import load_model
        from handwrite_gui.engine.resources import default_model_path

        with threadpool_limits(1, "blas"):
            if self._base is None:
                self._base = load_model(default_model_path())
            part = 0.0
            if self._general is None:
                part = 0.4
                self._general = general_knowledge(
                    self._base,
                    on_progress=lambda share, text: on_progress(part * share, text),
                    should_stop=should_stop,
                )
            learned = learn_hand(
                self._base,
                profile.samples.all(),
                name=profile.name,
                general=self._general,
                on_progress=lambda share, text: on_progress(part + (1 - part) * share, text),
                should_stop=should_stop,
            )
        keep_if_better(profile, self._base, learned)
        return learned


class HandSession(QObject):
    """Holds the profile in use and does what is asked of it.

    Signals:
        changed(): another profile is in use, or there are other profiles.
        looked(HandState): how the profile stands.
        browsed(object, object): its samples, a list of ``BrowsedSample``, and their thumbnails, a
            dict by number.
        kept(int): a sample was kept; its number.
        learning_changed(): adapting began or ended.
        progressed(float, str): how far adapting is.
        learned(Learned): adapting is done; what is better is in use already.
        failed(object): an exception, to be explained.
    """

    changed = Signal()
    looked = Signal(object)
    browsed = Signal(object, object)
    kept = Signal(int)
    learning_changed = Signal()
    progressed = Signal(float, str)
    learned = Signal(object)
    failed = Signal(object)

    def __init__(
        self, store: ModelStore, profiles: ProfileStore, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._profiles = profiles
        self._profile: Profile | None = None
        self._looking = TaskRunner(self, latest_only=True)
        self._browsing = TaskRunner(self, latest_only=True)
        # One at a time: samples are kept in the order they were written.
        self._working = TaskRunner(self, threads=1)
        self._learning = TaskRunner(self, threads=1)
        self._learner = _Learner()
        self._task: Task | None = None
        self._outcome: Learned | None = None
        self._closed = False
        store.changed.connect(self.look)

    @property
    def profile(self) -> Profile | None:
        return self._profile

    @property
    def is_learning(self) -> bool:
        return self._task is not None

    def names(self) -> list[tuple[str, str]]:
        """Id and name of every profile."""
        return [(profile.id, profile.name) for profile in self._profiles.profiles()]

    def choose(self, profile_id: str, *, read_with: bool = True) -> None:
        """Use a profile; "" for nobody's.

        Args:
            profile_id: of the profile.
            read_with: whether its model reads from now on; not where it does already.
        """
        from handwrite_gui.engine.errors import HandwriteError

        self.cancel()
        self._profile = None
        if profile_id:
            try:
                self._profile = self._profiles.open(profile_id)
            except HandwriteError as error:
                self.failed.emit(error)
                profile_id = ""
        settings().setValue(PROFILE_KEY, profile_id)
        if read_with:
            self._store.load_hand(self._profile)
        self.changed.emit()
        self.look()

    def create(self, name: str) -> None:
        """Make a profile and use it.

        Raises:
            HandwriteError: the name is empty or taken, or the folder cannot be written.
        """
        self.choose(self._profiles.create(name).id)

    def rename(self, name: str) -> None:
        """Give the profile in use another name.

        Raises:
            HandwriteError: the name is empty.
        """
        if self._profile is not None:
            self._profile.rename(name)
            self.changed.emit()

    def delete(self) -> None:
        """Put the profile in use among the deleted ones."""
        profile = self._profile
        if profile is not None and self._changed(lambda: self._profiles.delete(profile)):
            self.choose("")

    def deleted(self) -> list[tuple[str, str]]:
        """Id and name of every profile that was deleted and can be restored."""
        return [(profile.id, profile.name) for profile in self._profiles.profiles(deleted=True)]

    def restore(self, profile_id: str) -> None:
        """Bring a deleted profile back and use it."""
        for profile in self._profiles.profiles(deleted=True):
            if profile.id == profile_id and self._changed(
                lambda profile=profile: self._profiles.restore(profile)  # type: ignore[misc]
            ):
                self.choose(profile_id)

    def look(self) -> None:
        """Ask how the profile stands; ``looked`` answers."""
        if self._profile is None or self._store.recognizer is None or self._closed:
            return
        task = self._looking.run(_look, self._profile, self._store.recognizer)
        task.finished.connect(self.looked)
        task.failed.connect(self.failed)

    def browse(self) -> None:
        """Ask for all samples; ``browsed`` answers."""
        if self._profile is None or self._store.recognizer is None or self._closed:
            return
        task = self._browsing.run(_browse, self._profile, self._store.recognizer)
        task.finished.connect(lambda found: self.browsed.emit(*found))
        task.failed.connect(self.failed)

    def remove(self, samples: Sequence[int]) -> None:
        """Take samples out; :meth:`put_back` returns them."""
        if self._profile is not None:
            self._change_samples(self._profile.samples.remove, list(samples))

    def put_back(self, samples: Sequence[int]) -> None:
        """Return samples that were taken out."""
        if self._profile is not None:
            self._change_samples(self._profile.samples.put_back, list(samples))

    def relabel(self, labels: Mapping[int, str]) -> None:
        """Say which characters samples are, by their numbers."""
        if self._profile is not None:
            self._change_samples(self._profile.samples.relabel_each, dict(labels))

    def _change_samples(self, change: Callable[..., None], argument: object) -> None:
        task = self._working.run(change, argument)
        task.failed.connect(self.failed)
        task.ended.connect(self.look)  # also where it failed: what is shown is what is there

    def keep(self, strokes: Sequence[NDArray[np.float64]], label: str) -> None:
        """Keep a drawing as a sample; ``kept`` tells its number."""
        if self._profile is None:
            return
        task = self._working.run(_keep, self._profile, strokes, label)
        task.finished.connect(self._was_kept)
        task.failed.connect(self.failed)

    def take_back(self, sample: int) -> None:
        """Remove a sample."""
        if self._profile is not None:
            task = self._working.run(self._profile.samples.remove, [sample])
            task.finished.connect(lambda _: self.look())
            task.failed.connect(self.failed)

    def learn(self) -> None:
        """Adapt in the background; ``learned`` tells what came of it."""
        if self._profile is None or self._task is not None:
            return
        task = self._task = self._learning.run(self._learner.learn, self._profile)
        task.progressed.connect(self.progressed)
        task.finished.connect(self._was_learned)
        task.failed.connect(self.failed)
        task.ended.connect(self._ended)
        self.learning_changed.emit()

    def cancel(self) -> None:
        """Ask adapting to stop; nothing changes then."""
        if self._task is not None:
            self._task.cancel()

    def switch(self, enabled: bool) -> None:
        """Read with the adapted model, or with the model as it came."""
        profile = self._profile
        if profile is not None and self._changed(lambda: profile.switch(enabled)):
            self._store.load_hand(profile)

    def activate(self, number: int) -> None:
        """Return to an adaptation, or with 0 to the model as it came."""
        profile = self._profile
        if profile is not None and self._changed(lambda: profile.activate(number)):
            self._store.load_hand(profile)

    def _changed(self, change: Callable[[], None]) -> bool:
        """Change a profile; where that cannot be, ``failed`` says why, and what is shown is what
        the profile is."""
        from handwrite_gui.engine.errors import HandwriteError

        try:
            change()
        except HandwriteError as error:
            self.failed.emit(error)
            self.look()
            return False
        return True

    def shutdown(self) -> None:
        """Ask everything to end and wait for it; samples under way are kept."""
        self._closed = True
        self._store.changed.disconnect(self.look)
        for runner in (self._looking, self._browsing, self._working, self._learning):
            runner.shutdown()

    def _was_kept(self, number: int) -> None:
        self.kept.emit(number)
        self.look()

    def _was_learned(self, learned: Learned) -> None:
        if learned.verdict == "better":
            self._store.load_hand(self._profile)
        else:
            self.look()
        self._outcome = learned

    def _ended(self) -> None:
        self._task = None
        self.learning_changed.emit()
        outcome, self._outcome = self._outcome, None
        if outcome is not None:
            self.learned.emit(outcome)
