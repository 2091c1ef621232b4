"""The page as a screen reader meets it: a list of messages, in each its text, links and buttons.

Qt asks for these objects when an assistive technology looks; without one nothing of this
runs. Python must keep every interface it hands out, so the list keeps them by message.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QAccessibleInterface,
    QAccessibleObject,
)
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop_chat.domain.ids import MessageId
from desktop_chat.domain.message import Message, Role
from desktop_chat.ui.transcript.accessible_parts import NOTHING, MessageText, SpotInterface
from desktop_chat.ui.transcript.boxes.card import LineBox
from desktop_chat.ui.transcript.boxes.text import TextBox
from desktop_chat.ui.transcript.words import tr

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.view import TranscriptView

SENTENCE_ENDS = (". ", "! ", "? ", ":\n", "\n\n", "。")

_pages: dict[int, "PageInterface"] = {}
_is_installed = False


def make_accessible(view: "TranscriptView") -> None:
    """Have Qt ask here when somebody looks at this page."""
    global _is_installed
    if not _is_installed:
        QAccessible.installFactory(_interface_for)
        _is_installed = True
    key = id(view)
    _views[key] = view

    def forget() -> None:
        _views.pop(key, None)
        _pages.pop(key, None)

    view.destroyed.connect(forget)


def announce(view: QWidget, text: str) -> None:
    """Have text read aloud, if somebody listens."""
    if QAccessible.isActive() and text.strip():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(view, text))


class Announcer:
    """Has a running reply read aloud, sentence by sentence.

    Args:
        view: The page it is shown on.
    """

    def __init__(self, view: "TranscriptView") -> None:
        self._view = view
        self._pending = ""

    def hear(self, delta: str) -> None:
        """More text came."""
        if not QAccessible.isActive():
            return
        self._pending += delta
        end = max(self._pending.rfind(mark) for mark in SENTENCE_ENDS)
        if end > 0:
            announce(self._view, self._pending[: end + 1])
            self._pending = self._pending[end + 1 :]

    def finish(self) -> None:
        """The reply is over."""
        announce(self._view, self._pending)
        self._pending = ""


def tell_focus(view: "TranscriptView", row: int) -> None:
    """Another message has the keyboard."""
    page = _pages.get(id(view))
    if QAccessible.isActive() and page is not None:
        event = QAccessibleEvent(view, QAccessible.Event.Focus)
        event.setChild(row)
        QAccessible.updateAccessibility(event)


_views: dict[int, "TranscriptView"] = {}


def _interface_for(_class_name: str, wanted: QObject | None) -> QAccessibleInterface | None:
    for key, view in _views.items():
        if view is wanted:
            if key not in _pages:
                _pages[key] = PageInterface(view)
            return _pages[key]
    return None


class PageInterface(QAccessibleObject):
    """The list."""

    def __init__(self, view: "TranscriptView") -> None:
        super().__init__(view)
        self._view = view
        self._messages: dict[MessageId, MessageInterface] = {}

    @property
    def _floating(self) -> list[QWidget]:
        view = self._view
        return [widget for widget in (view.toolbar, view.editor, view.pill) if widget.isVisible()]

    @property
    def _rows(self) -> Sequence[MessageId]:
        return self._view.column.rows if self._view.column is not None else ()

    def message(self, message_id: MessageId) -> "MessageInterface":
        """The interface of a message; the same one as long as the page lives."""
        found = self._messages.get(message_id)
        if found is None:
            found = self._messages[message_id] = MessageInterface(self, self._view, message_id)
            QAccessible.registerAccessibleInterface(found)
        return found

    def isValid(self) -> bool:
        return isValid(self._view)

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.List

    def text(self, kind: QAccessible.Text) -> str:
        return self._view.accessibleName() if kind == QAccessible.Text.Name else ""

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.focusable = True
        state.focused = self._view.hasFocus()
        return state

    def rect(self) -> QRect:
        return QRect(self._view.mapToGlobal(QPoint(0, 0)), self._view.size())

    def parent(self) -> Any:
        parent = self._view.parentWidget()
        return QAccessible.queryAccessibleInterface(parent) if parent is not None else None

    def window(self) -> Any:
        return self._view.window().windowHandle()

    def childCount(self) -> int:
        return len(self._rows) + len(self._floating)

    def child(self, index: int) -> Any:
        rows = self._rows
        if 0 <= index < len(rows):
            return self.message(rows[index])
        floating = self._floating
        index -= len(rows)
        return QAccessible.queryAccessibleInterface(floating[index]) if 0 <= index < len(floating) else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        if isinstance(child, MessageInterface) and self._view.column is not None:
            return self._view.column.row_of.get(child.message_id, -1)
        return next((len(self._rows) + i for i, w in enumerate(self._floating) if child.object() is w), -1)

    def childAt(self, x: int, y: int) -> Any:
        column = self._view.column
        point = self._view.viewport().mapFromGlobal(QPoint(x, y))
        row = self._view.reading.places.row_at(point.y())
        return self.message(column.rows[row]) if column is not None and row is not None else None

    def focusChild(self) -> Any:
        current = self._view.current_message_id
        return self.message(current) if current is not None else None


class MessageInterface(QAccessibleInterface):
    """One message of the list.

    Args:
        page: The list.
        view: What paints it.
        message_id: Which message.
    """

    def __init__(self, page: PageInterface, view: "TranscriptView", message_id: MessageId) -> None:
        super().__init__()
        self.message_id = message_id
        self._page = page
        self._view = view
        self._text = MessageText(self.rect, lambda: self.spoken)
        self._spots: list[SpotInterface] = []

    @property
    def message(self) -> Message | None:
        """As it stands."""
        session = self._view.session
        if session is None:
            return None
        draft = session.draft
        if draft is not None and draft.message_id == self.message_id:
            return draft.message()
        return session.conversation.messages.get(self.message_id)

    @property
    def spoken(self) -> str:
        """All that can be read in it, cards included."""
        item = self._view.column.live_item(self.message_id) if self._view.column is not None else None
        if item is None:
            message = self.message
            return message.text if message is not None else ""
        lines = (box.spoken if isinstance(box, LineBox | TextBox) else box.text for box in item.boxes)
        return "\n".join(line for line in lines if line)

    def isValid(self) -> bool:
        return isValid(self._view) and self._row is not None

    def object(self) -> Any:
        return None

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def text(self, kind: QAccessible.Text) -> str:
        message = self.message
        if message is None or kind != QAccessible.Text.Name:
            return ""
        spoken = self.spoken
        if message.role is Role.USER:
            return f"{tr('You')}: {spoken}"
        author = message.model or message.endpoint_name or tr("Assistant")
        return f"{author}: {spoken.removeprefix(author).lstrip()}"

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Nothing here can be written."""

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.focusable = state.readOnly = state.selectableText = True
        state.focused = self._view.current_message_id == self.message_id
        state.offscreen = not self._view.viewport().rect().intersects(self._inside)
        return state

    def rect(self) -> QRect:
        inside = self._inside
        return QRect(self._view.viewport().mapToGlobal(inside.topLeft()), inside.size())

    def parent(self) -> Any:
        return self._page

    def window(self) -> Any:
        return self._page.window()

    def childCount(self) -> int:
        return len(self._children())

    def child(self, index: int) -> Any:
        children = self._children()
        return children[index] if 0 <= index < len(children) else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        children = self._children()
        return children.index(child) if isinstance(child, SpotInterface) and child in children else -1

    def childAt(self, x: int, y: int) -> Any:
        return next((spot for spot in self._children() if spot.rect().contains(x, y)), None)

    def interface_cast(self, kind: QAccessible.InterfaceType) -> Any:
        return self._text if kind == QAccessible.InterfaceType.TextInterface else NOTHING

    @property
    def _row(self) -> int | None:
        return self._view.column.row_of.get(self.message_id) if self._view.column is not None else None

    @property
    def _inside(self) -> QRect:
        row = self._row
        column = self._view.column
        if row is None or column is None or column.live_item(self.message_id) is None:
            return QRect()
        return self._view.reading.places.message_rect(row)

    def _children(self) -> list["SpotInterface"]:
        item = self._view.column.live_item(self.message_id) if self._view.column is not None else None
        hot = [] if item is None else [
            (box, spot) for box in range(len(item.boxes)) if item.boxes[box].is_laid_out
            for spot in item.boxes[box].hot_spots()
        ]  # fmt: skip
        if [(spot.box, spot.hot) for spot in self._spots] != hot:
            self._spots = [SpotInterface(self, self.message_id, self._view, box, spot) for box, spot in hot]
            for made in self._spots:
                QAccessible.registerAccessibleInterface(made)
        return self._spots
