"""The one door to recognition, with a small network trained here and with the shipped one."""

from __future__ import annotations

import json
import math
import string
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from handwrite_gui.engine.alphabets import ALPHABETS, NOT_A_CHARACTER
from handwrite_gui.engine.data.dataset import Dataset, to_training_data
from handwrite_gui.engine.data.normalizer import normalize
from handwrite_gui.engine.data.strokes import render_strokes
from handwrite_gui.engine.data.synthesis import compose_page, synthesize, synthesize_strokes
from handwrite_gui.engine.drawing.result import DrawingResult
from handwrite_gui.engine.errors import Cancelled, HandwriteError
from handwrite_gui.engine.export.json_document import json_document
from handwrite_gui.engine.model_file import Model, ModelCard, load_model
from handwrite_gui.engine.network.mlp import MLP, one_layer
from handwrite_gui.engine.recognizer import Recognizer, page_judge
from handwrite_gui.engine.resources import default_model_path
from handwrite_gui.engine.training.settings import TrainingSettings
from handwrite_gui.engine.training.trainer import Trainer

CLASSES = tuple("37AJLORT")
Strokes = list[np.ndarray]


@pytest.fixture(scope="module")
def model() -> Model:
    """Digits and capitals, learned in a fraction of a second; it knows nothing of refusing."""
    data = to_training_data(synthesize(CLASSES, 150, seed=1), CLASSES)
    settings = TrainingSettings(hidden=(64,), epochs=12, batch_size=64, learning_rate=3e-3)
    trainer = Trainer(settings, data, None, CLASSES)
    for _ in trainer.run():
        pass
    return trainer.model("small")


@pytest.fixture(scope="module")
def refusing(model: Model) -> Model:
    """The same network with a class more, for ink that is no character, second of all."""
    sizes = (*model.network.sizes[:-1], len(CLASSES) + 1)
    network = MLP(sizes, activation=model.network.activation, initializer="zero")
    *first, weights, bias = model.network.copy_weights()
    network.set_weights([*first, np.insert(weights, 1, 0, axis=1), np.insert(bias, 1, 2.0)])
    classes = (CLASSES[0], NOT_A_CHARACTER, *CLASSES[1:])
    return Model(network, classes, ModelCard("refusing"))


@pytest.fixture(scope="module")
def unseen() -> Dataset:
    """Characters of writers that the small model has not seen."""
    return synthesize(CLASSES, 30, seed=99)


@pytest.fixture(scope="module")
def shipped() -> Model:
    try:
        return load_model(default_model_path())
    except FileNotFoundError:
        pytest.skip("the shipped model is not in this checkout")


def drawn(text: str, seed: int = 0, gap: float = 40.0) -> Strokes:
    """A word as somebody writes it with a pen, letters well apart."""
    rng = np.random.default_rng(seed)
    strokes: Strokes = []
    at = 0.0
    for name in text:
        letter = synthesize_strokes(name, rng)
        points = np.concatenate(letter)
        strokes += [stroke + np.array([at - points[:, 0].min(), 0]) for stroke in letter]
        at += float(np.ptp(points[:, 0])) + gap
    return strokes


def labels(recognizer: Recognizer, images: np.ndarray | list[np.ndarray]) -> list[str]:
    return [guesses[0].label for guesses in recognizer.classify(images)]


@pytest.fixture(scope="module")
def headed(refusing: Model) -> Model:
    """The same network with a head for its digits, which takes the one for the other."""
    network, digits = refusing.network, ("3", "7")
    columns = [refusing.classes.index(name) for name in reversed(digits)]
    weights, bias = (p.value[..., columns] for p in network.dense_layers[-1].parameters)
    return replace(refusing, heads={"".join(digits): one_layer(weights, bias)})


# Which models and alphabets


def test_knows_all_classes_of_a_model_that_lacks_the_default_alphabet(model: Model) -> None:
    recognizer = Recognizer(model)
    assert recognizer.classes == CLASSES
    assert recognizer.model is model
    assert recognizer.alphabet is None


