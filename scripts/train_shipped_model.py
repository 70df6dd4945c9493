"""Train the model that ships with Handwrite, and write its card.

    python scripts/train_shipped_model.py --data FOLDER [--output resources/models/default.npz]

FOLDER holds the collections named in COLLECTIONS below.  Writers whose number is 1 modulo 5, and
MNIST's test set, are never trained on: the card's figures are measured on them.  Training takes
about 45 minutes on one core; stopped and started again, it goes on from its last epoch.
"""

from __future__ import annotations

import argparse
import string
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.alphabets import ALPHABETS, NOT_A_CHARACTER, PUNCTUATION
from handwrite_gui.engine.data.non_characters import draw_non_characters
from handwrite_gui.engine.data.normalizer import normalize
from handwrite_gui.engine.data.strokes import Strokes, iter_stroke_samples, render_many
from handwrite_gui.engine.data.synthesis import synthesize
from handwrite_gui.engine.model_file import Model, ModelCard, save_model
from handwrite_gui.engine.training.events import EpochDone
from handwrite_gui.engine.training.settings import TrainingSettings
from handwrite_gui.engine.training.trainer import Trainer
from handwrite_gui.engine.training.training_data import TrainingData

CLASSES = (*ALPHABETS["full"], NOT_A_CHARACTER)

STROKES = {"unipen_digits": 3, "unipen_upper": 3, "unipen_lower": 2}
"""Collections of pen strokes and how often each is drawn, every time with another pen."""

COLLECTIONS = (
    "mnist_train",
    "scanned_upper",
    "nist_upper_sample",
    "photographed_62",
    "canvas_upper",
)
"""Collections of pictures; all of each is trained on."""

PENS = (0.03, 0.17)  # width of the pen as a share of the character's longer side
SYNTHETIC = 150  # of each letter and digit: forms that the collections lack
SYNTHETIC_PUNCTUATION = 1200  # of each mark: the collections have none
NON_CHARACTERS = 40_000

RECIPE = TrainingSettings(
    hidden=(1280, 512),
    activation="relu",
    initializer="he",
    optimizer="adamw",
    learning_rate=1e-3,
    weight_decay=0.02,
    dropout=0.2,
    input_dropout=0.05,
    label_smoothing=0.05,
    batch_size=256,
    epochs=56,
    schedule="cosine",
    warmup_steps=500,
    augmentation=1.0,
    ema_decay=0.999,
    seed=1,
)

SOURCES = (
    "UNIPEN train_r01_v07 (Guyon et al. 1994)",
    "MNIST (LeCun, Cortes, Burges)",
    "NIST Special Database 19 capitals, by way of the Kaggle A-Z set",
    "Kaggle “english-alphabets”",
    "Bishwaprotap Ray's Hand-Written set",
    "xxMrPHDxx alphabet-recognition",
    "characters synthesised by Handwrite",
)


@dataclass(frozen=True)
class StrokeCollection:
    """Characters recorded with a pen, and who wrote each."""

    samples: Sequence[Strokes]
    labels: NDArray[np.str_]
    writers: NDArray[np.int32]
    images: NDArray[np.uint8]

    def of(self, chosen: NDArray[np.bool_]) -> StrokeCollection:
        samples = [self.samples[index] for index in np.flatnonzero(chosen).tolist()]
        return StrokeCollection(
            samples, self.labels[chosen], self.writers[chosen], self.images[chosen]
        )


def load_strokes(folder: Path, name: str) -> StrokeCollection:
    with np.load(folder / f"{name}.npz", allow_pickle=False) as file:
        samples = list(iter_stroke_samples(file["points"], file["stroke_len"], file["n_strokes"]))
        return StrokeCollection(samples, file["labels"], file["writer"], file["images"])


def load_images(folder: Path, name: str) -> tuple[NDArray[np.uint8], NDArray[np.str_]]:
    with np.load(folder / f"{name}.npz", allow_pickle=False) as file:
        return file["images"], file["labels"]


def is_validation(writers: NDArray[np.integer]) -> NDArray[np.bool_]:
    return np.asarray(writers % 5 == 1)


