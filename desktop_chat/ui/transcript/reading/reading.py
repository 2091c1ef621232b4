"""What a reader does with mouse and keys: select, copy, follow links, go from message to message.

Everything that can be clicked is a hot spot of a box; the same list serves the pointer, the
Tab key and screen readers. The focus of the keyboard is a message, and in it a hot spot.
"""

from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPen

from desktop_chat.domain.ids import MessageId
from desktop_chat.ui.actions.ids import ActionId
from desktop_chat.ui.transcript.accessible.accessible import tell_focus, tell_return, tell_spot
from desktop_chat.ui.transcript.boxes.box import Act, Ask, Box, CopyText, Link, OnCode, OnPicture, State, Toggle
from desktop_chat.ui.transcript.boxes.text import ToNote
from desktop_chat.ui.transcript.copying.copied import AT_ONCE, Form
from desktop_chat.ui.transcript.copying.copying import Copying
from desktop_chat.ui.transcript.page.anchors import Seen
from desktop_chat.ui.transcript.page.selection import (
    Selection,
    copied_message,
    copied_selection,
    is_text,
    plain_message,
)
from desktop_chat.ui.transcript.reading.box_acts import copy_text, do_with_code, do_with_picture
from desktop_chat.ui.transcript.reading.caret import Caret
from desktop_chat.ui.transcript.reading.editing import Editing
from desktop_chat.ui.transcript.reading.footnotes import Footnotes
from desktop_chat.ui.transcript.reading.jumping import Jumping
from desktop_chat.ui.transcript.reading.keys import Keys
from desktop_chat.ui.transcript.reading.places import Places
from desktop_chat.ui.transcript.reading.pointer import Pointer

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.view import TranscriptView


