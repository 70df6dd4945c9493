"""The plots: what is drawn, the cursor, and a zoom that stays."""

from __future__ import annotations

import time

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication, QGraphicsItem
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.training.history import History
from handwrite_gui.theme import DARK, LIGHT, theme
from handwrite_gui.train.curve_history import CurveHistory
from handwrite_gui.train.curve_plot import CurvePlot
from handwrite_gui.train.curves_panel import CurvesPanel, Overlay
from handwrite_gui.train.take_away import as_svg
from handwrite_gui.train.view import TrainView
from tests.gui.train.conftest import Show

PER_EPOCH = 10


def history(epochs: int) -> CurveHistory:
    result = CurveHistory(PER_EPOCH)
    for step in range(1, epochs * PER_EPOCH + 1):
        result.add_batch(step, loss=2.0 / step, accuracy=1 - 1 / (step + 1))
        if step % PER_EPOCH == 0:
            result.add_epoch(step, 3.0 / step, 1 - 2 / step)
    return result


@pytest.fixture
def panel(show: Show) -> CurvesPanel:
    panel = CurvesPanel()
    panel.resize(460, 560)
    show(panel)
    panel.begin(PER_EPOCH)
    panel.set_curves(history(5).snapshot())
    return panel


def ranges(plot: CurvePlot) -> np.ndarray:
    return np.array(plot.view_box.viewRange())


