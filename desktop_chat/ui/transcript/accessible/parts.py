"""What a screen reader meets inside a message: a part for each box, and in it rows, links and buttons.

A part is a place among the boxes of its message, not a box: while a reply comes its boxes are
replaced all the time, and the parts stay what they are.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleAttributesInterface,
    QAccessibleInterface,
)
from shiboken6.Shiboken import VoidPtr

from desktop_chat.domain.ids import MessageId
from desktop_chat.ui.transcript.accessible.spoken import name_of, rows_of, said
from desktop_chat.ui.transcript.accessible.text import ReadText
from desktop_chat.ui.transcript.boxes.box import Act, Box, CodeDeed, HotSpot, Link, OnCode, Toggle
from desktop_chat.ui.transcript.boxes.card import ButtonsBox, LineBox
from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.boxes.rule import RuleBox
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.boxes.text import TextBox, ToNote

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.view import TranscriptView

# WORKAROUND PySide6 6.11: `interface_cast` may not return None, which crashes.
NOTHING = VoidPtr(0)


class Inside(QAccessibleInterface):
    """Shared by all that stands in a message.

    Args:
        owner: What it stands in.
        view: What paints it.
    """

    def __init__(self, owner: QAccessibleInterface, view: "TranscriptView") -> None:
        super().__init__()
        self._owner = owner
        self.view = view
        QAccessible.registerAccessibleInterface(self)

    def object(self) -> Any:
        return None

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Nothing here can be written."""

    def parent(self) -> Any:
        return self._owner

    def window(self) -> Any:
        return self.view.window().windowHandle()

    def childCount(self) -> int:
        return 0

    def child(self, index: int) -> Any:
        return None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def childAt(self, x: int, y: int) -> Any:
        return None

    def interface_cast(self, kind: QAccessible.InterfaceType) -> Any:
        return NOTHING


