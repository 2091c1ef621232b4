"""The shown path as the OpenAI API takes it: an object with `messages`, or a line for each conversation.

A reply of ours holds a whole turn; here it comes apart into an assistant message for each
request and the tool messages between them. A call without a result gets one that says so,
since the API takes no call without. Reasoning stands in `reasoning_content`, where many
servers have it, but not in the lines: those are for training, and what reads them is strict.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from desktop_chat.domain.blocks import Image, Notice, Reasoning, Refusal, Text, ToolCall, ToolResult
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import CallId
from desktop_chat.domain.message import Message, Role
from desktop_chat.exporting.format import Format, Options
from desktop_chat.exporting.ours import json_line

_NOT_RUN = "This call was not run."


@dataclass(slots=True)
class _Round:
    """What came of one request."""

    texts: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    calls: list[ToolCall] = field(default_factory=list)
    results: dict[CallId, ToolResult] = field(default_factory=dict)

    def messages(self) -> Iterator[dict[str, Any]]:
        said: dict[str, Any] = {"role": "assistant", "content": "\n\n".join(self.texts) or None}
        if self.refusals:
            said["refusal"] = "\n\n".join(self.refusals)
        if self.reasoning:
            said["reasoning_content"] = "\n\n".join(self.reasoning)
        if self.calls:
            said["tool_calls"] = [_call(call) for call in self.calls]
        if len(said) > 2 or said["content"] is not None:
            yield said
        for call in self.calls:
            result = self.results.get(call.call_id)
            yield {"role": "tool", "tool_call_id": call.call_id, "content": result.text if result else _NOT_RUN}


def messages_of(conversation: Conversation, options: Options) -> list[dict[str, Any]]:
    """The system prompt and the shown path as API messages."""
    messages: list[dict[str, Any]] = []
    if prompt := conversation.settings.system_prompt:
        messages.append({"role": "system", "content": prompt})
    for message in conversation.path():
        if message.role is Role.USER:
            messages.append({"role": "user", "content": _asked(message, options)})
        else:
            messages.extend(part for round_ in _rounds(message, options) for part in round_.messages())
    return messages


def _asked(message: Message, options: Options) -> str | list[dict[str, Any]]:
    """A text, or with pictures a list of parts."""
    if not message.pictures:
        return message.text
    parts: list[dict[str, Any]] = []
    for image in message.pictures:
        if (data := options.picture(image.picture)) is not None:
            url = f"data:{image.media_type};base64,{b64encode(data).decode()}"
            parts.append({"type": "image_url", "image_url": {"url": url}})
        else:
            parts.append({"type": "text", "text": image.words})
    return [*parts, *([{"type": "text", "text": message.text}] if message.text else [])]


def _rounds(message: Message, options: Options) -> list[_Round]:
    rounds = [_Round()]
    owners: dict[CallId, _Round] = {}
    for block in message.blocks:
        if isinstance(block, ToolResult):
            # A result may come late: it belongs to the round of its call.
            if block.call_id in owners:
                owners[block.call_id].results[block.call_id] = block
            continue
        if rounds[-1].results and not isinstance(block, Notice):
            rounds.append(_Round())
        match block:
            case Text(text):
                rounds[-1].texts.extend([text] if text else [])
            case Image():
                rounds[-1].texts.append(block.words)
            case Refusal(text):
                rounds[-1].refusals.extend([text] if text else [])
            case Reasoning(text):
                rounds[-1].reasoning.extend([text] if text and options.reasoning else [])
            case ToolCall() if options.tools:
                rounds[-1].calls.append(block)
                owners[block.call_id] = rounds[-1]
    return rounds


def _call(call: ToolCall) -> dict[str, Any]:
    function = {"name": call.name or "unnamed", "arguments": _legal(call.arguments_json)}
    return {"id": call.call_id, "type": "function", "function": function}


def _legal(arguments_json: str) -> str:
    """The arguments as received if they are JSON; the API refuses a conversation with others."""
    try:
        json.loads(arguments_json)
    except (ValueError, RecursionError):
        return json.dumps({"invalid_arguments": arguments_json}) if arguments_json.strip() else "{}"
    return arguments_json


def _write(conversations: Iterable[Conversation], options: Options) -> Iterator[bytes]:
    for conversation in conversations:
        models = [message.model for message in conversation.path() if message.model]
        about = {"title": conversation.title, "created_at": conversation.created_at}
        yield json_line(
            about | ({"model": models[-1]} if models else {}) | {"messages": messages_of(conversation, options)}
        )
        yield b"\n"


def _write_lines(conversations: Iterable[Conversation], options: Options) -> Iterator[bytes]:
    strict = replace(options, reasoning=False)
    for conversation in conversations:
        if messages := messages_of(conversation, strict):
            yield json_line({"messages": messages})
            yield b"\n"


OPENAI_MESSAGES = Format("openai_messages", "OpenAI messages", ".json", "application/json", _write, holds_many=False)
OPENAI_LINES = Format(
    "openai_lines", "OpenAI messages, JSON lines", ".jsonl", "application/jsonl", _write_lines, holds_many=True
)
