"""From what the shapes of a line say to what is meant: height, place, neighbours, language."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, chain, pairwise

from handwrite_gui.engine.page.case import settle_case
from handwrite_gui.engine.page.marks import Span, settle_marks
from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.engine.text.decoding import Decided, decode_line
from handwrite_gui.engine.text.language_model import LanguageModel


def infer(
    line: Sequence[Sequence[Prediction]],
    spans: Sequence[Span],
    lengths: Sequence[int],
    language: LanguageModel | None,
) -> list[Decided]:
    """Choose a label for every character of a line.

    Args:
        line: for each character from left to right its alternatives by shape alone, best first,
            never empty.
        spans: of their ink, in any unit.
        lengths: how many characters each word has; together, all of the line.
        language: the one that it is written in, None for any or none.

    Returns:
        For each character one of its alternatives.
    """
    settled = settle_marks(settle_case(line, [bottom - top for top, bottom in spans]), spans)
    words = [settled[begin:end] for begin, end in pairwise(accumulate(lengths, initial=0))]
    decided = chain.from_iterable(decode_line(words, language))
    return [_against_shape(own, shape) for own, shape in zip(decided, line, strict=True)]


def _against_shape(decided: Decided, shape: Sequence[Prediction]) -> Decided:
    """The same, with what height and place have changed marked as well."""
    if decided.label == shape[0].label:
        return decided._replace(changed_by=None)
    return decided._replace(changed_by=decided.changed_by or "context")
