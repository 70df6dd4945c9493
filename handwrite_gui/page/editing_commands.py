"""What can be done to the characters of a page, as commands."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from handwrite_gui.commands import Command
from handwrite_gui.engine.page_document.writing import Gap

if TYPE_CHECKING:
    from handwrite_gui.page.view import PageView


def editing_commands(view: PageView) -> list[Command]:
    """The commands on what is selected, in the order of the menu."""
    return [*_label_commands(view), *_box_commands(view), *_text_commands(view)]


def _label_commands(view: PageView) -> list[Command]:
    editor = view.editor

    def is_one() -> bool:
        return editor.one is not None

    return [
        Command(
            "page.correct",
            "&Correct Character",
            view.edit_label,
            "F2",
            menu="Edit",
            section="correct",
            enabled=is_one,
            tip="Type what the selected character is; typing it on the page does the same",
        ),
        Command(
            "page.confirm",
            "C&onfirm and Go On",
            view.confirm,
            "F3",
            menu="Edit",
            section="correct",
            enabled=lambda: editor.selection is not None,
            tip="Say that what is selected is right, and go to the next doubtful character (Enter)",
        ),
        Command(
            "page.next-alternative",
            "Next &Alternative",
            editor.next_alternative,
            "F7",
            menu="Edit",
            section="correct",
            enabled=lambda: len(editor.alternatives()) > 1,
            tip="Correct the selected character to what else it could be, likeliest first",
        ),
        Command(
            "page.previous-alternative",
            "Pre&vious Alternative",
            lambda: editor.next_alternative(-1),
            "Shift+F7",
            menu="Edit",
            section="correct",
            enabled=lambda: len(editor.alternatives()) > 1,
        ),
        Command(
            "page.alternative",
            "Alternati&ves",
            lambda: None,
            menu="Edit",
            section="correct",
            enabled=lambda: len(editor.alternatives()) > 1,
            children=lambda: [
                Command(
                    f"page.alternative.{label}",
                    label.replace("&", "&&"),
                    partial(editor.correct, label),
                )
                for label in editor.alternatives()[1:]
            ],
        ),
        Command(
            "page.withdraw",
            "Re&move Correction",
            editor.withdraw,
            "Ctrl+Backspace",
            menu="Edit",
            section="correct",
            enabled=lambda: editor.is_corrected,
            tip="Go back to what was read of the selected character",
        ),
    ]


def _box_commands(view: PageView) -> list[Command]:
    editor = view.editor
    return [
        Command(
            "page.delete",
            "&Delete Characters",
            editor.erase,
            "Del",
            menu="Edit",
            section="boxes",
            enabled=lambda: editor.selection is not None,
            tip="Say that what is selected is no writing; it is not read again",
        ),
        Command(
            "page.edit-boxes",
            "Edit &Boxes",
            view.edit_boxes,
            "F4",
            "draw",
            menu="Edit",
            section="boxes",
            enabled=view.has_reading,
            checkable=True,
            checked=lambda: view.workspace.canvas.edits_boxes,
            tip="Drag to move and size the selected box, to draw one, or, with Ctrl held, to cut",
        ),
        Command(
            "page.split",
            "S&plit Character",
            editor.split,
            "Ctrl+K",
            menu="Edit",
            section="boxes",
            enabled=lambda: editor.one is not None,
            tip="Halve the selected character; while boxes are edited, drag a cut with Ctrl held",
        ),
        Command(
            "page.merge",
            "Mer&ge Characters",
            editor.merge,
            "Ctrl+M",
            menu="Edit",
            section="boxes",
            enabled=lambda: editor.selection is not None and len(editor.selection) > 1,
            tip="Make one character of those that are selected",
        ),
    ]


def _text_commands(view: PageView) -> list[Command]:
    editor = view.editor

    def is_some() -> bool:
        return editor.selection is not None

    def part(name: str, title: str, gap: Gap, shortcut: str, tip: str) -> Command:
        return Command(
            f"page.{name}",
            title,
            lambda: editor.part(gap),
            shortcut,
            menu="Edit",
            section="text",
            enabled=lambda: editor.can_part(gap),
            tip=tip,
        )

    def order(name: str, title: str, shortcut: str, tip: str, step: int, line: bool) -> Command:
        move = editor.move_line if line else editor.shift
        return Command(
            f"page.{name}",
            title,
            lambda: move(step),
            shortcut,
            menu="Edit",
            section="order",
            enabled=is_some,
            tip=tip,
        )

    return [
        part(
            "insert-space",
            "Insert &Space Before",
            Gap.SPACE,
            "Ctrl+I",
            "Let a word begin with the selected character",
        ),
        part(
            "insert-line-break",
            "Insert &Line Break Before",
            Gap.LINE,
            "Ctrl+Return",
            "Let a line begin with the selected character",
        ),
        part(
            "join",
            "&Join with the Character Before",
            Gap.NONE,
            "Ctrl+J",
            "Remove the space or the line break before the selected character",
        ),
        order(
            "move-earlier",
            "Read &Earlier",
            "Ctrl+Alt+Left",
            "Move what is selected by one place towards the beginning of the text",
            -1,
            False,
        ),
        order(
            "move-later",
            "Read L&ater",
            "Ctrl+Alt+Right",
            "Move what is selected by one place towards the end of the text",
            1,
            False,
        ),
        order(
            "move-line-up",
            "Move Line &Up",
            "Ctrl+Shift+Up",
            "Read the line of the selected character before the line above it",
            -1,
            True,
        ),
        order(
            "move-line-down",
            "Move Line &Down",
            "Ctrl+Shift+Down",
            "Read the line of the selected character after the line below it",
            1,
            True,
        ),
    ]
