"""Trains a network on labelled characters and saves it as a model.

Data are .npz files with “images” and “labels”, the IDX files of MNIST and EMNIST, .mat files of
EMNIST and NIST36, .csv files, or folders with a folder of images for each character.  Characters
drawn by the program itself can take their place or be added to them (--synthetic).

    python -m handwrite_gui train --synthetic 500 --epochs 10 --output model.npz
    python -m handwrite_gui train --data letters.npz digits/ --hidden 512,256 --augmentation 0.7 \\
        --checkpoint run.npz --output model.npz

A recipe, one TOML file, says all of this and more: where samples come from and how often, who is
measured on, the network, the figures of the model's card (docs/training.md).  --data names the
folders of its files then, and settings given as flags take the place of the recipe's.

    python -m handwrite_gui train recipes/default.toml --data FOLDER

With --check-gradients, back-propagation is compared with central differences first, layer by layer;
without --output that is all that is done.

    python -m handwrite_gui train --synthetic 20 --hidden 64,64 --activation tanh --check-gradients

Ctrl-C stops after the batch at hand.  With --checkpoint the run is saved then, and after every
epoch; the same command with --resume added goes on from there, to the very same model.  A recipe
always has a checkpoint, beside its model if no other is named, and it goes when the model is there.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from handwrite_gui.cli.messages import ProgressLine, UsageError, report
from handwrite_gui.cli.runs import add_folder_argument, print_table
from handwrite_gui.cli.training_data import Samples, add_data_arguments, load_samples
from handwrite_gui.cli.training_flags import add_settings_arguments, given_settings
from handwrite_gui.cli.training_run import INTERRUPTED, check_files, check_resumed, train
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.evaluation.gradient_check import TOLERANCE
from handwrite_gui.engine.model_file import save_model
from handwrite_gui.engine.training.run_gradients import check_gradients
from handwrite_gui.engine.training.run_recorder import RunRecorder, record_new_run, run_data
from handwrite_gui.engine.training.runs import RunStore
from handwrite_gui.engine.training.settings import TrainingSettings
from handwrite_gui.engine.training.trainer import Trainer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "recipe",
        nargs="?",
        type=Path,
        metavar="RECIPE.toml",
        help="a file that describes the whole run",
    )
    parser.add_argument(
        "--leave-out",
        nargs="+",
        action="extend",
        metavar="NAME",
        help="sources of the recipe to measure on instead of learning from them",
    )
    add_data_arguments(parser)
    files = parser.add_argument_group("files")
    files.add_argument(
        "--output",
        type=Path,
        metavar="MODEL.npz",
        help="where to save the model; a recipe says so itself",
    )
    files.add_argument("--name", help="what to call the model; by default as the file")
    files.add_argument(
        "--checkpoint",
        type=Path,
        metavar="PATH",
        help="save the run here after every epoch and on Ctrl-C",
    )
    files.add_argument(
        "--resume", action="store_true", help="continue the run saved in --checkpoint"
    )
    files.add_argument(
        "--keep",
        metavar="NAME",
        help="keep the run under this name among the program's runs, see the command “runs”",
    )
    files.add_argument(
        "--history",
        type=Path,
        metavar="PATH.csv",
        help="write the losses and accuracies of every epoch here",
    )
    parser.add_argument(
        "--check-gradients",
        action="store_true",
        help="compare the gradients of some weights of every layer with central differences before "
        "the run; without --output, do nothing else",
    )
    add_folder_argument(parser)
    add_settings_arguments(parser)


def run(options: argparse.Namespace) -> int:
    if options.recipe is not None:
        if options.check_gradients:
            raise UsageError("--check-gradients is for a run without a recipe")
        # Imported here: drawing strokes and measuring need more libraries than learning.
        from handwrite_gui.cli.train_recipe import run_recipe

        return run_recipe(options)
    if options.keep and options.resume:
        raise UsageError("--keep is for a run that begins, not for one that goes on")
    if options.leave_out:
        raise UsageError("--leave-out names sources of a recipe; give RECIPE.toml too")
    only_checks = options.check_gradients and options.output is None
    if options.output is None and not only_checks:
        raise UsageError("give --output MODEL.npz, where to save the model")
    check_files((options.output, options.history), options.checkpoint, options.resume)
    given = given_settings(options)
    try:
        settings = TrainingSettings(**given)
    except ValueError as error:
        raise UsageError(str(error)) from None
    samples = load_samples(options, settings.seed)
    if options.resume:
        trainer = Trainer.from_checkpoint(options.checkpoint, samples.training, samples.validation)
        check_resumed(trainer, given, samples.classes)
    else:
        trainer = Trainer(settings, samples.training, samples.validation, samples.classes)
    if options.check_gradients:
        _check_gradients(trainer, samples)
        if only_checks:
            return 0
    recorder = _recorder(options, trainer, samples) if options.keep else None
    done = train(trainer, options.checkpoint, options.history, recorder)
    if done.reason == "stopped":
        return INTERRUPTED
    model = trainer.model(options.name or options.output.stem)
    model = replace(model, card=replace(model.card, data=samples.sources))
    save_model(model, options.output)
    figures = model.card.figures
    kind = "validation" if "validation_accuracy" in figures else "training"
    print(
        f"{options.output}: {len(model.classes)} classes, {done.epoch} epochs, "
        f"{kind} accuracy {figures[f'{kind}_accuracy']:.4f}"
    )
    return 0


def _check_gradients(trainer: Trainer, samples: Samples) -> None:
    """Prints a line a layer.

    Raises:
        HandwriteError: a gradient is wrong.
    """
    with ProgressLine("gradients") as progress:
        checks = check_gradients(
            trainer.learned_network(), trainer.settings, samples.training, on_progress=progress
        )
    rows = [("layer", "largest relative error", "in", "tried", "of")]
    rows += [
        (
            str(check.layer),
            f"{check.error:.1e}",
            check.worst,
            str(check.checked),
            str(check.parameters),
        )
        for check in checks
    ]
    print_table(rows)
    wrong = [str(check.layer) for check in checks if not check.is_right]
    if wrong:
        raise HandwriteError(
            f"The gradient is wrong in layer {', '.join(wrong)}: the largest relative error should "
            f"be below {TOLERANCE:g}. This is a mistake of the program; please report it."
        )


def _recorder(options: argparse.Namespace, trainer: Trainer, samples: Samples) -> RunRecorder:
    store = RunStore(options.runs_folder)
    source = {"kind": "command", "arguments": [*map(str, options.data)]}
    data = run_data(", ".join(samples.sources), source, samples.training, samples.validation)
    record = record_new_run(store, trainer, options.keep, data)
    return RunRecorder(store, record, trainer, on_problem=report)
