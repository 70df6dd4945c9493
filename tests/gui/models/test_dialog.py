"""The models manager."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.model_file import save_model
from handwrite_gui.engine.model_library import FOLDER_VARIABLE
from handwrite_gui.main_window import MainWindow
from handwrite_gui.model_store import ModelStore
from handwrite_gui.models.compare_dialog import signed
from handwrite_gui.models.dialog import ModelsDialog
from tests.engine.evaluation.test_model_comparison import guesser
from tests.engine.handwriting.hands import small_model


@pytest.fixture(autouse=True)
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small model stands for the shipped one, and the library is the test's own."""
    path = tmp_path / "shipped.npz"
    save_model(small_model(), path)
    for module in ("engine.resources", "engine.model_library", "model_store"):
        monkeypatch.setattr(f"handwrite_gui.{module}.default_model_path", lambda: path)
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "models"))
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "guesser.npz"
    save_model(guesser(), path)
    return path


@pytest.fixture
def dialog(qtbot: QtBot) -> Iterator[ModelsDialog]:
    store = ModelStore()
    models = ModelsDialog(store)
    qtbot.addWidget(models)
    models.show()
    qtbot.waitUntil(lambda: len(models.table.entries) == 1)
    yield models
    if models.isVisible():
        models.close()
    store.shutdown()


def names(dialog: ModelsDialog) -> list[str]:
    return [entry.name for entry in dialog.table.entries]


def imported(qtbot: QtBot, dialog: ModelsDialog, file: Path) -> None:
    before = len(dialog.table.entries)
    dialog.import_file(file)
    qtbot.waitUntil(lambda: len(dialog.table.entries) == before + 1)


def test_the_shipped_model_is_listed_with_its_card(dialog: ModelsDialog) -> None:
    dialog.table.choose(0)
    assert "0123456789" in dialog.card.toPlainText()
    assert dialog.use_button.isEnabled()
    assert not dialog.delete_button.isEnabled()


def test_an_imported_model_is_chosen_and_can_be_used(
    qtbot: QtBot, dialog: ModelsDialog, file: Path, tmp_path: Path
) -> None:
    imported(qtbot, dialog, file)
    assert [entry.name for entry in dialog.table.chosen] == ["guesser"]
    with qtbot.waitSignal(dialog.use_wanted) as wanted:
        dialog.use_button.click()
    assert Path(wanted.args[0]).parent == tmp_path / "models"


def test_a_file_that_is_no_model_is_explained(
    qtbot: QtBot, dialog: ModelsDialog, tmp_path: Path
) -> None:
    path = tmp_path / "photograph.npz"
    path.write_bytes(b"\xff\xd8\xff")
    dialog.import_file(path)
    qtbot.waitUntil(lambda: "not an .npz file" in dialog.message_bar.text)
    assert len(dialog.table.entries) == 1


def test_a_damaged_model_in_the_library_is_listed_and_not_used(
    qtbot: QtBot, dialog: ModelsDialog, file: Path, tmp_path: Path
) -> None:
    imported(qtbot, dialog, file)
    (path,) = (tmp_path / "models").glob("*.npz")
    path.write_bytes(path.read_bytes()[:100])
    dialog.reload()
    qtbot.waitUntil(lambda: any(entry.problem for entry in dialog.table.entries))
    dialog.table.choose(1)
    assert "cannot be used" in dialog.card.toPlainText()
    assert not dialog.use_button.isEnabled()
    assert dialog.delete_button.isEnabled()


def test_what_was_deleted_comes_back(qtbot: QtBot, dialog: ModelsDialog, file: Path) -> None:
    imported(qtbot, dialog, file)
    dialog.delete_button.click()
    qtbot.waitUntil(lambda: len(dialog.table.entries) == 1)
    assert "was deleted" in dialog.message_bar.text
    dialog.message_bar._action.click()
    qtbot.waitUntil(lambda: names(dialog) == ["small", "guesser"])


def test_a_copy_is_renamed_and_exported(qtbot: QtBot, dialog: ModelsDialog, tmp_path: Path) -> None:
    dialog.table.choose(0)
    dialog.duplicate_button.click()
    qtbot.waitUntil(lambda: names(dialog) == ["small", "small copy"])
    dialog.rename("Mine")
    qtbot.waitUntil(lambda: names(dialog) == ["small", "Mine"])
    dialog.export(dialog.table.entries[1], tmp_path / "mine.npz")
    qtbot.waitUntil(lambda: "was copied" in dialog.message_bar.text)
    assert (tmp_path / "mine.npz").exists()


def test_two_models_are_compared(
    qtbot: QtBot, dialog: ModelsDialog, file: Path, tmp_path: Path
) -> None:
    imported(qtbot, dialog, file)
    assert dialog.compare() is None
    dialog.table.choose(0, 1)
    assert dialog.compare_button.isEnabled()
    comparing = dialog.compare()
    assert comparing is not None
    comparing.synthetic_button.click()
    assert comparing.cancel_button.isVisible()
    qtbot.waitUntil(lambda: comparing.classes.rowCount() == 10, timeout=30_000)
    assert comparing.outcome.text().startswith("small reads better, by")
    item = comparing.figures.item(0, 3)
    assert item is not None and float(item.text().replace("−", "-")) < -20
    path = tmp_path / "empty.npz"
    np.savez(path, images=np.zeros((0, 8, 8)))
    qtbot.waitUntil(lambda: comparing._task is None)
    comparing.compare(path)
    qtbot.waitUntil(lambda: "empty.npz" in comparing.message_bar.text)
    assert comparing.classes.rowCount() == 10  # what was shown stays
    comparing.close()


def test_a_comparison_can_be_cancelled(qtbot: QtBot, dialog: ModelsDialog, file: Path) -> None:
    imported(qtbot, dialog, file)
    dialog.table.choose(0, 1)
    comparing = dialog.compare()
    assert comparing is not None
    comparing.compare(None)
    comparing.cancel()
    qtbot.waitUntil(lambda: comparing._task is None)
    assert comparing.classes.rowCount() == 0
    assert comparing.synthetic_button.isEnabled()
    dialog.close()  # and takes the other with it
    assert not comparing.isVisible()


def test_the_window_has_one_list_and_reads_with_what_is_chosen(qtbot: QtBot, file: Path) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.store.recognizer is not None)
    models = window.show_models()
    assert window.show_models() is models
    models.use_wanted.emit(file)
    qtbot.waitUntil(lambda: window.store.path == file)
    models.use_wanted.emit(None)
    qtbot.waitUntil(lambda: window.store.source == "the shipped model")
    window.close()


@pytest.mark.parametrize(
    ("points", "text"), [(-1.5, "−1.50"), (0.25, "+0.25"), (0.0, "0.00"), (-0.001, "0.00")]
)
def test_differences_have_a_sign_where_they_are_some(points: float, text: str) -> None:
    assert signed(points, 2) == text
