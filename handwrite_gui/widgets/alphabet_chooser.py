"""Choosing which characters a page may hold."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QWidget

from handwrite_gui.engine.alphabets import ALPHABETS
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.model_store import ModelStore

TITLES = {
    "digits": "Digits 0–9",
    "upper": "Capitals A–Z",
    "alnum": "Capitals and digits",
    "full": "All characters",
}


class AlphabetChooser(QComboBox):
    """Shows and sets the alphabet of the model in use.

    Signals:
        failed(str): the model cannot read the alphabet that was chosen.
    """

    failed = Signal(str)

    def __init__(self, store: ModelStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        for name in ALPHABETS:
            self.addItem(TITLES.get(name, name), name)
        self.setAccessibleName("Alphabet")
        self.setToolTip("Which characters the page may hold; fewer are read more surely.")
        self.activated.connect(self._choose)
        store.changed.connect(self._follow)
        self._follow()

    def _choose(self, index: int) -> None:
        try:
            self._store.set_alphabet(self.itemData(index))
        except HandwriteError as error:
            self._follow()
            self.failed.emit(str(error))

    def _follow(self) -> None:
        """Show the alphabet in use; those of which the model knows nothing cannot be chosen."""
        self.setCurrentIndex(self.findData(self._store.alphabet))
        model, items = self._store.model, self.model()
        if model is None or not isinstance(items, QStandardItemModel):
            return
        for index in range(self.count()):
            known = set(ALPHABETS[self.itemData(index)]) & set(model.classes)
            items.item(index).setEnabled(bool(known))
