"""Reading a drawing: lines, characters, words, and what is meant.

A drawing that is read while it is drawn changes by a stroke at a time.  A :class:`DrawingMemory`
keeps what the network said of each group of strokes and how each line was read, so that only what
the pen has touched since is looked at again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.data.normalizer import normalize
from handwrite_gui.engine.data.strokes import Bounds, Strokes, render_fitted, stroke_bounds
from handwrite_gui.engine.drawing.grouping import group_strokes
from handwrite_gui.engine.drawing.lines import group_boxes
from handwrite_gui.engine.drawing.parting import part_drawing
from handwrite_gui.engine.drawing.result import (
    DrawingResult,
    DrawnCharacter,
    DrawnLine,
    Group,
    Said,
)
from handwrite_gui.engine.drawing.words import word_lengths
from handwrite_gui.engine.page.inference import infer
from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.engine.text.language_model import LanguageModel

_DRAWN_SIDE = 64  # pixels: twice the network's input, so that its own filter does the smoothing
_DRAWN_PEN = 0.08  # of the longer side: the middle of what the network learned from
_LOOKS, _LINES, _BOXES = 4096, 256, 4096  # of the last that are remembered: a few megabytes


class Seen(NamedTuple):
    """What a network says of one image.

    Attributes:
        predictions: best first, never empty.
        goodness: how good a character it is, 0 to 1; None from a network that cannot refuse.
    """

    predictions: tuple[Prediction, ...]
    goodness: float | None


Look = Callable[[NDArray[np.uint8]], Sequence[Seen]]
"""A network: images uint8 (N, 32, 32) to what it says of each."""


class _Look(NamedTuple):
    image: NDArray[np.uint8]
    seen: Seen
    box: Bounds


class DrawingMemory:
    """What was seen of a drawing the last times it was read; used by one thread at a time."""

    def __init__(self) -> None:
        self._whose: object = None
        self.looks: OrderedDict[tuple[bytes, ...], _Look] = OrderedDict()
        self.lines: OrderedDict[object, DrawnLine] = OrderedDict()
        self.boxes: OrderedDict[bytes, Bounds] = OrderedDict()

    def belong_to(self, whose: tuple[object, ...]) -> None:
        """Forget everything where it is another's: another network's, another language's."""
        if self._whose != whose:
            self._whose = whose
            for kept in (self.looks, self.lines, self.boxes):
                kept.clear()

    def forget_the_oldest(self) -> None:
        """Keep what was used last."""
        kinds: tuple[tuple[OrderedDict[Any, Any], int], ...] = (
            (self.looks, _LOOKS), (self.lines, _LINES), (self.boxes, _BOXES),
        )  # fmt: skip
        for kept, most in kinds:
            while len(kept) > most:
                kept.popitem(last=False)


def read_drawing(
    strokes: Strokes,
    look: Look,
    *,
    refuses: bool,
    language: LanguageModel | None = None,
    said: Said | None = None,
    memory: DrawingMemory | None = None,
) -> DrawingResult:
    """Read all that is drawn.

    Args:
        strokes: float (n, 2) arrays of x, y, y down, in the order they were drawn, in any unit;
            empty ones are passed over.
        look: the network.
        refuses: whether it can say that something is no character; geometry parts the strokes
            where it cannot.
        language: tells words; None reads letter by letter.
        said: what the person said that groups of strokes are; it stands, whatever is seen.
        memory: of this drawing's last readings with the same network and language.

    Raises:
        ValueError: a point is not finite.
    """
    memory = DrawingMemory() if memory is None else memory
    reader = _Reader(strokes, look, refuses, language, said or {}, memory)
    result = DrawingResult(tuple(reader.line(members) for members in reader.lines()))
    memory.forget_the_oldest()
    return result


def shown(strokes: Strokes, groups: Sequence[Group]) -> NDArray[np.uint8]:
    """What the network is shown of each group of strokes: uint8 (N, 32, 32)."""
    return normalize(
        [
            render_fitted(
                [strokes[index] for index in group],
                longer_side=_DRAWN_SIDE,
                pen_width=_DRAWN_PEN * _DRAWN_SIDE,
            )
            for group in groups
        ]
    )


