"""The My Hand view: whose hand, teaching it, and what adapting to it has brought."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.commands import Command
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.handwriting.outcome import outcome
from handwrite_gui.engine.handwriting.profiles import ProfileStore
from handwrite_gui.handwriting.known_grid import KnownGrid
from handwrite_gui.handwriting.learning_panel import LearningPanel
from handwrite_gui.handwriting.samples_panel import SamplesPanel
from handwrite_gui.handwriting.session import HandSession
from handwrite_gui.handwriting.sheet.desk import SheetDesk
from handwrite_gui.handwriting.teach_panel import TeachPanel
from handwrite_gui.model_store import PROFILE_KEY, ModelStore
from handwrite_gui.settings import settings as stored_settings
from handwrite_gui.widgets.alphabet_chooser import AlphabetChooser

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from handwrite_gui.engine.handwriting.learning import Learned
    from handwrite_gui.handwriting.session import HandState

_SIDE_WIDTH = 360
_INVITATION = (
    "A profile keeps samples of one person's hand. The program learns from them to read that "
    "hand better, and forgets nothing of what it knew. Samples stay on this computer."
)


class HandView(QWidget):
    """Teaches the program one's hand.

    Signals:
        status_message(str): something worth a line in the status bar.
        error_message(str): something went wrong; one sentence fit to be shown.
        error_raised(object): an exception, to be explained.
        offered(str, str, object): a sentence, what can be done about it, and a function that does.
        commands_changed(): other commands can be used now.
    """

    status_message = Signal(str)
    error_message = Signal(str)
    error_raised = Signal(object)
    offered = Signal(str, str, object)
    commands_changed = Signal()

    def __init__(
        self,
        store: ModelStore,
        parent: QWidget | None = None,
        *,
        profiles: ProfileStore | None = None,
    ) -> None:
        super().__init__(parent)
        self.session = HandSession(store, profiles or ProfileStore(), self)
        self.sheets = SheetDesk(self.session, store, self)
        self._store = store
        self._state: HandState | None = None
        self._shown: str | None = None  # the id of the profile that is; None before any was
        self._kept: list[int] = []
        self._to_take_back = 0
        self._rounds = 0
        self.teach = TeachPanel(self)
        self.samples = SamplesPanel(self)
        self.grid = KnownGrid(self)
        self.learning = LearningPanel(self)
        self.alphabet_chooser = AlphabetChooser(store, self)
        self.alphabet_chooser.setToolTip("Which characters to teach")
        self._lay_out()
        self._connect()
        self._follow_session()
        self.setFocusProxy(self.profiles)

    def _lay_out(self) -> None:
        self.profiles = QComboBox(self)
        self.profiles.setAccessibleName("Profile")
        self.profiles.setMinimumWidth(180)
        self.profiles.setToolTip("Whose hand it is; Nobody's reads as the model came")
        whose = QLabel("&Profile", self)
        whose.setProperty("role", "muted")
        whose.setBuddy(self.profiles)
        self.new_button = QPushButton("&New…", self)
        self.rename_button = QPushButton("Rena&me…", self)
        self.delete_button = QPushButton("&Delete…", self)
        alphabet = QLabel("Alpha&bet", self)
        alphabet.setProperty("role", "muted")
        alphabet.setBuddy(self.alphabet_chooser)
        tools = QHBoxLayout()
        tools.setSpacing(8)
        for widget in (
            whose, self.profiles, self.new_button, self.rename_button, self.delete_button,
        ):  # fmt: skip
            tools.addWidget(widget)
        tools.addStretch(1)
        tools.addWidget(alphabet)
        tools.addWidget(self.alphabet_chooser)
        self.invitation = QLabel(_INVITATION, self)
        self.invitation.setWordWrap(True)
        self.invitation.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.invitation.setFixedWidth(520)
        self.first_button = QPushButton("Make a &Profile…", self)
        self.first_button.setProperty("variant", "primary")
        self.welcome = QWidget(self)
        column = QVBoxLayout(self.welcome)
        column.addStretch(1)
        # With an alignment in the column the text would get the height of a guess at its width.
        centred = QHBoxLayout()
        centred.addStretch(1)
        centred.addWidget(self.invitation)
        centred.addStretch(1)
        column.addLayout(centred)
        column.addSpacing(16)
        column.addWidget(self.first_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        self.content = QWidget(self)
        row = QHBoxLayout(self.content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        self.teaching = QWidget(self)
        main = QVBoxLayout(self.teaching)
        main.setContentsMargins(0, 12, 0, 0)
        main.setSpacing(12)
        main.addWidget(self.teach, 1)
        main.addWidget(self._on_paper())
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.teaching, "Teach")
        self.tabs.addTab(self.samples, "Samples")
        row.addWidget(self.tabs, 1)
        row.addWidget(self._side())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 16, 24, 24)
        whole.setSpacing(16)
        whole.addLayout(tools)
        whole.addWidget(self.welcome, 1)
        whole.addWidget(self.content, 1)

    def _on_paper(self) -> QWidget:
        self.print_button = QPushButton("&Print a Sample Sheet…", self)
        self.print_button.setToolTip("A PDF with a box for every character, to be filled in by pen")
        self.read_button = QPushButton("Read a &Filled-in Sheet…", self)
        self.read_button.setToolTip("Take samples from photographs or scans of a filled-in sheet")
        label = QLabel("Or on paper:", self)
        label.setProperty("role", "muted")
        self.paper = QWidget(self)
        row = QHBoxLayout(self.paper)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (label, self.print_button, self.read_button):
            row.addWidget(widget)
        row.addStretch(1)
        return self.paper

    def _side(self) -> QWidget:
        known = QLabel("How well each character is known", self)
        known.setProperty("role", "heading")
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(12)
        column.addWidget(self.learning)
        column.addSpacing(4)
        column.addWidget(known)
        column.addWidget(self.grid)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFixedWidth(_SIDE_WIDTH)
        return area

    def _connect(self) -> None:
        session, teach = self.session, self.teach
        self.profiles.activated.connect(lambda i: session.choose(self.profiles.itemData(i)))
        self.new_button.clicked.connect(self.ask_for_profile)
        self.first_button.clicked.connect(self.ask_for_profile)
        self.rename_button.clicked.connect(self.ask_for_name)
        self.delete_button.clicked.connect(self.ask_to_delete)
        session.changed.connect(self._follow_session)
        session.looked.connect(self._show_state)
        session.kept.connect(self._was_kept)
        session.failed.connect(self.error_raised)
        session.learning_changed.connect(lambda: self.learning.set_learning(session.is_learning))
        session.learning_changed.connect(self.commands_changed)
        session.progressed.connect(self.learning.show_progress)
        session.learned.connect(self._was_learned)
        session.browsed.connect(self.samples.show_samples)
        self.tabs.currentChanged.connect(self._show_tab)
        self.samples.remove_wanted.connect(session.remove)
        self.samples.put_back_wanted.connect(session.put_back)
        self.samples.relabel_wanted.connect(session.relabel)
        self.samples.undo_changed.connect(self.commands_changed)
        self.print_button.clicked.connect(self.sheets.ask_to_print)
        self.read_button.clicked.connect(self.sheets.ask_to_read)
        self.sheets.saved.connect(self.status_message)
        self.sheets.kept.connect(self._sheets_kept)
        self.sheets.failed.connect(self.error_raised)
        teach.asked.connect(lambda label: self.paper.setVisible(not label))
        teach.start_wanted.connect(self.start_teaching)
        teach.written.connect(self._keep)
        teach.back_wanted.connect(self._take_back)
        teach.asked.connect(self.grid.mark)
        teach.asked.connect(self.commands_changed)
        teach.finished.connect(self._finished)
        teach.drawing.undo_changed.connect(self.commands_changed)
        self.learning.learn_wanted.connect(session.learn)
        self.learning.cancel_wanted.connect(session.cancel)
        self.learning.switched.connect(session.switch)
        self.learning.activated.connect(session.activate)
        self.alphabet_chooser.failed.connect(self.error_message)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.session.look()  # a page may have brought samples

    # What the window asks of a view

    def commands(self) -> list[Command]:
        session, drawing = self.session, self.teach.drawing
        changes = self.samples.undo_stack

        def has_samples() -> bool:
            return self._state is not None and self._state.samples > 0 and not session.is_learning

        def is_someone() -> bool:
            return session.profile is not None

        return [
            Command("hand.undo", "&Undo", self.undo, "Ctrl+Z", "undo", "Edit", "undo",
                    enabled=lambda: changes.canUndo() if self._browses else drawing.can_undo,
                    tip="Take back the last stroke, or what was done to samples"),
            Command("hand.redo", "&Redo", self.redo, "Ctrl+Shift+Z; Ctrl+Y", "redo",
                    "Edit", "undo",
                    enabled=lambda: changes.canRedo() if self._browses else drawing.can_redo,
                    tip="Do again what was taken back"),
            Command("hand.restore", "&Restore Profile", lambda: None, "", "history", "Hand",
                    "profile", enabled=lambda: bool(session.deleted()),
                    children=self._deleted_profiles, tip="Bring a deleted profile back"),
            Command("hand.new", "&New Profile…", self.ask_for_profile, "Ctrl+Shift+N", "plus",
                    "Hand", "profile", tip="Make a profile for another hand"),
            Command("hand.teach", "&Teach", self.start_teaching, "Ctrl+T", "draw", "Hand", "teach",
                    enabled=lambda: is_someone() and not self.teach.label,
                    tip="Write the characters that are known least"),
            Command("hand.print_sheet", "&Print a Sample Sheet…", self.sheets.ask_to_print,
                    "Ctrl+P", "page", "Hand", "sheet",
                    tip="A PDF with a box for every character, to be filled in by pen"),
            Command("hand.read_sheet", "Read a &Filled-in Sheet…", self.sheets.ask_to_read,
                    "Ctrl+Shift+P", "image", "Hand", "sheet", enabled=is_someone,
                    tip="Take samples from photographs or scans of a filled-in sheet"),
            Command("hand.learn", "&Adapt Now", session.learn, "Ctrl+L", "train", "Hand", "teach",
                    enabled=has_samples,
                    tip="Learn from all samples; kept only where it reads better"),
            Command("hand.cancel", "&Cancel Adapting", session.cancel, "", "stop", "Hand", "teach",
                    enabled=lambda: session.is_learning, tip="Stop; nothing changes"),
        ]  # fmt: skip

    def shutdown(self) -> None:
        """Ask work to end and wait for it; samples under way are kept."""
        self.sheets.shutdown()
        self.session.shutdown()

    def save_state(self, settings: QSettings) -> None:
        """The profile in use is kept whenever another is chosen."""

    def restore_state(self, settings: QSettings) -> None:
        """Return to the profile that was in use."""
        chosen = stored_settings().read(PROFILE_KEY, "")
        if chosen and self.session.profile is None:
            self.session.choose(chosen, read_with=False)  # the window saw to that

    # Profiles

    def ask_for_profile(self) -> None:
        """Ask for a name and make a profile."""
        name, agreed = QInputDialog.getText(self, "New profile", "Whose hand is it?")
        if agreed:
            self.create_profile(name)

    def create_profile(self, name: str) -> None:
        """Make a profile and use it; a message where that cannot be."""
        try:
            self.session.create(name)
        except HandwriteError as error:
            self.error_raised.emit(error)

    def ask_for_name(self) -> None:
        """Ask for another name for the profile in use."""
        if self.session.profile is None:
            return
        name, agreed = QInputDialog.getText(
            self, "Rename profile", "Name", text=self.session.profile.name
        )
        if agreed:
            try:
                self.session.rename(name)
            except HandwriteError as error:
                self.error_raised.emit(error)

    def ask_to_delete(self) -> None:
        """Ask whether the profile in use should go."""
        profile = self.session.profile
        if profile is None:
            return
        name, samples = profile.name, len(profile.samples)
        question = (
            f"Delete the profile “{name}” with its {samples} samples?\n\nHand › Restore Profile "
            f"brings it back. Its files stay in {profile.folder} until you remove that folder."
        )
        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self, "Delete profile", question, buttons.Yes | buttons.Cancel, buttons.Cancel
        )
        if answer == buttons.Yes:
            self.session.delete()
            if self.session.profile is None:
                restore = partial(self.restore_profile, profile.id)
                self.offered.emit(f"The profile “{name}” was deleted.", "Restore", restore)

    def restore_profile(self, profile_id: str) -> None:
        """Bring a deleted profile back and use it."""
        self.session.restore(profile_id)
        profile = self.session.profile
        if profile is not None:
            self.status_message.emit(f"Restored the profile “{profile.name}”")

    def _deleted_profiles(self) -> list[Command]:
        return [
            Command(
                f"hand.restore.{profile_id}",
                name.replace("&", "&&"),
                partial(self.restore_profile, profile_id),
                menu="Hand",
            )
            for profile_id, name in self.session.deleted()
        ]

    # Samples

    @property
    def _browses(self) -> bool:
        """Whether the samples are shown."""
        return self.tabs.currentWidget() is self.samples

    def undo(self) -> None:
        """Take back the last stroke, or what was done to samples, by what is shown."""
        (self.samples.undo_stack if self._browses else self.teach.drawing).undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        (self.samples.undo_stack if self._browses else self.teach.drawing).redo()

    def _show_tab(self) -> None:
        self._browse()
        self.commands_changed.emit()

    def _browse(self) -> None:
        if self._browses:
            self.session.browse()

    # Teaching

    def start_teaching(self) -> None:
        """Begin a round with the characters that are known least."""
        if self._state is None or self.teach.label:
            return
        self.tabs.setCurrentWidget(self.teaching)
        from handwrite_gui.engine.handwriting.teaching import ask_for

        self._rounds += 1
        self._kept.clear()
        self.teach.start(ask_for(self._state.known, seed=self._state.samples + self._rounds))

    def _keep(self, label: str) -> None:
        self.session.keep(_points(self.teach), label)

    def _was_kept(self, number: int) -> None:
        if self._to_take_back:
            self._to_take_back -= 1
            self.session.take_back(number)
        else:
            self._kept.append(number)

    def _take_back(self) -> None:
        if self._kept:
            self.session.take_back(self._kept.pop())
        else:  # it is being written; as soon as it is there
            self._to_take_back += 1

    def _finished(self, written: int) -> None:
        if written:
            self.status_message.emit(f"{written} samples kept; adapting in the background")
            self.session.learn()

    def _sheets_kept(self, ids: list[int]) -> None:
        undo = self.samples.added(ids)

        def take_back() -> None:
            self.session.cancel()  # what is being learned from them is not wanted either
            undo()

        samples = "1 sample" if len(ids) == 1 else f"{len(ids)} samples"
        text = f"{samples} of the sheet are kept; adapting in the background."
        self.offered.emit(text, "Take Back", take_back)
        self.session.look()
        self.session.learn()

    # Keeping the parts in step

    def _follow_session(self) -> None:
        profile = self.session.profile
        self.profiles.clear()
        self.profiles.addItem("Nobody's", "")
        for profile_id, name in self.session.names():
            self.profiles.addItem(name, profile_id)
        index = self.profiles.findData(profile.id) if profile is not None else 0
        self.profiles.setCurrentIndex(max(0, index))
        someone = profile is not None
        self.rename_button.setEnabled(someone)
        self.delete_button.setEnabled(someone)
        self.welcome.setVisible(not someone)
        self.content.setVisible(someone)
        self._forget_another(profile.id if profile is not None else "")
        self.commands_changed.emit()

    def _forget_another(self, profile_id: str) -> None:
        """Show nothing of the profile before; where it is the same, it has but another name."""
        if profile_id == self._shown:
            return
        self._shown = profile_id
        self._state = None
        self.samples.forget()
        self._browse()
        self.teach.stop()
        self.learning.show_outcome("")

    def _show_state(self, state: HandState) -> None:
        self._state = state
        self.grid.show_known(state.known)
        self.learning.show_state(state)
        self._browse()
        self.commands_changed.emit()

    def _was_learned(self, learned: Learned) -> None:
        text = outcome(learned)
        self.learning.show_outcome(text)
        self.status_message.emit(text)


def _points(teach: TeachPanel) -> list[NDArray[np.float64]]:
    import numpy as np

    return [
        np.array([(point.x, point.y) for point in stroke.points])
        for stroke in teach.drawing.strokes
    ]
