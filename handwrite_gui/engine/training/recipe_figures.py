"""Measuring the model of a recipe as the recipe asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from handwrite_gui.engine.alphabets import ALPHABETS, DEFAULT_ALPHABET, NOT_A_CHARACTER
from handwrite_gui.engine.data.dataset import to_training_data
from handwrite_gui.engine.data.sources import CollectedData, find_file, read_images
from handwrite_gui.engine.evaluation.calibration import divide_logits, fit_temperature
from handwrite_gui.engine.evaluation.figures import Figures, allowed_logits, figures_of_logits
from handwrite_gui.engine.evaluation.rejection import roc_auc
from handwrite_gui.engine.model_file import Model, ModelCard
from handwrite_gui.engine.network.losses import softmax
from handwrite_gui.engine.training.heads import split_head, with_general_say
from handwrite_gui.engine.training.recipe import Measure, Recipe
from handwrite_gui.engine.training.training_data import TrainingData


@dataclass(frozen=True, slots=True)
class RecipeFigures:
    """What a finished model reaches.

    Attributes:
        measured: a row for every measure and every source left out.
        rejection_auc: chance that a non-character gets a higher probability of being none than
            a character; None where that was not measured.
        temperatures: what the logits of each alphabet are divided by, by its name, after those of
            all were divided by that of the default alphabet; empty if they are not.
    """

    measured: tuple[Figures, ...]
    rejection_auc: float | None
    temperatures: Mapping[str, float]

    def by_name(self) -> dict[str, float]:
        """All of them as single numbers, for a model's card."""
        named: dict[str, float] = {}
        for row in self.measured:
            named[row.name] = row.accuracy
            named[f"{row.name}, look-alikes merged"] = row.merged
            named[f"{row.name}, calibration error"] = row.calibration_error
        if self.rejection_auc is not None:
            named["refusal of non-characters, ROC AUC"] = self.rejection_auc
        for alphabet, temperature in self.temperatures.items():
            named[f"temperature, {alphabet}"] = temperature
        return named


def finish_model(
    recipe: Recipe, model: Model, data: CollectedData, folders: Sequence[Path]
) -> tuple[Model, RecipeFigures]:
    """Calibrates and measures the model that training gave, and writes its card.

    Test files are read here and nowhere else.

    Raises:
        HandwriteError: a test file is missing or damaged.
    """
    model = split_head(model, recipe.head)
    temperatures: dict[str, float] = {}
    validation = data.validation if recipe.calibrate else None
    if validation is not None:
        model, temperatures = _divided(model, validation)
    # Only now: who goes on from the model finds both as they are in it, and can part them again.
    model = with_general_say(model)
    if validation is not None:
        model, others = _with_temperatures(model, validation, recipe.measures)
        temperatures |= others
    figures = RecipeFigures(
        (
            *(
                _measured(model, measure, data, folders)
                for measure in recipe.measures
                # A source that is left out is measured on as a whole, in a row of its own.
                if not set(measure.validation) & set(recipe.leave_out)
            ),
            *(_of_left_out(model, name, part) for name, part in data.left_out.items()),
        ),
        _rejection_auc(model, data),
        temperatures,
    )
    card = ModelCard(
        name=recipe.name,
        description=recipe.description,
        created=model.card.created,
        data=recipe.credits,
        figures=figures.by_name(),
        settings=recipe.settings.to_dict(),
        license=recipe.license,
    )
    return replace(model, card=card), figures


def _divided(model: Model, validation: TrainingData) -> tuple[Model, dict[str, float]]:
    """The model with all logits divided by the temperature of the default alphabet, and that.

    So those who ask for all its classes at once, the refusal among them, get sensible
    probabilities too.  A head's are divided by its own, and can be weighed against the others then.
    """
    heads = {characters: head.copy() for characters, head in model.heads.items()}
    for characters, head in heads.items():
        own = _fitted(model, validation, characters)
        if own is not None:
            divide_logits(head, own)
    temperature = _fitted(model, validation, _default_alphabet(model.classes))
    if temperature is None:
        return replace(model, heads=heads), {}
    network = model.network.copy()
    divide_logits(network, temperature)
    return replace(model, network=network, heads=heads), {"default": temperature}


def _with_temperatures(
    model: Model, validation: TrainingData, measures: Sequence[Measure]
) -> tuple[Model, dict[str, float]]:
    """The model with confidences to be believed in every alphabet, and what made them so."""
    alphabets = {**ALPHABETS, **{measure.name: measure.alphabet for measure in measures}}
    fitted: dict[str, float] = {}
    temperatures: dict[str, float] = {}
    for name, alphabet in alphabets.items():
        allowed = "".join(own for own in model.classes if own in alphabet)
        if allowed in temperatures:
            continue
        temperature = _fitted(model, validation, alphabet)
        if temperature is not None:
            fitted[name] = temperatures[allowed] = temperature
    return replace(model, temperatures=temperatures), fitted


def _fitted(model: Model, validation: TrainingData, alphabet: Sequence[str]) -> float | None:
    """The temperature of an alphabet; None where nothing can be measured."""
    logits, targets, allowed = allowed_logits(
        model, validation.inputs, validation.targets, alphabet
    )
    return fit_temperature(logits, targets) if len(allowed) > 1 and len(targets) else None


def _measured(
    model: Model, measure: Measure, data: CollectedData, folders: Sequence[Path]
) -> Figures:
    if measure.test is not None:
        tested = read_images(find_file(measure.test, folders)).of_classes(model.classes)
        parts = [to_training_data(tested, model.classes)]
    else:
        parts = [data.parts[name] for name in measure.validation if name in data.parts]
    return _figures(model, measure.name, parts, measure.alphabet)


def _of_left_out(model: Model, name: str, part: TrainingData) -> Figures:
    return _figures(model, f"{name} (left out)", [part], _default_alphabet(model.classes))


def _figures(
    model: Model, name: str, parts: Sequence[TrainingData], alphabet: Sequence[str]
) -> Figures:
    width = model.network.sizes[0]
    inputs = np.concatenate([np.zeros((0, width), np.uint8), *(part.inputs for part in parts)])
    targets = np.concatenate([np.zeros(0, np.int64), *(part.targets for part in parts)])
    logits, targets, allowed = allowed_logits(model, inputs, targets, alphabet)
    return figures_of_logits(name, logits / model.temperature(allowed), targets, allowed)


def _rejection_auc(model: Model, data: CollectedData) -> float | None:
    if data.non_characters is None or data.validation is None:
        return None
    refusal = model.classes.index(NOT_A_CHARACTER)
    scores = [
        softmax(model.network.predict_logits(part.inputs))[:, refusal]
        for part in (data.non_characters, data.validation)
    ]
    return roc_auc(*scores)


def _default_alphabet(classes: Sequence[str]) -> Sequence[str]:
    """What the model chooses from where nobody says otherwise."""
    if set(ALPHABETS[DEFAULT_ALPHABET]) <= set(classes):
        return ALPHABETS[DEFAULT_ALPHABET]
    return [name for name in classes if name != NOT_A_CHARACTER]
