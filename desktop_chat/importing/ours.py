"""Our own JSON and JSON lines: everything, as it was.

A conversation that is sound becomes the very same one, with its ids. In one that is not,
what can be read is kept: a message that cannot is left out, and what answers it answers
its parent.
"""

from collections.abc import Callable, Iterator
from dataclasses import is_dataclass, replace
from enum import StrEnum
from math import isfinite
from types import UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

from desktop_chat.domain import codec
from desktop_chat.domain.conversation import Conversation, ConversationSettings
from desktop_chat.domain.folder import NamedFolder
from desktop_chat.domain.ids import ConversationId, FolderId, MessageId
from desktop_chat.domain.message import Message, Round
from desktop_chat.domain.surrogates import whole
from desktop_chat.domain.usage import Usage
from desktop_chat.importing.pictures import NoPicture
from desktop_chat.importing.problems import Notes, ProblemKind
from desktop_chat.importing.reader import Item, Reader, Sample, array_in
from desktop_chat.importing.values import dict_of, list_of, number_of, text_of

Kinds = tuple[type, ...]
_NONE = type(None)
_BEFORE = {"picture": ("data", "media_type"), "folder": ("id", "name")}
"""What stands before the conversations that need it, and the texts in it."""
_HEAD: dict[str, Kinds] = {
    "id": (str,),
    "title": (str,),
    "created_at": (int, float),
    "updated_at": (int, float),
    "pinned": (bool,),
    "titled_by_person": (bool,),
    "folder_id": (str, _NONE),
    "tags": (list,),
    "archived": (bool,),
    "settings": (dict,),
    "messages": (list,),
    "chosen": (list,),
    "deleted": (list,),
}


def _kinds_of(record: type) -> dict[str, Kinds]:
    """What JSON the fields of a record of ours are written as."""
    return {name: tuple(_written_as(hint)) for name, hint in get_type_hints(record).items()}


def _written_as(hint: Any) -> Iterator[type]:
    if get_origin(hint) in (Union, UnionType):
        for inner in get_args(hint):
            yield from _written_as(inner)
        return
    while isinstance(hint, NewType):
        hint = hint.__supertype__
    hint = get_origin(hint) or hint
    if hint is float:
        yield from (int, float)
    elif hint in (tuple, frozenset):
        yield list
    elif issubclass(hint, StrEnum):
        yield str
    else:
        yield dict if is_dataclass(hint) else hint


_SETTINGS = _kinds_of(ConversationSettings)
_MESSAGE = _kinds_of(Message)
_BLOCKS = {name: _kinds_of(kind) for name, kind in codec.KINDS.items()}
_ROUND = _kinds_of(Round)
_USAGE = _kinds_of(Usage)


def _fits(sample: Sample) -> bool:
    if sample.members.get("format") == "desktop-chat":
        return True
    values = [value for value in (sample.one, *sample.first) if isinstance(value, dict)]
    one = next((value for value in values if not _stands_before(value)), None)
    if one is None:
        first = sample.one
        return bool(first) and all(isinstance(first.get(name), str) for name in _BEFORE[first["kind"]])
    return all(key in one for key in ("version", "chosen", "titled_by_person")) and "messages" in one


def _stands_before(value: dict[str, Any]) -> bool:
    return isinstance(value.get("kind"), str) and value["kind"] in _BEFORE


def _convert(item: Item, notes: Notes) -> list[Conversation]:
    data = item.data
    if isinstance(data, dict) and _stands_before(data):
        (_take_picture if data["kind"] == "picture" else _take_folder)(data, item, notes)
        return []
    if not isinstance(data, dict) or not isinstance(data.get("id"), str):
        notes.add(ProblemKind.NOT_READABLE, item.where, "not a conversation")
        return []
    version = data.get("version")
    if version != codec.VERSION:
        if isinstance(version, int) and version > codec.VERSION:
            notes.add(ProblemKind.NEWER, item.where)
        else:
            notes.add(ProblemKind.NOT_READABLE, item.where, "it does not say which version wrote it")
        return []
    return [_exact(data) or _salvaged(data, notes, item.where)]


def _take_picture(data: dict[str, Any], item: Item, notes: Notes) -> None:
    """Have a picture at hand for the conversation that comes after it."""
    try:
        image = item.source.pictures.of_base64(text_of(data.get("data")), "")
    except NoPicture as error:
        notes.add(ProblemKind.IMAGE_LEFT_OUT, item.where, str(error))
        return
    if image.picture != data.get("id") and not item.source.pictures.only_looks:
        notes.add(ProblemKind.IMAGE_LEFT_OUT, item.where, "its bytes are not those that were exported")


def _take_folder(data: dict[str, Any], item: Item, notes: Notes) -> None:
    """Have the name of a folder at hand for the conversations in it."""
    folder_id, name, parent_id = map(text_of, map(data.get, ("id", "name", "parent_id")))
    if not folder_id or not name:
        notes.add(ProblemKind.NOT_READABLE, item.where, "not a folder")
        return
    folder = NamedFolder(FolderId(folder_id), name, FolderId(parent_id) if parent_id else None)
    item.source.folders.setdefault(folder.id, folder)


def _exact(data: dict[str, Any]) -> Conversation | None:
    """The conversation as it was written, or `None` if anything about it is not as we write it."""
    if not _is_sound(data):
        return None
    try:
        conversation = codec.conversation_from_dict(data)
    except (ValueError, AttributeError):
        return None
    messages = conversation.messages
    for parent, child in conversation.chosen.items():
        if child not in messages or messages[child].parent_id != parent:
            return None
    return conversation if conversation.deleted <= messages.keys() else None


