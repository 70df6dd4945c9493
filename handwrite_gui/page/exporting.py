"""Exporting what was read in any of the engine's formats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from handwrite_gui.engine.errors import Cancelled, HandwriteError
from handwrite_gui.engine.export.formats import FOLDER_SUFFIX, FORMATS, documents
from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.output_file import write_bytes
from handwrite_gui.engine.page.result import PageResult
from handwrite_gui.page.framing import map_result
from handwrite_gui.page.reading import Page
from handwrite_gui.page.saving import FOLDER_KEY, remember_folder
from handwrite_gui.settings import settings
from handwrite_gui.workers import Task, TaskRunner

FORMAT_KEY = "page/export_format"
_FIRST_FORMAT = "pdf"


class PageExporter(QObject):
    """Asks for a format and a file, and writes it in a worker.

    Signals:
        status_message(str): a file is being written, or was.
        failed(object): the exception that it ended with.
        busy_changed(): many pages are being exported, or no longer.
        progressed(float, str): how far that is, in 0 to 1, and what it is doing.
    """

    status_message = Signal(str)
    failed = Signal(object)
    busy_changed = Signal()
    progressed = Signal(float, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._runner = TaskRunner(self)
        self._many: Task | None = None

    @property
    def is_busy(self) -> bool:
        """Whether many pages are being exported."""
        return self._many is not None

    def cancel(self) -> None:
        """Give up exporting many pages; what was in the file before stays."""
        if self._many is not None:
            self._many.cancel()

    def export_all(self, path: Path, format_name: str, pages: Sequence[ReadPage]) -> None:
        """Write pages as one file or, where the format holds one page a file, as several.

        Args:
            pages: at least one; their pictures are loaded one after the other.
        """
        task = self._runner.run(write_pages, path, tuple(pages), format_name)
        task.progressed.connect(self.progressed)
        task.finished.connect(lambda _: self._exported(path))
        task.failed.connect(self.failed)
        task.cancelled.connect(lambda: self.status_message.emit("Nothing was exported."))
        task.ended.connect(self._ended)
        self._many = task
        self.busy_changed.emit()

    def _ended(self) -> None:
        self._many = None
        self.busy_changed.emit()

    def ask(self, page: Page, result: PageResult) -> None:
        """Let the person choose where, and export.

        Args:
            result: the page's reading as it is shown, corrections included.
        """
        chosen = ask_for_export(self._window, page.source.stem)
        if chosen is not None:
            self.export(*chosen, page, result)

    def export(self, path: Path, format_name: str, page: Page, result: PageResult) -> None:
        """Write a reading with its places on the image as it was opened."""
        reading, read_with = page.reading, page.document.read_with
        if reading is not None and reading.recognizer is not None:
            model = reading.recognizer.model.card.name
        else:  # a document that was read before
            model = "" if read_with is None else read_with.model
        pixels = page.source.pixels
        if pixels.ndim == 3:
            pixels = pixels[..., :3]
        read = ReadPage(
            map_result(result, page.turn.original, page.source.size),
            page.source.file_name,
            page.source.number,
            model,
            page.source.dpi,
            pixels,
        )
        self.status_message.emit(f"Exporting {path.name}…")
        task = self._runner.run(write_export, path, [read], format_name)
        task.finished.connect(lambda _: self._exported(path))
        task.failed.connect(self.failed)

    def shutdown(self) -> None:
        """Wait until the files are written."""
        self._runner.shutdown()

    def _exported(self, path: Path) -> None:
        remember_folder(path)
        self.status_message.emit(f"Exported as {path.name}.")


def ask_for_export(parent: QWidget, stem: str) -> tuple[Path, str] | None:
    """The file or folder, ``stem.pdf`` or so, and the name of the format; None for none."""
    titles = {_title(name): name for name in FORMATS}
    stored = settings().read(FORMAT_KEY, _FIRST_FORMAT)
    last = stored if stored in FORMATS else _FIRST_FORMAT
    folder = Path(settings().read(FOLDER_KEY, "") or str(Path.home()))
    suggestion = folder / f"{stem}{_suffix(last)}"
    name, title = QFileDialog.getSaveFileName(
        parent, "Export", str(suggestion), ";;".join(titles), _title(last)
    )
    if not name:
        return None
    path = Path(name)
    format_name = _format_of(path, titles.get(title, last))
    settings().setValue(FORMAT_KEY, format_name)
    return _with_suffix(path, format_name), format_name


def write_pages(
    path: Path,
    pages: Sequence[ReadPage],
    format_name: str,
    *,
    on_progress: Callable[[float, str], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> None:
    """Write pages as one file, as a folder of files, or as a file each: ``name-1``, ``name-2``…

    Raises:
        HandwriteError: one cannot be written; the message says why.
        Cancelled: ``should_stop`` became true.
    """

    def told(index: int, page: ReadPage) -> ReadPage:
        """The page, which tells when its picture is loaded: that is when its turn has come."""

        def load() -> NDArray[np.uint8]:
            step(index)
            return page.picture

        return replace(page, pixels=None, load_pixels=load)

    def step(index: int) -> None:
        if should_stop is not None and should_stop():
            raise Cancelled
        if on_progress is not None:
            on_progress(index / len(pages), f"Exporting page {index + 1} of {len(pages)}…")

    many = [told(index, page) for index, page in enumerate(pages)]
    chosen = FORMATS[format_name]
    if chosen.holds_pages or len(pages) == 1:
        write_export(path, many, format_name)
        return
    stem = path.name.removesuffix(_suffix(format_name))
    for index, page in enumerate(many):
        step(index)
        write_export(
            path.with_name(f"{stem}-{index + 1}{_suffix(format_name)}"), [page], format_name
        )


def write_export(path: Path, pages: Sequence[ReadPage], format_name: str) -> None:
    """Write pages as one file, or as a folder of files.

    Raises:
        HandwriteError: it cannot be written; the message says why.
    """
    try:
        for name, data in documents(pages, format_name, "page"):
            target = path
            if format_name == "folder":
                target = path.joinpath(*name.split("/")[1:])
                target.parent.mkdir(parents=True, exist_ok=True)
            write_bytes(target, data)
    except OSError as error:
        raise HandwriteError(
            f"{path.name} was not exported: {error.strerror}. Choose another folder or name."
        ) from error


def _title(format_name: str) -> str:
    return f"{FORMATS[format_name].title} (*{_suffix(format_name)})"


def _suffix(format_name: str) -> str:
    return FORMATS[format_name].suffix or FOLDER_SUFFIX


def _format_of(path: Path, chosen: str) -> str:
    """The chosen format, unless the name that was typed ends like a file of another one.

    Some platforms' dialogs have no choice of formats.
    """
    name = path.name.lower()
    if name.endswith(_suffix(chosen)):
        return chosen
    fitting = [one for one in FORMATS if name.endswith(_suffix(one))]
    return max(fitting, key=lambda one: len(_suffix(one)), default=chosen)


def _with_suffix(path: Path, format_name: str) -> Path:
    suffix = _suffix(format_name)
    if path.name.lower().endswith(suffix):
        return path
    # “.xml” alone is what dialogs add for “.alto.xml”.
    last = Path(suffix).suffix
    name = path.name.removesuffix(last) if suffix != last else path.name
    return path.with_name(name + suffix)