def test_an_alphabet_limits_the_classes(model: Model) -> None:
    assert Recognizer(model, "digits").classes == ("3", "7")
    assert Recognizer(model, "upper").classes == tuple("AJLORT")
    assert Recognizer(model, "alnum").classes == CLASSES


def test_a_head_reads_its_alphabet_and_no_other(headed: Model, unseen: Dataset) -> None:
    digits = unseen.of_classes("37")
    swapped = labels(Recognizer(headed, "digits"), list(digits.images))
    right = np.mean(np.array(swapped) == np.where(digits.labels == "3", "7", "3"))
    assert right > 0.9
    for alphabet in ("alnum", None):
        read = labels(Recognizer(headed, alphabet), list(digits.images))
        assert np.mean(np.array(read) == digits.labels) > 0.8
    # Drawings and pages are read by the same outputs, and refused as ever.
    drawing = drawn("37")
    plain = replace(headed, heads={})
    for model, text in ((headed, "73"), (plain, "37")):
        assert Recognizer(model, "digits").read_strokes(drawing, language=None).text == text
    cuts = list(digits.images[:5])
    verdicts = [page_judge(Recognizer(m, "digits")).judge(cuts) for m in (headed, plain)]
    np.testing.assert_allclose(verdicts[0].character, verdicts[1].character, rtol=1e-4)
    np.testing.assert_allclose(
        verdicts[0].probabilities, verdicts[1].probabilities[:, ::-1], rtol=1e-4
    )


def test_refusal_is_no_class_to_choose(refusing: Model) -> None:
    for alphabet in (None, "alnum", "full"):
        assert Recognizer(refusing, alphabet).classes == CLASSES


def test_an_alphabet_the_model_has_nothing_of(model: Model) -> None:
    lower = Model(model.network, tuple("abcdefgh"), ModelCard("small letters"))
    with pytest.raises(HandwriteError, match="knows none"):
        Recognizer(lower, "digits")
    with pytest.raises(HandwriteError, match="no alphabet named “klingon”"):
        Recognizer(model, "klingon")


def test_a_model_for_other_images_is_refused() -> None:
    other = Model(MLP((20 * 28, 2)), ("A", "B"), ModelCard("other"), (20, 28))
    with pytest.raises(HandwriteError, match=r"28 × 20 pixels.*32 × 32"):
        Recognizer(other)


# Single characters


def test_characters_of_writers_it_never_saw(model: Model, unseen: Dataset) -> None:
    right = np.array(labels(Recognizer(model), unseen.images)) == unseen.labels
    assert right.mean() > 0.9


def test_guesses_come_best_first_and_as_many_as_wanted(model: Model, unseen: Dataset) -> None:
    recognizer = Recognizer(model)
    for guesses in recognizer.classify(unseen.images[:20]):
        assert len(guesses) == 5
        chances = [guess.probability for guess in guesses]
        assert chances == sorted(chances, reverse=True)
        assert all(type(chance) is float and 0 <= chance <= 1 for chance in chances)
        assert len({guess.label for guess in guesses}) == 5
    assert [len(g) for g in recognizer.classify(unseen.images[:3], alternatives=2)] == [2, 2, 2]
    (all_of_them,) = recognizer.classify(unseen.images[:1], alternatives=100)
    assert sum(guess.probability for guess in all_of_them) == pytest.approx(1)
    assert {guess.label for guess in all_of_them} == set(CLASSES)


def test_an_image_without_ink_is_nothing(model: Model, unseen: Dataset) -> None:
    images = np.array([unseen.images[0], np.zeros_like(unseen.images[0]), unseen.images[1]])
    first, blank, last = Recognizer(model).classify(images)
    assert blank == ()
    assert first
    assert last
    assert Recognizer(model).classify([]) == []


