"""LM Studio's `NUMBER.conversation.json`: a list of messages, each with its versions and the selected one.

What follows a message hangs below its selected version. A version of a reply is a list of
steps: blocks of text or thinking, calls and results of tools, figures of the generation.
"""

import re
from typing import Any

from desktop_chat.domain.blocks import Block, Reasoning, Text, ToolResult
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import CallId
from desktop_chat.domain.message import Ended
from desktop_chat.importing.left_out import Left
from desktop_chat.importing.parts import content_blocks, part_blocks, result_text, usage_of
from desktop_chat.importing.problems import Notes
from desktop_chat.importing.reader import Item, Reader, Sample, documents, left_alone
from desktop_chat.importing.tree import ASSISTANT, SYSTEM, TOOL, USER, Entry, Outline, conversation_of
from desktop_chat.importing.values import dict_of, id_of, json_of, list_of, number_of, text_of, time_of

CODE = "lm-studio"
_TOOK = re.compile(r"(\d{1,7}(?:\.\d{1,6})?) ?s")
_ENDED = {"userStopped": Ended.STOPPED, "maxPredictedTokensReached": Ended.LENGTH, "contextLengthReached": Ended.LENGTH}
_SAYS_NOTHING = ("debugInfoBlock", "toolStatus", "genInfo", "statusBlock")


def _fits(sample: Sample) -> bool:
    messages = list_of(sample.one.get("messages"))
    if sample.entry.base.lower().endswith(".conversation.json"):
        return sample.kind == "object"
    return bool(messages) and isinstance(dict_of(messages[0]).get("versions"), list)


def _convert(item: Item, notes: Notes) -> list[Conversation]:
    data = dict_of(item.data)
    if not isinstance(data.get("messages"), list):
        return left_alone(notes, item, "there are no messages of LM Studio in it")
    settings = _settings(data)
    name = item.entry.base.split(".")[0]
    outline = Outline(
        # There is no id; files are called by the time at which they were made.
        id=id_of(data.get("createdAt")) or name,
        title=text_of(data.get("name")),
        created_at=time_of(data.get("createdAt")) or time_of(name),
        updated_at=max(filter(None, map(time_of, map(data.get, _LAST))), default=None),
        pinned=data.get("pinned") is True,
        system_prompt=text_of(data.get("systemPrompt")) or text_of(settings.get("systemPrompt")),
        temperature=number_of(settings.get("temperature")),
        endpoint_name="LM Studio",
    )
    left = Left(notes, item)
    above: str | None = None
    for number, message in enumerate(map(dict_of, data["messages"])):
        versions = list_of(message.get("versions")) or [message]
        chosen = message.get("currentlySelected")
        selected = chosen if isinstance(chosen, int) and 0 <= chosen < len(versions) else len(versions) - 1
        for place, version in enumerate(versions):
            left.at(f"{number}.{place}")
            entry = _entry(f"{number}.{place}", dict_of(version), left)
            entry.parent = above
            outline.entries.append(entry)
        above = f"{number}.{selected}"
    outline.current = above
    return [conversation_of(CODE, outline, notes, item.where, item.source.next_time())]


_LAST = ("userLastMessagedAt", "assistantLastMessagedAt")


def _settings(data: dict[str, Any]) -> dict[str, Any]:
    fields = list_of(dict_of(data.get("perChatPredictionConfig")).get("fields"))
    return {text_of(field.get("key")).rpartition(".")[2]: field.get("value") for field in map(dict_of, fields)}


def _entry(entry_id: str, version: dict[str, Any], left: Left) -> Entry:
    role = text_of(version.get("role"))
    is_person = role == USER
    entry = Entry(
        id=entry_id,
        parent=None,
        role=role if role in (USER, SYSTEM, TOOL) else ASSISTANT,
        created_at=time_of(version.get("createdAt")),
        model="" if is_person else text_of(dict_of(version.get("senderInfo")).get("senderName")),
    )
    steps = list_of(version.get("steps"))
    if not steps:
        for part in list_of(version.get("content")) or [version.get("content")]:
            entry.blocks.extend(_part(part, left, is_reply=not is_person))
    for step in map(dict_of, steps):
        _take_step(step, entry, left)
    return entry


def _take_step(step: dict[str, Any], entry: Entry, left: Left) -> None:
    info = dict_of(step.get("genInfo"))
    stats = dict_of(info.get("stats"))
    entry.usage = usage_of(stats) or entry.usage
    entry.model = entry.model or text_of(info.get("indexedModelIdentifier"))
    entry.ended = _ENDED.get(text_of(stats.get("stopReason")), entry.ended)
    kind = text_of(step.get("type"))
    if kind in _SAYS_NOTHING:
        return
    if kind != "contentBlock":
        left.unknown(kind or "step")
        return
    blocks = [block for part in list_of(step.get("content")) for block in _part(part, left, is_reply=True)]
    style = dict_of(step.get("style"))
    if style.get("type") == "thinking":
        took = _TOOK.search(text_of(style.get("title")))
        text = "\n\n".join(block.text for block in blocks if isinstance(block, Text | Reasoning))
        blocks = [Reasoning(text, round(float(took[1]) * 1000) if took else None)] if text else []
    entry.blocks.extend(blocks)


def _part(part: object, left: Left, *, is_reply: bool) -> list[Block]:
    data = dict_of(part)
    match text_of(data.get("type")):
        case "file":
            name = text_of(data.get("name")) or text_of(data.get("fileIdentifier"))
            is_image = text_of(data.get("fileType")) == "image"
            return [Text(left.image(name) if is_image else left.file(name))]
        case "toolCallRequest":
            return part_blocks({**data, "type": "tool_call"}, left, is_reply=is_reply)
        case "toolCallResult":
            call_id = CallId(id_of(data.get("toolCallRequestId")) or id_of(data.get("toolCallId")))
            content = data.get("content", data.get("result"))
            return [ToolResult(call_id, _unpacked(content, left))]
        case "":
            return content_blocks(part, left, is_reply=is_reply)
        case _:
            return part_blocks(part, left, is_reply=is_reply)


def _unpacked(content: object, left: Left) -> str:
    """A result is text, or the JSON of a list of parts in a text."""
    return result_text(content, left) if not isinstance(content, str) else json_of(content)


LM_STUDIO = Reader(CODE, "LM Studio", _fits, documents, _convert)
