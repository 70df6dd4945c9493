"""Train the network that looks again at the page reader's candidates, with what is around them.

    python scripts/train_context.py --data FOLDER [--writers M:R,R…] [--pages N] [--epochs N]
        [--fonts FILE] [--crowd N] [--go-on [--average SHARE]]

FOLDER holds recorded handwriting (``hands.py``), which is set out on pages, leaning, wide, thin and
broken ones among them, and with words that Handwrite makes up, some of them in script, so that
every character occurs.  ``--fonts`` are hands as well (``trace_fonts.py``).  ``--crowd`` pages more
are written by everybody at once, also by those of whose characters there are but pictures
(``crowd.py``).  The reader cuts these pages and judges its candidates at sight; those that it looks
at again are the samples, each with the letter that it is, as far as it is one.  Writes
resources/page/context.npz; with ``--go-on`` the network that is there learns on, and with
``--average`` its weights and the new ones are averaged in the end.  Never give it writers that
anything is measured on.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import setting_out
from composing import HELD_OUT, Arrays, add_arguments, compose, joined, some_hand, write_network
from crowd import Crowd
from hands import Hand, load_fonts, load_hands, made_up_hand
from learning import cross_entropy, learn
from make_page_samples import fits, ink_of
from numpy.typing import NDArray
from setting_out import Manner
from varying import varied

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from handwrite_gui.engine.model_file import load_model  # noqa: E402
from handwrite_gui.engine.page.context import (  # noqa: E402
    CHARACTERS,
    CONTEXT_FILE,
    CONTEXT_LAYERS,
    context_network,
)
from handwrite_gui.engine.page.cutting import cut_page  # noqa: E402
from handwrite_gui.engine.page.ink import find_ink  # noqa: E402
from handwrite_gui.engine.page.judging import evidence_by  # noqa: E402
from handwrite_gui.engine.page.scoring import fitted_weights, weigh  # noqa: E402
from handwrite_gui.engine.page.shortlist import shortlist  # noqa: E402
from handwrite_gui.engine.page.surroundings import measures, windows  # noqa: E402
from handwrite_gui.engine.page.verdict import Judge  # noqa: E402
from handwrite_gui.engine.page.window_network import WindowNetwork  # noqa: E402
from handwrite_gui.engine.recognizer import Recognizer, page_judge  # noqa: E402

KINDS = {"plain": 0.2, "touching": 0.6, "photo": 0.2}  # shares of pages
MADE_UP = 0.2  # of pages, whose words Handwrite makes up
FONTS = 0.25  # of pages in people's hands, the share of those in fonts, where there are some
BROKEN_PAGES, BROKEN = 0.2, 0.3  # share of pages with broken letters, and of their letters
LEAST_FIT, FULL_FIT = 0.6, 0.85  # of a letter, from which a candidate is a little like it, or it
NONE_PER_LETTER = 1.5
PAGES_AT_ONCE = 40
LEARNING_RATE = 0.002
SLOWER = 0.0006  # the same, for a network that goes on to learn
SMOOTHING = 0.05  # of labels
WRITERS = "15:2,3,4,7,8,12,13,14"  # all that may be learned from but a ninth, to fit weights on
NONE = len(CHARACTERS)


@dataclass(frozen=True, eq=False)
class Lesson:
    """Candidates with what they are.

    Attributes:
        seen: uint8 (N, 2, h, w), their windows.
        measured: float32 (N, M).
        label: int (N,), the character that each is most like.
        like: float32 (N,), how much it is that character, and not none.
        held_out: bool (N,), whether it is of a hand that is not trained on.
    """

    seen: NDArray[np.uint8]
    measured: NDArray[np.float32]
    label: NDArray[np.intp]
    like: NDArray[np.float32]
    held_out: NDArray[np.bool_]


def sample_page(hand: Hand, judge: Judge, rng: np.random.Generator) -> list[Arrays]:
    """What may be learned from a page, line by line: all of a lesson but ``held_out``."""
    kind = str(rng.choice(list(KINDS), p=list(KINDS.values())))
    broken = BROKEN if rng.random() < BROKEN_PAGES else 0.0
    manner = Manner(slant=0.35, stretch=(0.7, 1.5), thin=0.035, broken=broken)
    picture, owner, letters = setting_out.compose(hand, kind, rng, manner)
    labels = np.array([CHARACTERS.index(letter) for letter in letters])
    weights = fitted_weights()
    layout, lines = cut_page(find_ink(picture), judge, weights)
    found = []
    for line in lines:
        best, fit, total = fits(line, *ink_of(line, owner, len(letters)))
        lattice = line.lattice
        verdict = judge.judge([line.strip.cut(glyph) for glyph in lattice.glyphs])
        evidence = evidence_by(verdict, lattice)
        listed = np.zeros(len(fit), np.bool_)
        listed[shortlist(lattice, weigh(evidence, weights))] = True
        like = np.clip((fit - LEAST_FIT) / (FULL_FIT - LEAST_FIT), 0, 1)
        # What is a letter is learned even where it would not be looked at again.
        letter = (like > 0) & ~lattice.is_mark
        none = np.flatnonzero((like == 0) & listed & (total > 0))
        wanted = round(NONE_PER_LETTER * max(int(letter.sum()), 1))
        if len(none) > wanted:
            none = rng.choice(none, wanted, replace=False)
        chosen = np.concatenate([np.flatnonzero(letter), none])
        if chosen.size:
            found.append(
                {
                    "seen": windows(line.strip, lattice, layout.usual, chosen.tolist()),
                    "measured": measures(lattice, evidence, layout.usual, chosen.tolist()),
                    "label": labels[best[chosen]],
                    "like": like[chosen].astype(np.float32),
                }
            )
    return found


def compose_pages(
    hands: Sequence[Hand],
    fonts: Sequence[Hand],
    crowd: Crowd | None,
    pages: int,
    judge: Judge,
    seed: int,
    start: int,
) -> Arrays:
    """What is learned from the pages of some numbers; page by page the same, whatever else is
    asked for.

    Args:
        hands: that write a page each.
        fonts: that write some of them; may be none.
        crowd: that writes the pages beyond those of hands.
        pages: how many are those of hands; all of them without a crowd.
        judge: the reader's.
        seed: with the number of a page, all of its chances.
        start: the first number.
    """
    parts = []
    for number in range(start, start + PAGES_AT_ONCE):
        rng = np.random.default_rng((seed, number))
        if crowd is None or number < pages:
            known = fonts if fonts and rng.random() < FONTS else hands
            whose, held_out = some_hand(known, rng)
            made_up = rng.random() < MADE_UP
            hand = made_up_hand(CHARACTERS, rng) if made_up else known[whose]
            held_out = held_out and not made_up
        else:
            hand, held_out = crowd.hand(rng), False
        parts += [
            part | {"held_out": np.full(len(part["label"]), held_out)}
            for part in sample_page(hand, judge, rng)
        ]
    return joined(parts)


def train(
    lesson: Lesson,
    epochs: float,
    rng: np.random.Generator,
    start: WindowNetwork | None = None,
) -> WindowNetwork:
    """Learn from all candidates of hands that are not held out.

    Args:
        lesson: what is learned from.
        epochs: how often.
        rng: the only source of chance.
        start: what goes on to learn, more slowly; its normalisation is folded into its weights, and
            it needs none any more.
    """
    if start is None:
        network = WindowNetwork(CONTEXT_LAYERS, normalized=True, rng=rng)
    else:
        network = start.copy()
    rate = LEARNING_RATE if start is None else SLOWER
    judged, told = partial(_logits_and_targets, lesson), partial(_told, lesson)
    return learn(network, lesson, epochs, rate, judged, told, rng)


def mix(network: WindowNetwork, start: WindowNetwork, share: float) -> None:
    """Average the weights of a network with those that it began with (Wortsman et al. 2022, “Model
    soups”).

    Args:
        network: becomes the average.
        start: of the same layers, neither of them normalised.
        share: of its own weights.
    """
    for own, before in zip(network.parameters, start.parameters, strict=True):
        own.value *= share
        own.value += (1 - share) * before.value


def _logits_and_targets(
    lesson: Lesson, network: WindowNetwork, rows: NDArray[np.intp], rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What a network says of some candidates, varied, and what it should."""
    maps = network.features(varied(lesson.seen[rows], rng))
    logits = network.forward(maps, lesson.measured[rows], True, rng)
    return logits, _targets(lesson, rows, SMOOTHING)


