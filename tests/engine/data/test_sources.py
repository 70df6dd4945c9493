"""Samples of several sources, some of them set aside, become what a trainer works with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from handwrite_gui.engine.alphabets import NOT_A_CHARACTER
from handwrite_gui.engine.data.normalizer import normalize
from handwrite_gui.engine.data.sources import (
    CollectedData,
    ImageSource,
    NonCharacterSource,
    Source,
    StrokeSource,
    SyntheticSource,
    ValidationRule,
    collect,
)
from handwrite_gui.engine.errors import Cancelled, DatasetError, HandwriteError

CLASSES = ("I", "L", "T", NOT_A_CHARACTER)
SHAPES = {
    "I": [[(5, 0), (5, 20)]],
    "L": [[(0, 0), (0, 20), (12, 20)]],
    "T": [[(0, 0), (14, 0)], [(7, 0), (7, 20)]],
    "É": [[(0, 0), (14, 0)]],
}
PENS = StrokeSource(Path("pens.npz"), "pens")
SCANS = ImageSource(Path("scans.npz"), "scans")
SYNTHETIC = SyntheticSource("IL", 6)
RULE = ValidationRule(5, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sixty characters drawn by ten writers, six by each; forty pictures of squares."""
    rng = np.random.default_rng(0)
    labels = np.array(list("ILT" * 20))
    strokes = [[np.array(s, np.float32) for s in SHAPES[label]] for label in labels]
    flat = [stroke for sample in strokes for stroke in sample]
    np.savez(
        tmp_path / "pens.npz",
        points=np.concatenate(flat),
        stroke_len=np.array([len(stroke) for stroke in flat]),
        n_strokes=np.array([len(sample) for sample in strokes]),
        labels=labels,
        writer=np.repeat(np.arange(10), 6),
        images=np.pad(rng.integers(0, 256, (60, 9, 9), np.uint8), ((0, 0), (9, 9), (9, 9))),
    )
    np.savez(
        tmp_path / "scans.npz",
        images=np.pad(np.full((40, 9, 9), 255, np.uint8), ((0, 0), (5, 5), (5, 5))),
        labels=np.array(list("ILTÉ" * 10)),
        writer=np.arange(40) % 10,
    )
    return tmp_path


def collected(
    folder: Path, *sources: Source, rule: ValidationRule = RULE, seed: int = 1, **options: object
) -> CollectedData:
    return collect(sources, rule, [folder], CLASSES, seed, **options)  # type: ignore[arg-type]


def test_strokes_are_drawn_anew_for_every_render(folder: Path) -> None:
    source = StrokeSource(PENS.path, "pens", renders=3, pens=(0.05, 0.2))
    data = collected(folder, source)
    assert data.counts == {"pens": 3 * 48}
    renders = data.training.inputs.reshape(3, 48, -1)
    assert not np.array_equal(renders[0], renders[1])
    targets = data.training.targets.reshape(3, 48)
    assert (targets == targets[0]).all()
    # An upright stroke fills more or less of the square, as the pen is wide.
    bars = renders[:, targets[0] == CLASSES.index("I")]
    assert np.ptp((bars > 128).mean(axis=2)) > 0.03


def test_small_drawings_are_less_sharp(folder: Path) -> None:
    def edges(drawn: tuple[float, float]) -> float:
        data = collected(folder, StrokeSource(PENS.path, "pens", 1, (0.1, 0.1), drawn=drawn))
        assert data.counts == {"pens": 48}
        half = (data.training.inputs > 60) & (data.training.inputs < 195)
        return float(half.mean())

    small, both, large = edges((10, 10)), edges((10, 80)), edges((80, 80))
    assert small > both > large > 0


def test_samples_are_told_apart_from_what_is_learned_in_their_look(folder: Path) -> None:
    with np.load(folder / "scans.npz") as file:
        for label in "LT":
            chosen = file["labels"] == label
            images, labels = file["images"][chosen], file["labels"][chosen]
            np.savez(folder / f"{label}.npz", images=images, labels=labels)
    letters = [ImageSource(Path(f"{label}.npz"), label, look="scanned") for label in "LT"]
    other = ImageSource(Path("T.npz"), "other", repeat=2, look="photographed")
    every = collected(folder, PENS, *letters, other, SYNTHETIC)
    assert every.counts == {"pens": 48, "L": 10, "T": 10, "other": 20, "synthetic": 12}

    def of_looks(data: CollectedData, samples: int) -> list[list[bool]]:
        rows = data.training.among(np.arange(len(data.training)))
        assert rows is not None
        some = ~rows.all(axis=1)
        assert some.sum() == samples
        return np.unique(rows[some], axis=0).tolist()

    only_t, both = [False, False, True, False], [False, True, True, False]
    assert of_looks(every, 40) == [only_t, both]
    without_l = collected(folder, PENS, *letters, other, SYNTHETIC, leave_out=["L"])
    assert of_looks(without_l, 30) == [only_t]
    # Who is told apart from whom is part of what is learned.
    plain = [ImageSource(Path(f"{label}.npz"), label) for label in "LT"]
    same, told = (collected(folder, *some).training for some in (plain, letters))
    np.testing.assert_array_equal(same.inputs, told.inputs)
    assert same.fingerprint != told.fingerprint


