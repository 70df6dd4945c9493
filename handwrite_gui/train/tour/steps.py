"""What the tour says, and what each of its steps lets the network do.

Every experiment is small enough for a few seconds on one core, and large enough to show its point.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from handwrite_gui.engine.training.settings import TrainingSettings
from handwrite_gui.train.data_source import SyntheticSource

DIGITS = SyntheticSource("digits", 100)
DIGITS_AND_LETTERS = SyntheticSource("alnum", 60)
VALIDATION_SHARE = 0.2

Place = Literal[
    "curves", "runs", "weights", "layer-inputs", "gradients", "activation", "check", "errors"
]
"""Where in the train view something is seen."""

PLACES: dict[Place, str] = {
    "curves": "Curves",
    "runs": "Runs",
    "weights": "Weights",
    "layer-inputs": "Inputs",
    "gradients": "Gradients",
    "activation": "Activation",
    "check": "Check",
    "errors": "Where it errs",
}
"""What the buttons that lead there say."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """One run, or a study of several.

    Attributes:
        key: unique among all experiments.
        title: on its button.
        settings: of the run, or what the runs of the study have in common.
        source: what is learned.
        study: a name in ``STUDIES``; "" for a single run.
        checks_gradients: check the gradients of the run when it has ended.
        compares: draw the run before beside this one.
    """

    key: str
    title: str
    settings: TrainingSettings
    source: SyntheticSource = DIGITS
    study: str = ""
    checks_gradients: bool = False
    compares: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A stop of the tour.

    Attributes:
        key: unique; in settings.
        title: a few words.
        parts: paragraphs, and between them formulas, which are names in ``FORMULAS`` with an
            equals sign before them.
        experiments: what can be run.
        look: what to look at meanwhile and afterwards.
        places: where it is seen; the first is shown when an experiment begins.
    """

    key: str
    title: str
    parts: tuple[str, ...]
    experiments: tuple[Experiment, ...]
    look: str
    places: tuple[Place, ...] = field(default=("curves",))


def _settings(**values: object) -> TrainingSettings:
    """Plain gradient descent, so that nothing but the formulas is at work."""
    plain: dict[str, object] = {
        "hidden": (64,),
        "activation": "relu",
        "initializer": "he",
        "optimizer": "sgd",
        "learning_rate": 0.1,
        "batch_size": 32,
        "epochs": 15,
        "augmentation": 0.0,
    }
    return TrainingSettings(**{**plain, **values})  # type: ignore[arg-type]


