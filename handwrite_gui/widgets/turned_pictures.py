"""Thumbnails as they are shown: turned, and in the size and sharpness of the screen."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QTransform

_MOST = 2000


class TurnedPictures:
    """Makes them once and keeps them.

    Args:
        size: that they fit into, in the units of widgets.
    """

    def __init__(self, size: QSize) -> None:
        self._size = size
        self._made: dict[tuple[int, float], QImage] = {}

    def of(self, picture: QImage | None, degrees: float, ratio: float) -> QImage | None:
        """A picture turned clockwise.

        Args:
            ratio: device pixels a unit.

        Returns:
            None where there is no picture.
        """
        if picture is None or picture.isNull():
            return None
        key = (picture.cacheKey(), degrees)
        if key not in self._made or self._made[key].devicePixelRatio() != ratio:
            turned = picture.transformed(QTransform().rotate(degrees))
            fitted = turned.scaled(
                self._size * ratio,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            fitted.setDevicePixelRatio(ratio)
            if len(self._made) > _MOST:
                self._made.clear()
            self._made[key] = fitted
        return self._made[key]
