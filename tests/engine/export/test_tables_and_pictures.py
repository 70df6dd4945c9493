"""CSV, Markdown, the annotated pictures and the training sets."""

from __future__ import annotations

import base64
import csv
import io
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from handwrite_gui.engine.data.readers import read_dataset
from handwrite_gui.engine.export.csv_table import HEADER
from handwrite_gui.engine.export.formats import documents, export
from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.export.training_set import folder_name
from handwrite_gui.engine.page.result import Line, PageResult, Word
from tests.engine.export.pages import PAGE, RESULT, line, picture


def test_csv_has_a_row_for_every_character() -> None:
    rows = list(csv.DictReader(io.StringIO(export(PAGE, "csv").decode())))
    assert tuple(rows[0]) == HEADER
    assert [row["label"] for row in rows] == [c.label for c in RESULT.characters]
    first = rows[0]
    assert (first["line"], first["word"], first["character"]) == ("1", "1", "1")
    assert [float(first[edge]) for edge in ("left", "top", "right", "bottom")] == [50, 100, 70, 140]
    assert (first["second"], first["second_probability"]) == ("?", "0.0500")
    last = rows[-1]
    assert (last["line"], last["word"], last["character"]) == ("3", "1", "3")


def markdown_of(*lines: Line) -> str:
    return export(ReadPage(PageResult(800, 600, lines), "p.jpg"), "md").decode()


class TestMarkdown:
    def test_lines_stay_lines_and_wide_gaps_part_paragraphs(self) -> None:
        text = markdown_of(line("ONE", 100), line("TWO", 150), line("THREE", 200), line("END", 400))
        assert text.partition("-->")[2].strip() == "ONE\\\nTWO\\\nTHREE\n\nEND"

    @pytest.mark.parametrize(
        ("written", "escaped"),
        [
            ("# *a* _b_", "\\# \\*a\\* \\_b\\_"),
            ("<b> [x] `c`", "\\<b\\> \\[x\\] \\`c\\`"),
            ("- milk", "\\- milk"),
            ("1. item", "1\\. item"),
            ("12 items", "12 items"),
            ("+5", "\\+5"),
        ],
    )
    def test_what_means_something_is_escaped(self, written: str, escaped: str) -> None:
        assert markdown_of(line(written, 100)).partition("-->")[2].strip() == escaped


class TestPictures:
    def test_png_has_boxes_on_the_picture(self) -> None:
        image = Image.open(io.BytesIO(export(PAGE, "png")))
        assert image.size == (800, 600)
        assert "default" in image.text["Software"]  # type: ignore[attr-defined]
        assert image.info["dpi"] == pytest.approx((150, 150), abs=0.1)
        pixels = np.asarray(image.convert("RGB")).astype(int)
        left_edge = pixels[110:130, 50]
        assert (left_edge[:, 2] > left_edge[:, 0] + 80).all(), "sure characters are blue"
        assert (pixels[500:, 500:] == 230).all()

    def test_svg_holds_the_picture_and_text(self) -> None:
        root = ElementTree.fromstring(export(PAGE, "svg"))
        space = "{http://www.w3.org/2000/svg}"
        labels = [element.text for element in root.iter(f"{space}text")]
        assert labels == [c.label for c in RESULT.characters]
        assert len(list(root.iter(f"{space}polygon"))) == len(labels)
        (image,) = root.iter(f"{space}image")
        kind, _, data = image.attrib["href"].partition(",")
        assert kind == "data:image/jpeg;base64"
        assert Image.open(io.BytesIO(base64.b64decode(data))).size == (800, 600)


def written_page() -> ReadPage:
    """Characters of which each is a stroke of its own, lower-case and punctuation among them."""
    result = PageResult(800, 600, (line("Aa1", 100), line("b?.", 200), line("B:", 300)))
    return ReadPage(result, "p.png", model="m", pixels=picture(result))


NAMES = ("A_upper", "a_lower", "7", "period", "slash", None, None, "手", None, "ß_lower")


class TestTrainingSets:
    def test_npz_is_taken_by_the_trainer(self, tmp_path: Path) -> None:
        path = tmp_path / "set.npz"
        path.write_bytes(export(written_page(), "npz"))
        data = read_dataset(path)
        assert "".join(data.labels) == "Aa1b?.B:"
        images = np.asarray(data.images)
        assert images.shape == (8, 64, 64)
        ink = images > 128
        assert (ink.mean(axis=(1, 2)) > 0.05).all()
        assert not ink[:, [0, -1]].any(), "a margin is left"

    def test_folders_are_taken_by_the_trainer(self, tmp_path: Path) -> None:
        for name, data in documents([written_page()], "folder", "page"):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        data = read_dataset(tmp_path / "page.characters")
        assert sorted(data.labels) == sorted("Aa1b?.B"), "a colon is no name on every system"

    def test_places_outside_of_the_page_and_labels_of_many_characters_are_left_out(self) -> None:
        outside = PageResult(800, 600, (line("X", 5000), line("Y", 100)))
        page = ReadPage(outside, "p.png", pixels=picture(PageResult(800, 600, outside.lines[1:])))
        with np.load(io.BytesIO(export(page, "npz"))) as arrays:
            assert arrays["labels"].tolist() == ["Y"]

    def test_letters_without_ink_of_their_own_are_left_out(self) -> None:
        result = PageResult(800, 600, (line("YIN", 100),))
        [word] = result.lines[0].words
        first, second, third = word.characters
        second = replace(second, alternatives=(), changed_by="language")
        hiding = replace(result, lines=(Line((Word((first, second, third)),)),))
        page = ReadPage(hiding, "p.png", pixels=picture(result))
        with np.load(io.BytesIO(export(page, "npz"))) as arrays:
            assert arrays["labels"].tolist() == ["Y", "N"]

    @pytest.mark.parametrize(
        ("label", "name"),
        list(zip("Aa7./:\\手 ß", NAMES, strict=True)),
    )
    def test_names_of_folders(self, label: str, name: str | None) -> None:
        assert folder_name(label) == name
