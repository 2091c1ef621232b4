"""Messages into the database, and what is shown of them; runs in the store's thread. `reading` reads them."""

import sqlite3
from collections.abc import Iterable, Mapping

from desktop_chat.adapters.sqlite import pictures
from desktop_chat.adapters.sqlite.heads import dump, number_of, write_head
from desktop_chat.adapters.sqlite.search_text import Numbers, columns_of, moment
from desktop_chat.core.journal import replay
from desktop_chat.core.ports import head_of
from desktop_chat.domain.codec import message_to_dict
from desktop_chat.domain.conversation import Conversation, title_from
from desktop_chat.domain.ids import ConversationId, MessageId
from desktop_chat.domain.message import Message

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
    choices: dict[MessageId | None, MessageId] = dict(found.fetchall())
    if first := choices.pop(MessageId(""), None):
        choices[None] = first
    return choices


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
