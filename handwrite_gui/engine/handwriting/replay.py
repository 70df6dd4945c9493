"""What a model knew before it learned one person's hand, as characters to be reminded of it.

The collections that a model learned from are not on the user's machine.  Characters of the
program's own stroke templates are, and what the model made of them says as much: a copy that goes
on answering them as the model did has forgotten nothing there (Learning without Forgetting, Li &
Hoiem 2016; rehearsal with made-up samples, Robins 1995).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.alphabets import ALPHABETS, NOT_A_CHARACTER
from handwrite_gui.engine.data.augmentation import Augmenter
from handwrite_gui.engine.data.glyphs import GLYPHS
from handwrite_gui.engine.data.non_characters import draw_non_characters
from handwrite_gui.engine.data.normalizer import normalize
from handwrite_gui.engine.data.strokes import render_fitted
from handwrite_gui.engine.data.synthesis import synthesize
from handwrite_gui.engine.data.synthesis.characters import synthesize_strokes
from handwrite_gui.engine.data.synthesis.style import WritingStyle
from handwrite_gui.engine.errors import Cancelled, HandwriteError
from handwrite_gui.engine.model_file import Model
from handwrite_gui.engine.network.arrays import FloatArray
from handwrite_gui.engine.network.losses import softmax

_REPLAYED = 60  # of each character, once as they are and once deformed
_MEASURED = 40
_NON_CHARACTERS = 600
_DEFORMATION = 0.5
_REPLAY_SEED, _GENERAL_SEED = 5, 77  # two sets of invented writers
_STROKE_SIDE, _STROKE_PEN = 64, 5.0

IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class General:
    """What a model answers to everybody's characters; made once for a model.

    Attributes:
        hidden: float32 ``(N, H)``, what the last dense layer gets for characters to be replayed.
        answers: float32 ``(N, K)``, the probabilities that the model gives them.
        measured: float32 ``(M, H)``, the same layer's inputs for characters of other writers, to
            measure on.
        targets: int64 ``(M,)``, the classes of those.
    """

    hidden: FloatArray
    answers: FloatArray
    measured: FloatArray
    targets: IntArray


def general_knowledge(
    model: Model,
    *,
    on_progress: Callable[[float, str], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> General:
    """Ask a model about made-up characters of all its classes.

    Raises:
        HandwriteError: none of the model's characters has a stroke template.
        Cancelled: ``should_stop`` became true.
    """
    known = [name for name in model.classes if name in GLYPHS]
    if not known:
        raise HandwriteError(
            "This model knows only characters that Handwrite cannot write itself, so it cannot be "
            "kept from forgetting while it learns your hand; adapt another model."
        )

    def report(share: float) -> None:
        if should_stop is not None and should_stop():
            raise Cancelled
        if on_progress is not None:
            on_progress(share, "Writing characters of other hands")

    replayed, _ = _characters(known, _REPLAYED, _REPLAY_SEED, lambda share: report(0.4 * share))
    inputs: list[NDArray[np.uint8] | FloatArray] = [replayed, _deformed(replayed, 1)]
    if NOT_A_CHARACTER in model.classes:
        inputs.append(_non_characters(known))
    report(0.5)
    hidden = np.concatenate([model.network.predict_hidden(part) for part in inputs])
    report(0.7)
    drawn, labels = _characters(
        known, _MEASURED, _GENERAL_SEED, lambda share: report(0.7 + 0.2 * share)
    )
    measured = model.network.predict_hidden(_deformed(drawn, 3))
    report(1.0)
    index = {name: number for number, name in enumerate(model.classes)}
    targets = np.array([index[label] for label in labels.tolist()], np.int64)
    return General(hidden, softmax(model.network.logits_of_hidden(hidden)), measured, targets)


def _characters(
    classes: list[str], per_class: int, seed: int, report: Callable[[float], None]
) -> tuple[NDArray[np.uint8], NDArray[np.str_]]:
    drawn = synthesize(classes, per_class, seed, on_progress=lambda share, _: report(share))
    return normalize(drawn.images).reshape(len(drawn), -1), drawn.labels


def _deformed(inputs: NDArray[np.uint8], seed: int) -> FloatArray:
    return Augmenter(_DEFORMATION)(inputs, np.random.default_rng(seed))


def _non_characters(known: list[str]) -> NDArray[np.uint8]:
    """Made of the characters of invented writers: what a page's wrong cuts look like."""
    rng = np.random.default_rng(_REPLAY_SEED)
    letters = [name for name in known if name in ALPHABETS["alnum"]] or known
    styles = [WritingStyle.random(rng) for _ in range(12)]
    strokes = [synthesize_strokes(name, rng, style) for style in styles for name in letters]
    writers = np.repeat(np.arange(len(styles)), len(letters))
    drawings = draw_non_characters(strokes, writers, _NON_CHARACTERS, rng)
    images = [
        render_fitted(drawing, longer_side=_STROKE_SIDE, pen_width=_STROKE_PEN)
        for drawing in drawings
    ]
    return normalize(images).reshape(len(images), -1)
