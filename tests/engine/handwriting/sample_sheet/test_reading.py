"""From a photograph of a filled-in sheet to samples."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from handwrite_gui.engine.data.normalizer import normalize
from handwrite_gui.engine.data.strokes import render_fitted
from handwrite_gui.engine.errors import Cancelled, HandwriteError
from handwrite_gui.engine.handwriting.sample_sheet.layout import Cell, make_sheet
from handwrite_gui.engine.handwriting.sample_sheet.reading import (
    SheetPage,
    keep_sheet,
    read_sheet,
)
from handwrite_gui.engine.handwriting.samples import SampleStore
from handwrite_gui.engine.model_file import load_model
from handwrite_gui.engine.recognizer import Recognizer
from handwrite_gui.engine.resources import default_model_path
from tests.engine.handwriting.sample_sheet.paper import (
    BLACK,
    BLUE,
    PENCIL,
    Picture,
    Strokes,
    filled_in,
    photographed,
    scribble,
    written,
)

SHEET = make_sheet("2345679ABEGHKMRTWadegkmt.-&", 1)
EMPTY = {3, 11, 20}
SCRIBBLED = {5, 14}
Fill = Callable[..., Picture]


def write(cell: Cell, rng: np.random.Generator) -> Strokes | None:
    """Some boxes stay empty, in some it went wrong."""
    if cell.number in EMPTY:
        return None
    strokes = written(cell, rng)
    return strokes + scribble(cell, rng) if cell.number in SCRIBBLED else strokes


@pytest.fixture(scope="module")
def fill(tmp_path_factory: pytest.TempPathFactory) -> Fill:
    folder = tmp_path_factory.mktemp("sheet")
    return lambda seed=0, **rest: filled_in(
        SHEET, 1, folder, np.random.default_rng(seed), **{"write": write, **rest}
    )


@pytest.fixture(scope="module")
def filled(fill: Fill) -> Picture:
    return fill()


@pytest.fixture(scope="module")
def page(filled: Picture) -> SheetPage:
    """What a scan of it gives."""
    return read_sheet(filled)


def numbers(page: SheetPage) -> set[int]:
    return {sample.cell.number for sample in page.samples}


def likeness(page: SheetPage, seed: int = 0) -> list[float]:
    """How alike each letter and what was written are, as the network is shown them: correlation."""
    rng, drawn = np.random.default_rng(seed), {}
    for cell in SHEET.cells(1):
        strokes = write(cell, rng)
        if strokes is not None:
            drawn[cell.number] = render_fitted(strokes, longer_side=64, pen_width=5)
    shares = []
    for sample in page.samples:
        if not sample.label.isalnum():
            continue  # a dot is a dot
        pair = normalize([drawn[sample.cell.number], sample.image]).astype(float)
        a, b = (image.reshape(-1) - image.mean() for image in pair)
        shares.append(float(a @ b / np.sqrt((a @ a) * (b @ b))))
    return shares


@settings(max_examples=3, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    quarters=st.integers(0, 3),
    degrees=st.floats(-25, 25),
    tilt=st.floats(0, 0.25),
    bend=st.floats(-2.5, 2.5),
    dpi=st.floats(100, 130),
    shade=st.floats(0, 0.6),
    warmth=st.floats(0, 0.35),
    seed=st.integers(0, 1000),
)
def test_every_photograph_gives_what_was_written(
    filled: Picture,
    quarters: int,
    degrees: float,
    tilt: float,
    bend: float,
    dpi: float,
    shade: float,
    warmth: float,
    seed: int,
) -> None:
    picture = photographed(
        filled,
        np.random.default_rng(seed),
        quarters=quarters,
        degrees=degrees,
        tilt=tilt,
        bend=bend,
        dpi=dpi,
        shade=shade,
        cast=(1.0, 1 - 0.3 * warmth, 1 - warmth),
    )
    page = read_sheet(picture)
    assert numbers(page) == {cell.number for cell in SHEET.cells(1)} - EMPTY
    assert page.empty == len(EMPTY)
    assert {sample.cell.number for sample in page.of_verdict("scribbled")} == SCRIBBLED
    alike = likeness(page)
    assert np.median(alike) > 0.85
    assert min(alike) > 0.5


@pytest.mark.parametrize(
    ("colour", "in_colour", "pen"),
    [(BLUE, True, 0.35), (BLACK, False, 0.6), (PENCIL, False, 0.5), (BLACK, True, 1.1)],
    ids=["thin blue", "grey print", "pencil on grey print", "marker"],
)
def test_pens_and_printers_differ(
    fill: Fill, colour: tuple[int, int, int], in_colour: bool, pen: float
) -> None:
    picture = fill(colour=colour, in_colour=in_colour, pen=pen, write=written)
    page = read_sheet(photographed(picture, np.random.default_rng(3), dpi=130))
    assert len(page.samples) == len(SHEET.characters)
    assert not page.of_verdict("scribbled")


def test_a_scan_in_grey_is_as_good_as_one_in_colour(filled: Picture, page: SheetPage) -> None:
    grey = np.asarray(filled.mean(axis=2), np.uint8)
    assert numbers(read_sheet(grey)) == numbers(page)


def test_ink_over_the_border_goes_with_the_box_it_came_from(fill: Fill) -> None:
    def sprawling(cell: Cell, rng: np.random.Generator) -> Strokes | None:
        """A tall stroke that leaves the box above and below, and a wide one to both sides."""
        box, along = cell.box, np.linspace(-1, 1, 60)
        if cell.number == 13:
            tall = np.stack([0 * along, (0.5 * box.height + 2.0) * along], axis=1)
            return [tall + box.centre]
        if cell.number == 16:
            wide = np.stack([(0.5 * box.width + 1.8) * along, 0 * along], axis=1)
            return [wide + box.centre]
        return None

    page = read_sheet(photographed(fill(write=sprawling), np.random.default_rng(4), dpi=140))
    assert numbers(page) == {13, 16}
    tall, wide = (sample.image.shape for sample in page.samples)
    assert tall[0] / tall[1] > 8  # its whole length, and nothing of the prompt or the border
    assert wide[1] / wide[0] > 8


def test_a_box_that_is_read_as_another_character_is_doubtful(tmp_path: Path) -> None:
    sheet = make_sheet("AB", 1)

    def swapped(cell: Cell, rng: np.random.Generator) -> Strokes:
        other = Cell(cell.number, "W" if cell.label == "A" else "B", cell.box, cell.prompt)
        return written(other, rng)

    picture = filled_in(sheet, 1, tmp_path, np.random.default_rng(8), write=swapped)
    page = read_sheet(picture, Recognizer(load_model(default_model_path()), "upper"))
    wrong, right = page.samples
    assert (wrong.label, wrong.verdict, wrong.reading and wrong.reading.label) == (
        "A", "doubtful", "W",
    )  # fmt: skip
    assert (right.label, right.verdict) == ("B", "good")


def test_characters_of_one_shape_are_never_doubted(tmp_path: Path) -> None:
    sheet = make_sheet("0Oo", 1)
    picture = filled_in(sheet, 1, tmp_path, np.random.default_rng(1))
    page = read_sheet(picture, Recognizer(load_model(default_model_path()), "full"))
    assert [sample.verdict for sample in page.samples] == ["good"] * 3


def test_a_blank_sheet_is_explained(fill: Fill) -> None:
    picture = photographed(fill(write=lambda cell, rng: None), np.random.default_rng(2), noise=4)
    with pytest.raises(HandwriteError, match="Nothing is written on page 1"):
        read_sheet(picture)


def test_it_tells_how_far_it_is_and_can_be_stopped(filled: Picture) -> None:
    seen: list[float] = []
    with pytest.raises(Cancelled):
        read_sheet(
            filled,
            on_progress=lambda share, text: seen.append(share),
            should_stop=lambda: len(seen) == 2,
        )
    assert seen == sorted(seen)
    assert len(seen) == 2


def test_samples_are_kept_with_where_they_came_from(page: SheetPage, tmp_path: Path) -> None:
    store = SampleStore(tmp_path / "samples.sqlite")
    good = page.of_verdict("good")
    kept = keep_sheet(store, good, "photograph.jpg")
    samples = store.all()
    assert [sample.label for sample in samples] == [sample.label for sample in good]
    assert {sample.origin for sample in samples} == {"sheet"}
    assert samples[0].source == "photograph.jpg, page 1, box 1"
    store.remove(kept)
    assert len(store) == 0


def test_reading_a_picture_again_gives_no_sample_twice(
    filled: Picture, page: SheetPage, tmp_path: Path
) -> None:
    store = SampleStore(tmp_path / "samples.sqlite")
    for once in (page, read_sheet(filled)):
        keep_sheet(store, once.of_verdict("good"), "photograph.jpg")
    assert len(store) == len(page.of_verdict("good"))


@pytest.mark.parametrize("pixels", [np.zeros((4, 4)), np.zeros((4, 4, 3, 1), np.uint8)])
def test_an_array_that_is_no_picture_is_refused(pixels: np.ndarray) -> None:
    with pytest.raises(ValueError, match="uint8"):
        read_sheet(pixels)
