from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handwrite_gui.engine import resources
from handwrite_gui.engine.errors import HandwriteError, ModelFileError
from handwrite_gui.engine.npz_container import write_npz
from handwrite_gui.engine.resources import resource_path
from handwrite_gui.engine.text import language_model
from handwrite_gui.engine.text.language_model import (
    LANGUAGES,
    STEP,
    SYMBOLS,
    LanguageModel,
    WordList,
    fold,
    load_language,
    read_language_model,
)

UNIFORM = np.full((len(SYMBOLS),) * 4, round(math.log(len(SYMBOLS)) / STEP), np.uint8)


def shipped(language: str) -> LanguageModel:
    model = load_language(language)
    assert model is not None
    return model


@pytest.mark.parametrize(
    ("label", "folded"), [("A", "a"), ("é", "e"), ("Ü", "u"), ("ß", "ss"), ("’", "'"), ("7", "7")]
)
def test_case_and_accents_do_not_count(label: str, folded: str) -> None:
    assert fold(label) == folded


@pytest.mark.parametrize(
    ("language", "common", "rare", "gibberish"),
    [
        ("en", "the", "believe", "xqzkv"),
        ("de", "und", "Straße", "xqzkv"),
        ("fr", "les", "aujourd'hui", "xqzkv"),
        ("es", "que", "mañana", "xqzkv"),
    ],
)
def test_common_words_are_likelier_than_rare_ones_and_those_than_none(
    language: str, common: str, rare: str, gibberish: str
) -> None:
    told = [shipped(language).log_probability(word) for word in (common, rare, gibberish)]
    assert None not in told
    assert told == sorted(told, key=lambda value: -float(value or 0.0))
    assert all(word in shipped(language) for word in (common, rare))
    assert gibberish not in shipped(language)


def test_words_that_are_not_listed_are_judged_by_their_letters() -> None:
    english = shipped("en")
    assert "plinkering" not in english
    likely, unlikely = map(english.log_probability, ("plinkering", "knrgeiplin"))
    assert likely is not None
    assert unlikely is not None
    assert likely > unlikely + 10


def test_a_word_is_the_same_in_capitals() -> None:
    assert shipped("en").log_probability("TABLE") == shipped("en").log_probability("table")


@pytest.mark.parametrize("word", ["", "R2D2", "42", "'", "o.k", "слово", "a b"])
def test_what_is_no_word_is_not_judged(word: str) -> None:
    assert shipped("en").log_probability(word) is None


def test_the_probabilities_of_letters_sum_to_one() -> None:
    with np.load(resource_path("language/en.npz"), allow_pickle=False) as arrays:
        totals = np.exp(-STEP * arrays["ngrams"].astype(float)).sum(axis=-1)
        words = np.exp(-STEP * arrays["costs"].astype(float)).sum()
    # Each is rounded to a twentieth of a nat up or down.
    assert np.abs(totals - 1).max() < 0.06
    assert abs(words - 1) < 0.06


def test_listed_and_spelled_are_mixed() -> None:
    model = LanguageModel("xx", UNIFORM, {"on": math.log(0.5)}, unlisted=0.2)
    spelled = math.log(0.2) - 3 * STEP * int(UNIFORM.flat[0])
    assert model.log_probability("no") == pytest.approx(spelled)
    assert model.log_probability("on") == pytest.approx(math.log(0.8 * 0.5 + math.exp(spelled)))


@pytest.mark.parametrize("start", ["th", "QU", "zeph", "xq", "é", "don'"])
def test_a_word_that_begins_so_ends_there_or_goes_on_with_a_letter(start: str) -> None:
    english = shipped("en")
    whole = english.log_probability_of_start(start)
    longer = [english.log_probability_of_start(start + letter) for letter in SYMBOLS.strip()]
    ended = english.log_probability(start)
    assert whole is not None
    assert ended is not None
    total = math.exp(ended) + sum(math.exp(told) for told in longer if told is not None)
    # n-grams are stored in steps
    assert math.log(total) == pytest.approx(whole, abs=STEP)


