"""The transcript: a scroll area that paints the boxes of a conversation and keeps up with it.

Everything shown comes from the session and its changes; nothing is drawn because of a click.
Text that streams goes: change, flush, message, boxes, strip of the window. What a person does
with mouse and keys is in `reading.py`.
"""

from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QHideEvent, QKeyEvent, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QSizePolicy, QWidget

from desktop_chat.domain.ids import MessageId
from desktop_chat.ui.theme.apply import Theme
from desktop_chat.ui.theme.tokens import COLUMN_PX
from desktop_chat.ui.transcript.accessible.accessible import make_accessible
from desktop_chat.ui.transcript.boxes.box import Box
from desktop_chat.ui.transcript.boxes.formula import lacks_shapes
from desktop_chat.ui.transcript.boxes.formulas import Formulas
from desktop_chat.ui.transcript.code.colors import CodeColors
from desktop_chat.ui.transcript.find.find import Find
from desktop_chat.ui.transcript.flush import Flusher
from desktop_chat.ui.transcript.following import Following
from desktop_chat.ui.transcript.look import Look
from desktop_chat.ui.transcript.message.message import MessageItem
from desktop_chat.ui.transcript.message.parts import EditedSession, Page
from desktop_chat.ui.transcript.page.column import Column
from desktop_chat.ui.transcript.page.leaving import Leaving
from desktop_chat.ui.transcript.page.positions import Positions
from desktop_chat.ui.transcript.painting import Painting
from desktop_chat.ui.transcript.pictures.gallery import Gallery
from desktop_chat.ui.transcript.reading.editor import MessageEditor
from desktop_chat.ui.transcript.reading.gliding import Glide
from desktop_chat.ui.transcript.reading.menu import menu_point, open_menu
from desktop_chat.ui.transcript.reading.reading import Reading
from desktop_chat.ui.transcript.reading.scrolling import NewTextPill, ThinBar
from desktop_chat.ui.transcript.reading.toolbar import MessageToolbar
from desktop_chat.ui.transcript.words import tr

TICK_MS = 500
"""How often running times and the waiting cursor are drawn anew."""
MARGIN_PX = 24
"""Least room at the sides of the column."""


