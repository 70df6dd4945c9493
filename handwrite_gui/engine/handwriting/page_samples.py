"""What a person corrected or confirmed on a page, as samples of their hand."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.handwriting.samples import NewSample, Origin, SampleStore
from handwrite_gui.engine.page_document.box_reading import ink_of_box
from handwrite_gui.engine.page_document.writing import UNKNOWN, Writing

_FAINTEST_INK = 24  # of 255: a box whose darkest ink stays below holds nothing to learn from


def keep_page_samples(
    store: SampleStore, pixels: NDArray[np.uint8], writing: Writing, source: str
) -> int:
    """Let the samples that come from a page be what the person says of it now.

    A correction that was taken back, or another in its place, takes its sample with it.  Boxes that
    hold several letters, or no ink of their own, are no samples.

    Args:
        store: of the person's hand.
        pixels: the picture of the page as it was opened, uint8 (H, W) or (H, W, 3 or 4).
        writing: what stands on it.
        source: what the page is called.

    Returns:
        How many samples come from the page now.

    Raises:
        HandwriteError: the samples cannot be read or written.
    """
    page = f"page {hashlib.blake2b(np.ascontiguousarray(pixels).data, digest_size=12).hexdigest()} "
    samples: list[NewSample] = []
    for character in writing.characters:
        label = character.corrected
        if label is None or len(label) != 1 or label == UNKNOWN or not label.strip():
            continue
        if character.read.is_hidden:
            continue
        ink = ink_of_box(pixels, character.quad)
        if ink.max() < _FAINTEST_INK:
            continue
        origin: Origin = "confirmed" if label == character.read.label else "corrected"
        corners = np.rint(np.asarray(character.quad, float)).astype(int).ravel().tolist()
        place = page + ",".join(map(str, corners))
        samples.append(NewSample(ink, label, origin, source, place))
    store.replace_places(page, samples)
    return len(samples)
