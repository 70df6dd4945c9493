"""Choosing what to train on: made, a file, a folder, a download; and what happens to bad files."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.data import fetch as fetching
from handwrite_gui.engine.errors import Cancelled
from handwrite_gui.model_store import ModelStore
from handwrite_gui.settings import settings
from handwrite_gui.train.data_source import FileSource, SyntheticSource
from handwrite_gui.train.session import RunState
from handwrite_gui.train.view import TrainView

NPZ = "../shared/data/photographed_62.npz"


@pytest.fixture
def data_file(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    images = np.zeros((60, 16, 16), dtype=np.uint8)
    images[:, 4:12, 4:12] = rng.integers(0, 2, (60, 8, 8)) * 255
    path = tmp_path / "own letters.npz"
    np.savez(path, images=images, labels=np.array(list("ABC" * 20), dtype="<U1"))
    return path


def wait_for_data(qtbot: QtBot, view: TrainView) -> None:
    qtbot.waitUntil(lambda: not view.chooser.is_busy, timeout=10_000)


def choose(view: TrainView, kind: str) -> None:
    field = view.chooser.fields.kind
    field.setCurrentIndex(field.findData(kind))


def drop(view: TrainView, *paths: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    view.dropEvent(
        QDropEvent(
            QPointF(10, 10),
            Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def test_synthetic_characters_are_chosen_at_first(view: TrainView) -> None:
    assert isinstance(view.chooser.source, SyntheticSource)
    assert view.form.summary.text().startswith("1024 → 64 → 10\n")


def test_the_alphabet_decides_how_many_outputs_there_are(view: TrainView) -> None:
    field = view.chooser.fields.alphabet
    field.setCurrentIndex(field.findData("alnum"))
    assert view.form.summary.text() == "1024 → 64 → 36\n67,940 weights and biases"


def test_made_characters_are_summarised_and_shown(qtbot: QtBot, view: TrainView) -> None:
    qtbot.mouseClick(view.chooser.prepare_button, Qt.MouseButton.LeftButton)
    wait_for_data(qtbot, view)
    assert view.chooser.data is not None
    assert view.chooser.summary.text().startswith("400 characters of 10 classes: ")
    assert "whole writers held back" in view.chooser.summary.text()
    assert view.chooser.preview.count == 10
    assert not view.chooser.prepare_button.isVisible()


def test_other_choices_need_other_data(qtbot: QtBot, view: TrainView) -> None:
    view.chooser.prepare()
    wait_for_data(qtbot, view)
    before = view.chooser.data
    view.chooser.fields.per_class.setValue(50)
    assert view.chooser.data is None
    assert view.chooser.prepare_button.isVisible()
    view.chooser.fields.per_class.setValue(40)
    assert view.chooser.data is before
    view.chooser.validation_share.setValue(30)
    assert view.chooser.data is None


def test_a_file_is_picked_in_a_dialog(
    qtbot: QtBot, view: TrainView, data_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(data_file), ""))
    choose(view, "file")
    assert not view.transport.main_button.isEnabled()
    qtbot.mouseClick(view.chooser.fields.file_button, Qt.MouseButton.LeftButton)
    wait_for_data(qtbot, view)
    assert view.chooser.source == FileSource(data_file)
    assert view.chooser.name_label.text() == "own letters"
    assert "60 characters of 3 classes" in view.chooser.summary.text()
    assert view.transport.main_button.isEnabled()


def test_a_folder_is_picked_in_a_dialog(
    qtbot: QtBot, view: TrainView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = QImage(20, 20, QImage.Format.Format_Grayscale8)
    image.fill(255)
    for x in range(5, 15):
        image.setPixel(x, 10, 0)
    for label in "XY":
        (tmp_path / "letters" / label).mkdir(parents=True)
        for number in range(4):
            image.save(str(tmp_path / "letters" / label / f"{number}.png"))
    folder = str(tmp_path / "letters")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: folder)
    choose(view, "file")
    qtbot.mouseClick(view.chooser.fields.folder_button, Qt.MouseButton.LeftButton)
    wait_for_data(qtbot, view)
    assert view.chooser.data is not None
    assert view.chooser.data.classes == ("X", "Y")


@pytest.mark.parametrize(("name", "taken"), [("page.JPG", False), ("digits.csv", True)])
def test_pictures_dragged_over_it_are_left_to_the_window(
    view: TrainView, tmp_path: Path, name: str, taken: bool
) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
    event = QDragEnterEvent(
        QPoint(10, 10),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    event.ignore()
    view.dragEnterEvent(event)
    assert event.isAccepted() == taken


def test_a_dropped_file_becomes_the_data(qtbot: QtBot, view: TrainView, data_file: Path) -> None:
    drop(view, data_file)
    wait_for_data(qtbot, view)
    assert view.chooser.source == FileSource(data_file)
    assert view.chooser.fields.kind.currentData() == "file"


def test_several_files_at_once_are_refused(
    view: TrainView, data_file: Path, errors: list[str]
) -> None:
    drop(view, data_file, data_file)
    assert errors == ["Drop one file or folder at a time."]
    assert not view.chooser.is_busy


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.npz", b""),
        ("text.npz", b"no data at all"),
        ("broken.npz", b"PK\3\4" + 60 * b"\0"),
        ("table.csv", b"label,pixel\nA,x\n"),
        ("page.png", b"\x89PNG\r\n\x1a\n"),
    ],
)
def test_a_bad_file_gives_one_message_and_leaves_the_session(
    qtbot: QtBot, view: TrainView, errors: list[str], tmp_path: Path, name: str, content: bytes
) -> None:
    view.chooser.prepare()
    wait_for_data(qtbot, view)
    before = view.chooser.data
    (tmp_path / name).write_bytes(content)
    view.open_path(tmp_path / name)
    wait_for_data(qtbot, view)
    assert len(errors) == 1
    assert errors[0].startswith(f"{name}: ")
    assert view.chooser.data is before
    assert view.chooser.data is not None
    assert view.chooser.fields.kind.currentData() == "synthetic"
    assert view.transport.main_button.isEnabled()


def test_a_bad_file_leaves_the_model_of_the_last_run(
    qtbot: QtBot, running: TrainView, errors: list[str], tmp_path: Path
) -> None:
    running.stop()
    qtbot.waitUntil(lambda: running.session.state is RunState.IDLE)
    trainer = running.session.trainer
    running.open_path(tmp_path / "nowhere.npz")
    wait_for_data(qtbot, running)
    assert len(errors) == 1
    assert running.session.trainer is trainer
    assert running.transport.save_button.isEnabled()


def test_no_data_are_taken_while_a_run_goes_on(
    running: TrainView, errors: list[str], data_file: Path
) -> None:
    drop(running, data_file)
    assert errors == ["A run is going on; stop it before choosing other data."]
    assert running.session.state is RunState.RUNNING


def test_a_download_shows_its_progress_and_can_be_cancelled_and_resumed(
    qtbot: QtBot, view: TrainView, data_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived = [0]
    may_finish = threading.Event()

    def fetch(
        name: str,
        *,
        on_progress: Callable[[float, str], None],
        should_stop: Callable[[], bool],
    ) -> Path:
        while arrived[0] < 10:
            arrived[0] += 1
            on_progress(arrived[0] / 10, f"Downloaded {arrived[0]} of 10 MB")
            while arrived[0] == 5 and not may_finish.is_set():
                if should_stop():
                    raise Cancelled
                may_finish.wait(0.01)
        return data_file

    monkeypatch.setattr(fetching, "fetch", fetch)
    choose(view, "mnist")
    assert "60,000 digits" in view.chooser.fields.note.text()
    assert view.chooser.prepare_button.text() == "Download and open"
    qtbot.mouseClick(view.chooser.prepare_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.chooser.progress_text.text() == "Downloaded 5 of 10 MB")
    assert view.chooser.progress.isVisible()
    assert view.chooser.progress.value() > 0
    qtbot.mouseClick(view.chooser.cancel_button, Qt.MouseButton.LeftButton)
    wait_for_data(qtbot, view)
    assert view.chooser.data is None
    may_finish.set()
    qtbot.mouseClick(view.chooser.prepare_button, Qt.MouseButton.LeftButton)
    wait_for_data(qtbot, view)
    assert arrived[0] == 10
    assert view.chooser.name_label.text() == "MNIST"


def test_choices_are_remembered(
    qtbot: QtBot, view: TrainView, store: ModelStore, data_file: Path
) -> None:
    view.open_path(data_file)
    wait_for_data(qtbot, view)
    view.chooser.validation_share.setValue(25)
    view.save_state(settings())
    again = TrainView(store)
    qtbot.addWidget(again, before_close_func=lambda view: view.shutdown())
    again.restore_state(settings())
    assert again.chooser.source == FileSource(data_file)
    assert again.chooser.fields.per_class.value() == 40
    assert again.chooser.fields.alphabet.currentData() == "digits"
    assert again.chooser.validation_share.value() == 25


def test_a_remembered_file_that_vanished_is_forgotten(
    qtbot: QtBot, view: TrainView, store: ModelStore, data_file: Path
) -> None:
    view.open_path(data_file)
    wait_for_data(qtbot, view)
    view.save_state(settings())
    data_file.unlink()
    again = TrainView(store)
    qtbot.addWidget(again, before_close_func=lambda view: view.shutdown())
    again.restore_state(settings())
    assert again.chooser.source is None


@pytest.mark.skipif(not Path(NPZ).exists(), reason=f"{NPZ} is not there")
def test_photographed_letters_can_be_trained_on(qtbot: QtBot, view: TrainView) -> None:
    view.open_path(Path(NPZ))
    wait_for_data(qtbot, view)
    assert view.chooser.data is not None
    assert len(view.chooser.data.classes) == 62
    view.start()
    qtbot.waitUntil(lambda: view.session.state is RunState.RUNNING, timeout=10_000)


def test_a_strength_that_was_previewed_is_trained_with(view: TrainView) -> None:
    view.browser.augmentation.strength_wanted.emit(0.7)
    settings = view.form.settings()
    assert settings is not None
    assert settings.augmentation == 0.7
