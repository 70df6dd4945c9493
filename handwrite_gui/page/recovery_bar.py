"""Offers what a program that did not end in good order had not saved."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMessageBox, QPushButton, QWidget

from handwrite_gui.page.recovery import RecoveryCopy, discard
from handwrite_gui.theme import theme


class RecoveryBar(QFrame):
    """Names the pages that can be recovered, one after the other.

    Signals:
        recover_wanted(RecoveryCopy): the person wants the first one back.
    """

    recover_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recoveryBar")
        self.setAccessibleName("Recovery")
        self._copies: list[RecoveryCopy] = []
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.recover_button = QPushButton("Recover")
        self.recover_button.setProperty("variant", "primary")
        self.recover_button.clicked.connect(self._recover)
        self.discard_button = QPushButton("Discard…")
        self.discard_button.clicked.connect(self._discard)
        spacing = theme().tokens.spacing
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * spacing, spacing, 2 * spacing, spacing)
        layout.setSpacing(spacing)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.recover_button)
        layout.addWidget(self.discard_button)
        self._restyle()
        theme().changed.connect(self._restyle)
        self.hide()

    @property
    def copies(self) -> list[RecoveryCopy]:
        """What is offered."""
        return list(self._copies)

    def offer(self, copies: list[RecoveryCopy]) -> None:
        """Offer copies; nothing is shown where there are none."""
        self._copies = list(copies)
        self.setVisible(bool(copies))
        if not copies:
            return
        names = ", ".join(copy.name for copy in copies[:3])
        if len(copies) > 3:
            names += f" and {len(copies) - 3} more"
        self.text.setText(
            f"Handwrite did not end in good order. Changes that were not saved were kept: {names}."
        )
        of_several = f" {copies[0].name}" if len(copies) > 1 else ""
        self.recover_button.setText(f"Recover{of_several}")

    def _recover(self) -> None:
        first = self._copies[0]
        self.offer(self._copies[1:])
        self.recover_wanted.emit(first)

    def _discard(self) -> None:
        count = len(self._copies)
        answer = QMessageBox.question(
            self,
            "Discard recovered changes",
            f"Delete the unsaved changes to {count} page{'' if count == 1 else 's'} for good?",
            QMessageBox.StandardButton.Discard | QMessageBox.StandardButton.Cancel,
            QMessageBox.StandardButton.Cancel,
        )
        if answer == QMessageBox.StandardButton.Discard:
            for copy in self._copies:
                discard(copy)
            self.offer([])

    def _restyle(self) -> None:
        tokens = theme().tokens
        self.setStyleSheet(f"#recoveryBar {{ background: {tokens.accent_soft}; }}")
