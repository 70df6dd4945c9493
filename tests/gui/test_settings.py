"""Settings keep their types and never break the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from handwrite_gui.settings import settings


@pytest.mark.parametrize("value", [True, False, 7, 2.5, "text", ""])
def test_a_value_comes_back_in_its_type(value: bool | int | float | str) -> None:
    settings().setValue("a/key", value)
    settings().sync()
    kept = settings().read("a/key", type(value)())
    assert kept == value
    assert type(kept) is type(value)


@pytest.mark.parametrize("items", [[], ["one"], ["one", "two, with comma"]])
def test_lists_come_back_whatever_their_length(items: list[str]) -> None:
    settings().setValue("a/list", items)
    settings().sync()
    assert settings().read_list("a/list") == items


@pytest.mark.parametrize("default", [3, 2.5])
def test_what_cannot_be_read_is_the_default(default: int | float) -> None:
    assert settings().read("no/such", default) == default
    settings().setValue("no/number", "rubbish")
    assert settings().read("no/number", default) == default


def test_tests_write_into_a_folder_of_their_own(fresh_settings: Path) -> None:
    settings().setValue("a/key", 1)
    settings().sync()
    assert Path(settings().fileName()).is_relative_to(fresh_settings)
    assert Path(settings().fileName()).read_text().strip().endswith("key=1")
