"""The one door to recognition: characters, drawings and pages, with one model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.alphabets import NOT_A_CHARACTER, class_indices
from handwrite_gui.engine.data.normalizer import INPUT_SIZE, normalize
from handwrite_gui.engine.data.strokes import Strokes
from handwrite_gui.engine.drawing.reader import DrawingMemory, Seen, read_drawing, shown
from handwrite_gui.engine.drawing.result import DrawingResult, Said
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.model_file import Model
from handwrite_gui.engine.network.arrays import FloatArray
from handwrite_gui.engine.network.losses import softmax
from handwrite_gui.engine.page.result import PageResult
from handwrite_gui.engine.page.verdict import Judge, Verdict
from handwrite_gui.engine.prediction import Prediction, ranked_rows
from handwrite_gui.engine.strays import without_strays
from handwrite_gui.engine.text.fields import Field, field_indices
from handwrite_gui.engine.text.language_model import load_language

if TYPE_CHECKING:
    from handwrite_gui.engine.page.inspection import PageSteps

_MARKS = ".,-'"
_ALTERNATIVES = 5
_OF_PARTS = "ij!?"  # what would be another character without its dot
_BETTER_WITHOUT = 0.2  # how much surer a crop has to be without something to be read without it
_AMONG_CAPITALS = 0.05  # share of letters that people write small where only capitals are asked for


class Recognizer:
    """Recognises with one model and one alphabet; may be used from several threads at once.

    Args:
        model: as loaded or trained; its inputs must be 32 × 32.
        alphabet: a name in ``ALPHABETS``, None for the default of this model.

    Raises:
        HandwriteError: the alphabet is unknown or shares no character with the model, or the
            model's inputs are of another size.
    """

    def __init__(self, model: Model, alphabet: str | None = None) -> None:
        if model.input_shape != (INPUT_SIZE, INPUT_SIZE):
            height, width = model.input_shape
            raise HandwriteError(
                f"This model reads images of {width} × {height} pixels, Handwrite gives "
                f"{INPUT_SIZE} × {INPUT_SIZE}; choose a model that was trained with Handwrite."
            )
        self.model = model
        self.alphabet = alphabet
        self.classes = tuple(model.classes[i] for i in class_indices(model.classes, alphabet))
        self.temperature = model.temperature(self.classes)
        self._dotted = [i for i, name in enumerate(self.classes) if name in _OF_PARTS]
        self._refusal = (
            model.classes.index(NOT_A_CHARACTER) if NOT_A_CHARACTER in model.classes else None
        )

    def probabilities(
        self, images: NDArray[np.uint8] | Sequence[NDArray[np.uint8]]
    ) -> NDArray[np.float32]:
        """Probabilities (N, K) of the classes in :attr:`classes`, rows sum to one.

        Args:
            images: ink images, ink bright on 0, (N, H, W) or N arrays (H_i, W_i).
        """
        return self._probabilities(normalize(images))

    def _probabilities(self, normalized: NDArray[np.uint8]) -> NDArray[np.float32]:
        logits = self.crop_logits(normalized)[1]
        logits /= self.temperature
        return np.asarray(softmax(logits, out=logits), np.float32)

    def logits(self, normalized: NDArray[np.uint8]) -> tuple[FloatArray, FloatArray]:
        """Of all the model's classes, (N, K), and of those in :attr:`classes`, which decide.

        Args:
            normalized: as the normaliser leaves them, (N, 32, 32) or (N, 1024).
        """
        inputs = normalized.reshape(len(normalized), INPUT_SIZE * INPUT_SIZE)
        return self.model.logits(inputs, self.classes)

    def crop_logits(self, normalized: NDArray[np.uint8]) -> tuple[FloatArray, FloatArray]:
        """As :meth:`logits`, of characters on crops that may show more than them.

        Where the network is clearly surer of a crop without a line, a speck or the end of a
        neighbour, the second array is of that; the first always is of all there is.  A network
        that has not learned what is no character cannot tell, and reads crops as they are.
        """
        logits, allowed = self.logits(normalized)
        if self._refusal is None:
            return logits, allowed
        goodness = self._goodness(logits, allowed)
        dotted = np.isin(allowed.argmax(axis=1), self._dotted)
        unsure = np.flatnonzero((goodness < 1 - _BETTER_WITHOUT) & ~dotted)
        images = normalized.reshape(-1, INPUT_SIZE, INPUT_SIZE)[unsure]
        of_which, rests = without_strays(images)
        if of_which.size:
            crops = unsure[of_which]
            rest_logits, rest_allowed = self.logits(rests)
            better = self._goodness(rest_logits, rest_allowed)
            # The best of a crop comes last, and the last that is assigned stays.
            order = np.argsort(better, kind="stable")
            order = order[better[order] > goodness[crops[order]] + _BETTER_WITHOUT]
            allowed[crops[order]] = rest_allowed[order]
        return logits, allowed

    def _goodness(self, logits: FloatArray, allowed: FloatArray) -> FloatArray:
        """How probably each is a character, (N,), and one that is known for sure."""
        goodness: FloatArray = softmax(allowed).max(axis=1)
        goodness *= 1 - softmax(logits)[:, self._refusal]
        return goodness

    def classify(
        self,
        images: NDArray[np.uint8] | Sequence[NDArray[np.uint8]],
        alternatives: int = _ALTERNATIVES,
    ) -> list[tuple[Prediction, ...]]:
        """Recognise single characters.

        Args:
            images: as for :meth:`probabilities`.
            alternatives: how many guesses to give for each.

        Returns:
            For each image its guesses, best first; () for an image without ink.
        """
        normalized = normalize(images)
        guesses = ranked_rows(self._probabilities(normalized), self.classes, alternatives)
        inked = np.asarray(normalized.any(axis=(1, 2))).tolist()
        return [own if ink else () for own, ink in zip(guesses, inked, strict=True)]

    def read_strokes(
        self,
        strokes: Strokes,
        *,
        language: str | None = "en",
        said: Said | None = None,
        memory: DrawingMemory | None = None,
    ) -> DrawingResult:
        """Read what is drawn with a pen: characters, words, lines.

        Args:
            strokes: float (n, 2) arrays of x, y with y down, in the order they were drawn, in
                any unit; empty ones are passed over.
            language: a code in ``LANGUAGES``, to decide between characters of one shape where
                several make a word; None reads letter by letter.
            said: characters that a person gave, by the indices of their strokes, ascending.
            memory: kept between readings of one drawing, for only what is new to be looked at.

        Returns:
            The lines from top to bottom; none for an empty drawing.

        Raises:
            HandwriteError: there is no such language.
        """
        memory = DrawingMemory() if memory is None else memory
        memory.belong_to((self, language))
        return read_drawing(
            strokes,
            self._see,
            refuses=self._refusal is not None,
            language=None if language is None else load_language(language),
            said=said,
            memory=memory,
        )

    def _see(self, normalized: NDArray[np.uint8]) -> list[Seen]:
        """What the network says of normalised images (N, 32, 32)."""
        logits, allowed = self.logits(normalized)
        guesses = ranked_rows(softmax(allowed / self.temperature), self.classes, _ALTERNATIVES)
        if self._refusal is None:
            return [Seen(own, None) for own in guesses]
        goodness = self._goodness(logits, allowed).tolist()
        return [Seen(own, good) for own, good in zip(guesses, goodness, strict=True)]

    def read_page(
        self,
        image: NDArray[np.uint8],
        *,
        language: str | None = "en",
        field: Field = "any",
        on_progress: Callable[[float, str], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
        on_steps: Callable[[PageSteps], None] | None = None,
    ) -> PageResult:
        """Read the handwriting on the picture of a page.

        Args:
            image: uint8 (H, W) grey or (H, W, 3 or 4) red, green, blue (alpha).
            language: a code in ``LANGUAGES``, to decide between characters of one shape by its
                words; None reads letter by letter.  Names, numbers, codes and clear shapes
                stay as they are written in any case.
            field: ``"digits"`` or ``"letters"`` where nothing else is written; marks are read
                in both.
            on_progress: told the share done, 0 to 1, and what is being done.
            should_stop: asked between the steps.
            on_steps: given what was seen on the way, once, before the characters are read.

        Raises:
            Cancelled: ``should_stop`` said so.
            HandwriteError: there is no such language or field, or the alphabet has no character
                of the field.
            ValueError: the array has another shape or dtype.
        """
        judge = _PageJudge(self, field)
        model = None if language is None else load_language(language)
        # Imported here: it needs scikit-image, which single characters do without.
        from handwrite_gui.engine.page.reader import read_page

        return read_page(
            image,
            judge,
            language=model,
            on_progress=on_progress,
            should_stop=should_stop,
            on_steps=on_steps,
        )


def drawn_input(strokes: Strokes) -> NDArray[np.uint8]:
    """What a network is shown of strokes that are one character: uint8 (32, 32)."""
    image: NDArray[np.uint8] = shown(strokes, [tuple(range(len(strokes)))])[0]
    return image


def page_judge(recognizer: Recognizer) -> Judge:
    """What the page reader asks, answered by a recogniser: for tools that look into the reader."""
    return _PageJudge(recognizer)


class _PageJudge:
    """A recogniser as the page reader asks it: letters and marks apart, and what is neither."""

    def __init__(self, recognizer: Recognizer, field: Field = "any") -> None:
        self._recognizer = recognizer
        classes = recognizer.classes
        self._marks = [i for i, name in enumerate(classes) if name in _MARKS]
        # A model of nothing but marks reads them as its letters.
        letters = [i for i in range(len(classes)) if i not in self._marks] or self._marks
        self._letters = field_indices(classes, letters, field)
        self.letters = tuple(classes[index] for index in self._letters)
        self.marks = tuple(classes[index] for index in self._marks)
        self.refuses = recognizer._refusal is not None
        self._capitals, self._small = _capitals_and_small(self.letters, recognizer.model.classes)

    def judge(self, cuts: Sequence[NDArray[np.uint8]]) -> Verdict:
        recognizer = self._recognizer
        logits, allowed = recognizer.logits(normalize(cuts))
        character = np.ones(len(logits), np.float32)
        if recognizer._refusal is not None:
            character -= softmax(logits)[:, recognizer._refusal]
        letters = allowed[:, self._letters]
        # A clear a is an A where the alphabet has no small letters, and no Q.
        small = logits[:, self._small] + np.float32(np.log(_AMONG_CAPITALS))
        letters[:, self._capitals] = np.logaddexp(letters[:, self._capitals], small)
        letters = softmax(letters)
        marks = allowed[:, self._marks]
        return Verdict(character, letters, softmax(marks) if marks.size else marks)


def _capitals_and_small(
    letters: Sequence[str], classes: Sequence[str]
) -> tuple[list[int], list[int]]:
    """Places of capitals among some letters, and of their small letters among all classes, where
    the letters have the one without the other."""
    pairs = [
        (place, classes.index(letter.lower()))
        for place, letter in enumerate(letters)
        if letter.lower() != letter and letter.lower() in classes and letter.lower() not in letters
    ]
    return [capital for capital, _ in pairs], [small for _, small in pairs]
