"""Hidden layers as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.engine.network.mlp import MLP
from handwrite_gui.train.layer_widths import (
    layer_widths_text,
    network_summary,
    parameter_count,
    parse_layer_widths,
)


def parse(text: str) -> tuple[int, ...]:
    return parse_layer_widths(text, widest=8192, most_layers=16)


@pytest.mark.parametrize(
    ("text", "widths"),
    [
        ("64", (64,)),
        ("512, 256", (512, 256)),
        (" 512 256 ", (512, 256)),
        ("512-256-128", (512, 256, 128)),
        ("512x256", (512, 256)),
        ("512, 256,", (512, 256)),
        ("", ()),
        ("none", ()),
        ("0", ()),
    ],
)
def test_the_usual_ways_of_writing_layers(text: str, widths: tuple[int, ...]) -> None:
    assert parse(text) == widths


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("51a", "“51a” is not a whole number. Write widths like 512, 256."),
        ("1.5", "“1.5” is not a whole number"),
        ("64, 0", "A layer has 1 to 8,192 units, not 0."),
        ("9000", "not 9000"),
        ("9" * 5000, "not 999999999…"),
        ("²", "“²” is not a whole number"),
        ("8," * 17, "17 layers are too many; the most is 16."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        parse(text)
    assert message in str(caught.value)


@given(st.lists(st.integers(1, 8192), max_size=16).map(tuple))
def test_what_is_written_is_read_again(widths: tuple[int, ...]) -> None:
    assert parse(layer_widths_text(widths)) == widths


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        widths = parse(text)
    except ValueError as problem:
        assert str(problem).endswith(".")
    else:
        assert all(1 <= width <= 8192 for width in widths)


def test_parameters_are_those_of_the_network() -> None:
    sizes = (20, 7, 3)
    assert parameter_count(sizes) == sum(p.value.size for p in MLP(sizes).parameters)
    assert network_summary((1024, 64, 36)) == "1024 → 64 → 36\n67,940 weights and biases"
