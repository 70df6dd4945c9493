"""A recipe is read as it is written; what is wrong with it is said by table and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from handwrite_gui.engine.alphabets import ALPHABETS, NOT_A_CHARACTER
from handwrite_gui.engine.data.sources import (
    ImageSource,
    NonCharacterSource,
    StrokeSource,
    SyntheticSource,
    ValidationRule,
)
from handwrite_gui.engine.training.recipe import (
    NETWORK_SETTINGS,
    TRAINING_SETTINGS,
    Measure,
    read_recipe,
)
from handwrite_gui.engine.training.recipe_table import RecipeError
from handwrite_gui.engine.training.settings import LIMITS, TrainingSettings

RECIPES = Path(__file__).resolve().parents[3] / "recipes"

SHORT = """
[model]
name = "Short"
characters = "digits"
[output]
model = "short.npz"
[[data]]
kind = "synthetic"
characters = "digits"
per_class = 10
"""

LONG = """
leave_out = ["scans"]

[model]
name = "Long"
description = "Letters."
license = "MIT"
limits = "None known."
characters = "upper"
refuses = true
calibrate = true

[output]
model = "../models/long.npz"
history = "long.csv"

[network]
hidden = [64, 32]
features = "directions"

[training]
epochs = 3
learning_rate = 1e-2

[validation]
modulo = 5
remainder = 1
non_characters = 100

[[data]]
kind = "strokes"
path = "pens/letters.npz"
name = "letters"
renders = 4
pens = [0.05, 0.1]
drawn = [16, 40]
credit = "The letter club"

[[data]]
kind = "images"
path = "scans.npz"
repeat = 2
most = 900
validation = true
look = "scanned"

[[data]]
kind = "synthetic"
characters = "AB"
per_class = 5
script = true

[[data]]
kind = "non-characters"
count = 50

[[measure]]
name = "letters of others"
validation = ["letters"]
alphabet = "upper"

[[measure]]
name = "vowels"
test = "test.npz"
alphabet = "AEIOU"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "recipe.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_short_recipe_takes_all_defaults(tmp_path: Path) -> None:
    recipe = read_recipe(write(tmp_path, SHORT))
    assert recipe.settings == TrainingSettings()
    assert recipe.classes == tuple("0123456789")
    assert recipe.sources == (SyntheticSource("0123456789", 10),)
    assert recipe.rule == ValidationRule()
    assert recipe.model == tmp_path / "short.npz"
    assert recipe.history is None
    assert recipe.start is None
    assert (recipe.measures, recipe.leave_out, recipe.calibrate) == ((), (), False)


def test_a_long_recipe_says_everything(tmp_path: Path) -> None:
    recipe = read_recipe(write(tmp_path, LONG))
    assert recipe.classes == (*ALPHABETS["upper"], NOT_A_CHARACTER)
    assert recipe.settings == TrainingSettings(
        hidden=(64, 32), features="directions", epochs=3, learning_rate=0.01
    )
    assert recipe.sources == (
        StrokeSource(
            Path("pens/letters.npz"), "letters", 4, (0.05, 0.1), "The letter club", (16, 40)
        ),
        ImageSource(Path("scans.npz"), "scans", 2, validation=True, look="scanned", most=900),
        SyntheticSource("AB", 5, script=True),
        NonCharacterSource(50),
    )
    assert recipe.rule == ValidationRule(5, 1, 100)
    assert recipe.measures == (
        Measure("letters of others", ALPHABETS["upper"], ("letters",)),
        Measure("vowels", "AEIOU", test=Path("test.npz")),
    )
    assert recipe.model == tmp_path / "../models/long.npz"
    assert recipe.history == tmp_path / "long.csv"
    # What is left out is not what the model learned from.
    assert recipe.leave_out == ("scans",)
    assert recipe.credits == ("The letter club", "synthetic", "non-characters")
    assert recipe.without(["letters"]).credits == ("scans", "synthetic", "non-characters")


def test_a_head_has_outputs_after_those_of_all_characters(tmp_path: Path) -> None:
    text = LONG.replace("refuses = true", 'refuses = true\nhead = "CA"')
    text = text.replace('look = "scanned"', "head = true")
    recipe = read_recipe(write(tmp_path, text))
    assert recipe.head == "AC"  # in the order of the classes
    assert recipe.outputs == (*recipe.classes, "A of AC", "C of AC")
    assert recipe.sources[1] == ImageSource(
        Path("scans.npz"), "scans", 2, validation=True, most=900, head=True
    )
    assert read_recipe(write(tmp_path, LONG)).outputs == recipe.classes
    both = text.replace("head = true", 'head = true\nlook = "scanned"')
    with pytest.raises(RecipeError, match="teaches the head alone, so no look can mislead it"):
        read_recipe(write(tmp_path, both))


def test_a_model_to_start_from_stands_beside_the_recipe(tmp_path: Path) -> None:
    text = LONG.replace('name = "Long"', 'name = "Long"\nstart = "short.npz"')
    recipe = read_recipe(write(tmp_path, text))
    assert recipe.start == tmp_path / "short.npz"
    # It may have learned from what is left out.
    assert recipe.without(["letters"]).start is None


