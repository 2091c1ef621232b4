"""Messages of the database to and from conversations; runs in the store's thread."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from desktop_chat.adapters.sqlite import pictures
from desktop_chat.adapters.sqlite.heads import dump, number_of, tags_of, write_head
from desktop_chat.adapters.sqlite.search_text import Numbers, columns_of, moment
from desktop_chat.core.journal import replay
from desktop_chat.core.ports import head_of
from desktop_chat.domain.blocks import Notice
from desktop_chat.domain.codec import message_from_dict, message_to_dict, settings_from_dict
from desktop_chat.domain.conversation import Conversation, title_from
from desktop_chat.domain.errors import StoreDamaged, StoreError
from desktop_chat.domain.ids import ConversationId, MessageId
from desktop_chat.domain.message import Ended, Message, Role

Choices = Mapping[MessageId | None, MessageId]


def write_messages(connection: sqlite3.Connection, number: int, messages: Iterable[Message]) -> None:
    """Add messages at the end of a conversation; those that exist are exchanged where they stand."""
    numbers, messages = Numbers(connection), tuple(messages)
    for message in messages:
        columns = columns_of(message, number)
        connection.execute(
            """INSERT INTO messages (conversation, num, id, parent_id, position, created_at, about, tools, data, text)
            VALUES (?1, ?2, ?3, ?4, (SELECT coalesce(max(position), -1) + 1 FROM messages WHERE conversation = ?1),
                ?5, ?6, ?7, ?8, ?9)
            ON CONFLICT (conversation, id) DO UPDATE SET parent_id = excluded.parent_id, about = excluded.about,
                created_at = excluded.created_at, tools = excluded.tools, data = excluded.data, text = excluded.text""",
            (
                number,
                numbers.near(message.created_at),
                message.id,
                message.parent_id,
                moment(message.created_at),
                columns.about,
                columns.tools,
                dump(message_to_dict(message)),
                columns.text,
            ),
        )
    pictures.note_uses(connection, number, messages)


def read_choices(connection: sqlite3.Connection, number: int) -> dict[MessageId | None, MessageId]:
    """Which child is shown below each message."""
    found = connection.execute("SELECT parent_id, child_id FROM choices WHERE conversation = ?", (number,))
    return {MessageId(parent) if parent else None: MessageId(child) for parent, child in found}


def write_choices(connection: sqlite3.Connection, number: int, old: Choices, new: Choices) -> None:
    """Write what differs: a long conversation has as many choices as messages."""
    connection.executemany(
        "DELETE FROM choices WHERE conversation = ? AND parent_id = ?",
        [(number, parent or "") for parent in old if parent not in new],
    )
    connection.executemany(
        "INSERT OR REPLACE INTO choices (conversation, parent_id, child_id) VALUES (?, ?, ?)",
        [(number, parent or "", child) for parent, child in new.items() if old.get(parent) != child],
    )


def read_conversation(connection: sqlite3.Connection, conversation_id: ConversationId) -> Conversation:
    """Read a conversation whole.

    A message that cannot be read stands in its place with a notice; a message whose parent
    is not there becomes a first message.

    Raises:
        StoreError: There is no such conversation.
        StoreDamaged: Not even its settings are readable.
    """
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
    _hang(conversation, _read_messages(connection, number))
    choices = read_choices(connection, number)
    conversation.chosen.update({p: c for p, c in choices.items() if c in conversation.messages})
    return conversation


def recover(connection: sqlite3.Connection) -> list[MessageId]:
    """Make messages of the journals that a crash left; the journals are gone afterwards.

    A journal that is still there belongs to a reply that did not end: a saved final and the
    end of its journal are one transaction.
    """
    journals: dict[tuple[str, str], list[str]] = {}
    for conversation_id, message_id, lines in connection.execute(
        "SELECT conversation_id, message_id, lines FROM journal ORDER BY seq"
    ):
        journals.setdefault((conversation_id, message_id), []).extend(lines.split("\n"))
    recovered = []
    for (conversation_id, _), lines in journals.items():
        message = replay(lines)
        if message is not None:
            _put_back(connection, ConversationId(conversation_id), message)
            recovered.append(message.id)
    connection.execute("DELETE FROM journal")
    return recovered


def _put_back(connection: sqlite3.Connection, conversation_id: ConversationId, message: Message) -> None:
    number = number_of(connection, conversation_id)
    if number is None:  # It was to be saved with the question, and that had not happened yet.
        at = message.created_at
        number = write_head(connection, head_of(Conversation(conversation_id, title_from(message.text), at, at)))
    write_messages(connection, number, [message])
    connection.execute(
        "INSERT OR REPLACE INTO choices (conversation, parent_id, child_id) VALUES (?, ?, ?)",
        (number, message.parent_id or "", message.id),
    )
    connection.execute(
        "UPDATE conversations SET updated_at = max(updated_at, ?) WHERE num = ?", (message.created_at, number)
    )


def _read_messages(connection: sqlite3.Connection, number: int) -> list[Message]:
    found = connection.execute(
        "SELECT id, parent_id, data FROM messages WHERE conversation = ? ORDER BY position", (number,)
    ).fetchall()
    return [
        _read_message(MessageId(id_), parent_id, data)
        for (id_, parent_id, _), data in zip(found, _decoded([data for _, _, data in found]), strict=True)
    ]


def _decoded(texts: Sequence[str]) -> list[Any]:
    with suppress(ValueError, TypeError):  # All at once takes half the time of one by one.
        values: list[Any] = json.loads(f"[{','.join(texts)}]")
        if len(values) == len(texts):
            return values
    values = []
    for text in texts:
        try:
            values.append(json.loads(text))
        except (ValueError, TypeError) as error:
            values.append({"problem": str(error)})
    return values


def _read_message(message_id: MessageId, parent_id: MessageId | None, data: Any) -> Message:
    try:
        message = message_from_dict(data)
    except ValueError as error:
        return Message(
            message_id, parent_id, Role.ASSISTANT, (Notice("StoreDamaged", str(error)),), 0.0, ended=Ended.FAILED
        )
    if message.role is Role.ASSISTANT and message.ended is None:
        # It was saved before it ended, and the program did not live to see the end.
        return replace(message, ended=Ended.INTERRUPTED)
    return message


def _hang(conversation: Conversation, messages: Sequence[Message]) -> None:
    ids = {message.id for message in messages}
    waiting: dict[MessageId, list[Message]] = {}
    for message in messages:
        ready = [message if message.parent_id in ids else replace(message, parent_id=None)]
        if ready[0].parent_id is not None and ready[0].parent_id not in conversation.messages:
            waiting.setdefault(ready[0].parent_id, []).append(message)
            continue
        while ready:
            conversation.add(next_ := ready.pop(0))
            ready.extend(waiting.pop(next_.id, ()))
