"""The list of runs as a table model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from handwrite_gui.engine.training.runs import RunRecord
from handwrite_gui.icons import icon


class Column(IntEnum):
    """Of the table, from left to right."""

    SHOWN = 0
    STAR = 1
    NAME = 2
    VALIDATION = 3
    TEST = 4
    EPOCHS = 5
    STATE = 6
    WHEN = 7


_TITLES = ("", "", "Run", "Validation", "Test", "Epochs", "State", "Begun")
_TIPS = {
    Column.SHOWN: "Draw its curves beside those of the present run",
    Column.STAR: "Mark it",
    Column.VALIDATION: "Highest accuracy on the validation data",
    Column.TEST: "Accuracy on test data, which nothing was chosen by; looked at once, or how often",
}

_NUMBERS = (Column.VALIDATION, Column.TEST, Column.EPOCHS)

Index = QModelIndex | QPersistentModelIndex


class RunsModel(QAbstractTableModel):
    """One row a run.

    Signals:
        shown_changed(): other runs are ticked.
        rename_wanted(str, str), star_wanted(str, bool): of a run's id, by the person.
    """

    shown_changed = Signal()
    rename_wanted = Signal(str, str)
    star_wanted = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self._records: list[RunRecord] = []
        self._current = ""
        self._shown: list[str] = []
        self._colours: dict[str, str] = {}

    # What is listed

    @property
    def records(self) -> Sequence[RunRecord]:
        return self._records

    @property
    def shown(self) -> Sequence[str]:
        """Ids of the runs that are ticked, in the order in which they were."""
        return self._shown

    def record(self, row: int) -> RunRecord:
        return self._records[row]

    def row_of(self, run_id: str) -> int | None:
        return next((row for row, r in enumerate(self._records) if r.id == run_id), None)

    def set_records(self, records: Sequence[RunRecord]) -> None:
        """List these; rows stay where they are if the runs are the same."""
        same = [r.id for r in records] == [r.id for r in self._records]
        if same:
            self._records = list(records)
            self._tell_all()
            return
        self.beginResetModel()
        self._records = list(records)
        self.endResetModel()

    def set_current(self, run_id: str) -> None:
        """The run whose curves are drawn anyway, or ""."""
        self._current = run_id
        if run_id in self._shown:
            self._shown.remove(run_id)
        self._tell_all()

    def set_shown(self, run_ids: Sequence[str]) -> None:
        """Tick these and no others."""
        self._shown = [run_id for run_id in run_ids if run_id != self._current]
        self._tell_all()
        self.shown_changed.emit()

    def set_colours(self, colours: dict[str, str]) -> None:
        """The colour of a run's curves, by its id."""
        self._colours = colours
        self._tell_all()

    def _tell_all(self) -> None:
        if self._records:
            last = self.index(len(self._records) - 1, len(_TITLES) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    # What Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._records)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_TITLES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _TITLES[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return _TIPS.get(Column(section))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = (
                Qt.AlignmentFlag.AlignRight if section in _NUMBERS else Qt.AlignmentFlag.AlignLeft
            )
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        record = self._records[index.row()]
        if (
            index.column() == Column.SHOWN
            and record.id != self._current
            and record.epoch + record.step
        ):
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        if index.column() == Column.NAME and not record.deleted:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        record, column = self._records[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _text(record, column)
            case Qt.ItemDataRole.EditRole if column == Column.NAME:
                return record.name
            case Qt.ItemDataRole.CheckStateRole if column == Column.SHOWN:
                if not self.flags(index) & Qt.ItemFlag.ItemIsUserCheckable:
                    return None
                is_shown = record.id in self._shown
                return Qt.CheckState.Checked if is_shown else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.DecorationRole if column == Column.STAR:
                return icon("star-filled", "accent") if record.starred else icon("star")
            case Qt.ItemDataRole.ForegroundRole if (
                column == Column.NAME and record.id in self._colours
            ):
                return QColor(self._colours[record.id])
            case Qt.ItemDataRole.TextAlignmentRole if column in _NUMBERS:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ToolTipRole:
                return _tip(record)
            case Qt.ItemDataRole.AccessibleTextRole if column == Column.STAR:
                return "starred" if record.starred else "not starred"
        return None

    def setData(  # noqa: N802
        self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        record = self._records[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == Column.SHOWN:
            others = [run_id for run_id in self._shown if run_id != record.id]
            is_on = Qt.CheckState(value) == Qt.CheckState.Checked
            self.set_shown([*others, record.id] if is_on else others)
            return True
        if role == Qt.ItemDataRole.EditRole and index.column() == Column.NAME:
            if str(value).strip() not in ("", record.name):
                self.rename_wanted.emit(record.id, str(value))
            return True
        return False

    def toggle_star(self, row: int) -> None:
        """Mark a run, or take the mark away."""
        record = self._records[row]
        if not record.deleted:
            self.star_wanted.emit(record.id, not record.starred)


def _text(record: RunRecord, column: int) -> str | None:
    match column:
        case Column.NAME:
            return record.name
        case Column.VALIDATION:
            accuracy = record.best.validation_accuracy if record.best else None
            return "–" if accuracy is None else f"{accuracy:.2%}"
        case Column.TEST:
            return final_test_text(record) or "–"
        case Column.EPOCHS:
            return f"{record.epoch:,}/{record.settings.epochs:,}"
        case Column.STATE:
            return record.state
        case Column.WHEN:
            return _when(record.created)
    return None


def final_test_text(record: RunRecord) -> str:
    """The accuracy of the last look at test data, and how many looks there were; "" for none."""
    if not record.looks:
        return ""
    count = len(record.looks)
    times = f" ({count} looks)" if count > 1 else ""
    return f"{record.looks[-1].accuracy:.2%}{times}"


def _tip(record: RunRecord) -> str:
    lines = [
        f"{record.name}: {record.data.name}",
        f"{record.data.training_count:,} training and {record.data.validation_count:,} "
        "validation samples",
        f"{record.step:,} batches in {record.seconds:,.0f} s",
    ]
    if record.study is not None:
        lines.insert(1, f"{record.study.title}: {record.study.label}")
    lines += [
        f"Test: {look.accuracy:.2%} of {look.samples:,} right ({look.data}), {_when(look.when)}"
        for look in record.looks
    ]
    if record.message:
        lines.append(record.message)
    return "\n".join(lines)


def _when(created: str) -> str:
    try:
        moment = datetime.fromisoformat(created).astimezone()
    except ValueError:
        return created
    return f"{moment:%Y-%m-%d %H:%M}"
