"""Which messages go into a request.

A conversation may hold what no server accepts: replies of which nothing came, and tool
calls that never got an answer. Both are legal to keep and are mended only here.
"""

from collections.abc import Iterable
from dataclasses import replace

from desktop_chat.domain.blocks import Notice, Reasoning, Text, ToolResult
from desktop_chat.domain.ids import new_message_id
from desktop_chat.domain.message import Message, Role

NEVER_RUN = "This call was never run."
"""Told to the model of a call that has no result."""

GO_ON = "Continue exactly where you stopped. Do not repeat anything."
"""Asked after a reply that was cut off."""


def messages_for(path: Iterable[Message], reply: Message, *, continues: bool = False) -> tuple[Message, ...]:
    """Choose and mend what is sent.

    Args:
        path: The messages above the reply.
        reply: The reply as it stands; left out while it has no blocks.
        continues: Its text was cut off, and the model is asked to go on.
    """
    messages = [_whole(message) for message in path if says_something(message)]
    if says_something(reply):
        messages.append(reply)
        if continues:
            request = Message(new_message_id(), reply.id, Role.USER, (Text(GO_ON),), reply.created_at)
            messages.append(request)
    return tuple(messages)


def says_something(message: Message) -> bool:
    """False for a reply of which only reasoning or a notice is there."""
    return message.role is Role.USER or any(not isinstance(b, Reasoning | Notice) for b in message.blocks)


def _whole(message: Message) -> Message:
    never_run = tuple(ToolResult(call.call_id, NEVER_RUN, is_error=True) for call in message.unanswered_calls)
    return replace(message, blocks=message.blocks + never_run) if never_run else message
