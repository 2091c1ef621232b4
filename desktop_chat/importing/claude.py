"""Claude's data export: `conversations.json` with `chat_messages`, each with its parent since 2025.

Content is a list of parts; older exports have only `text`. Text that was taken from an
attachment is in the export and is kept, other files are not there.
"""

from typing import Any

from desktop_chat.domain.blocks import Block, Image, Reasoning, Text, ToolCall, ToolResult
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import CallId
from desktop_chat.importing.left_out import Left
from desktop_chat.importing.problems import Notes, ProblemKind
from desktop_chat.importing.reader import Item, Reader, Sample, array_in, left_alone
from desktop_chat.importing.tree import ASSISTANT, USER, Entry, Outline, conversation_of
from desktop_chat.importing.values import dict_of, id_of, json_of, list_of, ms_between, text_of, time_of
from desktop_chat.markup.fences import fenced

CODE = "claude"
_NO_PARENT = "00000000-0000-4000-8000-000000000000"
_SAYS_NOTHING = ("token_budget", "flag")
_BESIDE = {"users.json": None, "projects.json": "projects", "memories.json": "memories"}


def _fits(sample: Sample) -> bool:
    one = sample.one
    inner = one.get("conversations")
    if isinstance(inner, list) and inner and isinstance(inner[0], dict):
        one = inner[0]
    return isinstance(one.get("chat_messages"), list)


def _convert(item: Item, notes: Notes) -> list[Conversation]:
    beside = item.entry.base.lower()
    if beside in _BESIDE:
        if what := _BESIDE[beside]:
            notes.add(ProblemKind.FILE_LEFT_OUT, item.entry.name, what)
        return []
    data = dict_of(item.data)
    if not isinstance(data.get("chat_messages"), list):
        return left_alone(notes, item, "there are no messages of Claude in it")
    outline = Outline(
        id=id_of(data.get("uuid")) or item.where,
        title=text_of(data.get("name")),
        created_at=time_of(data.get("created_at")),
        updated_at=time_of(data.get("updated_at")),
        pinned=data.get("is_starred") is True,
        endpoint_name="Claude",
        current=id_of(data.get("current_leaf_message_uuid")) or None,
    )
    left = Left(notes, item)
    model = text_of(data.get("model"))
    messages = [dict_of(message) for message in data["chat_messages"]]
    for number, message in enumerate(messages):
        left.at(id_of(message.get("uuid")) or number)
        outline.entries.append(_entry(message, model, left))
    if not any("parent_message_uuid" in message for message in messages):
        outline.chain()
    return [conversation_of(CODE, outline, notes, item.where, item.source.next_time())]


def _entry(message: dict[str, Any], model: str, left: Left) -> Entry:
    is_person = message.get("sender") in ("human", "user")
    parent = id_of(message.get("parent_message_uuid"))
    entry = Entry(
        id=id_of(message.get("uuid")),
        parent=None if parent in ("", _NO_PARENT) else parent,
        role=USER if is_person else ASSISTANT,
        created_at=time_of(message.get("created_at")),
        model="" if is_person else text_of(message.get("model")) or model,
    )
    for part in list_of(message.get("content")):
        entry.blocks.extend(_blocks(dict_of(part), left))
    if not any(isinstance(block, Text) for block in entry.blocks) and not any(
        isinstance(block, ToolCall) for block in entry.blocks
    ):
        text = text_of(message.get("text"))
        entry.blocks.extend([Text(text)] if text else [])
    for attachment in list_of(message.get("attachments")):
        entry.blocks.append(Text(_attachment(dict_of(attachment), left)))
    for file in list_of(message.get("files")) + list_of(message.get("files_v2")):
        name = text_of(dict_of(file).get("file_name")) or id_of(dict_of(file).get("file_uuid"))
        is_image = text_of(dict_of(file).get("file_kind")) == "image" or name.lower().endswith(_IMAGES)
        file_id = id_of(dict_of(file).get("file_uuid"))
        entry.blocks.append(left.picture(file_id, name) if is_image else Text(left.file(name)))
    if is_person:
        entry.blocks = [block for block in entry.blocks if isinstance(block, Text | Image)]
    return entry


_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".heic", ".svg", ".bmp")


def _blocks(part: dict[str, Any], left: Left) -> list[Block]:
    kind = text_of(part.get("type"))
    match kind:
        case "text" | "voice_note":
            text = text_of(part.get("text"))
            return [Text(text)] if text else []
        case "thinking":
            text = text_of(part.get("thinking"))
            took = ms_between(part.get("start_timestamp"), part.get("stop_timestamp"))
            return [Reasoning(text, took or None)] if text else []
        case "tool_use":
            call_id = CallId(id_of(part.get("id")))
            return [ToolCall(call_id, text_of(part.get("name")), json_of(part.get("input", {})))]
        case "tool_result":
            call_id = CallId(id_of(part.get("tool_use_id")))
            took = ms_between(part.get("start_timestamp"), part.get("stop_timestamp"))
            text = _result(part.get("content"), left) or text_of(part.get("message"))
            return [ToolResult(call_id, text, part.get("is_error") is True, 0, took)]
        case _ if kind in _SAYS_NOTHING:
            return []
        case "image":
            source = dict_of(part.get("source"))
            name = text_of(part.get("file_name"))
            if data := text_of(source.get("data")):
                return [left.embedded(data, text_of(source.get("media_type")), name)]
            return [left.picture(id_of(part.get("file_uuid")) or name, name)]
        case _:
            text = text_of(part.get("text"))
            if not text:
                left.unknown(kind or "part")
            return [Text(text)] if text else []


def _result(content: object, left: Left) -> str:
    if isinstance(content, str):
        return text_of(content)
    texts = []
    for part in list_of(content):
        part = dict_of(part)
        kind = text_of(part.get("type"))
        if kind == "image":
            texts.append(left.image(text_of(part.get("file_uuid"))))
            continue
        head = " ".join(filter(None, (text_of(part.get("title")), text_of(part.get("url")))))
        text = text_of(part.get("text"))
        texts.append("\n".join(filter(None, (head, text))) or json_of(part))
    return "\n\n".join(texts) or (json_of(content) if content and not isinstance(content, list) else "")


def _attachment(attachment: dict[str, Any], left: Left) -> str:
    name = text_of(attachment.get("file_name"))
    content = text_of(attachment.get("extracted_content"))
    return f"{name}\n\n{fenced(content)}" if content else left.file(name)


CLAUDE = Reader(
    CODE,
    "Claude",
    _fits,
    array_in("conversations"),
    _convert,
    frozenset(name.removesuffix(".json") for name in _BESIDE),
)
