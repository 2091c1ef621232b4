"""Hears what happens in the session and tells the messages of the page.

Every change is taken here. A delta only notes that a block grew; what it looks like is worked
out at the next flush.
"""

from collections.abc import Sequence
from time import perf_counter
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QObject

from desktop_chat.domain.changes import (
    BlockEnded,
    BlockGrew,
    BlockStarted,
    CallChanged,
    Change,
    ConversationEdited,
    MessageAdded,
    PathChanged,
    RequestSent,
    RetryScheduled,
    RoundChanged,
    Saved,
    SaveFailed,
    TurnEnded,
    TurnStarted,
)
from desktop_chat.domain.ids import CallId, MessageId
from desktop_chat.domain.message import Message, Role
from desktop_chat.runtime import garbage
from desktop_chat.ui.bridge import Bridge
from desktop_chat.ui.transcript.accessible.accessible import Announcer
from desktop_chat.ui.transcript.message.message import MessageItem
from desktop_chat.ui.transcript.message.parts import ShownSession
from desktop_chat.ui.transcript.page.anchors import Anchor
from desktop_chat.ui.transcript.page.column import Column

if TYPE_CHECKING:
    from desktop_chat.ui.transcript.view import TranscriptView


class Following(QObject):
    """The page's ear.

    Args:
        view: The page.
    """

    def __init__(self, view: "TranscriptView") -> None:
        super().__init__(view)
        self._view = view
        self._session: ShownSession | None = None
        self._bridge: Bridge | None = None
        self._announcer = Announcer(view)
        self._retry: tuple[RetryScheduled, float] | None = None

    def start(self, session: ShownSession) -> None:
        """Listen to a session."""
        self._session = session
        self._bridge = Bridge(session.changes, self, grew=self._grow)
        self._bridge.changed.connect(self._on_session_changed)

    def stop(self) -> None:
        """Listen to nothing."""
        garbage.spare_old("stream", False)
        self._session = self._retry = None
        if self._bridge is not None:
            self._bridge.close()
            self._bridge = None

    def retry_left_s(self, waiting: RetryScheduled) -> float:
        """Seconds until a retry goes out."""
        if self._retry is None or self._retry[0] is not waiting:
            self._retry = waiting, perf_counter() + waiting.wait_s
        return max(0.0, self._retry[1] - perf_counter())

    def _on_session_changed(self, change: Change) -> None:
        match change:
            case MessageAdded(message_id):
                self._add(message_id)
            case PathChanged(after_id):
                self._show_path(after_id)
            case TurnStarted(message_id):
                self._begin_draft(message_id)
            case RequestSent(message_id) | RoundChanged(message_id):
                self._touch_foot(message_id)
            case RetryScheduled(message_id):
                self.retry_left_s(change)
                self._touch_foot(message_id)
            case BlockStarted(message_id, index):
                self._start_block(message_id, index)
            case BlockGrew():
                self._grow(change)
            case BlockEnded(message_id, index):
                self._end_block(message_id, index)
            case CallChanged(message_id, call_id):
                self._change_call(message_id, call_id)
            case TurnEnded(message_id):
                self._end_draft(message_id)
            case ConversationEdited() | SaveFailed() | Saved():
                pass
            case _:
                assert_never(change)

    def _grow(self, change: BlockGrew) -> None:
        """Called for every token: only notes it."""
        view = self._view
        item = view.column.live_item(change.message_id) if view.column is not None else None
        if item is not None:
            if item.grow(change.index, change.delta):
                self._announcer.hear(change.delta)
            view.flusher.ask()

    def _live(self, message_id: MessageId) -> MessageItem | None:
        return self._view.column.live_item(message_id) if self._view.column else None

    def _add(self, message_id: MessageId) -> None:
        column, session = self._view.column, self._session
        if column is None or session is None or message_id in column.row_of:
            return
        message = session.conversation.messages[message_id]
        column.append(message)
        if message.role is Role.USER:
            column.sticks = True
        self._view.settle()
        self._view.viewport().update()

    def _show_path(self, after_id: MessageId | None) -> None:
        column, session = self._view.column, self._session
        if column is None or session is None:
            return
        path: Sequence[Message] = session.conversation.path()
        keep = column.row_of[after_id] + 1 if after_id in column.row_of and after_id is not None else 0
        anchor = None if column.sticks else column.anchor()
        version = self._version_in_view(column, session, path, keep) if column.sticks else None
        self._view.reading.forget(keeps_row=True)
        column.show(path, keep)
        if keep and (item := self._live(column.rows[keep - 1])):
            item.revise()
        column.sticks = column.sticks and version is None
        column.restore(version or anchor)
        column.sticks = column.sticks or column.scroll_y >= column.furthest
        self._view.flush()
        self._view.reading.editing.look_again()
        self._view.reading.refocus()
        self._view.viewport().update()

    def _version_in_view(
        self, column: Column, session: ShownSession, path: Sequence[Message], row: int
    ) -> Anchor | None:
        """Where a message begins, if that is in view, that gives its place to another of its versions."""
        if row >= min(len(path), len(column.rows)):
            return None
        y = column.heights.top(row) - column.scroll_y
        is_version = column.rows[row] in session.conversation.versions(path[row].id)
        return Anchor(row, 0, -y) if is_version and 0 <= y < column.height else None

    def _begin_draft(self, message_id: MessageId) -> None:
        garbage.spare_old("stream", True)
        column, session = self._view.column, self._session
        if column is None or session is None:
            return
        if message_id in column.row_of:
            row = column.row_of[message_id]
            column.show(session.conversation.path(), row)
        elif message_id in session.conversation.messages:
            column.show(session.conversation.path(), len(column.rows))
        if message_id in column.row_of:
            column.item(column.row_of[message_id])
        # A reply never begins by itself: whoever asked for it, by sending, regenerating or editing, wants to see it.
        column.sticks = True
        self._view.pill.hide()
        self._view.tick_if_needed()
        self._view.settle()
        self._view.viewport().update()

    def _start_block(self, message_id: MessageId, index: int) -> None:
        item, draft = self._live(message_id), self._session.draft if self._session else None
        if item is not None and draft is not None:
            item.start_block(index, draft.block_at(index))
            self._view.flusher.ask()

    def _end_block(self, message_id: MessageId, index: int) -> None:
        item, draft = self._live(message_id), self._session.draft if self._session else None
        if item is not None and draft is not None:
            item.end_block(index, draft.block_at(index))
            self._view.flusher.ask()

    def _change_call(self, message_id: MessageId, call_id: CallId) -> None:
        for item in self._view.column.live_items if self._view.column else ():
            if item.id == message_id:
                item.change_call(call_id)
                self._view.flusher.ask()
        self._announcer.hear_call(self._session.calls.get(call_id) if self._session else None)
        self._view.tick_if_needed()

    def _touch_foot(self, message_id: MessageId) -> None:
        if item := self._live(message_id):
            item.change_foot()
            self._view.flusher.ask()

    def _end_draft(self, message_id: MessageId) -> None:
        garbage.spare_old("stream", False)
        self._announcer.finish(self._session.conversation.messages.get(message_id) if self._session else None)
        item = self._live(message_id)
        if item is not None and self._session is not None and message_id in self._session.conversation.messages:
            item.settle(self._session.conversation.messages[message_id])
            self._view.flusher.ask()
        self._view.tick_if_needed()
