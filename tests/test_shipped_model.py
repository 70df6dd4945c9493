"""What ships reads characters that the project makes itself, and refuses what is none."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.alphabets import ALPHABETS, NOT_A_CHARACTER
from handwrite_gui.engine.data.dataset import to_training_data
from handwrite_gui.engine.data.non_characters import draw_non_characters
from handwrite_gui.engine.data.normalizer import normalize
from handwrite_gui.engine.data.strokes import render_many
from handwrite_gui.engine.data.synthesis import synthesize
from handwrite_gui.engine.data.synthesis.characters import synthesize_strokes
from handwrite_gui.engine.data.synthesis.style import WritingStyle
from handwrite_gui.engine.evaluation.figures import Figures, allowed_logits, figures_of_logits
from handwrite_gui.engine.evaluation.rejection import roc_auc
from handwrite_gui.engine.model_file import Model, load_model
from handwrite_gui.engine.network.losses import softmax
from handwrite_gui.engine.resources import default_model_path

SEED = 20_261_124  # nobody that the model learned from
PENS = (0.05, 0.15)


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model(default_model_path())


def measured(model: Model, alphabet: str, per_class: int) -> Figures:
    data = to_training_data(synthesize(ALPHABETS[alphabet], per_class, SEED), model.classes)
    logits = allowed_logits(model, data.inputs, data.targets, ALPHABETS[alphabet])
    return figures_of_logits(alphabet, *logits)


def test_knows_all_characters_and_when_there_is_none(model: Model) -> None:
    assert set(model.classes) == {*ALPHABETS["full"], NOT_A_CHARACTER}
    assert model.input_shape == (32, 32)
    assert default_model_path().stat().st_size <= 15e6
    assert default_model_path().with_suffix(".md").is_file()


@pytest.mark.parametrize(
    ("alphabet", "right", "merged"),
    [("digits", 0.99, 0.99), ("upper", 0.99, 0.99), ("alnum", 0.965, 0.99), ("full", 0.8, 0.94)],
)
def test_reads_characters_of_invented_writers(
    model: Model, alphabet: str, right: float, merged: float
) -> None:
    figures = measured(model, alphabet, per_class=20)
    assert figures.accuracy >= right, figures
    assert figures.merged >= merged, figures


def test_is_as_sure_as_it_may_be_in_every_alphabet(model: Model) -> None:
    for name, alphabet in ALPHABETS.items():
        allowed = "".join(c for c in model.classes if c in alphabet)
        assert allowed in model.temperatures, name


def test_refuses_what_is_no_character(model: Model) -> None:
    rng = np.random.default_rng(SEED)
    letters = []
    for _ in range(12):
        style = WritingStyle.random(rng)
        letters.append([synthesize_strokes(c, rng, style) for c in ALPHABETS["alnum"]])
    characters = [strokes for writer in letters for strokes in writer]
    writers = np.repeat(np.arange(len(letters)), len(letters[0]))
    others = draw_non_characters(characters, writers, 400, rng)
    refusal = model.classes.index(NOT_A_CHARACTER)
    of_characters, of_others = (
        softmax(model.network.predict_logits(normalize(images).reshape(len(images), -1)))[
            :, refusal
        ]
        for images in (
            render_many(characters, PENS, rng, box=48),
            render_many(others, PENS, rng, box=48),
        )
    )
    assert roc_auc(of_others, of_characters) >= 0.95
