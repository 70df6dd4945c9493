"""Samples survive whatever happens to the program, and each knows where it came from."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handwrite_gui.engine.data.normalizer import normalize
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.handwriting.samples import LONGEST_SIDE, NewSample, SampleStore
from tests.engine.handwriting.hands import ink


@pytest.fixture
def store(tmp_path: Path) -> SampleStore:
    return SampleStore(tmp_path / "samples.sqlite")


def test_a_store_without_a_file_is_empty_and_makes_none(store: SampleStore) -> None:
    assert len(store) == 0
    assert store.all() == []
    assert store.counts() == {}
    assert not store.path.exists()


def test_a_sample_comes_back_with_its_label_origin_and_source(store: SampleStore) -> None:
    number = store.add(ink(), "a", "corrected", source="letter.jpg", place="letter.jpg 3")
    (sample,) = store.all()
    assert (sample.id, sample.label, sample.origin) == (number, "a", "corrected")
    assert sample.source == "letter.jpg"
    assert sample.created.endswith("+00:00")


@settings(max_examples=25)
@given(seed=st.integers(0, 1000))
def test_the_network_sees_the_same_of_a_kept_sample(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    image = ink(seed)
    store = SampleStore(tmp_path_factory.mktemp("store") / "samples.sqlite")
    store.add(image, "a", "drawn")
    (sample,) = store.all()
    assert np.array_equal(normalize([sample.image]), normalize([image]))


def test_a_large_image_is_reduced_and_looks_much_the_same(store: SampleStore) -> None:
    image = np.kron(ink(), np.ones((12, 12), np.uint8))
    store.add(image, "a", "drawn")
    (sample,) = store.all()
    assert max(sample.image.shape) == LONGEST_SIDE
    difference = normalize([sample.image]).astype(int) - normalize([image])
    assert np.abs(difference).mean() < 4


def test_a_place_holds_one_sample_the_latest(store: SampleStore) -> None:
    first = store.add(ink(), "a", "corrected", place="page 1")
    second = store.add(ink(), "b", "confirmed", place="page 1")
    assert first == second
    assert [(s.label, s.origin) for s in store.all()] == [("b", "confirmed")]


def test_samples_without_a_place_stand_beside_each_other(store: SampleStore) -> None:
    store.add_all([NewSample(ink(i), "a", "taught") for i in range(3)])
    assert store.counts() == {"a": 3}


def test_what_is_removed_can_be_put_back(store: SampleStore) -> None:
    ids = store.add_all([NewSample(ink(i), "ab"[i % 2], "taught") for i in range(4)])
    store.remove(ids[:2])
    assert [s.id for s in store.all()] == ids[2:]
    store.put_back(ids[:2])
    assert [s.id for s in store.all()] == ids


def test_a_correction_taken_back_takes_its_sample_away(store: SampleStore) -> None:
    store.add(ink(), "a", "corrected", place="page 1")
    store.remove_place("page 1")
    assert len(store) == 0
    store.add(ink(), "c", "corrected", place="page 1")
    assert store.counts() == {"c": 1}


def test_samples_can_be_told_to_be_another_character(store: SampleStore) -> None:
    ids = store.add_all([NewSample(ink(i), "O", "taught") for i in range(2)])
    store.relabel(ids[:1], "0")
    assert store.counts() == {"0": 1, "O": 1}


def test_an_image_without_ink_is_no_sample(store: SampleStore) -> None:
    with pytest.raises(HandwriteError, match="no ink"):
        store.add(np.zeros((10, 10), np.uint8), "a", "drawn")


@pytest.mark.parametrize("label", ["", "ab", " ", "\n"])
def test_a_label_is_one_character(store: SampleStore, label: str) -> None:
    with pytest.raises(ValueError, match="label"):
        store.add(ink(), label, "drawn")


def test_all_of_several_samples_are_kept_or_none(store: SampleStore) -> None:
    store.add(ink(), "a", "drawn")
    with pytest.raises(ValueError, match="label"):
        store.add_all([NewSample(ink(), "b", "drawn"), NewSample(ink(), "", "drawn")])
    assert store.counts() == {"a": 1}


def test_a_damaged_file_is_explained_and_left_alone(store: SampleStore) -> None:
    store.path.write_bytes(b"no data base" * 100)
    with pytest.raises(HandwriteError, match="move the file"):
        store.all()
    assert store.path.read_bytes().startswith(b"no data base")


def test_the_data_base_of_another_program_is_not_touched(store: SampleStore) -> None:
    with sqlite3.connect(store.path) as base:
        base.execute("CREATE TABLE samples (x)")
    base.close()
    with pytest.raises(HandwriteError, match="another program"):
        store.add(ink(), "a", "drawn")


def test_a_row_that_lies_about_its_size_is_refused(store: SampleStore) -> None:
    store.add(ink(), "a", "drawn")
    with sqlite3.connect(store.path) as base:
        base.execute("UPDATE samples SET height = 1000, width = 1000")
    base.close()
    with pytest.raises(HandwriteError, match="sample 1"):
        store.all()


def test_a_file_of_a_newer_version_is_left_alone(store: SampleStore) -> None:
    store.add(ink(), "a", "drawn")
    with sqlite3.connect(store.path) as base:
        base.execute("PRAGMA user_version = 99")
    base.close()
    with pytest.raises(HandwriteError, match="newer"):
        store.all()


_WRITER = """
import sys
from pathlib import Path
from handwrite_gui.engine.handwriting.samples import NewSample, SampleStore
from tests.engine.handwriting.hands import ink
store = SampleStore(Path(sys.argv[1]))
while True:
    store.add_all([NewSample(ink(i), "a", "taught") for i in range(5)])
    print(len(store), flush=True)
"""


def test_a_kill_in_the_middle_leaves_whole_lots(tmp_path: Path) -> None:
    path = tmp_path / "samples.sqlite"
    for pause in (0.0, 0.013):
        command = [sys.executable, "-c", _WRITER, str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            kept = int(writer.stdout.readline())
            time.sleep(pause)
            writer.kill()
        store = SampleStore(path)
        assert len(store) >= kept
        assert len(store) % 5 == 0
        assert len(store.all()) == len(store)
