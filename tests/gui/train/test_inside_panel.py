"""Inside the network: weights before and after, what excites a unit, what the layers do."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.insight.activity import (
    GRADIENT_BINS,
    INPUT_BINS,
    INPUT_LIMIT,
    LayerActivity,
)
from handwrite_gui.engine.insight.recorder import Frame
from handwrite_gui.theme import DARK, theme
from handwrite_gui.train.activation_page import ActivationPage
from handwrite_gui.train.first_layer_page import FirstLayerPage
from handwrite_gui.train.layers_page import HealthPage, RibbonsPage
from handwrite_gui.train.session import RunState
from handwrite_gui.train.take_away import save_exhibit
from handwrite_gui.train.tile_grid import TILES_PER_PAGE
from handwrite_gui.train.view import TrainView
from tests.gui.train.conftest import Show


def activity(units: int, place: int = 20, *, is_output: bool = False) -> LayerActivity:
    inputs, gradients = np.zeros(INPUT_BINS, np.int64), np.zeros(GRADIENT_BINS, np.int64)
    inputs[place] = gradients[place] = 10 * units
    return LayerActivity(
        inputs=inputs,
        outputs=inputs[::-1],
        output_range=(0.0, 1.0),
        gradients=gradients,
        no_gradient=0.0,
        gradient_size=0.1,
        saturated=None if is_output else 0.25,
        dead=None if is_output else 3,
        units=units,
    )


def frame(step: int, units: int = 16, weights: np.ndarray | None = None) -> Frame:
    if weights is None:
        weights = np.random.default_rng(step).normal(size=(1024, units))
    layers = (activity(units, step % 40), activity(4, is_output=True))
    return Frame(step, step / 10, layers, weights.astype(np.float16), (1e-3, math.nan))


@pytest.fixture
def page(show: Show) -> FirstLayerPage:
    page = FirstLayerPage()
    page.resize(840, 420)
    show(page)
    return page


def show_frames(qtbot: QtBot, page: FirstLayerPage, *frames: Frame) -> None:
    with qtbot.waitSignal(page.shown):
        page.set_frames(frames, "pixels")


def test_tiles_are_disjoint_and_inside(qtbot: QtBot, page: FirstLayerPage) -> None:
    for units in (1, 7, 36, 64):
        show_frames(qtbot, page, frame(0, units), frame(5, units))
        for grid in (page.before, page.grid):
            rects = [grid.tile_rect(unit) for unit in grid.units]
            assert len(rects) == units
            assert all(grid.rect().contains(rect) for rect in rects)
            assert not any(a.intersects(b) for i, a in enumerate(rects) for b in rects[:i])
    page.shutdown()


def test_a_weight_of_zero_has_the_colour_of_the_ground(qtbot: QtBot, page: FirstLayerPage) -> None:
    weights = np.zeros((1024, 1), dtype=np.float32)
    weights[:2, 0] = 1.0, -1.0
    show_frames(qtbot, page, frame(3, 1, weights))
    for appearance in ("dark", "light"):
        theme().set_appearance(appearance)
        image = page.grid.image
        assert image is not None
        ground = QColor(theme().tokens.plot_background)
        assert QColor(image.pixel(5, 5)) == ground
        up, down = QColor(image.pixel(0, 0)), QColor(image.pixel(1, 0))
        assert up.red() > up.blue()
        assert down.blue() > down.red()
    assert theme().tokens is not DARK
    page.shutdown()


def test_many_units_are_turned_through_in_pages_on_both_sides(
    qtbot: QtBot, page: FirstLayerPage
) -> None:
    show_frames(qtbot, page, frame(0, 150), frame(5, 150))
    assert page.grid.units == range(TILES_PER_PAGE)
    assert not page.previous_page.isEnabled()
    page.next_page.click()
    page.next_page.click()
    assert page.grid.units == page.before.units == range(128, 150)
    assert not page.next_page.isEnabled()
    show_frames(qtbot, page, frame(0, 150), frame(9, 150))
    assert page.grid.units == page.before.units == range(128, 150)
    page.shutdown()


def test_before_and_after_stand_side_by_side_on_one_scale(
    qtbot: QtBot, page: FirstLayerPage
) -> None:
    show_frames(qtbot, page, frame(0), frame(40))
    before, after = page.before.tiles, page.grid.tiles
    assert before is not None
    assert after is not None
    assert (before.step, after.step) == (0, 40)
    assert before.scale == after.scale
    assert page.after_label.text() == "Now, after 4.00 epochs"
    page.shutdown()


def test_the_slider_goes_through_the_run(qtbot: QtBot, page: FirstLayerPage) -> None:
    show_frames(qtbot, page, frame(0), frame(20), frame(40))
    with qtbot.waitSignal(page.shown):
        page.slider.setValue(1)
    assert page.after_label.text() == "After 2.00 epochs"
    show_frames(qtbot, page, frame(0), frame(10), frame(20), frame(40), frame(60))
    assert page.after_label.text() == "After 2.00 epochs", "an earlier moment stays in view"
    with qtbot.waitSignal(page.shown):
        page.slider.setValue(page.slider.maximum())
    show_frames(qtbot, page, frame(0), frame(40), frame(80))
    assert page.after_label.text() == "Now, after 8.00 epochs", "the present is followed"
    page.shutdown()


def test_each_tile_on_its_own_scale(qtbot: QtBot, page: FirstLayerPage) -> None:
    show_frames(qtbot, page, frame(0), frame(40))
    assert page.grid.tiles is not None
    shared = page.grid.image
    with qtbot.waitSignal(page.shown):
        page.own_scales.setChecked(True)
    assert page.grid.tiles.individual is not None
    assert page.grid.image != shared
    with qtbot.waitSignal(page.shown):
        page.own_scales.setChecked(False)
    assert page.grid.image == shared
    page.shutdown()


def test_the_film_plays_to_its_end(qtbot: QtBot, page: FirstLayerPage) -> None:
    show_frames(qtbot, page, frame(0), frame(20), frame(40))
    page.play_button.click()
    assert page.is_playing
    qtbot.waitUntil(lambda: not page.is_playing, timeout=5000)
    assert page.slider.value() == 2
    page.shutdown()


def test_pointing_at_a_tile_tells_its_unit_and_range(qtbot: QtBot, page: FirstLayerPage) -> None:
    show_frames(qtbot, page, frame(0), frame(40))
    tiles = page.grid.tiles
    assert tiles is not None
    qtbot.mouseMove(page.grid, page.grid.tile_rect(5).center())
    expected = f"Unit 6: weights from {tiles.lowest[5]:+.3f} to {tiles.highest[5]:+.3f}"
    qtbot.waitUntil(lambda: page.read_out.text() == expected)
    qtbot.mouseMove(page.grid, QPoint(page.grid.width() - 1, page.grid.height() - 1))
    page.shutdown()


def test_the_keyboard_walks_through_the_tiles(qtbot: QtBot, page: FirstLayerPage) -> None:
    show_frames(qtbot, page, frame(0), frame(40))
    page.grid.setFocus()
    for _ in range(3):
        qtbot.keyClick(page.grid, Qt.Key.Key_Right)
    assert page.read_out.text().startswith("Unit 3:")
    with qtbot.waitSignal(page.unit_chosen) as chosen:
        qtbot.keyClick(page.grid, Qt.Key.Key_Return)
    assert chosen.args == [2]
    page.shutdown()


def test_maps_of_directions_are_explained(qtbot: QtBot, page: FirstLayerPage) -> None:
    weights = np.random.default_rng(0).normal(size=(512, 4))
    with qtbot.waitSignal(page.shown):
        page.set_frames((frame(3, 4, weights),), "directions")
    assert page.words.isVisible()
    assert page.grid.tiles is not None
    assert page.grid.tiles.shared.shape == (4, 24, 24)
    page.shutdown()


@pytest.mark.parametrize("quantity", ["inputs", "outputs", "gradients"])
def test_a_ribbon_for_each_layer(qtbot: QtBot, show: Show, tmp_path: Path, quantity: str) -> None:
    page = RibbonsPage(quantity)  # type: ignore[arg-type]
    show(page)
    with qtbot.waitSignal(page.shown):
        page.set_frames((frame(0), frame(20), frame(40)))
    (exhibit,) = page.exhibits()
    save_exhibit(exhibit, tmp_path / "ribbons.csv", "csv")
    rows = (tmp_path / "ribbons.csv").read_text().splitlines()
    assert len(rows) == 1 + 3 * 2
    limits = {"inputs": "-8.0,8.0", "outputs": "0.0,1.0", "gradients": "-10.0,2.0"}
    assert rows[0].startswith("epoch,layer,first bin from,last bin to,bin 1,")
    assert rows[1].startswith(f"0.0,hidden 1,{limits[quantity]},")
    save_exhibit(exhibit, tmp_path / "ribbons.png", "png")
    page.set_frames(())
    page.shutdown()


def test_layers_without_an_activation_have_no_saturation(show: Show) -> None:
    page = HealthPage()
    show(page)
    page.set_frames((frame(0), frame(20)))
    saturated, dead, updates = (exhibit.table() for exhibit in page.exhibits())  # type: ignore[misc]
    assert saturated == [["epoch", "hidden 1"], [0.0, 25.0], [2.0, 25.0]]
    assert dead[1] == [0.0, pytest.approx(100 * 3 / 16)]
    assert updates[1] == [0.0, pytest.approx(-3.0)]


def test_the_activation_tells_where_the_units_are(show: Show) -> None:
    page = ActivationPage()
    show(page)
    page.begin("sigmoid")
    page.set_frames((frame(0), frame(20)))
    assert "After 2.00 epochs 25.0% of the outputs of this layer lie where" in page.words.text()
    assert "3 of its 16 units" in page.words.text()
    head, *rows = page.exhibits()[0].table()  # type: ignore[misc]
    assert head == ["z", "f", "slope"]
    middle = rows[len(rows) // 2]
    assert middle == pytest.approx([0.0, 0.5, 0.25])


def test_beside_the_activation_is_what_the_units_give(show: Show) -> None:
    page = ActivationPage()
    show(page)
    page.begin("sigmoid")
    assert not page.outputs_plot.isVisible()
    shown = frame(0)
    page.set_frames((shown, frame(20)))
    assert page.outputs_plot.isVisible()
    # Both shadows stand on the axes of the function.
    for axis, plot in ((0, page.units_plot), (1, page.outputs_plot)):
        expected = page.plot.item.viewRange()[axis]
        assert plot.item.viewRange()[axis] == pytest.approx(expected, abs=0.05)
    head, *rows = page.exhibits()[1].table()  # type: ignore[misc]
    assert head == ["what", "from", "to", "share in %"]
    for what, limits in (("z", (-INPUT_LIMIT, INPUT_LIMIT)), ("a", (0.0, 1.0))):
        found = [row for row in rows if row[0] == what]
        assert (found[0][1], found[-1][2]) == limits
        assert sum(row[3] for row in found) == pytest.approx(100)
    # Of another function nobody knows what the units would give.
    page.function.setCurrentIndex(page.function.findData("relu"))
    assert not page.outputs_plot.isVisible()


# In a run


def test_the_film_of_a_run_begins_before_the_first_batch(qtbot: QtBot, running: TrainView) -> None:
    page = running.inside.first_layer
    qtbot.waitUntil(lambda: page.grid.tiles is not None, timeout=3000)
    first = page.grid.tiles
    assert first is not None
    assert first.count == 64
    qtbot.waitUntil(lambda: page.grid.tiles is not first, timeout=5000)
    changed, before = page.grid.tiles, page.before.tiles
    assert changed is not None
    assert before is not None
    assert (changed.shared != first.shared).any()
    assert before.step == 0


def test_a_click_on_a_tile_finds_what_excites_its_unit(qtbot: QtBot, running: TrainView) -> None:
    running.session.pause()
    qtbot.waitUntil(lambda: running.session.state is RunState.PAUSED)
    page, units = running.inside.first_layer, running.inside.units
    qtbot.waitUntil(lambda: page.grid.tiles is not None, timeout=3000)
    with qtbot.waitSignal(units.found):
        qtbot.mouseClick(page.grid, Qt.MouseButton.LeftButton, pos=page.grid.tile_rect(7).center())
    assert units.title.text() == "Excites unit 8 of hidden layer 1 most"
    outputs = [float(sample.caption) for sample in units.grid.samples]
    assert outputs == sorted(outputs, reverse=True)
    assert page.grid.chosen == page.before.chosen == 7
    with qtbot.waitSignal(units.found):
        units.layer.setCurrentIndex(1)
        units.layer.activated.emit(1)
    assert page.grid.chosen is None
    assert units.title.text().startswith("Excites the output ")


def test_every_page_is_shown_while_it_learns(qtbot: QtBot, running: TrainView) -> None:
    inside = running.inside
    qtbot.waitUntil(lambda: len(inside.frames) > 2, timeout=5000)
    keys = ["weights", "inputs", "outputs", "gradients", "health", "activation", "check"]
    for index, key in enumerate(keys):
        inside.page_buttons.button(index).click()
        qtbot.wait(60)
        assert inside.page == key
        assert inside.exhibits()
        inside.grab()
