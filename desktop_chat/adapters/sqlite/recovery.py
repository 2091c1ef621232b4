"""A damaged database is set aside, and everything that can be read of it goes into a new one.

The damaged file is only ever read and renamed. What is lost is named as far as anything
still names it, in a report beside the file.
"""

import json
import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desktop_chat.adapters.sqlite import pictures
from desktop_chat.adapters.sqlite.heads import clean
from desktop_chat.adapters.sqlite.migrations import APPLICATION_ID, MIGRATIONS, VERSION
from desktop_chat.adapters.sqlite.pages import Image
from desktop_chat.adapters.sqlite.salvage import Found, Missing, Salvage, shape_of
from desktop_chat.adapters.sqlite.search_text import columns_of, moment
from desktop_chat.domain.blocks import Notice, Text
from desktop_chat.domain.codec import message_from_dict, message_to_dict, settings_from_dict
from desktop_chat.domain.conversation import title_from
from desktop_chat.domain.errors import StoreRecovered
from desktop_chat.domain.ids import MessageId, PictureId, new_conversation_id
from desktop_chat.domain.message import Ended, Message, Role
from desktop_chat.runtime.atomic import set_aside, write_atomic

COMPANIONS = ("-wal", "-shm", "-journal")
MESSAGES, CONVERSATIONS, PICTURES, USES = "messages", "conversations", "pictures", "picture_uses"
TAGS = "tags"
TITLE = "Recovered"
LISTED = 10_000
"""Losses that the report names one by one."""
_PICTURE = re.compile(r"[0-9a-f]{64}")
_TEXTS = re.compile(r'"text":"((?:[^"\\]|\\.)*)')


def recover(path: Path) -> StoreRecovered:
    """Set a damaged database aside and put a new one with all that is readable in its place.

    Raises:
        OSError: There is no room or no right; the damaged file stands where it stood.
        sqlite3.Error: As above.
    """
    fresh = fresh_of(path)
    part = fresh.with_name(f"{fresh.name}.part")
    with Image(path) as image:
        said = image.version if image.version in range(1, VERSION + 1) else VERSION
        # What the header says is tried first, but the header may be what is damaged.
        for version in dict.fromkeys((said, *range(VERSION, 0, -1))):
            part.unlink(missing_ok=True)
            part.touch(mode=0o600)
            with closing(sqlite3.connect(part, isolation_level=None)) as connection:
                made = _Rebuilt(image, connection)
                made.build(version)
            if made.conversations or made.messages:
                break
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(fresh)
    kept = set_all_aside(path)
    report = kept.with_suffix(".txt")
    with suppress(OSError):  # The conversations matter more.
        write_atomic(report, _report(path, kept, made).encode())
    fresh.replace(path)
    return StoreRecovered(kept, made.conversations, made.messages, tuple(made.lost[:LISTED]), report)


def finish_recovery(path: Path) -> None:
    """Put the new database in its place if the program ended before that was done."""
    fresh = fresh_of(path)
    if not fresh.exists():
        return
    if path.exists():
        fresh.unlink()  # The damaged one was not set aside yet.
        return
    for ending in COMPANIONS:
        left = path.with_name(path.name + ending)
        if left.exists():
            set_aside(left, "damaged")
    fresh.replace(path)


def set_all_aside(path: Path, reason: str = "damaged") -> Path:
    """Rename a database with what stands beside it; returns its new path."""
    kept = set_aside(path, reason)
    for ending in COMPANIONS:
        companion = path.with_name(path.name + ending)
        if companion.exists():
            companion.rename(kept.with_name(kept.name + ending))
    return kept


def fresh_of(path: Path) -> Path:
    """Where a new database stands, whole, before it takes the place of the old one."""
    return path.with_name(f"{path.stem}.recovered{path.suffix}")


