"""Where an image lies in the view that shows it: zoom, pan and fit as pure functions.

Lengths in the view are Qt's device-independent pixels."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handwrite_gui.engine.page.result import Point
from handwrite_gui.page.hit_testing import Bounds

Size = tuple[float, float]

MAXIMUM_SCALE = 32.0
KEPT_IN_VIEW = 64.0
"""How much of the image stays in the view however far it is dragged."""


@dataclass(frozen=True, slots=True)
class Viewport:
    """An image of some size, drawn at a scale with its top left corner at a place of the view.

    Attributes:
        image: width and height of the image in its own pixels.
        view: width and height of the view.
        scale: view pixels per image pixel.
        x, y: where the image's top left corner lies in the view.
    """

    image: Size
    view: Size
    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0

    def to_view(self, point: Point) -> Point:
        """A point of the image, in the view."""
        return point[0] * self.scale + self.x, point[1] * self.scale + self.y

    def to_image(self, point: Point) -> Point:
        """A point of the view, in the image."""
        return (point[0] - self.x) / self.scale, (point[1] - self.y) / self.scale

    @property
    def visible(self) -> Bounds:
        """The part of the image that the view shows; degenerate if it shows none."""
        left, top = self.to_image((0.0, 0.0))
        right, bottom = self.to_image(self.view)
        width, height = self.image
        left, top = max(left, 0.0), max(top, 0.0)
        return Bounds(left, top, max(left, min(right, width)), max(top, min(bottom, height)))

    def fitted(self, margin: float = 24.0, largest: float = 4.0) -> Viewport:
        """All of the image, as large as the view allows, in the middle.

        Args:
            margin: space kept free around the image.
            largest: scale that a small image is not enlarged beyond.
        """
        return replace(self, scale=min(largest, self._filling_scale(margin))).centred()

    def centred(self) -> Viewport:
        """The same scale with the image's middle in the middle of the view."""
        x, y = (
            (view - image * self.scale) / 2
            for view, image in zip(self.view, self.image, strict=True)
        )
        return replace(self, x=x, y=y)

    def zoomed(self, factor: float, at: Point) -> Viewport:
        """Scaled by a factor; the point of the image under ``at`` stays there."""
        return self.scaled_to(self.scale * factor, at)

    def scaled_to(self, scale: float, at: Point) -> Viewport:
        """At the scale asked for, within the limits; the point under ``at`` stays there."""
        smallest = min(1.0, 0.5 * self._filling_scale(0.0))
        scale = min(max(scale, smallest), MAXIMUM_SCALE)
        image_x, image_y = self.to_image(at)
        return replace(
            self, scale=scale, x=at[0] - image_x * scale, y=at[1] - image_y * scale
        )._kept_in_view()

    def panned(self, dx: float, dy: float) -> Viewport:
        """Moved, but never so far that nothing of the image is left in the view."""
        return replace(self, x=self.x + dx, y=self.y + dy)._kept_in_view()

    def resized(self, view: Size) -> Viewport:
        """In a view of another size; what was in the middle stays in the middle."""
        dx, dy = ((new - old) / 2 for new, old in zip(view, self.view, strict=True))
        return replace(self, view=view, x=self.x + dx, y=self.y + dy)._kept_in_view()

    def revealing(self, bounds: Bounds, margin: float = 32.0) -> Viewport:
        """Moved by the least that brings a part of the image into the view."""
        left, top = self.to_view((bounds.left, bounds.top))
        right, bottom = self.to_view((bounds.right, bounds.bottom))
        return self.panned(
            _least_shift(left, right, self.view[0], margin),
            _least_shift(top, bottom, self.view[1], margin),
        )

    def _filling_scale(self, margin: float) -> float:
        return min(
            max(1.0, view - 2 * margin) / image
            for view, image in zip(self.view, self.image, strict=True)
        )

    def _kept_in_view(self) -> Viewport:
        x, y = (
            min(max(offset, min(KEPT_IN_VIEW, extent) - extent), view - min(KEPT_IN_VIEW, extent))
            for offset, view, extent in (
                (self.x, self.view[0], self.image[0] * self.scale),
                (self.y, self.view[1], self.image[1] * self.scale),
            )
        )
        return replace(self, x=x, y=y)


def _least_shift(low: float, high: float, view: float, margin: float) -> float:
    """How far to move the stretch from low to high so that 0 to view shows it with a margin."""
    margin = min(margin, max(0.0, (view - (high - low)) / 2))
    if low < margin:
        return margin - low
    if high > view - margin:
        # Where the stretch is longer than the view its beginning is what to show.
        return max(view - margin - high, margin - low)
    return 0.0
