"""Open WebUI's export of chats: records with `chat.history`, a map of messages with `parentId` and `childrenIds`.

Reasoning and tool calls are tags in the text, in newer versions also items of `output`.
"""

from typing import Any

from desktop_chat.domain.blocks import Block, Notice, Text
from desktop_chat.domain.conversation import Conversation
from desktop_chat.importing.left_out import Left
from desktop_chat.importing.parts import content_blocks, part_blocks, usage_of
from desktop_chat.importing.problems import Notes
from desktop_chat.importing.reader import Item, Reader, Sample, documents, left_alone
from desktop_chat.importing.tree import ASSISTANT, SYSTEM, TOOL, USER, Entry, Outline, conversation_of
from desktop_chat.importing.values import dict_of, id_of, list_of, number_of, text_of, time_of

CODE = "open-webui"


def _fits(sample: Sample) -> bool:
    return _history(sample.one) is not None


def _history(record: dict[str, Any]) -> dict[str, Any] | None:
    chat = dict_of(record.get("chat")) or record
    history = dict_of(chat.get("history"))
    if isinstance(history.get("messages"), dict):
        return history
    is_old = isinstance(chat.get("messages"), list) and isinstance(chat.get("models"), list)
    return {} if is_old and "chat" in record else None


def _convert(item: Item, notes: Notes) -> list[Conversation]:
    record = dict_of(item.data)
    history = _history(record)
    if history is None:
        return left_alone(notes, item, "there are no messages of Open WebUI in it")
    chat = dict_of(record.get("chat")) or record
    params = dict_of(chat.get("params"))
    outline = Outline(
        id=id_of(record.get("id")) or id_of(chat.get("id")) or item.where,
        title=text_of(record.get("title")) or text_of(chat.get("title")),
        created_at=time_of(record.get("created_at")) or time_of(chat.get("timestamp")),
        updated_at=time_of(record.get("updated_at")),
        pinned=record.get("pinned") is True,
        system_prompt=text_of(params.get("system")) or text_of(chat.get("system")),
        temperature=number_of(params.get("temperature")),
        endpoint_name="Open WebUI",
        current=id_of(history.get("currentId")) or None,
    )
    left = Left(notes, item)
    messages = dict_of(history.get("messages"))
    for message_id, message in messages.items():
        left.at(message_id)
        outline.entries.append(_entry(text_of(message_id), dict_of(message), left))
    if messages:
        _order_siblings(outline, messages)
    else:
        for number, message in enumerate(list_of(chat.get("messages"))):
            left.at(number)
            outline.entries.append(_entry(id_of(dict_of(message).get("id")), dict_of(message), left))
        outline.chain()
    return [conversation_of(CODE, outline, notes, item.where, item.source.next_time())]


def _entry(message_id: str, message: dict[str, Any], left: Left) -> Entry:
    role = text_of(message.get("role"))
    is_person = role == USER
    entry = Entry(
        id=message_id,
        parent=id_of(message.get("parentId")) or None,
        role=role if role in (USER, TOOL, SYSTEM) else ASSISTANT,
        created_at=time_of(message.get("timestamp")),
        model="" if is_person else text_of(message.get("model")),
        usage=usage_of(message.get("usage")) or usage_of(message.get("info")),
    )
    entry.blocks = _output(list_of(message.get("output")), left) or content_blocks(
        message.get("content"), left, is_reply=not is_person
    )
    for file in map(dict_of, list_of(message.get("files"))):
        inner = dict_of(file.get("file"))
        name = text_of(file.get("name")) or text_of(inner.get("filename")) or text_of(file.get("url"))
        is_image = text_of(file.get("type")) == "image" or text_of(file.get("content_type")).startswith("image/")
        place = text_of(file.get("url")) or id_of(file.get("id"))
        shown = text_of(file.get("name")) or text_of(inner.get("filename"))
        entry.blocks.append(left.picture(place, shown) if is_image else Text(left.file(name)))
    if error := message.get("error"):
        detail = text_of(error) or text_of(dict_of(error).get("content")) or text_of(dict_of(error).get("message"))
        entry.blocks.append(Notice("StreamError", detail))
    return entry


def _output(items: list[Any], left: Left) -> list[Block]:
    blocks: list[Block] = []
    for item in map(dict_of, items):
        if text_of(item.get("type")) == "message":
            blocks.extend(content_blocks(item.get("content"), left, is_reply=True))
            continue
        seconds = number_of(item.get("duration"))
        timed = item if seconds is None else {**item, "duration": min(seconds, 1e9) * 1000}
        blocks.extend(part_blocks(timed, left, is_reply=True))
    return blocks


def _order_siblings(outline: Outline, messages: dict[str, Any]) -> None:
    """Put entries in the order of `childrenIds`, which is that of the versions."""
    place: dict[str, int] = {}
    for message in messages.values():
        for number, child in enumerate(list_of(dict_of(message).get("childrenIds"))):
            place.setdefault(id_of(child), number)
    outline.entries.sort(key=lambda entry: place.get(entry.id, 0))


OPEN_WEBUI = Reader(CODE, "Open WebUI", _fits, documents, _convert)
