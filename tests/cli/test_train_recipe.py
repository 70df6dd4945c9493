from __future__ import annotations

import json
import os
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from handwrite_gui.engine.alphabets import NOT_A_CHARACTER
from handwrite_gui.engine.model_file import load_model, save_model
from handwrite_gui.engine.training.heads import without_general_say
from handwrite_gui.engine.training.trainer import Trainer
from tests.cli.conftest import Run, bars

RECIPE = """
[model]
name = "Bars"
characters = "ILT"
refuses = true
calibrate = true
license = "MIT"
limits = "Bars only."

[output]
model = "bars.npz"
history = "bars.csv"

[network]
hidden = [16]

[training]
epochs = 4
learning_rate = 0.01
dropout = 0.1
batch_size = 64

[validation]
modulo = 5
remainder = 1
non_characters = 40

[[data]]
kind = "strokes"
path = "pens.npz"
renders = 2
credit = "Drawn bars"

[[data]]
kind = "images"
path = "scans.npz"

[[data]]
kind = "non-characters"
count = 100

[[measure]]
name = "validation writers"
validation = ["pens"]
alphabet = "ILT"

[[measure]]
name = "test"
test = "test.npz"
alphabet = "upper"
"""

SHAPES = {
    "I": [[(5, 0), (5, 20)]],
    "L": [[(0, 0), (0, 20), (12, 20)]],
    "T": [[(0, 0), (14, 0)], [(7, 0), (7, 20)]],
}