class Collector:
    """Gathers normalised samples of several sources."""

    def __init__(self) -> None:
        self._inputs: list[NDArray[np.uint8]] = []
        self._targets: list[NDArray[np.int64]] = []

    def add(self, images: NDArray[np.uint8], labels: Sequence[str] | NDArray[np.str_]) -> None:
        self._inputs.append(normalize(images).reshape(len(images), -1))
        self._targets.append(np.array([CLASSES.index(label) for label in labels], np.int64))

    def data(self, name: str) -> TrainingData:
        return TrainingData(np.concatenate(self._inputs), np.concatenate(self._targets), name)


def collect_training(folder: Path) -> TrainingData:
    """Everything that is trained on."""
    rng = np.random.default_rng(RECIPE.seed)
    collector = Collector()
    samples: list[Strokes] = []
    writers: list[NDArray[np.int32]] = []
    for kind, (name, times) in enumerate(STROKES.items()):
        collection = load_strokes(folder, name)
        collection = collection.of(~is_validation(collection.writers))
        for _ in range(times):
            collector.add(render_many(collection.samples, PENS, rng, box=48), collection.labels)
        samples += collection.samples
        # Small letters stand beside small letters: their height is theirs alone.
        writers.append(2 * collection.writers + (name == "unipen_lower"))
        print(f"{name}: {len(collection.samples)} samples, {kind + 1} of {len(STROKES)}")
    for name in COLLECTIONS:
        collector.add(*load_images(folder, name))
    for classes, count in (
        (string.digits + string.ascii_letters, SYNTHETIC),
        (PUNCTUATION, SYNTHETIC_PUNCTUATION),
    ):
        made = synthesize(classes, count, seed=RECIPE.seed)
        collector.add(np.asarray(made.images), made.labels)
    drawings = draw_non_characters(samples, np.concatenate(writers), NON_CHARACTERS, rng)
    collector.add(render_many(drawings, PENS, rng, box=48), [NOT_A_CHARACTER] * len(drawings))
    return collector.data("; ".join(SOURCES))


def collect_validation(folder: Path) -> dict[str, TrainingData]:
    """What is measured on, by the name of the figure."""
    parts: dict[str, TrainingData] = {}
    for name in STROKES:
        collection = load_strokes(folder, name)
        collection = collection.of(is_validation(collection.writers))
        collector = Collector()
        collector.add(collection.images, collection.labels)
        parts[name] = collector.data(name)
    collector = Collector()
    collector.add(*load_images(folder, "mnist_test"))
    parts["mnist_test"] = collector.data("mnist_test")
    return parts


def measure(model: Model, parts: dict[str, TrainingData]) -> dict[str, float]:
    """Accuracies with the class kind known, and of all 36 digits and capitals together."""
    kinds = {
        "unipen_digits": string.digits,
        "unipen_upper": string.ascii_uppercase,
        "unipen_lower": string.ascii_lowercase,
        "mnist_test": string.digits,
    }
    figures = {f"{name}, kind known": accuracy(model, [parts[name]], kinds[name]) for name in parts}
    both = [parts["unipen_digits"], parts["unipen_upper"]]
    figures["unipen digits and capitals, 36 classes"] = accuracy(model, both, ALPHABETS["alnum"])
    return figures


def accuracy(model: Model, parts: Sequence[TrainingData], alphabet: str) -> float:
    inputs = np.concatenate([part.inputs for part in parts])
    targets = np.concatenate([part.targets for part in parts])
    allowed = np.array([CLASSES.index(name) for name in alphabet])
    logits = model.network.predict_logits(inputs)[:, allowed]
    return float(np.mean(allowed[logits.argmax(axis=1)] == targets))