class _Reader:
    """One reading of one drawing."""

    def __init__(
        self,
        strokes: Strokes,
        look: Look,
        refuses: bool,
        language: LanguageModel | None,
        said: Said,
        memory: DrawingMemory,
    ) -> None:
        self._strokes = strokes
        self._look = look
        self._refuses = refuses
        self._language = language
        self._said = said
        self._memory = memory
        self._marks = [_fingerprint(stroke) for stroke in strokes]
        self._boxes = [
            self._box(index) if len(strokes[index]) else None for index in range(len(strokes))
        ]

    def lines(self) -> list[Group]:
        """The strokes of each line; what the person said is one character is on one line."""
        lines = [set(members) for members in group_boxes(self._boxes)]
        for group in self._said:
            home = next((line for line in lines if line & set(group)), None)
            for line in lines:
                if home is not None and line is not home:
                    line -= set(group)
            if home is not None:
                home |= set(group)
        return [tuple(sorted(members)) for members in lines if members]

    def line(self, members: Group) -> DrawnLine:
        """Read a line, or remember how it was read."""
        said = {group: label for group, label in self._said.items() if set(group) <= set(members)}
        places = {member: place for place, member in enumerate(members)}
        key = (
            tuple(self._marks[member] for member in members),
            tuple(
                sorted((tuple(places[m] for m in group), label) for group, label in said.items())
            ),
        )
        known = self._memory.lines.pop(key, None)
        if known is None:
            known = self._read_line(members, places, said)
        self._memory.lines[key] = known
        return _with_strokes(known, members)

    def _read_line(self, members: Group, places: dict[int, int], said: Said) -> DrawnLine:
        """Read a line; its strokes are counted from its own first."""
        groups = self._part(members, said)
        looks = self._looks(groups)
        guesses = [
            (Prediction(said[group], 1.0),) if group in said else own.seen.predictions
            for group, own in zip(groups, looks, strict=True)
        ]
        boxes = [own.box for own in looks]
        lengths = word_lengths(boxes, guesses, self._language)
        decided = infer(
            guesses, [(top, bottom) for _, top, _, bottom in boxes], lengths, self._language
        )
        characters = [
            DrawnCharacter(
                said.get(group, label),
                own.seen.predictions,
                own.box,
                tuple(places[member] for member in group),
                own.image,
                group in said,
            )
            for group, own, (label, _, _) in zip(groups, looks, decided, strict=True)
        ]
        words = []
        for length in lengths:
            words.append(tuple(characters[:length]))
            characters = characters[length:]
        return DrawnLine(tuple(words))

    def _part(self, members: Group, said: Said) -> list[Group]:
        """The characters of a line from left to right."""
        fixed = sorted((self._middle(group), group) for group in said)
        free = [m for m in members if not any(m in group for group in said)]
        parted: list[Group] = []
        for middle, group in [*fixed, (np.inf, ())]:
            # No character reaches across one that the person has told apart.
            before = [m for m in free if self._middle((m,)) <= middle]
            free = [m for m in free if self._middle((m,)) > middle]
            parted += self._part_free(before)
            if group:
                parted.append(group)
        return parted

    def _part_free(self, members: list[int]) -> list[Group]:
        own = [self._strokes[member] for member in members]
        if not self._refuses:
            groups = group_strokes(own)
        else:

            def judge(tried: list[Group]) -> NDArray[np.float64]:
                looks = self._looks([tuple(members[i] for i in group) for group in tried])
                return np.array([look.seen.goodness for look in looks], np.float64)

            groups = part_drawing(own, judge)
        return [tuple(members[index] for index in group) for group in groups]

    def _looks(self, groups: Sequence[Group]) -> list[_Look]:
        """What the network says of groups, asked only for those that are new."""
        looks = self._memory.looks
        keys = [tuple(self._marks[index] for index in group) for group in groups]
        new = [index for index, key in enumerate(keys) if key not in looks]
        if new:
            images = shown(self._strokes, [groups[index] for index in new])
            for index, image, seen in zip(new, images, self._look(images), strict=True):
                box = stroke_bounds([self._strokes[stroke] for stroke in groups[index]])
                looks[keys[index]] = _Look(image, seen, box)
        for key in keys:
            looks.move_to_end(key)
        return [looks[key] for key in keys]

    def _box(self, index: int) -> Bounds:
        boxes, mark = self._memory.boxes, self._marks[index]
        if mark not in boxes:
            boxes[mark] = stroke_bounds([self._strokes[index]])
        boxes.move_to_end(mark)
        return boxes[mark]

    def _middle(self, group: Group) -> float:
        boxes = [box for index in group if (box := self._boxes[index]) is not None]
        if not boxes:
            raise ValueError("There are no points to bound.")
        left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
        return (left + right) / 2


def _fingerprint(stroke: NDArray[np.floating[Any]]) -> bytes:
    points = np.ascontiguousarray(stroke, np.float64)
    return blake2b(points.data, digest_size=12).digest() if len(points) else b""


def _with_strokes(line: DrawnLine, members: Group) -> DrawnLine:
    """The line with its strokes counted as in the drawing."""
    return DrawnLine(
        tuple(
            tuple(replace(c, strokes=tuple(members[place] for place in c.strokes)) for c in word)
            for word in line.words
        )
    )
