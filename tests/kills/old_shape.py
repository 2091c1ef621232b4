"""A store as the first version of the program wrote it."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from desktop_chat.adapters.sqlite.migrations import APPLICATION_ID, MIGRATIONS
from desktop_chat.domain.blocks import Text
from desktop_chat.domain.codec import message_to_dict
from desktop_chat.domain.ids import MessageId
from desktop_chat.domain.message import Message, Role


def store_of_the_first_shape(path: Path, conversations: int = 20, messages: int = 50) -> None:
    """Make one with conversations `old-0` and so on, each with messages `m0` and so on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN")
        MIGRATIONS[0](connection)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 1")
        for number in range(conversations):
            connection.execute(
                "INSERT INTO conversations VALUES (?, ?, 'Title -1', 1.0, 1.0, 0, 0, '{}', '[]', NULL)",
                (number + 1, f"old-{number}"),
            )
            above = None
            for turn in range(messages):
                message = Message(MessageId(f"m{turn}"), above, Role.USER, (Text(f"turn {turn} " * 60),), 1.0)
                connection.execute(
                    "INSERT INTO messages (conversation, id, parent_id, position, data, text) VALUES (?, ?, ?, ?, ?, ?)",
                    (number + 1, message.id, above, turn, json.dumps(message_to_dict(message)), message.text),
                )
                connection.execute("INSERT INTO choices VALUES (?, ?, ?)", (number + 1, above or "", message.id))
                above = message.id
        connection.execute("COMMIT")