def test_sizes_may_be_mixed_and_place_does_not_matter(model: Model, unseen: Dataset) -> None:
    recognizer = Recognizer(model)
    images = [np.pad(image, ((i, 50), (20, 3 * i))) for i, image in enumerate(unseen.images[:40])]
    assert labels(recognizer, images) == labels(recognizer, unseen.images[:40])


def test_probabilities_are_those_of_the_network(model: Model, unseen: Dataset) -> None:
    chances = Recognizer(model).probabilities(unseen.images)
    assert chances.dtype == np.float32
    inputs = normalize(unseen.images).reshape(len(unseen), -1)
    np.testing.assert_allclose(chances, model.network.probabilities(inputs), rtol=1e-6)


@pytest.mark.parametrize("alphabet", ["digits", "upper", "alnum"])
def test_an_alphabet_leaves_the_odds_of_its_characters_as_they_are(
    refusing: Model, unseen: Dataset, alphabet: str
) -> None:
    recognizer = Recognizer(refusing, alphabet)
    inputs = normalize(unseen.images).reshape(len(unseen), -1)
    everything = refusing.network.probabilities(inputs)
    allowed = everything[:, [refusing.classes.index(name) for name in recognizer.classes]]
    expected = allowed / allowed.sum(axis=1, keepdims=True)
    chances = recognizer.probabilities(unseen.images)
    np.testing.assert_allclose(chances, expected, rtol=1e-4)
    np.testing.assert_allclose(chances.sum(axis=1), 1, rtol=1e-5)
    assert set(labels(recognizer, unseen.images)) <= set(ALPHABETS[alphabet])


def test_confidences_of_an_alphabet_have_its_temperature(model: Model, unseen: Dataset) -> None:
    upper = "".join(name for name in CLASSES if name.isalpha())
    warm = replace(model, temperatures={upper: 2.0})
    for alphabet, temperature in (("upper", 2.0), (None, 1.0)):
        cool = Recognizer(model, alphabet).probabilities(unseen.images[:40])
        expected = cool ** (1 / temperature)
        expected /= expected.sum(axis=1, keepdims=True)
        found = Recognizer(warm, alphabet).probabilities(unseen.images[:40])
        np.testing.assert_allclose(found, expected, atol=2e-6)


def test_a_class_for_no_character_changes_no_reading(
    model: Model, refusing: Model, unseen: Dataset
) -> None:
    np.testing.assert_allclose(
        Recognizer(refusing).probabilities(unseen.images),
        Recognizer(model).probabilities(unseen.images),
        rtol=1e-4,
        atol=1e-7,
    )


# Drawings


@pytest.mark.parametrize("strokes", [[], [np.zeros((0, 2), np.float32)] * 2])
def test_an_empty_drawing_reads_nothing(model: Model, strokes: Strokes) -> None:
    result = Recognizer(model).read_strokes(strokes)
    assert result == DrawingResult()
    assert result.characters == ()
    assert result.text == ""


@pytest.mark.parametrize("name", ["R", "7", "A"])
def test_a_drawn_character_is_read(model: Model, name: str) -> None:
    recognizer = Recognizer(model)
    read = [recognizer.read_strokes(drawn(name, seed)).text for seed in range(20)]
    assert read.count(name) >= 17


def test_characters_side_by_side_are_a_word(model: Model) -> None:
    strokes = drawn("JAR", seed=2)
    result = Recognizer(model).read_strokes(strokes)
    assert result.text == "JAR"
    assert [one.label for one in result.characters] == ["J", "A", "R"]
    assert sorted(i for one in result.characters for i in one.strokes) == list(range(len(strokes)))
    for one in result.characters:
        assert one.label in [guess.label for guess in one.predictions]
        points = np.concatenate([strokes[index] for index in one.strokes])
        assert one.box == pytest.approx((*points.min(axis=0), *points.max(axis=0)))
        assert one.network_input.shape == (32, 32)
        assert one.network_input.dtype == np.uint8
        assert one.network_input.max() == 255


def test_the_order_of_drawing_does_not_matter(model: Model) -> None:
    recognizer = Recognizer(model)
    strokes = drawn("JAR", seed=2)
    assert recognizer.read_strokes(strokes[::-1]).text == recognizer.read_strokes(strokes).text


