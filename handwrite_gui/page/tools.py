"""The buttons and choosers around a page, and the order in which Tab goes through them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtWidgets import QWidget

from handwrite_gui.commands import Command, CommandButton, refresh_buttons
from handwrite_gui.page.angle_field import AngleField
from handwrite_gui.page.reading_choices import ReadingChoices
from handwrite_gui.page.step_chooser import StepChooser
from handwrite_gui.page.workspace import Workspace
from handwrite_gui.widgets.alphabet_chooser import AlphabetChooser

HEAD = ("read-again", "open", "save")
TURNING = ("turn-left", "turn-right")
REGION = ("choose-region", "whole-page", "edit-boxes")
DISPLAY = ("boxes", "labels", "lines")
FOOT = ("zoom-out", "zoom-in", "fit", "actual-size")
TEXT = ("as-seen", "copy-text", "save-text")
WITH_TEXT = ("open", "save", "as-seen")


class PageTools:
    """Puts a view's commands, and what is chosen for reading, around its page."""

    def __init__(
        self, workspace: Workspace, commands: Sequence[Command], alphabet: AlphabetChooser
    ) -> None:
        self.alphabet = alphabet
        self.choices = ReadingChoices()
        self.angle = AngleField()
        self.steps = StepChooser()
        by_id = {command.id.removeprefix("page."): command for command in commands}
        self._buttons = {
            id: CommandButton(by_id[id], with_text=id in WITH_TEXT)
            for id in (*HEAD, *TURNING, *REGION, *DISPLAY, *FOOT, *TEXT)
        }
        workspace.add_to_head(alphabet, self.choices, *self._of(HEAD))
        workspace.add_tools(
            [*self._of(TURNING), self.angle, *self._of(REGION)],
            [self.steps, *self._of(DISPLAY)],
        )
        workspace.add_to_foot(*self._of(FOOT))
        workspace.panel.add_to_head(*self._of(TEXT))
        self._order_for_tab(workspace)

    def refresh(self) -> None:
        """Ask every command again whether it can be used and whether it is on."""
        refresh_buttons(self._buttons.values())

    def _of(self, ids: Sequence[str]) -> list[CommandButton]:
        return [self._buttons[id] for id in ids]

    def _order_for_tab(self, workspace: Workspace) -> None:
        """Let Tab go through the view as one reads it."""
        panel = workspace.panel
        order: list[QWidget] = [
            self.alphabet,
            self.choices.field,
            self.choices.language,
            *self._of(HEAD),
            *self._of(TURNING),
            self.angle,
            *self._of(REGION),
            self.steps,
            *self._of(DISPLAY),
            workspace.canvas,
            *self._of(FOOT),
            *self._of(TEXT),
            panel.notice.button,
            panel.text_pane,
            panel.card.label_field,
            panel.card.withdraw_button,
        ]
        for one, following in pairwise(order):
            QWidget.setTabOrder(one, following)