class Reading:
    """Pointer, keyboard, selection and focus of one page.

    Args:
        view: The page.
    """

    def __init__(self, view: "TranscriptView") -> None:
        self._view = view
        self.places = Places(view)
        self.selection = Selection()
        self.copying = Copying(view)
        self.caret = Caret(view, self.places, self.selection)
        self.keys = Keys(view, self)
        self.pointer = Pointer(view, self)
        self.jumping = Jumping(view)
        self.footnotes = Footnotes(view)
        self._focused_row: int | None = None
        self._told_id: MessageId | None = None
        self._focused_spot: tuple[int, int] | None = None
        self._toolbar_row: int | None = None
        view.toolbar.pressed.connect(self._on_toolbar_pressed)
        view.toolbar.keyboard_left.connect(self.take_focus)
        self.editing = Editing(view, self.places)

    @property
    def current_message_id(self) -> MessageId | None:
        """The message that has the keyboard.

        Not that under the pointer: who presses a key means the last message, wherever the mouse was left.
        """
        column = self._view.column
        row = self._focused_row if self.has_keyboard else None
        return column.rows[row] if column is not None and row is not None and row < len(column.rows) else None

    @property
    def has_keyboard(self) -> bool:
        """True while the page, or something that floats over it, has the keyboard of the window."""
        keyboard = self._view.window().focusWidget()
        return keyboard is not None and (keyboard is self._view or self._view.isAncestorOf(keyboard))

    def tell_current(self) -> None:
        """Say so if another message has the keyboard."""
        if self.current_message_id != self._told_id:
            self._told_id = self.current_message_id
            self._view.current_changed.emit()

    def take_focus(self) -> None:
        """The page, or its toolbar, got the keyboard or lost it."""
        view = self._view
        view.viewport().update()
        self.tell_current()
        if view.viewport().underMouse() or view.toolbar.underMouse():
            return
        if not self.has_keyboard:
            self.offer_toolbar(None)
        elif view.hasFocus():
            self.offer_toolbar(self._focused_row)
            tell_return(view, self._focused_row)

    def forget(self, *, keeps_row: bool = False) -> None:
        """The page shows something else; with `keeps_row` a keyboard on it stays with the message in that place."""
        row = self._focused_row if keeps_row and self.has_keyboard else None
        self.selection.clear()
        self.pointer.forget()
        self._focused_row = self._focused_spot = None
        if not keeps_row or not self._view.toolbar.underMouse():
            self._toolbar_row = None
            self._view.toolbar.dismiss()
        if not keeps_row:
            self.editing.put_away()
        self._focused_row = row

    def refocus(self) -> None:
        """Other messages are shown: mark the one that has the keyboard now, without moving the page."""
        column, pointed = self._view.column, self._pointed_row
        if column is not None and column.rows and self._focused_row is not None:
            self._focused_row = min(self._focused_row, len(column.rows) - 1)
            if self._view.editor.has_keyboard:
                self.offer_toolbar(self._focused_row)
            else:
                self.take_row(self._focused_row)
        self.offer_toolbar(self._focused_row if pointed is None else pointed)

    @property
    def _pointed_row(self) -> int | None:
        """Whose toolbar is under the pointer, if the message in that place is now another version of it."""
        view, row = self._view, self._toolbar_row
        if view.column is None or view.session is None or row is None or not view.toolbar.underMouse():
            return None
        shown = view.column.rows[row : row + 1]
        return row if shown and view.toolbar.message_id in view.session.conversation.versions(shown[0]) else None

    def follow(self) -> None:
        """The page moved or grew: keep what floats over it in its place."""
        view, column = self._view, self._view.column
        if column is None:
            return
        self.editing.follow()
        if self._toolbar_row is not None and view.toolbar.isVisible():
            view.toolbar.place(self.places.toolbar_point(self._toolbar_row))

    def tell(self, state: State, seen: Seen) -> None:
        """Say of a box what is selected, hovered and focused in it."""
        bounds = self.selection.bounds
        state.selected = None
        if bounds is not None and bounds[0].row <= seen.row <= bounds[1].row and is_text(seen.box):
            state.selected = self.selection.part_of(seen.row, seen.index, seen.box.length)
        here = self.pointer.hovered
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
            rect = QRectF(self.places.message_rect(self._focused_row)).adjusted(-11.5, -4.5, 11.5, 6.5)
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
            middle = column.scroll_y + self._view.viewport().height() / 2
            row = len(column.rows) - 1 if column.sticks else column.heights.row_at(middle)
        else:
            row += step
        self.focus_row(max(0, min(row, len(column.rows) - 1)))

    def focus_row(self, row: int) -> None:
        """Give a message the keyboard and bring it into view."""
        view, column = self._view, self._view.column
        if column is None:
            return
        self._focused_row, self._focused_spot = row, None
        rect = self.places.message_rect(row)
        if rect.top() < 8 or rect.bottom() > view.viewport().height() - 8:
            view.glide.to(column.heights.top(row))
        self.take_row(row)
        view.viewport().update()

    def focus_next(self, is_next: bool) -> bool:
        """Go to the next hot spot of what is in view; False beyond the last one."""
        spots = self.places.spots_in_view()
        if not spots:
            return False
        here = (self._focused_row, *self._focused_spot) if self._focused_spot else None
        places = [(spot.row, spot.box, spot.index) for spot in spots]
        if here in places:
            place = places.index(here) + (1 if is_next else -1)
        else:
            after = [i for i, spot in enumerate(spots) if self._focused_row is None or spot.row >= self._focused_row]
            place = (after[0] if after else len(spots)) if is_next else -1
        if not 0 <= place < len(spots):
            self._focused_spot = None
            self._view.viewport().update()
            return False
        self.focus_spot(spots[place].row, spots[place].box, spots[place].index)
        return True

    def focus_spot(self, row: int, box: int, index: int) -> None:
        """Give a hot spot of a box the keyboard where it stands."""
        self._focused_row, self._focused_spot = row, (box, index)
        self.offer_toolbar(row)
        tell_spot(self._view, row, box, index)
        self._view.viewport().update()

    def edit(self, message_id: MessageId) -> None:
        """Open the editor over a message, or go to the one in which something was typed."""
        view, session = self._view, self._view.session
        if view.editor.message_id is not None and view.editor.is_changed:
            message_id = view.editor.message_id
        if session is None or view.column is None or message_id not in view.column.row_of:
            return
        self.focus_row(view.column.row_of[message_id])
        view.toolbar.dismiss()
        self.editing.open(message_id)

    def copy_selection(self) -> bool:
        """Put what is selected on the clipboard; tells whether there was anything."""
        column = self._view.column
        if column is None or (copied := copied_selection(column, self.selection)) is None:
            return False
        self.copying.start(copied)
        return True

    def copy_message(self, message_id: MessageId) -> None:
        """Put a whole message on the clipboard."""
        session = self._view.session
        if session is not None:
            self.copying.start(copied_message(session.conversation.messages[message_id]))

    def copy_as(self, form: Form, message_id: MessageId | None) -> None:
        """Put what is selected, or else a message, on the clipboard in one form only."""
        view, session = self._view, self._view.session
        if view.column is None or session is None:
            return
        copied = copied_selection(view.column, self.selection)
        if copied is not None:
            self.copying.start(copied, form)
        elif message_id is not None:
            message = session.conversation.messages[message_id]
            if form is Form.PLAIN and len(message.text) <= AT_ONCE:
                QGuiApplication.clipboard().setText(plain_message(message))
            else:
                self.copying.start(copied_message(message, is_read=form is Form.PLAIN), form)

    def take_row(self, row: int, box: Box | None = None) -> None:
        """Give a message the keyboard where it stands; `box` is what was gone to in it."""
        self._focused_row, self._focused_spot = row, None
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.offer_toolbar(row)
        tell_focus(self._view, row, box)

    def select_all(self) -> None:
        """Select everything there is."""
        self.caret.select_all()

    def drop_focus(self) -> None:
        """The pointer takes over from the keyboard."""
        self._focused_row = self._focused_spot = None

    @property
    def focused_row(self) -> int | None:
        """The message that has the keyboard."""
        return self._focused_row

    @property
    def focused_spot(self) -> tuple[int, int, int] | None:
        """The link or button that has the keyboard: its message, its box, and which one there."""
        if self._focused_row is None or self._focused_spot is None:
            return None
        return (self._focused_row, *self._focused_spot)

    @property
    def keyboard_places(self) -> list[tuple[int, int]]:
        """Where the keyboard may be, as message and box: a link or button, what was jumped to, the selection's end."""
        spot, head = self.focused_spot, self.selection.head
        found = [spot[:2] if spot else None, self.jumping.place, (head.row, head.box) if head else None]
        return [place for place in found if place is not None]

    # What hot spots do

    def do_focused(self) -> None:
        """Do what the hot spot stands for that has the keyboard."""
        if self._focused_row is None or self._focused_spot is None or self._view.column is None:
            return
        box, index = self._focused_spot
        item = self._view.column.item(self._focused_row)
        if box < len(item.boxes) and index < len(spots := item.boxes[box].hot_spots()):
            self.do(self._focused_row, spots[index].act)

    def do(self, row: int, act: Act) -> None:
        """Do what a hot spot stands for."""
        view, column = self._view, self._view.column
        if column is None:
            return
        match act:
            case ToNote():
                self.footnotes.go(row, act)
            case Link(href):
                view.link_asked.emit(href)
            case CopyText():
                copy_text(view, row, act)
            case OnCode():
                do_with_code(view, row, act)
            case OnPicture():
                do_with_picture(view, row, act)
            case Toggle(part):
                item = column.item(row)
                column.sticks = False
                item.toggle(part)
                view.refresh(item)
            case Ask(action, payload):
                view.action_asked.emit(action, payload)
            case _:
                assert_never(act)

    def _on_toolbar_pressed(self, action: ActionId, message_id: MessageId) -> None:
        if action is ActionId.MESSAGE_COPY:
            self.copy_message(message_id)
        elif action is ActionId.MESSAGE_EDIT:
            self.edit(message_id)
        else:
            self._view.action_asked.emit(action, message_id)

    def offer_toolbar(self, row: int | None) -> None:
        """Bring the toolbar to a message, or put it away."""
        view, column, session = self._view, self._view.column, self._view.session
        self._toolbar_row = row
        self.tell_current()
        if row is None or column is None or session is None or row >= len(column.rows):
            view.toolbar.dismiss()
            return
        message_id = column.rows[row]
        draft = session.draft
        if (draft is not None and draft.message_id == message_id) or view.editor.message_id == message_id:
            view.toolbar.dismiss()
            return
        if view.toolbar.message_id != message_id or not view.toolbar.isVisible():
            versions = session.conversation.versions(message_id)
            message = session.conversation.messages[message_id]
            place = versions.index(message_id) + 1
            view.toolbar.show_for(message_id, message.role, place, len(versions), is_busy=session.is_running)
        view.toolbar.place(self.places.toolbar_point(row))
