"""A whole training run in one readable file.

``docs/training.md`` describes every key; ``recipes/default.toml`` is the shipped model's.
"""

from __future__ import annotations

import os
import string
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from handwrite_gui.engine.alphabets import ALPHABETS, NOT_A_CHARACTER
from handwrite_gui.engine.data.groups import output_names
from handwrite_gui.engine.data.sources import (
    DRAWN,
    PENS,
    ImageSource,
    NonCharacterSource,
    Source,
    StrokeSource,
    SyntheticSource,
    ValidationRule,
)
from handwrite_gui.engine.training.recipe_table import RecipeError, Table
from handwrite_gui.engine.training.settings import LIMITS, TrainingSettings

NETWORK_SETTINGS = tuple(
    name
    for name in LIMITS
    if name in {"hidden", "features", "activation", "initializer", "normalization"}
)
"""Settings that stand in ``[network]``; all others stand in ``[training]``."""
TRAINING_SETTINGS = tuple(name for name in LIMITS if name not in NETWORK_SETTINGS)

_KINDS = ("strokes", "images", "synthetic", "non-characters")
_MOST_TIMES = 1000
_MOST_SAMPLES = 10_000_000
_WIDEST_PEN = 1.0
_LEAST_DRAWN, _MOST_DRAWN = 7, 256  # pixels


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of the finished model.

    Attributes:
        name: what the figure is called.
        alphabet: the characters that the model may choose from; the others are not measured on.
        validation: names of sources whose validation part is measured on.
        test: a file or folder that is measured on, at the end, and never trained on.
    """

    name: str
    alphabet: str
    validation: tuple[str, ...] = ()
    test: Path | None = None


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that a model comes from besides the files of its data.

    Attributes:
        path: of the file; relative paths of outputs start from its folder.
        name, description, license, limits: for the model's card.
        classes: what the network tells apart.
        head: those of them, in their order, that have outputs of their own where nothing else may
            be chosen; "" for none.
        calibrate: whether confidences are scaled to the share that is right.
        settings: of the network and its training.
        start: a model whose weights training begins with, or None for random ones.
        sources: what to learn from.
        rule: which writers are measured on.
        leave_out: names of sources that are measured on instead of being learned.
        measures: figures of the finished model.
        model: where the model goes; its card stands beside it.
        history: where the table of epochs goes, or None.
    """

    path: Path
    name: str
    description: str
    license: str
    limits: str
    classes: tuple[str, ...]
    head: str
    calibrate: bool
    settings: TrainingSettings
    start: Path | None
    sources: tuple[Source, ...]
    rule: ValidationRule
    leave_out: tuple[str, ...]
    measures: tuple[Measure, ...]
    model: Path
    history: Path | None

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the network's outputs while it is trained."""
        return output_names(self.classes, self.head)

    @property
    def credits(self) -> tuple[str, ...]:
        """The sources that are learned from, as the card names them, each once."""
        learned = [s for s in self.sources if s.name not in self.leave_out]
        named = (source.credit or source.name for source in learned)
        return tuple(dict.fromkeys(named))

    def without(self, names: Sequence[str]) -> Recipe:
        """This recipe with other sources left out, and from random weights.

        A model to start from may have learned from what is left out.

        Raises:
            RecipeError: there is no source of that name.
        """
        left_out = _checked_left_out(self.path, self.sources, names)
        return replace(self, start=None, leave_out=left_out)