@dataclass(slots=True)
class _Rebuilt:
    """The new database while it is made."""

    image: Image
    connection: sqlite3.Connection
    conversations: int = 0
    messages: int = 0
    lost: list[str] = field(default_factory=list)
    _partly: dict[tuple[int, str], str] = field(default_factory=dict)
    _known: set[int] = field(default_factory=set)
    _heads: dict[int, dict[str, Any]] | None = None
    """What indexes know of conversations, by their numbers; read when it is needed."""

    def build(self, version: int) -> None:
        def make(connection: sqlite3.Connection) -> None:
            for migration in MIGRATIONS[:version]:
                migration(connection)

        salvage = Salvage(self.image, shape_of(make))
        salvage.walk()
        execute = self.connection.execute
        execute("PRAGMA journal_mode = OFF")
        execute("PRAGMA synchronous = OFF")
        execute("BEGIN")
        make(self.connection)
        execute(f"PRAGMA application_id = {APPLICATION_ID}")
        execute(f"PRAGMA user_version = {version}")
        self._take_conversations(salvage)
        # One that has numbers alone says what is still to be done about messages: all of it, now.
        names = {name for name, table in salvage.tables.items() if len(table.columns) > 1}
        self._take_others(salvage, sorted(names - {CONVERSATIONS, MESSAGES, USES}))
        self._take_messages(salvage)
        self._name_the_lost(salvage)
        self._mend_the_tree(salvage.tables[MESSAGES].columns)
        self.lost = [*self._partly.values(), *self.lost, *dict.fromkeys(salvage.damage)]
        execute("COMMIT")

    def _take_conversations(self, salvage: Salvage) -> None:
        for found in salvage.rows(CONVERSATIONS):
            values = found.values
            title = values.get("title")
            if isinstance(title, Missing):
                title = clean(title.readable.decode(errors="replace"))
            values["title"] = title if isinstance(title, str) else ""
            if not isinstance(values.get("id"), str):
                values["id"] = new_conversation_id()
            name = f"conversation {values['id']} “{values['title']}”"
            for column, kind, instead in (("settings", dict, "{}"), ("deleted_messages", list, "[]")):
                if not _is_json(values.get(column), kind):
                    values[column] = instead
                    self.lost.append(f"{column} of {name} (page {found.page})")
            with_zeros = {key: 0 if isinstance(value, Missing) else value for key, value in values.items()}
            if self._insert(found.table, with_zeros):
                self.conversations += 1
                self._known.add(found.number)

    def _take_others(self, salvage: Salvage, names: Sequence[str]) -> None:
        for found in salvage.rows(*names):
            if found.table == PICTURES:
                self._take_picture(found)
            elif found.table == TAGS and _PICTURE.fullmatch(str(found.values.get("tag"))):
                pass  # A row of the other table of this form: which picture a conversation shows.
            elif found.is_whole:
                self._insert(found.table, found.values)
            else:
                self.lost.append(f"a row of {found.table} (page {found.page})")

    def _take_picture(self, found: Found) -> None:
        picture, data = found.values.get("id"), found.values.get("bytes")
        if found.is_whole and pictures.is_sound(picture, data):
            self._insert(PICTURES, found.values)
            self._partly.pop((0, str(picture)), None)
        elif not isinstance(picture, str):
            self.lost.append(f"a picture (page {found.page})")
        elif pictures.lacking(self.connection, [PictureId(picture)]):
            self._partly.setdefault((0, picture), f"picture {picture} (page {found.page})")

    def _take_messages(self, salvage: Salvage) -> None:
        for found in salvage.rows(MESSAGES):
            values = found.values
            number, message_id = values.get("conversation"), values.get("id")
            if not isinstance(number, int) or not isinstance(message_id, str):
                self.lost.append(f"a message on page {found.page}")
                continue
            message = _message_of(values.get("data"))
            if message is not None and message.id == message_id:
                if isinstance(values["data"], Missing):
                    values["data"] = _packed(message)
                    self.lost.append(f"letters of message {message_id} (page {found.page})")
                _derive(values, message)
                self._add_message(salvage, found, number)
                if USES in salvage.tables:
                    pictures.note_uses(self.connection, number, [message])
                self._partly.pop((number, message_id), None)
            else:
                self._partly.setdefault((number, message_id), f"message {message_id} (page {found.page}): only a part")
                _complete(values, MessageId(message_id))
                self._add_message(salvage, found, number, is_part=True)

    def _add_message(self, salvage: Salvage, found: Found, number: int, *, is_part: bool = False) -> None:
        if number not in self._known:
            self._add_recovered(salvage, number, found.values["data"])
        if self._insert(MESSAGES, found.values):
            self.messages += not is_part
        elif not is_part and (number, found.values["id"]) in self._partly:
            # A part came first, the whole is on an older page.
            self.connection.execute(
                "UPDATE messages SET data = ?, text = ?, parent_id = ? WHERE conversation = ? AND id = ?",
                [found.values[name] for name in ("data", "text", "parent_id", "conversation", "id")],
            )
            self.messages += 1

    def _add_recovered(self, salvage: Salvage, number: int, data: str) -> None:
        """Make the head of a conversation of which only messages are left, of what the indexes know of it."""
        if self._heads is None:
            self._heads = {}
            for entry in salvage.witnesses(CONVERSATIONS):
                self._heads.setdefault(entry["num"], {}).update(
                    {name: value for name, value in entry.items() if value is not None}
                )
        message = message_from_dict(json.loads(data))
        words = title_from(message.text)
        head = {
            "num": number,
            "id": new_conversation_id(),
            "title": f"{TITLE}: {words}" if words else TITLE,
            "created_at": message.created_at,
            "updated_at": message.created_at,
            "pinned": 0,
            "titled_by_person": 0,
            "settings": "{}",
            "deleted_messages": "[]",
            **self._heads.get(number, {}),
        }
        self._known.add(number)
        if not self._insert(CONVERSATIONS, head):
            self._insert(CONVERSATIONS, {**head, "id": new_conversation_id()})
        self.conversations += 1
        self.lost.append(f"settings of conversation {head['id']} “{head['title']}”")

    def _insert(self, table: str, values: dict[str, Any]) -> bool:
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        statement = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - our own names
        with suppress(sqlite3.IntegrityError):
            if self.connection.execute(statement, tuple(values.values())).rowcount > 0:
                return True
            # Its number is taken by another row: the number is ours to choose, the row is not.
            if table == MESSAGES and self._is_other(values):
                return self._insert(table, {key: value for key, value in values.items() if key != "num"})
        return False

    def _is_other(self, values: dict[str, Any]) -> bool:
        return (
            "num" in values
            and not self.connection.execute(
                "SELECT 1 FROM messages WHERE conversation = ? AND id = ?", (values["conversation"], values["id"])
            ).fetchone()
        )

    def _name_the_lost(self, salvage: Salvage) -> None:
        if not salvage.damage:
            return
        execute = self.connection.execute
        execute("CREATE TEMP TABLE named (conversation INTEGER, id TEXT, PRIMARY KEY (conversation, id)) WITHOUT ROWID")
        self.connection.executemany(
            "INSERT OR IGNORE INTO named VALUES (?, ?)",
            ((e["conversation"], e["id"]) for e in salvage.witnesses(MESSAGES, "conversation", "id")),
        )
        gone = execute(
            "SELECT n.id, c.id, c.title FROM named n JOIN conversations c ON c.num = n.conversation "
            "WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.conversation = n.conversation AND m.id = n.id)"
        )
        self.lost.extend(f"message {id_} of conversation {of} “{title}”" for id_, of, title in gone)
        execute("DROP TABLE named")
        if USES in salvage.tables:
            unseen = execute(
                "SELECT DISTINCT picture FROM picture_uses WHERE picture NOT IN (SELECT id FROM pictures)"
            ).fetchall()
            self.lost.extend(f"picture {id_}" for (id_,) in unseen if (0, id_) not in self._partly)

    def _mend_the_tree(self, columns: tuple[str, ...]) -> None:
        """Put something in the place of lost messages that others answer, so that these keep their place."""
        execute = self.connection.execute
        gaps = execute(
            "SELECT conversation, parent_id, min(position) FROM messages m WHERE parent_id IS NOT NULL AND NOT EXISTS "
            "(SELECT 1 FROM messages p WHERE p.conversation = m.conversation AND p.id = m.parent_id) "
            "GROUP BY conversation, parent_id ORDER BY min(position)"
        ).fetchall()
        searched = {"text", "tools", "about"} & set(columns)
        has_time = "created_at" in columns
        for number, message_id, position in gaps:
            above = execute(
                "SELECT id FROM messages WHERE conversation = ? AND position < ? ORDER BY position DESC LIMIT 1",
                (number, position),
            ).fetchone()
            parent_id = MessageId(above[0]) if above and above[0] != message_id else None
            data = _stub(MessageId(message_id), parent_id, "")
            values: dict[str, Any] = {"conversation": number, "id": message_id, "parent_id": parent_id, "data": data}
            values["position"] = position - 1
            if has_time:
                values["created_at"] = 0.0
            self._insert(MESSAGES, {**dict.fromkeys(searched, ""), **values})
        execute(
            "DELETE FROM choices WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.conversation = choices.conversation "
            "AND m.id = choices.child_id AND coalesce(m.parent_id, '') = choices.parent_id)"
        )


