"""What the pointer does on the page: hover, click, select, scroll sideways."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QHelpEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip

from desktop_chat.ui.transcript.boxes.box import Link
from desktop_chat.ui.transcript.boxes.sideways import SidewaysBox
from desktop_chat.ui.transcript.boxes.text import ToNote
from desktop_chat.ui.transcript.copying.drag_out import drag_out
from desktop_chat.ui.transcript.page.selection import Position, copied_selection, is_paragraph, line_at, word_at
from desktop_chat.ui.transcript.reading.menu import open_menu
from desktop_chat.ui.transcript.reading.places import Spot
from desktop_chat.ui.transcript.words import plain_address

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.reading.reading import Reading
    from desktop_chat.ui.transcript.view import TranscriptView

EDGE_PX = 28
"""Dragging this near to the edge scrolls, the faster the farther beyond."""
FASTEST_PX = 120
"""At each step."""
STEP_MS = 30
"""Between two steps, while the pointer is held at the edge."""


class Pointer:
    """Follows the mouse.

    Args:
        view: The page.
        reading: Has the selection, and does what is clicked.
    """

    def __init__(self, view: "TranscriptView", reading: "Reading") -> None:
        self.hovered: Spot | None = None
        """The hot spot under the pointer."""
        self._view = view
        self._reading = reading
        self._pressed: Spot | None = None
        self._bar: tuple[SidewaysBox, float] | None = None
        self._is_selecting = self._from_head = False
        self._held: QPointF | None = None
        """Where the selection was pressed; moving from there carries it."""
        self._origin: tuple[Position, Position] | None = None
        """The word, paragraph or line that was selected with the second or third click."""
        self._pointed = QPointF()
        self._edge = QTimer(view)
        self._edge.setInterval(STEP_MS)
        self._edge.timeout.connect(lambda: self._select_to(self._pointed))
        self._clicks = 0
        self._last_press: QPointF | None = None
        self._last_time = 0

    def forget(self) -> None:
        """The page shows something else."""
        self.hovered = self._pressed = self._bar = self._held = None
        self._is_selecting = False
        self._edge.stop()

    def handle(self, event: QEvent) -> bool:
        """An event of the viewport; True if it is done with."""
        match event.type():
            case QEvent.Type.MouseButtonPress | QEvent.Type.MouseButtonDblClick if isinstance(event, QMouseEvent):
                return self._press(event)
            case QEvent.Type.MouseMove if isinstance(event, QMouseEvent):
                self._move(event)
                return True
            case QEvent.Type.MouseButtonRelease if isinstance(event, QMouseEvent):
                return self._release(event)
            case QEvent.Type.Leave:
                self._hover(None)
                if not self._view.toolbar.underMouse():
                    self._reading.offer_toolbar(self._reading.focused_row)
            case QEvent.Type.ToolTip if isinstance(event, QHelpEvent):
                return self._tell_tip(event)
            case QEvent.Type.ContextMenu if isinstance(event, QContextMenuEvent):
                return open_menu(self._view, event.pos()) is not None
            case QEvent.Type.Wheel if isinstance(event, QWheelEvent):
                return self._wheel(event)
            case _:
                pass
        return False

    def _tell_tip(self, event: QHelpEvent) -> bool:
        tip = self._reading.places.tip_at(QPointF(event.pos()))
        if tip:
            QToolTip.showText(event.globalPos(), tip, self._view.viewport())
        return bool(tip)

    def _press(self, event: QMouseEvent) -> bool:
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        spot = self._reading.places.spot_at(event.position())
        is_double = event.type() == QEvent.Type.MouseButtonDblClick
        self._reading.drop_focus()
        if spot is not None and not isinstance(spot.hot.act, Link):
            self._pressed = spot
            return True
        self._pressed = spot
        if (bar := self._bar_at(event.position())) is not None:
            self._bar = bar, event.position().x()
            return True
        position = self._reading.places.position_at(event.position())
        if position is None:
            return True
        if not is_double and self._takes_hold(event, position):
            self._held = event.position()
            return True
        near = self._last_press is not None and (event.position() - self._last_press).manhattanLength() < 6
        self._clicks = self._clicks + 1 if is_double or (self._clicks == 2 and near and self._is_quick(event)) else 1
        if is_double:
            self._clicks = 2
        self._last_press, self._last_time = event.position(), event.timestamp()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._reading.selection.anchor is not None:
            self._reading.selection.head = position
            self._origin = None
        else:
            self._reading.selection.start(position)
            self._widen()
        self._is_selecting, self._from_head = True, self._reading.places.is_in_head(event.position())
        self._view.viewport().update()
        return True

    def _takes_hold(self, event: QMouseEvent, position: Position) -> bool:
        """Whether what is pressed is the selection, to be carried elsewhere."""
        bounds = self._reading.selection.bounds
        is_third = self._clicks == 2 and self._is_quick(event)
        if bounds is None or is_third or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return False
        is_inside = bounds[0] <= position < bounds[1]
        return is_inside and self._reading.places.is_over_text(event.position())

    def _carry(self) -> None:
        self._held = self._pressed = None
        column = self._view.column
        copied = copied_selection(column, self._reading.selection) if column is not None else None
        if copied is not None:
            drag_out(self._view.viewport(), copied, self._view.theme)

    def _is_quick(self, event: QMouseEvent) -> bool:
        return event.timestamp() - self._last_time < QGuiApplication.styleHints().mouseDoubleClickInterval()

    def _widen(self) -> None:
        """A second click selects the word, a third the paragraph or line."""
        selection = self._reading.selection
        self._origin = None
        if self._clicks >= 2 and selection.head is not None:
            self._origin = selection.anchor, selection.head = self._piece_at(selection.head)

    def _piece_at(self, position: Position) -> tuple[Position, Position]:
        """Where the word, or the paragraph or line, around a place begins and ends."""
        column = self._view.column
        assert column is not None
        box = column.item(position.row).boxes[position.box]
        if self._clicks == 2:
            start, end = box.whole(*word_at(box.text, position.offset))
        elif is_paragraph(box):
            start, end = 0, box.length
        else:
            start, end = line_at(box.text, position.offset)
        return Position(position.row, position.box, start), Position(position.row, position.box, end)

    def _select_to(self, point: QPointF) -> None:
        """Select as far as a point; near the edge, and beyond it, the page moves while it is held there."""
        column, selection = self._view.column, self._reading.selection
        if column is None or not self._is_selecting:
            self._edge.stop()
            return
        self._pointed = point
        beyond = min(0.0, point.y() - EDGE_PX) + max(0.0, point.y() - self._view.viewport().height() + EDGE_PX)
        if beyond:
            self._view.move_to(column.scroll_y + round(max(-FASTEST_PX, min(beyond, FASTEST_PX))))
        if bool(beyond) != self._edge.isActive():
            self._edge.start() if beyond else self._edge.stop()
        # Who comes from the rows means those under the head, and has the page move there.
        position = self._reading.places.position_at(point, in_head=self._from_head)
        if position is None:
            return
        before = selection.anchor, selection.head
        if self._origin is None:
            selection.head = position
        else:
            start, end = self._piece_at(position)
            goes_back = position < self._origin[0]
            selection.anchor = self._origin[1 if goes_back else 0]
            selection.head = start if goes_back else max(end, self._origin[1])
        if before != (selection.anchor, selection.head):
            self._view.viewport().update()

    def _bar_at(self, point: QPointF) -> SidewaysBox | None:
        seen = self._reading.places.seen_at(point.y())
        if seen is None or not isinstance(seen.box, SidewaysBox):
            return None
        return seen.box if seen.box.is_bar(QPointF(point.x(), point.y() - seen.y)) else None

    def _move(self, event: QMouseEvent) -> None:
        if self._held is not None:
            if (event.position() - self._held).manhattanLength() >= QApplication.startDragDistance():
                self._carry()
            return
        if self._bar is not None:
            box, x = self._bar
            self._bar = box, event.position().x()
            if box.drag_bar(event.position().x() - x):
                self._view.viewport().update()
            return
        if self._is_selecting and event.buttons() & Qt.MouseButton.LeftButton:
            self._select_to(event.position())
            return
        self._hover(self._reading.places.spot_at(event.position()))
        self._reading.offer_toolbar(self._reading.places.row_at(event.position().y()))
        over_text = self.hovered is None and self._reading.places.is_over_text(event.position())
        shape = Qt.CursorShape.IBeamCursor if over_text else Qt.CursorShape.ArrowCursor
        self._view.viewport().setCursor(Qt.CursorShape.PointingHandCursor if self.hovered else shape)

    def _release(self, event: QMouseEvent) -> bool:
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        self._is_selecting = False
        self._edge.stop()
        self._bar = None
        if self._held is not None:
            self._held = None
            self._reading.selection.clear()
            self._view.viewport().update()
        pressed, self._pressed = self._pressed, None
        spot = self._reading.places.spot_at(event.position())
        is_click = pressed is not None and spot is not None and spot.hot.act == pressed.hot.act
        if is_click and spot is not None and (self._reading.selection.is_empty or not isinstance(spot.hot.act, Link)):
            self._hover(spot)
            self._reading.do(spot.row, spot.hot.act)
        elif not self._reading.selection.is_empty and QGuiApplication.clipboard().supportsSelection():
            column, clipboard = self._view.column, QGuiApplication.clipboard()
            if column is not None and (copied := copied_selection(column, self._reading.selection)) is not None:
                clipboard.setText(copied.quick(), clipboard.Mode.Selection)
        return True

    def _wheel(self, event: QWheelEvent) -> bool:
        self._view.glide.stop()
        delta = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 2
        sideways = delta.y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else delta.x()
        seen = self._reading.places.seen_at(event.position().y())
        if sideways and seen is not None and isinstance(seen.box, SidewaysBox):
            is_meant = abs(delta.x()) > abs(delta.y()) or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if is_meant and seen.box.scroll_sideways(-sideways):
                self._view.viewport().update()
            return is_meant
        return False

    def _hover(self, spot: Spot | None) -> None:
        before = self.hovered
        if spot == before:
            return
        self.hovered = spot
        act = spot.hot.act if spot is not None else None
        href = plain_address(act.href) if isinstance(act, Link) and not isinstance(act, ToNote) else ""
        self._view.link_hovered.emit(href)
        is_note = spot is not None and isinstance(act, ToNote)
        self._view.viewport().setToolTip(self._reading.footnotes.preview(spot) if is_note and spot else href)
        # Qt keeps a tip until the pointer leaves the page: it would tell the target of one link beside another.
        QToolTip.hideText()
        self._view.viewport().update()
