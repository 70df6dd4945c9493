"""A photographed page, opened and read by the program as it ships."""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.resources import default_model_path, resource_path
from handwrite_gui.model_store import ModelStore
from handwrite_gui.page.samples import samples
from handwrite_gui.page.view import PageView

ROOT = Path(__file__).parents[3]
DEEP = ROOT.parent / "shared" / "pages" / "04_deep.jpg"


@pytest.fixture
def reading_view(qtbot: QtBot) -> Iterator[PageView]:
    try:
        default_model_path()
    except FileNotFoundError:
        pytest.skip("there is no trained model in resources yet")
    store = ModelStore()
    view = PageView(store)
    qtbot.addWidget(view)
    view.resize(1200, 760)
    view.show()
    store.load_default()
    qtbot.waitUntil(lambda: store.recognizer is not None, timeout=30_000)
    yield view
    view.shutdown()
    store.shutdown()


def read(qtbot: QtBot, view: PageView, path: Path) -> str:
    with qtbot.waitSignal(view.session.file_opened, timeout=30_000):
        view.open_path(path)
    qtbot.waitUntil(view.has_reading, timeout=60_000)
    return view.workspace.panel.text_pane.toPlainText()


def likeness(text: str, truth: str) -> float:
    return SequenceMatcher(None, text, truth, autojunk=False).ratio()


@pytest.mark.skipif(not DEEP.is_file(), reason="the photographed pages are not on this machine")
def test_the_photographed_page_is_read(qtbot: QtBot, reading_view: PageView) -> None:
    text = read(qtbot, reading_view, DEEP)
    truth = DEEP.with_suffix("").with_suffix(".gt.txt").read_text(encoding="utf-8").strip()
    lines = text.splitlines()
    assert len(lines) == 3
    # Every word may have one letter wrong; the page as a whole hardly any.
    for read_word, true_word in zip(text.split(), truth.split(), strict=True):
        assert len(read_word) == len(true_word)
        assert sum(a != b for a, b in zip(read_word, true_word, strict=True)) <= 1
    assert likeness(text, truth) >= 0.95


def test_characters_lie_where_they_are_drawn(qtbot: QtBot, reading_view: PageView) -> None:
    """Each box of a sample page holds ink: it is darker in it than the paper around."""
    shipped = samples()
    if not shipped:
        pytest.skip("no sample pages are shipped yet")
    read(qtbot, reading_view, shipped[0].path)
    page, overlay = reading_view.session.page, reading_view.workspace.overlay
    assert page is not None
    assert overlay is not None
    assert len(overlay.hits.bounds) > 10
    grey = page.image.pixels if page.image.pixels.ndim == 2 else page.image.pixels.mean(axis=2)
    for left, top, right, bottom in overlay.hits.bounds:
        inside = grey[int(top) : int(bottom) + 1, int(left) : int(right) + 1]
        assert inside.min() < 0.8 * inside.max()


def test_every_sample_page_is_read_well(qtbot: QtBot, reading_view: PageView) -> None:
    shipped = samples()
    if not shipped:
        pytest.skip("no sample pages are shipped yet")
    index = json.loads(resource_path("samples/index.json").read_text(encoding="utf-8"))
    truths = {entry["file"]: entry["text"] for entry in index}
    for sample in shipped:
        text = read(qtbot, reading_view, sample.path)
        truth = truths[sample.path.name]
        assert likeness(text, truth) >= 0.9, f"{sample.path.name} was read as {text!r}"
