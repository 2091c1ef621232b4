"""The sessions that are open: shown somewhere, running, temporary, or left a moment ago.

A session stays the same object while it is here, so that whoever comes back to a conversation
finds its run, its undo and its unsent text.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from desktop_chat.core.history import History
from desktop_chat.core.session import Session
from desktop_chat.domain.changes import Change
from desktop_chat.domain.ids import ConversationId

KEPT_OPEN = 4
"""Sessions that nobody shows and that do not run."""
REMEMBERED = 200
"""Conversations that are closed and can still be undone once they are opened again."""


@dataclass(slots=True)
class _Open:
    """A session, and how many views show it."""

    session: Session
    stop_listening: Callable[[], None]
    views: int = 0


class OpenSessions:
    """Sessions by their conversations, the one that was used last at the end.

    Args:
        heard: Is told every change of every session.
        is_unsaved: Whether something of a conversation is in memory alone.
    """

    def __init__(self, heard: Callable[[Session, Change], None], is_unsaved: Callable[[ConversationId], bool]) -> None:
        self._heard = heard
        self._is_unsaved = is_unsaved
        self._open: OrderedDict[ConversationId, _Open] = OrderedDict()
        self._histories: OrderedDict[ConversationId, History] = OrderedDict()

    def all(self) -> list[Session]:
        """Every one of them, the one that was used last at the end."""
        return [entry.session for entry in self._open.values()]

    def get(self, conversation_id: ConversationId) -> Session | None:
        """The session of a conversation, if it is open."""
        entry = self._open.get(conversation_id)
        return entry.session if entry else None

    def is_shown(self, conversation_id: ConversationId) -> bool:
        """True if a view shows it."""
        entry = self._open.get(conversation_id)
        return entry is not None and entry.views > 0

    def add(self, session: Session) -> Session:
        """Keep one that was just made, and return it; what was done to its conversation before can be undone."""
        session.history = self._histories.pop(session.conversation.id, session.history)

        def on_change(change: Change) -> None:
            self._heard(session, change)

        self._open[session.conversation.id] = _Open(session, session.changes.subscribe(on_change))
        return session

    def show(self, session: Session) -> Session:
        """One more view shows it."""
        conversation_id = session.conversation.id
        self._open[conversation_id].views += 1
        self._open.move_to_end(conversation_id)
        self.let_go()
        return session

    def release(self, session: Session) -> None:
        """A view does not show it any more."""
        entry = self._open.get(session.conversation.id)
        if entry is not None and entry.session is session:
            entry.views = max(0, entry.views - 1)
            self._open.move_to_end(session.conversation.id)
            self.let_go()

    def let_go(self) -> None:
        """Close those that nobody needs; what is in memory alone stays."""
        idle = [
            (conversation_id, entry)
            for conversation_id, entry in self._open.items()
            if not entry.views and not entry.session.is_running and entry.session.conversation.messages
        ]
        for conversation_id, entry in idle[: max(0, len(idle) - KEPT_OPEN)]:
            if not entry.session.is_temporary and not self._is_unsaved(conversation_id):
                entry.stop_listening()
                del self._open[conversation_id]
                self._remember(entry.session)

    def _remember(self, session: Session) -> None:
        if session.can_undo or session.can_redo:
            self._histories[session.conversation.id] = session.history
            if len(self._histories) > REMEMBERED:
                self._histories.popitem(last=False)

    def forget(self) -> None:
        """The conversations are others now."""
        self._histories.clear()

    async def close(self) -> None:
        """End every session."""
        for entry in tuple(self._open.values()):
            await entry.session.close()
            entry.stop_listening()
        self._open.clear()
