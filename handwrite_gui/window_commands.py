"""The commands of the window itself, which every view has beside its own."""

from __future__ import annotations

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
                lambda checked, name=name: window.set_appearance(name),
                icon={"system": "system", "light": "sun", "dark": "moon"}[name],
                checkable=True,
                checked=lambda name=name: theme().appearance == name,
            )
            for name in APPEARANCES
        ]

    views = [
        Command(
            f"view.{info.name}",
            f"&{info.title}",
            lambda checked, name=info.name: window.show_view(name),
            shortcut=f"Ctrl+{number}",
            menu="View",
            section="views",
            checkable=True,
            checked=lambda name=info.name: window.current_name == name,
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
