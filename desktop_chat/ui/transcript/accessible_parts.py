"""What a screen reader meets inside a message: its text, its links and its buttons."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleInterface, QAccessibleTextInterface
from shiboken6.Shiboken import VoidPtr

from desktop_chat.domain.ids import MessageId
from desktop_chat.ui.transcript.boxes.box import HotSpot, Link

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.view import TranscriptView

# WORKAROUND PySide6 6.11: `interface_cast` may not return None, which crashes.
NOTHING = VoidPtr(0)


class SpotInterface(QAccessibleInterface):
    """A link or a button of a message.

    Args:
        message: What it stands in.
        message_id: Of that message.
        view: What paints it.
        box: In which box of the message.
        hot: The hot spot.
    """

    def __init__(
        self, message: QAccessibleInterface, message_id: MessageId, view: "TranscriptView", box: int, hot: HotSpot
    ) -> None:
        super().__init__()
        self._message_id = message_id
        self.box = box
        self.hot = hot
        self._message = message
        self._view = view
        self._action = _Press(self)

    def press(self) -> None:
        """Do what a click does."""
        column = self._view.column
        row = column.row_of.get(self._message_id) if column is not None else None
        if row is not None:
            self._view.reading.do(row, self.hot.act)

    def isValid(self) -> bool:
        return self._message.isValid()

    def object(self) -> Any:
        return None

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.Link if isinstance(self.hot.act, Link) else QAccessible.Role.Button

    def text(self, kind: QAccessible.Text) -> str:
        if kind == QAccessible.Text.Name:
            return self.hot.label
        is_address = kind == QAccessible.Text.Description and isinstance(self.hot.act, Link)
        return self.hot.act.href if is_address and isinstance(self.hot.act, Link) else ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Nothing here can be written."""

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.focusable = True
        return state

    def rect(self) -> QRect:
        column = self._view.column
        row = column.row_of.get(self._message_id) if column is not None else None
        if column is None or row is None:
            return QRect()
        y = column.place_of(row, self.box) - column.scroll_y
        inside = self.hot.rects[0].translated(self._view.column_left, y).toRect()
        return QRect(self._view.viewport().mapToGlobal(inside.topLeft()), inside.size())

    def parent(self) -> Any:
        return self._message

    def window(self) -> Any:
        return self._message.window()

    def childCount(self) -> int:
        return 0

    def child(self, index: int) -> Any:
        return None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def childAt(self, x: int, y: int) -> Any:
        return None

    def interface_cast(self, kind: QAccessible.InterfaceType) -> Any:
        return self._action if kind == QAccessible.InterfaceType.ActionInterface else NOTHING


class _Press(QAccessibleActionInterface):
    def __init__(self, spot: SpotInterface) -> None:
        super().__init__()
        self._spot = spot

    def actionNames(self) -> list[str]:
        return [QAccessibleActionInterface.pressAction()]

    def doAction(self, name: str) -> None:
        if name == QAccessibleActionInterface.pressAction():
            self._spot.press()

    def keyBindingsForAction(self, name: str) -> list[str]:
        return []


class MessageText(QAccessibleTextInterface):
    """The text of a message, to be read character by character.

    Args:
        rect: Where the message is on the screen.
        spoken: All that can be read in it.
    """

    def __init__(self, rect: Callable[[], QRect], spoken: Callable[[], str]) -> None:
        super().__init__()
        self._rect = rect
        self._spoken = spoken

    def text(self, start: int, end: int) -> str:
        spoken = self._spoken()
        return spoken[start : end if end >= 0 else len(spoken)]

    def characterCount(self) -> int:
        return len(self._spoken())

    def cursorPosition(self) -> int:
        return 0

    def setCursorPosition(self, position: int) -> None:
        """There is no cursor."""

    def selectionCount(self) -> int:
        return 0

    def selection(self, index: int) -> Any:
        return 0, 0

    def setSelection(self, index: int, start: int, end: int) -> None:
        """Selecting is done with the keyboard."""

    def addSelection(self, start: int, end: int) -> None:
        """Selecting is done with the keyboard."""

    def removeSelection(self, index: int) -> None:
        """Selecting is done with the keyboard."""

    def scrollToSubstring(self, start: int, end: int) -> None:
        """Messages are scrolled to as a whole."""

    def characterRect(self, offset: int) -> QRect:
        return self._rect()

    def offsetAtPoint(self, point: QPoint) -> int:
        return 0

    def attributes(self, offset: int) -> Any:
        return "", 0, len(self._spoken())