def test_validation_writers_are_measured_on_with_the_images_of_the_file(folder: Path) -> None:
    data = collected(folder, PENS)
    assert data.validation is not None
    with np.load(folder / "pens.npz") as file:
        held = np.isin(file["writer"], [1, 6])
        expected = normalize(file["images"][held]).reshape(12, -1)
        labels = file["labels"][held]
    np.testing.assert_array_equal(data.parts["pens"].inputs, expected)
    np.testing.assert_array_equal([CLASSES[t] for t in data.parts["pens"].targets], labels)
    np.testing.assert_array_equal(data.validation.inputs, expected)


def test_capitals_are_printed_unless_script_is_asked_for(folder: Path) -> None:
    printed, script = (
        collected(folder, SyntheticSource("IL", 6, script=asked)).training
        for asked in (False, True)
    )
    assert printed.targets.tolist() == script.targets.tolist()
    assert not (printed.inputs == script.inputs).all(axis=1).any()


def test_without_a_rule_all_is_trained_on(folder: Path) -> None:
    data = collected(folder, PENS, SCANS, rule=ValidationRule())
    assert data.counts == {"pens": 60, "scans": 30}  # É is none of the classes
    assert data.validation is None
    assert data.parts == {}


def test_images_are_repeated_and_set_aside_only_if_asked(folder: Path) -> None:
    assert collected(folder, SCANS).counts == {"scans": 30}
    twice = ImageSource(SCANS.path, "scans", repeat=2, validation=True)
    data = collected(folder, twice)
    with np.load(folder / "scans.npz") as file:
        held = (file["writer"] % 5 == 1) & (file["labels"] != "É")
    assert len(data.parts["scans"]) == held.sum() > 0
    assert data.counts == {"scans": 2 * (30 - held.sum())}


def test_some_of_many_images_are_chosen_at_random_and_the_same_each_time(folder: Path) -> None:
    every = ImageSource(PENS.path, "images", repeat=2)
    source = replace(every, most=8)
    data = collected(folder, source)
    assert data.counts == {"images": 16}
    first, second = data.training.inputs[:8], data.training.inputs[8:]
    np.testing.assert_array_equal(first, second)
    whole = collected(folder, replace(every, repeat=1)).training.inputs
    places = [int(np.flatnonzero((whole == image).all(axis=1))[0]) for image in first]
    assert places == sorted(set(places))
    assert max(places) >= 8
    assert collected(folder, source).training.fingerprint == data.training.fingerprint
    assert collected(folder, source, seed=2).training.fingerprint != data.training.fingerprint
    # What is measured on stays whole, and more than there are is all of them.
    assert len(collected(folder, SCANS, source, leave_out=["images"]).left_out["images"]) == 60
    assert collected(folder, replace(every, most=61)).counts == {"images": 120}


def test_a_head_learns_from_every_sample_of_its_characters(folder: Path) -> None:
    for_it = ImageSource(SCANS.path, "for the head", repeat=2, head=True)
    data = collected(folder, PENS, for_it, head="IL")
    # The head's outputs come after those of the four classes; a third of the pens are T.
    assert data.counts == {"pens": 48, "for the head": 40}
    targets = data.training.targets
    assert len(targets) == 48 + 32 + 40
    assert np.bincount(targets, minlength=6).tolist() == [16, 16, 16, 0, 36, 36]
    rows = data.training.among(np.arange(len(targets)))
    assert rows is not None
    of_head = targets >= 4
    np.testing.assert_array_equal(rows[of_head], [[False] * 4 + [True] * 2] * of_head.sum())
    np.testing.assert_array_equal(rows[~of_head], [[True] * 4 + [False] * 2] * 48)
    # What is measured on during the training is read by the other outputs.
    assert data.validation is not None
    assert data.validation.groups is not None
    assert data.validation.groups.tolist() == [[True] * 4 + [False] * 2]
    assert (data.validation.targets < 4).all()

    np.savez(folder / "L.npz", images=np.full((2, 9, 9), 255, np.uint8), labels=["L", "L"])
    with pytest.raises(DatasetError, match="none of the characters of the head"):
        collected(folder, PENS, replace(for_it, path=Path("L.npz")), head="I")