@pytest.mark.parametrize("scale", [0.05, 1.0, 30.0])
def test_neither_size_nor_place_of_a_drawing_matter(model: Model, scale: float) -> None:
    recognizer = Recognizer(model)
    strokes = drawn("7A", seed=4)
    moved = [(stroke * scale + [500, -300]).astype(np.float32) for stroke in strokes]
    original, other = recognizer.read_strokes(strokes), recognizer.read_strokes(moved)
    assert other.text == original.text
    for one, same in zip(original.characters, other.characters, strict=True):
        difference = one.network_input.astype(int) - same.network_input
        assert np.abs(difference).max() <= 4


def test_what_the_network_is_shown_is_what_its_guesses_are_about(model: Model) -> None:
    recognizer = Recognizer(model)
    for one in recognizer.read_strokes(drawn("A7", seed=1)).characters:
        chances = model.network.probabilities(one.network_input.reshape(1, -1))[0]
        assert one.predictions[0].label == CLASSES[int(chances.argmax())]
        assert one.predictions[0].probability == pytest.approx(float(chances.max()), abs=1e-5)


def test_a_dot_can_be_read(model: Model) -> None:
    result = Recognizer(model).read_strokes([np.array([[5.0, 5.0]])])
    assert len(result.characters) == 1
    assert result.characters[0].box == (5, 5, 5, 5)


@pytest.mark.parametrize("end", [(60.0, 5.0), (5.0, 60.0)])
def test_a_straight_line_can_be_read(model: Model, end: tuple[float, float]) -> None:
    assert len(Recognizer(model).read_strokes([np.array([[5.0, 5.0], end])]).characters) == 1


def test_points_that_are_not_finite_are_refused(model: Model) -> None:
    with pytest.raises(ValueError, match="finite"):
        Recognizer(model).read_strokes([np.array([[0.0, math.nan]])])


# Several at once


def test_threads_share_a_recognizer_and_get_what_one_alone_gets(
    model: Model, unseen: Dataset
) -> None:
    recognizer = Recognizer(model)
    parts = [unseen.images[start::8] for start in range(8)]
    words = [drawn("JAR", seed) for seed in range(8)]

    def work(index: int) -> tuple[object, str]:
        chances = [recognizer.classify(parts[index]) for _ in range(5)]
        assert all(chance == chances[0] for chance in chances)
        return chances[0], recognizer.read_strokes(words[index]).text

    alone = [work(index) for index in range(8)]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(work, range(8))) == alone


def test_a_model_may_go_on_learning_elsewhere(unseen: Dataset) -> None:
    data = to_training_data(synthesize(CLASSES, 10, seed=1), CLASSES)
    trainer = Trainer(TrainingSettings(hidden=(16,), epochs=2), data, None, CLASSES)
    recognizer = Recognizer(trainer.model("snapshot"))
    before = recognizer.probabilities(unseen.images)
    for _ in trainer.run():
        pass
    np.testing.assert_array_equal(recognizer.probabilities(unseen.images), before)


# Pages


def test_a_page_is_read_by_any_model(model: Model, refusing: Model) -> None:
    page = compose_page("TAR JAR\nROLL 737", seed=3, paper="plain")
    for which in (model, refusing):
        progress: list[float] = []
        result = Recognizer(which).read_page(
            page, on_progress=lambda share, _, seen=progress: seen.append(share)
        )
        assert (result.width, result.height) == page.shape[1::-1]
        assert len(result.lines) == 2
        assert {one.label for one in result.characters} <= set(CLASSES)
        assert progress == sorted(progress)
        assert progress[-1] == 1
        # All of it are plain values.
        assert json.loads(json_document(result, "page.png"))["text"] == result.text


def test_an_alphabet_limits_what_is_read_on_a_page(model: Model) -> None:
    page = compose_page("TAR 737", seed=3, paper="plain")
    result = Recognizer(model, "digits").read_page(page)
    assert result.lines
    assert {one.label for one in result.characters} <= {"3", "7"}


