"""What the My Hand view does with sample sheets: makes them, and reads them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from handwrite_gui.handwriting.sheet.print_dialog import PrintSheetDialog
from handwrite_gui.opening import IMAGE_FILTER
from handwrite_gui.settings import settings
from handwrite_gui.workers import TaskRunner

if TYPE_CHECKING:
    from handwrite_gui.engine.handwriting.profiles import Profile
    from handwrite_gui.engine.handwriting.sample_sheet.layout import SampleSheet
    from handwrite_gui.engine.handwriting.samples import NewSample
    from handwrite_gui.handwriting.session import HandSession
    from handwrite_gui.handwriting.sheet.read_dialog import ReadSheetDialog
    from handwrite_gui.model_store import ModelStore

_FOLDER_KEY = "handwriting/sheet_folder"


def _write(sheet: SampleSheet, path: Path) -> Path:
    from handwrite_gui.engine.handwriting.sample_sheet.printing import sheet_pdf
    from handwrite_gui.engine.whole_file import replace_bytes

    replace_bytes(path, sheet_pdf(sheet))
    return path


class SheetDesk(QObject):
    """Makes sheets, and reads them.

    Signals:
        saved(str): a sheet was written; a line for the status bar.
        kept(object): samples of sheets were kept in the profile in use; their numbers.
        failed(object): an exception, to be explained.
    """

    saved = Signal(str)
    kept = Signal(object)
    failed = Signal(object)

    def __init__(self, session: HandSession, store: ModelStore, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._session = session
        self._store = store
        self._runner = TaskRunner(self, threads=1)
        self._dialog: ReadSheetDialog | None = None

    def ask_to_print(self) -> None:
        """Let the person choose a sheet and where it goes."""
        dialog = PrintSheetDialog(self._store.alphabet, self._window)
        if dialog.exec() != QDialog.DialogCode.Accepted:
            return
        chooser = QFileDialog(
            self._window, "Save the sample sheet", settings().read(_FOLDER_KEY, "")
        )
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setNameFilter("PDF (*.pdf)")
        chooser.setDefaultSuffix("pdf")
        chooser.selectFile("sample-sheet.pdf")
        if chooser.exec():
            path = Path(chooser.selectedFiles()[0])
            settings().setValue(_FOLDER_KEY, str(path.parent))
            self.save(dialog.sheet, path, opens=dialog.opens.isChecked())

    def save(self, sheet: SampleSheet, path: Path, *, opens: bool = False) -> None:
        """Write a sheet, and hand it to the program that shows PDF files."""
        task = self._runner.run(_write, sheet, path)

        def written(path: Path) -> None:
            self.saved.emit(f"Saved {path.name}; print it, fill it in, and photograph it")
            if opens:
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

        task.finished.connect(written)
        task.failed.connect(self.failed)

    def ask_to_read(self) -> None:
        """Let the person choose pictures of sheets."""
        names, _ = QFileDialog.getOpenFileNames(
            self._window,
            "Photographs or scans of filled-in sheets",
            settings().read("window/image_folder", ""),
            IMAGE_FILTER,
        )
        if names:
            settings().setValue("window/image_folder", str(Path(names[0]).parent))
            self.read([Path(name) for name in names])

    def read(self, paths: Sequence[Path]) -> ReadSheetDialog | None:
        """Read pictures and show what was cut out; it is kept when the person says so."""
        profile = self._session.profile
        if profile is None:
            return None
        # Imported here: its grid brings NumPy, which the view does without.
        from handwrite_gui.handwriting.sheet.read_dialog import ReadSheetDialog

        dialog = self._dialog = ReadSheetDialog(profile.name, self._window)
        dialog.accepted.connect(lambda: self._keep(profile, dialog.kept))
        dialog.finished.connect(self._closed)
        dialog.open()
        dialog.read(paths, self._store.recognizer)
        return dialog

    def shutdown(self) -> None:
        """Wait until what is being written is there."""
        if self._dialog is not None:
            self._dialog.reject()
        self._runner.wait()
        self._runner.shutdown()

    def _closed(self) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.deleteLater()

    def _keep(self, profile: Profile, samples: Sequence[NewSample]) -> None:
        task = self._runner.run(profile.samples.add_all, samples)

        def kept(ids: list[int]) -> None:
            # Where another profile was chosen meanwhile, they are in the one they were read for.
            if profile is self._session.profile:
                self.kept.emit(ids)

        task.finished.connect(kept)
        task.failed.connect(self.failed)