class TranscriptView(QAbstractScrollArea):
    """Shows one conversation.

    Args:
        theme: Colours, fonts and sizes; the page follows its changes.
        parent: Owns it.
    """

    action_asked = Signal(object, object)
    """An `ActionId` and the id of the message or tool call it is about."""
    link_asked = Signal(str)
    """Open this address; http, https or mailto."""
    link_hovered = Signal(str)
    """The real target of what the pointer is over; empty when it leaves."""
    edit_committed = Signal(str, str)
    """Id of a message, and its new text."""
    edit_dropped = Signal(str, str, int)
    """Id of a message, the new text that was begun and is not wanted, and the cursor in it."""
    current_changed = Signal()
    """Another message has the keyboard, or none."""

    _is_built = False

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.session: EditedSession | None = None
        self.column: Column | None = None
        self._column_px = COLUMN_PX
        self._code_wrap = self._code_numbers = False
        self._is_moving = False
        self.formulas = Formulas(lambda: self.lay_out_again(lacks_shapes), self)
        self.look = Look(theme, shape=self.formulas.shape)
        self.positions = Positions()
        self._build()
        self._connect()
        make_accessible(self)

    @property
    def current_message_id(self) -> MessageId | None:
        """The message that has the keyboard."""
        return self.reading.current_message_id

    @property
    def column_left(self) -> int:
        """Where the column begins in the viewport."""
        width = int(self.column.width) if self.column else 0
        # In the middle of the whole widget, in line with the composer, whatever the bar takes.
        return max(MARGIN_PX, (self.width() - width) // 2)

    def show_session(self, session: EditedSession | None) -> None:
        """Show a conversation where the reader left it, else its end; or nothing."""
        self.glide.stop()
        self.keep_position()
        self.following.stop()
        self.reading.forget()
        self.pill.hide()
        self.gallery.forget_texts()
        self.session = session
        if self.column is not None:
            self.leaving.take(self.column)
        self.column = None
        if session is not None:
            page = Page(self.look, session, self.colors.for_language, self.gallery.start)
            page.retry_left_s = self.following.retry_left_s
            page.code_views = self.positions.code_views(session.conversation.id)
            self.column = Column(page, self._column_width(), self.viewport().height())
            self.column.selection = self.reading.selection
            self.column.show(session.conversation.path())
            self.following.start(session)
            self.positions.go_back(session.conversation.id, self.column)
            self.settle()
            self.reading.editing.look_again()
        self.finding.session_changed()
        self.tick_if_needed()
        self._sync_bar()
        self.viewport().update()

    def keep_position(self) -> None:
        """Remember where the reader is."""
        if self.session is not None and self.column is not None:
            self.positions.keep(self.session.conversation.id, self.column)

    def set_column_px(self, width: int) -> None:
        """How wide the column of text may be."""
        if width != self._column_px:
            self._column_px = width
            self._on_resized()

    def set_code_wrap(self, wraps: bool) -> None:
        """Whether long lines of code break or scroll."""
        if wraps != self._code_wrap:
            self._code_wrap = wraps
            self._on_theme_changed()

    def set_code_numbers(self, numbered: bool) -> None:
        """Whether lines of code are numbered."""
        if numbered != self._code_numbers:
            self._code_numbers = numbered
            self._on_theme_changed()

    def focus_message(self, step: int) -> None:
        """Go to the next (1) or previous (-1) message."""
        self.reading.focus_message(step)

    def edit(self, message_id: MessageId) -> None:
        """Open the editor over a message."""
        self.reading.edit(message_id)

    def scroll_to(self, message_id: MessageId) -> None:
        """Have a message at the upper edge."""
        if self.column is not None and message_id in self.column.row_of:
            self.reading.focus_row(self.column.row_of[message_id])

    def make_room(self, height: int) -> None:
        """Leave room above the page, without moving what is read."""
        column, grown = self.column, height - self.viewportMargins().top()
        self.setViewportMargins(0, height, 0, 0)
        self.finding.place(height)
        if column is not None and not column.sticks and grown:
            self.move_to(column.scroll_y + grown)

    def refresh(self, item: MessageItem) -> None:
        """Bring a message up to date now, because the reader changed what is unfolded."""
        if self.column is not None:
            self.column.sync(item)
            self._after_layout()
            self.viewport().update()

    # Keeping up

    def flush(self) -> None:
        """Bring everything that changed up to date and repaint what looks different."""
        column = self.column
        if column is None:
            return
        self.painting.color_more()
        if column.is_rough:
            column.refine()
        if column.is_late:
            column.catch_up()
            self.viewport().update()
        before = column.scroll_y
        top: float | None = None
        for item in column.dirty_items:
            y = column.sync(item)
            top = y if top is None or (y is not None and y < top) else top
        self._after_layout()
        self.painting.blit(before - column.scroll_y, top)
        if top is not None and top < column.height:
            self.painting.cursor_is_on = True
        is_behind = not column.sticks and column.scroll_y < column.furthest and not self.glide.leads_to_end
        if top is not None and is_behind and self._is_running:
            self._show_pill()
        self.finding.follow()

    @property
    def _is_running(self) -> bool:
        return self.session is not None and self.session.is_running

    def _on_tick(self) -> None:
        column = self.column
        if column is None:
            return
        draft = self.session.draft if self.session else None
        item = column.live_item(draft.message_id) if draft else None
        if item is not None:
            if item.tick():
                self.flush()
            elif item.writes_in is not None and (self.theme.motion_ms or not self.painting.cursor_is_on):
                self.painting.blink(item)

    def tick_if_needed(self) -> None:
        """Tick while a reply is being written and can be seen."""
        is_needed = self._is_running and self.isVisible()
        self.flusher.tick_every(TICK_MS if is_needed else 0)

    # Geometry

    def _column_width(self) -> int:
        room = self.viewport().width() - 2 * MARGIN_PX
        return max(120, min(room, round(self._column_px * self.theme.scale)))

    def settle(self) -> None:
        """Lay out what is in the window."""
        if self.column is not None:
            self.column.settle()
            self._after_layout()

    def _after_layout(self) -> None:
        self._sync_bar()
        self.reading.follow()
        column = self.column
        if column is None:
            return
        if not self.pill.isHidden() and column.scroll_y >= column.furthest:
            # The page shrank, or the window grew: nothing is below any more.
            self.pill.hide()
            column.sticks = self.reading.selection.is_empty
        if column.is_rough or column.is_late or column.dirty_items:
            self.flusher.hurry()

    def _sync_bar(self) -> None:
        column = self.column
        self._is_moving = True
        value, furthest = (column.scroll_y, column.furthest) if column else (0, 0)
        page = max(1, int(column.height) if column else self.viewport().height())
        self._bar.show_place(value, furthest, page, step=3 * self.look.line_px // 2)
        self._is_moving = False

    def move_to(self, y: int) -> None:
        """Scroll there now."""
        column = self.column
        anchor = column.anchor() if column is not None else None
        if column is None or anchor is None:
            return
        before, was_late = column.where(anchor) - column.scroll_y, column.is_late
        column.sticks = False
        dy = y - column.scroll_y
        if abs(dy) < 2 * self.viewport().height():
            column.scroll_by(dy)
        else:
            column.scroll_to(y)
        column.sticks = column.scroll_y >= column.furthest
        if column.sticks:
            self.pill.hide()
        self._after_layout()
        # What comes in at the top may be laid out only now and be of another height than was thought, and what was
        # late may be there by now, though nothing of it is painted.
        self.painting.blit(round(column.where(anchor) - column.scroll_y - before), 0 if was_late else None)

    def _show_pill(self) -> None:
        if not self.pill.isVisible():
            self.pill.show()
            self.pill.raise_()
        self.pill.place(QRectF(self.viewport().geometry()))

    def _on_bar_moved(self, value: int) -> None:
        if not self._is_moving:
            self.move_to(value)

    def _on_resized(self) -> None:
        if not self._is_built:
            return
        if self.column is not None:
            self.column.resize(self._column_width(), self.viewport().height())
            self._after_layout()
        self.pill.place(QRectF(self.viewport().geometry()))
        self.viewport().update()

    def lay_out_again(self, is_stale: Callable[[Box], bool]) -> None:
        """Boxes have another height than they thought; what is read stays where it is."""
        if self.column is not None:
            self.column.lay_out_again(is_stale)
            self._after_layout()
        self.viewport().update()

    def _on_theme_changed(self) -> None:
        self.look = Look(
            self.theme, code_wrap=self._code_wrap, code_numbers=self._code_numbers, shape=self.formulas.shape
        )
        if self.column is not None:
            page = self.column.page
            page.look = self.look
            self.column.restyle(page, self._column_width())
            self._after_layout()
        self.viewport().update()

    # Set-up and Qt

    def _build(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._bar = ThinBar(self.theme, self)
        self.setVerticalScrollBar(self._bar)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Conversation"))
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        self.flusher = Flusher(self.flush, self._on_tick, self)
        self.colors = CodeColors(self.viewport().update, self)
        self.pill = NewTextPill(self)
        self.glide = Glide(self)
        self.toolbar = MessageToolbar(self.theme, self.viewport())
        self.editor = MessageEditor(self.theme, self.viewport())
        self.painting = Painting(self)
        self.gallery = Gallery(self)
        self.following = Following(self)
        self.finding = Find(self)
        self.leaving = Leaving(self)
        self.reading = Reading(self)
        self._is_built = True

    def _connect(self) -> None:
        self.theme.changed.connect(self._on_theme_changed)
        self.verticalScrollBar().valueChanged.connect(self._on_bar_moved)
        self.pill.clicked.connect(self.glide.to_end)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 160)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Nothing: positions are those of the column, which moves the window itself."""

    def paintEvent(self, event: QPaintEvent) -> None:
        began = perf_counter()
        self.painting.paint(event)
        self.flusher.charge(perf_counter() - began)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_built:
            self.finding.place()
        self._on_resized()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.tick_if_needed()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.tick_if_needed()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.reading.take_focus()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.reading.take_focus()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        # That of the mouse goes to the viewport, see `Pointer`.
        point = menu_point(self) if event.reason() == QContextMenuEvent.Reason.Keyboard else None
        event.setAccepted(point is not None and open_menu(self, point) is not None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.reading.keys.press(event):
            event.ignore()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            # Through Qt it comes back as `paintEvent` too, at the cost of painting a line.
            self.paintEvent(event)
            return True
        # Qt sends the first events while this is still being built.
        return (self._is_built and self.reading.pointer.handle(event)) or super().viewportEvent(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        return (self._is_built and self.reading.focus_next(is_next)) or super().focusNextPrevChild(is_next)
