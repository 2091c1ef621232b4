"""Messages as the OpenAI API takes them: a list, an object with `messages`, or JSON lines of either.

Nothing in them has an id, so ids are made of what is said: the same messages again are the
same conversation, also where another form of the file has a title, times or reasoning as well.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from desktop_chat.domain.blocks import Block, Reasoning, Refusal, ToolCall, ToolResult
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import CallId
from desktop_chat.importing.left_out import Left
from desktop_chat.importing.parts import content_blocks, result_text, tool_call
from desktop_chat.importing.problems import Notes, ProblemKind
from desktop_chat.importing.reader import Item, Reader, Sample, left_alone, sample_of, values_in
from desktop_chat.importing.source import Source
from desktop_chat.importing.tree import ASSISTANT, SYSTEM, TOOL, USER, Entry, Outline, conversation_of
from desktop_chat.importing.values import dict_of, id_of, json_of, list_of, number_of, text_of, time_of

CODE = "openai-messages"
_ROLES = {"developer": SYSTEM, "system": SYSTEM, "user": USER, "tool": TOOL, "function": TOOL, "assistant": ASSISTANT}


def _fits(sample: Sample) -> bool:
    if any(_is_message(value) for value in sample.first):
        return True
    if any(isinstance(value, list) and any(map(_is_message, value)) for value in sample.first):
        return True
    return any(map(_is_message, list_of(sample.one.get("messages"))))


def _is_message(value: object) -> bool:
    return isinstance(value, dict) and text_of(value.get("role")) in _ROLES


def _items(source: Source, notes: Notes) -> Iterator[Item]:
    """A whole file is one conversation if its values are messages; else each value is one."""
    for entry in source.data:
        sample = sample_of(source, entry)
        if sample is None or not _fits(sample):
            notes.add(ProblemKind.NOT_READABLE, entry.name, "there are no messages in it")
            continue
        if any(_is_message(value) for value in sample.first):
            messages = [item.data for item in values_in(source, entry, notes)]
            yield Item(entry.name, messages, entry, source)
        else:
            yield from values_in(source, entry, notes)


def _convert(item: Item, notes: Notes) -> list[Conversation]:
    data = {"messages": item.data} if isinstance(item.data, list) else dict_of(item.data)
    messages = [message for message in list_of(data.get("messages")) if isinstance(message, dict)]
    if not any(map(_is_message, messages)):
        return left_alone(notes, item, "there are no messages in it")
    known, said = id_of(data.get("id")), [_said(message) for message in messages]
    outline = Outline(
        id=known or _digest(said),
        is_of_content=not known,
        title=text_of(data.get("title")),
        created_at=time_of(data.get("created_at")) or time_of(data.get("created")),
        updated_at=time_of(data.get("updated_at")),
        temperature=number_of(data.get("temperature")),
    )
    left, count = Left(notes, item), 0
    for number, message in enumerate(messages):
        left.at(number)
        entry = _entry(message, text_of(data.get("model")), left)
        # Not every form of the file has what was only thought, so it does not count.
        entry.id = entry.id or (f"#{count}" if said[number] else f"#{number} thought")
        count += bool(said[number])
        outline.entries.append(entry)
    outline.chain()
    return [conversation_of(CODE, outline, notes, item.where, item.source.next_time())]


def _digest(said: list[list[Any]]) -> str:
    text = json_of([one for one in said if one])
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _said(message: dict[str, Any]) -> list[Any]:
    """What a message says, however it is written down; empty for a reply that says nothing."""
    role, content = _ROLES.get(text_of(message.get("role")), ASSISTANT), message.get("content")
    parts: list[Any] = [content] if content else []
    if isinstance(content, list):
        parts = [part["text"] if isinstance(part, dict) and set(part) == {"type", "text"} else part for part in content]
    calls = list_of(message.get("tool_calls")) or [message.get("function_call")]
    made = [tool_call(call)[0] for call in map(dict_of, calls) if call]
    asked = [[call.name, call.arguments_json] for call in made if isinstance(call, ToolCall)]
    refusal = text_of(message.get("refusal"))
    return [role, parts, asked, refusal] if role != ASSISTANT or parts or asked or refusal else []


def _entry(message: dict[str, Any], model: str, left: Left) -> Entry:
    role = _ROLES.get(text_of(message.get("role")))
    if role is None:
        left.unknown(f"role {json_of(message.get('role'))}")
    entry = Entry(
        id=id_of(message.get("id")),
        parent=None,
        role=role or ASSISTANT,
        created_at=time_of(message.get("created_at")) or time_of(message.get("timestamp")),
        model="" if role in (USER, SYSTEM) else text_of(message.get("model")) or model,
        tool=text_of(message.get("name")),
    )
    content = message.get("content")
    if role == TOOL:
        call_id = CallId(id_of(message.get("tool_call_id")))
        entry.blocks = [ToolResult(call_id, "" if content is None else result_text(content, left))]
        return entry
    entry.blocks = [] if role == USER else _thought(message)
    entry.blocks.extend(content_blocks(content, left, is_reply=role not in (USER, SYSTEM)))
    if refusal := text_of(message.get("refusal")):
        entry.blocks.append(Refusal(refusal))
    if role not in (USER, SYSTEM):
        calls = list_of(message.get("tool_calls")) or [message.get("function_call")]
        for call in filter(None, map(dict_of, calls)):
            entry.blocks.extend(tool_call(call)[:1])
    return entry


def _thought(message: dict[str, Any]) -> list[Block]:
    text = text_of(message.get("reasoning_content")) or text_of(message.get("reasoning"))
    return [Reasoning(text)] if text else []


OPENAI_MESSAGES = Reader(CODE, "OpenAI messages", _fits, _items, _convert)