def read_recipe(path: str | os.PathLike[str]) -> Recipe:
    """Reads and checks a recipe; the files of its data are not looked for.

    Raises:
        RecipeError: the file cannot be read, is no TOML, or has a key that is unknown, missing,
            of the wrong type or out of range; the message names table and key.
    """
    path = Path(path)
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RecipeError(path, f"cannot be opened: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise RecipeError(path, "is no text in UTF-8; a recipe is a TOML file.") from error
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(path, f"is not TOML: {error}.") from error
    top = Table(document, "", path)
    model = top.table("model")
    classes = _characters(model, "characters")
    refuses = model.flag("refuses", default=False)
    if refuses:
        classes += NOT_A_CHARACTER
    sources = tuple(_source(table) for table in top.tables("data"))
    names = [source.name for source in sources]
    for name in names:
        if names.count(name) > 1:
            raise top.error(f"two sources are named “{name}”; give one of them another “name”.")
    settings = _settings(top)
    rule = _rule(top.table("validation", optional=True))
    made_up = rule.non_characters or any(isinstance(s, NonCharacterSource) for s in sources)
    if made_up and not refuses:
        raise model.error("non-characters need a class of their own; add “refuses = true”.")
    head = _head(model, classes, sources)
    leave_out = _checked_left_out(path, sources, top.texts("leave_out", default=()))
    set_aside = [source.name for source in sources if _sets_aside(source, rule)]
    measures = tuple(_measure(table, set_aside) for table in top.tables("measure", optional=True))
    output = top.table("output")
    model_path = path.parent / output.text("model")
    history = output.text("history", default="")
    start = model.text("start", default="")
    output.finish()
    recipe = Recipe(
        path=path,
        name=model.text("name"),
        description=model.text("description", default=""),
        license=model.text("license", default=""),
        limits=model.text("limits", default=""),
        classes=tuple(classes),
        head=head,
        calibrate=model.flag("calibrate", default=False),
        settings=settings,
        start=path.parent / start if start else None,
        sources=sources,
        rule=rule,
        leave_out=leave_out,
        measures=measures,
        model=model_path,
        history=path.parent / history if history else None,
    )
    model.finish()
    top.finish()
    if recipe.calibrate and not rule.modulo:
        raise model.error("“calibrate” needs a [validation] part to be fitted on.")
    return recipe


def _head(model: Table, classes: str, sources: Sequence[Source]) -> str:
    """The characters that have outputs of their own, in the order of the classes."""
    head = _characters(model, "head", default="")
    unknown = "".join(character for character in head if character not in classes)
    if unknown:
        raise model.error(f"“head” has “{unknown}”, which is none of the model's characters.")
    for_it = [s for s in sources if isinstance(s, ImageSource) and s.head]
    if for_it and not head:
        raise model.error(f"“{for_it[0].name}” teaches a head, and there is none; add “head”.")
    looks = [source.name for source in for_it if source.look]
    if looks:
        raise model.error(
            f"“{looks[0]}” teaches the head alone, so no look can mislead it; leave out “look”."
        )
    return "".join(character for character in classes if character in head)


def _settings(top: Table) -> TrainingSettings:
    values: dict[str, Any] = {}
    for name, known in (("network", NETWORK_SETTINGS), ("training", TRAINING_SETTINGS)):
        table = top.table(name, optional=True)
        values |= table.rest(known)
        table.finish()
    try:
        return TrainingSettings.from_dict(values)
    except ValueError as problem:
        raise top.error(f"[network] and [training]: {problem}") from None


def _source(table: Table) -> Source:
    kind = table.text("kind")
    source: Source
    match kind:
        case "strokes":
            path = _data_path(table, "path")
            source = StrokeSource(
                path,
                table.text("name", default=path.stem),
                table.whole("renders", 1, _MOST_TIMES, default=1),
                table.rising_pair("pens", 0, _WIDEST_PEN, default=PENS),
                table.text("credit", default=""),
                table.rising_pair("drawn", _LEAST_DRAWN, _MOST_DRAWN, default=DRAWN),
            )
        case "images":
            path = _data_path(table, "path")
            source = ImageSource(
                path,
                table.text("name", default=path.stem),
                table.whole("repeat", 1, _MOST_TIMES, default=1),
                table.flag("validation", default=False),
                table.text("credit", default=""),
                table.text("look", default=""),
                table.whole("most", 0, _MOST_SAMPLES, default=0),
                table.flag("head", default=False),
            )
        case "synthetic":
            source = SyntheticSource(
                _characters(table, "characters"),
                table.whole("per_class", 1, _MOST_SAMPLES),
                table.text("name", default="synthetic"),
                table.text("credit", default=""),
                table.flag("script", default=False),
            )
        case "non-characters":
            source = NonCharacterSource(
                table.whole("count", 1, _MOST_SAMPLES),
                table.rising_pair("pens", 0, _WIDEST_PEN, default=PENS),
                table.text("name", default="non-characters"),
                table.text("credit", default=""),
            )
        case _:
            raise table.wrong("kind", kind, f"one of {', '.join(_KINDS)}")
    table.finish()
    return source


def _rule(table: Table) -> ValidationRule:
    modulo = table.whole("modulo", 0, 1_000_000, default=0)
    remainder = table.whole("remainder", 0, max(modulo - 1, 0), default=0)
    non_characters = table.whole("non_characters", 0, _MOST_SAMPLES, default=0)
    table.finish()
    if modulo == 1:
        raise table.error("“modulo” of 1 sets all writers aside; give 2 or more.")
    if non_characters and not modulo:
        raise table.error("“non_characters” are made from the writers that “modulo” sets aside.")
    return ValidationRule(modulo, remainder, non_characters)


def _sets_aside(source: Source, rule: ValidationRule) -> bool:
    """Whether a source has validation writers."""
    if not rule.modulo:
        return False
    return isinstance(source, StrokeSource) or (
        isinstance(source, ImageSource) and source.validation
    )


def _measure(table: Table, set_aside: Sequence[str]) -> Measure:
    name = table.text("name")
    alphabet = _characters(table, "alphabet")
    validation = table.texts("validation", default=())
    test = _data_path(table, "test", default="")
    table.finish()
    for source in validation:
        if source not in set_aside:
            raise table.error(
                f"no source named “{source}” sets writers aside; those that do are "
                f"{_listed(set_aside)}."
            )
    if bool(validation) == bool(test.name):
        raise table.error("give either “validation”, names of sources, or “test”, a file.")
    return Measure(name, alphabet, validation, test if test.name else None)


def _checked_left_out(
    path: Path, sources: Sequence[Source], names: Sequence[str]
) -> tuple[str, ...]:
    files = [s.name for s in sources if isinstance(s, StrokeSource | ImageSource)]
    for name in names:
        if name not in files:
            raise RecipeError(
                path, f"“{name}” cannot be left out; the recipe's files are {_listed(files)}."
            )
    return tuple(names)


def _characters(table: Table, key: str, default: str | None = None) -> str:
    """The name of an alphabet, or the characters themselves, each once."""
    text = table.text(key, default)
    named = {**ALPHABETS, "lower": string.ascii_lowercase}
    characters = named.get(text, text)
    unfit = " " in characters or NOT_A_CHARACTER in characters
    if unfit or len(set(characters)) < len(characters):
        raise table.wrong(key, text, f"{', '.join(named)}, or the characters, each once")
    return characters


def _data_path(table: Table, key: str, default: str | None = None) -> Path:
    """A path within the folders of the data."""
    text = table.text(key, default)
    path = PurePosixPath(text)
    if text and (path.is_absolute() or ".." in path.parts):
        raise table.wrong(key, text, "a path within the folder of the data")
    return Path(path)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"
