"""Everything that can be asked of the batch view, as commands."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from handwrite_gui.commands import Command

if TYPE_CHECKING:
    from handwrite_gui.batch.view import BatchView


def batch_commands(view: BatchView) -> list[Command]:
    """The commands of the view, in the order of the menus."""

    def is_idle() -> bool:
        return not view.session.is_busy

    return [
        Command(
            "batch.add",
            "Add &Files…",
            view.ask_for_files,
            "Ctrl+O",
            "open",
            menu="File",
            section="open",
            enabled=is_idle,
            tip="Add pictures and PDF files to the list",
        ),
        Command(
            "batch.add-folder",
            "Add Fol&der…",
            view.ask_for_folder,
            "Ctrl+Shift+D",
            "folder",
            menu="File",
            section="open",
            enabled=is_idle,
            tip="Add everything in a folder that can be read",
        ),
        Command(
            "batch.report",
            "Save &Report…",
            view.ask_where_to_report,
            "Ctrl+S",
            "save",
            menu="File",
            section="save",
            enabled=view.has_report,
            tip="Save what was read, what failed and why",
        ),
        Command(
            "batch.start",
            "&Start",
            view.start,
            "Ctrl+Return",
            "play",
            menu="Batch",
            section="run",
            enabled=view.can_start,
            tip="Read all files of the list",
        ),
        Command(
            "batch.pause",
            "&Pause",
            view.pause,
            "Ctrl+P",
            "pause",
            menu="Batch",
            section="run",
            enabled=lambda: view.session.is_busy,
            checkable=True,
            checked=lambda: view.session.is_paused,
            tip="Begin no more pages until it goes on",
        ),
        Command(
            "batch.cancel",
            "&Cancel",
            view.cancel,
            "Esc",
            "stop",
            menu="Batch",
            section="run",
            enabled=lambda: view.session.is_busy,
            tip="End the batch; what was read stays",
        ),
        *(
            Command(
                f"batch.{name}",
                title,
                action,
                shortcut,
                image,
                menu="Batch",
                section="list",
                enabled=view.can_change,
                tip=tip,
            )
            for name, title, action, shortcut, image, tip in (
                (
                    "left",
                    "Turn &Left",
                    partial(view.turn_selected, -1),
                    "Ctrl+Shift+Left",
                    "rotate-left",
                    "Turn the selected files by a quarter before they are read",
                ),
                (
                    "right",
                    "Turn &Right",
                    partial(view.turn_selected, 1),
                    "Ctrl+Shift+Right",
                    "rotate-right",
                    "Turn the selected files by a quarter before they are read",
                ),
                (
                    "up",
                    "Move &Up",
                    partial(view.move_selected, -1),
                    "Alt+Up",
                    "chevron-up",
                    "Read the selected files earlier",
                ),
                (
                    "down",
                    "Move &Down",
                    partial(view.move_selected, 1),
                    "Alt+Down",
                    "chevron-down",
                    "Read the selected files later",
                ),
                (
                    "remove",
                    "R&emove from the List",
                    view.remove_selected,
                    "Del",
                    "close",
                    "Take the selected files off the list; they stay on the disk",
                ),
            )
        ),
    ]
