"""Adds up what servers reported for a whole conversation, a little at a time.

Ten thousand messages take a while to read, and the window is used meanwhile. What was read for
this alone is not kept.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_chat.domain.ids import MessageId
from desktop_chat.domain.message import Message, Role, Round
from desktop_chat.domain.usage import Usage, total

SLICE_S = 0.005
"""Reading holds the window no longer than this; a conversation of the usual length is read in one."""
PAUSE_MS = 5


class Tally(QObject):
    """What the settled replies of a conversation have cost.

    Each request counts once: a reply that was continued begins with the requests of the one it
    goes on from.

    Args:
        parent: Owns it.
    """

    ended = Signal()
    """All is counted."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        self.forget()

    def forget(self) -> None:
        """Begin at nought."""
        self.usage: Usage | None = None
        """Everything that was reported; `None` if nothing was."""
        self.requests = self.reported = 0
        """How many there were, and how many of them have a report."""
        self._known: dict[MessageId, Message] = {}
        self._found: set[tuple[MessageId | None, int, Round]] = set()
        self._waiting: deque[Message] = deque()
        self._timer.stop()

    @property
    def is_whole(self) -> bool:
        """True once all is counted."""
        return not self._waiting

    def count(self, messages: Iterable[Message]) -> None:
        """Count those that were not counted yet: what fits into a slice at once, and the rest by and by.

        Args:
            messages: All that have ended; if one that was counted is another now, everything is counted anew.
        """
        replies = {message.id: message for message in messages if message.role is Role.ASSISTANT}
        if any(replies.get(known.id) is not known for known in self._known.values()):
            self.forget()
        self._waiting.extend(reply for reply in replies.values() if reply.id not in self._known)
        self._known = replies
        self._go_on()

    def _go_on(self) -> None:
        until = perf_counter() + SLICE_S
        while self._waiting and perf_counter() < until:
            self._add(self._waiting.popleft())
        if self._waiting:
            self._timer.start(PAUSE_MS)

    def _add(self, reply: Message) -> None:
        for number, round_ in enumerate(reply.glance().rounds):
            key = reply.parent_id, number, round_
            if key in self._found:
                continue
            self._found.add(key)
            self.requests += 1
            if round_.usage is not None:
                self.reported += 1
                self.usage = total([round_.usage] if self.usage is None else [self.usage, round_.usage])

    def _on_timeout(self) -> None:
        self._go_on()
        if self.is_whole:
            self.ended.emit()
