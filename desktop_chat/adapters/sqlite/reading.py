"""Reads conversations: whole, or what stands around one place; runs in the store's thread.

Very long ones are opened, and seen at their end. So most messages come as bytes that are
decoded when somebody looks at them, and what is seen first can be read by itself.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace

from desktop_chat.adapters.sqlite.heads import tags_of
from desktop_chat.adapters.sqlite.rows import Choices, read_choices
from desktop_chat.adapters.sqlite.search_text import USER
from desktop_chat.domain.blocks import Notice
from desktop_chat.domain.codec import message_from_dict, settings_from_dict
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.errors import StoreDamaged, StoreError
from desktop_chat.domain.ids import ConversationId, MessageId
from desktop_chat.domain.message import Ended, Message, Role
from desktop_chat.runtime import garbage
from desktop_chat.runtime.turns import short_turns

LONG = 500
"""Messages of a conversation from which on it takes longer to read than a person waits."""
AROUND = 60
"""Messages on either side of a place: more than a window shows."""

_NOW, _BY_USER, _BY_ASSISTANT = range(3)
_LATE = {_BY_USER: Role.USER, _BY_ASSISTANT: Role.ASSISTANT}

# What tools were called in is looked at by every session, and what was never understood has no facts.
_SELECT = f"""SELECT id, parent_id, CASE WHEN tools <> '' OR about = '' THEN {_NOW}
    WHEN about < '{USER}' THEN {_BY_ASSISTANT} ELSE {_BY_USER} END, CAST(data AS BLOB) FROM messages"""  # noqa: S608 - our own names

_Found = tuple[MessageId, MessageId | None, int, bytes]


def read_conversation(connection: sqlite3.Connection, conversation_id: ConversationId) -> Conversation:
    """Read a conversation whole.

    A message that cannot be read stands in its place with a notice; a message whose parent
    is not there becomes a first message.

    Raises:
        StoreError: There is no such conversation.
        StoreDamaged: Not even its settings are readable.
    """
    # The window is used meanwhile.
    with short_turns(), garbage.old_spared("reading"):
        number, conversation = _read_head(connection, conversation_id)
        found = connection.execute(f"{_SELECT} WHERE conversation = ? ORDER BY position", (number,)).fetchall()
        _hang(conversation, _messages_of(found))
        _choose(conversation, read_choices(connection, number))
        # Here, not in the window's thread: from now on they are known.
        conversation.path()
        conversation.calling()
    return conversation


def _choose(conversation: Conversation, choices: Choices) -> None:
    for parent_id, child_id in choices.items():
        child = conversation.messages.get(child_id)
        if child is not None and child.parent_id == parent_id:  # Or the path might go in a circle.
            conversation.chosen[parent_id] = child_id


def read_excerpt(
    connection: sqlite3.Connection, conversation_id: ConversationId, message_id: MessageId | None
) -> Conversation | None:
    """See `Store.excerpt`. What was chosen leads along the shown path, without a look at its messages."""
    number, conversation = _read_head(connection, conversation_id)
    (count,) = connection.execute("SELECT count(*) FROM choices WHERE conversation = ?", (number,)).fetchone()
    if count < LONG:
        return None
    choices = read_choices(connection, number)
    if message_id is None:
        message_id = next(reversed(_down(choices, None, count)), None)
    found: list[_Found] = []
    for id_ in _down(choices, message_id, AROUND):
        found += connection.execute(f"{_SELECT} WHERE conversation = ? AND id = ?", (number, id_)).fetchall()
    while found and len(found) < 2 * AROUND and (above := found[0][1]) is not None:
        found[:0] = connection.execute(f"{_SELECT} WHERE conversation = ? AND id = ?", (number, above)).fetchall()
        if found[0][0] != above:
            break
    _hang(conversation, _messages_of([(id_, parent_id, _NOW, data) for id_, parent_id, _, data in found]))
    return conversation if found else None


def _down(choices: Choices, message_id: MessageId | None, most: int) -> list[MessageId]:
    """The way down from a message, itself included."""
    way = [] if message_id is None else [message_id]
    while len(way) < most and (message_id := choices.get(message_id)) is not None:
        way.append(message_id)
    return way


def _read_head(connection: sqlite3.Connection, conversation_id: ConversationId) -> tuple[int, Conversation]:
    row = connection.execute(
        "SELECT num, title, created_at, updated_at, pinned, titled_by_person, settings, deleted_messages, "
        "folder_id, archived, deleted_at FROM conversations WHERE id = ?",
        (conversation_id,),
    ).fetchone()
    if row is None:
        raise StoreError(f"there is no conversation {conversation_id}")
    number, title, created_at, updated_at, pinned, titled_by_person, settings, deleted, folder, archived, trashed = row
    try:
        conversation = Conversation(
            id=conversation_id,
            title=title,
            created_at=created_at,
            updated_at=updated_at,
            pinned=bool(pinned),
            titled_by_person=bool(titled_by_person),
            folder_id=folder,
            tags=tags_of(connection, number),
            archived=bool(archived),
            trashed_at=trashed,
            settings=settings_from_dict(json.loads(settings)),
            deleted={MessageId(m) for m in json.loads(deleted)},
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise StoreDamaged(f"conversation {conversation_id}: {error}") from error
    return number, conversation


def _messages_of(found: Sequence[_Found]) -> list[Message]:
    ids = {row[0] for row in found}
    messages = []
    for id_, parent_id, kind, data in found:
        if parent_id not in ids:
            parent_id = None
        if kind == _NOW:
            messages.append(_read_message(id_, parent_id, data))
        else:
            messages.append(Message.late(id_, parent_id, _LATE[kind], _read_message, data))
    return messages


def _read_message(message_id: MessageId, parent_id: MessageId | None, data: bytes) -> Message:
    try:
        message = message_from_dict(_decoded(data))
    except (ValueError, TypeError, RecursionError) as error:
        return Message(
            message_id, parent_id, Role.ASSISTANT, (Notice("StoreDamaged", str(error)),), 0.0, ended=Ended.FAILED
        )
    if (message.id, message.parent_id) != (message_id, parent_id):
        message = replace(message, id=message_id, parent_id=parent_id)
    if message.role is Role.ASSISTANT and message.ended is None:
        # It was saved before it ended, and the program did not live to see the end.
        return replace(message, ended=Ended.INTERRUPTED)
    return message


def _decoded(data: bytes) -> dict[str, object]:
    try:
        read: dict[str, object] = json.loads(data)
    except UnicodeDecodeError:
        read = json.loads(data.decode(errors="replace"))
    return read


def _hang(conversation: Conversation, found: Iterable[Message]) -> None:
    # Not with `add`: ten thousand may wait for it.
    messages, children = conversation.messages, conversation.children
    waiting: dict[MessageId, list[Message]] = {}
    for first in found:
        parent_id = first.parent_id
        if parent_id is not None and parent_id not in messages:
            waiting.setdefault(parent_id, []).append(first)
            continue
        ready = [first]
        while ready:
            message = ready.pop(0)
            messages[message.id] = message
            children.setdefault(message.parent_id, []).append(message.id)
            if waiting:
                ready.extend(waiting.pop(message.id, ()))
    conversation.chosen = {parent_id: below[-1] for parent_id, below in children.items()}
