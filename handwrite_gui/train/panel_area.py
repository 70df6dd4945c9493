"""The pages of the train view: a row of tabs, and the curves beside what they show."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.settings import Settings
from handwrite_gui.theme import theme

_SPLITTER_KEY = "train/splitter"
_PAGE_KEY = "train/page"
_BESIDE_KEY = "train/curves_beside"

CURVES = "curves"
_BESIDE = "Curves beside"
_WIDTH_FOR_BOTH = 560
_WIDTH_FOR_TEXT = 800


class PanelArea(QWidget):
    """One page at a time, the curves beside it if wanted, and a preview before the first run.

    Args:
        curves: the first page, which may stand beside the others.
        preview: shown in place of what needs a run, until there is one.

    Signals:
        page_changed(str): the key of the page that is shown now.
    """

    page_changed = Signal(str)

    def __init__(self, curves: QWidget, preview: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys: list[str] = []
        self._titles: list[tuple[str, str]] = []
        self._pages: dict[str, QWidget] = {CURVES: curves}
        self._needs_run = {CURVES: True}
        self._curves_beside = {CURVES: False}
        self._has_run = False
        self._curves, self._preview = curves, preview
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setAccessibleName("Pages")
        self.beside = QCheckBox(_BESIDE)
        self.beside.setAccessibleName(_BESIDE)
        self.beside.setToolTip("Keep the curves in view beside every page")
        self.beside.setChecked(True)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self._stack = QStackedWidget()
        self._lay_out()
        self._add_tab(CURVES, "Curves", "Loss and accuracy while the network learns")
        self.tabs.currentChanged.connect(self._turn)
        self.beside.toggled.connect(self._arrange)
        self._arrange()

    def _lay_out(self) -> None:
        spacing = theme().tokens.spacing
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(2 * spacing)
        self.splitter.addWidget(self._curves)
        self.splitter.addWidget(self._stack)
        self.splitter.setSizes([430, 430])
        head = self._head = QHBoxLayout()
        head.setSpacing(spacing)
        head.addWidget(self.tabs, 1)
        head.addWidget(self.beside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(spacing)
        layout.addLayout(head)
        layout.addWidget(self._preview, 1)
        layout.addWidget(self.splitter, 1)

    def add_corner(self, widget: QWidget) -> None:
        """Put a widget at the right end of the row of tabs."""
        self._head.addWidget(widget)

    def add_page(
        self,
        key: str,
        title: str,
        page: QWidget,
        tip: str = "",
        *,
        short_title: str = "",
        needs_run: bool = True,
        curves_beside: bool = True,
    ) -> None:
        """Add a page after the others.

        Args:
            key: unique; in code and settings.
            title: of its tab, a word or two.
            short_title: one word, for a small window; the title by default.
            tip: one sentence on what it shows.
            needs_run: whether there is nothing to show before the first run.
            curves_beside: whether the curves may stand beside it.
        """
        self._pages[key] = page
        self._needs_run[key] = needs_run
        self._curves_beside[key] = curves_beside
        self._stack.addWidget(page)
        self._add_tab(key, title, tip, short_title)

    def _add_tab(self, key: str, title: str, tip: str, short_title: str = "") -> None:
        self._keys.append(key)
        self._titles.append((title, short_title or title))
        index = self.tabs.addTab(title)
        self.tabs.setTabToolTip(index, tip)

    @property
    def page(self) -> str:
        """The key of the page that is chosen."""
        return self._keys[self.tabs.currentIndex()]

    @property
    def keys(self) -> tuple[str, ...]:
        """Of all pages, in the order of their tabs."""
        return tuple(self._keys)

    def show_page(self, key: str) -> None:
        """Choose a page."""
        self.tabs.setCurrentIndex(self._keys.index(key))

    @property
    def shows_preview(self) -> bool:
        """Whether the preview stands in place of a page that needs a run."""
        return not self._has_run and self._needs_run[self.page]

    def set_has_run(self) -> None:
        """There is something to show now."""
        self._has_run = True
        self._arrange()

    def _turn(self) -> None:
        self._arrange()
        self.page_changed.emit(self.page)

    def _arrange(self) -> None:
        key = self.page
        shows_preview = self.shows_preview
        alone = key == CURVES
        may_stand_beside = self._has_run and self._curves_beside[key]
        has_room = self.width() >= _WIDTH_FOR_BOTH
        if not alone:
            self._stack.setCurrentWidget(self._pages[key])
        self._preview.setVisible(shows_preview)
        self.splitter.setVisible(not shows_preview)
        self._stack.setVisible(not alone)
        self._curves.setVisible(
            alone or (may_stand_beside and has_room and self.beside.isChecked())
        )
        # Without its text where the tabs need the room, which are shorter then themselves: all of
        # them are to be seen, none scrolled to. The tips say it in full.
        has_room_for_texts = self.width() >= _WIDTH_FOR_TEXT
        self.beside.setText(_BESIDE if has_room_for_texts else "")
        for index, (title, short_title) in enumerate(self._titles):
            self.tabs.setTabText(index, title if has_room_for_texts else short_title)
        self.beside.setVisible(may_stand_beside and not alone and has_room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def save_state(self, store: QSettings) -> None:
        store.setValue(_SPLITTER_KEY, self.splitter.saveState())
        store.setValue(_PAGE_KEY, self.page)
        store.setValue(_BESIDE_KEY, self.beside.isChecked())

    def restore_state(self, store: Settings) -> None:
        state = store.value(_SPLITTER_KEY)
        if isinstance(state, QByteArray):
            self.splitter.restoreState(state)
        page = store.read(_PAGE_KEY, self.page)
        if page in self._keys:
            self.show_page(page)
        self.beside.setChecked(store.read(_BESIDE_KEY, True))
