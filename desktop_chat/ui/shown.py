"""Which conversation the window shows, and the way from one to the next."""

import asyncio
from dataclasses import dataclass
from importlib import import_module

from PySide6.QtCore import QObject, Signal

from desktop_chat.core.endpoints import Endpoints
from desktop_chat.core.library import Library
from desktop_chat.core.session import Session
from desktop_chat.domain.changes import (
    Change,
    ConversationEdited,
    MessageAdded,
    RoundChanged,
)
from desktop_chat.domain.ids import ConversationId, FolderId, MessageId
from desktop_chat.ui.aio import spawn
from desktop_chat.ui.bridge import DELTAS, Bridge
from desktop_chat.ui.main_window import MainWindow
from desktop_chat.ui.messages import explain
from desktop_chat.ui.transcript.page.positions import ReadingPlace

UNREMARKABLE = (*DELTAS, RoundChanged)
"""Changes after which the same actions can be done as before."""


@dataclass(frozen=True, slots=True)
class _Goal:
    """What is looked for in a conversation that is being opened."""

    message_id: MessageId | None = None
    words: str = ""
    takes_keyboard: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the reader is: a conversation, its branch and the place on the page."""

    conversation_id: ConversationId
    last_id: MessageId | None
    place: ReadingPlace | None


class Shown(QObject):
    """Holds the one session the window shows, and gives it to every pane."""

    changed = Signal()
    """Something happened after which other actions may be possible."""
    heard = Signal(object)
    """A change of the shown conversation."""

    def __init__(self, library: Library, endpoints: Endpoints, window: MainWindow) -> None:
        super().__init__(window)
        self.session: Session | None = None
        self._library = library
        self._endpoints = endpoints
        self._window = window
        self._bridge: Bridge | None = None
        self._wanted: ConversationId | None = None
        self._returns_to: Standing | None = None
        self._ahead: Session | None = None
        Bridge(endpoints.changes, self).changed.connect(self._on_endpoints_changed)

    @property
    def conversation_id(self) -> ConversationId | None:
        """Of the shown conversation."""
        return self.session.conversation.id if self.session else None

    @property
    def current(self) -> Session:
        """The shown session; a new one if there is none yet."""
        if self.session is None:
            self.new()
        assert self.session is not None
        return self.session

    def new(self, *, temporary: bool = False, folder_id: FolderId | None = None) -> None:
        """Show an empty conversation; the one that is shown, if it is empty and as temporary as wanted.

        Args:
            temporary: It is never written, unless it is kept.
            folder_id: Where it will stand once something is sent.
        """
        self._wanted = None
        session = self.session
        is_free = session is not None and not session.conversation.messages
        if session is None or not is_free or session.is_temporary != temporary:
            self._present(self._library.new(temporary=temporary, folder_id=folder_id))
        else:
            if folder_id is not None:
                session.conversation.folder_id = folder_id
            self._end_ahead()
        self.focus()

    def branch(self, message_id: MessageId) -> None:
        """Show a new conversation with what was said down to a message."""
        spawn(self._branch(self.current, message_id), owner=self, on_error=self._on_open_failed)

    def go_to(self, message_id: MessageId) -> None:
        """Show a message of this conversation, on whatever branch it is."""
        if self.session is not None:
            self.session.show(message_id)
            self._window.panes.transcript.scroll_to(message_id)

    def standing(self) -> Standing | None:
        """Where the reader is, to `go_back` there."""
        session, transcript = self.session, self._window.panes.transcript
        if session is None:
            return None
        transcript.keep_position()
        conversation = session.conversation
        return Standing(conversation.id, conversation.last_id, transcript.positions.place(conversation.id))

    def go_back(self, standing: Standing) -> None:
        """Show the branch and the place where the reader was, now or once the conversation is opened again."""
        session, transcript = self.session, self._window.panes.transcript
        if session is None or session.conversation.id != standing.conversation_id:
            transcript.positions.put(standing.conversation_id, standing.place)
            self._returns_to = standing
            return
        self._wanted = None
        self._end_ahead()
        if standing.last_id is not None and standing.last_id in session.conversation.messages:
            session.show(standing.last_id)
        transcript.positions.put(standing.conversation_id, standing.place)
        transcript.reading.jumping.back()

    @property
    def is_ahead(self) -> bool:
        """True while the page shows a part of a conversation that is still being opened; nothing else knows of it."""
        return self._ahead is not None

    def open_last(self, conversation_id: ConversationId) -> None:
        """Show the conversation of last time, unless the person has begun something new meanwhile."""
        if self.session is not None and self.session.conversation.messages:
            return
        self._wanted = conversation_id
        spawn(self._open(conversation_id, _Goal(), gently=True), owner=self, on_error=self._on_open_failed)

    def open(
        self,
        conversation_id: ConversationId,
        message_id: MessageId | None = None,
        *,
        words: str = "",
        takes_keyboard: bool = True,
    ) -> None:
        """Show a conversation once it is read, and one of its messages.

        Args:
            conversation_id: Which.
            message_id: Is brought into view, on whatever branch it is.
            words: Are marked there.
            takes_keyboard: False if the person goes on where they are.
        """
        goal = _Goal(message_id, words, takes_keyboard)
        if conversation_id == self.conversation_id:
            self._wanted = None
            self._end_ahead()
            self._go_to(goal)
            return
        self._wanted = conversation_id
        spawn(self._open(conversation_id, goal), owner=self, on_error=self._on_open_failed)

    def renew(self) -> None:
        """Every session has ended and another store is in use: show what it has of this conversation."""
        before = self.conversation_id
        if before is not None and self._library.row(before) is not None:
            self._wanted = before
            spawn(self._open(before, _Goal(takes_keyboard=False)), owner=self, on_error=self._on_open_failed)
        else:
            self._wanted = None
            self._present(self._library.new())

    def focus(self) -> None:
        """Let the person go on where they are: type, or choose where answers come from."""
        if self._window.shows_welcome:
            self._window.welcome.focus_first()
        else:
            self._window.panes.composer.focus_editor()

    async def _open(self, conversation_id: ConversationId, goal: _Goal, *, gently: bool = False) -> None:
        if gently:
            # Loaded in a worker: the window has just been painted and can be used.
            await asyncio.to_thread(import_module, "desktop_chat.markup.stream")
        await self._show_ahead(conversation_id, goal.message_id, gently=gently)
        session = await self._library.open(conversation_id)
        if not self._is_wanted(conversation_id, gently=gently):
            # The person has chosen another one, or begun a new one, while this one was read.
            self._library.release(session)
            if self._wanted in (None, conversation_id):
                self._end_ahead()
            return
        self._wanted = None
        back, self._returns_to = self._returns_to, None
        if back is not None and back.conversation_id == conversation_id and back.last_id is not None:
            session.show(back.last_id)
        self._present(session)
        self._go_to(goal)

    async def _show_ahead(self, conversation_id: ConversationId, message_id: MessageId | None, *, gently: bool) -> None:
        """Have the page show what will be seen of a long conversation, while the rest of it is read."""
        positions = self._window.panes.transcript.positions
        place = positions.place(conversation_id)
        if message_id is not None:
            place = ReadingPlace(message_id, 0, 0)
        ahead = await self._library.excerpt(conversation_id, place.message_id if place is not None else None)
        if ahead is not None and self._is_wanted(conversation_id, gently=gently):
            positions.put(conversation_id, place)
            self._ahead = ahead
            page = self._window.panes.transcript
            page.show_session(ahead)
            self._window.show_welcome(False)
            # Now: a thread that reads ten thousand messages takes turns with whoever paints.
            page.viewport().repaint()

    def _end_ahead(self) -> None:
        """What was shown ahead will not be opened."""
        if self._ahead is not None:
            self._ahead = None
            self._window.panes.transcript.show_session(self.session)
            self._choose_page()

    def _is_wanted(self, conversation_id: ConversationId, *, gently: bool) -> bool:
        is_late = gently and bool(self._window.panes.composer.text)
        return self._wanted == conversation_id and not is_late

    async def _branch(self, session: Session, message_id: MessageId) -> None:
        self._wanted = None
        self._present(await self._library.branch(session, message_id))
        self.focus()

    def _present(self, session: Session) -> None:
        before, self.session = self.session, session
        self._ahead = None
        if self._bridge is not None:
            self._bridge.close()
        self._bridge = Bridge(session.changes, self, without=UNREMARKABLE)
        self._bridge.changed.connect(self._on_session_changed)
        panes = self._window.panes
        self._choose_page()
        panes.header.show_session(session)
        panes.transcript.show_session(session)
        panes.composer.show_session(session)
        panes.inspector.show_session(session)
        panes.sidebar.show_current(session.conversation.id)
        self._window.show_title(session.conversation.title)
        if before is not None:
            self._library.release(before)
        self._library.mark_read(session.conversation.id)
        # Remembered now, not at the end: after a power cut the person looks for the reply that was being written.
        self._window.arranged.emit()
        self.changed.emit()

    def _choose_page(self) -> None:
        # What was said can be read without any endpoint; only a new conversation needs one.
        empty = self.session is None or not self.session.conversation.messages
        self._window.show_welcome(empty and not self._endpoints.all)

    def _go_to(self, goal: _Goal) -> None:
        transcript, focused = self._window.panes.transcript, self._window.focusWidget()
        if goal.message_id is not None:
            self.go_to(goal.message_id)
            if goal.words:
                transcript.finding.mark(goal.words, goal.message_id)
            else:
                transcript.finding.unmark()
            if not goal.takes_keyboard and focused is not None:
                focused.setFocus()
        elif goal.takes_keyboard:
            self.focus()

    def _on_open_failed(self, error: Exception) -> None:
        self._wanted = None
        self._end_ahead()
        self._window.say_problem(explain(error))
        if self.session is None:
            self.new()

    def _on_session_changed(self, change: Change) -> None:
        session = self.session
        if isinstance(change, MessageAdded):
            self._wanted = None
            self._end_ahead()
        if session is not None and isinstance(change, ConversationEdited | MessageAdded):
            self._window.show_title(session.conversation.title)
        self.heard.emit(change)
        self.changed.emit()

    def _on_endpoints_changed(self) -> None:
        was_welcome = self._window.shows_welcome
        self._choose_page()
        self._window.panes.composer.refresh()
        if was_welcome and not self._window.shows_welcome:
            # The first endpoint is there: the next thing the person does is type.
            self.focus()
        self.changed.emit()