def test_the_start_of_nothing_is_certain_and_that_of_no_word_unknown() -> None:
    english = shipped("en")
    assert english.log_probability_of_start("") == pytest.approx(0.0, abs=0.01)
    assert english.log_probability_of_start("a1") is None
    assert english.log_probability_of_start("да") is None


def test_starts_are_asked_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language_model, "_MOST_STARTS", 3)
    english = shipped("en")
    first = [english.log_probability_of_start(start) for start in "abcdefgh"]
    assert [english.log_probability_of_start(start) for start in "abcdefgh"] == first


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.text("abc'", min_size=1, max_size=4), st.floats(-20.0, -1.0)))
def test_a_word_list_is_the_mapping_that_it_was_made_of(words: dict[str, float]) -> None:
    listed = WordList.of(words)
    assert dict(listed) == words
    for start in ("", "a", "ab", "'", "d"):
        assert (start in listed) == (start in words)
        shares = [math.exp(told) for word, told in words.items() if word.startswith(start)]
        assert listed.share(start) == pytest.approx(sum(shares), abs=1e-12)


def test_words_and_frequencies_have_to_be_as_many() -> None:
    with pytest.raises(ValueError, match="2 words and 1 frequencies"):
        WordList(["a", "b"], np.zeros(1))


def test_odd_parts_are_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        LanguageModel("xx", UNIFORM[0], {}, 0.1)
    with pytest.raises(ValueError, match="unlisted"):
        LanguageModel("xx", UNIFORM, {}, 0.0)


class TestFiles:
    def test_all_together_stay_below_three_megabytes(self) -> None:
        sizes = [resource_path(f"language/{code}.npz").stat().st_size for code in LANGUAGES]
        assert sum(sizes) < 3_000_000

    def test_a_language_is_read_once(self) -> None:
        assert load_language("en") is load_language("en")

    def test_an_unknown_language_is_refused_with_those_there_are(self) -> None:
        with pytest.raises(HandwriteError, match=r"no language “xx”; choose one of en \(English\)"):
            load_language("xx")

    def test_without_its_file_there_is_no_model(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "package")
        language_model._load_shipped.cache_clear()
        try:
            assert load_language("en") is None
        finally:
            language_model._load_shipped.cache_clear()

    @pytest.mark.parametrize("broken", ["version", "words", "ngrams", "unlisted", "costs"])
    def test_a_file_that_lacks_something_is_refused(self, tmp_path: Path, broken: str) -> None:
        with np.load(resource_path("language/en.npz"), allow_pickle=False) as arrays:
            kept = {name: arrays[name] for name in arrays.files if name != broken}
        write_npz(tmp_path / "en.npz", kept)
        with pytest.raises(ModelFileError, match="no language model"):
            read_language_model(tmp_path / "en.npz")

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("version", np.array(99)),
            ("version", np.array("one")),
            ("words", np.frombuffer(b"one\nword", np.uint8)),
            ("words", np.array([255, 254], np.uint8)),
            ("ngrams", UNIFORM[0]),
            ("unlisted", np.array(7.0)),
        ],
    )
    def test_a_file_with_something_odd_is_refused(
        self, tmp_path: Path, name: str, value: np.ndarray
    ) -> None:
        with np.load(resource_path("language/en.npz"), allow_pickle=False) as arrays:
            changed = {key: arrays[key] for key in arrays.files} | {name: value}
        write_npz(tmp_path / "en.npz", changed, compressed=True)
        with pytest.raises(ModelFileError):
            read_language_model(tmp_path / "en.npz")

    def test_importing_the_recognizer_reads_no_language(self) -> None:
        code = (
            "import handwrite_gui.engine.recognizer\n"
            "from handwrite_gui.engine.text import language_model\n"
            "assert language_model._load_shipped.cache_info().currsize == 0"
        )
        subprocess.run([sys.executable, "-c", code], check=True)
