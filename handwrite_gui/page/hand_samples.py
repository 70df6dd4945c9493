"""Corrections of a page become samples of the hand that is in use, and go when they are undone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.handwriting.profiles import ProfileStore
from handwrite_gui.engine.page.result import Quad
from handwrite_gui.engine.page_document.writing import Writing
from handwrite_gui.model_store import PROFILE_KEY
from handwrite_gui.page.reading import Page
from handwrite_gui.settings import settings
from handwrite_gui.workers import TaskRunner

AFTER = 1500
"""Milliseconds without a change after which samples are kept: a slip is corrected sooner."""

Said = dict[Quad, tuple[str, bool]]
"""By place: the label that the person gave, and whether it is what was read as well."""


class HandSamples(QObject):
    """Keeps what the person says of the open page as samples of the profile in use, if there is
    one.

    Signals:
        failed(object): the exception that kept samples from being kept.
    """

    failed = Signal(object)

    def __init__(self, parent: QObject | None = None, profiles: Path | None = None) -> None:
        super().__init__(parent)
        self._profiles = profiles
        self._runner = TaskRunner(self, threads=1)
        self._page: Page | None = None
        self._kept: Said = {}
        self._timer = QTimer(self, singleShot=True, interval=AFTER)
        self._timer.timeout.connect(self.keep)

    @property
    def is_busy(self) -> bool:
        return self._runner.is_busy

    def follow(self, page: Page | None) -> None:
        """Follow the page that is open now; what was said of the one before is kept at once."""
        if self._page is not None and (page is None or page.document is not self._page.document):
            self.keep()
            self._page.document.changed.disconnect(self._timer.start)
            self._page = None
        if page is not None and self._page is None:
            page.document.changed.connect(self._timer.start)
            self._kept = said(page.document.writing)  # those were kept when they were said
        self._page = page

    def keep(self) -> None:
        """Keep what was said since the last time, and take out what was taken back."""
        self._timer.stop()
        page, profile = self._page, settings().read(PROFILE_KEY, "")
        if page is None or not profile:
            return
        now = said(page.document.writing)
        new = {place: one for place, one in now.items() if self._kept.get(place) != one}
        gone = [place for place in self._kept if place not in now]
        self._kept = now
        if new or gone:
            task = self._runner.run(
                _keep, self._profiles, profile, page.source.pixels, page.source.name, new, gone
            )
            task.failed.connect(self.failed)

    def shutdown(self) -> None:
        """Keep what waits to be kept, and wait until that is done."""
        self.keep()
        self._runner.wait()
        self._runner.shutdown()


def said(writing: Writing) -> Said:
    """What the person said of single characters."""
    return {
        c.quad: (c.corrected, c.corrected == c.read.label)
        for c in writing.characters
        if c.corrected is not None and len(c.corrected) == 1
    }


def _keep(
    folder: Path | None,
    profile: str,
    pixels: NDArray[np.uint8],
    name: str,
    new: Mapping[Quad, tuple[str, bool]],
    gone: list[Quad],
) -> None:
    from handwrite_gui.engine.page_document.box_reading import ink_of_box

    samples = ProfileStore(folder).open(profile).samples
    picture = hashlib.sha256(np.ascontiguousarray(pixels).data).hexdigest()[:16]
    for place in gone:
        samples.remove_place(_place(picture, place))
    for place, (label, was_read) in new.items():
        ink = ink_of_box(pixels, place)
        try:
            samples.add(
                ink,
                label,
                "confirmed" if was_read else "corrected",
                source=name,
                place=_place(picture, place),
            )
        except HandwriteError:
            if ink.max(initial=0) >= 24:  # else there is nothing to learn from: an empty box
                raise


def _place(picture: str, quad: Quad) -> str:
    return f"{picture}:{','.join(f'{number:.0f}' for corner in quad for number in corner)}"
