"""The command “train” with a recipe."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from handwrite_gui.cli.files import write_text
from handwrite_gui.cli.messages import ProgressLine, UsageError
from handwrite_gui.cli.training_data import DEFAULT_VALIDATION_SHARE
from handwrite_gui.cli.training_flags import given_settings
from handwrite_gui.cli.training_run import INTERRUPTED, check_files, check_resumed, train
from handwrite_gui.engine.data.sources import CollectedData, check_files_present, collect
from handwrite_gui.engine.model_file import Model, load_model, save_model
from handwrite_gui.engine.training.card_text import card_text, figures_table
from handwrite_gui.engine.training.heads import join_head, without_general_say
from handwrite_gui.engine.training.recipe import Recipe, read_recipe
from handwrite_gui.engine.training.recipe_figures import RecipeFigures, finish_model
from handwrite_gui.engine.training.trainer import Trainer


def run_recipe(options: argparse.Namespace) -> int:
    """Follows ``options.recipe`` to its model, card and table of epochs."""
    _check_flags(options)
    recipe = _with_flags(read_recipe(options.recipe), options)
    checkpoint: Path = options.checkpoint or recipe.model.with_suffix(".checkpoint.npz")
    card = recipe.model.with_suffix(".md")
    check_files((recipe.model, card, recipe.history), checkpoint, options.resume)
    tests = [measure.test for measure in recipe.measures if measure.test is not None]
    check_files_present(recipe.sources, options.data, tests)
    start = None if recipe.start is None else _start(recipe.start, recipe.head)
    with ProgressLine("collecting") as progress:
        data = collect(
            recipe.sources,
            recipe.rule,
            options.data,
            recipe.classes,
            recipe.settings.seed,
            head=recipe.head,
            leave_out=recipe.leave_out,
            on_progress=progress,
        )
    trainer = _trainer(recipe, data, checkpoint, options.resume, start)
    done = train(trainer, checkpoint, recipe.history)
    if done.reason == "stopped":
        return INTERRUPTED
    model, figures = finish_model(recipe, trainer.model(recipe.name), data, options.data)
    save_model(model, recipe.model)
    size = recipe.model.stat().st_size
    write_text(card, card_text(recipe, model, figures, size))
    if options.checkpoint is None:
        checkpoint.unlink()
    print(_summary(recipe, data, figures, size))
    return 0


def _start(path: Path, head: str) -> Model:
    return join_head(without_general_say(load_model(path)), head)


def _check_flags(options: argparse.Namespace) -> None:
    """What a recipe says itself cannot be said by a flag too."""
    if not options.data:
        raise UsageError("give --data FOLDER, the folder of the recipe's collections")
    for path in options.data:
        if not path.is_dir():
            raise UsageError(f"there is no folder {path}; --data names the folders of a recipe")
    for flag, given in (
        ("--synthetic", options.synthetic),
        ("--alphabet", options.alphabet),
        ("--validation", options.validation),
        ("--validation-share", options.validation_share != DEFAULT_VALIDATION_SHARE),
    ):
        if given:
            raise UsageError(f"{flag} does not go with a recipe; write it into the recipe")
    if options.keep:
        raise UsageError("--keep does not go with a recipe, which keeps its figures in its card")


def _with_flags(recipe: Recipe, options: argparse.Namespace) -> Recipe:
    if options.leave_out:
        recipe = recipe.without(options.leave_out)
    output = recipe.model if options.output is None else options.output
    history = recipe.history
    if options.output is not None:
        # A trial must not overwrite the record of the recipe's own run.
        history = output.with_suffix(".history.csv")
    try:
        settings = replace(recipe.settings, **given_settings(options))
    except ValueError as error:
        raise UsageError(str(error)) from None
    return replace(
        recipe,
        name=options.name or recipe.name,
        settings=settings,
        model=output,
        history=options.history or history,
    )


def _trainer(
    recipe: Recipe, data: CollectedData, checkpoint: Path, resume: bool, start: Model | None
) -> Trainer:
    if not resume:
        return Trainer(recipe.settings, data.training, data.validation, recipe.outputs, start=start)
    trainer = Trainer.from_checkpoint(checkpoint, data.training, data.validation)
    check_resumed(trainer, recipe.settings.to_dict(), recipe.outputs)
    return trainer


def _summary(recipe: Recipe, data: CollectedData, figures: RecipeFigures, size: int) -> str:
    lines = [
        f"{recipe.model}: {len(recipe.classes)} classes, {size / 1e6:.1f} MB, learned from "
        f"{len(data.training):,} samples"
    ]
    if figures.measured:
        rows = figures_table(figures.measured)
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines.append("")
        for first, *others in rows:
            cells = [f"{cell:>{width}}" for cell, width in zip(others, widths[1:], strict=True)]
            lines.append(f"{first:<{widths[0]}}  {'  '.join(cells)}")
    if figures.rejection_auc is not None:
        lines += ["", f"refusal of non-characters: ROC AUC {figures.rejection_auc:.4f}"]
    if figures.temperatures:
        fitted = (f"{name} {value:.3f}" for name, value in figures.temperatures.items())
        lines.append(f"temperatures: {', '.join(fitted)}")
    return "\n".join(lines)
