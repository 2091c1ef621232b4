"""What a reader does with mouse and keys: select, copy, follow links, go from message to message.

Everything that can be clicked is a hot spot of a box; the same list serves the pointer, the
Tab key and screen readers. The focus of the keyboard is a message, and in it a hot spot.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QToolTip

from desktop_chat.domain.ids import MessageId
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.transcript.boxes.box import Act, Ask, CopyText, HotSpot, Link, State, Toggle
from desktop_chat.ui.transcript.boxes.code import CodeBox
from desktop_chat.ui.transcript.boxes.table import TableBox
from desktop_chat.ui.transcript.column import Column, Seen
from desktop_chat.ui.transcript.selection import (
    PageMime,
    Position,
    Selection,
    copied_message,
    copied_selection,
    leaf_of,
    step_from,
    word_at,
)

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.view import TranscriptView

EDGE_PX = 28
"""Dragging this near to the edge scrolls."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A hot spot and where it is."""

    row: int
    box: int
    index: int
    hot: HotSpot


class Reading:
    """Pointer, keyboard, selection and focus of one page.

    Args:
        view: The page.
    """

    def __init__(self, view: "TranscriptView") -> None:
        self._view = view
        self.selection = Selection()
        self._hovered: Spot | None = None
        self._pressed: Spot | None = None
        self._is_selecting = False
        self._clicks = 0
        self._focused_row: int | None = None
        self._focused_spot: tuple[int, int] | None = None
        self._toolbar_row: int | None = None
        view.toolbar.pressed.connect(self._on_toolbar_pressed)
        view.editor.closed.connect(self._on_editor_closed)

    @property
    def current_message_id(self) -> MessageId | None:
        """The message the keyboard or else the pointer is at."""
        column = self._view.column
        row = self._focused_row if self._focused_row is not None else self._toolbar_row
        return column.rows[row] if column is not None and row is not None and row < len(column.rows) else None

    def forget(self) -> None:
        """The page shows something else."""
        self.selection.clear()
        self._hovered = self._pressed = None
        self._is_selecting = False
        self._focused_row = self._focused_spot = self._toolbar_row = None
        self._view.toolbar.dismiss()
        self._view.editor.cancel()

    def follow(self) -> None:
        """The page moved or grew: keep what floats over it in its place."""
        view, column = self._view, self._view.column
        if column is None:
            return
        if view.editor.message_id is not None and view.editor.message_id in column.row_of:
            rect = view.message_rect(column.row_of[view.editor.message_id])
            view.editor.place(rect, view.viewport().rect())
        if self._toolbar_row is not None and view.toolbar.isVisible():
            view.toolbar.place(view.point_of(self._toolbar_row))

    def tell(self, state: State, seen: Seen) -> None:
        """Say of a box what is selected, hovered and focused in it."""
        bounds = self.selection.bounds
        state.selected = None
        if bounds is not None and bounds[0].row <= seen.row <= bounds[1].row and leaf_of(seen.box) is not None:
            state.selected = self.selection.part_of(seen.row, seen.index, seen.box.length)
        here = self._hovered
        state.hovered = here.hot.act if here and (here.row, here.box) == (seen.row, seen.index) else None
        state.focused = None
        if state.has_focus and self._focused_spot and self._focused_row == seen.row:
            box, index = self._focused_spot
            state.focused = index if box == seen.index else None

    def paint_focus(self, painter: QPainter) -> None:
        """Mark the message that has the keyboard."""
        view = self._view
        if self._focused_row is None or not view.hasFocus() or view.column is None:
            return
        if self._focused_row < len(view.column.rows):
            rect = QRectF(view.message_rect(self._focused_row)).adjusted(-11.5, -4.5, 11.5, 6.5)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(view.theme.color("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect, 10, 10)

    # Going about

    def focus_message(self, step: int) -> None:
        """Go to the next (1) or previous (-1) message."""
        column = self._view.column
        if column is None or not column.rows:
            return
        row = self._focused_row
        if row is None:
            row = column.heights.row_at(column.scroll_y + self._view.viewport().height() / 2)
        else:
            row += step
        self.focus_row(max(0, min(row, len(column.rows) - 1)))

    def focus_row(self, row: int) -> None:
        """Give a message the keyboard and bring it into view."""
        view, column = self._view, self._view.column
        if column is None:
            return
        self._focused_row, self._focused_spot = row, None
        view.setFocus(Qt.FocusReason.OtherFocusReason)
        rect = view.message_rect(row)
        if rect.top() < 8 or rect.bottom() > view.viewport().height() - 8:
            view.glide_to(column.heights.top(row))
        self._offer_toolbar(row)
        view.viewport().update()

    def focus_next(self, is_next: bool) -> bool:
        """Go to the next hot spot of what is in view; False beyond the last one."""
        spots = self._spots_in_view()
        if not spots:
            return False
        here = (self._focused_row, *self._focused_spot) if self._focused_spot else None
        places = [(spot.row, spot.box, spot.index) for spot in spots]
        if here in places:
            place = places.index(here) + (1 if is_next else -1)  # type: ignore[arg-type]  # it is in the list
        else:
            after = [i for i, spot in enumerate(spots) if self._focused_row is None or spot.row >= self._focused_row]
            place = (after[0] if after else len(spots)) if is_next else -1
        if not 0 <= place < len(spots):
            self._focused_spot = None
            self._view.viewport().update()
            return False
        spot = spots[place]
        self._focused_row, self._focused_spot = spot.row, (spot.box, spot.index)
        self._view.viewport().update()
        return True

    def edit(self, message_id: MessageId) -> None:
        """Open the editor over a message."""
        view, session = self._view, self._view.session
        if session is None or view.column is None or message_id not in view.column.row_of:
            return
        row = view.column.row_of[message_id]
        message = session.conversation.messages[message_id]
        self.focus_row(row)
        view.toolbar.dismiss()
        view.editor.open_for(message_id, message.role, message.text)
        self.follow()

    def copy_selection(self) -> bool:
        """Put what is selected on the clipboard."""
        column = self._view.column
        copied = copied_selection(column, self.selection) if column is not None else None
        if copied is None:
            return False
        QGuiApplication.clipboard().setMimeData(PageMime(copied))
        return True

    # Events of the viewport and the keyboard

    def handle(self, event: QEvent) -> bool:
        """An event of the viewport; True if it is done with."""
        match event.type():
            case QEvent.Type.MouseButtonPress | QEvent.Type.MouseButtonDblClick if isinstance(event, QMouseEvent):
                return self._press(event)
            case QEvent.Type.MouseMove if isinstance(event, QMouseEvent):
                self._move(event)
            case QEvent.Type.MouseButtonRelease if isinstance(event, QMouseEvent):
                self._release(event)
            case QEvent.Type.Leave:
                self._hover(None)
                if not self._view.toolbar.underMouse():
                    self._offer_toolbar(self._focused_row)
            case QEvent.Type.Wheel if isinstance(event, QWheelEvent):
                return self._wheel(event)
            case _:
                pass
        return False

    def press_key(self, event: QKeyEvent) -> bool:
        """A key for the page; True if it meant something."""
        view, column = self._view, self._view.column
        if column is None:
            return False
        if event.matches(QKeySequence.StandardKey.Copy):
            return self.copy_selection()
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self._select_all()
            return True
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        page = view.viewport().height() - 2 * column.page.look.line_px
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right | Qt.Key.Key_Up | Qt.Key.Key_Down if shift:
                self._extend(Qt.Key(event.key()), by_word=control)
            case Qt.Key.Key_Up:
                view.glide_to(column.scroll_y - 60)
            case Qt.Key.Key_Down:
                view.glide_to(column.scroll_y + 60)
            case Qt.Key.Key_PageUp:
                view.glide_to(column.scroll_y - page)
            case Qt.Key.Key_PageDown | Qt.Key.Key_Space:
                view.glide_to(column.scroll_y + page)
            case Qt.Key.Key_Home:
                view.glide_to(0)
            case Qt.Key.Key_End:
                view.scroll_to_end()
            case Qt.Key.Key_J | Qt.Key.Key_K if not event.modifiers():
                self.focus_message(1 if event.key() == Qt.Key.Key_J else -1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self._focused_spot:
                self._do_focused()
            case Qt.Key.Key_Escape if not self.selection.is_empty:
                self.selection.clear()
                view.viewport().update()
            case _:
                return False
        return True

    def _press(self, event: QMouseEvent) -> bool:
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        spot = self._spot_at(event.position())
        is_double = event.type() == QEvent.Type.MouseButtonDblClick
        self._focused_row = self._focused_spot = None
        if spot is not None and not isinstance(spot.hot.act, Link) and not is_double:
            self._pressed = spot
            return True
        self._pressed = spot
        position = self.position_at(event.position())
        if position is None:
            return True
        near = self._last_press is not None and (event.position() - self._last_press).manhattanLength() < 6
        self._clicks = self._clicks + 1 if is_double or (self._clicks == 2 and near and self._is_quick(event)) else 1
        if is_double:
            self._clicks = 2
        self._last_press, self._last_time = event.position(), event.timestamp()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self.selection.anchor is not None:
            self.selection.head = position
        else:
            self.selection.start(position)
            self._widen()
        self._is_selecting = True
        self._view.viewport().update()
        return True

    _last_press: QPointF | None = None
    _last_time = 0

    def _is_quick(self, event: QMouseEvent) -> bool:
        return event.timestamp() - self._last_time < QGuiApplication.styleHints().mouseDoubleClickInterval()

    def _widen(self) -> None:
        """A second click selects the word, a third the paragraph or line."""
        head, column = self.selection.head, self._view.column
        if self._clicks < 2 or head is None or column is None:
            return
        text = column.item(head.row).boxes[head.box].text
        if self._clicks == 2:
            start, end = word_at(text, head.offset)
        else:
            start, end = _line_at(text, head.offset)
        self.selection.anchor = Position(head.row, head.box, start)
        self.selection.head = Position(head.row, head.box, end)

    def _move(self, event: QMouseEvent) -> None:
        if self._is_selecting and event.buttons() & Qt.MouseButton.LeftButton:
            y, height = event.position().y(), self._view.viewport().height()
            if y < EDGE_PX or y > height - EDGE_PX:
                step = y - EDGE_PX if y < EDGE_PX else y - (height - EDGE_PX)
                if self._view.column is not None:
                    self._view.move_to(round(self._view.column.scroll_y + step))
            position = self.position_at(event.position())
            if position is not None and self._clicks == 1 and position != self.selection.head:
                self.selection.head = position
                self._view.viewport().update()
            return
        self._hover(self._spot_at(event.position()))
        self._offer_toolbar(self._row_at(event.position().y()))
        over_text = self._hovered is None and self._is_over_text(event.position())
        shape = Qt.CursorShape.IBeamCursor if over_text else Qt.CursorShape.ArrowCursor
        self._view.viewport().setCursor(Qt.CursorShape.PointingHandCursor if self._hovered else shape)

    def _release(self, event: QMouseEvent) -> None:
        self._is_selecting = False
        pressed, self._pressed = self._pressed, None
        spot = self._spot_at(event.position())
        if pressed is not None and spot is not None and spot.hot.act == pressed.hot.act and self.selection.is_empty:
            self._do(spot.row, spot.hot.act)
        elif not self.selection.is_empty and QGuiApplication.clipboard().supportsSelection():
            column = self._view.column
            copied = copied_selection(column, self.selection) if column is not None else None
            if copied is not None:
                clipboard = QGuiApplication.clipboard()
                clipboard.setMimeData(PageMime(copied), clipboard.Mode.Selection)

    def _wheel(self, event: QWheelEvent) -> bool:
        delta = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 2
        sideways = delta.y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else delta.x()
        seen = self._seen_at(event.position().y())
        if sideways and seen is not None and isinstance(seen.box, CodeBox | TableBox):
            if abs(delta.x()) > abs(delta.y()) or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                if seen.box.scroll_sideways(-sideways):
                    self._view.viewport().update()
                return True
        return False

    # What hot spots do

    def _do_focused(self) -> None:
        if self._focused_row is None or self._focused_spot is None or self._view.column is None:
            return
        box, index = self._focused_spot
        item = self._view.column.item(self._focused_row)
        if box < len(item.boxes) and index < len(spots := item.boxes[box].hot_spots()):
            self._do(self._focused_row, spots[index].act)

    def _do(self, row: int, act: Act) -> None:
        view, column = self._view, self._view.column
        if column is None:
            return
        match act:
            case Link(href):
                view.link_asked.emit(href)
            case CopyText(leaf):
                QGuiApplication.clipboard().setText(leaf.text)
            case Toggle(part):
                item = column.item(row)
                column.sticks = False
                item.toggle(part)
                view.refresh(item)
            case Ask(action, payload):
                view.ask(action, payload)
            case _:
                assert_never(act)

    def _on_toolbar_pressed(self, action: ActionId, message_id: MessageId) -> None:
        session = self._view.session
        if action is ActionId.MESSAGE_COPY and session is not None:
            copied = copied_message(session.conversation.messages[message_id])
            QGuiApplication.clipboard().setMimeData(PageMime(copied))
        elif action is ActionId.MESSAGE_EDIT:
            self.edit(message_id)
        else:
            self._view.ask(action, message_id)

    def _on_editor_closed(self) -> None:
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    # Where things are

    def position_at(self, point: QPointF) -> Position | None:
        """The place in the text nearest to a point."""
        column = self._view.column
        if column is None:
            return None
        best: tuple[float, Seen] | None = None
        for seen in column.seen(-40, self._view.viewport().height() + 40):
            if leaf_of(seen.box) is None:
                continue
            distance = max(seen.y - point.y(), point.y() - seen.y - seen.box.height, 0.0)
            if best is None or distance < best[0]:
                best = distance, seen
        if best is None:
            return None
        seen = best[1]
        offset = seen.box.hit(point.x() - self._view.column_left, point.y() - seen.y)
        return Position(seen.row, seen.index, offset)

    def _seen_at(self, y: float) -> Seen | None:
        column = self._view.column
        return next(iter(column.seen(y, y + 1)), None) if column is not None else None

    def _row_at(self, y: float) -> int | None:
        seen = self._seen_at(y)
        return seen.row if seen is not None else None

    def _spot_at(self, point: QPointF) -> Spot | None:
        seen = self._seen_at(point.y())
        if seen is None or not seen.box.is_laid_out:
            return None
        local = QPointF(point.x() - self._view.column_left, point.y() - seen.y)
        for index, hot in enumerate(seen.box.hot_spots()):
            if any(rect.contains(local) for rect in hot.rects):
                return Spot(seen.row, seen.index, index, hot)
        return None

    def _is_over_text(self, point: QPointF) -> bool:
        seen = self._seen_at(point.y())
        inside = self._view.column_left <= point.x() <= self._view.viewport().width() - self._view.column_left
        return seen is not None and inside and leaf_of(seen.box) is not None

    def _spots_in_view(self) -> list[Spot]:
        column: Column | None = self._view.column
        if column is None:
            return []
        return [
            Spot(seen.row, seen.index, index, hot)
            for seen in column.seen(0, self._view.viewport().height())
            if seen.box.is_laid_out
            for index, hot in enumerate(seen.box.hot_spots())
        ]

    def _hover(self, spot: Spot | None) -> None:
        before = self._hovered
        if spot == before:
            return
        self._hovered = spot
        href = spot.hot.act.href if spot is not None and isinstance(spot.hot.act, Link) else ""
        self._view.link_hovered.emit(href)
        if href:
            QToolTip.showText(self._view.cursor().pos() + QPoint(0, 18), href, self._view.viewport())
        elif before is not None and isinstance(before.hot.act, Link):
            QToolTip.hideText()
        self._view.viewport().update()

    def _offer_toolbar(self, row: int | None) -> None:
        view, column, session = self._view, self._view.column, self._view.session
        self._toolbar_row = row
        if row is None or column is None or session is None or row >= len(column.rows):
            view.toolbar.dismiss()
            return
        message_id = column.rows[row]
        draft = session.draft
        if (draft is not None and draft.message_id == message_id) or view.editor.message_id is not None:
            view.toolbar.dismiss()
            return
        if view.toolbar.message_id != message_id or not view.toolbar.isVisible():
            versions = session.conversation.versions(message_id)
            message = session.conversation.messages[message_id]
            place = versions.index(message_id) + 1
            view.toolbar.show_for(message_id, message.role, place, len(versions), is_busy=session.is_running)
        view.toolbar.place(view.point_of(row))

    # Selecting with the keyboard

    def _select_all(self) -> None:
        column = self._view.column
        if column is None or not column.rows:
            return
        last = len(column.rows) - 1
        boxes = column.item(last).boxes
        self.selection.anchor = Position(0, 0, 0)
        self.selection.head = Position(last, len(boxes) - 1, boxes[-1].length if boxes else 0)
        self._view.viewport().update()

    def _extend(self, key: Qt.Key, *, by_word: bool) -> None:
        column = self._view.column
        head = self.selection.head or self.position_at(QPointF(self._view.column_left, 0))
        if column is None or head is None:
            return
        if self.selection.anchor is None:
            self.selection.start(head)
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.selection.head = self._above_or_below(head, -1 if key == Qt.Key.Key_Up else 1)
        else:
            forward = key == Qt.Key.Key_Right
            text = column.item(head.row).boxes[head.box].text
            offset = step_from(text, head.offset, forward=forward, by_word=by_word)
            if offset < 0 or offset == head.offset:
                self.selection.head = self._next_box(head, 1 if forward else -1) or head
            else:
                self.selection.head = Position(head.row, head.box, offset)
        self._view.viewport().update()

    def _above_or_below(self, head: Position, step: int) -> Position:
        column = self._view.column
        assert column is not None
        box = column.item(head.row).boxes[head.box]
        rects = box.rects(max(0, head.offset - 1), head.offset) or box.rects(0, 1)
        if not rects:
            return self._next_box(head, step) or head
        rect = rects[-1]
        x = rect.right() if head.offset else rect.left()
        y = column.place_of(head.row, head.box) - column.scroll_y + rect.center().y() + step * rect.height()
        moved = self.position_at(QPointF(x + self._view.column_left, y))
        if moved is None or moved == head:
            return self._next_box(head, step) or head
        return moved

    def _next_box(self, head: Position, step: int) -> Position | None:
        column = self._view.column
        assert column is not None
        row, index = head.row, head.box + step
        while 0 <= row < len(column.rows):
            boxes = column.item(row).boxes
            while 0 <= index < len(boxes):
                if leaf_of(boxes[index]) is not None:
                    return Position(row, index, 0 if step > 0 else boxes[index].length)
                index += step
            row += step
            if 0 <= row < len(column.rows):
                index = 0 if step > 0 else len(column.item(row).boxes) - 1
        return None


def _line_at(text: str, offset: int) -> tuple[int, int]:
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    return start, len(text) if end < 0 else end