def _complete(values: dict[str, Any], message_id: MessageId) -> None:
    """Make a row that can be kept of one that is not whole, with the words that can be read."""
    data = values.get("data")
    raw = data.readable.decode(errors="replace") if isinstance(data, Missing) else str(data or "")
    whole = values.get("text")
    said = [_unescaped(found) for found in _TEXTS.findall(raw)]
    parent_id = values.get("parent_id")
    parent_id = MessageId(parent_id) if isinstance(parent_id, str) else None
    # What is searched is whole, but folded; the other is as it was said, as far as it goes.
    text = max("\n\n".join(filter(None, said)), whole if isinstance(whole, str) else "", key=len)
    values.update(
        parent_id=parent_id,
        position=values["position"] if isinstance(values.get("position"), int) else 0,
        data=_stub(message_id, parent_id, text),
        text=text,
    )
    numbers = ("position", "created_at")
    values.update({name: 0 if name in numbers else "" for name, value in values.items() if isinstance(value, Missing)})


def _stub(message_id: MessageId, parent_id: MessageId | None, text: str) -> str:
    blocks = (*((Text(text),) if text else ()), Notice("StoreDamaged"))
    message = Message(message_id, parent_id, Role.ASSISTANT, blocks, 0.0, ended=Ended.FAILED)
    return _packed(message)