def test_every_training_setting_has_its_table() -> None:
    assert sorted(NETWORK_SETTINGS + TRAINING_SETTINGS) == sorted(LIMITS)


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.toml")), ids=lambda path: path.stem)
def test_the_recipes_of_the_project_can_be_read(path: Path) -> None:
    recipe = read_recipe(path)
    assert recipe.model.parent.is_dir()
    assert recipe.rule.modulo == 5
    assert recipe.rule.remainder == 1
    # The official test set is never trained on.
    assert not any("test" in str(getattr(source, "path", "")) for source in recipe.sources)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            "hidden = [64, 32]",
            "hiden = [64]",
            "[network]: there is no “hiden” here; did you mean “hidden”?",
        ),
        ("hidden = [64, 32]", "hidden = 64", "hidden is 64; it must be at most 16 layers"),
        ("hidden = [64, 32]", "epochs = 3", "[network]: there is no “epochs” here"),
        ("epochs = 3", "epochs = 0", "epochs is 0; it must be a whole number from 1"),
        ("epochs = 3", 'epochs = "many"', "epochs is 'many'"),
        ("epochs = 3", "epochs = 3\nepochs = 4", "is not TOML: Cannot overwrite"),
        ('name = "Long"', "name = 5", "[model]: “name” is 5; it must be text"),
        ('name = "Long"', 'name = " "', "“name” is ' '; it must be text that is not empty"),
        ('name = "Long"', "", "[model]: “name” is missing; it must be text"),
        ('name = "Long"', 'name = "Long"\ncolour = 1', "[model]: there is no “colour” here"),
        ('"upper"\nrefuses', '"AAB"\nrefuses', "“characters” is 'AAB'; it must be digits, upper"),
        ("refuses = true", "", "[model]: non-characters need a class of their own; add “refuses"),
        ("refuses = true", 'refuses = "yes"', "“refuses” is 'yes'; it must be true or false"),
        (
            "renders = 4",
            "renders = true",
            "[[data]] number 1: “renders” is true; it must be a whole",
        ),
        ("renders = 4", "renders = 0", "“renders” is 0; it must be a whole number from 1 to 1000"),
        ("renders = 4", "repeat = 4", "[[data]] number 1: there is no “repeat” here; did you mean"),
        ("pens = [0.05, 0.1]", "pens = [0.1, 0.05]", "it must be two numbers in order"),
        ("pens = [0.05, 0.1]", "pens = [0.1]", "it must be two numbers in order"),
        ("drawn = [16, 40]", "drawn = [2, 40]", "it must be two numbers in order, above 7"),
        (
            "refuses = true",
            'refuses = true\nhead = "AZÉ"',
            "[model]: “head” has “É”, which is none of the model's characters.",
        ),
        ("repeat = 2", "repeat = 2\nhead = true", "“scans” teaches a head, and there is none"),
        ('look = "scanned"', "look = 3", "number 2: “look” is 3; it must be text"),
        (
            'kind = "images"',
            'kind = "pictures"',
            "number 2: “kind” is 'pictures'; it must be one of",
        ),
        ('kind = "images"', "", "[[data]] number 2: “kind” is missing"),
        ('"scans.npz"', '"../scans.npz"', "it must be a path within the folder of the data"),
        ('"scans.npz"', '"letters.npz"', "two sources are named “letters”"),
        (
            '["scans"]',
            '["scan"]',
            "“scan” cannot be left out; the recipe's files are letters, scans",
        ),
        ('["scans"]', '["non-characters"]', "“non-characters” cannot be left out"),
        ('["scans"]', '"scans"', "“leave_out” is 'scans'; it must be a list of texts"),
        ("modulo = 5", "modulo = 0", "“remainder” is 1; it must be a whole number from 0 to 0"),
        ("remainder = 1", "remainder = 5", "it must be a whole number from 0 to 4"),
        (
            '["letters"]',
            '["letter"]',
            "no source named “letter” sets writers aside; those that do are letters, scans.",
        ),
        ('test = "test.npz"', "", "[[measure]] number 2: give either “validation”"),
        ("[[measure]]", "[measure]", "is not TOML"),
        ("[output]", "[outputs]", "“output” is missing; it must be a table"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    assert old in LONG
    path = write(tmp_path, LONG.replace(old, new, 1))
    with pytest.raises(RecipeError) as caught:
        read_recipe(path)
    assert complaint in str(caught.value)
    assert str(caught.value).startswith("recipe.toml: ")


def test_all_writers_set_aside_is_a_mistake(tmp_path: Path) -> None:
    text = LONG.replace("modulo = 5\nremainder = 1", "modulo = 1")
    with pytest.raises(RecipeError, match="sets all writers aside"):
        read_recipe(write(tmp_path, text))


def test_calibration_needs_validation(tmp_path: Path) -> None:
    text = SHORT.replace('name = "Short"', 'name = "Short"\ncalibrate = true')
    with pytest.raises(RecipeError, match=r"needs a \[validation\] part"):
        read_recipe(write(tmp_path, text))


def test_a_file_that_is_no_recipe(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="cannot be opened"):
        read_recipe(tmp_path / "missing.toml")
    binary = tmp_path / "model.npz"
    binary.write_bytes(b"PK\3\4\xff\xfe")
    with pytest.raises(RecipeError, match="is no text in UTF-8"):
        read_recipe(binary)
