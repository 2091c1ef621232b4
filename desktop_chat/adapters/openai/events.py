"""A decoded chunk (a plain dict) to domain events; the last place where the wire's shape exists.

"OpenAI-compatible" servers differ in everything that their own client does not read, so
nothing is taken for granted: a value of an unexpected type is skipped, never an error.
Reads equally the chunks of a stream and the one JSON value of a reply that is no stream.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from desktop_chat.adapters.openai.calls import Calls
from desktop_chat.adapters.openai.surrogates import Mender
from desktop_chat.adapters.openai.think import ThinkFold
from desktop_chat.domain.events import Event, FinishReported, ReasoningDelta, RefusalDelta, TextDelta, UsageReported
from desktop_chat.domain.usage import Usage

REASONING_NAMES = ("reasoning_content", "reasoning", "thinking")
"""DeepSeek, vLLM and llama.cpp; OpenRouter and Groq; others."""


class ServerReported(Exception):
    """The stream holds an error instead of an answer. Internal to this adapter."""

    def __init__(self, body: object) -> None:
        super().__init__("the server reported an error in its answer")
        self.body = body


class ChunkReader:
    """Reads the chunks of one reply, in order."""

    def __init__(self) -> None:
        self.has_output = False
        """Text, reasoning, a refusal or a call came."""
        self.is_finished = False
        """A finish reason came."""
        self.model = ""
        self._fold = ThinkFold()
        self._text = Mender()
        self._thought = Mender()
        self._calls = Calls()
        self._usage: Usage | None = None

    def read(self, chunk: object) -> list[Event]:
        """Translate one chunk.

        Raises:
            ServerReported: It is an error.
        """
        if not isinstance(chunk, dict):
            return []
        if chunk.get("error"):
            raise ServerReported(chunk["error"])
        if not self.model and isinstance(chunk.get("model"), str):
            self.model = chunk["model"]
        events: list[Event] = []
        choice = _first_choice(chunk.get("choices"))
        if choice is not None:
            self._read_choice(choice, events)
        usage = chunk.get("usage")
        if usage:
            self._read_usage(usage, events)
        elif "x_groq" in chunk and isinstance(chunk["x_groq"], dict):
            self._read_usage(chunk["x_groq"].get("usage"), events)
        return events

    def rest(self) -> list[Event]:
        """Nothing more comes: give the text that was held back because it looked like a tag."""
        held = self._text.rest()
        return [*(self._fold.feed(held) if held else []), *self._fold.rest()]

    def _read_choice(self, choice: dict[str, Any], events: list[Event]) -> None:
        if choice.get("error"):
            raise ServerReported(choice["error"])
        delta = choice.get("delta")
        if not isinstance(delta, dict):
            delta = choice.get("message")
        if isinstance(delta, dict):
            self._read_delta(delta, events)
        elif isinstance(choice.get("text"), str):
            self._add_text(choice["text"], events)
        if events:
            self.has_output = True
        if choice.get("usage"):
            self._read_usage(choice["usage"], events)
        reason = choice.get("finish_reason")
        if isinstance(reason, str) and reason:
            self.is_finished = True
            events += self.rest()
            events.append(FinishReported(reason))

    def _read_delta(self, delta: dict[str, Any], events: list[Event]) -> None:
        thought = self._thought.feed(_reasoning(delta))
        if thought:
            events.append(ReasoningDelta(thought))
        content = delta.get("content")
        if isinstance(content, str):
            if content:
                self._add_text(content, events)
        elif isinstance(content, list):
            self._add_parts(content, events)
        refusal = delta.get("refusal")
        if isinstance(refusal, str) and refusal:
            events.append(RefusalDelta(refusal))
        if delta.get("tool_calls"):
            events += self._calls.read(delta["tool_calls"])
        elif delta.get("function_call"):
            events += self._calls.read([{"index": 0, "function": delta["function_call"]}])

    def _add_text(self, text: str, events: list[Event]) -> None:
        text = self._text.feed(text)
        if self._fold.is_plain and text:
            events.append(TextDelta(text))
        elif text:
            events += self._fold.feed(text)

    def _add_parts(self, parts: list[Any], events: list[Event]) -> None:
        # Mistral sends content as a list of parts, thinking among them.
        for part in parts:
            if not isinstance(part, dict):
                continue
            if isinstance(part.get("text"), str) and part["text"]:
                self._add_text(part["text"], events)
            thought = part.get("thinking")
            text = _joined(thought) if isinstance(thought, list) else thought
            if isinstance(text, str) and text:
                events.append(ReasoningDelta(text))

    def _read_usage(self, usage: object, events: list[Event]) -> None:
        read = _usage(usage)
        # Some servers repeat it with every chunk.
        if read is not None and read != self._usage:
            self._usage = read
            events.append(UsageReported(read))


def _first_choice(choices: object) -> dict[str, Any] | None:
    if isinstance(choices, dict):
        return choices
    if not isinstance(choices, list):
        return None
    for choice in choices:
        if isinstance(choice, dict) and not choice.get("index"):
            return choice
    return None


def _reasoning(delta: Mapping[str, Any]) -> str:
    for name in REASONING_NAMES:
        value = delta.get(name)
        if isinstance(value, str) and value:
            return value
        if isinstance(value, dict):
            text = value.get("content") or value.get("text")
            if isinstance(text, str):
                return text
    details = delta.get("reasoning_details")
    return _joined(details) if isinstance(details, list) else ""


def _joined(parts: Iterable[object]) -> str:
    texts = (p.get("text") or p.get("summary") for p in parts if isinstance(p, dict))
    return "".join(text for text in texts if isinstance(text, str))


def _usage(data: object) -> Usage | None:
    if not isinstance(data, dict):
        return None
    prompt, completion = data.get("prompt_tokens_details"), data.get("completion_tokens_details")
    cached = _count(prompt, "cached_tokens") if isinstance(prompt, dict) else None
    usage = Usage(
        prompt_tokens=_count(data, "prompt_tokens", "input_tokens"),
        cached_tokens=_count(data, "prompt_cache_hit_tokens", "cached_tokens") if cached is None else cached,
        completion_tokens=_count(data, "completion_tokens", "output_tokens"),
        reasoning_tokens=_count(completion, "reasoning_tokens") if isinstance(completion, dict) else None,
        total_tokens=_count(data, "total_tokens"),
    )
    return None if usage == Usage() else usage


def _count(data: Mapping[str, Any], *names: str) -> int | None:
    for name in names:
        value = data.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e15:
            return int(value)
    return None
