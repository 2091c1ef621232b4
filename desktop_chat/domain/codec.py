"""Messages and conversations to and from plain dicts of JSON values.

Used by the store, the journal, exports and the clipboard. `VERSION` goes up when a reader
of today could misread what is written; fields that are unknown are dropped, fields that
are missing take their default.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from functools import cache
from operator import itemgetter
from typing import Any, TypeVar

from desktop_chat.domain.blocks import Block, Image, Notice, Reasoning, Refusal, Text, ToolCall, ToolResult
from desktop_chat.domain.conversation import Conversation, ConversationSettings
from desktop_chat.domain.ids import ConversationId, EndpointId, MessageId
from desktop_chat.domain.message import Ended, Message, Role, Round
from desktop_chat.domain.usage import Usage

T = TypeVar("T")

VERSION = 1

KINDS: dict[str, type[Block]] = {
    "text": Text,
    "reasoning": Reasoning,
    "refusal": Refusal,
    "tool_call": ToolCall,
    "tool_result": ToolResult,
    "notice": Notice,
    "image": Image,
}
_NAMES = {kind: name for name, kind in KINDS.items()}


def block_to_dict(block: Block) -> dict[str, Any]:
    """Plain form of a block: its fields and its `kind`."""
    return {"kind": _NAMES[type(block)], **_plain(block)}


def block_from_dict(data: Mapping[str, Any]) -> Block:
    """Read a block.

    Raises:
        ValueError: Unknown kind, or a field is missing.
    """
    kind = KINDS.get(data.get("kind", ""))
    if kind is None:
        raise ValueError(f"unknown kind of block: {data.get('kind')!r}")
    make: Callable[..., Block] = kind
    try:
        return _made(make, data)
    except TypeError as error:
        raise ValueError(f"{data['kind']} block: {error}") from error


def message_to_dict(message: Message) -> dict[str, Any]:
    """Plain form of a message."""
    data = _plain(message)
    data["blocks"] = [block_to_dict(block) for block in message.blocks]
    data["rounds"] = [asdict(round_) for round_ in message.rounds]
    return data


def message_from_dict(data: Mapping[str, Any]) -> Message:
    """Read a message.

    Raises:
        ValueError: Something is missing or has a value that does not exist.
    """
    try:
        return _made(
            Message,
            {
                **data,
                "blocks": tuple([block_from_dict(block) for block in data["blocks"]]),
                "rounds": tuple([_round_from_dict(round_) for round_ in data.get("rounds", ())]),
                "role": Role(data["role"]),
                "ended": Ended(data["ended"]) if data.get("ended") else None,
            },
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a message: {error!r}") from error


def settings_to_dict(settings: ConversationSettings) -> dict[str, Any]:
    """Plain form of a conversation's settings."""
    return {
        **asdict(settings),
        "allowed_tools": sorted(settings.allowed_tools),
        "tools_off": sorted(settings.tools_off),
    }


def settings_from_dict(data: Mapping[str, Any]) -> ConversationSettings:
    """Read a conversation's settings; whatever is missing is unset."""
    known = _known(ConversationSettings, data)
    for name in ("allowed_tools", "tools_off"):
        known[name] = frozenset(data.get(name, ()))
    known["endpoint_id"] = EndpointId(data["endpoint_id"]) if data.get("endpoint_id") else None
    return ConversationSettings(**known)


def conversation_to_dict(conversation: Conversation) -> dict[str, Any]:
    """Plain form of a whole conversation, with its version."""
    return {
        "version": VERSION,
        "id": conversation.id,
        "title": conversation.title,
        "created_at": conversation.created_at,
        "updated_at": conversation.updated_at,
        "pinned": conversation.pinned,
        "titled_by_person": conversation.titled_by_person,
        "folder_id": conversation.folder_id,
        "tags": list(conversation.tags),
        "archived": conversation.archived,
        "settings": settings_to_dict(conversation.settings),
        "messages": [message_to_dict(message) for message in conversation.messages.values()],
        "chosen": [[parent, child] for parent, child in conversation.chosen.items()],
        "deleted": sorted(conversation.deleted),
    }


def conversation_from_dict(data: Mapping[str, Any]) -> Conversation:
    """Read a whole conversation.

    Raises:
        ValueError: Written by a newer version, or not a conversation.
    """
    if data.get("version") != VERSION:
        raise ValueError(f"version {data.get('version')!r} of a conversation cannot be read here")
    try:
        conversation = Conversation(
            id=ConversationId(data["id"]),
            title=data["title"],
            created_at=data["created_at"],
            updated_at=data["updated_at"],
            pinned=data.get("pinned", False),
            titled_by_person=data.get("titled_by_person", False),
            folder_id=data.get("folder_id"),
            tags=tuple(data.get("tags", ())),
            archived=data.get("archived", False),
            settings=settings_from_dict(data.get("settings", {})),
            deleted={MessageId(message_id) for message_id in data.get("deleted", ())},
        )
        for message in data["messages"]:
            conversation.add(message_from_dict(message))
        conversation.chosen = dict(data.get("chosen", ()))
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a conversation: {error!r}") from error
    return conversation


def _round_from_dict(data: Mapping[str, Any]) -> Round:
    usage = _made(Usage, data["usage"]) if data.get("usage") else None
    return _made(Round, {**data, "usage": usage, "left_out": tuple(data.get("left_out", ()))})


def _made(kind: Callable[..., T], data: Mapping[str, Any]) -> T:
    # A conversation of ten thousand messages is read before it is shown: what has every field,
    # as whatever we wrote has, is not looked at field by field.
    try:
        return kind(*_values_of(kind)(data))
    except KeyError:
        return kind(**_known(kind, data))


@cache
def _values_of(kind: Any) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    names = [field.name for field in fields(kind)]
    return itemgetter(*names) if len(names) > 1 else lambda data: (data[names[0]],)


def _plain(value: Any) -> dict[str, Any]:
    # For values without values in them: `asdict` copies them all deeply, and a million messages wait for it.
    kind: type = type(value)
    return {name: getattr(value, name) for name in _names_of(kind)}


@cache
def _names_of(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _known(kind: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    names = _field_names(kind)
    return {name: value for name, value in data.items() if name in names}


@cache
def _field_names(kind: Any) -> frozenset[str]:
    return frozenset(field.name for field in fields(kind))
