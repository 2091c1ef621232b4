"""Markdown: the shown path, readable as it is and in any viewer.

Reasoning is a quote, arguments and results of tools are code blocks. What a message leaves
open is closed, so that it cannot swallow the next one. Pictures are files in a folder beside
it; where there is no place for files, in a pipe, they are only named.
"""

import json
import re
from collections.abc import Iterator
from urllib.parse import quote

from desktop_chat.domain.blocks import Image, Notice, Reasoning, Refusal, Text
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.message import Message
from desktop_chat.exporting.format import Format, Options, each
from desktop_chat.exporting.parts import Part, Used, author_of, ending_of, parts_of
from desktop_chat.markup.fences import fenced, open_fence


def _write(conversation: Conversation, options: Options) -> Iterator[str]:
    words = options.words
    yield f"# {_line(conversation.title) or words.untitled}\n"
    if time := options.time(conversation.created_at):
        yield f"\n*{time}*\n"
    if prompt := conversation.settings.system_prompt.strip():
        yield f"\n## {words.system_prompt}\n\n{_closed(prompt)}\n"
    for message in conversation.path():
        yield from _message(message, options)


def _message(message: Message, options: Options) -> Iterator[str]:
    yield f"\n## {_line(author_of(message, options))}\n"
    if time := options.time(message.created_at):
        yield f"\n*{time}*\n"
    for part in parts_of(message, options):
        yield f"\n{_part(part, options)}\n"
    if ending := ending_of(message, options):
        yield f"\n*{ending}.*\n"


def _part(part: Part, options: Options) -> str:
    words = options.words
    match part:
        case Text(text):
            return _closed(text.strip("\n"))
        case Refusal(text):
            return f"**{words.refusal}:** {_closed(text.strip())}"
        case Reasoning(text, duration_ms):
            head = _head(words.reasoning, "", options.span(duration_ms))
            return _quoted(f"{head}\n\n{_closed(text.strip())}")
        case Used():
            return _used(part, options)
        case Notice():
            return _quoted(f"**{words.note}:** {words.notice(part)}")
        case Image():
            return _image(part, options)


def _image(image: Image, options: Options) -> str:
    if not (place := options.place(image.picture)):
        return _escaped(image.words)
    return f"![{_escaped(_line(image.name))}]({_address(place)})"


def _address(place: str) -> str:
    # What would end a link, or mean something in one; letters of every script stay readable.
    return re.sub(r"[\s()<>%?#\\]", lambda found: quote(found[0]), place)


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>])", r"\\\1", text)


def _used(used: Used, options: Options) -> str:
    words, result = options.words, used.result
    lines = [_head(words.tool_call, _line(used.call.name), "")]
    if used.call.arguments_json.strip():
        lines.append(fenced(used.call.arguments_json, "json" if is_json(used.call.arguments_json) else ""))
    if result is None:
        lines.append(f"*{words.no_result}.*")
    else:
        lines.append(_head(words.failed if result.is_error else words.result, "", options.span(result.duration_ms)))
        lines.append(fenced(result.text, "json" if is_json(result.text) else ""))
    return "\n\n".join(lines)


def _head(title: str, name: str, span: str) -> str:
    shown = name.replace("`", "'")
    return f"**{title}:**" + (f" `{shown}`" if shown else "") + (f" ({span})" if span else "")


def _line(text: str) -> str:
    return " ".join(text.split())


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _closed(text: str) -> str:
    fence = open_fence(text)
    return f"{text}\n{fence}" if fence else text


def is_json(text: str) -> bool:
    """Whether a text is a JSON object or array; a long one is not looked at."""
    if len(text) > 100_000 or text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


MARKDOWN = Format("markdown", "Markdown", ".md", "text/markdown", each(_write), holds_many=False, has_files_beside=True)
