"""Many conversations into the database at once: packed in any thread, written in the store's.

Merging goes by ids: a conversation that is there gets the messages it does not have, and
keeps its title, its place and what the person chose to see.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from desktop_chat.adapters.sqlite import heads
from desktop_chat.adapters.sqlite.search_text import PLACE, Numbers, columns_of, moment, number_at
from desktop_chat.adapters.sqlite.staging import insert_many, insert_messages
from desktop_chat.core.intake import TakenIn
from desktop_chat.core.ports import Head, RowChange, head_of
from desktop_chat.domain.codec import message_to_dict, settings_to_dict
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import ConversationId, MessageId, PictureId
from desktop_chat.domain.message import pictures_of


@dataclass(frozen=True, slots=True)
class _Packed:
    id: MessageId
    parent_id: MessageId | None
    created_at: float
    about: str
    tools: str
    data: str
    text: str
    pictures: tuple[PictureId, ...]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A conversation ready to be written: what costs time is done."""

    head: Head
    messages: tuple[_Packed, ...]
    size_bytes: int
    """About how much it is."""


def pack(conversation: Conversation) -> Parcel:
    """Do what can be done without the database; for any thread."""
    packed = []
    for message in conversation.messages.values():
        columns = columns_of(message, 0)
        about = columns.about.removesuffix(f"{PLACE}0")
        data = heads.dump(message_to_dict(message))
        packed.append(
            _Packed(
                message.id,
                message.parent_id,
                message.created_at,
                about,
                columns.tools,
                data,
                columns.text,
                tuple(pictures_of([message])),
            )
        )
    return Parcel(head_of(conversation), tuple(packed), sum(len(m.data) + len(m.text) for m in packed))


def take_in(connection: sqlite3.Connection, parcels: Sequence[Parcel]) -> list[TakenIn]:
    """Write what is not there yet; in a transaction of the caller."""
    there = _numbers_of(connection, [parcel.head.id for parcel in parcels])
    fresh = [parcel for parcel in parcels if parcel.head.id not in there]
    _write_heads(connection, [parcel.head for parcel in fresh])
    numbers = _numbers_of(connection, [parcel.head.id for parcel in fresh])
    writing = _Writing()
    taken = []
    for parcel in parcels:
        head = parcel.head
        if (number := numbers.get(head.id)) is not None:
            writing.add(number, parcel.messages, 0)
            writing.choices.extend((number, parent or "", child) for parent, child in head.chosen)
            taken.append(TakenIn(head.id, len(parcel.messages), is_new=True))
        else:
            taken.append(_extend(connection, writing, there[head.id], parcel))
    writing.write(connection)
    return taken


@dataclass(slots=True)
class _Writing:
    """Rows that go into the database together. Mutable."""

    messages: list[tuple[int, int, _Packed]] = field(default_factory=list)
    """Number of the conversation, position, message."""
    choices: list[tuple[int, str, str]] = field(default_factory=list)

    def add(self, number: int, messages: Iterable[_Packed], first: int) -> None:
        self.messages.extend((number, position, message) for position, message in enumerate(messages, first))

    def write(self, connection: sqlite3.Connection) -> None:
        free = _free_numbers(connection, [message.created_at for _, _, message in self.messages])
        insert_messages(
            connection,
            [
                (num, c, m.id, m.parent_id, p, moment(m.created_at), f"{m.about}{PLACE}{c}", m.tools, m.data, m.text)
                for num, (c, p, m) in zip(free, self.messages, strict=True)
            ],
        )
        uses = dict.fromkeys((c, picture) for c, _, message in self.messages for picture in message.pictures)
        insert_many(connection, "INSERT OR IGNORE INTO picture_uses (conversation, picture)", list(uses))
        # Only where nothing was chosen yet: what the person sees does not change under their eyes.
        insert_many(connection, "INSERT OR IGNORE INTO choices (conversation, parent_id, child_id)", self.choices)


def _extend(connection: sqlite3.Connection, writing: _Writing, number: int, parcel: Parcel) -> TakenIn:
    head = parcel.head
    known = {id_ for (id_,) in connection.execute("SELECT id FROM messages WHERE conversation = ?", (number,))}
    news = [message for message in parcel.messages if message.id not in known]
    (deleted_at,) = connection.execute("SELECT deleted_at FROM conversations WHERE num = ?", (number,)).fetchone()
    if news:
        (last,) = connection.execute("SELECT max(position) FROM messages WHERE conversation = ?", (number,)).fetchone()
        writing.add(number, news, (last if last is not None else -1) + 1)
        arrived = {message.id for message in news}
        writing.choices.extend((number, parent or "", child) for parent, child in head.chosen if child in arrived)
        connection.execute(
            "UPDATE conversations SET updated_at = max(updated_at, ?) WHERE num = ?", (head.updated_at, number)
        )
    return TakenIn(head.id, len(news), is_in_trash=deleted_at is not None)


def _write_heads(connection: sqlite3.Connection, fresh: Sequence[Head]) -> None:
    insert_many(
        connection,
        "INSERT INTO conversations (id, title, created_at, updated_at, pinned, titled_by_person, settings, "
        "deleted_messages, folder_id, archived, deleted_at)",
        [
            (
                head.id,
                heads.clean(head.title),
                head.created_at,
                head.updated_at,
                head.pinned,
                head.titled_by_person,
                heads.dump(settings_to_dict(head.settings)),
                heads.dump(sorted(head.deleted)),
                head.folder_id,
                head.archived,
                head.trashed_at,
            )
            for head in fresh
        ],
    )
    tagged = [RowChange(head.id, {"tags": head.tags}) for head in fresh if head.tags]
    if tagged:
        heads.arrange(connection, tagged, (), ())


def _numbers_of(connection: sqlite3.Connection, ids: Sequence[ConversationId]) -> dict[ConversationId, int]:
    found: dict[ConversationId, int] = {}
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        query = f"SELECT id, num FROM conversations WHERE id IN ({', '.join('?' * len(some))})"  # noqa: S608 - question marks
        found.update(connection.execute(query, some).fetchall())
    return found


def _free_numbers(connection: sqlite3.Connection, times: Sequence[float]) -> list[int]:
    """A number for each message, by its time, that no other has; asked for many at a time."""
    following: dict[int, int] = {}
    free: list[int] = []
    for created_at in times:
        wanted = number_at(created_at)
        number = following.get(wanted, wanted)
        free.append(number)
        following[wanted] = number + 1
    taken = {number for number, count in Counter(free).items() if count > 1}
    for start in range(0, len(free), 500):
        some = free[start : start + 500]
        query = f"SELECT num FROM messages WHERE num IN ({', '.join('?' * len(some))})"  # noqa: S608 - question marks
        taken.update(number for (number,) in connection.execute(query, some).fetchall())
    if not taken:
        return free
    mine = set(free) - taken
    numbers = Numbers(connection)
    for index, number in enumerate(free):
        if number in taken:
            near = numbers.near(times[index])
            while near in mine:
                near = numbers.near(times[index])
            free[index] = near
            mine.add(near)
    return free
