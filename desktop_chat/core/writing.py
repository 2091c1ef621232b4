"""Makes the messages that a session adds, and the request that asks for a reply."""

from collections.abc import Callable
from dataclasses import replace

from desktop_chat.core.context import says_something
from desktop_chat.core.endings import duration_ms
from desktop_chat.core.endpoints import Connection
from desktop_chat.core.ports import Clock, Request, ToolSpec
from desktop_chat.domain.blocks import Notice, Text, ToolCall
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.ids import MessageId, new_message_id
from desktop_chat.domain.message import Ended, Message, Role


def question(parent_id: MessageId | None, text: str, now: float) -> Message:
    """What the person wrote."""
    return Message(new_message_id(), parent_id, Role.USER, (Text(text),), now)


def empty_reply(parent_id: MessageId | None, endpoint: Endpoint, model: str, now: float) -> Message:
    """A reply of which nothing has come."""
    return Message(
        id=new_message_id(),
        parent_id=parent_id,
        role=Role.ASSISTANT,
        blocks=(),
        created_at=now,
        endpoint_id=endpoint.id,
        endpoint_name=endpoint.name,
        model=model,
    )


def begun_reply(cut: Message, reply: Message) -> Message:
    """A new reply that begins with what came of one that was cut off.

    Notices, calls without a result, and reasoning that led to no text stay behind.
    """
    unanswered = {call.call_id for call in cut.unanswered_calls}
    blocks = tuple(
        block
        for block in cut.blocks
        if not isinstance(block, Notice) and not (isinstance(block, ToolCall) and block.call_id in unanswered)
    )
    begun = replace(reply, blocks=blocks, rounds=cut.rounds)
    return begun if says_something(begun) else reply


def edited_question(old: Message, text: str, now: float) -> Message:
    """A version of what the person wrote; its pictures stay with it."""
    return replace(question(old.parent_id, text, now), blocks=(*old.pictures, Text(text)))


def edited_reply(old: Message, text: str, now: float) -> Message:
    """A version of a reply as the person wrote it, with its pictures."""
    return replace(
        old, id=new_message_id(), created_at=now, blocks=(Text(text), *old.pictures), ended=Ended.COMPLETE, rounds=()
    )


def stopwatch_ms(clock: Clock, reply: Message) -> Callable[[], int]:
    """Milliseconds since now, or since what the reply already took."""
    began, before_ms = clock.monotonic(), duration_ms(reply)
    return lambda: before_ms + int((clock.monotonic() - began) * 1000)


def request_for(
    reply: Message, conversation: Conversation, connection: Connection, tools: tuple[ToolSpec, ...]
) -> Request:
    """The request for a reply, with the messages above it."""
    settings = conversation.settings
    return Request(
        endpoint=connection.endpoint,
        model=connection.model,
        messages=conversation.path_to(reply.parent_id),
        system_prompt=settings.system_prompt,
        temperature=settings.temperature,
        max_tokens=settings.max_tokens,
        tools=tuple(tool for tool in tools if settings.offers(tool.name)),
        key=connection.key,
    )
