"""Pictures in the store: written once, shown by conversations, let go of with the last of them."""

import sqlite3
from contextlib import closing
from pathlib import Path

from desktop_chat.adapters.sqlite.backup import make_backup, opened_copy
from desktop_chat.adapters.sqlite.recovery import recover
from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.adapters.sqlite.verify import verify
from desktop_chat.core.backup_place import BackupKind, Finding
from desktop_chat.core.intake import Intake, Taken
from desktop_chat.core.ports import KeptPicture, RowChange
from desktop_chat.core.query import parse
from desktop_chat.domain.blocks import Image, Text
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import ConversationId, MessageId, PictureId
from desktop_chat.domain.message import Message, Role
from tests.adapters.sqlite.scenes import with_store
from tests.adapters.sqlite.trees import save
from tests.exporting.conversations import PICTURE, PNG


class Silent:
    """Stands in for the library."""

    def note_import(self, ids: list[ConversationId]) -> None: ...

    async def hear_of(self, ids: set[ConversationId]) -> None: ...


def shown(conversation_id: str, *blocks: Image) -> Conversation:
    conversation = Conversation(ConversationId(conversation_id), "Locks", 1.0, 2.0)
    message = Message(
        MessageId(f"{conversation_id}-q"), None, Role.USER, (*(blocks or (PICTURE,)), Text("And this?")), 1.0
    )
    conversation.add(message)
    return conversation


async def take(store: SqliteStore, *conversations: Conversation, asked: list[PictureId] | None = None) -> Taken:
    def picture(wanted: PictureId) -> bytes | None:
        if asked is not None:
            asked.append(wanted)
        return PNG if wanted == PICTURE.picture else None

    return await Intake(store, Silent()).take_in(conversations, picture=picture)  # type: ignore[arg-type]


def count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        (found,) = connection.execute("SELECT count(*) FROM pictures").fetchone()
    return int(found)


def test_a_picture_is_written_once_and_comes_out_as_it_was(path: Path) -> None:
    asked: list[PictureId] = []

    async def scene(store: SqliteStore) -> None:
        await take(store, shown("a"), shown("b"), asked=asked)
        again = await take(store, shown("a"), shown("b"), asked=asked)

        assert (again.unchanged, again.messages) == (2, 0)
        assert await store.picture(PICTURE.picture) == PNG
        assert await store.load(ConversationId("a")) == shown("a")

    with_store(path, scene)
    assert asked == [PICTURE.picture]
    assert count(path) == 1


def test_a_picture_whose_bytes_are_not_there_does_not_stop_its_conversation(path: Path) -> None:
    gone = Image(PictureId("f" * 64), "image/png", 1, 1, "gone")

    async def scene(store: SqliteStore) -> None:
        assert (await take(store, shown("a", gone))).added == 1
        assert await store.picture(gone.picture) is None

    with_store(path, scene)


def test_a_picture_goes_with_the_last_conversation_that_shows_it(path: Path) -> None:
    async def emptied(store: SqliteStore, name: str) -> bytes | None:
        await store.arrange([RowChange(ConversationId(name), {"trashed_at": 5.0})])
        while await store.purge(10.0):
            pass
        return await store.picture(PICTURE.picture)

    async def scene(store: SqliteStore) -> None:
        await take(store, shown("a"))
        await save(store, shown("b"))  # As a branch is.
        assert await emptied(store, "a") == PNG
        assert await emptied(store, "b") is None

    with_store(path, scene)
    assert count(path) == 0


def test_what_is_being_taken_in_is_not_let_go_of(path: Path) -> None:
    async def scene(store: SqliteStore) -> None:
        await store.keep_picture(KeptPicture(PICTURE.picture, "image/png", PNG))
        assert await store.purge(10.0) is False
        assert await store.picture(PICTURE.picture) == PNG
        await store.end_intake()
        assert await store.purge(10.0) is True
        assert await store.picture(PICTURE.picture) is None

    with_store(path, scene)


def test_what_an_import_was_told_is_there_stays_until_it_is_shown(path: Path) -> None:
    async def scene(store: SqliteStore) -> None:
        await store.keep_picture(KeptPicture(PICTURE.picture, "image/png", PNG))
        await store.end_intake()  # It was given up: nothing shows the picture.

        assert await store.lacking([PICTURE.picture]) == set()
        assert await store.purge(10.0) is False
        assert await store.picture(PICTURE.picture) == PNG
        await store.end_intake()

    with_store(path, scene)


def test_a_search_finds_what_has_a_picture_and_its_name(path: Path) -> None:
    async def scene(store: SqliteStore) -> None:
        await take(store, shown("a"))
        for words in ("has:image", "lock"):
            hits = await store.search(parse(words))
            assert "a-q" in [hit.message_id for hit in hits], words

    with_store(path, scene)


def findings(path: Path) -> list[Finding]:
    found: list[Finding] = []
    verify(path, path.parent / "backups", found.append)
    return found


def test_a_check_reads_the_pictures_and_says_which_is_not_what_it_was(path: Path) -> None:
    with_store(path, lambda store: take(store, shown("a")))
    assert [f.text for f in findings(path) if f.part == "pictures"] == [f"1 picture, {len(PNG)} bytes"]

    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE pictures SET bytes = x'00'")

    assert [f.text for f in findings(path) if f.is_bad] == [f"picture {PICTURE.picture}: its bytes have changed"]


def test_a_backup_has_the_pictures(path: Path) -> None:
    with_store(path, lambda store: take(store, shown("a")))

    info = make_backup(path, path.parent / "backups", BackupKind.MANUAL, 1700000000.0)

    with closing(opened_copy(info.path)) as connection:
        assert connection.execute("SELECT bytes FROM pictures").fetchall() == [(PNG,)]


def test_a_recovery_brings_pictures_back_and_names_those_it_cannot(path: Path) -> None:
    large = PICTURE.picture, PNG

    async def scene(store: SqliteStore) -> None:
        await take(store, shown("a"), shown("b", Image(PictureId("e" * 64), "image/png", 1, 1)))
        await store.keep_picture(KeptPicture(PictureId("e" * 64), "image/png", b"not what its id says"))

    with_store(path, scene)

    found = recover(path)

    assert found.lost == (f"picture {'e' * 64} (page {page_of(found.lost)})",)
    assert with_store(path, lambda store: store.picture(large[0])) == large[1]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM picture_uses").fetchone() == (2,)


def page_of(lost: tuple[str, ...]) -> str:
    return lost[0].rpartition("page ")[2].rstrip(")")


def test_after_a_recovery_no_picture_is_taken_for_a_tag(path: Path) -> None:
    """Conversations have tags and pictures in two tables of one form."""
    tagged = shown("a")
    tagged.tags = ("travel",)

    async def scene(store: SqliteStore) -> None:
        await take(store, tagged)

    with_store(path, scene)
    content = path.read_bytes()
    description = b"tablepicture_usespicture_uses"
    assert content.count(description) == 1
    # Its description is gone, so that nobody knows whose page it is.
    path.write_bytes(content.replace(description, b"\xff" * len(description)))

    recover(path)

    async def tags(store: SqliteStore) -> None:
        assert [row.tags for row in await store.rows()] == [("travel",)]

    with_store(path, tags)
