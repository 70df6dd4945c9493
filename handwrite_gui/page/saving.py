"""Writing what was read to a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QIODevice, QSaveFile
from PySide6.QtWidgets import QFileDialog, QWidget

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.page.result import PageResult
from handwrite_gui.page.framing import map_result
from handwrite_gui.page.reading import Page
from handwrite_gui.settings import settings

FILTERS = {"Text (*.txt)": ".txt", "JSON with places and alternatives (*.json)": ".json"}


FOLDER_KEY = "page/save_folder"


def ask_where_to_save(parent: QWidget, stem: str) -> Path | None:
    """Let the person choose a file for a text, ``stem.txt`` or so; None where they do not."""
    folder = Path(settings().read(FOLDER_KEY, "") or str(Path.home()))
    suggestion = str(folder / f"{stem}.txt")
    name, chosen = QFileDialog.getSaveFileName(parent, "Save text", suggestion, ";;".join(FILTERS))
    if not name:
        return None
    path = Path(name)
    if path.suffix.lower() not in FILTERS.values():
        path = path.with_name(path.name + FILTERS.get(chosen, ".txt"))
    return path


def remember_folder(path: Path) -> None:
    """Suggest the folder of a file that was saved for the next one."""
    settings().setValue(FOLDER_KEY, str(path.parent))


def save_reading(path: Path, page: Page, result: PageResult) -> None:
    """Write what was read of a page as the file's name says: ``.json`` for everything, else text.

    The places in it are those on the image as it was opened, however it is turned here.  The file
    is replaced as a whole or not at all.

    Args:
        result: the page's reading as it is shown, corrections included.

    Raises:
        HandwriteError: it cannot be written; the message says why.
    """
    data = _document(path, page, result).encode("utf-8", "replace")
    file = QSaveFile(str(path))
    # A folder that takes no new files can still hold a file that may be written; but then a
    # failure would destroy what is in it.
    file.setDirectWriteFallback(False)
    if not (
        file.open(QIODevice.OpenModeFlag.WriteOnly)
        and file.write(data) == len(data)
        and file.commit()
    ):
        raise HandwriteError(
            f"{path.name} was not saved: {file.errorString()}. Choose another folder or name."
        )


def _document(path: Path, page: Page, result: PageResult) -> str:
    if path.suffix.lower() == ".json":
        from handwrite_gui.engine.export.json_document import json_document

        original = map_result(result, page.turn.original, page.source.size)
        source = page.source
        return json_document(original, source.file_name, page_number=source.number) + "\n"
    return result.text + "\n" if result.text else ""
