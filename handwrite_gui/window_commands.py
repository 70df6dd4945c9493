"""The commands of the window itself, which every view has beside its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from handwrite_gui.commands import Command
from handwrite_gui.help_dialogs import show_about, show_shortcuts
from handwrite_gui.model_store import SHIPPED
from handwrite_gui.recent_models import recent_models
from handwrite_gui.theme import APPEARANCES, theme
from handwrite_gui.views import VIEWS

if TYPE_CHECKING:
    from handwrite_gui.main_window import MainWindow


def window_commands(window: MainWindow) -> list[Command]:
    """What can be asked of the window, whatever view is shown."""
    return [*_file(window), *_view(window), *_help(window)]


def _file(window: MainWindow) -> list[Command]:
    def recent_images() -> list[Command]:
        from handwrite_gui.page.recent_files import recent_files

        return [
            Command(
                f"file.recent.{i}", path.name, partial(window.open_files, [path]), tip=str(path)
            )
            for i, path in enumerate(recent_files())
        ]

    def recent() -> list[Command]:
        return [
            Command(f"model.recent.{i}", path.name, partial(window.open_model, path), tip=str(path))
            for i, path in enumerate(recent_models())
        ]

    return [
        Command(
            "file.open_image",
            "&Open Image…",
            window.ask_for_image,
            shortcut="Ctrl+O",
            icon="open",
            section="open",
            tip="Open a picture of a page and read it",
        ),
        Command(
            "file.recent",
            "Open &Recent",
            lambda: None,
            icon="history",
            section="open",
            children=recent_images,
        ),
        Command(
            "model.open",
            "Open &Model…",
            window.ask_for_model,
            shortcut="Ctrl+Shift+O",
            icon="model",
            section="model",
            tip="Read with another trained model",
        ),
        Command(
            "model.manage",
            "Mo&dels…",
            window.show_models,
            shortcut="Ctrl+Shift+M",
            icon="model",
            section="model",
            tip="Look at the models there are; import, export, compare and use them",
        ),
        Command("model.recent", "Recent Models", lambda: None, section="model", children=recent),
        Command(
            "model.shipped",
            "Use the &Shipped Model",
            window.store.load_default,
            section="model",
            enabled=lambda: window.store.source != SHIPPED,
            tip="Read with the model that came with the program",
        ),
        Command(
            "window.quit", "&Quit", window.close, shortcut="Ctrl+Q", icon="quit", section="quit"
        ),
    ]


def _view(window: MainWindow) -> list[Command]:
    def appearances() -> list[Command]:
        return [
            Command(
                f"appearance.{name}",
                {"system": "Like the system", "light": "Light", "dark": "Dark"}[name],
                partial(_ignoring_state, window.set_appearance, name),
                icon={"system": "system", "light": "sun", "dark": "moon"}[name],
                checkable=True,
                checked=partial(_is_appearance, name),
            )
            for name in APPEARANCES
        ]

    views = [
        Command(
            f"view.{info.name}",
            f"&{info.title}",
            partial(_ignoring_state, window.show_view, info.name),
            shortcut=f"Ctrl+{number}",
            menu="View",
            section="views",
            checkable=True,
            checked=partial(_is_current, window, info.name),
            tip=info.tip,
        )
        for number, info in enumerate(VIEWS, 1)
    ]
    appearance = Command(
        "window.appearance",
        "&Appearance",
        lambda: None,
        menu="View",
        section="appearance",
        children=appearances,
    )
    return [*views, appearance]


def _ignoring_state(choose: Callable[[str], None], name: str, _checked: bool) -> None:
    """Choose one of several: asking for the one that is on must not turn it off."""
    choose(name)


def _is_current(window: MainWindow, name: str) -> bool:
    return window.current_name == name


def _is_appearance(name: str) -> bool:
    return theme().appearance == name


def _help(window: MainWindow) -> list[Command]:
    return [
        Command(
            "help.shortcuts",
            "&Keyboard Shortcuts",
            lambda: show_shortcuts(window),
            shortcut="F1; Ctrl+?",
            icon="keyboard",
            menu="Help",
        ),
        Command(
            "help.about", "&About Handwrite", lambda: show_about(window), icon="info", menu="Help"
        ),
    ]
