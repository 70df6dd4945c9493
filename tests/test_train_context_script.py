"""What scripts/train_context.py learns from: windows varied anew, in parts at the same time."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from handwrite_gui.engine.page.surroundings import MEASURES

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(SCRIPTS)
    return importlib.import_module("train_context")


def _windows(count: int) -> NDArray[np.uint8]:
    """An upright stroke alone, and with another one beside it."""
    windows = np.zeros((count, 2, 32, 48), np.uint8)
    windows[:, :, 6:26, 20:23] = 255
    windows[:, 1, 6:26, 34:37] = 255
    return windows


def test_windows_are_changed_a_little_both_pictures_alike(script: ModuleType) -> None:
    windows = _windows(90)
    images = script.varied(windows, np.random.default_rng(1))
    assert images.shape == windows.shape and images.dtype == np.float32
    assert images.min() >= 0 and images.max() <= 1 + 1e-6
    # The stroke of the first picture is in the second one too, wherever it went.
    assert (images[:, 1] - images[:, 0]).min() > -1e-5
    own = images[:, 0]
    assert len({image.tobytes() for image in own}) == 90
    ink = own.sum(axis=(1, 2)) / 60
    assert 0.4 < ink.min() < 0.95 and 1.05 < ink.max() < 2.5
    assert not script.varied(np.zeros_like(windows), np.random.default_rng(1)).any()


def _lesson(script: ModuleType) -> Any:
    count = 2 * importlib.import_module("learning").BATCH + 40
    rng = np.random.default_rng(0)
    return script.Lesson(
        seen=_windows(count),
        measured=rng.normal(size=(count, MEASURES)).astype(np.float32),
        label=np.arange(count) % 3,
        like=(np.arange(count) % 2).astype(np.float32),
        held_out=np.arange(count) < 40,
    )


def test_the_same_seed_gives_the_same_network(
    script: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson = _lesson(script)
    first, second = (script.train(lesson, 1, np.random.default_rng(seed)) for seed in (4, 4))
    for one, other in zip(first.parameters, second.parameters, strict=True):
        np.testing.assert_array_equal(one.value, other.value)
    assert "step 2 of 2" in capsys.readouterr().out


def test_a_network_that_goes_on_to_learn_begins_with_what_it_knows(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    lesson = _lesson(script)
    start = script.context_network()
    before = [parameter.value.copy() for parameter in start.parameters]
    monkeypatch.setattr(script, "SLOWER", 0.0)
    unchanged = script.train(lesson, 1, np.random.default_rng(4), start)
    monkeypatch.undo()
    changed = script.train(lesson, 1, np.random.default_rng(4), start)
    for own, same, other in zip(before, unchanged.parameters, changed.parameters, strict=True):
        np.testing.assert_allclose(same.value, own, atol=1e-6)
        assert not np.array_equal(other.value, own)
    # What ships is left as it is.
    for own, parameter in zip(before, start.parameters, strict=True):
        np.testing.assert_array_equal(parameter.value, own)


def test_windows_are_bent(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    varying = importlib.import_module("varying")
    for name in ("TURN", "SLANT", "WIDER", "HIGHER", "MOVED", "THICKER"):
        monkeypatch.setattr(varying, name, 0.0)
    windows = _windows(60)
    images = varying.varied(windows, np.random.default_rng(1))[:, 0]
    columns = np.arange(48)
    at = (images * columns).sum(axis=2)[:, 8:24] / images.sum(axis=2)[:, 8:24]
    # Every row of the stroke is somewhere else, by a pixel or so, and rows beside one another
    # nearly at the same place.
    assert 0.15 < np.std(at, axis=1).mean() < 1.0
    assert np.abs(np.diff(at, axis=1)).max() < 0.8
    monkeypatch.setattr(varying, "BENT", 0.0)
    straight = varying.varied(windows, np.random.default_rng(1))
    np.testing.assert_allclose(straight, windows / np.float32(255), atol=1e-4)


def test_weights_are_averaged_with_those_before(script: ModuleType) -> None:
    start, network = (script.context_network().copy() for _ in range(2))
    before = [parameter.value.copy() for parameter in start.parameters]
    for parameter in network.parameters:
        parameter.value += 4.0
    script.mix(network, start, 0.25)
    for own, kept, value in zip(network.parameters, start.parameters, before, strict=True):
        np.testing.assert_allclose(own.value, value + 1, atol=1e-5)
        np.testing.assert_array_equal(kept.value, value)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--go-on", "--average", "1.5"], "from 0 to 1, not 1.5"),
        (["--average", "0.5"], "needs --go-on"),
    ],
)
def test_an_average_of_nothing_is_refused(
    script: ModuleType,
    arguments: list[str],
    complaint: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.argv", ["train_context.py", "--data", "nowhere", *arguments])
    with pytest.raises(SystemExit):
        script.main()
    assert complaint in capsys.readouterr().err
