"""The page as a screen reader meets it: a list of messages, in each its paragraphs, code, tables and buttons.

Python must keep every interface it hands out, so the list keeps them by message.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleInterface, QAccessibleObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop_chat.domain.ids import MessageId
from desktop_chat.domain.message import Message, Role
from desktop_chat.ui.transcript.accessible.parts import NOTHING, Inside, PartInterface
from desktop_chat.ui.transcript.accessible.spoken import said, shortened
from desktop_chat.ui.transcript.accessible.text import ReadText
from desktop_chat.ui.transcript.boxes.box import Box
from desktop_chat.ui.transcript.words import tr

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.view import TranscriptView


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


class MessageInterface(Inside):
    """One message of the list.

    Args:
        page: The list.
        view: What paints it.
        message_id: Which message.
    """

    def __init__(self, page: PageInterface, view: "TranscriptView", message_id: MessageId) -> None:
        super().__init__(page, view)
        self.message_id = message_id
        self._text = ReadText(lambda _: self.rect(), lambda: (self.spoken, None))
        self._go = _Go(self)
        self._parts: list[PartInterface] = []
        self._spoken: tuple[object, str] = None, ""

    @property
    def message(self) -> Message | None:
        """As it stands."""
        session = self.view.session
        if session is None:
            return None
        draft = session.draft
        if draft is not None and draft.message_id == self.message_id:
            return draft.message()
        return session.conversation.messages.get(self.message_id)

    @property
    def spoken(self) -> str:
        """All that can be read in it, cards included."""
        boxes = self._boxes
        if not boxes:
            message = self.message
            return message.text if message is not None else ""
        # A screen reader asks for each character, and a message may be long.
        state = [*boxes, boxes[-1].length]
        if self._spoken[0] != state:
            self._spoken = state, "\n".join(filter(None, map(said, boxes)))
        return self._spoken[1]

    def part(self, index: int) -> PartInterface:
        """What stands for a box; the same as long as the page lives."""
        while len(self._parts) <= index:
            self._parts.append(PartInterface(self, self.message_id, self.view, len(self._parts)))
        return self._parts[index]

    def go(self) -> None:
        """Give it the keyboard."""
        if (row := self._row) is not None:
            self.view.reading.focus_row(row)

    def isValid(self) -> bool:
        return isValid(self.view) and self._row is not None

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def text(self, kind: QAccessible.Text) -> str:
        message = self.message
        if message is None or kind != QAccessible.Text.Name:
            return ""
        if message.role is Role.USER:
            return f"{tr('You')}: {shortened(self.spoken)}"
        author = message.model or message.endpoint_name or tr("Assistant")
        return f"{author}: {shortened(self.spoken.removeprefix(author).lstrip())}"

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.focusable = state.readOnly = state.selectableText = True
        state.focused = self.view.current_message_id == self.message_id
        state.offscreen = not self.view.viewport().rect().intersects(self._inside)
        return state

    def rect(self) -> QRect:
        inside = self._inside
        return QRect(self.view.viewport().mapToGlobal(inside.topLeft()), inside.size())

    def childCount(self) -> int:
        return len(self._boxes)

    def child(self, index: int) -> Any:
        return self.part(index) if 0 <= index < len(self._boxes) else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return child.index if isinstance(child, PartInterface) else -1

    def childAt(self, x: int, y: int) -> Any:
        found = (self.part(index) for index, box in enumerate(self._boxes) if box.is_laid_out)
        return next((part for part in found if part.rect().contains(x, y)), None)

    def interface_cast(self, kind: QAccessible.InterfaceType) -> Any:
        if kind == QAccessible.InterfaceType.ActionInterface:
            return self._go
        return self._text if kind == QAccessible.InterfaceType.TextInterface else NOTHING

    @property
    def _boxes(self) -> list[Box]:
        item = self.view.column.live_item(self.message_id) if self.view.column is not None else None
        return item.boxes if item is not None else []

    @property
    def _row(self) -> int | None:
        return self.view.column.row_of.get(self.message_id) if self.view.column is not None else None

    @property
    def _inside(self) -> QRect:
        row = self._row
        column = self.view.column
        if row is None or column is None or column.live_item(self.message_id) is None:
            return QRect()
        return self.view.reading.places.message_rect(row)


class _Go(QAccessibleActionInterface):
    """Goes to a message."""

    def __init__(self, message: MessageInterface) -> None:
        super().__init__()
        self._message = message

    def actionNames(self) -> list[str]:
        return [QAccessibleActionInterface.setFocusAction()]

    def doAction(self, name: str) -> None:
        if name == QAccessibleActionInterface.setFocusAction():
            self._message.go()

    def keyBindingsForAction(self, name: str) -> list[str]:
        return []