class PartInterface(Inside):
    """One box of a message.

    Args:
        message: What it stands in.
        message_id: Of that message.
        view: What paints it.
        index: Which of the boxes.
    """

    def __init__(
        self, message: QAccessibleInterface, message_id: MessageId, view: "TranscriptView", index: int
    ) -> None:
        super().__init__(message, view)
        self.message_id = message_id
        self.index = index
        self._text = ReadText(self.rect_of, self._content)
        self._press = Press(self)
        self._level = _Level(self)
        self._rows: dict[int, RowInterface] = {}
        self._spots: dict[int, SpotInterface] = {}

    @property
    def box(self) -> Box | None:
        """What it is at the moment."""
        item = self.view.column.live_item(self.message_id) if self.view.column is not None else None
        return item.boxes[self.index] if item is not None and self.index < len(item.boxes) else None

    @property
    def act(self) -> Act | None:
        """What pressing it does."""
        box = self.box
        return box.act if isinstance(box, LineBox) else None

    @property
    def spots(self) -> list[HotSpot]:
        """Links and buttons in it."""
        return [spot for spot in self._every if spot.act != self.act]

    def is_focused(self, hot: HotSpot | None) -> bool:
        """Whether a hot spot has the keyboard."""
        here, every = self.view.reading.focused_spot, self._every
        if hot is None or here is None or not self.view.reading.has_keyboard:
            return False
        return here[:2] == self._place and here[2] < len(every) and every[here[2]] == hot

    @property
    def _place(self) -> tuple[int | None, int]:
        column = self.view.column
        return column.row_of.get(self.message_id) if column is not None else None, self.index

    @property
    def _every(self) -> Sequence[HotSpot]:
        box = self.box
        return box.hot_spots() if box is not None and box.is_laid_out else ()

    def at(self, index: int) -> "PartInterface | SpotInterface":
        """What stands for a hot spot of the box."""
        every = self._every
        hot = every[index] if index < len(every) else None
        spots = self.spots
        return self.spot(spots.index(hot)) if hot is not None and hot in spots else self

    def press(self) -> None:
        """Do what a click does."""
        if self.act is not None:
            self.do(self.act)

    def do(self, act: Act) -> None:
        """Have something done with the message."""
        column = self.view.column
        row = column.row_of.get(self.message_id) if column is not None else None
        if row is not None:
            self.view.reading.do(row, act)

    def rect_of(self, inside: QRectF) -> QRect:
        """Where a rectangle of the box is on the screen."""
        column = self.view.column
        row = column.row_of.get(self.message_id) if column is not None else None
        if column is None or row is None or self.box is None:
            return QRect()
        y = column.place_of(row, self.index) - column.scroll_y
        shown = inside.translated(self.view.column_left, y).toRect()
        return QRect(self.view.viewport().mapToGlobal(shown.topLeft()), shown.size())

    def spot(self, index: int) -> "SpotInterface":
        """A link or button; the same one as long as the page lives."""
        if index not in self._spots:
            self._spots[index] = SpotInterface(self, self.view, index)
        return self._spots[index]

    def isValid(self) -> bool:
        return self._owner.isValid() and self.box is not None

    def role(self) -> QAccessible.Role:
        match self.box:
            case LineBox(act=act) if act is not None:
                return QAccessible.Role.Button
            case TextBox(leaf=leaf):
                if leaf.runs and all(run.image for run in leaf.runs):
                    return QAccessible.Role.Graphic
                return QAccessible.Role.Heading if leaf.level else QAccessible.Role.Paragraph
            case CodeBox() | TableBox():
                return QAccessible.Role.Section
            case ButtonsBox():
                return QAccessible.Role.Grouping
            case RuleBox():
                return QAccessible.Role.Separator
            case _:
                return QAccessible.Role.StaticText

    def text(self, kind: QAccessible.Text) -> str:
        box = self.box
        return name_of(box) if kind == QAccessible.Text.Name and box is not None else ""

    def state(self) -> QAccessible.State:
        state = _state_of(self.act, self.box, self.rect(), self.view)
        state.readOnly = state.selectableText = True
        state.multiLine = isinstance(self.box, CodeBox)
        whole = next((spot for spot in self._every if spot.act == self.act), None) if self.act is not None else None
        reading = self.view.reading
        state.focused = self.is_focused(whole) or (reading.has_keyboard and self._place == reading.jumping.place)
        return state

    def rect(self) -> QRect:
        box = self.box
        if box is None:
            return QRect()
        gap = box.place.gap
        return self.rect_of(QRectF(0, gap, self.view.column.width if self.view.column else 0, box.height - gap))

    def childCount(self) -> int:
        return self._row_count + len(self.spots)

    def child(self, index: int) -> Any:
        rows = self._row_count
        if 0 <= index < rows:
            if index not in self._rows:
                self._rows[index] = RowInterface(self, self.view, index)
            return self._rows[index]
        return self.spot(index - rows) if rows <= index < self.childCount() else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        if isinstance(child, RowInterface):
            return child.index
        return self._row_count + child.index if isinstance(child, SpotInterface) else -1

    def childAt(self, x: int, y: int) -> Any:
        found = (self.spot(index) for index in range(len(self.spots)))
        return next((spot for spot in found if spot.rect().contains(x, y)), None)

    def interface_cast(self, kind: QAccessible.InterfaceType) -> Any:
        box = self.box
        if kind == QAccessible.InterfaceType.TextInterface and isinstance(box, TextBox | CodeBox):
            return self._text
        if kind == QAccessible.InterfaceType.ActionInterface and self.act is not None:
            return self._press
        if kind == QAccessible.InterfaceType.AttributesInterface and isinstance(box, TextBox) and box.leaf.level:
            return self._level
        return NOTHING

    @property
    def _row_count(self) -> int:
        box = self.box
        return max(1, len(box.leaf.rows)) if isinstance(box, TableBox) else 0

    def _content(self) -> tuple[str, Box | None]:
        box = self.box
        return (said(box) if box is not None else "", box)


