"""A session that is told what happens: stands in for the core where only the page is looked at."""

from dataclasses import replace

from desktop_chat.core.calls import CallStatus
from desktop_chat.core.ports import Unsent
from desktop_chat.domain.blocks import Block, Text, ToolCall, ToolResult
from desktop_chat.domain.changes import (
    CallChanged,
    CallState,
    Change,
    MessageAdded,
    PathChanged,
    RetryScheduled,
    TurnEnded,
    TurnStarted,
)
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.draft import Draft
from desktop_chat.domain.events import Event
from desktop_chat.domain.feed import Feed
from desktop_chat.domain.ids import CallId, ConversationId, MessageId, new_message_id
from desktop_chat.domain.message import Ended, Message, Role


class ToldSession:
    """Everything a page reads of a session, set by hand."""

    def __init__(self) -> None:
        self.conversation = Conversation(ConversationId("c"), "Title", 0.0, 0.0)
        self.changes: Feed[Change] = Feed()
        self.draft: Draft | None = None
        self.calls: dict[CallId, CallStatus] = {}
        self.waiting: RetryScheduled | None = None
        self.elapsed_ms = 0
        self.edits: dict[MessageId, Unsent] = {}

    @property
    def is_running(self) -> bool:
        return self.draft is not None

    def keep_edit(self, message_id: MessageId, text: str, cursor: int) -> None:
        """A new version as far as it has come."""
        self.edits.pop(message_id, None)
        if text:
            self.edits[message_id] = Unsent(text, cursor)

    def asks(self, text: str) -> Message:
        """The person says something."""
        return self._add(Role.USER, (Text(text),), None)

    def replies(self, *blocks: Block, ended: Ended = Ended.COMPLETE) -> Message:
        """A whole reply, as read from the store."""
        for block in blocks:
            if isinstance(block, ToolCall):
                result = next((b for b in blocks if isinstance(b, ToolResult) and b.call_id == block.call_id), None)
                state = CallState.DONE if result and not result.is_error else CallState.FAILED
                self.calls[block.call_id] = CallStatus(
                    block, state, result=result, duration_ms=result.duration_ms if result else None
                )
        return self._add(Role.ASSISTANT, blocks, ended)

    def begins(self, *blocks: Block, model: str = "Llama-3.3-70B-Instruct", is_asked: bool = True) -> Message:
        """A reply begins, and is asked for at once unless something is waited for before."""
        message = replace(self._make(Role.ASSISTANT, blocks, None), model=model)
        self.conversation.add(message)
        self.draft = Draft(message, lambda: self.elapsed_ms)
        if is_asked:
            self.draft.begin_round()
        self.changes.publish(TurnStarted(message.id))
        return message

    def says(self, event: Event) -> None:
        """Something of the running reply comes."""
        assert self.draft is not None
        for change in self.draft.apply(event):
            self.changes.publish(change)

    def ends(self, ended: Ended = Ended.COMPLETE) -> Message:
        """The running reply is over."""
        assert self.draft is not None
        for change in self.draft.end_round():
            self.changes.publish(change)
        message = self.draft.message(ended)
        self.conversation.put(message)
        self.draft = None
        self.changes.publish(TurnEnded(message.id, ended))
        return message

    def calls_stand(self, call: ToolCall, state: CallState, **facts: object) -> None:
        """A call is in this state now."""
        self.calls[call.call_id] = replace(CallStatus(call, state), **facts)  # type: ignore[arg-type]
        if self.draft is not None:
            self.changes.publish(CallChanged(self.draft.message_id, call.call_id, state))

    def chooses(self, message_id: MessageId, after_id: MessageId | None) -> None:
        """Another version is shown."""
        self.conversation.choose(message_id)
        self.changes.publish(PathChanged(after_id))

    def _add(self, role: Role, blocks: tuple[Block, ...], ended: Ended | None) -> Message:
        message = self._make(role, blocks, ended)
        self.conversation.add(message)
        self.changes.publish(MessageAdded(message.id))
        return message

    def _make(self, role: Role, blocks: tuple[Block, ...], ended: Ended | None) -> Message:
        model = "Llama-3.3-70B-Instruct" if role is Role.ASSISTANT else ""
        return Message(new_message_id(), self.conversation.last_id, role, blocks, 0.0, model=model, ended=ended)
