"""How a reply ends, and what is noted in it when it ends badly."""

from collections.abc import Callable, Sequence

from desktop_chat.domain.blocks import Notice
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.errors import Interrupted, ProviderError, StreamError, TimedOut, Unreachable
from desktop_chat.domain.ids import MessageId
from desktop_chat.domain.message import Ended, Message

BROKE_OFF = (Unreachable, Interrupted, TimedOut, StreamError)
"""Errors after which a reply that has begun counts as interrupted, not as failed."""


def ended_by(error: Exception, *, has_begun: bool) -> Ended:
    """How a reply ends that an error ended."""
    return Ended.INTERRUPTED if has_begun and isinstance(error, BROKE_OFF) else Ended.FAILED


def notice_of(error: Exception) -> Notice:
    """The error as the last block of its reply."""
    if isinstance(error, ProviderError):
        return Notice(type(error).__name__, error.detail, error.retry_after_s, error.status, error.request_id)
    return Notice(type(error).__name__, str(error))


def duration_ms(reply: Message) -> int:
    """How long a reply took, as far as its rounds and tool calls tell."""
    ends = [round_.ended_ms or round_.first_token_ms or round_.started_ms for round_ in reply.rounds]
    ends += [result.started_ms + result.duration_ms for result in reply.results.values()]
    return max(ends, default=0)


def waiting_reply(conversation: Conversation) -> Message | None:
    """The reply at the end of the shown path, if it waits for a person."""
    path = conversation.path()
    return path[-1] if path and path[-1].ended is Ended.WAITING else None


def pass_over_waiting(
    conversation: Conversation, going_on: MessageId, give_up: Callable[[Message], Message]
) -> list[Message]:
    """Another turn begins: whatever else waits for a person will not be decided any more.

    Returns:
        The replies that waited, as they are now.
    """
    called = (message for message in conversation.messages.values() if message.has_calls)
    waiting = [message for message in called if message.ended is Ended.WAITING and message.id != going_on]
    passed = [give_up(message) for message in waiting]
    for message in passed:
        conversation.put(message)
    return passed


def last_common(before: Sequence[Message], after: Sequence[Message]) -> MessageId | None:
    """The last message down to which two paths are one; `None` if they differ from the beginning."""
    common = None
    for old, new in zip(before, after, strict=False):
        if old.id != new.id:
            break
        common = old.id
    return common