def _is_sound(data: dict[str, Any]) -> bool:
    settings = data.get("settings", {})
    if not _fields_fit(data, _HEAD) or not _fields_fit(settings, _SETTINGS):
        return False
    names = (
        *settings.get("allowed_tools", ()),
        *settings.get("tools_off", ()),
        *data.get("deleted", ()),
        *data.get("tags", ()),
    )
    if not all(isinstance(name, str) for name in names) or not all(map(_is_pair, data.get("chosen", ()))):
        return False
    return all(map(_is_sound_message, data.get("messages", ())))


def _is_pair(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str | None) and isinstance(pair[1], str)


def _is_sound_message(message: object) -> bool:
    if not isinstance(message, dict) or not _fields_fit(message, _MESSAGE):
        return False
    return all(map(_is_sound_block, message.get("blocks", ()))) and all(map(_is_sound_round, message.get("rounds", ())))


def _is_sound_block(block: object) -> bool:
    if not isinstance(block, dict):
        return False
    fields = _BLOCKS.get(block["kind"]) if isinstance(block.get("kind"), str) else None
    return fields is not None and _fields_fit(block, fields)


def _is_sound_round(round_: object) -> bool:
    if not isinstance(round_, dict) or not _fields_fit(round_, _ROUND):
        return False
    return _fields_fit(round_.get("usage") or {}, _USAGE)


def _fields_fit(data: dict[str, Any], kinds: dict[str, Kinds]) -> bool:
    for name, value in data.items():
        allowed = kinds.get(name)
        if allowed is None:
            continue  # Of a newer program; the codec passes over it.
        kind = type(value)
        if kind not in allowed:
            return False
        if kind is str:
            if whole(value) is not value:
                return False
        elif kind is float:
            if not isfinite(value):
                return False
        elif kind is int and abs(value) >= 2**63:
            return False
    return True


def _salvaged(data: dict[str, Any], notes: Notes, where: str) -> Conversation:
    notes.add(ProblemKind.NOT_READABLE, where, "not as it was written; what can be read is kept")
    settings = _clean(dict_of(data.get("settings")))
    fitting = {name: value for name, value in settings.items() if _fields_fit({name: value}, _SETTINGS)}
    for name in ("allowed_tools", "tools_off"):
        fitting[name] = [tool for tool in list_of(fitting.get(name)) if isinstance(tool, str)]
    created_at = number_of(data.get("created_at")) or 0.0
    conversation = Conversation(
        id=ConversationId(text_of(data["id"])),
        title=text_of(data.get("title")),
        created_at=created_at,
        updated_at=number_of(data.get("updated_at")) or created_at,
        pinned=data.get("pinned") is True,
        titled_by_person=data.get("titled_by_person") is True,
        folder_id=FolderId(text_of(data.get("folder_id"))) or None,
        tags=tuple(text_of(tag) for tag in list_of(data.get("tags")) if text_of(tag)),
        archived=data.get("archived") is True,
        settings=codec.settings_from_dict(fitting),
    )
    _add_readable(conversation, list_of(data.get("messages")), notes, where)
    for pair in list_of(data.get("chosen")):
        if _is_pair(pair) and pair[1] in conversation.messages:
            message_id = MessageId(pair[1])
            conversation.chosen[conversation.messages[message_id].parent_id] = message_id
    known = conversation.messages.keys()
    conversation.deleted = {MessageId(m) for m in list_of(data.get("deleted")) if isinstance(m, str) and m in known}
    return conversation


def _add_readable(conversation: Conversation, messages: list[Any], notes: Notes, where: str) -> None:
    instead: dict[str, MessageId | None] = {}
    for number, raw in enumerate(messages):
        message = _message(_clean(raw)) if isinstance(raw, dict) else None
        wanted = raw.get("parent_id") if isinstance(raw, dict) else None
        parent_id = MessageId(wanted) if isinstance(wanted, str) and wanted in conversation.messages else None
        if isinstance(wanted, str) and parent_id is None:
            parent_id = instead.get(wanted)
        if message is None or message.id in conversation.messages:
            kind = ProblemKind.MESSAGE_LEFT_OUT if message is None else ProblemKind.DUPLICATE
            notes.add(kind, f"{where}, message {number}")
            if isinstance(raw, dict) and isinstance(raw.get("id"), str):
                instead.setdefault(raw["id"], parent_id)
            continue
        if message.parent_id != parent_id:
            notes.add(ProblemKind.PLACE_MENDED, f"{where}, message {message.id}")
        conversation.add(replace(message, parent_id=parent_id))


def _message(data: dict[str, Any]) -> Message | None:
    if not _is_sound_message(data):
        return None
    try:
        return codec.message_from_dict(data)
    except ValueError:
        return None


def _clean(data: dict[str, Any]) -> dict[str, Any]:
    """The same with strings that can be stored."""
    cleaned: dict[str, Any] = _walked(data, whole)
    return cleaned


def _walked(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_walked(inner, change) for inner in value]
    if isinstance(value, dict):
        return {change(key): _walked(inner, change) for key, inner in value.items()}
    return value


OURS = Reader("desktop-chat", "Desktop Chat", _fits, array_in("conversations"), _convert)
