"""What a person changes in an open conversation without asking a model: the path, the title, settings.

Each change is saved before it is told. Edits, deletions and choices can be undone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from desktop_chat.core.endings import last_common
from desktop_chat.core.history import History, SessionAct, shown
from desktop_chat.core.ports import Unsent
from desktop_chat.core.saver import Saver
from desktop_chat.domain.changes import Change, ConversationEdited, PathChanged
from desktop_chat.domain.conversation import PLACE, Conversation, name_from
from desktop_chat.domain.feed import Feed
from desktop_chat.domain.ids import MessageId
from desktop_chat.domain.message import Message


class Editing:
    """The part of a session that needs nobody else; `Session` has the rest.

    Attributes:
        conversation: Read only for others.
        changes: Everything that happens in it.
        unsent: Text that was typed and not sent, as it was when the conversation was opened or kept.
        edits: New versions of messages that were begun and not saved, the one touched last at the end.
        is_temporary: Nothing of it is ever written; `Library` says so.
        history: What can be undone and redone, with the names of the steps.
    """

    def __init__(self, conversation: Conversation, saver: Saver) -> None:
        self.conversation = conversation
        self.changes: Feed[Change] = Feed()
        self.unsent: Unsent | None = None
        self.edits: dict[MessageId, Unsent] = {}
        self.is_temporary = False
        self.history = History()
        self._saver = saver

    @property
    def can_undo(self) -> bool:
        """True if an edit, a deletion or a choice can be taken back."""
        return self.history.can_undo

    @property
    def can_redo(self) -> bool:
        """True if something was taken back last."""
        return self.history.can_redo

    def delete(self, message_id: MessageId) -> None:
        """Take a message off the path; it can be restored."""
        self._do(lambda: self.conversation.delete(message_id))

    def restore(self, message_id: MessageId) -> None:
        """Bring a deleted message back."""
        self._do(lambda: self.conversation.restore(message_id))

    def choose(self, message_id: MessageId) -> None:
        """Show this version."""
        self._do(lambda: self.conversation.choose(message_id))

    def show(self, message_id: MessageId) -> None:
        """Show the branch of a message if it is not on the path; not a step of undo."""
        conversation = self.conversation
        if all(message.id != message_id for message in conversation.path()):
            before = shown(conversation)
            self._carry_out(
                lambda: conversation.choose(message_id), (), lambda: self.history.amend(before, conversation)
            )

    def undo(self) -> None:
        """Take the last edit, deletion or choice back; harmless if there is none."""
        if self.can_undo:
            self._carry_out(lambda: self.history.undo(self.conversation))

    def redo(self) -> None:
        """Do again what was taken back last; harmless if there is nothing."""
        if self.can_redo:
            self._carry_out(lambda: self.history.redo(self.conversation))

    def rename(self, title: str) -> None:
        """Give the conversation a title that is never changed by us; an empty one changes nothing."""
        if title := name_from(title):
            self.conversation.title = title
            self.conversation.titled_by_person = True
            self._edited()

    def place(self, fields: Mapping[str, Any]) -> None:
        """Take over where the conversation stands now: the library changed its row and tells it."""
        for name in fields.keys() & PLACE:
            setattr(self.conversation, name, fields[name])

    def extend(self, other: Conversation) -> None:
        """Take what came to the conversation from elsewhere; what is shown stays."""
        self._came(self.conversation.extend(other))
        self._publish(PathChanged(None))

    def edit_settings(self, **fields: Any) -> None:
        """Change settings of the conversation by the names of `ConversationSettings`."""
        self.conversation.edit_settings(**fields)
        self._edited()

    def keep_unsent(self, text: str, cursor: int) -> None:
        """Remember what was typed and not sent."""
        self.unsent = Unsent(text, cursor) if text else None
        self._saver.keep_unsent(self.conversation.id, text, cursor)

    def take_unsent(self, typed: Mapping[MessageId | None, Unsent]) -> None:
        """What was typed here before it was opened."""
        self.unsent = typed.get(None)
        self.edits = {message_id: unsent for message_id, unsent in typed.items() if message_id is not None}

    def keep_edit(self, message_id: MessageId, text: str, cursor: int) -> None:
        """Remember the new version of a message as far as it has come; empty text forgets it."""
        self.edits.pop(message_id, None)
        if text:
            self.edits[message_id] = Unsent(text, cursor)
        self._saver.keep_unsent(self.conversation.id, text, cursor, message_id)

    def _drop_edit(self, message_id: MessageId) -> None:
        if message_id in self.edits:
            self.keep_edit(message_id, "", 0)

    def _do(self, action: Callable[[], None], *messages: Message) -> None:
        # A step of its own; `messages` are what it adds.
        before, act = shown(self.conversation), SessionAct.EDIT if messages else SessionAct.CHOOSE
        self._carry_out(action, messages, lambda: self.history.record(before, self.conversation, act))

    def _carry_out(
        self, action: Callable[[], None], messages: Sequence[Message] = (), note: Callable[[], None] = lambda: None
    ) -> None:
        path = self.conversation.path()
        action()
        note()
        self._saver.keep(self.conversation, *messages)
        self._publish(PathChanged(last_common(path, self.conversation.path())))

    def _edited(self) -> None:
        if self.conversation.messages:  # A new one is in memory alone until its first message.
            self._saver.keep(self.conversation)
        self._publish(ConversationEdited())

    def _came(self, messages: Iterable[Message]) -> None:
        """Messages are here that this session has not written."""
        raise NotImplementedError

    def _publish(self, change: Change) -> None:
        self.changes.publish(change)
