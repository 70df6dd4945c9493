"""What a data set promises: whole samples, honest splits, the normaliser before training."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from handwrite_gui.engine.data.dataset import NO_GROUP, Dataset, concatenate, to_training_data
from handwrite_gui.engine.data.normalizer import normalize
from handwrite_gui.engine.errors import Cancelled, HandwriteError


def make_dataset(labels: str, groups: list[int] | None = None, name: str = "made") -> Dataset:
    """One 6×5 image a label, telling its index by the position of its ink."""
    images = np.zeros((len(labels), 6, 5), np.uint8)
    for index, image in enumerate(images):
        image.flat[index % 30] = 255
        image.flat[(index // 30) % 30] = 200
    return Dataset(
        images=images,
        labels=np.array(list(labels), dtype="<U1"),
        name=name,
        groups=None if groups is None else np.array(groups),
    )


def make_mixed_dataset(labels: str) -> Dataset:
    images = [np.full((4 + i % 3, 5), 255, np.uint8) for i in range(len(labels))]
    return Dataset(images=images, labels=np.array(list(labels), dtype="<U1"), name="mixed")


def test_classes_are_sorted_and_counted() -> None:
    data = make_dataset("BA0AB1aA")
    assert data.classes == ("0", "1", "A", "B", "a")
    assert data.counts == {"0": 1, "1": 1, "A": 3, "B": 2, "a": 1}


@pytest.mark.parametrize(
    ("images", "labels", "groups"),
    [
        (np.zeros((2, 6, 5), np.float32), np.array(["A", "B"]), None),
        (np.zeros((2, 30), np.uint8), np.array(["A", "B"]), None),
        ([np.zeros((2, 2, 3), np.uint8)], np.array(["A"]), None),
        (np.zeros((2, 6, 5), np.uint8), np.array(["A"]), None),
        (np.zeros((2, 6, 5), np.uint8), np.array(["A", "BC"]), None),
        (np.zeros((2, 6, 5), np.uint8), np.array(["A", "B"]), np.array([1])),
        (np.zeros((2, 6, 5), np.uint8), np.array(["A", "B"]), np.array([0.5, 1.0])),
    ],
)
def test_arrays_that_do_not_belong_together_are_refused(
    images: np.ndarray, labels: np.ndarray, groups: np.ndarray | None
) -> None:
    with pytest.raises(ValueError, match="must be"):
        Dataset(images=images, labels=labels, name="wrong", groups=groups)


def test_subset_by_mask_and_by_indices_keep_samples_whole() -> None:
    data = make_dataset("ABCA", groups=[3, 4, 5, 6])
    by_mask = data.subset(data.labels == "A")
    by_index = data.subset(np.array([0, 3]))
    for part in (by_mask, by_index):
        np.testing.assert_array_equal(part.images, np.asarray(data.images)[[0, 3]])
        assert part.labels.tolist() == ["A", "A"]
        assert part.groups is not None
        assert part.groups.tolist() == [3, 6]
    assert data.of_classes(["B", "C", "Z"]).labels.tolist() == ["B", "C"]


def test_subset_of_mixed_sizes() -> None:
    data = make_mixed_dataset("ABCABC")
    part = data.subset(data.labels == "C")
    assert [image.shape for image in part.images] == [(6, 5), (6, 5)]


def split_indices(data: Dataset, share: float, seed: int) -> tuple[list[int], list[int]]:
    """Which samples went to training and which to validation."""
    numbers = np.arange(len(data), dtype=np.uint32).view(np.uint8).reshape(-1, 2, 2)
    training, validation = replace(data, images=numbers).split(share, seed)
    return numbers_of(training), numbers_of(validation)


def numbers_of(part: Dataset) -> list[int]:
    return list(np.asarray(part.images).ravel().view(np.uint32).tolist())


@pytest.mark.parametrize("groups", [None, [i % 17 for i in range(340)]])
def test_split_keeps_every_sample_exactly_once_and_follows_the_seed(
    groups: list[int] | None,
) -> None:
    data = make_dataset("ABCDE" * 68, groups)
    training, validation = split_indices(data, 0.2, seed=5)
    assert sorted(training + validation) == list(range(340))
    assert len(validation) == pytest.approx(0.2 * 340, rel=0.2)
    assert split_indices(data, 0.2, seed=5) == (training, validation)
    assert split_indices(data, 0.2, seed=6) != (training, validation)


def test_split_without_groups_takes_the_same_share_of_every_class() -> None:
    training, validation = make_dataset("A" * 100 + "B" * 40 + "C" * 2 + "D").split(0.1)
    assert validation.counts == {"A": 10, "B": 4, "C": 1}
    assert training.counts == {"A": 90, "B": 36, "C": 1, "D": 1}


def test_split_never_tears_a_writer_apart() -> None:
    rng = np.random.default_rng(0)
    labels = "".join(rng.choice(list("ABCDEFGH"), 600))
    data = make_dataset(labels, groups=rng.integers(0, 40, 600).tolist())
    training, validation = data.split(0.15, seed=1)
    assert training.groups is not None
    assert validation.groups is not None
    assert not set(training.groups) & set(validation.groups)
    assert training.classes == validation.classes == data.classes
    assert len(validation) == pytest.approx(0.15 * 600, rel=0.25)


@pytest.mark.parametrize("seed", range(8))
def test_split_by_writer_finds_the_few_writers_of_a_rare_class(seed: int) -> None:
    groups = [i // 10 for i in range(500)]
    labels = ["A" if i % 2 else "B" for i in range(500)]
    labels[13] = labels[271] = "Q"
    labels[401] = "Z"
    training, validation = make_dataset("".join(labels), groups).split(0.1, seed)
    assert training.classes == ("A", "B", "Q", "Z")
    assert validation.classes == ("A", "B", "Q")


def test_split_with_one_writer_falls_back_to_classes() -> None:
    training, validation = make_dataset("AB" * 20, groups=[7] * 40).split(0.25)
    assert training.counts == {"A": 15, "B": 15}
    assert validation.counts == {"A": 5, "B": 5}


def test_split_gives_the_smaller_of_two_uneven_writers_to_validation() -> None:
    for seed in range(5):
        _, validation = make_dataset("AB" * 50, groups=[0] * 90 + [1] * 10).split(0.15, seed)
        assert validation.groups is not None
        assert set(validation.groups) == {1}


def test_split_works_where_no_class_has_two_writers() -> None:
    training, validation = make_dataset("AAABB", groups=[0, 0, 0, 1, 1]).split(0.2)
    assert training.classes == ("A",)
    assert validation.classes == ("B",)


def test_split_treats_samples_without_a_writer_one_by_one() -> None:
    groups = [i // 10 for i in range(100)] + [NO_GROUP] * 100
    training, validation = make_dataset("AB" * 100, groups).split(0.2)
    assert training.groups is not None
    assert validation.groups is not None
    assert set(training.groups) & set(validation.groups) == {NO_GROUP}
    assert int((validation.groups == NO_GROUP).sum()) == 20


def test_split_of_single_samples_is_refused_with_advice() -> None:
    with pytest.raises(HandwriteError, match="two images or more"):
        make_dataset("ABC").split(0.2)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.5, float("nan")])
def test_split_share_must_be_a_share(share: float) -> None:
    with pytest.raises(ValueError, match="validation_share"):
        make_dataset("ABAB").split(share)


def test_concatenate_keeps_groups_and_marks_unknown_ones() -> None:
    joined = concatenate([make_dataset("AB", [4, 5], "one"), make_dataset("C", name="two")])
    assert joined.name == "one + two"
    assert joined.labels.tolist() == ["A", "B", "C"]
    assert joined.groups is not None
    assert joined.groups.tolist() == [4, 5, NO_GROUP]
    assert isinstance(joined.images, np.ndarray)


def test_concatenate_of_different_sizes_is_a_list() -> None:
    joined = concatenate([make_dataset("AB"), make_mixed_dataset("CD")], name="all")
    assert isinstance(joined.images, list)
    assert [image.shape for image in joined.images] == [(6, 5), (6, 5), (4, 5), (5, 5)]
    assert joined.groups is None
    assert joined.name == "all"


def test_fingerprint_is_of_the_data_alone() -> None:
    data = make_dataset("ABAB", groups=[0, 0, 1, 1])
    assert data.fingerprint() == make_dataset("ABAB", [0, 0, 1, 1], "another").fingerprint()
    changed_image = np.array(data.images)
    changed_image[2, 3, 3] ^= 1
    others = [
        Dataset(changed_image, data.labels, "made", data.groups),
        make_dataset("ABAA", groups=[0, 0, 1, 1]),
        make_dataset("ABAB", groups=[0, 1, 1, 1]),
        make_dataset("ABAB"),
        Dataset(np.asarray(data.images).reshape(4, 5, 6), data.labels, "made", data.groups),
        make_mixed_dataset("ABAB"),
    ]
    prints = {other.fingerprint() for other in others}
    assert len(prints) == len(others)
    assert data.fingerprint() not in prints


def test_fingerprint_does_not_depend_on_memory_order() -> None:
    data = make_dataset("ABAB")
    turned = Dataset(np.asfortranarray(data.images), data.labels, "made")
    assert turned.fingerprint() == data.fingerprint()


def test_training_data_is_normalised_and_numbered_by_the_given_classes() -> None:
    data = make_dataset("BAC")
    training = to_training_data(data, ("C", "X", "A", "B"))
    assert training.inputs.dtype == np.uint8
    assert training.targets.dtype == np.int64
    assert training.targets.tolist() == [3, 2, 0]
    assert training.name == "made"
    np.testing.assert_array_equal(training.inputs, normalize(data.images).reshape(3, 1024))


def test_training_data_of_mixed_sizes_reports_progress_and_can_be_stopped() -> None:
    data = make_mixed_dataset("AB" * 5000)
    seen: list[float] = []
    training = to_training_data(data, "AB", on_progress=lambda share, _: seen.append(share))
    assert training.inputs.shape == (10_000, 1024)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert len(seen) > 1
    with pytest.raises(Cancelled):
        to_training_data(data, "AB", should_stop=lambda: True)


def test_training_data_names_the_labels_the_network_lacks() -> None:
    with pytest.raises(HandwriteError, match="“made” has images of Q Z"):
        to_training_data(make_dataset("AQZ"), ("A", "B"))
