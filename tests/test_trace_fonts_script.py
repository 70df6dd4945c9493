"""What scripts/trace_fonts.py makes of a font: characters in the layout of recorded handwriting."""

from __future__ import annotations

import importlib
import io
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import ImageFont

from handwrite_gui.engine.data.strokes import iter_stroke_samples, render_fitted
from handwrite_gui.engine.evaluation.look_alikes import LOOK_ALIKES
from handwrite_gui.engine.model_file import load_model
from handwrite_gui.engine.recognizer import Recognizer
from handwrite_gui.engine.resources import default_model_path

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(SCRIPTS)
    return importlib.import_module("trace_fonts")


@pytest.fixture
def font(tmp_path: Path) -> Path:
    """The one font that is there wherever Pillow is."""
    built_in = ImageFont.load_default(size=10)
    assert isinstance(built_in, ImageFont.FreeTypeFont) and isinstance(built_in.path, io.BytesIO)
    path = tmp_path / "fonts" / "some-package" / "own-hand-latin-400-normal.ttf"
    path.parent.mkdir(parents=True)
    path.write_bytes(built_in.path.getvalue())
    return path


def _run(script: ModuleType, monkeypatch: pytest.MonkeyPatch, folder: Path, output: Path) -> int:
    arguments = ["trace_fonts.py", "--fonts", str(folder), "--output", str(output)]
    monkeypatch.setattr("sys.argv", arguments)
    code: int = script.main()
    return code


def test_a_font_becomes_a_collection_of_strokes(
    script: ModuleType,
    font: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = tmp_path / "names.txt"
    names.write_text("# a remark\nnot-there\nneither\nnor-this\nown-hand\n", "utf-8")
    monkeypatch.setattr(script, "NAMES", names)
    output = tmp_path / "fonts.npz"
    assert _run(script, monkeypatch, font.parents[1], output) == 0
    assert "missing: not-there, neither, nor-this" in capsys.readouterr().out

    with np.load(output, allow_pickle=False) as file:
        arrays = dict(file)
    labels = arrays["labels"].tolist()
    assert "".join(labels) == script.LABELS
    # It is the fourth of the list, after those that leave 2, 3 and 4.
    assert arrays["writer"].tolist() == [script.FIRST + 7] * len(labels)
    assert arrays["images"].shape == (len(labels), 64, 64)
    assert arrays["images"].max(axis=(1, 2)).min() > 128

    strokes = list(iter_stroke_samples(arrays["points"], arrays["stroke_len"], arrays["n_strokes"]))
    assert [len(stroke) for stroke in strokes[labels.index(".")]] == [1]
    recognizer = Recognizer(load_model(default_model_path()), "alnum")
    shown = [index for index, label in enumerate(labels) if label.isdigit() or label.isupper()]
    pens = [
        render_fitted(strokes[index], longer_side=48, pen_width=4.0).astype(np.uint8)
        for index in shown
    ]
    for pictures in (list(arrays["images"][shown]), pens):
        read = [found[0].label for found in recognizer.classify(pictures)]
        wrong = [
            (labels[index], label)
            for index, label in zip(shown, read, strict=True)
            if LOOK_ALIKES.get(labels[index], labels[index]) != LOOK_ALIKES.get(label, label)
        ]
        assert len(wrong) <= 2, wrong


def test_nobody_who_is_measured_on_gets_a_number(
    script: ModuleType, font: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "LABELS", "A")
    names = [f"font-{index}" for index in range(12)]
    for name in names:
        (font.parent / f"{name}.ttf").write_bytes(font.read_bytes())
    (tmp_path / "names.txt").write_text("\n".join(names), "utf-8")
    monkeypatch.setattr(script, "NAMES", tmp_path / "names.txt")
    output = tmp_path / "fonts.npz"
    assert _run(script, monkeypatch, font.parent, output) == 0
    with np.load(output) as file:
        numbers = file["writer"]
    assert len(set(numbers.tolist())) == 12
    assert set((numbers % 5).tolist()) == {2, 3, 4}


def test_capitals_in_place_of_small_letters_are_left_out(
    script: ModuleType, font: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = script._drawn
    monkeypatch.setattr(script, "_drawn", lambda own, text: drawn(own, text.upper()))
    found = "".join(label for label, _, _ in script.draw_font(font))
    # Those whose shape is that of their capital anyway stay.
    assert found == "".join(c for c in script.LABELS if c not in script.OWN_SHAPE)


def test_a_folder_without_the_fonts_is_refused(
    script: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        _run(script, monkeypatch, tmp_path, tmp_path / "fonts.npz")
    assert "none of the fonts" in capsys.readouterr().err
