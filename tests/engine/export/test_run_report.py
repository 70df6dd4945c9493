"""A run as one HTML page."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from handwrite_gui.engine.evaluation.readings import Readings
from handwrite_gui.engine.export.run_report import ReportedRun, run_report
from handwrite_gui.engine.export.svg_chart import Line, line_chart
from handwrite_gui.engine.training.final_test import Look
from handwrite_gui.engine.training.history import EpochRow, History
from handwrite_gui.engine.training.settings import TrainingSettings
from handwrite_gui.engine.training.training_data import TrainingData

CLASSES = ("<", "&", "S")


@pytest.fixture
def run() -> ReportedRun:
    inputs = np.random.default_rng(0).integers(0, 256, (12, 1024)).astype(np.uint8)
    data = TrainingData(inputs, np.repeat([0, 1, 2], 4), "letters <b>")
    history = History()
    for step in range(8):
        history.add_batch(2.0 / (step + 1), step / 8)
    history.add_epoch(EpochRow(1, 4, 1.0, 0.4, 0.9, 0.5, 100.0, 1.0))
    history.add_epoch(EpochRow(2, 8, 0.5, 0.7, 0.7, 0.75, 100.0, 2.0))
    predictions = data.targets.copy()
    predictions[:3] = [1, 1, 2]
    readings = Readings(
        predictions, np.linspace(0.5, 1, 12, dtype=np.float32), np.full(12, 0.2, np.float32)
    )
    weights = np.random.default_rng(1).normal(size=(1024, 5))
    return ReportedRun(
        "My run",
        TrainingSettings(seed=7),
        CLASSES,
        data,
        data,
        history,
        readings,
        (weights, weights),
    )


class _Tags(HTMLParser):
    """Collects the elements, and fails on one that is closed without having been opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_sound_and_stands_alone(run: ReportedRun) -> None:
    page = run_report(run)
    tags = _Tags()
    tags.feed(page)
    assert not tags.open
    assert not {"script", "link", "iframe"} & set(tags.seen)
    sources = re.findall(r'(?:src|href)="([^"]{0,22})', page)
    assert len(sources) == 2 + 3 + 12
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert "http" not in page


def test_what_people_named_is_text_not_markup(run: ReportedRun) -> None:
    page = run_report(run)
    assert "letters &lt;b&gt;" in page
    assert "<th>&lt;</th>" in page


def test_it_tells_settings_figures_and_mistakes(run: ReportedRun) -> None:
    page = run_report(run)
    assert "<th>seed</th><td>7</td>" in page
    assert "<th>Best</th><td>75.00%, after epoch 2</td>" in page
    assert "<li>&lt; read as &amp;: 2 of 4</li>" in page
    assert run.training.fingerprint in page
    assert page.count("<svg") == 2


def test_test_figures_stand_apart_and_say_how_often_was_looked(run: ReportedRun) -> None:
    assert "<h2>Test</h2>" not in run_report(run)
    look = Look("2026-01-02T03:04:05+00:00", "best", 40, "<unseen>", "aa", 1234, 0.875, 0.5, 0.02)
    page = run_report(replace(run, looks=(look,)))
    assert "<h2>Test</h2>" in page
    assert "looked at once" in page
    assert "87.50%" in page and "1,234" in page and "&lt;unseen&gt;" in page
    assert "looked at 2 times" in run_report(replace(run, looks=(look, look)))


def test_a_run_that_was_stopped_at_once_has_a_report_too(run: ReportedRun) -> None:
    bare = ReportedRun(
        "Stopped", run.settings, CLASSES, run.training, run.validation, History(), None, None
    )
    assert "ended within its first epoch" in run_report(bare)


def test_a_chart_leaves_out_what_is_no_number_and_thins_what_is_too_much() -> None:
    values = np.ones(10_000)
    values[5] = np.nan
    chart = line_chart([Line("a", np.arange(10_000.0), values, "#000")], "x", "y")
    points = re.search(r'points="([^"]*)"', chart)
    assert points is not None
    assert len(points[1].split()) == 600
    assert "nan" not in chart