STEPS: tuple[Step, ...] = (
    Step(
        "softmax",
        "What a softmax is",
        (
            "The last layer gives one number for every class, the logits z. The softmax makes "
            "probabilities of them: all are positive, and their sum is one.",
            "=softmax",
            "The loss is how surprised the network is by the right class y, in nats.",
            "=cross-entropy",
            "Together they have the simplest of gradients: what was said minus what is true "
            "([k = y] is 1 for the right class and 0 for the others).",
            "=softmax-gradient",
            "The experiment has no hidden layer (softmax regression) and begins with all weights "
            "zero. Then all logits are equal, every digit has the probability 1/10, and the loss "
            "of the first batch must be ln 10.",
        ),
        (
            Experiment(
                "softmax",
                "Learn without a hidden layer",
                _settings(hidden=(), initializer="zero", epochs=20),
            ),
        ),
        "Where the curve of the loss begins. Then look at the weights: there is one tile for each "
        "digit, and it has come to look for that digit: orange where its ink should be, blue "
        "where none should.",
        ("curves", "weights"),
    ),
    Step(
        "back-propagation",
        "Back-propagation, checked",
        (
            "Forwards, every layer is a product, a sum and an activation.",
            "=layer",
            "Backwards, the chain rule takes the error of a sample, δ = ∂L/∂z, from the last layer "
            "to the first (y is 1 for the right class and 0 for the others),",
            "=delta-output",
            "=delta-hidden",
            "and each layer finds the gradients of its weights on the way.",
            "=weight-gradient",
            "A derivation may be wrong. Whether it is can be seen without it: move one weight a "
            "little, both ways, and see how the loss changes.",
            "=central-difference",
        ),
        (
            Experiment(
                "gradients",
                "Learn, then check the gradients",
                _settings(hidden=(32, 16), activation="tanh", initializer="xavier", epochs=3),
                checks_gradients=True,
            ),
        ),
        "The largest relative error in every layer. A wrong sign or factor would show as 0.1 or "
        "more; rounding leaves some 10⁻⁹.",
        ("check", "gradients"),
    ),
    Step(
        "zero",
        "Why not to start at zero",
        (
            "Softmax regression may begin at zero. A network with hidden layers may not: with "
            "weights of zero no error gets through to the hidden units,",
            "=zero",
            "and those of ReLU give f(0) = 0, so that the weights after them get no gradient "
            "either. Only the last biases learn: how frequent each class is.",
            "If all weights are the same but not zero, all units of a layer get the same gradient "
            "and stay the same for ever: 64 of them can do no more than one. Random weights break "
            "the symmetry.",
        ),
        (
            Experiment(
                "zero",
                "Try all five initialisers",
                _settings(),
                study="initializer",
            ),
        ),
        "Five curves in the same axes. One stays at chance, one learns what a single unit can "
        "learn, and three are on their way at once.",
        ("curves", "runs"),
    ),
    Step(
        "rate",
        "What the learning rate does",
        (
            "Every batch moves the weights against the gradient. The learning rate η says how far.",
            "=update",
            "The gradient tells the slope where the weights are, not how far it goes on. Steps "
            "that are too small waste time; too large ones jump over the valley, to where the loss "
            "is higher than before.",
        ),
        (
            Experiment(
                "rate",
                "Try 0.2, 2 and 0.02",
                _settings(learning_rate=0.2),
                study="learning-rate",
            ),
        ),
        "Three curves of the loss: one goes down well, one slowly, and one never recovers from its "
        "first steps.",
        ("curves", "runs"),
    ),
    Step(
        "sigmoid",
        "Why the sigmoid vanishes",
        (
            "The sigmoid squeezes everything into 0 to 1,",
            "=sigmoid",
            "and its slope is never more than a quarter.",
            "=sigmoid-slope",
            "Backwards, each layer multiplies the error by that slope and by its weights. With "
            "four hidden layers and small weights, next to nothing arrives at the first: the "
            "hidden layers stay as they began, and tell the last one nothing.",
        ),
        (
            Experiment(
                "sigmoid",
                "Four layers of sigmoids",
                _settings(hidden=(64, 64, 64, 64), activation="sigmoid", initializer="uniform"),
            ),
        ),
        "The gradients of each layer on a scale of powers of ten: every layer further from the "
        "output lies lower. In Activation: all units stand in the middle of the sigmoid, where it "
        "is steepest, and even there it is a quarter.",
        ("gradients", "activation", "curves"),
    ),
    Step(
        "remedy",
        "The remedy: Xavier and He",
        (
            "If a layer’s weights have the right variance, signals and errors keep their size on "
            "their way through it. For activations with slope one at zero, such as tanh, Glorot "
            "and Bengio (2010; “Xavier”) found",
            "=xavier",
            "and He et al. (2015), for ReLU, which lets half of its inputs through,",
            "=he",
            "The same four layers learn now.",
        ),
        (
            Experiment(
                "xavier",
                "tanh with Xavier’s weights",
                _settings(hidden=(64, 64, 64, 64), activation="tanh", initializer="xavier"),
                compares=True,
            ),
            Experiment(
                "he",
                "ReLU with He’s weights",
                _settings(hidden=(64, 64, 64, 64)),
                compares=True,
            ),
        ),
        "The same picture as before: now all layers lie at about the same height. The curves have "
        "the run before beside this one.",
        ("gradients", "curves"),
    ),
    Step(
        "first-layer",
        "What the first layer sees",
        (
            "A unit of the first layer is one sum over all pixels.",
            "=unit",
            "Its weights can be laid out like the image: where they are positive, ink excites the "
            "unit, where they are negative, ink holds it back. They begin as noise, and nobody "
            "tells them what to look for.",
        ),
        (
            Experiment(
                "first-layer",
                "Learn digits with 64 units",
                _settings(
                    initializer="uniform",
                    optimizer="adamw",
                    weight_decay=0.1,
                    learning_rate=0.003,
                    epochs=30,
                ),
            ),
        ),
        "At the left the weights before training, at the right now; the play button shows the "
        "film. Strokes, bends and gaps appear. Click a tile to see which characters excite the "
        "unit most.",
        ("weights",),
    ),
    Step(
        "confusion",
        "What gets confused",
        (
            "Accuracy is one number; the confusion matrix tells what is behind it.",
            "=confusion",
            "Of all that was read as k, precision is the share that is k; of all that is k, recall "
            "is the share that was read so.",
            "=precision",
            "=recall",
            "With letters beside the digits there are pairs of one shape: 0 and O, 1 and I, 5 and "
            "S. Images of single characters cannot tell them apart; the page reader asks the "
            "neighbours and the language.",
        ),
        (
            Experiment(
                "confusion",
                "Learn digits and letters",
                _settings(optimizer="adam", learning_rate=0.002, epochs=20),
                DIGITS_AND_LETTERS,
            ),
        ),
        "The dark cells off the diagonal, and the list beside the matrix. A click on either shows "
        "the characters behind it: would you have read them?",
        ("errors",),
    ),
)
