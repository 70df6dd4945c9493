"""Everything that can be asked of the page view, as commands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from handwrite_gui.commands import Command
from handwrite_gui.page import recent_files
from handwrite_gui.page.editing_commands import editing_commands
from handwrite_gui.page.samples import Sample

if TYPE_CHECKING:
    from handwrite_gui.page.view import PageView


PDF_RESOLUTIONS = (150.0, 200.0, 300.0, 400.0, 600.0)
"""Pixels an inch that can be chosen."""


def page_commands(view: PageView, samples: list[Sample]) -> list[Command]:
    """The commands of one view, in the order of the menus."""
    return [
        Command(
            "page.open",
            "&Open…",
            view.opener.ask_for_file,
            "Ctrl+O",
            "open",
            menu="File",
            section="open",
            tip="Open photos, scans or a PDF of handwriting and read them, or saved pages",
        ),
        Command(
            "page.add",
            "A&dd Pages…",
            view.opener.ask_for_more,
            "Ctrl+Alt+O",
            "plus",
            menu="File",
            section="open",
            enabled=view.has_page,
            tip="Add photos, scans or a PDF to the list of pages",
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
            "page.pdf-resolution",
            "PDF Resol&ution",
            lambda: None,
            menu="File",
            section="open",
            children=lambda: _resolution_commands(view),
        ),
        Command(
            "page.save",
            "&Save",
            view.save,
            "Ctrl+S",
            "save",
            menu="File",
            section="save",
            enabled=view.has_reading,
            tip="Save the page with its picture, its reading and your corrections in one file",
        ),
        Command(
            "page.save-as",
            "Save &As…",
            view.save_as,
            "Ctrl+Shift+S",
            menu="File",
            section="save",
            enabled=view.has_reading,
            tip="Save the page in another file, with its picture or linked to it",
        ),
        Command(
            "page.save-all",
            "Save All Pa&ges…",
            view.save_all,
            "Ctrl+Alt+S",
            menu="File",
            section="save",
            enabled=lambda: bool(view.changed_documents),
            tip="Save every page that was corrected, each in a file of its own",
        ),
        Command(
            "page.save-text",
            "Save &Text…",
            view.ask_where_to_save,
            "Ctrl+T",
            "download",
            menu="File",
            section="save",
            enabled=view.has_reading,
            tip="Save what was read as text or JSON",
        ),
        Command(
            "page.export",
            "&Export…",
            view.ask_how_to_export,
            "Ctrl+Shift+E",
            "download",
            menu="File",
            section="save",
            enabled=view.has_reading,
            tip="Save what was read as searchable PDF, hOCR, ALTO, PAGE XML, table, picture or "
            "training set",
        ),
        Command(
            "page.export-all",
            "Export A&ll Pages…",
            view.export_all,
            "Ctrl+Alt+E",
            menu="File",
            section="save",
            enabled=view.can_export_all,
            tip="Save what was read of all pages of the list together; the others are read first",
        ),
        Command(
            "page.import",
            "&Import Reading…",
            view.importer.ask,
            "Ctrl+Shift+I",
            menu="File",
            section="import",
            tip="Correct what another program read: hOCR, ALTO, PAGE XML or JSON",
        ),
        Command(
            "page.paste",
            "&Paste Image",
            view.opener.paste,
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
            "&Cancel",
            view.cancel,
            "Esc",
            "stop",
            menu="Page",
            section="read",
            enabled=lambda: view.is_busy or view.workspace.canvas.is_choosing_region,
            tip="Stop, and go back to the page from before",
        ),
        *_leafing_commands(view),
        *_framing_commands(view),
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
            "page.most-doubtful",
            "&Most Doubtful Character",
            view.go_to_most_doubtful,
            "F9",
            menu="Page",
            section="doubtful",
            enabled=view.has_text,
            tip="Go through the doubtful characters, the most doubtful first",
        ),
        *_undo_commands(view),
        *editing_commands(view),
        *_display_commands(view),
        *_zoom_commands(view),
    ]


def _leafing_commands(view: PageView) -> list[Command]:
    leafer = view.leafer
    return [
        Command(
            "page.next",
            "Ne&xt Page",
            lambda: leafer.go(1),
            "Ctrl+PgDown",
            "chevron-down",
            menu="Page",
            section="pages",
            enabled=lambda: leafer.can_go(1),
            tip="Show the next page of the list, and read it",
        ),
        Command(
            "page.previous",
            "Pre&vious Page",
            lambda: leafer.go(-1),
            "Ctrl+PgUp",
            "chevron-up",
            menu="Page",
            section="pages",
            enabled=lambda: leafer.can_go(-1),
            tip="Show the page before in the list",
        ),
        Command(
            "page.read-all",
            "Read &All Pages",
            leafer.read_all,
            "Ctrl+F5",
            menu="Page",
            section="pages",
            enabled=lambda: bool(leafer.unread) and not view.is_busy and view.session.can_read,
            tip="Read every page of the list that was not read yet",
        ),
        Command(
            "page.earlier",
            "Move Page &Up",
            lambda: leafer.move(-1),
            "Ctrl+Shift+PgUp",
            menu="Page",
            section="pages",
            enabled=lambda: leafer.can_go(-1),
            tip="Put this page before the one above it",
        ),
        Command(
            "page.later",
            "Move Page &Down",
            lambda: leafer.move(1),
            "Ctrl+Shift+PgDown",
            menu="Page",
            section="pages",
            enabled=lambda: leafer.can_go(1),
            tip="Put this page after the one below it",
        ),
        Command(
            "page.remove",
            "Re&move Page from the List",
            leafer.remove,
            "Ctrl+Shift+W",
            menu="Page",
            section="pages",
            enabled=lambda: leafer.has_several,
            tip="Take this page off the list; its file stays, and what you corrected too",
        ),
    ]


def _framing_commands(view: PageView) -> list[Command]:
    canvas = view.workspace.canvas
    return [
        Command(
            "page.turn-left",
            "Turn &Left",
            lambda: view.turn(-1),
            "Ctrl+Shift+Left",
            "rotate-left",
            menu="Page",
            section="framing",
            enabled=view.has_page,
            tip="Turn the page by a quarter to the left and read it again",
        ),
        Command(
            "page.turn-right",
            "Turn &Right",
            lambda: view.turn(1),
            "Ctrl+Shift+Right",
            "rotate-right",
            menu="Page",
            section="framing",
            enabled=view.has_page,
            tip="Turn the page by a quarter to the right and read it again",
        ),
        Command(
            "page.choose-region",
            "Read a Re&gion",
            view.choose_region,
            "Ctrl+R",
            "crop",
            menu="Page",
            section="framing",
            enabled=view.has_page,
            checkable=True,
            checked=lambda: canvas.is_choosing_region,
            tip="Drag a rectangle over a part of the page and read only that",
        ),
        Command(
            "page.whole-page",
            "Read the &Whole Page",
            lambda: view.session.read_region(None),
            "Ctrl+Shift+R",
            "page",
            menu="Page",
            section="framing",
            enabled=view.has_region,
            tip="Read all of the page again",
        ),
    ]


def _undo_commands(view: PageView) -> list[Command]:
    editor = view.editor
    return [
        Command(
            "page.undo",
            "&Undo",
            editor.undo,
            "Ctrl+Z",
            "undo",
            menu="Edit",
            section="undo",
            enabled=lambda: editor.document is not None and bool(editor.document.undo_title),
        ),
        Command(
            "page.redo",
            "&Redo",
            editor.redo,
            "Ctrl+Shift+Z; Ctrl+Y",
            "redo",
            menu="Edit",
            section="undo",
            enabled=lambda: editor.document is not None and bool(editor.document.redo_title),
        ),
    ]


def _display_commands(view: PageView) -> list[Command]:
    def command(
        name: str, title: str, shortcut: str, icon: str, tip: str, section: str = "overlay"
    ) -> Command:
        return Command(
            f"page.{name}",
            title,
            lambda shown: view.set_display(
                replace(view.display, **{name.replace("-", "_"): shown})
            ),
            shortcut,
            icon,
            menu="View",
            section=section,
            enabled=view.has_page,
            checkable=True,
            checked=lambda: bool(getattr(view.display, name.replace("-", "_"))),
            tip=tip,
        )

    return [
        command("boxes", "Show &Boxes", "Ctrl+B", "boxes", "Outline every character that was read"),
        command(
            "labels",
            "Show &Labels",
            "Ctrl+L",
            "text",
            "Write beside every character what it was read as",
        ),
        command(
            "lines",
            "Show L&ines",
            "Ctrl+Shift+L",
            "lines",
            "Underline every line of writing, and number the lines as they are read",
        ),
        command(
            "as-seen",
            "As &Seen",
            "Ctrl+E",
            "eye",
            "Show what the network sees in each shape alone, without context and language",
            "seen",
        ),
        Command(
            "page.next-step",
            "Ne&xt Step of the Reading",
            lambda: view.tools.steps.go(1),
            "F6",
            menu="View",
            section="steps",
            enabled=view.has_reading,
            tip="Show what the reader makes of the page: its ink, lines and cuts",
        ),
        Command(
            "page.previous-step",
            "Pre&vious Step of the Reading",
            lambda: view.tools.steps.go(-1),
            "Shift+F6",
            menu="View",
            section="steps",
            enabled=view.has_reading,
        ),
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
    clear = Command("page.recent.clear", "&Clear List", view.opener.clear_recent, section="clear")
    return [*entries, clear]


def _resolution_commands(view: PageView) -> list[Command]:
    def command(dpi: float) -> Command:
        return Command(
            f"page.pdf-resolution.{dpi:.0f}",
            f"{dpi:.0f} pixels an inch",
            lambda _: view.leafer.set_dpi(dpi),
            checkable=True,
            checked=lambda: view.leafer.dpi == dpi,
        )

    return [command(dpi) for dpi in PDF_RESOLUTIONS]
