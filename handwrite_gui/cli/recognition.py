"""What the commands that use a model have in common: which model, and which alphabet."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from handwrite_gui.engine.alphabets import ALPHABETS

if TYPE_CHECKING:
    from handwrite_gui.engine.recognizer import Recognizer


def add_recognition_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--alphabet",
        choices=tuple(ALPHABETS),
        help="the characters to choose from: digits 0-9; upper A-Z; alnum both of these; full "
        "these, a-z and punctuation.  By default alnum, or all a model knows if it does not "
        "know all of alnum",
    )
    parser.add_argument(
        "--model",
        type=Path,
        metavar="FILE",
        help="a model saved by “train” or in the window; by default the one that is shipped",
    )


def load_recognizer(options: argparse.Namespace) -> Recognizer:
    """The recogniser for the options of :func:`add_recognition_arguments`.

    Raises:
        ModelFileError: the model cannot be loaded.
        HandwriteError: the model does not know the alphabet, or is for other images.
    """
    from handwrite_gui.engine.model_file import load_model
    from handwrite_gui.engine.recognizer import Recognizer
    from handwrite_gui.engine.resources import default_model_path

    path = default_model_path() if options.model is None else options.model
    return Recognizer(load_model(path), options.alphabet)
