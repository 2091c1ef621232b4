"""The popup that gives tags to conversations and takes them away: a field over the tags in use.

Loaded when it is first opened.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from desktop_chat.core.ports import Row
from desktop_chat.ui.bridge import Bridge
from desktop_chat.ui.sidebar.words import tr
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.widgets.enter_button import ENTER_KEYS

if TYPE_CHECKING:
    from desktop_chat.core.library import Library

WIDTH_PX, MOST_ROWS = 240, 9
TAG_ROLE = Qt.ItemDataRole.UserRole + 1
LIST_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class TagPicker(QFrame):
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
        super().__init__(parent, Qt.WindowType.Popup)
        self._library = library
        self._rows = rows
        self._theme = theme
        self._build()
        self._field.textChanged.connect(self._fill)
        self._list.itemClicked.connect(self._toggle)
        Bridge(library.changes, self).changed.connect(self._fill)
        self._fill()

    def open_at(self, where: QPoint) -> None:
        """Show it at a place of the screen, inside of it."""
        self.adjustSize()
        room = self.screen().availableGeometry()
        left = min(where.x(), room.right() - self.width())
        self.move(max(room.left(), left), max(room.top(), min(where.y(), room.bottom() - self.height())))
        self.show()
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _build(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("look", "popup")
        self.setAccessibleName(tr("Tags"))
        self._field = QLineEdit(self)
        self._field.setPlaceholderText(tr("Find or add a tag"))
        self._field.setAccessibleName(tr("Find or add a tag"))
        self._field.setMaxLength(60)
        self._field.installEventFilter(self)
        self._list = QListWidget(self)
        self._list.setProperty("look", "checks")
        self._list.setAccessibleName(tr("Tags"))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._hint = QLabel(tr("Type a word and press Enter."), self)
        self._hint.setProperty("look", "small")
        self._hint.setWordWrap(True)
        column = QVBoxLayout(self)
        margin = self._theme.px(8)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(self._theme.px(6))
        for widget in (self._field, self._list, self._hint):
            column.addWidget(widget)
        self.setFixedWidth(self._theme.px(WIDTH_PX))

    def _fill(self) -> None:
        typed, rows = " ".join(self._field.text().split()), self._rows()
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
        self._field.clear()
        self.decided.emit(tag, not is_on)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in LIST_KEYS:
                self._list.event(event)
                return True
            if event.key() in ENTER_KEYS:
                if self._list.count():
                    self._toggle(self._list.currentItem())
                else:
                    self.close()
                return True
        return super().eventFilter(watched, event)
