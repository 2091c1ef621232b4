"""Chatbox's backup: an object with a member `session:ID` for each conversation, or `chat-sessions` in older ones.

A session has its shown messages; `messageForksHash` has, below the message where the ways
part, lists of what else followed it: the list at `position` is the shown one and empty.
`threads` are earlier topics of the session and become conversations of their own.
Providers and their keys stand in the same file; they are passed over and never kept.
"""

import json
from collections.abc import Iterator
from typing import Any

from desktop_chat.domain.blocks import Block, Notice, Reasoning, Text
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.message import Ended
from desktop_chat.importing.left_out import Left
from desktop_chat.importing.parts import content_blocks, usage_of
from desktop_chat.importing.problems import Notes, ProblemKind
from desktop_chat.importing.reader import Item, Reader, Sample, sample_of, values_in
from desktop_chat.importing.source import Source
from desktop_chat.importing.tree import ASSISTANT, SYSTEM, TOOL, USER, Entry, Outline, conversation_of
from desktop_chat.importing.values import dict_of, id_of, list_of, number_of, text_of, time_of

CODE = "chatbox"
_SESSION = "session:"
_OLD = "chat-sessions"
_LISTS = ("chat-sessions-list", "chat-sessions-settings")
_ENDED = {"length": Ended.LENGTH, "content-filter": Ended.FILTERED}


def _fits(sample: Sample) -> bool:
    if any(key.startswith(_SESSION) or key in (_OLD, *_LISTS) for key in sample.members):
        return True
    return _is_session(sample.one)


def _is_session(data: dict[str, Any]) -> bool:
    messages = list_of(data.get("messages"))
    has_parts = bool(messages) and "contentParts" in dict_of(messages[0])
    return isinstance(data.get("messages"), list) and ("messageForksHash" in data or "threads" in data or has_parts)


def _items(source: Source, notes: Notes) -> Iterator[Item]:
    for entry in source.data:
        sample = sample_of(source, entry)
        if sample is None or not _fits(sample):
            notes.add(ProblemKind.NOT_READABLE, entry.name, "there are no messages of Chatbox in it")
            continue
        is_backup = sample.kind == "object" and not _is_session(sample.members)
        for item in values_in(source, entry, notes, deep={_OLD} if is_backup else None):
            if not is_backup or item.key == _OLD or item.key.startswith(_SESSION):
                yield item


def _convert(item: Item, notes: Notes) -> list[Conversation]:
    data = item.data
    if isinstance(data, str):  # Some platforms keep their values as text.
        data = json.loads(data, strict=False)
    session = dict_of(data)
    if not isinstance(session.get("messages"), list):
        notes.add(ProblemKind.NOT_READABLE, item.where, "there are no messages of Chatbox in it")
        return []
    name = text_of(session.get("name"))
    session_id = id_of(session.get("id")) or item.where
    forks = dict_of(session.get("messageForksHash"))
    made = [_one(session_id, text_of(session.get("threadName")) or name, session, forks, item, notes)]
    for number, thread in enumerate(map(dict_of, list_of(session.get("threads")))):
        thread_id = f"{session_id}/{id_of(thread.get('id')) or number}"
        title = " — ".join(filter(None, (name, text_of(thread.get("name")))))
        made.append(_one(thread_id, title, {**session, **thread, "starred": False}, forks, item, notes))
    return made


def _one(
    conversation_id: str, title: str, data: dict[str, Any], forks: dict[str, Any], item: Item, notes: Notes
) -> Conversation:
    settings = dict_of(data.get("settings"))
    outline = Outline(
        id=conversation_id,
        title=title,
        created_at=time_of(data.get("createdAt")),
        pinned=data.get("starred") is True,
        temperature=number_of(settings.get("temperature")),
        endpoint_name="Chatbox",
    )
    left = Left(notes, item)
    _add_chain(list_of(data.get("messages")), forks, outline, left)
    return conversation_of(CODE, outline, notes, item.where, item.source.next_time())


def _add_chain(messages: list[Any], forks: dict[str, Any], outline: Outline, left: Left) -> None:
    """Add the shown messages and every other way, in the order of the versions."""
    taken: set[str] = set()
    waiting: list[tuple[list[Any], int, str | None, bool]] = [(messages, 0, None, True)]
    while waiting:
        chain, start, parent, is_shown = waiting.pop()
        for place in range(start, len(chain)):
            message = dict_of(chain[place])
            entry = _entry(message, len(outline.entries), left)
            entry.parent = parent
            outline.entries.append(entry)
            parent = entry.id
            outline.current = parent if is_shown else outline.current
            fork = dict_of(forks.get(entry.id))
            if not fork or entry.id in taken:
                continue
            taken.add(entry.id)
            # Three at a time on the pile: later ways, the rest of this one, earlier ways; the last is taken first.
            position = fork.get("position")
            lists = [list_of(dict_of(way).get("messages")) for way in list_of(fork.get("lists"))]
            split = position if isinstance(position, int) and 0 <= position < len(lists) else len(lists)
            waiting.extend((way, 0, parent, False) for way in lists[split + 1 :][::-1])
            waiting.append((chain, place + 1, parent, is_shown))
            waiting.extend((way, 0, parent, False) for way in lists[:split][::-1])
            if split < len(lists) and lists[split] and place + 1 == len(chain):
                waiting.append((lists[split], 0, parent, is_shown))
            break


def _entry(message: dict[str, Any], number: int, left: Left) -> Entry:
    entry_id = id_of(message.get("id")) or f"#{number}"
    left.at(entry_id)
    role = text_of(message.get("role"))
    is_person = role == USER
    entry = Entry(
        id=entry_id,
        parent=None,
        role=role if role in (USER, SYSTEM, TOOL) else ASSISTANT,
        created_at=time_of(message.get("timestamp")),
        model="" if is_person else text_of(message.get("model")),
        ended=_ENDED.get(text_of(message.get("finishReason"))),
        usage=usage_of(message.get("usage")),
    )
    if not is_person and (reasoning := text_of(message.get("reasoningContent"))):
        entry.blocks.append(Reasoning(reasoning))
    parts = list_of(message.get("contentParts"))
    entry.blocks.extend(content_blocks(parts or message.get("content"), left, is_reply=not is_person))
    entry.blocks.extend(_beside(message, left))
    if error := text_of(message.get("error")):
        entry.blocks.append(Notice("StreamError", error))
    return entry


def _beside(message: dict[str, Any], left: Left) -> list[Block]:
    files = [left.file(text_of(file.get("name"))) for file in map(dict_of, list_of(message.get("files")))]
    shown: list[Block] = [
        left.picture(text_of(picture.get("url")) or text_of(picture.get("storageKey")))
        for picture in map(dict_of, list_of(message.get("pictures")))
    ]
    links = (
        " ".join(filter(None, (text_of(link.get("title")), text_of(link.get("url")))))
        for link in map(dict_of, list_of(message.get("links")))
    )
    return [*shown, *(Text(text) for text in (*files, *links) if text)]


CHATBOX = Reader(CODE, "Chatbox", _fits, _items, _convert)
