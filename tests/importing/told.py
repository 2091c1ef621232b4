"""An import as text that a person can compare: the tree, its blocks, its problems."""

from collections.abc import Iterable

from desktop_chat.domain.blocks import Block, Image, Notice, Reasoning, Refusal, Text, ToolCall, ToolResult
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import MessageId
from desktop_chat.importing.reader import Imported


def told(imports: Iterable[Imported]) -> str:
    """Everything that was read, one fact a line."""
    lines: list[str] = []
    for imported in imports:
        lines.append(f"=== {imported.where}")
        if imported.conversation is not None:
            lines.extend(conversation_lines(imported.conversation))
        lines.extend(f"! {problem}" for problem in imported.problems)
    return "\n".join(lines) + "\n"


def conversation_lines(conversation: Conversation) -> list[str]:
    settings = conversation.settings
    lines = [
        f"{conversation.id} {conversation.title!r}{' pinned' if conversation.pinned else ''}",
        f"{conversation.created_at} to {conversation.updated_at}; temperature {settings.temperature}",
        f"system prompt {settings.system_prompt!r}",
    ]
    shown = {message.id for message in conversation.path()}
    waiting: list[tuple[MessageId, int]] = [(m, 0) for m in conversation.children.get(None, [])[::-1]]
    while waiting:
        message_id, depth = waiting.pop()
        message = conversation.messages[message_id]
        mark = "*" if message_id in shown else "-"
        indent = "  " * depth
        facts = [message.role.value, message_id, f"{message.created_at:.3f}", message.model, message.ended or ""]
        lines.append(f"{indent}{mark} {' '.join(filter(None, facts))}")
        lines.extend(f"{indent}    {block_line(block)}" for block in message.blocks)
        lines.extend(f"{indent}    usage {round_.usage}" for round_ in message.rounds)
        waiting.extend((child, depth + 1) for child in conversation.children.get(message_id, [])[::-1])
    return lines


def block_line(block: Block) -> str:
    match block:
        case Text(text) | Refusal(text):
            return f"{type(block).__name__.lower()} {text!r}"
        case Reasoning(text, duration_ms):
            return f"reasoning {text!r} {duration_ms} ms"
        case ToolCall(call_id, name, arguments):
            return f"call {call_id} {name} {arguments!r}"
        case ToolResult(call_id, text, is_error, _, duration_ms):
            return f"result {call_id} {text!r}{' error' if is_error else ''} {duration_ms} ms"
        case Notice(code, detail):
            return f"notice {code} {detail!r}"
        case Image(picture, media_type, width, height, name):
            return f"image {picture} {media_type} {width}x{height} {name!r}"