def test_a_model_of_marks_reads_marks() -> None:
    marks = Model(MLP((1024, 3)), tuple(".,-"), ModelCard("marks"))
    result = Recognizer(marks).read_page(compose_page("TAR", seed=3, paper="plain"))
    assert {one.label for one in result.characters} <= set(".,-")


def test_blank_paper_has_no_lines(model: Model) -> None:
    assert Recognizer(model).read_page(np.full((300, 200, 3), 240, np.uint8)).lines == ()


def test_reading_can_be_stopped(model: Model) -> None:
    with pytest.raises(Cancelled):
        Recognizer(model).read_page(
            compose_page("TAR", seed=3, paper="plain"), should_stop=lambda: True
        )


@pytest.mark.parametrize(
    "image", [np.zeros((50, 60)), np.zeros((50, 60, 5), np.uint8), np.zeros((9, 9, 3), np.uint16)]
)
def test_arrays_that_are_no_picture_are_refused(model: Model, image: np.ndarray) -> None:
    with pytest.raises(ValueError, match="a picture must be"):
        Recognizer(model).read_page(image)


# The model that ships


@pytest.mark.parametrize("name", ["R", "7", "A"])
def test_the_shipped_model_reads_what_is_drawn(shipped: Model, name: str) -> None:
    recognizer = Recognizer(shipped)
    for seed in range(10):
        assert recognizer.read_strokes(drawn(name, seed)).text == name


@pytest.mark.parametrize("word", ["BREAD", "2025", "R2D2", "HAIKU", "KHAKI"])
def test_the_shipped_model_reads_words(shipped: Model, word: str) -> None:
    recognizer = Recognizer(shipped)
    read = [recognizer.read_strokes(drawn(word, seed)).text for seed in range(10)]
    assert read.count(word) >= 7, read


def test_the_network_decides_what_is_one_letter(shipped: Model) -> None:
    upright, bar = np.array([[0.0, 0.0], [0.0, 100.0]]), np.array([[6.0, 48.0], [56.0, 52.0]])
    aside = np.array([62.0, 0.0])
    recognizer = Recognizer(shipped, "upper")
    # The stems of an H, whose bar reaches neither; without it they are two.
    assert recognizer.read_strokes([upright, upright + aside, bar]).text == "H"
    assert recognizer.read_strokes([upright, upright + aside]).text == "II"


def test_letters_close_together_are_still_several(shipped: Model) -> None:
    recognizer = Recognizer(shipped)
    read = [recognizer.read_strokes(drawn("ABRE", seed, gap=6)).text for seed in range(10)]
    assert read.count("ABRE") >= 8, read


def test_the_same_circle_is_a_letter_among_letters_and_a_digit_among_digits(
    shipped: Model,
) -> None:
    angle = np.linspace(0, 2 * np.pi, 40)
    circle = np.stack([25 - 25 * np.sin(angle), 50 - 50 * np.cos(angle)], axis=1)
    recognizer = Recognizer(shipped)
    place = np.array([130, 0])
    for text, meant in (("BR", "BOR"), ("74", "704")):
        left, right = drawn(text[0], 1), drawn(text[1], 1)
        strokes = [*left, circle + place, *(stroke + 2 * place for stroke in right)]
        assert recognizer.read_strokes(strokes).text == meant


def test_the_shipped_model_knows_every_character_of_every_alphabet(shipped: Model) -> None:
    for name, characters in ALPHABETS.items():
        assert sorted(Recognizer(shipped, name).classes) == sorted(characters)
    assert Recognizer(shipped).classes == tuple(ALPHABETS["alnum"])


