"""Exporting what was read in any of the engine's formats."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.export.formats import FOLDER_SUFFIX, FORMATS, documents
from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.output_file import write_bytes
from handwrite_gui.engine.page.result import PageResult
from handwrite_gui.page.framing import map_result
from handwrite_gui.page.reading import Page
from handwrite_gui.page.saving import FOLDER_KEY, remember_folder
from handwrite_gui.settings import settings
from handwrite_gui.workers import TaskRunner

FORMAT_KEY = "page/export_format"
_FIRST_FORMAT = "pdf"


class PageExporter(QObject):
    """Asks for a format and a file, and writes it in a worker.

    Signals:
        status_message(str): a file is being written, or was.
        failed(object): the exception that it ended with.
    """

    status_message = Signal(str)
    failed = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._runner = TaskRunner(self)

    def ask(self, page: Page, result: PageResult) -> None:
        """Let the person choose where, and export.

        Args:
            result: the page's reading as it is shown, corrections included.
        """
        chosen = ask_for_export(self._window, page.image.name)
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
            page.source.name,
            model=model,
            pixels=pixels,
        )
        self.status_message.emit(f"Exporting {path.name}…")
        task = self._runner.run(write_export, path, read, format_name)
        task.finished.connect(lambda _: self._exported(path))
        task.failed.connect(self.failed)

    def shutdown(self) -> None:
        """Wait until the files are written."""
        self._runner.shutdown()

    def _exported(self, path: Path) -> None:
        remember_folder(path)
        self.status_message.emit(f"Exported as {path.name}.")


def ask_for_export(parent: QWidget, image_name: str) -> tuple[Path, str] | None:
    """The file or folder and the name of the format; None where the person chooses none."""
    titles = {_title(name): name for name in FORMATS}
    stored = settings().read(FORMAT_KEY, _FIRST_FORMAT)
    last = stored if stored in FORMATS else _FIRST_FORMAT
    folder = Path(settings().read(FOLDER_KEY, "") or str(Path.home()))
    suggestion = folder / f"{Path(image_name).stem}{_suffix(last)}"
    name, title = QFileDialog.getSaveFileName(
        parent, "Export", str(suggestion), ";;".join(titles), _title(last)
    )
    if not name:
        return None
    path = Path(name)
    format_name = _format_of(path, titles.get(title, last))
    settings().setValue(FORMAT_KEY, format_name)
    return _with_suffix(path, format_name), format_name


def write_export(path: Path, page: ReadPage, format_name: str) -> None:
    """Write a page as one file, or as a folder of files.

    Raises:
        HandwriteError: it cannot be written; the message says why.
    """
    try:
        for name, data in documents([page], format_name, "page"):
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
