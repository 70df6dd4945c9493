"""The first layer's weights as tiles."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from handwrite_gui.theme import DARK, theme
from handwrite_gui.train.tile_grid import TILES_PER_PAGE
from handwrite_gui.train.view import TrainView
from handwrite_gui.train.weight_tiles import WeightTiles, weight_tiles
from handwrite_gui.train.weights_panel import WeightsPanel
from tests.gui.train.conftest import Show


def tiles(units: int, step: int, seed: int = 0) -> WeightTiles:
    weights = np.random.default_rng(seed).normal(size=(units, 32, 32)).astype(np.float32)
    return weight_tiles(weights, step)


@pytest.fixture
def panel(show: Show) -> WeightsPanel:
    panel = WeightsPanel()
    panel.resize(420, 520)
    show(panel)
    return panel


def test_tiles_are_disjoint_and_inside(panel: WeightsPanel) -> None:
    for units in (1, 7, 36, 64):
        panel.set_weights(tiles(units, 0), tiles(units, 5))
        rects = [panel.grid.tile_rect(unit) for unit in panel.grid.units]
        assert len(rects) == units
        assert all(panel.grid.rect().contains(rect) for rect in rects)
        assert not any(a.intersects(b) for i, a in enumerate(rects) for b in rects[:i])


def test_a_weight_of_zero_has_the_colour_of_the_ground(panel: WeightsPanel) -> None:
    weights = np.zeros((1, 32, 32), dtype=np.float32)
    weights[0, 0, :2] = 1.0, -1.0
    panel.set_weights(None, weight_tiles(weights, 3))
    for appearance in ("dark", "light"):
        theme().set_appearance(appearance)
        image = panel.grid.image
        assert image is not None
        ground = QColor(theme().tokens.plot_background)
        assert QColor(image.pixel(5, 5)) == ground
        up, down = QColor(image.pixel(0, 0)), QColor(image.pixel(1, 0))
        assert up.red() > up.blue()
        assert down.blue() > down.red()
    assert theme().tokens is not DARK


def test_many_units_are_turned_through_in_pages(qtbot: QtBot, panel: WeightsPanel) -> None:
    panel.set_weights(tiles(150, 0), tiles(150, 5))
    assert panel.grid.units == range(TILES_PER_PAGE)
    assert not panel.previous_page.isEnabled()
    qtbot.mouseClick(panel.next_page, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(panel.next_page, Qt.MouseButton.LeftButton)
    assert panel.grid.units == range(128, 150)
    assert not panel.next_page.isEnabled()
    panel.set_weights(tiles(150, 0), tiles(150, 9))
    assert panel.grid.units == range(128, 150)


def test_few_units_need_no_pages(panel: WeightsPanel) -> None:
    panel.set_weights(tiles(20, 0), tiles(20, 5))
    assert not panel.next_page.isVisible()


def test_the_weights_before_training_can_be_compared(qtbot: QtBot, panel: WeightsPanel) -> None:
    before, now = tiles(16, 0, seed=1), tiles(16, 40, seed=2)
    panel.set_weights(before, now)
    assert panel.grid.tiles is now
    assert panel.read_out.text() == "After 40 batches"
    qtbot.mouseClick(panel.before_button, Qt.MouseButton.LeftButton)
    assert panel.grid.tiles is before
    assert panel.read_out.text() == "Before the first batch"
    qtbot.mouseClick(panel.now_button, Qt.MouseButton.LeftButton)
    assert panel.grid.tiles is now


def test_pointing_at_a_tile_tells_its_unit_and_range(qtbot: QtBot, panel: WeightsPanel) -> None:
    now = tiles(16, 40)
    panel.set_weights(tiles(16, 0), now)
    qtbot.mouseMove(panel.grid, panel.grid.tile_rect(5).center())
    expected = f"Unit 6: weights from {now.lowest[5]:+.3f} to {now.highest[5]:+.3f}"
    qtbot.waitUntil(lambda: panel.read_out.text() == expected)
    qtbot.mouseMove(panel.grid, QPoint(panel.grid.width() - 1, panel.grid.height() - 1))


def test_the_keyboard_walks_through_the_tiles(qtbot: QtBot, panel: WeightsPanel) -> None:
    panel.set_weights(tiles(16, 0), tiles(16, 40))
    panel.grid.setFocus()
    for _ in range(3):
        qtbot.keyClick(panel.grid, Qt.Key.Key_Right)
    assert panel.read_out.text().startswith("Unit 3:")


def test_the_tiles_of_a_run_change_while_it_learns(qtbot: QtBot, running: TrainView) -> None:
    first = running.weights.grid.tiles
    assert first is not None
    assert first.count == 64
    qtbot.waitUntil(lambda: running.weights.grid.tiles is not first, timeout=3000)
    changed = running.weights.grid.tiles
    assert changed is not None
    assert (changed.shared != first.shared).any()
    running.weights.before_button.click()
    initial = running.weights.grid.tiles
    assert initial is not None
    assert initial.step == 0
