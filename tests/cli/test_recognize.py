"""Reading pages, with the shipped model and the sample pages."""

from __future__ import annotations

import difflib
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from handwrite_gui.engine.resources import resource_path
from tests.cli.conftest import Run

SAMPLES = resource_path("samples")

Lines = tuple[Path, Path]


@pytest.fixture(scope="session")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Lines:
    """Two pictures with a line or two of writing, which are quicker to read than a whole page."""
    folder = tmp_path_factory.mktemp("lines")
    paths = folder / "groceries.png", folder / "letters.png"
    for path, sample in zip(paths, ("shopping_list.jpg", "alphabet.jpg"), strict=True):
        with Image.open(SAMPLES / sample) as page:
            page.crop((0, 0, page.width, page.height // 4)).save(path)
    return paths


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture of paper on which nothing is written."""
    path = tmp_path_factory.mktemp("blank") / "blank.png"
    Image.new("L", (400, 300), 240).save(path)
    return path


def test_prints_a_line_for_each_line_of_the_page(run: Run) -> None:
    samples = json.loads((SAMPLES / "index.json").read_text(encoding="utf-8"))
    sample = next(sample for sample in samples if sample["file"] == "shopping_list.jpg")
    outcome = run("recognize", SAMPLES / sample["file"])
    assert (outcome.status, outcome.err) == (0, "")
    written = sample["text"].splitlines()
    read = outcome.out.splitlines()
    assert len(read) == len(written)
    for a, b in zip(read, written, strict=True):
        assert difflib.SequenceMatcher(None, a, b, False).ratio() > 0.7, (a, b)


def test_several_pages_follow_each_other(run: Run, lines: Lines) -> None:
    together = run("recognize", lines[0], lines[1])
    one, other = run("recognize", lines[0]), run("recognize", lines[1])
    assert together.out == one.out + "\n" + other.out


def test_json_has_every_character_and_its_place(run: Run, lines: Lines) -> None:
    outcome = run("recognize", "--format", "json", lines[0], lines[1])
    first, second = map(json.loads, outcome.out.splitlines())
    assert (first["image"]["name"], second["image"]["name"]) == (lines[0].name, lines[1].name)
    assert first["text"] + "\n" == run("recognize", lines[0]).out
    words = [word for line in first["lines"] for word in line["words"]]
    for character in (character for word in words for character in word["characters"]):
        assert 0 <= character["probability"] <= 1
        assert len(character["quad"]) == 4
        assert character["label"] in {guess["label"] for guess in character["alternatives"]}


def test_an_alphabet_limits_what_is_read(run: Run, lines: Lines) -> None:
    text = run("recognize", "--alphabet", "digits", lines[1]).out
    assert text.strip()
    assert set(text) <= set("0123456789 \n")


def test_a_field_of_digits_has_no_letters(run: Run, lines: Lines) -> None:
    text = run("recognize", "--field", "digits", lines[1]).out
    assert text.strip()
    assert set(text) <= set("0123456789 \n")


def test_the_language_can_be_chosen_and_switched_off(run: Run, lines: Lines) -> None:
    read = {
        language: json.loads(
            run("recognize", "--format", "json", "--language", language, lines[0]).out
        )
        for language in ("en", "de", "off")
    }
    for language, page in read.items():
        words = [word for line in page["lines"] for word in line["words"]]
        changes = {one["changed_by"] for word in words for one in word["characters"]}
        assert changes <= (
            {None, "context"} if language == "off" else {None, "context", "language"}
        )
    # The shapes are the same, but for the few words that the language cuts otherwise.
    off, english = (read[code]["text_seen"].replace(" ", "") for code in ("off", "en"))
    assert difflib.SequenceMatcher(None, off, english, False).ratio() > 0.9
    # What it has not touched is there without it too, in the same order.
    shapes = iter(
        one["alternatives"][0]["label"]
        for line in read["off"]["lines"]
        for word in line["words"]
        for one in word["characters"]
    )
    for line in read["en"]["lines"]:
        for word in line["words"]:
            for one in word["characters"]:
                if one["changed_by"] != "language":
                    assert one["alternatives"][0]["label"] in shapes


@pytest.mark.parametrize("option", [("--language", "xx"), ("--field", "words")])
def test_other_languages_and_fields_are_refused(
    run: Run, lines: Lines, option: tuple[str, str]
) -> None:
    outcome = run("recognize", *option, lines[0])
    assert outcome.status == 2
    assert option[1] in outcome.err


def test_a_field_has_to_have_characters_of_the_alphabet(run: Run, lines: Lines) -> None:
    outcome = run("recognize", "--alphabet", "upper", "--field", "digits", lines[0])
    assert outcome.status == 1
    assert "no digits" in outcome.err


class TestOutput:
    def test_one_page_to_a_file(self, run: Run, lines: Lines, tmp_path: Path) -> None:
        path = tmp_path / "read.txt"
        assert run("recognize", "--output", path, lines[0]) == (0, "", "")
        assert path.read_text(encoding="utf-8") == run("recognize", lines[0]).out
        assert list(tmp_path.iterdir()) == [path]

    def test_several_pages_to_a_new_folder(self, run: Run, lines: Lines, tmp_path: Path) -> None:
        folder = tmp_path / "new" / "readings"
        arguments = ("--format", "json", "--output", folder, lines[0], lines[1])
        assert run("recognize", *arguments) == (0, "", "")
        assert sorted(path.name for path in folder.iterdir()) == [
            "groceries.json",
            "letters.json",
        ]

    def test_one_page_to_a_folder_that_is_there(
        self, run: Run, lines: Lines, tmp_path: Path
    ) -> None:
        assert run("recognize", "--output", tmp_path, lines[0]).status == 0
        assert [path.name for path in tmp_path.iterdir()] == ["groceries.txt"]

    def test_a_file_is_no_folder_for_several_pages(
        self, run: Run, lines: Lines, tmp_path: Path
    ) -> None:
        path = tmp_path / "notes.txt"
        path.write_text("mine")
        outcome = run("recognize", "--output", path, lines[0], lines[1])
        assert outcome.status == 2
        assert "has to be a folder" in outcome.err
        assert path.read_text() == "mine"

    def test_two_images_of_one_name_do_not_replace_each_other(
        self, run: Run, tmp_path: Path
    ) -> None:
        outcome = run("recognize", "--output", tmp_path, "a/page.png", "b/page.png")
        assert outcome.status == 2
        assert "called page.png" in outcome.err

    def test_an_image_is_not_replaced_by_its_text(
        self, run: Run, lines: Lines, tmp_path: Path
    ) -> None:
        page = tmp_path / "page.jpg"
        page.write_bytes(lines[0].read_bytes())
        assert run("recognize", "--output", page, page).status == 2
        assert page.read_bytes() == lines[0].read_bytes()

    def test_a_file_in_a_folder_that_is_not_there(
        self, run: Run, lines: Lines, tmp_path: Path
    ) -> None:
        path = tmp_path / "missing" / "read.txt"
        outcome = run("recognize", "--output", path, lines[0])
        assert outcome == (1, "", f"handwrite-gui: {path}: No such file or directory.\n")


def wrong_files(folder: Path, page: Path) -> dict[str, Path]:
    """Files that are no readable page, by what is wrong with them."""
    files = {
        name: folder / f"{name.replace(' ', '_')}.png"
        for name in ("empty", "text", "truncated", "enormous", "one pixel", "noise")
    }
    files["empty"].touch()
    files["text"].write_text("This is no picture.")
    files["truncated"].write_bytes(page.read_bytes()[:2000])
    header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xc3\x50\0\0\xc3\x50\x08\0\0\0\0"
    files["enormous"].write_bytes(header + b"\0" * 64)
    Image.new("L", (1, 1)).save(files["one pixel"])
    noise = np.random.default_rng(1).integers(0, 256, (300, 400), np.uint8)
    Image.fromarray(noise).save(files["noise"])
    (folder / "no pictures").mkdir()
    return {**files, "missing": folder / "missing.png", "folder": folder / "no pictures"}


@pytest.mark.parametrize(
    "what", ["empty", "text", "truncated", "enormous", "one pixel", "noise", "missing", "folder"]
)
def test_a_wrong_file_gives_one_line_and_status_1(
    run: Run, lines: Lines, tmp_path: Path, what: str
) -> None:
    path = wrong_files(tmp_path, lines[0])[what]
    outcome = run("recognize", path)
    assert outcome.status == 1
    assert outcome.out == ""
    assert outcome.err.startswith(f"handwrite-gui: {path}: ")
    assert outcome.err.count("\n") == 1


def test_blank_paper_has_no_text(run: Run, blank: Path) -> None:
    outcome = run("recognize", blank)
    assert outcome == (
        1,
        "",
        f"handwrite-gui: {blank}: no writing was found on it; is it a page with dark ink?\n",
    )


def test_the_other_pages_are_read_all_the_same(
    run: Run, lines: Lines, blank: Path, tmp_path: Path
) -> None:
    outcome = run("recognize", tmp_path / "missing.png", lines[0], blank)
    assert outcome.status == 1
    assert outcome.out == run("recognize", lines[0]).out
    assert outcome.err.count("\n") == 2


def test_a_format_that_is_not_there_yet(run: Run, lines: Lines) -> None:
    outcome = run("recognize", "--format", "docx", lines[0])
    assert outcome.status == 2
    assert "invalid choice: 'docx' (choose from" in outcome.err


def test_a_model_that_is_damaged(run: Run, lines: Lines, tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    path.write_bytes(b"PK\3\4")
    outcome = run("recognize", "--model", path, lines[0])
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.startswith(f"handwrite-gui: {path}: ")
    assert outcome.err.count("\n") == 1
