"""Writing what was read to a file."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QIODevice, QSaveFile

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.page.reading import Page

FILTERS = {"Text (*.txt)": ".txt", "JSON with places and alternatives (*.json)": ".json"}


def save_reading(path: Path, page: Page) -> None:
    """Write a page's reading as its name says: ``.json`` with everything, else plain text.

    The file is replaced as a whole or not at all.

    Raises:
        HandwriteError: it cannot be written; the message says why.
        ValueError: the page was not read yet.
    """
    if page.reading is None:
        raise ValueError("the page has no reading to save")
    data = _document(path, page).encode("utf-8")
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


def _document(path: Path, page: Page) -> str:
    assert page.reading is not None
    if path.suffix.lower() == ".json":
        from handwrite_gui.engine.export.json_document import json_document

        return json_document(page.reading.result, page.image.name) + "\n"
    text = page.reading.result.text
    return text + "\n" if text else ""