def turn_wheel(plot: CurvePlot) -> None:
    viewport = plot.plot.viewport()
    centre = viewport.rect().center()
    event = QWheelEvent(
        QPointF(centre),
        QPointF(viewport.mapToGlobal(centre)),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def test_everything_learned_so_far_is_in_view(panel: CurvesPanel) -> None:
    (left, right), (bottom, top) = ranges(panel.loss)
    assert left == 0
    assert 5.0 <= right < 6.5
    assert bottom == 0
    assert 2.0 <= top < 2.5
    panel.set_curves(history(20).snapshot())
    assert ranges(panel.loss)[0][1] >= 20.0


def test_the_axes_of_a_run_that_is_followed_move_now_and_then(panel: CurvesPanel) -> None:
    seen = set()
    curves = history(5)
    for step in range(51, 101):
        curves.add_batch(step, loss=2.0 / step, accuracy=1 - 1 / step)
        panel.set_curves(curves.snapshot())
        (_, right), _ = ranges(panel.loss)
        assert step / PER_EPOCH <= right <= 1.32 * step / PER_EPOCH
        seen.add(right)
    assert len(seen) < 15


def test_both_plots_show_the_same_epochs(panel: CurvesPanel) -> None:
    turn_wheel(panel.accuracy)
    QApplication.processEvents()
    np.testing.assert_allclose(ranges(panel.loss)[0], ranges(panel.accuracy)[0])


def test_new_values_leave_what_was_zoomed_to(qtbot: QtBot, panel: CurvesPanel) -> None:
    turn_wheel(panel.loss)
    QApplication.processEvents()
    zoomed = ranges(panel.loss), ranges(panel.accuracy)
    assert zoomed[0][0][1] - zoomed[0][0][0] < 4.5
    for epochs in (6, 10, 30):
        panel.set_curves(history(epochs).snapshot())
        QApplication.processEvents()
    np.testing.assert_allclose(ranges(panel.loss), zoomed[0])
    np.testing.assert_allclose(ranges(panel.accuracy), zoomed[1])
    assert not panel.follows
    qtbot.mouseClick(panel.fit_button, Qt.MouseButton.LeftButton)
    assert panel.follows
    assert ranges(panel.loss)[0][1] >= 30.0


def test_a_live_run_leaves_what_was_zoomed_to(qtbot: QtBot, running: TrainView) -> None:
    turn_wheel(running.curves.loss)
    QApplication.processEvents()
    zoomed = ranges(running.curves.loss)
    points = len(running.curves.loss.raw.xData)
    qtbot.waitUntil(lambda: len(running.curves.loss.raw.xData) > points + 20)
    np.testing.assert_allclose(ranges(running.curves.loss), zoomed)


def test_a_new_run_is_followed_again(panel: CurvesPanel) -> None:
    turn_wheel(panel.loss)
    panel.begin(PER_EPOCH)
    assert panel.follows


def test_the_read_out_tells_the_last_values(panel: CurvesPanel) -> None:
    text = panel.loss.read_out.text()
    assert "training" in text
    assert "validation <b>0.06</b>" in text
    assert "validation <b>96.00%</b>" in panel.accuracy.read_out.text()


def test_the_cursor_reads_both_plots_at_one_epoch(qtbot: QtBot, panel: CurvesPanel) -> None:
    box = panel.loss.view_box
    at = panel.loss.plot.mapFromScene(box.mapViewToScene(QPointF(2.5, 1.0)))
    panel.loss.plot.scene().sigMouseMoved.emit(QPointF(at))
    assert panel.position_label.text().startswith("epoch 2.5")
    # The last evaluation before that was after epoch 2.
    assert "validation <b>0.15</b>" in panel.loss.read_out.text()
    assert "validation <b>90.00%</b>" in panel.accuracy.read_out.text()
    panel.loss.cursor_moved.emit(float("nan"))
    assert panel.position_label.text() == ""
    assert "validation <b>0.06</b>" in panel.loss.read_out.text()


def test_without_validation_only_training_is_drawn(panel: CurvesPanel) -> None:
    curves = CurveHistory(PER_EPOCH)
    for step in range(1, 11):
        curves.add_batch(step, 1.0, 0.5)
    curves.add_epoch(10, None, None)
    panel.set_curves(curves.snapshot())
    assert panel.loss.read_out.text().endswith("validation ")
    assert ranges(panel.loss)[1][1] < 2.0


def test_one_bad_batch_does_not_flatten_the_curves(panel: CurvesPanel) -> None:
    curves = history(5)
    curves.add_batch(51, loss=1000.0, accuracy=0.0)
    curves.add_batch(52, loss=0.04, accuracy=1.0)
    panel.set_curves(curves.snapshot())
    assert ranges(panel.loss)[1][1] < 100


def test_smoothing_can_be_switched_off(qtbot: QtBot, panel: CurvesPanel) -> None:
    assert panel.loss.smooth.isVisible()
    panel.smoothed.setChecked(False)
    assert not panel.loss.smooth.isVisible()
    assert not panel.accuracy.smooth.isVisible()


def test_the_plots_follow_the_theme(panel: CurvesPanel) -> None:
    for appearance, tokens in (("dark", DARK), ("light", LIGHT)):
        theme().set_appearance(appearance)
        for plot in (panel.loss, panel.accuracy):
            assert plot.smooth.opts["pen"].color() == QColor(tokens.series[0])
            assert plot.plot.backgroundBrush().color() == QColor(tokens.plot_background)


def test_one_value_an_epoch(qtbot: QtBot, panel: CurvesPanel) -> None:
    curves = CurveHistory(PER_EPOCH)
    for step in range(1, 21):
        curves.add_batch(step, 1.0, 0.5)
    curves.add_epoch(10, 0.4, 0.8, 0.9, 0.6)
    curves.add_epoch(20, 0.3, 0.9, 0.7, 0.7)
    panel.set_curves(curves.snapshot())
    qtbot.mouseClick(panel.per_epoch, Qt.MouseButton.LeftButton)
    np.testing.assert_array_equal(panel.loss.smooth.getData()[1], [0.9, 0.7])
    assert not panel.loss.raw.isVisible()
    assert "training <b>0.7</b>" in panel.loss.read_out.text()
    assert not panel.smoothed.isEnabled()
    qtbot.mouseClick(panel.per_epoch, Qt.MouseButton.LeftButton)
    assert panel.loss.raw.isVisible()
    assert len(panel.loss.smooth.xData) == 20


def test_logarithmic_axes_show_everything_and_keep_a_zoom(qtbot: QtBot, panel: CurvesPanel) -> None:
    qtbot.mouseClick(panel.log_y, Qt.MouseButton.LeftButton)
    (_, _), (bottom, top) = ranges(panel.loss)
    assert bottom < np.log10(0.06) < np.log10(2.0) < top
    assert ranges(panel.accuracy)[1][0] == 0  # a share of one has no use for a logarithm
    qtbot.mouseClick(panel.log_x, Qt.MouseButton.LeftButton)
    for plot in (panel.loss, panel.accuracy):
        (left, right), _ = ranges(plot)
        assert left < np.log10(0.1)
        assert right > np.log10(5.0)
    turn_wheel(panel.loss)
    QApplication.processEvents()
    zoomed = ranges(panel.loss)
    panel.set_curves(history(8).snapshot())
    np.testing.assert_allclose(ranges(panel.loss), zoomed)


def test_the_cursor_reads_logarithmic_axes(panel: CurvesPanel) -> None:
    panel.log_x.setChecked(True)
    box = panel.loss.view_box
    at = panel.loss.plot.mapFromScene(box.mapViewToScene(QPointF(np.log10(2.5), 1.0)))
    panel.loss.plot.scene().sigMouseMoved.emit(QPointF(at))
    position = float(panel.position_label.text().split()[1].rstrip(","))
    assert position == pytest.approx(2.5, rel=0.02)
    assert "validation <b>0.15</b>" in panel.loss.read_out.text()


def test_other_runs_are_drawn_beside_and_read_out(panel: CurvesPanel) -> None:
    longer = history(12).snapshot()
    panel.set_overlays([Overlay("a", "Run <1>", longer), Overlay("b", "Run 2", longer)])
    assert len(panel.loss.others) == 2
    assert ranges(panel.loss)[0][1] >= 12.0
    assert "Run&nbsp;&lt;1&gt;" in panel.legend.text()
    assert panel.legend.text().count("<b>98.33%</b>") == 2
    assert "0.025" not in panel.loss.read_out.text()  # there is no room for it
    panel.resize(800, 560)
    QApplication.processEvents()
    assert panel.loss.read_out.text().count("<b>0.025</b>") == 2
    colours = {curve.opts["pen"].color().name() for curve, _ in panel.loss.others}
    assert len(colours) == 2
    assert panel.loss.smooth.opts["pen"].color().name() not in colours
    panel.set_overlays([])
    assert panel.loss.others == []
    assert panel.legend.text() == ""


def test_axes_are_painted_once_and_drawn_anew_to_be_taken_along(panel: CurvesPanel) -> None:
    panel.grab()
    axis = panel.loss.plot.getPlotItem().getAxis("left")
    assert axis.cacheMode() != QGraphicsItem.CacheMode.NoCache
    svg = as_svg(panel.loss, "loss")
    assert svg.count(b"<text") > 5, "the numbers stay texts"
    assert axis.cacheMode() != QGraphicsItem.CacheMode.NoCache


def test_a_million_batches_are_drawn_in_no_time(panel: CurvesPanel) -> None:
    rng = np.random.default_rng(0)
    run = History.restored(rng.random(1_000_000), rng.random(1_000_000), [])
    curves = CurveHistory.of(run, steps_per_epoch=100).snapshot()
    panel.set_curves(curves)
    panel.grab()
    started = time.thread_time()
    for _ in range(5):
        panel.set_curves(curves)
        panel.grab()
    # Twelve updates a second leave 80 ms for each; a slow machine is allowed four times as much.
    assert (time.thread_time() - started) / 5 < 0.32


def test_a_plot_that_is_given_room_draws_the_points_that_it_has_room_for(
    qtbot: QtBot, show: Show
) -> None:
    panel = CurvesPanel()
    panel.resize(200, 560)
    show(panel)
    panel.begin(PER_EPOCH)
    panel.set_curves(history(1000).snapshot())
    drawn = [len(plot.smooth.getData()[0]) for plot in (panel.loss, panel.accuracy)]
    assert max(drawn) < 1000 * PER_EPOCH
    panel.resize(1400, 560)
    for plot, before in zip((panel.loss, panel.accuracy), drawn, strict=True):
        qtbot.waitUntil(lambda plot=plot, before=before: len(plot.smooth.getData()[0]) > before)
