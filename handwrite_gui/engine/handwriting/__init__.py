"""One person's handwriting: its samples, what is learned from them, and how it is asked for.

    from handwrite_gui.engine.handwriting import ProfileStore

    profile = ProfileStore().create("Ada")
    profile.samples.add(ink_image, "a", "corrected", source="letter.jpg", place="letter.jpg 120,80")

The names below are loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from handwrite_gui.engine.handwriting.adaptation import AdaptationSettings, adapt
    from handwrite_gui.engine.handwriting.profiles import Profile, ProfileStore
    from handwrite_gui.engine.handwriting.samples import Origin, Sample, SampleStore

__all__ = [
    "AdaptationSettings",
    "Origin",
    "Profile",
    "ProfileStore",
    "Sample",
    "SampleStore",
    "adapt",
]

_HOMES = MappingProxyType(
    {
        "AdaptationSettings": "adaptation",
        "Origin": "samples",
        "Profile": "profiles",
        "ProfileStore": "profiles",
        "Sample": "samples",
        "SampleStore": "samples",
        "adapt": "adaptation",
    }
)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