class RowInterface(Inside):
    """A row of a table: each cell with the name of its column.

    Args:
        part: The table.
        view: What paints it.
        index: Which row below the head.
    """

    def __init__(self, part: PartInterface, view: "TranscriptView", index: int) -> None:
        super().__init__(part, view)
        self._part = part
        self.index = index

    def isValid(self) -> bool:
        return self._part.isValid() and self.index < self._part.childCount()

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.StaticText

    def text(self, kind: QAccessible.Text) -> str:
        box = self._part.box
        if kind != QAccessible.Text.Name or not isinstance(box, TableBox):
            return ""
        rows = rows_of(box.leaf)
        return rows[self.index] if self.index < len(rows) else ""

    def state(self) -> QAccessible.State:
        return _state_of(None, self._part.box, self.rect(), self.view)

    def rect(self) -> QRect:
        box = self._part.box
        if not isinstance(box, TableBox) or self.index + 2 >= len(box.row_tops):
            return QRect()
        top, bottom = box.row_tops[self.index + 1], box.row_tops[self.index + 2]
        return self._part.rect_of(QRectF(box.content_left, box.content_top + top, box.window.width(), bottom - top))


class SpotInterface(Inside):
    """A link or a button.

    Args:
        part: What it stands in.
        view: What paints it.
        index: Which of the links and buttons.
    """

    def __init__(self, part: PartInterface, view: "TranscriptView", index: int) -> None:
        super().__init__(part, view)
        self._part = part
        self.index = index
        self._press = Press(self)

    @property
    def hot(self) -> HotSpot | None:
        """What it is at the moment."""
        spots = self._part.spots
        return spots[self.index] if self.index < len(spots) else None

    def press(self) -> None:
        """Do what a click does."""
        if (hot := self.hot) is not None:
            self._part.do(hot.act)

    def isValid(self) -> bool:
        return self._part.isValid() and self.hot is not None

    def role(self) -> QAccessible.Role:
        hot = self.hot
        return QAccessible.Role.Link if hot is not None and isinstance(hot.act, Link) else QAccessible.Role.Button

    def text(self, kind: QAccessible.Text) -> str:
        hot = self.hot
        if hot is None:
            return ""
        if kind == QAccessible.Text.Name:
            return hot.label
        if kind == QAccessible.Text.Description and isinstance(hot.act, Link) and not isinstance(hot.act, ToNote):
            return hot.act.href
        return ""

    def state(self) -> QAccessible.State:
        hot = self.hot
        state = _state_of(hot.act if hot is not None else None, self._part.box, self.rect(), self.view)
        state.focused = self._part.is_focused(hot)
        return state

    def rect(self) -> QRect:
        hot = self.hot
        return self._part.rect_of(hot.rects[0]) if hot is not None else QRect()

    def interface_cast(self, kind: QAccessible.InterfaceType) -> Any:
        return self._press if kind == QAccessible.InterfaceType.ActionInterface else NOTHING


class Press(QAccessibleActionInterface):
    """Has something pressed.

    Args:
        pressed: Knows what that does.
    """

    def __init__(self, pressed: PartInterface | SpotInterface) -> None:
        super().__init__()
        self._pressed = pressed

    def actionNames(self) -> list[str]:
        return [QAccessibleActionInterface.pressAction()]

    def doAction(self, name: str) -> None:
        if name == QAccessibleActionInterface.pressAction():
            self._pressed.press()

    def keyBindingsForAction(self, name: str) -> list[str]:
        return []


class _Level(QAccessibleAttributesInterface):
    """Which level a heading has."""

    def __init__(self, part: PartInterface) -> None:
        super().__init__()
        self._part = part

    def attributeKeys(self) -> Any:
        return [QAccessible.Attribute.Level]

    def attributeValue(self, key: QAccessible.Attribute) -> Any:
        box = self._part.box
        return box.leaf.level if key == QAccessible.Attribute.Level and isinstance(box, TextBox) else None


def _state_of(act: Act | None, box: Box | None, rect: QRect, view: "TranscriptView") -> QAccessible.State:
    state = QAccessible.State()
    page = view.viewport()
    state.offscreen = not QRect(page.mapToGlobal(QPoint(0, 0)), page.size()).intersects(rect)
    state.focusable = act is not None
    is_fold = isinstance(act, Toggle) or (isinstance(act, OnCode) and act.deed is CodeDeed.FOLD)
    if is_fold:
        state.expandable = True
        is_open = not box.is_folded if isinstance(box, CodeBox) else isinstance(box, LineBox) and box.is_open
        state.expanded, state.collapsed = is_open, not is_open
    state.linked = isinstance(act, Link)
    return state
