"""The batch view: what is read in which order, and what it tells about it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QImage, QImageReader
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from handwrite_gui.batch.entries import EntryList, State, state_text
from handwrite_gui.batch.view import BatchView
from handwrite_gui.engine.batch.task import BatchSettings, Outcome, Task
from handwrite_gui.engine.page_document.document_file import (
    PageDocument,
    PictureFile,
    save_document,
)
from handwrite_gui.engine.page_document.writing import Writing
from handwrite_gui.settings import settings
from handwrite_gui.widgets.page_thumbnails import SIDE, load
from tests.gui.page.pages import StandInRecognizer, StandInStore, page, write_image

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class StandInExecutor:
    """Reads nothing, in the order of the tasks; waits before each while it is held."""

    capacity = 1
    order: list[tuple[str, int]]

    def __init__(self) -> None:
        self.order = []
        self.settings: BatchSettings | None = None
        self.free = threading.Event()
        self.free.set()
        self._tasks: list[Task] = []

    def __call__(self, settings: BatchSettings, jobs: int) -> StandInExecutor:
        self.settings = settings
        self.jobs = jobs
        return self

    def submit(self, task: Task) -> None:
        self._tasks.append(task)

    def wait(self, seconds: float) -> list[tuple[Task, Outcome]]:
        if not self._tasks or not self.free.wait(seconds):
            return []
        task = self._tasks.pop(0)
        self.order.append((task.item.stem, task.item.turns))
        if task.item.stem == "bad":
            return [(task, Outcome(error="it is damaged."))]
        files = ((f"{task.item.stem}.txt", b"TEXT\n"),)
        return [(task, Outcome(documents=files, characters=4, confidence=0.9))]

    def cancel(self) -> None:
        self._tasks.clear()

    def close(self) -> None:
        self._tasks.clear()


@pytest.fixture
def executor() -> StandInExecutor:
    return StandInExecutor()


@pytest.fixture
def view(qtbot: QtBot, executor: StandInExecutor, tmp_path: Path) -> Iterator[BatchView]:
    store = StandInStore(StandInRecognizer(page("A")))
    view = BatchView(store, make_executor=executor)
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.options.folder.setText(str(tmp_path / "out"))
    with qtbot.waitExposed(view):
        view.show()
    yield view
    executor.free.set()
    view.shutdown()
    store.shutdown()


@pytest.fixture
def errors(view: BatchView) -> list[str]:
    messages: list[str] = []
    view.error_message.connect(messages.append)
    view.error_raised.connect(lambda error: messages.append(str(error)))
    return messages


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "scans"
    folder.mkdir()
    for name in ("1", "2", "10", "bad"):
        write_image(folder / f"{name}.png", (40, 30))
    (folder / "notes.txt").write_text("no page")
    return folder


@pytest.fixture
def filled(view: BatchView, scans: Path, qtbot: QtBot) -> BatchView:
    view.add([scans])
    qtbot.waitUntil(lambda: len(view.list.entries) == 4)
    return view


def names(view: BatchView) -> list[str]:
    return [entry.path.stem for entry in view.list.entries]


def select(view: BatchView, *rows: int) -> None:
    view.shown.clearSelection()
    for row in rows:
        view.shown.selectionModel().select(
            view.list.index(row), view.shown.selectionModel().SelectionFlag.Select
        )


class TestTheList:
    def test_a_mix_is_dropped(self, view: BatchView, scans: Path, qtbot: QtBot) -> None:
        other = write_image(scans.parent / "other.png", (40, 30))
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in (other, scans)])
        event = QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        view.dropEvent(event)
        qtbot.waitUntil(lambda: len(view.list.entries) == 5)
        assert names(view) == ["other", "1", "2", "10", "bad"]

    def test_nothing_to_read_is_said(
        self, view: BatchView, tmp_path: Path, errors: list[str], qtbot: QtBot
    ) -> None:
        view.add([tmp_path])
        qtbot.waitUntil(lambda: bool(errors))
        assert "no picture" in errors[0]
        assert not view.can_start()

    def test_a_file_is_in_it_once(self, filled: BatchView, scans: Path, qtbot: QtBot) -> None:
        with qtbot.waitSignal(filled.status_message):
            filled.add([scans / "1.png"])
        assert len(filled.list.entries) == 4

    def test_files_are_moved_turned_and_removed(self, filled: BatchView) -> None:
        select(filled, 2, 3)
        filled.move_selected(-1)
        assert names(filled) == ["1", "10", "bad", "2"]
        filled.move_selected(-1)
        filled.move_selected(-1)
        assert names(filled) == ["10", "bad", "1", "2"]
        filled.move_selected(1)
        assert names(filled) == ["1", "10", "bad", "2"]
        select(filled, 0)
        filled.turn_selected(-1)
        assert filled.list.entries[0].turns == 3
        select(filled, 1, 3)
        filled.remove_selected()
        assert names(filled) == ["1", "bad"]

    def test_dragging_moves_a_row_as_qt_asks(self, filled: BatchView) -> None:
        root = QModelIndex()
        assert filled.list.moveRows(root, 0, 1, root, 3)
        assert names(filled) == ["2", "10", "1", "bad"]
        assert not filled.list.moveRows(root, 0, 1, root, 1)

    def test_pictures_are_loaded(self, filled: BatchView, qtbot: QtBot) -> None:
        def loaded() -> bool:
            return all(entry.thumbnail is not None for entry in filled.list.entries)

        qtbot.waitUntil(loaded)
        filled.shown.repaint()
        filled.grab()

    def test_it_is_painted_in_every_state(self, filled: BatchView) -> None:
        for entry, state in zip(filled.list.entries, State, strict=True):
            filled.list.update(entry, state=state, detail="it is so", pages=3, done=1)
        texts = [state_text(entry) for entry in filled.list.entries]
        assert texts == ["Waiting", "Reading page 2 of 3", "Read · 3 pages · it is so", "It is so"]
        assert not filled.grab().isNull()


class TestReading:
    def test_in_the_order_of_the_list(
        self, filled: BatchView, executor: StandInExecutor, tmp_path: Path, qtbot: QtBot
    ) -> None:
        select(filled, 2)
        filled.move_selected(-1)
        filled.turn_selected(1)
        with qtbot.waitSignal(filled.session.finished):
            filled.start()
        qtbot.waitUntil(lambda: not filled.session.is_busy)
        assert executor.order == [("1", 0), ("10", 1), ("2", 0), ("bad", 0)]
        states = [entry.state for entry in filled.list.entries]
        assert states == [State.DONE, State.DONE, State.DONE, State.FAILED]
        assert filled.list.entries[3].detail == "it is damaged."
        assert sorted(p.name for p in (tmp_path / "out").glob("*.txt")) == [
            "1.txt",
            "10.txt",
            "2.txt",
        ]
        assert "1 failed" in filled.strip.text.text()
        assert filled.has_report()

    def test_what_was_read_before_is_left_out(
        self, filled: BatchView, executor: StandInExecutor, qtbot: QtBot
    ) -> None:
        for _ in range(2):
            executor.order.clear()
            with qtbot.waitSignal(filled.session.finished):
                filled.start()
            qtbot.waitUntil(lambda: not filled.session.is_busy)
        assert executor.order == [("bad", 0)]
        assert filled.list.entries[0].detail == "read before"

    def test_paused_it_waits_and_cancelled_it_ends(
        self, filled: BatchView, executor: StandInExecutor, qtbot: QtBot
    ) -> None:
        executor.free.clear()
        filled.start()
        assert not filled.options.isEnabled()
        select(filled, 0)
        assert not filled.can_change()
        filled.pause(True)
        assert filled.strip.pause.text() == "Continue"
        filled.pause(False)
        executor.free.set()
        executor.free.clear()
        with qtbot.waitSignal(filled.session.finished) as ended:
            filled.cancel()
            # A batch that was not made yet is cancelled as soon as it is.
            executor.free.set()
        qtbot.waitUntil(lambda: not filled.session.is_busy)
        assert ended.args is not None
        assert filled.options.isEnabled()

    def test_the_choices_reach_the_readers(
        self, filled: BatchView, executor: StandInExecutor, qtbot: QtBot
    ) -> None:
        options = filled.options
        options.format.setCurrentIndex(options.format.findData("alto"))
        options.language.setCurrentIndex(options.language.findData("none"))
        options.dpi.setValue(200)
        options.jobs.setValue(1)
        with qtbot.waitSignal(filled.session.finished):
            filled.start()
        assert executor.settings == BatchSettings(
            None, executor.settings and executor.settings.alphabet, None, "any", "alto", 200.0
        )
        assert executor.jobs == 1

    def test_other_choices_for_the_same_folder_are_refused_and_said(
        self, filled: BatchView, errors: list[str], qtbot: QtBot
    ) -> None:
        with qtbot.waitSignal(filled.session.finished):
            filled.start()
        qtbot.waitUntil(lambda: not filled.session.is_busy)
        filled.options.format.setCurrentIndex(filled.options.format.findData("alto"))
        filled.start()
        qtbot.waitUntil(lambda: bool(errors))
        assert "another model, format or settings" in errors[0]
        qtbot.waitUntil(lambda: not filled.session.is_busy)
        assert filled.can_start()

    def test_without_a_folder_it_asks(
        self, filled: BatchView, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        filled.options.folder.clear()
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *a: "")
        filled.start()
        assert not filled.session.is_busy

    def test_the_report_is_saved(
        self, filled: BatchView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
    ) -> None:
        with qtbot.waitSignal(filled.session.finished):
            filled.start()
        target = tmp_path / "report.csv"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a: (str(target), ""))
        filled.ask_where_to_report()
        assert target.read_text().count("\n") == 5

    def test_closing_ends_it(
        self, filled: BatchView, executor: StandInExecutor, qtbot: QtBot
    ) -> None:
        executor.free.clear()
        filled.start()
        filled.shutdown()


def test_thumbnails_of_everything(tmp_path: Path) -> None:
    write_image(tmp_path / "a.png", (400, 300))
    (tmp_path / "b.png").write_bytes(b"nothing")
    from PIL import Image

    Image.new("L", (200, 400), 255).save(tmp_path / "c.pdf", "PDF")
    first, broken, pdf = load([(tmp_path / name, 1) for name in ("a.png", "b.png", "c.pdf")])
    assert (first.width(), first.height()) == (SIDE, SIDE * 3 // 4)
    assert broken.isNull()
    assert pdf.height() == SIDE


def test_the_thumbnail_of_a_saved_page_is_upright(tmp_path: Path) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6  # a camera held upright: it lies on its left side in the file
    photo = BytesIO()
    stored = Image.new("L", (400, 300), 255)
    stored.paste(0, (0, 0, 200, 300))
    stored.save(photo, "JPEG", exif=exif)
    saved = PageDocument("p.jpg", PictureFile("p.jpg", photo.getvalue()), Writing(300, 400))
    save_document(tmp_path / "p.handwrite", saved)
    (tmp_path / "p.jpg").write_bytes(photo.getvalue())
    for image in load([(tmp_path / "p.handwrite", 1), (tmp_path / "p.jpg", 1)]):
        assert (image.width(), image.height()) == (SIDE * 3 // 4, SIDE)
        assert image.pixelColor(SIDE // 3, 10).value() < 30
        assert image.pixelColor(SIDE // 3, SIDE - 10).value() > 225


def test_a_saved_page_whose_picture_qt_cannot_read_has_a_thumbnail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = write_image(tmp_path / "p.png", (400, 300), 128).read_bytes()
    saved = PageDocument("p.png", PictureFile("p.png", picture), Writing(400, 300))
    save_document(tmp_path / "p.handwrite", saved)
    monkeypatch.setattr(QImageReader, "read", lambda _: QImage())
    (image,) = load([(tmp_path / "p.handwrite", 1)])
    assert (image.width(), image.height()) == (SIDE, SIDE * 3 // 4)
    assert image.pixelColor(5, 5).value() == 128


def test_the_choices_are_remembered(view: BatchView, qtbot: QtBot) -> None:
    view.options.format.setCurrentIndex(view.options.format.findData("pdf"))
    view.save_state(settings())
    view.options.format.setCurrentIndex(0)
    view.options.folder.clear()
    view.restore_state(settings())
    assert view.options.format.currentData() == "pdf"
    assert view.options.output is not None


def test_a_list_without_rows(qtbot: QtBot) -> None:
    entries = EntryList()
    assert entries.rowCount() == 0
    assert entries.data(entries.index(0)) is None
    assert QImage().isNull()
