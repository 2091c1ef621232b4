"""Witsy's `history.json`: folders and chats, each chat a plain list of messages.

Where a tool was called, its text has `<tool index="0"></tool>` or `<tool id="…"></tool>`.
"""

import re
from typing import Any

from desktop_chat.domain.blocks import Block, Reasoning, Text
from desktop_chat.domain.conversation import Conversation
from desktop_chat.importing.left_out import Left
from desktop_chat.importing.parts import content_blocks, tool_call, usage_of
from desktop_chat.importing.problems import Notes
from desktop_chat.importing.reader import Item, Reader, Sample, array_in, left_alone
from desktop_chat.importing.tree import ASSISTANT, SYSTEM, USER, Entry, Outline, conversation_of
from desktop_chat.importing.values import dict_of, id_of, list_of, number_of, text_of, time_of
from desktop_chat.markup.fences import fenced

CODE = "witsy"
_TOOL = re.compile(r'<tool (index|id)="([^"<>]{1,200})"></tool>')


def _fits(sample: Sample) -> bool:
    chats = sample.members.get("chats")
    chat = dict_of(chats[0]) if isinstance(chats, list) and chats else sample.one
    is_empty = "folders" in sample.members and chats == []
    return is_empty or ("uuid" in chat and isinstance(chat.get("messages"), list))


def _convert(item: Item, notes: Notes) -> list[Conversation]:
    chat = dict_of(item.data)
    if not isinstance(chat.get("messages"), list):
        return left_alone(notes, item, "there are no messages of Witsy in it")
    outline = Outline(
        id=id_of(chat.get("uuid")) or item.where,
        title=text_of(chat.get("title")),
        created_at=time_of(chat.get("createdAt")),
        updated_at=time_of(chat.get("lastModified")),
        system_prompt=text_of(chat.get("instructions")) or text_of(chat.get("prompt")),
        temperature=number_of(dict_of(chat.get("modelOpts")).get("temperature")),
        endpoint_name="Witsy",
    )
    left = Left(notes, item)
    for number, message in enumerate(map(dict_of, chat["messages"])):
        left.at(id_of(message.get("uuid")) or number)
        outline.entries.append(_entry(message, text_of(chat.get("model")), left))
    outline.chain()
    return [conversation_of(CODE, outline, notes, item.where, item.source.next_time())]


def _entry(message: dict[str, Any], model: str, left: Left) -> Entry:
    role = text_of(message.get("role"))
    is_person = role == USER
    entry = Entry(
        id=id_of(message.get("uuid")),
        parent=None,
        role=role if role in (USER, SYSTEM) else ASSISTANT,
        created_at=time_of(message.get("createdAt")),
        model="" if is_person else text_of(message.get("model")) or model,
        usage=usage_of(message.get("usage")),
    )
    if reasoning := text_of(message.get("reasoning")):
        entry.blocks.append(Reasoning(reasoning))
    if text_of(message.get("type")) == "image":
        entry.blocks.append(left.picture(text_of(message.get("content"))))
    elif is_person:
        entry.blocks.extend(content_blocks(message.get("content"), left, is_reply=False))
    else:
        old = list_of(dict_of(message.get("toolCall")).get("calls"))
        calls = [dict_of(call) for call in list_of(message.get("toolCalls")) or old]
        entry.blocks.extend(_with_calls(text_of(message.get("content")), calls, left))
    attachments = list_of(message.get("attachments")) or [message.get("attachment")]
    for attachment in filter(None, map(dict_of, attachments)):
        entry.blocks.append(Text(_attachment(attachment, left)))
    return entry


def _with_calls(text: str, calls: list[dict[str, Any]], left: Left) -> list[Block]:
    """The text with its calls where they stand in it; the others in front."""
    placed: list[Block] = []
    used: set[int] = set()
    ids = {id_of(call.get("id")): number for number, call in enumerate(calls)}
    at = 0
    for mark in _TOOL.finditer(text):
        placed.extend(content_blocks(text[at : mark.start()].strip(), left, is_reply=True))
        at = mark.end()
        number = ids.get(mark[2]) if mark[1] == "id" else int(mark[2]) if mark[2].isdecimal() else None
        if number is not None and number < len(calls) and number not in used:
            used.add(number)
            placed.extend(tool_call(calls[number]))
    placed.extend(content_blocks(text[at:].strip() if at else text, left, is_reply=True))
    before = [block for number, call in enumerate(calls) if number not in used for block in tool_call(call)]
    return [*before, *placed]


def _attachment(attachment: dict[str, Any], left: Left) -> str:
    name = text_of(attachment.get("title")) or text_of(attachment.get("filename")) or text_of(attachment.get("url"))
    kind = text_of(attachment.get("mimeType"))
    content = text_of(attachment.get("content"))
    if kind.startswith("text/") and content:
        return f"{name}\n\n{fenced(content)}" if name else fenced(content)
    return left.image(name) if kind.startswith("image/") else left.file(name)


WITSY = Reader(CODE, "Witsy", _fits, array_in("chats"), _convert)
