"""Corrections on a page become samples of the hand in use, a moment after they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from handwrite_gui.model_store import PROFILE_KEY
from handwrite_gui.settings import settings
from handwrite_gui.workers import TaskRunner

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from handwrite_gui.engine.page_document.writing import Writing
    from handwrite_gui.page.document import OpenDocument
    from handwrite_gui.page.reading import Page
    from handwrite_gui.page.session import PageSession

_PAUSE = 800  # ms without another correction before samples are taken


def _keep(profile_id: str, pixels: NDArray[np.uint8], writing: Writing, source: str) -> int:
    from handwrite_gui.engine.handwriting.page_samples import keep_page_samples
    from handwrite_gui.engine.handwriting.profiles import ProfileStore

    profile = ProfileStore().open(profile_id)
    return keep_page_samples(profile.samples, pixels, writing, source)


class PageSamples(QObject):
    """Follows the page that is open; does nothing while no profile is in use.

    Signals:
        kept(object): an int, how many samples come from the page now.
        failed(object): an exception, to be explained.
    """

    kept = Signal(object)
    failed = Signal(object)

    def __init__(self, session: PageSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._page: Page | None = None
        self._document: OpenDocument | None = None
        self._taken: Writing | None = None
        self._runner = TaskRunner(self, threads=1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._take)
        session.page_changed.connect(self._follow)

    def shutdown(self) -> None:
        """Keep what was corrected in the last moment, and wait until that is done."""
        if self._timer.isActive():
            self._timer.stop()
            self._take()
        self._runner.wait()
        self._runner.shutdown()

    def _follow(self) -> None:
        page = self._session.page
        document = None if page is None else page.document
        if document is not self._document:
            if self._timer.isActive():
                self._timer.stop()
                self._take()
            if self._document is not None:
                self._document.changed.disconnect(self._wait)
            if document is not None:
                document.changed.connect(self._wait)
            self._document = document
            self._taken = None if document is None else document.writing
        self._page = page

    def _wait(self) -> None:
        self._timer.start()

    def _take(self) -> None:
        profile_id = settings().read(PROFILE_KEY, "")
        if not profile_id or self._page is None or self._document is None:
            return
        writing = self._document.writing
        if _decided(writing) == _decided(self._taken):
            return
        self._taken = writing
        source = self._page.source
        task = self._runner.run(_keep, profile_id, source.pixels, writing, source.name)
        task.finished.connect(self.kept)
        task.failed.connect(self.failed)


def _decided(writing: Writing | None) -> list[object]:
    """What the person said of characters."""
    if writing is None:
        return []
    return [(c.quad, c.corrected) for c in writing.characters if c.corrected is not None]