def _packed(message: Message) -> str:
    return json.dumps(message_to_dict(message), ensure_ascii=False)


def _unescaped(found: str) -> str:
    found = found.partition("\0")[0]  # What follows are the zeros of a page that is gone.
    for end in range(len(found), max(-1, len(found) - 7), -1):  # The last escape may be cut off.
        with suppress(ValueError):
            return clean(str(json.loads(f'"{found[:end]}"', strict=False)))
    return ""


def _is_json(value: object, kind: type) -> bool:
    if not isinstance(value, str):
        return False
    try:
        read = json.loads(value)
        if kind is dict:
            settings_from_dict(read)
        return isinstance(read, kind)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return False


def _message_of(data: object) -> Message | None:
    if isinstance(data, Missing):  # All of it may be there, but for a byte that is no text.
        data = data.readable.decode(errors="replace")
    if not isinstance(data, str):
        return None
    try:
        return message_from_dict(json.loads(data))
    except (ValueError, RecursionError):
        return None


def _derive(values: dict[str, Any], message: Message) -> None:
    """What else stands in the row follows from the message, however much of it is damaged."""
    values["parent_id"] = message.parent_id
    if "about" in values:
        columns = columns_of(message, values["conversation"])
        values.update(about=columns.about, tools=columns.tools, text=columns.text)
    if isinstance(values.get("created_at"), Missing):
        values["created_at"] = moment(message.created_at)
    zeros = {name: 0 if name == "position" else "" for name, value in values.items() if isinstance(value, Missing)}
    values.update(zeros)


def _report(path: Path, kept: Path, made: _Rebuilt) -> str:
    def lines() -> Iterator[str]:
        yield f"{path.name} was damaged when Desktop Chat opened it on {datetime.now(UTC):%Y-%m-%d at %H:%M} UTC."
        yield f"It was not changed and is kept as {kept.name}."
        yield f"Read from it: {made.conversations} conversations, {made.messages} messages."
        yield ""
        yield "Not read, or not whole:" if made.lost else "Nothing is known to be missing."
        yield from (f"- {line}" for line in made.lost[:LISTED])
        if len(made.lost) > LISTED:
            yield f"- and {len(made.lost) - LISTED} more"

    return "\n".join(lines()) + "\n"