def test_the_shipped_model_refuses_scribble_more_than_characters(shipped: Model) -> None:
    refusal = shipped.classes.index(NOT_A_CHARACTER)

    def refused(images: list[np.ndarray]) -> float:
        inputs = normalize(images).reshape(len(images), -1)
        return float(shipped.network.probabilities(inputs)[:, refusal].mean())

    rng = np.random.default_rng(0)
    scribble = [
        render_strokes([rng.uniform(0, 80, (30, 2))], pen_width=5, margin=2) for _ in range(20)
    ]
    characters = list(synthesize(string.ascii_uppercase, 4, seed=5).images)
    assert refused(scribble) > 0.5
    assert refused(characters) < 0.1


@pytest.mark.parametrize("alphabet", ["alnum", "upper"])
def test_small_letters_on_a_page_are_their_capitals_where_the_alphabet_has_no_others(
    shipped: Model, alphabet: str
) -> None:
    written = synthesize(tuple("adeghnr"), 12, seed=5)
    judge = page_judge(Recognizer(shipped, alphabet))
    best = judge.judge(list(written.images)).probabilities.argmax(axis=1)
    meant = np.char.upper(written.labels)
    assert np.mean(np.array(judge.letters)[best] == meant) >= 0.75


def on_a_line(own: np.ndarray) -> np.ndarray:
    """A character's crop with a ruled line below it, across the whole crop."""
    crop = np.pad(own, 8)
    bottom = int(np.flatnonzero(crop.max(axis=1))[-1])
    crop[bottom + 3 : bottom + 5] = 180
    return crop


def in_a_box(own: np.ndarray) -> np.ndarray:
    """A character's crop with the left side of a form's box."""
    return np.pad(own, ((0, 0), (3, 0)), constant_values=255)


@pytest.fixture(scope="module")
def cut_well() -> Dataset:
    """Characters that a line below or on the left does not make another."""
    return synthesize("BCGMSVWX368", 20, seed=5)


@pytest.mark.parametrize("dirty", [on_a_line, in_a_box])
def test_a_line_on_a_crop_is_no_part_of_its_character(
    shipped: Model, cut_well: Dataset, dirty: Callable[[np.ndarray], np.ndarray]
) -> None:
    recognizer = Recognizer(shipped, "alnum")
    crops = [dirty(own) for own in cut_well.images]
    logits, allowed = recognizer.crop_logits(normalize(crops))
    of_all, as_they_are = recognizer.logits(normalize(crops))

    def right(scores: np.ndarray) -> float:
        return float(
            np.mean(np.array(recognizer.classes)[scores.argmax(axis=1)] == cut_well.labels)
        )

    assert right(as_they_are) < 0.6
    assert right(allowed) > 0.95
    assert right(recognizer.probabilities(crops)) == right(allowed)
    # Whether there is a character is asked of all there is.
    np.testing.assert_array_equal(logits, of_all)


def test_a_clean_crop_is_read_as_it_is(shipped: Model, cut_well: Dataset) -> None:
    recognizer = Recognizer(shipped, "alnum")
    normalized = normalize(cut_well.images)
    np.testing.assert_array_equal(
        recognizer.crop_logits(normalized)[1], recognizer.logits(normalized)[1]
    )


def test_the_dot_of_an_i_belongs_to_it(shipped: Model) -> None:
    recognizer = Recognizer(shipped, "full")
    normalized = normalize(synthesize("ij!?", 100, seed=5).images)
    as_they_are = recognizer.logits(normalized)[1]
    dotted = np.isin(
        as_they_are.argmax(axis=1), [recognizer.classes.index(name) for name in "ij!?"]
    )
    assert dotted.mean() > 0.8
    np.testing.assert_array_equal(
        recognizer.crop_logits(normalized)[1][dotted], as_they_are[dotted]
    )


def test_who_has_not_learned_what_is_no_character_reads_all_there_is(
    model: Model, cut_well: Dataset
) -> None:
    recognizer = Recognizer(model)
    normalized = normalize([in_a_box(own) for own in cut_well.images])
    for one, other in zip(
        recognizer.crop_logits(normalized), recognizer.logits(normalized), strict=True
    ):
        np.testing.assert_array_equal(one, other)
