"""LibreChat's export of one conversation: a flat list with `parentMessageId`, or messages in messages."""

from typing import Any

from desktop_chat.domain.blocks import Block, Notice, Text
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.message import Ended
from desktop_chat.importing.left_out import Left
from desktop_chat.importing.parts import content_blocks, part_blocks
from desktop_chat.importing.problems import Notes
from desktop_chat.importing.reader import Item, Reader, Sample, documents, left_alone
from desktop_chat.importing.tree import ASSISTANT, USER, Entry, Outline, conversation_of
from desktop_chat.importing.values import count_of, dict_of, id_of, list_of, number_of, text_of, time_of

CODE = "librechat"
_NO_PARENT = "00000000-0000-0000-0000-000000000000"
_ENDED = {"length": Ended.LENGTH, "max_tokens": Ended.LENGTH, "content_filter": Ended.FILTERED}


def _fits(sample: Sample) -> bool:
    one = sample.one
    return isinstance(one.get("conversationId"), str) and ("messages" in one or "messagesTree" in one)


def _convert(item: Item, notes: Notes) -> list[Conversation]:
    data = dict_of(item.data)
    messages = list_of(data.get("messages")) or list_of(data.get("messagesTree"))
    if not data.get("conversationId"):
        return left_alone(notes, item, "there are no messages of LibreChat in it")
    options = dict_of(data.get("options"))
    outline = Outline(
        id=id_of(data["conversationId"]),
        title=text_of(data.get("title")),
        created_at=time_of(data.get("createdAt")),
        updated_at=time_of(data.get("updatedAt")),
        system_prompt=text_of(options.get("promptPrefix")) or text_of(options.get("system")),
        temperature=number_of(options.get("temperature")),
        max_tokens=count_of(options.get("max_tokens")) or count_of(options.get("maxOutputTokens")),
        endpoint_name="LibreChat",
    )
    left = Left(notes, item)
    waiting: list[tuple[Any, str | None]] = [(message, None) for message in messages[::-1]]
    has_parents = False
    while waiting:
        raw, above = waiting.pop()
        message = dict_of(raw)
        parent = id_of(message.get("parentMessageId"))
        has_parents = has_parents or bool(parent) or above is not None
        number = len(outline.entries)
        left.at(id_of(message.get("messageId")) or number)
        entry = _entry(message, left)
        entry.id = entry.id or f"#{number}"
        entry.parent = above if above is not None else (None if parent in ("", _NO_PARENT) else parent)
        outline.entries.append(entry)
        waiting.extend((child, entry.id) for child in list_of(message.get("children"))[::-1])
    if not has_parents:
        outline.chain()
    return [conversation_of(CODE, outline, notes, item.where, item.source.next_time())]


def _entry(message: dict[str, Any], left: Left) -> Entry:
    is_person = message.get("isCreatedByUser") is True or (
        "isCreatedByUser" not in message and text_of(message.get("sender")).lower() == "user"
    )
    ended = Ended.STOPPED if message.get("unfinished") is True else _ENDED.get(text_of(message.get("finish_reason")))
    return Entry(
        id=id_of(message.get("messageId")),
        parent=None,
        role=USER if is_person else ASSISTANT,
        blocks=_blocks(message, left, is_person=is_person),
        created_at=time_of(message.get("createdAt")),
        model="" if is_person else text_of(message.get("model")),
        ended=ended,
    )


def _blocks(message: dict[str, Any], left: Left, *, is_person: bool) -> list[Block]:
    text = text_of(message.get("text"))
    if message.get("error") is True:
        return [Notice("StreamError", text)]
    blocks: list[Block] = []
    for part in map(dict_of, list_of(message.get("content"))):
        if text_of(part.get("type")) == "error":
            blocks.append(Notice("StreamError", text_of(part.get("error")) or text_of(part.get("text"))))
        else:
            blocks.extend(part_blocks(part, left, is_reply=not is_person))
    if not blocks:
        blocks = content_blocks(text, left, is_reply=not is_person)
    for file in map(dict_of, list_of(message.get("files")) + list_of(message.get("attachments"))):
        name = text_of(file.get("filename")) or text_of(file.get("filepath"))
        is_image = text_of(file.get("type")).startswith("image/")
        place = text_of(file.get("filepath")) or id_of(file.get("file_id"))
        blocks.append(left.picture(place, name) if is_image else Text(left.file(name)))
    return blocks


LIBRECHAT = Reader(CODE, "LibreChat", _fits, documents, _convert)
