"""docs/training.md names every key, with its default, and its recipe can be followed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from handwrite_gui.engine.data.synthesis import synthesize
from handwrite_gui.engine.training.recipe import NETWORK_SETTINGS, TRAINING_SETTINGS, read_recipe
from handwrite_gui.engine.training.settings import TrainingSettings

DOC = (Path(__file__).resolve().parents[1] / "docs" / "training.md").read_text(encoding="utf-8")


def documented(section: str) -> dict[str, object]:
    """Every key in the table of a section, and the default that stands beside it."""
    _, _, rest = DOC.partition(f"### `[{section}]`\n")
    assert rest, section
    found: dict[str, object] = {}
    for line in rest.partition("\n##")[0].splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:3]]
        if len(cells) == 2 and cells[0].startswith("`"):
            keys = re.findall(r"`(\w+)`", cells[0])
            defaults = tomllib.loads(f"x = [{cells[1].replace('`', '')}]")["x"]
            found |= dict(zip(keys, defaults * (len(keys) // len(defaults)), strict=True))
    return found


@pytest.mark.parametrize(
    ("section", "settings"), [("network", NETWORK_SETTINGS), ("training", TRAINING_SETTINGS)]
)
def test_every_setting_is_there_with_its_default(section: str, settings: tuple[str, ...]) -> None:
    defaults = TrainingSettings().to_dict()
    expected = {name: defaults[name] for name in settings}
    if "hidden" in expected:
        expected["hidden"] = list(expected["hidden"])
    assert documented(section) == expected


def test_the_small_recipe_can_be_read(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", DOC, re.DOTALL)
    (tmp_path / "small.toml").write_text(example, encoding="utf-8")
    recipe = read_recipe(tmp_path / "small.toml")
    assert recipe.settings.augmentation == 0.7
    assert [source.name for source in recipe.sources] == ["mnist_train", "synthetic"]
    assert len(synthesize(recipe.classes, 1, seed=0)) == 10
