"""Plain text: the shown path without any markup, for people and mail."""

from collections.abc import Iterator

from desktop_chat.domain.blocks import Image, Notice, Reasoning, Refusal, Text
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.message import Message, Role
from desktop_chat.exporting.format import Format, Options, each
from desktop_chat.exporting.leaves_plain import plain_of
from desktop_chat.exporting.parts import Part, Used, author_of, ending_of, parts_of

_INDENT = "    "


def _write(conversation: Conversation, options: Options) -> Iterator[str]:
    title = " ".join(conversation.title.split()) or options.words.untitled
    yield f"{title}\n{'=' * min(len(title), 70)}\n"
    if time := options.time(conversation.created_at):
        yield f"{time}\n"
    if prompt := conversation.settings.system_prompt.strip():
        yield f"\n{options.words.system_prompt}\n\n{_indented(prompt)}\n"
    for message in conversation.path():
        yield from _message(message, options)


def _message(message: Message, options: Options) -> Iterator[str]:
    head = " · ".join(filter(None, (" ".join(author_of(message, options).split()), options.time(message.created_at))))
    yield f"\n{head}\n{'-' * min(len(head), 70)}\n"
    for part in parts_of(message, options):
        yield f"\n{_part(part, options, is_typed=message.role is Role.USER)}\n"
    if ending := ending_of(message, options):
        yield f"\n[{ending}]\n"


def _part(part: Part, options: Options, *, is_typed: bool) -> str:
    words = options.words
    match part:
        case Text(text):
            return text.strip("\n") if is_typed else plain_of(text)
        case Refusal(text):
            return f"{words.refusal}: {plain_of(text)}"
        case Reasoning(text, duration_ms):
            return f"{_head(words.reasoning, options.span(duration_ms))}\n{_indented(plain_of(text))}"
        case Used():
            return _used(part, options)
        case Notice():
            return f"[{words.note}: {words.notice(part)}]"
        case Image():
            return part.words


def _used(used: Used, options: Options) -> str:
    words, result = options.words, used.result
    lines = [f"{words.tool_call}: {' '.join(used.call.name.split())}".rstrip()]
    if used.call.arguments_json.strip():
        lines.append(_indented(used.call.arguments_json))
    if result is None:
        lines.append(f"{words.no_result}.")
    else:
        lines.append(_head(words.failed if result.is_error else words.result, options.span(result.duration_ms)))
        lines.append(_indented(result.text))
    return "\n".join(lines)


def _head(title: str, span: str) -> str:
    return f"{title} ({span}):" if span else f"{title}:"


def _indented(text: str) -> str:
    return "\n".join(f"{_INDENT}{line}".rstrip() for line in text.splitlines())


PLAIN = Format("plain", "Plain text", ".txt", "text/plain", each(_write), holds_many=False)
