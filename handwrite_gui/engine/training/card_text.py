"""The card of a model as a text for people (after Mitchell et al. 2019)."""

from __future__ import annotations

import textwrap

from handwrite_gui.engine.alphabets import NOT_A_CHARACTER
from handwrite_gui.engine.evaluation.figures import Figures
from handwrite_gui.engine.model_file import Model
from handwrite_gui.engine.training.recipe import Recipe
from handwrite_gui.engine.training.recipe_figures import RecipeFigures


def card_text(recipe: Recipe, model: Model, figures: RecipeFigures, file_size: int) -> str:
    """Markdown that says what the model is, what it learned from and what it reaches.

    Args:
        recipe: what it was made by.
        model: as saved.
        figures: as measured on it.
        file_size: of the model file, in bytes.
    """
    network, card = model.network, model.card
    layers = " → ".join(map(str, network.sizes))
    networks = (network, *model.heads.values())
    weights = sum(parameter.value.size for one in networks for parameter in one.parameters)
    seen = "the directions of the strokes" if network.features == "directions" else "the pixels"
    characters = "".join(name for name in model.classes if name != NOT_A_CHARACTER)
    refuses = (
        ",\n  and one for ink that is no character" if NOT_A_CHARACTER in model.classes else ""
    )
    heads = "".join(
        f"  Where nothing but {text} may be chosen, a last layer of its own decides.\n"
        for text in model.heads
    )
    height, width = model.input_shape
    license_text = f" Licence {card.license}." if card.license else ""
    recipe_path = "/".join(recipe.path.absolute().parts[-2:])  # recipes/default.toml
    parts = [
        f"# {card.name}",
        card.description,
        f"- **Kind**: multilayer perceptron {layers}, {network.activation}, on {seen};\n"
        f"  {weights:,} weights in a file of {file_size / 1e6:.1f} MB.\n"
        f"- **Input**: {height} × {width} pixels from Handwrite's normaliser.\n"
        f"- **Classes**: {len(characters)} characters, `{characters}`{refuses}.\n"
        "  An alphabet is chosen by leaving the other classes out of the softmax.\n"
        f"{heads}"
        f"- **Made by** `python -m handwrite_gui train {recipe_path} --data FOLDER`, "
        f"{card.created[:10]}.{license_text}",
        _accuracy(recipe, figures),
        "## Learned from",
        "\n".join(f"- {source}" for source in card.data),
        "## Training",
        textwrap.fill(_training(recipe), 100),
    ]
    if recipe.limits:
        parts += ["## Limits", recipe.limits]
    return "\n\n".join(part for part in parts if part) + "\n"


def figures_table(rows: tuple[Figures, ...]) -> list[list[str]]:
    """A row of cells for each set measured on, after the headings."""
    table = [["measured on", "classes", "images", "right", "merged", "top 2", "ECE"]]
    for row in rows:
        shares = (row.accuracy, row.merged, row.top_two, row.calibration_error)
        table.append(
            [row.name, str(row.classes), str(row.samples), *(f"{share:.4f}" for share in shares)]
        )
    return table


def _accuracy(recipe: Recipe, figures: RecipeFigures) -> str:
    if not figures.measured:
        return ""
    headings, *rows = ["| " + " | ".join(row) + " |" for row in figures_table(figures.measured)]
    rule = "| --- |" + " ---: |" * 6
    text = "\n".join(["## Accuracy", "", headings, rule, *rows])
    explained = (
        "Right: share read right of the characters of as many classes. Merged: the same with "
        "look-alikes counted as one (0/O/o, 1/I/l, and small letters shaped like their capitals). "
        "Top 2: the right one is among the first two guesses. ECE: expected calibration error, 15 "
        "bins (Guo et al. 2017)."
    )
    if recipe.rule.modulo:
        explained += (
            f" Writers whose number is {recipe.rule.remainder} modulo {recipe.rule.modulo} were "
            "set aside for measuring"
        )
        explained += "; test sets were never trained on." if _tests(recipe) else "."
    if recipe.leave_out:
        explained += " A collection that was left out was not learned from at all."
    paragraphs = [text, textwrap.fill(explained, 100)]
    if figures.rejection_auc is not None:
        paragraphs.append(
            textwrap.fill(
                f"Refusal: {recipe.rule.non_characters:,} drawings that are no character, made "
                "from the strokes of validation writers, are told from their characters by the "
                f"probability of that class with an area under the ROC curve of "
                f"{figures.rejection_auc:.4f}.",
                100,
            )
        )
    return "\n\n".join(paragraphs)


def _tests(recipe: Recipe) -> bool:
    return any(measure.test is not None for measure in recipe.measures)


def _training(recipe: Recipe) -> str:
    settings = recipe.settings
    sentence = (
        f"{_start(recipe)}{settings.epochs} epochs of batches of {settings.batch_size}, "
        f"{settings.optimizer}, "
        f"learning rate {settings.learning_rate:g} ({settings.schedule}, "
        f"{settings.warmup_steps} steps of warm-up), weight decay {settings.weight_decay:g}, "
        f"dropout {settings.dropout:g} ({settings.input_dropout:g} on the inputs), label "
        f"smoothing {settings.label_smoothing:g}"
    )
    if settings.augmentation:
        sentence += (
            f", affine and elastic augmentation of strength {settings.augmentation:g} anew for "
            "every sample"
        )
    if settings.ema_decay:
        sentence += f", weights averaged with decay {settings.ema_decay:g}"
    return f"{sentence}; seed {settings.seed}."


def _start(recipe: Recipe) -> str:
    if recipe.start is None:
        return ""
    return f"From the weights of {recipe.start.name}, which a recipe of the same name made: "
