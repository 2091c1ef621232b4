"""Our own JSON and JSON lines: everything a conversation is, every branch, to be read again as it was.

One conversation is one line in both. Keys of endpoints are not part of a conversation.
"""

import json
from collections.abc import Iterable, Iterator

from desktop_chat.domain import codec
from desktop_chat.domain.conversation import Conversation
from desktop_chat.exporting.format import Format, Options


def _write(conversations: Iterable[Conversation], _options: Options) -> Iterator[bytes]:
    yield b'{"format": "desktop-chat", "version": %d, "conversations": [' % codec.VERSION
    for number, conversation in enumerate(conversations):
        yield b",\n" if number else b"\n"
        yield _line(conversation)
    yield b"\n]}\n"


def _write_lines(conversations: Iterable[Conversation], _options: Options) -> Iterator[bytes]:
    for conversation in conversations:
        yield _line(conversation)
        yield b"\n"


def _line(conversation: Conversation) -> bytes:
    return json_line(codec.conversation_to_dict(conversation))


def json_line(value: object) -> bytes:
    """A value as one line of JSON; halves of surrogate pairs, which UTF-8 cannot write, are escaped."""
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(value).encode()


JSON = Format("json", "JSON", ".json", "application/json", _write, holds_many=True, is_lossless=True)
JSON_LINES = Format(
    "json_lines", "JSON lines", ".jsonl", "application/jsonl", _write_lines, holds_many=True, is_lossless=True
)