def write_strokes(path: Path, count: int, seed: int) -> None:
    """Shaky bars of ten writers, as strokes and as images."""
    rng = np.random.default_rng(seed)
    labels = rng.choice(list("ILT"), count)
    strokes = [[np.array(s) + rng.normal(0, 0.5, (len(s), 2)) for s in SHAPES[x]] for x in labels]
    images, drawn = bars(count, seed)
    flat = [stroke for sample in strokes for stroke in sample]
    pictures = np.stack([images[drawn == label][0] for label in labels])
    np.savez(
        path,
        points=np.concatenate(flat).astype(np.float32),
        stroke_len=np.array([len(stroke) for stroke in flat]),
        n_strokes=np.array([len(sample) for sample in strokes]),
        labels=labels,
        writer=np.arange(count) % 10,
        images=pictures,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Collections, and a recipe beside them."""
    write_strokes(tmp_path / "pens.npz", 200, seed=1)
    for name, seed in (("scans", 2), ("test", 3)):
        images, labels = bars(120, seed)
        np.savez(tmp_path / f"{name}.npz", images=images, labels=labels)
    (tmp_path / "bars.toml").write_text(RECIPE, encoding="utf-8")
    return tmp_path


def same_weights(one: Path, other: Path) -> bool:
    pairs = zip(
        load_model(one).network.copy_weights(),
        load_model(other).network.copy_weights(),
        strict=True,
    )
    return all(np.array_equal(a, b) for a, b in pairs)


def test_a_recipe_leads_to_a_model_its_card_and_its_history(run: Run, folder: Path) -> None:
    before = set(folder.iterdir())
    outcome = run("train", folder / "bars.toml", "--data", folder)
    assert (outcome.status, outcome.err) == (0, "")
    made = {path.name for path in set(folder.iterdir()) - before}
    assert made == {"bars.npz", "bars.md", "bars.csv"}

    model = load_model(folder / "bars.npz")
    assert model.classes == ("I", "L", "T", NOT_A_CHARACTER)
    assert model.card.name == "Bars"
    assert model.card.data == ("Drawn bars", "scans", "non-characters")
    figures = model.card.figures
    assert figures["validation writers"] > 0.9
    assert figures["test"] > 0.9
    assert 0.5 < figures["refusal of non-characters, ROC AUC"] <= 1
    assert 0.05 <= figures["temperature, default"] <= 20
    # The three letters among all capitals are those among themselves: fitted once.
    assert model.temperatures == {"ILT": figures["temperature, upper"]}

    # Forty samples of two of ten writers were set aside; the rest was drawn twice.
    assert "learned from 540 samples" in outcome.out
    assert f"test                      3     120  {figures['test']:.4f}" in outcome.out
    card = (folder / "bars.md").read_text("utf-8")
    assert f"| test | 3 | 120 | {figures['test']:.4f} |" in card
    for said in (
        "# Bars\n",
        "1024 → 16 → 4, relu, on the pixels",
        "Licence MIT.",
        "- Drawn bars\n",
    ):
        assert said in card
    for said in ("## Limits\n\nBars only.\n", "4 epochs of batches of 64, adam", "test sets were"):
        assert said in card
    assert f"curve of\n{figures['refusal of non-characters, ROC AUC']:.4f}." in card.replace(
        "curve of ", "curve of\n"
    )
    history = (folder / "bars.csv").read_text("utf-8").splitlines()
    assert history[0].startswith("epoch,step,training_loss,")
    assert [line.split(",")[0] for line in history[1:]] == ["1", "2", "3", "4"]


def test_training_goes_on_from_a_model(run: Run, folder: Path) -> None:
    arguments = ("train", folder / "bars.toml", "--data", folder)
    assert run(*arguments, "--output", folder / "first.npz").status == 0
    recipe = folder / "bars.toml"
    text = recipe.read_text("utf-8")
    recipe.write_text(text.replace("[model]\n", '[model]\nstart = "first.npz"\n'), "utf-8")

    # Next to nothing is learned, so it is still the first model.
    small = ("--epochs", 1, "--learning-rate", 1e-6)
    assert run(*arguments, *small).status == 0
    first, second = (load_model(folder / f"{name}.npz") for name in ("first", "bars"))
    for one, other in zip(first.network.copy_weights(), second.network.copy_weights(), strict=True):
        # Their last layers were divided by a temperature each.
        assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.999
    assert "From the weights of first.npz" in (folder / "bars.md").read_text("utf-8")

    # What is left out may be what the first model learned from.
    assert run(*arguments, *small, "--leave-out", "scans").status == 0
    assert load_model(folder / "bars.npz").card.figures["scans (left out)"] < 0.7

    other = run(*arguments, "--hidden", "8")
    assert other.status == 1
    assert "“Bars” is a network of 1024-16-4" in other.err
    assert "1024-8-4" in other.err


def test_a_head_is_trained_and_kept_and_gone_on_from(run: Run, folder: Path) -> None:
    recipe = folder / "bars.toml"
    text = recipe.read_text("utf-8").replace("[model]\n", '[model]\nhead = "IT"\n')
    text = text.replace('path = "scans.npz"\n', 'path = "scans.npz"\nhead = true\n')
    text += """
[[measure]]
name = "two of them"
test = "test.npz"
alphabet = "IT"
"""
    recipe.write_text(text, "utf-8")
    arguments = ("train", recipe, "--data", folder)
    outcome = run(*arguments, "--output", folder / "first.npz")
    assert (outcome.status, outcome.err) == (0, "")
    model = load_model(folder / "first.npz")
    assert model.classes == ("I", "L", "T", NOT_A_CHARACTER)
    assert [(name, head.sizes) for name, head in model.heads.items()] == [("IT", (16, 2))]
    assert set(model.temperatures) == {"ILT", "IT"}
    assert model.card.figures["two of them"] > 0.9
    card = (folder / "first.md").read_text("utf-8")
    assert "Where nothing but IT may be chosen, a last layer of its own decides." in card
    assert f"  {1024 * 16 + 16 + 16 * 4 + 4 + 16 * 2 + 2:,} weights in a file" in card
    # It was the head that was measured, not the outputs of all.
    (head,) = model.heads.values()
    head.dense_layers[0].weights.value[:] *= -1
    head.dense_layers[0].bias.value[:] *= -1
    save_model(model, folder / "wrong.npz")
    read = ("evaluate", "--data", folder / "test.npz", "--json", "--model")
    figures = json.loads(run(*read, folder / "wrong.npz").out)
    assert figures["accuracy"] > 0.9
    # What is learned during the training is measured without the head, too.
    last = (folder / "first.history.csv").read_text("utf-8").splitlines()[-1].split(",")
    assert float(last[5]) > 0.9

    start = text.replace("[model]\n", '[model]\nstart = "first.npz"\n')
    recipe.write_text(start, "utf-8")
    small = ("--epochs", 1, "--learning-rate", 1e-6)
    assert run(*arguments, *small).status == 0
    # What the head learned itself; the outputs of all, which have a say in it, were divided again.
    (before,), (after,) = (
        without_general_say(load_model(folder / f"{name}.npz")).heads.values()
        for name in ("first", "bars")
    )
    for one, other in zip(before.copy_weights(), after.copy_weights(), strict=True):
        assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.999

    save_model(replace(model, heads={}), folder / "first.npz")
    headless = run(*arguments, *small)
    assert headless.status == 1
    assert "“Bars” has no head for IT, so training cannot go on from it" in headless.err


def test_flags_change_a_recipe(run: Run, folder: Path) -> None:
    arguments = ("--epochs", 1, "--hidden", "8,4", "--output", folder / "trial.npz")
    assert run("train", folder / "bars.toml", "--data", folder, *arguments).status == 0
    model = load_model(folder / "trial.npz")
    assert model.network.sizes == (1024, 8, 4, 4)
    assert model.card.settings["dropout"] == 0.1
    # A trial leaves the record of the recipe's own run alone.
    assert not (folder / "bars.csv").exists()
    assert (folder / "trial.history.csv").exists()


def test_a_collection_left_out_is_measured_on(run: Run, folder: Path) -> None:
    recipe = folder / "bars.toml"
    outcome = run("train", recipe, "--data", folder, "--leave-out", "scans")
    assert "learned from 420 samples" in outcome.out
    model = load_model(folder / "bars.npz")
    assert model.card.figures["scans (left out)"] > 0.8
    assert "scans" not in model.card.data
    assert "validation writers" in model.card.figures

    # Figures of what is left out give way to one row for all of it.
    shutil.copy(folder / "pens.npz", folder / "more.npz")
    text = recipe.read_text("utf-8").replace('path = "scans.npz"', 'path = "more.npz"')
    recipe.write_text(text.replace('"images"', '"strokes"'), encoding="utf-8")
    assert run("train", recipe, "--data", folder, "--leave-out", "pens").status == 0
    assert set(load_model(folder / "bars.npz").card.figures) & {
        "validation writers",
        "pens (left out)",
    } == {"pens (left out)"}

    unknown = run("train", recipe, "--data", folder, "--leave-out", "scan")
    assert unknown.status == 1
    assert "“scan” cannot be left out; the recipe's files are pens, more" in unknown.err


def test_files_may_be_in_several_folders(run: Run, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (folder / "test.npz").rename(other / "test.npz")
    arguments = ("train", folder / "bars.toml", "--epochs", 1)
    missing = run(*arguments, "--data", folder)
    assert missing.status == 1
    assert f"There is no test.npz in {folder}; give the folder that has it" in missing.err
    assert run(*arguments, "--data", folder, other).status == 0


@pytest.mark.skipif(os.name == "nt", reason="SIGINT cannot be sent to oneself there")
def test_an_interrupted_recipe_goes_on_to_the_same_model(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("train", folder / "bars.toml", "--data", folder)
    assert run(*arguments, "--output", folder / "straight.npz").status == 0
    original = Trainer._learn_batch

    def learn_batch(self: Trainer) -> object:
        event = original(self)
        if self.steps_done == 13:
            os.kill(os.getpid(), signal.SIGINT)
        return event

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, "_learn_batch", learn_batch)
        stopped = run(*arguments)
    assert stopped.status == 130
    assert "bars.checkpoint.npz; add --resume" in stopped.err
    assert not (folder / "bars.npz").exists()
    again = run(*arguments)
    assert again.status == 2
    assert "bars.checkpoint.npz is there already" in again.err

    assert run(*arguments, "--resume").status == 0
    assert same_weights(folder / "straight.npz", folder / "bars.npz")
    assert not (folder / "bars.checkpoint.npz").exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((), "give --data FOLDER"),
        (("--data", "bars.toml"), "there is no folder bars.toml"),
        (("--data", ".", "--alphabet", "upper"), "--alphabet does not go with a recipe"),
        (("--data", ".", "--synthetic", "5"), "--synthetic does not go with a recipe"),
        (("--data", ".", "--validation-share", "0.3"), "--validation-share does not go"),
    ],
)
def test_flags_that_do_not_go_with_a_recipe(
    run: Run,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    complaint: str,
) -> None:
    monkeypatch.chdir(folder)
    outcome = run("train", "bars.toml", *arguments)
    assert outcome.status == 2
    assert complaint in outcome.err


def test_leaving_out_needs_a_recipe(run: Run, labelled: Path, tmp_path: Path) -> None:
    arguments = ("--data", labelled, "--output", tmp_path / "m.npz", "--leave-out", "scans")
    outcome = run("train", *arguments)
    assert outcome.status == 2
    assert "give RECIPE.toml too" in outcome.err
