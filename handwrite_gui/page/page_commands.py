"""Everything that can be asked of the page view, as commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handwrite_gui.commands import Command
from handwrite_gui.page import recent_files
from handwrite_gui.page.samples import Sample

if TYPE_CHECKING:
    from handwrite_gui.page.view import PageView


def page_commands(view: PageView, samples: list[Sample]) -> list[Command]:
    """The commands of one view, in the order of the menus."""
    return [
        Command(
            "page.open",
            "&Open Image…",
            view.ask_for_file,
            "Ctrl+O",
            "open",
            menu="File",
            section="open",
            tip="Open a photo or scan of handwriting and read it",
        ),
        Command(
            "page.recent",
            "Open &Recent",
            lambda: None,
            icon="history",
            menu="File",
            section="open",
            enabled=lambda: bool(recent_files.recent_files()),
            children=lambda: _recent_commands(view),
        ),
        Command(
            "page.samples",
            "Open &Sample",
            lambda: None,
            icon="sample",
            menu="File",
            section="open",
            enabled=lambda: bool(samples),
            children=lambda: [
                Command(
                    f"page.sample.{sample.path.stem}",
                    sample.title,
                    lambda path=sample.path: view.open_path(path),
                )
                for sample in samples
            ],
        ),
        Command(
            "page.save-text",
            "&Save Text…",
            view.ask_where_to_save,
            "Ctrl+S",
            "save",
            menu="File",
            section="save",
            enabled=view.has_reading,
            tip="Save what was read as text or JSON",
        ),
        Command(
            "page.paste",
            "&Paste Image",
            view.paste,
            "Ctrl+V",
            "paste",
            menu="Edit",
            tip="Read the image or the image file on the clipboard",
        ),
        Command(
            "page.copy-text",
            "&Copy Text",
            view.copy_text,
            "Ctrl+Shift+C",
            "copy",
            menu="Edit",
            enabled=view.has_text,
            tip="Copy all of the page's text",
        ),
        Command(
            "page.read-again",
            "&Read Again",
            view.session.read_again,
            "F5",
            "refresh",
            menu="Page",
            section="read",
            enabled=lambda: view.session.can_read,
            tip="Read the page once more, with the model in use",
        ),
        Command(
            "page.cancel",
            "&Cancel Reading",
            view.session.cancel,
            "Esc",
            "stop",
            menu="Page",
            section="read",
            enabled=lambda: view.session.is_busy,
            tip="Stop, and go back to the page from before",
        ),
        Command(
            "page.next-doubtful",
            "&Next Doubtful Character",
            lambda: view.go_to_doubtful(1),
            "F8",
            "chevron-right",
            menu="Page",
            section="doubtful",
            enabled=view.has_text,
        ),
        Command(
            "page.previous-doubtful",
            "&Previous Doubtful Character",
            lambda: view.go_to_doubtful(-1),
            "Shift+F8",
            "chevron-left",
            menu="Page",
            section="doubtful",
            enabled=view.has_text,
        ),
        Command(
            "page.boxes",
            "Show &Boxes",
            view.set_boxes_shown,
            "Ctrl+B",
            "boxes",
            menu="View",
            section="overlay",
            enabled=view.has_page,
            checkable=True,
            checked=lambda: view.boxes_shown,
            tip="Outline every character that was read",
        ),
        Command(
            "page.labels",
            "Show &Labels",
            view.set_labels_shown,
            "Ctrl+L",
            "text",
            menu="View",
            section="overlay",
            enabled=view.has_page,
            checkable=True,
            checked=lambda: view.labels_shown,
            tip="Write beside every character what it was read as",
        ),
        *_zoom_commands(view),
    ]


def _zoom_commands(view: PageView) -> list[Command]:
    canvas = view.workspace.canvas
    return [
        Command(
            id,
            title,
            callback,
            shortcut,
            icon,
            menu="View",
            section="zoom",
            enabled=view.has_page,
            tip=tip,
        )
        for id, title, callback, shortcut, icon, tip in (
            ("page.zoom-out", "Zoom &Out", canvas.zoom_out, "Ctrl+-", "zoom-out", ""),
            ("page.zoom-in", "Zoom &In", canvas.zoom_in, "Ctrl+=; Ctrl++", "zoom-in", ""),
            ("page.fit", "&Fit Page", canvas.fit, "Ctrl+0", "fit", "Show the whole page"),
            (
                "page.actual-size",
                "&Actual Size",
                canvas.show_actual_size,
                "Ctrl+Alt+0",
                "actual-size",
                "One screen pixel for one pixel of the image",
            ),
        )
    ]


def _recent_commands(view: PageView) -> list[Command]:
    entries = [
        Command(
            f"page.recent.{number}",
            path.name.replace("&", "&&"),
            lambda path=path: view.open_path(path),
            tip=str(path),
        )
        for number, path in enumerate(recent_files.recent_files())
    ]
    clear = Command("page.recent.clear", "&Clear List", view.clear_recent, section="clear")
    return [*entries, clear]
