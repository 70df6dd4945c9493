"""Plots in the colours of the theme, for figures that do not move while they are looked at."""

from __future__ import annotations

from collections.abc import Callable

import pyqtgraph as pg
from PySide6.QtWidgets import QVBoxLayout, QWidget

from handwrite_gui.theme import theme


class ThemedPlot(QWidget):
    """A plot without menus whose axes follow the theme.

    Args:
        bottom, left: what the axes say.
        colour: called now and whenever the theme changes, to colour what is plotted.

    Attributes:
        item: the plot, to add curves to.
    """

    def __init__(self, bottom: str, left: str, colour: Callable[[], None]) -> None:
        super().__init__()
        self._colour = colour
        self._view = pg.PlotWidget()
        self._view.setAccessibleName(f"{left} over {bottom}")
        self.item = self._view.getPlotItem()
        self.item.setMenuEnabled(False)
        self.item.hideButtons()
        self.item.setLabel("bottom", bottom)
        self.item.setLabel("left", left)
        for side in ("left", "bottom"):
            self.item.getAxis(side).enableAutoSIPrefix(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self.recolour()
        theme().changed.connect(self.recolour)

    def recolour(self) -> None:
        """Colour everything by the theme; also to be called after something was added."""
        tokens = theme().tokens
        self._view.setBackground(tokens.plot_background)
        for side in ("left", "bottom"):
            axis = self.item.getAxis(side)
            axis.setPen(tokens.border_strong)
            axis.setTextPen(tokens.text_muted)
        self.item.showGrid(x=True, y=True, alpha=0.15)
        self._colour()