def test_images_of_nobody_in_particular_cannot_be_set_aside(folder: Path) -> None:
    with np.load(folder / "scans.npz") as file:
        np.savez(folder / "anonymous.npz", images=file["images"], labels=file["labels"])
    source = ImageSource(Path("anonymous.npz"), "anonymous", validation=True)
    with pytest.raises(DatasetError, match="does not say who wrote what"):
        collected(folder, source)


def test_a_collection_left_out_is_kept_whole_for_measuring(folder: Path) -> None:
    data = collected(folder, PENS, SYNTHETIC, leave_out=["pens"])
    assert len(data.left_out["pens"]) == 60
    assert data.counts == {"pens": 0, "synthetic": 12}
    assert data.validation is None
    with pytest.raises(HandwriteError, match="nothing to learn from"):
        collected(folder, PENS, leave_out=["pens"])


def test_non_characters_come_from_the_strokes_before_them(folder: Path) -> None:
    none = NonCharacterSource(25)
    rule = ValidationRule(5, 1, non_characters=30)
    data = collected(folder, PENS, none, rule=rule)
    assert data.counts == {"pens": 48, "non-characters": 25}
    assert (data.training.targets[48:] == CLASSES.index(NOT_A_CHARACTER)).all()
    assert data.non_characters is not None
    assert len(data.non_characters) == 30
    # They are measured on, but no part of the accuracy that is watched while training.
    assert data.validation is not None
    assert len(data.validation) == 12
    with pytest.raises(HandwriteError, match="put a source of strokes before them"):
        collected(folder, none, PENS)


def test_a_file_may_hold_nothing_but_non_characters(folder: Path) -> None:
    images = np.random.default_rng(0).integers(0, 256, (8, 20, 20), np.uint8)
    np.savez(folder / "cuts.npz", images=images, labels=np.full(8, NOT_A_CHARACTER))
    data = collected(folder, ImageSource(Path("cuts.npz"), "cuts"))
    assert (data.training.targets == CLASSES.index(NOT_A_CHARACTER)).all()


def test_a_source_draws_the_same_whatever_stands_after_it(folder: Path) -> None:
    alone = collected(folder, PENS).training
    followed = collected(folder, PENS, SYNTHETIC).training
    np.testing.assert_array_equal(alone.inputs, followed.inputs[: len(alone)])
    assert collected(folder, PENS).training.fingerprint == alone.fingerprint
    assert collected(folder, PENS, seed=2).training.fingerprint != alone.fingerprint


def test_all_missing_files_are_named_at_once(folder: Path, tmp_path: Path) -> None:
    sources = [ImageSource(Path(f"{name}.npz"), name) for name in ("one", "scans", "two")]
    with pytest.raises(HandwriteError) as caught:
        collected(folder, *sources)
    assert "There is no one.npz, two.npz in " in str(caught.value)


def test_the_first_folder_that_has_a_file_is_taken(folder: Path) -> None:
    nearer = folder / "nearer"
    nearer.mkdir()
    with np.load(folder / "scans.npz") as file:
        np.savez(nearer / "scans.npz", images=file["images"][:8], labels=file["labels"][:8])
    data = collect([SCANS, PENS], RULE, [nearer, folder], CLASSES, 1)
    assert data.counts == {"scans": 6, "pens": 48}


def test_damaged_strokes(folder: Path) -> None:
    with np.load(folder / "pens.npz") as file:
        arrays = dict(file)
    np.savez(folder / "pens.npz", **{n: a for n, a in arrays.items() if n != "points"})
    with pytest.raises(DatasetError, match="it has no array “points”"):
        collected(folder, PENS)
    np.savez(folder / "pens.npz", **{**arrays, "points": arrays["points"][:-1]})
    with pytest.raises(DatasetError, match="its strokes are wrong: The counts do not add up"):
        collected(folder, PENS)
    shorter = {n: arrays[n][:-1] for n in ("labels", "images", "writer")}
    np.savez(folder / "pens.npz", **{**arrays, **shorter})
    with pytest.raises(DatasetError, match="strokes of 60 characters, but 59 labels"):
        collected(folder, PENS)


def test_characters_that_nobody_asked_for(folder: Path) -> None:
    with pytest.raises(DatasetError, match="none of the characters that are to be learned"):
        collect([SCANS], RULE, [folder], ("1", "2"), 1)


def test_tells_how_far_it_is_and_stops_when_asked(folder: Path) -> None:
    told: list[tuple[float, str]] = []
    collected(folder, PENS, SCANS, on_progress=lambda *what: told.append(what))
    assert told == [(0.5, "pens"), (1.0, "scans")]
    with pytest.raises(Cancelled):
        collected(folder, PENS, should_stop=lambda: True)
