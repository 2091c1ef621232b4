"""Conversation to API parameters.

A reply of ours holds a whole turn: what the model said, its calls, their results, what it
said afterwards. The API wants an assistant message for each request of the turn with the
tool messages between them; `_rounds` takes the reply apart again.

Never sent: notices, replies of which nothing came, and reasoning (most endpoints refuse or
ignore it), except to a server that demands it back with the tool calls it led to. A call
without a result would make the whole request illegal, so it is answered with an error. A
path that ends with plain text of the model is a reply that is to be continued: the text
stays the model's own message and a short request to go on follows, because most servers
would otherwise begin a new answer or refuse the request.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from desktop_chat.adapters.openai.quirks import MAX_COMPLETION_TOKENS, MAX_TOKENS, NO_REASONING, STREAM_OPTIONS, TOOLS
from desktop_chat.core.ports import Request
from desktop_chat.domain.blocks import Block, Image, Notice, Reasoning, Refusal, Text, ToolCall, ToolResult
from desktop_chat.domain.ids import CallId
from desktop_chat.domain.message import Message, Role

NO_NAME = "unnamed"
NO_RESULT = "This call was not run."
GO_ON = "Continue exactly where you stopped, without repeating anything."


def body_of(request: Request, refused: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Make the JSON body of a streamed chat completion.

    Args:
        request: What is asked.
        refused: Parameters this endpoint does not take.
    """
    messages = messages_of(request, with_reasoning=NO_REASONING in refused)
    body: dict[str, Any] = {"model": request.model, "messages": messages, "stream": True}
    if STREAM_OPTIONS not in refused:
        body[STREAM_OPTIONS] = {"include_usage": True}
    if request.temperature is not None:
        body["temperature"] = request.temperature
    if request.max_tokens is not None:
        body[MAX_COMPLETION_TOKENS if MAX_TOKENS in refused else MAX_TOKENS] = request.max_tokens
    if request.tools and TOOLS not in refused:
        body[TOOLS] = [
            {
                "type": "function",
                "function": {
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": dict(tool.parameters),
                },
            }
            for tool in request.tools
        ]
    return body


def messages_of(request: Request, *, with_reasoning: bool = False) -> list[dict[str, Any]]:
    """The system prompt and the path as API messages."""
    messages: list[dict[str, Any]] = []
    if request.system_prompt:
        messages.append({"role": "system", "content": request.system_prompt})
    for message in request.messages:
        if message.role is Role.USER:
            _append(messages, {"role": "user", "content": _asked(message)})
        else:
            for round_ in _rounds(message.blocks):
                for part in round_.messages(with_reasoning=with_reasoning):
                    _append(messages, part)
    if request.messages and request.messages[-1].role is Role.ASSISTANT and _is_text_of_model(messages):
        messages.append({"role": "user", "content": GO_ON})
    return messages


def _asked(message: Message) -> str:
    return "\n\n".join(filter(None, (*(image.words for image in message.pictures), message.text)))


@dataclass(slots=True)
class _Round:
    texts: list[str] = field(default_factory=list)
    calls: list[ToolCall] = field(default_factory=list)
    results: dict[CallId, ToolResult] = field(default_factory=dict)
    thoughts: list[str] = field(default_factory=list)

    def messages(self, *, with_reasoning: bool) -> Iterable[dict[str, Any]]:
        text = "\n\n".join(self.texts)
        if self.calls:
            thought = {"reasoning_content": "".join(self.thoughts)} if with_reasoning else {}
            calls = [_call(c) for c in self.calls]
            yield {"role": "assistant", "content": text or None, **thought, "tool_calls": calls}
        elif text:
            yield {"role": "assistant", "content": text}
        for call in self.calls:
            result = self.results.get(call.call_id)
            content = result.text if result is not None else NO_RESULT
            yield {"role": "tool", "tool_call_id": call.call_id, "content": content}


def _rounds(blocks: Sequence[Block]) -> list[_Round]:
    rounds = [_Round()]
    for block in blocks:
        now = rounds[-1]
        match block:
            case ToolResult():
                # A result may come late, after a restart: it belongs to the round of its call.
                owner = next((r for r in reversed(rounds) if _has_call(r, block.call_id)), None)
                if owner is not None:
                    owner.results[block.call_id] = block
            case Notice():
                continue
            case _ if now.results:
                rounds.append(_Round())
                _put(rounds[-1], block)
            case _:
                _put(now, block)
    return rounds


def _put(round_: _Round, block: Text | Reasoning | Refusal | ToolCall | Image) -> None:
    if isinstance(block, ToolCall):
        round_.calls.append(block)
    elif isinstance(block, Image):
        round_.texts.append(block.words)  # Its bytes are not sent.
    elif isinstance(block, Reasoning):
        round_.thoughts.append(block.text)
    elif block.text:
        round_.texts.append(block.text)


def _has_call(round_: _Round, call_id: CallId) -> bool:
    return any(call.call_id == call_id for call in round_.calls)


def _call(call: ToolCall) -> dict[str, Any]:
    function = {"name": call.name or NO_NAME, "arguments": _legal(call.arguments_json)}
    return {"id": call.call_id, "type": "function", "function": function}


def _legal(arguments_json: str) -> str:
    """The arguments as received, unless a server that parses them would refuse the whole request."""
    try:
        json.loads(arguments_json)
    except ValueError:
        return json.dumps({"invalid_arguments": arguments_json}) if arguments_json.strip() else "{}"
    return arguments_json


def _append(messages: list[dict[str, Any]], message: dict[str, Any]) -> None:
    # Many chat templates refuse two messages of one role in a row (one between them failed or was deleted).
    last = messages[-1] if messages else None
    if last is not None and last["role"] == message["role"] != "tool" and not (_calls(last) or _calls(message)):
        last["content"] += "\n\n" + message["content"]
    else:
        messages.append(message)


def _calls(message: dict[str, Any]) -> bool:
    return "tool_calls" in message


def _is_text_of_model(messages: Sequence[dict[str, Any]]) -> bool:
    return bool(messages) and messages[-1]["role"] == "assistant" and not _calls(messages[-1])
