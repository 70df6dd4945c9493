"""Adapting, with proof: what it gains is measured before it is kept.

Every sample is held out once: the samples of each character are dealt to a few folds, and each
fold is read by a model that learned from the others (cross-validation, Stone 1974).  What others
lose is measured on made-up characters of writers who were not replayed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.alphabets import ALPHABETS, DEFAULT_ALPHABET, NOT_A_CHARACTER
from handwrite_gui.engine.data.normalizer import INPUT_SIZE, normalize
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.handwriting.adaptation import (
    AdaptationSettings,
    OwnSamples,
    adapt,
    own_samples,
    with_head,
)
from handwrite_gui.engine.handwriting.profiles import Adaptation, Profile
from handwrite_gui.engine.handwriting.replay import General, general_knowledge
from handwrite_gui.engine.handwriting.samples import Sample
from handwrite_gui.engine.model_file import Model
from handwrite_gui.engine.network.arrays import FloatArray
from handwrite_gui.engine.network.losses import SoftmaxCrossEntropy
from handwrite_gui.engine.network.mlp import MLP

FOLDS = 4
LARGEST_FALL = 0.008
"""Share of the general set that may be lost; on real writers the fall is about half of it."""

Verdict = Literal["better", "not better", "forgets", "too few"]

_SHARES = (1.0, 2 / 3, 1 / 3)  # of the settings' own, the largest that forgets little enough


@dataclass(frozen=True, slots=True)
class Measured:
    """What a set of samples says of a model.

    Attributes:
        samples: how many there are.
        right: how many of them are read right.
        loss: mean cross-entropy, in nats.
    """

    samples: int
    right: int
    loss: float

    @property
    def accuracy(self) -> float:
        return self.right / self.samples if self.samples else 0.0


@dataclass(frozen=True, eq=False, slots=True)
class Learned:
    """What came of adapting.

    Attributes:
        verdict: "better": worth keeping; "not better": one's own samples that were held out are
            not read better; "forgets": the general set is read worse than is allowed; "too few":
            no character was written twice, so nothing could be held out.
        model: the adapted one, learned from all samples, whatever the verdict.
        own_before, own_after: on the samples held out in turn.
        general_before, general_after: on the general set.
        share: how far the weights went to what was learned.
        samples: how many were learned from.
        left_out: labels of samples that the model has no class for.
        seconds: how long it took.
    """

    verdict: Verdict
    model: Model
    own_before: Measured
    own_after: Measured
    general_before: Measured
    general_after: Measured
    share: float
    samples: int
    left_out: tuple[str, ...]
    seconds: float


def learn_hand(
    model: Model,
    samples: Sequence[Sample],
    *,
    name: str = "",
    general: General | None = None,
    settings: AdaptationSettings | None = None,
    on_progress: Callable[[float, str], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Learned:
    """Adapt a model to a hand and measure what that gains and costs.

    Args:
        model: the one to start from; it stays as it is.
        samples: of one hand.
        name: whose hand, for the card.
        general: of the same model, from ``general_knowledge``; made here where None.
        settings: the defaults where None.
        on_progress: told the share done, 0 to 1, and what is being done.
        should_stop: asked between steps.

    Raises:
        HandwriteError: no sample is of a character that the model knows, or the model cannot be
            kept from forgetting.
        Cancelled: ``should_stop`` became true.
    """
    started = time.perf_counter()
    settings = settings or AdaptationSettings()
    classes = {label: index for index, label in enumerate(model.classes)}
    usable = [sample for sample in samples if sample.label in classes]
    left_out = tuple(sorted({sample.label for sample in samples} - set(classes)))
    if not usable:
        raise HandwriteError(
            "There are no samples of characters that this model knows; correct a page or teach "
            "some characters first."
        )

    def report(share: float, text: str) -> None:
        if on_progress is not None:
            on_progress(share, text)

    if general is None:
        general = general_knowledge(
            model,
            on_progress=lambda share, text: report(0.4 * share, text),
            should_stop=should_stop,
        )
    report(0.4, "Looking at your samples")
    inputs = normalize([sample.image for sample in usable]).reshape(len(usable), INPUT_SIZE**2)
    targets = np.array([classes[sample.label] for sample in usable], np.int64)
    own = own_samples(model, inputs, targets, settings)
    asked = _asked(model.classes, targets)

    folds = deal(targets, FOLDS)
    heads: list[MLP] = []
    used = [fold for fold in range(FOLDS) if (folds == fold).any()]
    for done, fold in enumerate(used):
        report(0.5 + 0.4 * done / (len(used) + 1), "Holding out some of your samples in turn")
        heads.append(
            adapt(model, own.subset(folds != fold), general, settings, should_stop=should_stop)
        )
    report(0.9, "Learning from all your samples")
    head = adapt(model, own, general, settings, should_stop=should_stop)

    general_before, general_after, share = _general(model, head, general, asked, settings.share)
    before, after = _held_out(model, own, folds, dict(zip(used, heads, strict=True)), asked, share)
    verdict: Verdict = "better"
    if not after.samples:
        verdict = "too few"
    elif general_before.accuracy - general_after.accuracy > LARGEST_FALL:
        verdict = "forgets"
    elif (after.right, -after.loss) <= (before.right, -before.loss):
        verdict = "not better"
    report(1.0, "Done")
    return Learned(
        verdict,
        _adapted(model, with_head(model, head, share), name, len(usable)),
        before,
        after,
        general_before,
        general_after,
        share,
        len(usable),
        left_out,
        time.perf_counter() - started,
    )


def keep_if_better(profile: Profile, base: Model, learned: Learned) -> Adaptation | None:
    """Let a profile read with what was learned, if that is better; else change nothing.

    Raises:
        HandwriteError: the files cannot be written.
    """
    if learned.verdict != "better":
        return None
    adaptation = Adaptation(
        number=0,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        base=base.card.name,
        samples=learned.samples,
        own_before=learned.own_before.accuracy,
        own_after=learned.own_after.accuracy,
        general_before=learned.general_before.accuracy,
        general_after=learned.general_after.accuracy,
        seconds=round(learned.seconds, 2),
    )
    return profile.keep(learned.model, adaptation)


def deal(targets: NDArray[np.int64], folds: int) -> NDArray[np.int64]:
    """The fold that each sample is held out in, ``(N,)``; −1 for one that never is.

    The samples of a character are dealt in turn, beginning where the last one ended; a character
    that was written once is always learned from.
    """
    fold_of = np.full(len(targets), -1, np.int64)
    following = 0
    for target in np.unique(targets):
        rows = np.flatnonzero(targets == target)
        if len(rows) > 1:
            fold_of[rows] = (following + np.arange(len(rows))) % folds
            following += len(rows)
    return fold_of


def _asked(classes: Sequence[str], targets: NDArray[np.int64]) -> list[int]:
    """Indices of the classes to choose from: the default alphabet, or more where it is written."""
    written = {classes[target] for target in targets.tolist()}
    for name in (DEFAULT_ALPHABET, "full"):
        allowed = set(ALPHABETS[name])
        if written <= allowed <= set(classes):
            return [index for index, label in enumerate(classes) if label in allowed]
    return [index for index, label in enumerate(classes) if label != NOT_A_CHARACTER]


def _general(
    model: Model, head: MLP, general: General, asked: list[int], share: float
) -> tuple[Measured, Measured, float]:
    """Before, after, and the largest share of which the general set allows."""
    known = np.isin(general.targets, asked)
    hidden, targets = general.measured[known], general.targets[known]
    old, new = model.network.logits_of_hidden(hidden), head.predict_logits(hidden)
    before = measure(old, targets, asked)
    after = before
    for part in _SHARES:
        after = measure(old + np.float32(part * share) * (new - old), targets, asked)
        if before.accuracy - after.accuracy <= LARGEST_FALL:
            return before, after, part * share
    return before, after, _SHARES[-1] * share


def _held_out(
    model: Model,
    own: OwnSamples,
    folds: NDArray[np.int64],
    heads: dict[int, MLP],
    asked: list[int],
    share: float,
) -> tuple[Measured, Measured]:
    hidden = own.hidden[:, 0]
    old = model.network.logits_of_hidden(hidden)
    after = old.copy()
    for fold, head in heads.items():
        rows = folds == fold
        after[rows] += np.float32(share) * (head.predict_logits(hidden[rows]) - old[rows])
    held = folds >= 0
    targets = own.targets[held]
    return measure(old[held], targets, asked), measure(after[held], targets, asked)


def measure(logits: FloatArray, targets: NDArray[np.int64], asked: list[int]) -> Measured:
    """How targets, all of them in ``asked``, are read where only those classes may be chosen."""
    if not len(targets):
        return Measured(0, 0, 0.0)
    among = np.searchsorted(asked, targets)
    chosen = logits[:, asked]
    right = int(np.count_nonzero(chosen.argmax(axis=1) == among))
    return Measured(len(targets), right, SoftmaxCrossEntropy().value(chosen, among))


def _adapted(model: Model, network: MLP, name: str, samples: int) -> Model:
    card = model.card
    whose = f"{name}'s hand" if name else "one hand"
    return replace(
        model,
        network=network,
        heads={},  # they have not learned the hand
        card=replace(
            card,
            name=f"{card.name}, adapted to {whose}",
            description=f"{card.name}, its last layer fine-tuned on {samples} samples of {whose}.",
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            data=(*card.data, f"{samples} samples of {whose}"),
            # What was measured on the model it came from is not true of it.
            figures={},
        ),
    )
