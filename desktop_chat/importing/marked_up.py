"""Replies in which a program wrote reasoning and tool calls into the text, as tags.

`<think>` comes from models themselves; `<details type="reasoning">` and
`<details type="tool_calls">` is how Open WebUI kept them until it had a field for them.
"""

import html
import json
import re

from desktop_chat.domain.blocks import Block, Reasoning, Text, ToolCall, ToolResult
from desktop_chat.domain.ids import CallId
from desktop_chat.importing.values import json_of

_THINK = re.compile(r"\s*<think(?:ing)?>(.*?)(?:</think(?:ing)?>|\Z)", re.DOTALL)
_DETAILS = re.compile(r'<details\s+type="(reasoning|tool_calls|code_interpreter)"([^<>]*)>')
_END = "</details>"
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_SUMMARY = re.compile(r"\s*<summary>[^<]{0,500}</summary>\s*")


def blocks_of(text: str) -> list[Block]:
    """The text as blocks, in the order in which they stand in it."""
    blocks: list[Block] = []
    if thought := (_THINK.match(text) if text.lstrip()[:6] == "<think" else None):
        _add(blocks, Reasoning(thought[1].strip()))
        text = text[thought.end() :].lstrip()
    if '<details type="' not in text:
        _add(blocks, Text(text))
        return blocks
    at = 0
    while found := _DETAILS.search(text, at):
        end = text.find(_END, found.end())
        if end < 0:
            break
        _add(blocks, Text(text[at : found.start()].strip()))
        blocks.extend(_details(found[1], dict(_ATTRIBUTE.findall(found[2])), text[found.end() : end]))
        at = end + len(_END)
    _add(blocks, Text(text[at:].strip()))
    return blocks


def _details(kind: str, attributes: dict[str, str], inside: str) -> list[Block]:
    body = html.unescape(_SUMMARY.sub("", inside, count=1)).strip()
    if kind == "tool_calls":
        call_id = CallId(html.unescape(attributes.get("id", "")))
        name = html.unescape(attributes.get("name", ""))
        arguments = _unquoted(html.unescape(attributes.get("arguments", "")))
        found: list[Block] = [ToolCall(call_id, name, arguments)]
        if attributes.get("done") != "false":
            result = html.unescape(attributes["result"]) if "result" in attributes else body
            found.append(ToolResult(call_id, _unquoted(result)))
        return found
    if kind == "code_interpreter":
        return [Text(body)] if body else []
    quoted = "\n".join(line.removeprefix(">").removeprefix(" ") for line in body.splitlines())
    seconds = attributes.get("duration", "")
    took = round(float(seconds) * 1000) if re.fullmatch(r"\d{1,7}(\.\d{1,9})?", seconds) else None
    return [Reasoning(quoted, took)] if quoted else []


def _unquoted(text: str) -> str:
    """JSON of a string that is JSON or plain text itself, one layer off."""
    if len(text) < 2 or text[0] != '"':
        return text
    try:
        return json_of(json.loads(text, strict=False))
    except (ValueError, RecursionError):
        return text


def _add(blocks: list[Block], block: Text | Reasoning) -> None:
    if block.text.strip():
        blocks.append(block)