def train(folder: Path, checkpoint: Path, recipe: TrainingSettings) -> Model:
    training = collect_training(folder)
    parts = collect_validation(folder)
    validation = TrainingData(
        np.concatenate([p.inputs for n, p in parts.items() if n != "mnist_test"]),
        np.concatenate([p.targets for n, p in parts.items() if n != "mnist_test"]),
        "validation writers",
    )
    print(f"{len(training)} training samples, {len(validation)} of validation writers")
    if checkpoint.exists():
        trainer = Trainer.from_checkpoint(checkpoint, training, validation)
        print(f"continuing after epoch {trainer.epochs_done}")
    else:
        trainer = Trainer(recipe, training, validation, CLASSES)
    for event in trainer.run():
        if isinstance(event, EpochDone):
            trainer.save_checkpoint(checkpoint)
            print(
                f"epoch {event.epoch}: training loss {event.training_loss:.4f}, "
                f"validation accuracy {event.validation_accuracy:.4f} of {len(CLASSES)} classes, "
                f"{event.samples_per_second:.0f} samples/s, {event.seconds:.0f} s",
                flush=True,
            )
    # MNIST's test set is looked at once, here.
    model = trainer.model("Handwrite default")
    card = ModelCard(
        name="Handwrite default",
        description=(
            "Digits, capitals, small letters and punctuation of hand-printed writing, and what "
            "is no character."
        ),
        created=model.card.created,
        data=SOURCES,
        figures=measure(model, parts),
        settings=recipe.to_dict(),
        license="MIT",
    )
    return replace(model, card=card)


def card_text(model: Model, size: int) -> str:
    """The model card as Markdown (after Mitchell et al. 2019)."""
    card = model.card
    settings = card.settings
    layers = " → ".join(map(str, model.network.sizes))
    weights = sum(p.value.size for p in model.network.parameters)
    figures = "\n".join(f"| {name} | {value:.4f} |" for name, value in card.figures.items())
    sources = "\n".join(f"- {source}" for source in card.data)
    training = (
        f"{settings['epochs']} epochs of batches of {settings['batch_size']}, "
        f"{settings['optimizer']}, learning rate {settings['learning_rate']:g} "
        f"({settings['schedule']}, {settings['warmup_steps']} steps of warm-up), weight decay "
        f"{settings['weight_decay']:g}, dropout {settings['dropout']:g} "
        f"({settings['input_dropout']:g} on the inputs), label smoothing "
        f"{settings['label_smoothing']:g}, affine and elastic augmentation anew for every sample, "
        f"weights averaged with decay {settings['ema_decay']:g}."
    )
    return f"""# {card.name}

{card.description}

- **Kind**: multilayer perceptron {layers}, {settings["activation"]}, {weights:,} weights,
  stored as float16 in {size / 1e6:.1f} MB.
- **Input**: 32 × 32 pixels from Handwrite's normaliser.
- **Classes**: {len(model.classes) - 1} characters, `{"".join(model.classes[:-1])}`,
  and one for ink that is no character. An alphabet is chosen by leaving the other classes out of
  the softmax.
- **Made by** `scripts/train_shipped_model.py`, {card.created[:10]}. Licence {card.license}.

## Accuracy

Measured on writers that were not trained on (UNIPEN writers 1 modulo 5) and on MNIST's test set,
which was not trained on either. “Kind known” means that digits are read as digits, capitals as
capitals, small letters as small letters.

| measured on | share right |
| --- | --- |
{figures}

## Learned from

{sources}

## Training

{textwrap.fill(training, 100)}

## Limits

Hand-printed characters only, no joined-up writing. Characters of the same shape (0 and O, 1, I
and l, c and C) cannot be told apart without their surroundings. Writers are mostly adults of
Europe and North America. Confidences have not been calibrated.
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the collections")
    parser.add_argument("--output", type=Path, default=Path("resources/models/default.npz"))
    parser.add_argument("--epochs", type=int, default=RECIPE.epochs)
    arguments = parser.parse_args()
    missing = [
        name
        for name in (*STROKES, *COLLECTIONS, "mnist_test")
        if not (arguments.data / f"{name}.npz").is_file()
    ]
    if missing:
        parser.error(f"{arguments.data} lacks {', '.join(f'{name}.npz' for name in missing)}")
    checkpoint = arguments.output.with_suffix(".checkpoint.npz")
    model = train(arguments.data, checkpoint, replace(RECIPE, epochs=arguments.epochs))
    save_model(model, arguments.output)
    size = arguments.output.stat().st_size
    arguments.output.with_suffix(".md").write_text(card_text(model, size), encoding="utf-8")
    checkpoint.unlink()
    for name, value in model.card.figures.items():
        print(f"{name}: {value:.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
