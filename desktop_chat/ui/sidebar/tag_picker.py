"""The popup that gives tags to conversations and takes them away: a field over the tags in use.

Loaded when it is first opened.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QWidget

from desktop_chat.core.ports import Row
from desktop_chat.ui.bridge import Bridge
from desktop_chat.ui.sidebar.words import tr
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.widgets.field_popup import FieldPopup

if TYPE_CHECKING:
    from desktop_chat.core.library import Library

WIDTH_PX, MOST_ROWS = 240, 9
TAG_ROLE = Qt.ItemDataRole.UserRole + 1


class TagPicker(FieldPopup):
    """Lists the tags in use, checked if all the conversations have them; what is typed filters or is new.

    Args:
        library: Has the tags.
        rows: The conversations, as they are now.
        theme: For measures.
        parent: Owns it.
    """

    decided = Signal(str, bool)
    """A tag, and whether the conversations are to have it."""

    def __init__(self, library: "Library", rows: Callable[[], Sequence[Row]], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._library = library
        self._rows = rows
        self._theme = theme
        self._build()
        self.field.textChanged.connect(self._fill)
        self.entered.connect(self._on_entered)
        self._list.itemClicked.connect(self._toggle)
        Bridge(library.changes, self).changed.connect(self._fill)
        self._fill()

    def _build(self) -> None:
        self.setAccessibleName(tr("Tags"))
        self.field.setPlaceholderText(tr("Find or add a tag"))
        self.field.setAccessibleName(tr("Find or add a tag"))
        self.field.setMaxLength(60)
        self._list = QListWidget(self)
        self._list.setProperty("look", "checks")
        self._list.setAccessibleName(tr("Tags"))
        self._hint = QLabel(tr("Type a word and press Enter."), self)
        self._hint.setProperty("look", "small")
        self._hint.setWordWrap(True)
        self.arrange(self._list, self._hint, WIDTH_PX, self._theme.px)

    def _fill(self) -> None:
        typed, rows = " ".join(self.field.text().split()), self._rows()
        stood_on = self._list.currentItem()
        current = stood_on.data(TAG_ROLE) if stood_on is not None else None
        known = self._library.tags
        self._list.blockSignals(True)
        self._list.clear()
        for tag in known:
            if typed.casefold() in tag.casefold():
                self._add(tag, tag, sum(tag in row.tags for row in rows), len(rows))
        if typed and typed.casefold() not in (tag.casefold() for tag in known):
            self._add(tr("Add “{tag}”", tag=typed), typed, 0, 0)
        for at in range(self._list.count()):
            if self._list.item(at).data(TAG_ROLE) == current or at == 0:
                self._list.setCurrentRow(at)
        self._list.blockSignals(False)
        count = self._list.count()
        self._list.setVisible(count > 0)
        self._hint.setVisible(count == 0)
        self._list.setFixedHeight(min(MOST_ROWS, count) * max(1, self._list.sizeHintForRow(0)) + self._theme.px(12))
        self.adjustSize()

    def _add(self, title: str, tag: str, having: int, of: int) -> None:
        item = QListWidgetItem(title)
        item.setData(TAG_ROLE, tag)
        if of:
            state = Qt.CheckState.Checked if having == of else Qt.CheckState.Unchecked
            item.setCheckState(Qt.CheckState.PartiallyChecked if 0 < having < of else state)
        # A click anywhere toggles; the box shows it once the library says so.
        item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsUserCheckable)
        self._list.addItem(item)

    def _toggle(self, item: QListWidgetItem) -> None:
        tag, rows = str(item.data(TAG_ROLE)), self._rows()
        is_on = bool(rows) and all(tag in row.tags for row in rows)
        self.field.clear()
        self.decided.emit(tag, not is_on)

    def _on_entered(self) -> None:
        if self._list.count():
            self._toggle(self._list.currentItem())
        else:
            self.close()
