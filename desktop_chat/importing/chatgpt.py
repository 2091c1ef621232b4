"""ChatGPT's data export: `conversations.json`, or `conversations-000.json` and so on, with images beside them.

A conversation is a `mapping` of nodes, each with its parent, and `current_node` is the end
of the shown branch. A message to a recipient other than `all` is a tool call, a message of
role `tool` is its result.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from desktop_chat.domain.blocks import Block, Image, Notice, Reasoning, Text, ToolCall, ToolResult
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import CallId
from desktop_chat.domain.message import Ended
from desktop_chat.importing.left_out import Left
from desktop_chat.importing.problems import Notes
from desktop_chat.importing.reader import Item, Reader, Sample, documents, left_alone
from desktop_chat.importing.tree import ASSISTANT, SYSTEM, TOOL, USER, Entry, Outline, conversation_of
from desktop_chat.importing.values import dict_of, id_of, json_of, list_of, number_of, text_of, time_of
from desktop_chat.markup.fences import fenced

CODE = "chatgpt"
_MARKED = re.compile("\ue200[^\ue200\ue201]*\ue201")
"""Citations that only ChatGPT itself can resolve."""
_MAX_REFERENCES = 1_000
_ENDED = {
    "max_tokens": Ended.LENGTH,
    "interrupted": Ended.STOPPED,
    "content_filter": Ended.FILTERED,
}
_BESIDE = {"user", "user_settings", "message_feedback", "model_comparisons", "shared_conversations", "export_manifest"}
"""Files of the export that hold no conversations."""


def _fits(sample: Sample) -> bool:
    return isinstance(sample.one.get("mapping"), dict)


def _items(source: Any, notes: Notes) -> Iterator[Item]:
    for item in documents(source, notes):
        name = item.entry.base.lower()
        # Groups and feedback name conversations too, but have none.
        if name.rsplit(".", 1)[0] not in _BESIDE:
            yield item


def _convert(item: Item, notes: Notes) -> list[Conversation]:
    data = dict_of(item.data)
    mapping = dict_of(data.get("mapping"))
    if not mapping:
        return left_alone(notes, item, "there are no messages of ChatGPT in it")
    outline = Outline(
        id=id_of(data.get("conversation_id")) or id_of(data.get("id")) or min(mapping),
        title=text_of(data.get("title")),
        created_at=time_of(data.get("create_time")),
        updated_at=time_of(data.get("update_time")),
        pinned=data.get("is_starred") is True or bool(time_of(data.get("pinned_time"))),
        endpoint_name="ChatGPT",
        current=id_of(data.get("current_node")) or None,
    )
    left = Left(notes, item)
    for node_id, node in mapping.items():
        node = dict_of(node)
        parent = id_of(node.get("parent")) or None
        message = dict_of(node.get("message"))
        left.at(node_id, _names(message))
        outline.entries.append(_entry(text_of(node_id), parent, message, left))
    _time_reasoning(mapping, outline)
    return [conversation_of(CODE, outline, notes, item.where, item.source.next_time())]


def _names(message: dict[str, Any]) -> dict[str, str]:
    attachments = list_of(dict_of(message.get("metadata")).get("attachments"))
    return {id_of(each.get("id")): text_of(each.get("name")) for each in map(dict_of, attachments)}


def _entry(node_id: str, parent: str | None, message: dict[str, Any], left: Left) -> Entry:
    author = dict_of(message.get("author"))
    metadata = dict_of(message.get("metadata"))
    role = text_of(author.get("role"))
    finish = text_of(dict_of(metadata.get("finish_details")).get("type"))
    entry = Entry(
        id=node_id,
        parent=parent,
        role=role if role in (USER, TOOL, SYSTEM) else ASSISTANT,
        created_at=time_of(message.get("create_time")),
        model=text_of(metadata.get("model_slug")) if role != USER else "",
        ended=_ended(finish, text_of(message.get("status"))),
        tool=text_of(author.get("name")),
    )
    content = dict_of(message.get("content"))
    kind = text_of(content.get("content_type"))
    if kind in ("user_editable_context", "model_editable_context"):
        entry.role = SYSTEM
    if kind == "system_error" and role != TOOL:
        entry.role = ASSISTANT
        entry.blocks = [Notice("StreamError", _any_text(content))]
        return entry
    recipient = text_of(message.get("recipient")) or "all"
    shown = _pictures(content, left)
    text = _resolved(_text(kind, content, metadata, left), metadata)
    if entry.role == TOOL:  # What a tool has drawn is its answer.
        said = (block.text if isinstance(block, Text) else block.words for block in shown)
        text = "\n\n".join(filter(None, (text, *said)))
        shown = [block for block in shown if isinstance(block, Image)]
    entry.blocks = _blocks(entry, kind, recipient, text, content, metadata)
    # People's pictures stand before what they ask about them.
    entry.blocks = [*shown, *entry.blocks] if entry.role == USER else [*entry.blocks, *shown]
    for attachment in list_of(metadata.get("attachments")):
        attachment = dict_of(attachment)
        name = text_of(attachment.get("name")) or id_of(attachment.get("id"))
        is_picture = text_of(attachment.get("mime_type")).startswith("image/")
        if is_picture and not _is_shown(attachment, content):
            entry.blocks.append(left.picture(id_of(attachment.get("id")), name))
        elif not is_picture:
            entry.blocks.append(Text(left.file(name)))
    return entry


def _blocks(
    entry: Entry, kind: str, recipient: str, text: str, content: dict[str, Any], metadata: dict[str, Any]
) -> list[Block]:
    if kind == "thoughts":
        return [Reasoning(text)] if text else []
    if kind == "reasoning_recap":
        seconds = number_of(metadata.get("finished_duration_sec"))
        return [Reasoning(text, None if seconds is None else round(min(seconds, 1e9) * 1000))] if text else []
    if entry.role == TOOL:
        is_error = (
            kind == "system_error" or text_of(dict_of(metadata.get("aggregate_result")).get("status")) == "failed"
        )
        # A tool that only shows something, as a search does, says nothing: its call stands alone.
        return [ToolResult(CallId(""), text, is_error)] if text else []
    if entry.role == ASSISTANT and recipient != "all":
        return [ToolCall(CallId(""), recipient, text)]
    if kind == "code" and text:
        language = text_of(content.get("language"))
        return [Text(fenced(text, "" if language == "unknown" else language))]
    return [Text(text)] if text else []


def _text(kind: str, content: dict[str, Any], metadata: dict[str, Any], left: Left) -> str:
    match kind:
        case "thoughts":
            return "\n\n".join(filter(None, map(_thought, list_of(content.get("thoughts")))))
        case "code":
            return text_of(content.get("text")) or text_of(metadata.get("finished_text"))
        case "user_editable_context":
            parts = (content.get("user_profile"), content.get("user_instructions"))
            return "\n\n".join(filter(None, map(text_of, parts)))
        case "tether_quote":
            head = " ".join(filter(None, (text_of(content.get("title")), text_of(content.get("url")))))
            return "\n\n".join(filter(None, (head, text_of(content.get("text")))))
        case _ if isinstance(content.get("parts"), list):
            return "\n\n".join(filter(None, (_part(part, left) for part in content["parts"])))
        case "":
            return ""
        case _:
            text = _any_text(content)
            if not text and len(content) > 1:
                left.unknown(kind)
            return text


def _part(part: object, left: Left) -> str:
    if isinstance(part, str):
        return text_of(part)
    data = dict_of(part)
    kind = text_of(data.get("content_type"))
    if kind == "image_asset_pointer":
        return ""
    if "asset_pointer" in kind:  # Audio and video of voice mode; what was said comes as a transcription.
        return left.file(left.name_of(text_of(data.get("asset_pointer")) or kind))
    text = _any_text(data)
    if not text:
        left.unknown(kind or "part")
    return text


def _pictures(content: dict[str, Any], left: Left) -> list[Image | Text]:
    """What a message shows, whether it is here or not."""
    found: list[Image | Text] = []
    for part in map(dict_of, list_of(content.get("parts"))):
        if text_of(part.get("content_type")) == "image_asset_pointer":
            pointer = text_of(part.get("asset_pointer"))
            prompt = text_of(dict_of(dict_of(part.get("metadata")).get("dalle")).get("prompt"))
            found.append(left.picture(pointer, prompt or left.name_of(pointer)))
    return found


def _any_text(content: dict[str, Any]) -> str:
    keys = ("text", "result", "content", "summary", "output_str", "model_set_context", "name")
    return next((text for key in keys if (text := text_of(content.get(key)))), "")


def _thought(thought: object) -> str:
    data = dict_of(thought)
    summary, content = text_of(data.get("summary")), text_of(data.get("content"))
    return "\n\n".join(filter(None, (f"**{summary}**" if summary else "", content)))


def _resolved(text: str, metadata: dict[str, Any]) -> str:
    """The text with citations as links."""
    if "\ue200" not in text:
        return text
    for reference in list_of(metadata.get("content_references"))[:_MAX_REFERENCES]:
        matched = text_of(dict_of(reference).get("matched_text"))
        if "\ue200" in matched:
            text = text.replace(matched, text_of(dict_of(reference).get("alt")))
    return _MARKED.sub("", text)


def _is_shown(attachment: dict[str, Any], content: dict[str, Any]) -> bool:
    wanted = id_of(attachment.get("id"))
    return any(wanted and wanted in json_of(part) for part in list_of(content.get("parts")) if isinstance(part, dict))


def _ended(finish: str, status: str) -> Ended | None:
    if status == "in_progress":
        return Ended.INTERRUPTED
    return _ENDED.get(finish)


def _time_reasoning(mapping: dict[str, Any], outline: Outline) -> None:
    """Give thoughts the time that the recap behind them tells, and leave the recap out."""
    by_id = {entry.id: entry for entry in outline.entries}
    for entry in outline.entries:
        content = dict_of(dict_of(dict_of(mapping.get(entry.id)).get("message")).get("content"))
        if content.get("content_type") != "reasoning_recap" or not entry.blocks:
            continue
        recap, before = entry.blocks[0], by_id.get(entry.parent or "")
        last = before.blocks[-1] if before is not None and before.blocks else None
        if before is not None and isinstance(last, Reasoning) and isinstance(recap, Reasoning):
            before.blocks[-1] = replace(last, duration_ms=recap.duration_ms)
            entry.blocks = []


CHATGPT = Reader(CODE, "ChatGPT", _fits, _items, _convert, frozenset(_BESIDE))
