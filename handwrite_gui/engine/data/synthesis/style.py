"""What makes the handwriting of one person recognisable as theirs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.data.glyphs import GLYPHS, SCRIPT, X_LINE, Form

_FAITHFULNESS = 0.88
"""How often a person uses the form of a character that they usually use."""


@dataclass(frozen=True, slots=True)
class WritingStyle:
    """The habits of one writer; lengths in glyph units, 100 to the height of a capital.

    Attributes:
        seed: what the writer's choice of forms and their own shapes of them follow from.
        slant: degrees the stems lean, to the right above 0.
        tilt: degrees the letters are turned, counter-clockwise above 0.
        aspect: width of the letters against that of the templates.
        x_line: where small letters end, y down from the cap line.
        pen: width of the line.
        habit: spread of the knots of the writer's own shapes about the templates.
        unsteadiness: spread of the knots from one time to the next.
        roundness: how far corners are rounded, 0 to 1.
        tremor: spread of the shaking of the hand.
        looseness: spread of where strokes start, end and stand against each other.
        letter_gap, word_gap: blank between the ink of neighbours.
        script: how often a capital is one of script, 0 to 1.
    """

    seed: int
    slant: float
    tilt: float
    aspect: float
    x_line: float
    pen: float
    habit: float
    unsteadiness: float
    roundness: float
    tremor: float
    looseness: float
    letter_gap: float
    word_gap: float
    script: float = 0.0

    @classmethod
    def random(cls, rng: np.random.Generator, script: float = 0.0) -> WritingStyle:
        """Somebody new, who prints but for a share of the capitals."""
        letter_gap = float(np.clip(rng.normal(26, 8), 14, 46))
        return cls(
            seed=int(rng.integers(1 << 62)),
            slant=float(np.clip(rng.normal(4, 9), -16, 30)),
            tilt=float(rng.normal(0, 1.5)),
            aspect=float(np.clip(np.exp(rng.normal(0, 0.17)), 0.68, 1.45)),
            x_line=float(np.clip(rng.normal(X_LINE, 5), 28, 52)),
            pen=float(np.clip(8 * np.exp(rng.normal(0, 0.35)), 4, 16)),
            habit=float(rng.uniform(2, 4.5)),
            unsteadiness=float(rng.uniform(0.8, 2.8)),
            roundness=float(rng.uniform(0, 1)),
            tremor=float(np.abs(rng.normal(0, 0.5))),
            looseness=float(rng.uniform(1, 4.5)),
            letter_gap=letter_gap,
            # Who spaces the letters widely spaces the words more widely still.
            word_gap=letter_gap + float(rng.uniform(50, 85)),
            script=script,
        )

    def choose_form(self, character: str, rng: np.random.Generator) -> Form:
        """The form the writer uses this time: mostly the usual one."""
        forms = GLYPHS[character]
        if self.script and character in SCRIPT and rng.random() < self.script:
            forms = SCRIPT[character]
        weights = np.array([form.weight for form in forms])
        usual = self._generator(character).choice(len(forms), p=weights / weights.sum())
        other = rng.choice(len(forms), p=weights / weights.sum())
        return forms[usual if rng.random() < _FAITHFULNESS else other]

    def own_shape(self, character: str, form: Form, knots: int) -> NDArray[np.float64]:
        """How far the writer's own shape of a form has its knots from the template's.

        Returns:
            float64 ``(knots, 2)``, standard normal; to be scaled by :attr:`habit`.
        """
        index = (*GLYPHS[character], *SCRIPT.get(character, ())).index(form)
        return self._generator(character, index + 1).standard_normal((knots, 2))

    def waves(self) -> NDArray[np.float64]:
        """The bend that all letters of the writer share, see :func:`random_waves`."""
        return np.asarray(random_waves(self._generator(""), 1)[0])

    def _generator(self, character: str, index: int = 0) -> np.random.Generator:
        return np.random.default_rng([self.seed, ord(character) if character else 0, index])


WAVES = 2
"""Waves in one bend."""


def random_waves(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    """Smooth bends of the plane, each a sum of few long sine waves.

    Returns:
        float64 ``(count, WAVES, 5)``: wave vector x, y in radians a glyph unit, phase, and the
        direction x, y of the displacement, standard normal.
    """
    waves = np.empty((count, WAVES, 5))
    length = rng.uniform(130, 300, (count, WAVES))
    heading = rng.uniform(0, 2 * np.pi, (count, WAVES))
    waves[..., 0] = 2 * np.pi / length * np.cos(heading)
    waves[..., 1] = 2 * np.pi / length * np.sin(heading)
    waves[..., 2] = rng.uniform(0, 2 * np.pi, (count, WAVES))
    waves[..., 3:] = rng.standard_normal((count, WAVES, 2))
    return waves
