"""Pictures in the database: written once under the hash of their bytes, read only to be shown.

Which conversation shows which is a table of its own, so that opening one never touches
their bytes, and what no conversation shows any more can be let go of.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from desktop_chat.core.ports import KeptPicture
from desktop_chat.domain.ids import PictureId
from desktop_chat.domain.message import Message, pictures_of

_ERASED_AT_ONCE = 4
"""In one transaction; a picture may have 25 MB."""


def add_tables(connection: sqlite3.Connection) -> None:
    """Make the tables."""
    connection.execute(
        "CREATE TABLE pictures (id TEXT NOT NULL PRIMARY KEY, media_type TEXT NOT NULL, bytes BLOB NOT NULL)"
    )
    # No reference to the pictures: one that is lost does not take the message with it.
    connection.execute(
        """CREATE TABLE picture_uses (
            conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
            picture TEXT NOT NULL,
            PRIMARY KEY (conversation, picture)) WITHOUT ROWID"""
    )
    connection.execute("CREATE INDEX picture_used ON picture_uses (picture)")


def note_uses(connection: sqlite3.Connection, number: int, messages: Iterable[Message]) -> None:
    """A conversation shows the pictures of these messages; in a transaction of the caller."""
    connection.executemany(
        "INSERT OR IGNORE INTO picture_uses (conversation, picture) VALUES (?, ?)",
        [(number, picture) for picture in pictures_of(messages)],
    )


def lacking(connection: sqlite3.Connection, ids: Sequence[PictureId]) -> set[PictureId]:
    """Those that are not here."""
    found = "SELECT 1 FROM pictures WHERE id = ?"
    return {picture for picture in ids if connection.execute(found, (picture,)).fetchone() is None}


def keep(connection: sqlite3.Connection, pictures: Iterable[KeptPicture]) -> None:
    """Write pictures that are not here yet; in a transaction of the caller."""
    connection.executemany(
        "INSERT OR IGNORE INTO pictures (id, media_type, bytes) VALUES (?, ?, ?)",
        ((picture.id, picture.media_type, picture.data) for picture in pictures),
    )


def read(connection: sqlite3.Connection, picture: PictureId) -> bytes | None:
    """The bytes of one; `None` if it is not here."""
    row = connection.execute("SELECT bytes FROM pictures WHERE id = ?", (picture,)).fetchone()
    return row[0] if row else None


def erase_some(connection: sqlite3.Connection) -> bool:
    """Let go of a few that no conversation shows; whether there may be more. In a transaction of the caller."""
    return (
        connection.execute(
            "DELETE FROM pictures WHERE id IN (SELECT id FROM pictures WHERE NOT EXISTS "
            "(SELECT 1 FROM picture_uses WHERE picture = pictures.id) LIMIT ?)",
            (_ERASED_AT_ONCE,),
        ).rowcount
        > 0
    )


def is_sound(picture: object, data: object) -> bool:
    """Whether bytes are those that were kept under this id."""
    return isinstance(data, bytes) and hashlib.sha256(data).hexdigest() == picture


def damaged(connection: sqlite3.Connection) -> Iterator[str]:
    """Ids of pictures that are not what they were; reads all of them, one by one."""
    for picture, data in connection.execute("SELECT id, bytes FROM pictures"):
        if not is_sound(picture, data):
            yield picture
