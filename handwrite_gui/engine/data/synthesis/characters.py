"""Synthetic characters: a labelled data set, or the strokes of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.data.dataset import Dataset
from handwrite_gui.engine.data.glyphs import CAP_HEIGHT, GLYPHS, Form
from handwrite_gui.engine.data.strokes import render_flat
from handwrite_gui.engine.data.synthesis.pen import write
from handwrite_gui.engine.data.synthesis.style import WritingStyle
from handwrite_gui.engine.errors import Cancelled, HandwriteError

FRAME = 64
"""Side of the images in pixels."""

_CAP_PIXELS = 42.0
_MARGIN = 2.0
_SAMPLES_OF_A_WRITER = 4


def synthesize(
    classes: Sequence[str],
    per_class: int,
    seed: int,
    *,
    script: float = 0.0,
    on_progress: Callable[[float, str], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Dataset:
    """Images of characters in the hands of many invented writers.

    A writer keeps to a style: slant, proportions, pen, usual forms, and writes the same few
    samples of every class.  The samples of a class do not depend on which others are asked for.

    Args:
        classes: characters of the ``full`` alphabet, each once.
        per_class: images of each, at least 1.
        seed: the same seed gives the same images.
        script: how often a capital is one of script, 0 to 1.
        on_progress: told the share done, 0 to 1, and a short text, after every class.
        should_stop: asked before every class.

    Returns:
        A data set named "synthetic": images uint8 ``(N, 64, 64)``, capitals about 42 pixels high
        and small letters and marks as much smaller as they are, centred by their box; class by
        class; ``groups`` are the writers.

    Raises:
        HandwriteError: a class has no stroke template.
        ValueError: ``per_class`` is below 1, or a class is given twice.
        Cancelled: ``should_stop`` became true.
    """
    if per_class < 1:
        raise ValueError(f"per_class must be at least 1, not {per_class}.")
    if len(set(classes)) != len(classes):
        raise ValueError("Each class must be given once.")
    for character in classes:
        _check_known(character)
    # A few writers even where there are few samples: else nobody is left to validate on.
    a_writer = max(1, min(_SAMPLES_OF_A_WRITER, per_class // 2))
    writers = np.arange(per_class) // a_writer
    styles = [
        WritingStyle.random(np.random.default_rng([seed, 0, writer]), script)
        for writer in range(int(writers[-1]) + 1)
    ]
    images = np.empty((len(classes), per_class, FRAME, FRAME), np.uint8)
    for done, character in enumerate(classes):
        if should_stop is not None and should_stop():
            raise Cancelled
        rng = np.random.default_rng([seed, 1, ord(character)])
        images[done] = _images(character, [styles[writer] for writer in writers.tolist()], rng)
        if on_progress is not None:
            on_progress((done + 1) / len(classes), f"Writing {character}")
    return Dataset(
        images=images.reshape(-1, FRAME, FRAME),
        labels=np.repeat(np.array(list(classes), "<U1"), per_class),
        name="synthetic",
        groups=np.tile(writers, len(classes)),
    )


def synthesize_strokes(
    character: str, rng: np.random.Generator, style: WritingStyle | None = None
) -> list[NDArray[np.float64]]:
    """The strokes of one character.

    Args:
        character: one of the ``full`` alphabet.
        rng: where chance comes from.
        style: who writes; None: somebody new.

    Returns:
        Arrays ``(n, 2)`` of x, y in glyph units, y down: a capital reaches from about y = 0 to the
        baseline at y = 100.

    Raises:
        HandwriteError: the character has no stroke template.
    """
    _check_known(character)
    style = WritingStyle.random(rng) if style is None else style
    points, stroke_len = write(character, style.choose_form(character, rng), [style], rng)
    return np.split(points[0], np.cumsum(stroke_len)[:-1])


def _check_known(character: str) -> None:
    if character not in GLYPHS:
        raise HandwriteError(
            f"There is no stroke template for “{character}”; characters can be made up for "
            f"{''.join(GLYPHS)}."
        )


def _images(
    character: str, styles: Sequence[WritingStyle], rng: np.random.Generator
) -> NDArray[np.uint8]:
    by_form: dict[Form, list[int]] = {}
    for index, style in enumerate(styles):
        by_form.setdefault(style.choose_form(character, rng), []).append(index)
    images = np.empty((len(styles), FRAME, FRAME), np.uint8)
    for form, indices in by_form.items():
        chosen = [styles[index] for index in indices]
        points, stroke_len = write(character, form, chosen, rng)
        pens = np.array([style.pen for style in chosen])
        low, high = points.min(axis=1), points.max(axis=1)
        # What would not fit at the common scale, a wide W, is drawn smaller.
        room = (FRAME - 2 * _MARGIN) / ((high - low).max(axis=1) + pens)
        scale = np.minimum(_CAP_PIXELS / CAP_HEIGHT, room)
        points = (points - ((low + high) / 2)[:, np.newaxis]) * scale[:, np.newaxis, np.newaxis]
        images[indices] = render_flat(
            points.reshape(-1, 2) + FRAME / 2,
            np.tile(stroke_len, len(chosen)),
            np.full(len(chosen), len(stroke_len)),
            pen_widths=pens * scale,
            size=(FRAME, FRAME),
        )
    return images
