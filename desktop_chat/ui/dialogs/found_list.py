"""The list of an import's preview: each conversation with a check box, its length and its day."""

from collections.abc import Collection, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from desktop_chat.domain.ids import ConversationId
from desktop_chat.importing.reading import Found
from desktop_chat.ui.dates import day_text
from desktop_chat.ui.dialogs.parts import tr
from desktop_chat.ui.numbers import count_text, messages_text
from desktop_chat.ui.theme.apply import Theme

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
TITLE, MESSAGES, DAY = range(3)
HEADER_PX = 32


class FoundModel(QAbstractTableModel):
    """Conversations of a preview; those that are to be imported are checked."""

    checked_changed = Signal()

    def __init__(self, found: Sequence[Found], known: Collection[ConversationId], parent: QObject) -> None:
        super().__init__(parent)
        self._found = found
        self._known = known
        self._checked = [True] * len(found)

    @property
    def checked(self) -> frozenset[ConversationId]:
        """Those that are to be imported."""
        return frozenset(found.id for found, is_on in zip(self._found, self._checked, strict=True) if is_on)

    def check_all(self, is_on: bool) -> None:
        """Check all, or none."""
        self._checked = [is_on] * len(self._found)
        if self._found:
            self.dataChanged.emit(self.index(0, TITLE), self.index(len(self._found) - 1, TITLE))
        self.checked_changed.emit()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._found)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else 3

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == TITLE else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        found, column = self._found[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(found, column)
        if role == Qt.ItemDataRole.CheckStateRole and column == TITLE:
            return Qt.CheckState.Checked if self._checked[index.row()] else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.TextAlignmentRole and column != TITLE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            problems = tr("{n} problems").format(n=count_text(found.problems)) if found.problems else ""
            texts = [self._text(found, TITLE), *(self._described(found)), problems]
            return ", ".join(filter(None, texts)) if column == TITLE else self._text(found, column)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != TITLE:
            return False
        self._checked[index.row()] = Qt.CheckState(value) is Qt.CheckState.Checked
        self.dataChanged.emit(index, index)
        self.checked_changed.emit()
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and section == TITLE:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.TextAlignmentRole and section != TITLE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        titles = (tr("Conversation"), tr("Messages"), tr("Last changed"))
        return titles[section] if role == Qt.ItemDataRole.DisplayRole else None

    def _text(self, found: Found, column: int) -> str:
        if column == TITLE:
            here = tr(" (here already)") if found.id in self._known else ""
            return (" ".join(found.title.split()) or tr("Untitled")) + here
        return count_text(found.messages) if column == MESSAGES else day_text(found.updated_at)

    def _described(self, found: Found) -> Sequence[str]:
        return messages_text(found.messages), self._text(found, DAY)


class FoundList(QTableView):
    """Shows the model; Space checks the current row, like a click on its box.

    A table, not a tree: that one asks for every row before it shows the first.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Conversations to import"))
        self.setProperty("look", "found")
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setAccessibleName(tr("Conversations to import"))
            header.setSectionsClickable(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self._theme = theme

    def show_model(self, model: FoundModel) -> None:
        """Show the conversations of a preview."""
        metrics = QFontMetrics(self._theme.font("text"))
        self.verticalHeader().setDefaultSectionSize(metrics.height() + self._theme.px(10))
        self.setModel(model)
        header = self.horizontalHeader()
        header.setFixedHeight(self._theme.px(HEADER_PX))
        header.setSectionResizeMode(TITLE, QHeaderView.ResizeMode.Stretch)
        for column, sample in ((MESSAGES, tr("Messages")), (DAY, tr("Last changed"))):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, metrics.horizontalAdvance(sample) + self._theme.px(32))
        self.setCurrentIndex(model.index(0, TITLE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        title = self.currentIndex().siblingAtColumn(TITLE)
        if event.key() == Qt.Key.Key_Space and title.isValid():
            is_on = title.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
            wanted = Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked
            self.model().setData(title, wanted, Qt.ItemDataRole.CheckStateRole)
        else:
            super().keyPressEvent(event)
