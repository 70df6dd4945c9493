"""Settings are checked, field by field, against limits that are data."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.engine.training import LIMITS, TrainingSettings
from handwrite_gui.engine.training.settings import ChoiceLimit, LayersLimit, NumberLimit


def test_every_field_has_a_limit_and_a_default_within_it() -> None:
    assert list(LIMITS) == [field.name for field in fields(TrainingSettings)]
    TrainingSettings()


def values(name: str) -> st.SearchStrategy[Any]:
    match LIMITS[name]:
        case NumberLimit(low, high, True):
            return st.integers(int(low), int(high))
        case NumberLimit(low, high, False):
            return st.floats(low, high)
        case ChoiceLimit(choices):
            return st.sampled_from(choices)
        case LayersLimit(most, width):
            units = st.integers(int(width.minimum), int(width.maximum))
            return st.lists(units, max_size=most).map(tuple)
    raise AssertionError(name)


@given(chosen=st.fixed_dictionaries({}, optional={name: values(name) for name in LIMITS}))
def test_what_is_within_the_limits_survives_a_round_trip_through_json(
    chosen: dict[str, Any],
) -> None:
    settings = TrainingSettings(**chosen)
    assert TrainingSettings.from_dict(json.loads(json.dumps(settings.to_dict()))) == settings
    for name, value in chosen.items():
        assert getattr(settings, name) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hidden", (0,)),
        ("hidden", (64,) * 17),
        ("hidden", (64.5,)),
        ("hidden", 64),
        ("activation", "swish"),
        ("initializer", ""),
        ("optimizer", None),
        ("learning_rate", 0.0),
        ("learning_rate", float("nan")),
        ("learning_rate", "0.1"),
        ("momentum", 1.0),
        ("weight_decay", -0.1),
        ("dropout", 1.0),
        ("input_dropout", -0.1),
        ("label_smoothing", 1.0),
        ("batch_size", 0),
        ("batch_size", 12.0),
        ("batch_size", True),
        ("epochs", 0),
        ("schedule", "linear"),
        ("warmup_steps", -1),
        ("step_every", 0),
        ("step_factor", 0.0),
        ("augmentation", 1.1),
        ("ema_decay", 1.0),
        ("seed", -1),
    ],
)
def test_a_value_outside_its_limit_is_named_with_the_limit(name: str, value: Any) -> None:
    with pytest.raises(ValueError) as caught:
        TrainingSettings(**{name: value})
    message = str(caught.value)
    assert message.startswith(name)
    assert repr(value) in message
    assert str(LIMITS[name]) in message


def test_numpy_numbers_become_plain_ones() -> None:
    settings = TrainingSettings(
        hidden=[np.int64(5)], batch_size=np.int32(16), learning_rate=np.float64(0.5)
    )
    assert settings.hidden == (5,)
    assert type(settings.batch_size) is int
    assert type(settings.learning_rate) is float
    assert settings == TrainingSettings(hidden=(5,), batch_size=16, learning_rate=0.5)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(ValueError, match="lerning_rate"):
        TrainingSettings.from_dict({"lerning_rate": 0.1})
