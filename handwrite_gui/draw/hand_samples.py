"""What the person says of drawn characters becomes samples of the hand that is in use."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from handwrite_gui.draw.drawing import Drawing, Strokes
from handwrite_gui.model_store import PROFILE_KEY
from handwrite_gui.settings import settings
from handwrite_gui.workers import TaskRunner

_LONGEST_SOURCE = 40  # characters of the text that a sample was drawn in


class DrawnSamples(QObject):
    """Keeps what is said of characters of a drawing as samples of the profile in use, if there is
    one, and takes them out where it is taken back.

    Clearing the paper takes nothing out: what was learned from it stands.

    Args:
        drawing: what is followed.
        text: gives what the drawing is read as, for it to be told where a sample came from.
        profiles: folder of the profiles, the program's own by default.

    Signals:
        kept(str): something was kept or taken out; a line that says what.
        failed(object): the exception that kept it from being done.
    """

    kept = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        drawing: Drawing,
        text: Callable[[], str],
        parent: QObject | None = None,
        *,
        profiles: Path | None = None,
    ) -> None:
        super().__init__(parent)
        self._text = text
        self._folder = profiles
        self._session = uuid.uuid4().hex[:12]
        self._whose: dict[frozenset[int], str] = {}
        # With the strokes, or others could come to their numbers.
        self._strokes: list[Strokes] = []
        # One at a time: what is said is kept in the order in which it is said.
        self._runner = TaskRunner(self, threads=1)
        drawing.said_of.connect(self._follow)

    @property
    def has_profile(self) -> bool:
        """Whether a profile is in use, so that samples are kept."""
        return bool(settings().read(PROFILE_KEY, ""))

    @property
    def is_busy(self) -> bool:
        return self._runner.is_busy

    def shutdown(self) -> None:
        """Wait until what was said is kept."""
        self._runner.wait()
        self._runner.shutdown()

    def _follow(self, strokes: Strokes, label: str) -> None:
        key = frozenset(id(stroke) for stroke in strokes)
        known = self._whose.get(key)
        # A sample that is there is changed where it is, whoever is in use now.
        profile = known or settings().read(PROFILE_KEY, "")
        if not profile or (known is None and not label):
            return
        if known is None:
            self._whose[key] = profile
            self._strokes.append(strokes)
        place = f"drawing {self._session} {list(self._whose).index(key)}"
        source = " ".join(self._text().split())
        if len(source) > _LONGEST_SOURCE:
            source = source[: _LONGEST_SOURCE - 1] + "…"
        task = self._runner.run(_keep, self._folder, profile, strokes, label, source, place)
        task.finished.connect(lambda text: self.kept.emit(text))
        task.failed.connect(self.failed)


def _keep(
    folder: Path | None, profile_id: str, strokes: Strokes, label: str, source: str, place: str
) -> str:
    """Keep or take out a sample; returns a line that says so."""
    from handwrite_gui.draw.reading import points_of
    from handwrite_gui.engine.handwriting.profiles import ProfileStore
    from handwrite_gui.engine.handwriting.teaching import keep_drawing

    profile = ProfileStore(folder).open(profile_id)
    if not label:
        profile.samples.remove_place(place)
        return f"Taken out of the samples of {profile.name}"
    points = [points_of(stroke) for stroke in strokes]
    keep_drawing(profile, points, label, "drawn", source=source, place=place)
    return f"It is {label}; kept as a sample of {profile.name}"
