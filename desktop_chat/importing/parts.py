"""Message contents in the shape of the OpenAI API and its kin: a string, or a list of typed parts."""

from typing import Any

from desktop_chat.domain.blocks import Block, Reasoning, Refusal, Text, ToolCall, ToolResult
from desktop_chat.domain.ids import CallId
from desktop_chat.domain.usage import Usage
from desktop_chat.importing.left_out import Left
from desktop_chat.importing.marked_up import blocks_of
from desktop_chat.importing.values import count_of, dict_of, id_of, json_of, list_of, ms_between, text_of


def content_blocks(content: object, left: Left, *, is_reply: bool) -> list[Block]:
    """Blocks of a content.

    Args:
        content: A string or a list of parts.
        left: Notes what cannot be taken over.
        is_reply: Tags in the text mean reasoning and tools.
    """
    if isinstance(content, list):
        return [block for part in content for block in part_blocks(part, left, is_reply=is_reply)]
    text = text_of(content)
    if not text.strip():
        return []
    return blocks_of(text) if is_reply else [Text(text)]


def part_blocks(part: object, left: Left, *, is_reply: bool) -> list[Block]:
    """Blocks of one part."""
    if isinstance(part, str):
        return content_blocks(part, left, is_reply=is_reply)
    data = dict_of(part)
    kind = text_of(data.get("type")).replace("-", "_")
    match kind:
        case "text" | "input_text" | "output_text":
            text = data.get("text")
            return content_blocks(
                text if isinstance(text, str) else dict_of(text).get("value"), left, is_reply=is_reply
            )
        case "think" | "thinking" | "reasoning":
            return _reasoning(data)
        case "refusal":
            text = text_of(data.get("refusal"))
            return [Refusal(text)] if text else []
        case "tool_call" | "tool_use" | "function_call":
            return tool_call(data)
        case "tool_result" | "function_call_output":
            call_id = CallId(id_of(data.get("tool_use_id")) or id_of(data.get("call_id")))
            return [ToolResult(call_id, result_text(data.get("content", data.get("output")), left))]
        case "image_url" | "input_image" | "image" | "image_file":
            return [_picture(data, left)]
        case "file" | "input_file" | "input_audio" | "audio" | "video_url":
            inner = dict_of(data.get("file"))
            name = text_of(inner.get("filename")) or text_of(data.get("filename")) or text_of(data.get("name"))
            return [Text(left.file(name or id_of(inner.get("file_id")) or kind))]
        case _:
            text = text_of(data.get("text"))
            if not text:
                left.unknown(kind or "part")
            return [Text(text)] if text else []


def tool_call(data: dict[str, Any]) -> list[Block]:
    """A call in any of the usual shapes, with its result if it stands in the same place."""
    inner = dict_of(data.get("tool_call"))
    data = inner or data
    function = dict_of(data.get("function"))
    call_id = CallId(_first_id(data, "toolCallId", "tool_call_id", "toolCallRequestId", "call_id", "id"))
    names = (function.get("name"), data.get("toolName"), data.get("tool_name"), data.get("name"), data.get("function"))
    arguments = next(
        (
            value
            for value in (
                function.get("arguments"),
                *(data.get(key) for key in ("arguments", "args", "params", "parameters", "input")),
            )
            if value is not None
        ),
        "",
    )
    blocks: list[Block] = [ToolCall(call_id, next(filter(None, map(text_of, names)), ""), json_of(arguments))]
    for key in ("output", "result", "response"):
        if data.get(key) is not None:
            is_error = data.get("state") == "error" or data.get("status") == "error"
            blocks.append(ToolResult(call_id, result_text(data[key]), is_error))
            break
    return blocks


def result_text(value: object, left: Left | None = None) -> str:
    """What a tool answered, as text: the texts of its parts where it has parts, else its JSON."""
    content = value.get("content") if isinstance(value, dict) and isinstance(value.get("content"), list) else value
    if not isinstance(content, list) or not all(isinstance(part, dict) and "type" in part for part in content):
        return json_of(value)
    texts = []
    for part in content:
        if isinstance(part.get("text"), str):
            texts.append(text_of(part["text"]))
        elif left is not None and "image" in text_of(part.get("type")):
            texts.append(left.image(_image_name(part)))
        else:
            texts.append(json_of(part))
    return "\n\n".join(texts)


def usage_of(data: object) -> Usage | None:
    """Tokens under any of the usual names."""
    usage = dict_of(data)

    def count(*names: str) -> int | None:
        return next((c for name in names if (c := count_of(usage.get(name))) is not None), None)

    found = Usage(
        prompt_tokens=count("prompt_tokens", "inputTokens", "input_tokens", "promptTokensCount", "prompt_eval_count"),
        cached_tokens=count("cached_tokens", "cachedInputTokens"),
        completion_tokens=count(
            "completion_tokens", "outputTokens", "output_tokens", "predictedTokensCount", "eval_count"
        ),
        reasoning_tokens=count("reasoning_tokens", "reasoningTokens"),
        total_tokens=count("total_tokens", "totalTokens", "totalTokensCount"),
    )
    return found if found != Usage() else None


def _reasoning(data: dict[str, Any]) -> list[Block]:
    own = next(filter(None, (text_of(data.get(key)) for key in ("think", "thinking", "reasoning", "text"))), "")
    text = own or text_of(dict_of(data.get("text")).get("value"))
    if not text:
        pieces = list_of(data.get("content")) or list_of(data.get("summary"))
        text = "\n\n".join(filter(None, (text_of(dict_of(piece).get("text")) for piece in pieces)))
    took = ms_between(data.get("started_at"), data.get("ended_at"))
    duration = count_of(data.get("duration"))
    return [Reasoning(text, took or duration)] if text else []


def _picture(data: dict[str, Any], left: Left) -> Block:
    source = dict_of(data.get("source"))  # As Anthropic's API has it.
    if inside := text_of(source.get("data")):
        return left.embedded(inside, text_of(source.get("media_type")), _image_name(data))
    return left.picture(_image_place(data), _image_name(data))


def _image_name(data: dict[str, Any]) -> str:
    named = (data.get("image_url"), data.get("image_file"), data)
    for holder in named:
        if isinstance(holder, str):
            return text_of(holder)
        for key in ("filename", "name", "ocrResult", "url", "filepath", "storageKey", "file_id"):
            if name := text_of(dict_of(holder).get(key)):
                return name
    return ""


def _image_place(data: dict[str, Any]) -> str:
    """Where the picture of a part is: an address, an id or a path."""
    for holder in (data.get("image_url"), data.get("image_file"), data):
        if isinstance(holder, str):
            return text_of(holder)
        for key in ("url", "image", "filepath", "file_id", "storageKey"):
            if place := text_of(dict_of(holder).get(key)):
                return place
    return ""


def _first_id(data: dict[str, Any], *keys: str) -> str:
    return next(filter(None, (id_of(data.get(key)) for key in keys)), "")
