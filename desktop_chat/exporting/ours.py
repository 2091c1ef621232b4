"""Our own JSON and JSON lines: everything a conversation is, every branch, to be read again as it was.

One conversation is one line in both, and each of its pictures a line before it: an object
with `kind` `picture`, its `id`, `media_type`, and `data` in base64. So neither who writes
nor who reads holds more than one of them. A folder is a line before the first conversation
in it, after the folder it is in: `kind` `folder`, `id`, `name`, `parent_id`. Keys of
endpoints are not part of a conversation.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator

from desktop_chat.domain import codec
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import FolderId
from desktop_chat.domain.message import pictures_of
from desktop_chat.exporting.format import Format, Options

PICTURE = "picture"
FOLDER = "folder"


def _write(conversations: Iterable[Conversation], options: Options) -> Iterator[bytes]:
    yield b'{"format": "desktop-chat", "version": %d, "conversations": [' % codec.VERSION
    between = b"\n"
    for line in _lines(conversations, options):
        yield between
        yield line
        between = b",\n"
    yield b"\n]}\n"


def _write_lines(conversations: Iterable[Conversation], options: Options) -> Iterator[bytes]:
    for line in _lines(conversations, options):
        yield line
        yield b"\n"


def _lines(conversations: Iterable[Conversation], options: Options) -> Iterator[bytes]:
    written: set[FolderId] = set()
    for conversation in conversations:
        for folder in options.folders(conversation.folder_id) if conversation.folder_id else ():
            if folder.id not in written:
                written.add(folder.id)
                yield json_line({"kind": FOLDER, "id": folder.id, "name": folder.name, "parent_id": folder.parent_id})
        for image in pictures_of(conversation.messages.values()).values():
            if (data := options.picture(image.picture)) is not None:
                about = {"kind": PICTURE, "id": image.picture, "media_type": image.media_type}
                yield json_line({**about, "data": b64encode(data).decode()})
        yield json_line(codec.conversation_to_dict(conversation))


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
