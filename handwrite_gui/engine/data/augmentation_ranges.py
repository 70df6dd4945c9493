"""How far augmentation goes; apart from it, which loads SciPy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class AugmentationRanges:
    """How far full strength goes; each value is drawn anew for each sample.

    Attributes:
        rotation: largest turn either way, in radians.
        shear: largest slant either way, horizontal shift for each unit of height.
        scale: largest relative change of size.
        aspect: largest relative change of the width against the height.
        translation: largest shift either way, in pixels of the 32.
        elastic: largest standard deviation of the displacement, in pixels.
        thicken, thin: largest weight of the dilated or eroded image, 0 to 1.
        blur: largest weight of the 3 × 3 blurred image, 0 to 1.
        noise: largest standard deviation of the grey noise, in 0 to 1.
    """

    rotation: float = 0.26
    shear: float = 0.35
    scale: float = 0.13
    aspect: float = 0.2
    translation: float = 2.0
    elastic: float = 1.3
    thicken: float = 1.0
    thin: float = 0.8
    blur: float = 0.8
    noise: float = 0.08

    def scaled(self, shares: Mapping[str, float]) -> AugmentationRanges:
        """Each range that is named times its share, 0 or more; the others as they are."""
        return replace(self, **{name: getattr(self, name) * s for name, s in shares.items()})
