"""Jan's data folder: `threads/ID/thread.json` and `messages.jsonl` beside it, in a folder or an archive."""

from collections.abc import Iterator
from typing import Any

from desktop_chat.domain.blocks import Block, Notice, ToolCall, ToolResult
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import CallId
from desktop_chat.domain.message import Ended
from desktop_chat.importing.left_out import Left
from desktop_chat.importing.parts import content_blocks, result_text, tool_call, usage_of
from desktop_chat.importing.problems import Notes, ProblemKind
from desktop_chat.importing.reader import Item, Reader, Sample, left_alone, values_in
from desktop_chat.importing.source import Source
from desktop_chat.importing.tree import ASSISTANT, SYSTEM, TOOL, USER, Entry, Outline, conversation_of
from desktop_chat.importing.values import dict_of, id_of, list_of, number_of, text_of, time_of

CODE = "jan"
_ENDED = {"stopped": Ended.STOPPED, "error": Ended.FAILED, "pending": Ended.INTERRUPTED}


def _fits(sample: Sample) -> bool:
    one = sample.one
    if sample.entry.base == "thread.json":
        return "assistants" in one or one.get("object") == "thread"
    return one.get("object") == "thread.message"


def _items(source: Source, notes: Notes) -> Iterator[Item]:
    """A thread and its messages as one value; messages without a thread are one as well."""
    threads = {entry.folder: entry for entry in source.data if entry.base == "thread.json"}
    lists = {entry.folder: entry for entry in source.data if entry.base == "messages.jsonl"}
    if len(source.data) == 1:
        lists = {entry.folder: entry for entry in source.data if entry.base != "thread.json"}
    for folder in sorted(threads.keys() | lists.keys()):
        about, listed = threads.get(folder), lists.get(folder)
        entry = about or listed
        assert entry is not None
        thread = [item.data for item in values_in(source, about, notes)][:1] if about else []
        messages = [item.data for item in values_in(source, listed, notes)] if listed else []
        yield Item(
            entry.folder or entry.name, {"thread": thread[0] if thread else {}, "messages": messages}, entry, source
        )


def _convert(item: Item, notes: Notes) -> list[Conversation]:
    thread = dict_of(item.data["thread"])
    messages = [dict_of(message) for message in list_of(thread.get("messages")) + item.data["messages"]]
    known = id_of(thread.get("id")) or next((id_of(m.get("thread_id")) for m in messages), "")
    if not known and not messages:
        return left_alone(notes, item, "there are no messages of Jan in it")
    assistant = dict_of(next(iter(list_of(thread.get("assistants"))), None))
    metadata = dict_of(thread.get("metadata"))
    outline = Outline(
        id=known or item.where,
        title=text_of(thread.get("title")) or text_of(metadata.get("title")) or text_of(thread.get("summary")),
        created_at=time_of(thread.get("created")) or time_of(thread.get("created_at")),
        updated_at=time_of(thread.get("updated")) or time_of(metadata.get("updated_at")),
        pinned=thread.get("isFavorite") is True or metadata.get("is_favorite") is True,
        system_prompt=text_of(assistant.get("instructions")),
        temperature=number_of(dict_of(dict_of(assistant.get("model")).get("parameters")).get("temperature")),
        endpoint_name="Jan",
    )
    model = text_of(dict_of(assistant.get("model")).get("id")) or text_of(dict_of(thread.get("model")).get("id"))
    left = Left(notes, item)
    for number, message in enumerate(messages):
        left.at(id_of(message.get("id")) or number)
        outline.entries.append(_entry(message, model, left))
    # Lines are appended as messages are written; an edited file may have them in another order.
    if all(entry.created_at for entry in outline.entries):
        outline.entries.sort(key=lambda entry: entry.created_at or 0.0)
    outline.entries = _once(outline.entries, notes, item.where)
    outline.chain()
    return [conversation_of(CODE, outline, notes, item.where, item.source.next_time())]


def _once(entries: list[Entry], notes: Notes, where: str) -> list[Entry]:
    """Entries whose id did not come before; entries without an id stay."""
    seen: set[str] = set()
    kept = []
    for entry in entries:
        if entry.id in seen:
            notes.add(ProblemKind.DUPLICATE, where, entry.id)
            continue
        seen.update({entry.id} if entry.id else ())
        kept.append(entry)
    return kept


def _entry(message: dict[str, Any], model: str, left: Left) -> Entry:
    role = text_of(message.get("role"))
    is_person = role == USER
    metadata = dict_of(message.get("metadata"))
    entry = Entry(
        id=id_of(message.get("id")),
        parent=None,
        role=role if role in (USER, TOOL, SYSTEM) else ASSISTANT,
        created_at=time_of(message.get("created_at")),
        model="" if is_person else text_of(metadata.get("modelId")) or model,
        usage=usage_of(metadata.get("usage")),
    )
    said = content_blocks(message.get("content"), left, is_reply=not is_person)
    if role == TOOL:
        text = "\n\n".join(getattr(block, "text", "") for block in said)
        entry.blocks = [ToolResult(CallId(id_of(message.get("tool_call_id"))), text)]
        return entry
    entry.blocks = said + _calls(list_of(metadata.get("tool_calls")), left)
    if not is_person:
        entry.ended = _ENDED.get(text_of(message.get("status")))
    if entry.ended is Ended.FAILED:
        entry.blocks.append(Notice("StreamError", text_of(message.get("error_code"))))
    for attachment in map(dict_of, list_of(message.get("attachments"))):
        entry.blocks.extend(content_blocks([{"type": "file", "file": attachment}], left, is_reply=False))
    return entry


def _calls(calls: list[Any], left: Left) -> list[Block]:
    blocks: list[Block] = []
    for call in map(dict_of, calls):
        made = tool_call(dict_of(call.get("tool")) or call)[:1]
        blocks.extend(made)
        if call.get("response") is not None and made and isinstance(made[0], ToolCall):
            response = call["response"]
            is_error = bool(text_of(dict_of(response).get("error")))
            blocks.append(ToolResult(made[0].call_id, result_text(response, left), is_error))
    return blocks


JAN = Reader(CODE, "Jan", _fits, _items, _convert)