def _told(lesson: Lesson, network: WindowNetwork) -> str:
    """How well a network does on the hands that are held out."""
    others = np.flatnonzero(lesson.held_out)
    told = network.probabilities(lesson.seen[others], lesson.measured[others])
    value = cross_entropy(told, _targets(lesson, others, 0.0))
    letters = lesson.like[others] == 1
    named = told[letters, :NONE].argmax(axis=1)
    right = (named == lesson.label[others[letters]]).mean()
    return f"of others {value:.4f}, letters right {right:.4f}"


def _targets(lesson: Lesson, rows: NDArray[np.intp], smoothing: float) -> NDArray[np.float32]:
    """Probabilities that the network should give: float32 (N, K)."""
    like = lesson.like[rows]
    targets = np.zeros((len(rows), NONE + 1), np.float32)
    targets[np.arange(len(rows)), lesson.label[rows]] = like
    targets[:, NONE] = 1 - like
    return (1 - smoothing) * targets + np.float32(smoothing / (NONE + 1))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    add_arguments(parser, writers=WRITERS, output=CONTEXT_FILE)
    parser.add_argument("--pages", type=int, default=1_360, help="to compose, of one hand each")
    parser.add_argument("--fonts", type=Path, metavar="FILE", help="handwriting fonts, traced")
    parser.add_argument("--crowd", type=int, default=0, help="more pages, of everybody")
    parser.add_argument("--epochs", type=float, default=3.3, help="may be a part of one")
    parser.add_argument("--go-on", action="store_true", help="from the network that ships")
    parser.add_argument(
        "--average", type=float, default=1.0, metavar="SHARE", help="of the new weights, 0 to 1"
    )
    arguments = parser.parse_args()
    if not 0 <= arguments.average <= 1:
        parser.error(f"--average is a share from 0 to 1, not {arguments.average:g}")
    if arguments.average < 1 and not arguments.go_on:
        parser.error("--average needs --go-on: there is nothing to average with")
    began = time.monotonic()
    judge = page_judge(Recognizer(load_model(arguments.model)))
    hands = load_hands(arguments.data, arguments.writers, judge)
    print(f"{len(hands)} hands, {sum(bool(hand.words) for hand in hands)} with words", flush=True)
    fonts = load_fonts(arguments.fonts, arguments.writers) if arguments.fonts else []
    crowd = None
    if arguments.crowd:  # it takes minutes to trace
        known = [hand for index, hand in enumerate(hands) if index % HELD_OUT]
        crowd = Crowd(known, arguments.data, judge)
        print(f"{crowd.count} characters of everybody", flush=True)
    composed = Lesson(
        **compose(
            partial(compose_pages, hands, fonts, crowd, arguments.pages, judge, arguments.seed),
            range(0, arguments.pages + arguments.crowd, PAGES_AT_ONCE),
            "pages",
            arguments,
        )
    )
    print(
        f"{len(composed.label)} candidates, {composed.held_out.sum()} held out, "
        f"{(composed.like > 0.5).mean():.3f} of all letters",
        flush=True,
    )
    start = context_network() if arguments.go_on else None
    network = train(composed, arguments.epochs, np.random.default_rng(arguments.seed), start)
    if start is not None:
        mix(network, start, arguments.average)
    write_network(arguments.output, network.parameters, began)
    return 0


if __name__ == "__main__":
    sys.exit(main())
