"""A message in the order in which it is read: each tool call together with what came of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from desktop_chat.domain.blocks import Image, Notice, Reasoning, Refusal, Text, ToolCall, ToolResult
from desktop_chat.domain.message import Ended, Message, Role
from desktop_chat.exporting.format import Options


@dataclass(frozen=True, slots=True)
class Used:
    """A tool call and its result, if it has one."""

    call: ToolCall
    result: ToolResult | None


Part = Text | Reasoning | Refusal | Used | Notice | Image


def parts_of(message: Message, options: Options) -> Iterator[Part]:
    """What of a message is exported."""
    results = dict(message.results)
    called = {block.call_id for block in message.blocks if isinstance(block, ToolCall)}
    for block in message.blocks:
        match block:
            case Text() | Refusal():
                if block.text:
                    yield block
            case Reasoning():
                if options.reasoning and block.text:
                    yield block
            case ToolCall():
                if options.tools:
                    yield Used(block, results.pop(block.call_id, None))
            case ToolResult():
                # Not called by anything in this message; without a call it would be lost.
                if options.tools and block.call_id not in called:
                    yield Used(ToolCall(block.call_id, "", ""), block)
            case Notice() | Image():
                yield block
            case _:
                assert_never(block)


def author_of(message: Message, options: Options) -> str:
    """Who wrote it."""
    if message.role is Role.USER:
        return options.words.person
    return message.model or message.endpoint_name or options.words.model


def ending_of(message: Message, options: Options) -> str:
    """How a reply ended, unless it is complete or a notice says it already."""
    if message.ended in (None, Ended.COMPLETE) or any(isinstance(block, Notice) for block in message.blocks):
        return ""
    return options.words.ended.get(message.ended, "") if message.ended else ""
