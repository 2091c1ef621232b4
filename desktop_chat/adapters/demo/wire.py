"""The demo's answers in the form of the chat API, whole or as a stream of chunks."""

import json
import re
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from desktop_chat.adapters.demo.script import Break, Call, Fail, Say, Step, Think

MODEL = "demo"

_TOKEN = re.compile(r"\s*\S{1,7}|\s+")
"""Pieces about as long as the tokens of a model."""


def request_id() -> str:
    """A name for a request, as servers give one."""
    return f"req-demo-{secrets.token_hex(6)}"


class Pieces:
    """One answer.

    Args:
        body: The request.
        steps: What is said, from `script.answer_to`.
    """

    def __init__(self, body: Mapping[str, Any], steps: Sequence[Step]) -> None:
        self._body = body
        self._steps = steps
        self._head = {"id": f"chatcmpl-demo-{secrets.token_hex(6)}", "created": int(time.time()), "model": MODEL}
        self._call_id = f"call_{secrets.token_hex(8)}"

    def stream(self) -> Iterator[bytes | None]:
        """Yield events of the stream; `None` means that the connection is to be cut."""
        yield self._chunk({"role": "assistant", "content": ""})
        for step in self._steps:
            match step:
                case Think(text):
                    yield from (self._chunk({"reasoning_content": piece}) for piece in _TOKEN.findall(text))
                case Say(text):
                    yield from (self._chunk({"content": piece}) for piece in _TOKEN.findall(text))
                case Call():
                    yield from self._call(step)
                case Break():
                    yield None
                    return
                case Fail():
                    continue
        yield self._chunk({}, self._finish())
        options = self._body.get("stream_options")
        if isinstance(options, Mapping) and options.get("include_usage"):
            yield self._event({"choices": [], "usage": self._usage()})
        yield b"data: [DONE]\n\n"

    def completion(self) -> dict[str, Any]:
        """The answer as one JSON value, for requests that do not stream."""
        message: dict[str, Any] = {"role": "assistant", "content": self._joined(Say)}
        if thought := self._joined(Think):
            message["reasoning_content"] = thought
        calls = [self._call_head(step, step.arguments) for step in self._steps if isinstance(step, Call)]
        if calls:
            message["tool_calls"] = calls
        choice = {"index": 0, "message": message, "finish_reason": self._finish()}
        return {**self._head, "object": "chat.completion", "choices": [choice], "usage": self._usage()}

    def _call(self, call: Call) -> Iterator[bytes]:
        yield self._chunk({"tool_calls": [{"index": 0, **self._call_head(call, "")}]})
        for piece in _TOKEN.findall(call.arguments):
            yield self._chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})

    def _call_head(self, call: Call, arguments: str) -> dict[str, Any]:
        return {"id": self._call_id, "type": "function", "function": {"name": call.name, "arguments": arguments}}

    def _finish(self) -> str:
        return "tool_calls" if any(isinstance(step, Call) for step in self._steps) else "stop"

    def _chunk(self, delta: Mapping[str, Any], finish: str | None = None) -> bytes:
        return self._event({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    def _event(self, value: Mapping[str, Any]) -> bytes:
        return b"data: %b\n\n" % json.dumps({**self._head, "object": "chat.completion.chunk", **value}).encode()

    def _joined(self, kind: type[Say] | type[Think]) -> str:
        return "".join(step.text for step in self._steps if isinstance(step, kind))

    def _usage(self) -> dict[str, Any]:
        messages = self._body.get("messages") or []
        prompt, earlier = _tokens(json.dumps(messages)), _tokens(json.dumps(messages[:-1]))
        thought = len(_TOKEN.findall(self._joined(Think)))
        calls = sum(len(_TOKEN.findall(step.arguments)) for step in self._steps if isinstance(step, Call))
        completion = thought + calls + len(_TOKEN.findall(self._joined(Say)))
        return {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
            "prompt_tokens_details": {"cached_tokens": earlier if len(messages) > 1 else 0},
            "completion_tokens_details": {"reasoning_tokens": thought},
        }


def _tokens(text: str) -> int:
    return -(-len(text) // 4)
