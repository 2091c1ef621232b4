"""The list of conversations, with real sessions over a real store."""

import asyncio
from dataclasses import replace

from desktop_chat.core.library import FIRST
from desktop_chat.core.open_sessions import KEPT_OPEN
from desktop_chat.core.ports import Unsent
from desktop_chat.domain.changes import (
    ConversationListed,
    ConversationUnlisted,
    LibraryLoaded,
    SaveFailed,
    TrashChanged,
)
from desktop_chat.domain.errors import StoreRecovered
from desktop_chat.domain.message import Ended
from tests.adapters.sqlite.trees import question, reply, talk
from tests.core.conftest import HANG, says
from tests.core.homes import Home, Run, ended, titles, under_way


def test_rows_are_pinned_first_then_latest_first(made_home: Home, run: Run) -> None:
    async def play() -> list[str]:
        await made_home.fill(
            talk(question("q"), title="old", updated_at=1.0),
            talk(question("q"), title="new", updated_at=3.0),
            talk(question("q"), title="pinned", updated_at=2.0, pinned=True),
        )
        async with made_home.library() as library:
            return titles(library)

    assert run(play()) == ["pinned", "new", "old"]
    assert made_home.heard[0] == LibraryLoaded()


def test_a_new_conversation_is_listed_with_its_first_message_and_kept(made_home: Home, run: Run) -> None:
    made_home.provider.scripts = [says("Hi")]

    async def play() -> list[str]:
        async with made_home.library() as library:
            session = library.new()
            session.edit_settings(model="other")
            assert library.rows == []
            session.send("Hello you")
            assert titles(library) == ["Hello you"]
            assert library.rows[0].is_running
            assert library.running == [session]
            await ended(session)
            assert not library.rows[0].is_running
            assert not library.rows[0].is_unread
        async with made_home.library() as library:
            session = await library.open(library.rows[0].id)
            return [message.text for message in session.conversation.path()]

    assert run(play()) == ["Hello you", "Hi"]


def test_an_empty_conversation_is_forgotten(made_home: Home, run: Run) -> None:
    async def play() -> list[str]:
        async with made_home.library() as library:
            library.new().edit_settings(model="other")
        async with made_home.library() as library:
            return titles(library)

    assert run(play()) == []


def test_a_reply_that_ends_unseen_is_marked_until_it_is_opened(made_home: Home, run: Run) -> None:
    made_home.provider.scripts = [says("Hi")]

    async def play() -> None:
        async with made_home.library() as library:
            session = library.new()
            session.send("Hello")
            library.release(session)
            await ended(session)
            assert library.rows[0].is_unread
            assert await library.open(session.conversation.id) is session
            assert not library.rows[0].is_unread

    run(play())


def test_a_running_session_stays_the_same_however_many_are_opened(made_home: Home, run: Run) -> None:
    made_home.provider.scripts = [[*says("Hi")[:1], HANG]]
    others = [talk(question("q"), title=str(number)) for number in range(KEPT_OPEN + 3)]

    async def play() -> None:
        await made_home.fill(*others)
        async with made_home.library() as library:
            running = library.new()
            running.send("Hello")
            library.release(running)
            for other in others:
                library.release(await library.open(other.id))
            assert await library.open(running.conversation.id) is running
            assert running.is_running

    run(play())


def test_idle_sessions_are_let_go_after_a_few(made_home: Home, run: Run) -> None:
    others = [talk(question("q"), title=str(number)) for number in range(KEPT_OPEN + 1)]

    async def play() -> None:
        await made_home.fill(*others)
        async with made_home.library() as library:
            first, *_, last = [await library.open(other.id) for other in others]
            for other in others:
                library.release(await library.open(other.id))
                library.release(await library.open(other.id))
            for other in others:
                session = await library.open(other.id)
                library.release(session)
                library.release(session)
            assert await library.open(others[-1].id) is last
            assert await library.open(others[0].id) is not first

    run(play())


def test_a_title_and_a_pin_last_whether_the_conversation_is_open_or_not(made_home: Home, run: Run) -> None:
    opened, closed = (talk(question("q"), title=title) for title in ("opened", "closed"))

    async def play() -> list[tuple[str, bool]]:
        await made_home.fill(opened, closed)
        async with made_home.library() as library:
            session = await library.open(opened.id)
            for conversation in (opened, closed):
                library.rename(conversation.id, f"  my\n{conversation.title} ")
                library.pin([conversation.id], True)
            assert session.conversation.title == "my opened"
            assert (await library.open(closed.id)).conversation.titled_by_person
        async with made_home.library() as library:
            return sorted((row.title, row.pinned) for row in library.rows)

    assert run(play()) == [("my closed", True), ("my opened", True)]


def test_an_empty_title_changes_nothing(made_home: Home, run: Run) -> None:
    conversation = talk(question("q"))

    async def play() -> None:
        await made_home.fill(conversation)
        async with made_home.library() as library:
            library.rename(conversation.id, "  ")
            assert titles(library) == ["Title"]

    run(play())


def test_trash_can_be_undone_and_lasts_otherwise(made_home: Home, run: Run) -> None:
    conversation = talk(question("needle"))

    async def play() -> None:
        await made_home.fill(conversation)
        async with made_home.library() as library:
            library.trash([conversation.id])
            library.trash([conversation.id])
            assert library.rows == []
            assert await library.search("needle") == []
            library.restore([conversation.id])
            assert titles(library) == ["Title"]
            library.trash([conversation.id])
        assert [type(change) for change in made_home.heard] == [
            LibraryLoaded,
            ConversationUnlisted,
            TrashChanged,
            ConversationListed,
            TrashChanged,
            ConversationUnlisted,
            TrashChanged,
        ]
        async with made_home.library() as library:
            assert library.rows == []

    run(play())


def test_a_running_conversation_that_is_trashed_stops_and_keeps_what_came(made_home: Home, run: Run) -> None:
    made_home.provider.scripts = [[*says("Some")[:1], HANG]]

    async def play() -> None:
        async with made_home.library() as library:
            session = library.new()
            session.send("Hello")
            await under_way(session)
            library.trash([session.conversation.id])
            await ended(session)
            assert library.rows == []
            library.restore([session.conversation.id])
            assert titles(library) == ["Hello"]
            assert session.conversation.path()[-1].text == "Some"
            assert session.conversation.path()[-1].ended is Ended.STOPPED

    run(play())


def test_search_finds_titles_and_messages(made_home: Home, run: Run) -> None:
    conversation = talk(question("a needle in here"), title="Haystack")

    async def play() -> None:
        await made_home.fill(conversation)
        async with made_home.library() as library:
            assert [hit.message_id is None for hit in await library.search("hay")] == [True]
            assert [hit.conversation_id for hit in await library.search("need")] == [conversation.id]

    run(play())


def test_text_typed_into_a_new_conversation_is_in_the_next_new_one(made_home: Home, run: Run) -> None:
    async def play() -> None:
        async with made_home.library() as library:
            session = library.new()
            session.keep_unsent("half a thou", 4)
            library.release(session)
            assert library.new() is session
        async with made_home.library() as library:
            again = library.new()
            assert again.unsent is not None
            assert (again.unsent.text, again.unsent.cursor) == ("half a thou", 4)
            assert library.new().unsent is None
            assert library.rows == []

    run(play())


def test_unsent_text_of_a_conversation_comes_back_with_it(made_home: Home, run: Run) -> None:
    conversation = talk(question("q"))

    async def play() -> None:
        await made_home.fill(conversation)
        async with made_home.library() as library:
            (await library.open(conversation.id)).keep_unsent("more", 4)
        async with made_home.library() as library:
            session = await library.open(conversation.id)
            assert session.unsent is not None
            assert session.unsent.text == "more"

    run(play())


def test_a_new_version_that_was_begun_comes_back_until_it_is_saved(made_home: Home, run: Run) -> None:
    asked, other = question("q"), question("other")
    conversation = talk(asked, replace(other, parent_id=asked.id))

    async def play() -> None:
        await made_home.fill(conversation)
        async with made_home.library() as library:
            session = await library.open(conversation.id)
            session.keep_edit(other.id, "begun", 5)
            session.keep_edit(asked.id, "a better question", 8)
        async with made_home.library() as library:
            session = await library.open(conversation.id)
            assert session.edits == {other.id: Unsent("begun", 5), asked.id: Unsent("a better question", 8)}
            session.edit(asked.id, text="the best question")
            await session.close()
            assert session.edits == {other.id: Unsent("begun", 5)}
        async with made_home.library() as library:
            assert list((await library.open(conversation.id)).edits) == [other.id]

    run(play())


def test_a_damaged_store_is_said_once_the_list_is_there(made_home: Home, run: Run) -> None:
    made_home.path.write_bytes(b"no database " * 50)

    async def play() -> None:
        async with made_home.library() as library:
            assert [type(problem) for problem in library.problems] == [StoreRecovered]

    run(play())
    assert [type(change) for change in made_home.heard] == [LibraryLoaded, SaveFailed]


def test_closing_while_a_reply_is_written_keeps_it_as_interrupted(made_home: Home, run: Run) -> None:
    made_home.provider.scripts = [[*says("Some")[:1], HANG]]

    async def play() -> Ended | None:
        async with made_home.library() as library:
            session = library.new()
            session.send("Hello")
            await under_way(session)
        async with made_home.library() as library:
            path = (await library.open(library.rows[0].id)).conversation.path()
            assert path[-1].text == "Some"
            return path[-1].ended

    assert run(play()) is Ended.INTERRUPTED


def test_the_position_of_a_row_is_where_it_stands(made_home: Home, run: Run) -> None:
    many = [talk(question("q"), title=str(n), updated_at=float(n % 7), pinned=n % 5 == 0) for n in range(40)]

    async def play() -> None:
        await made_home.fill(*many)
        async with made_home.library() as library:
            for conversation in many[::3]:
                library.pin([conversation.id], not library.rows[library.position(conversation.id) or 0].pinned)
            assert [library.position(row.id) for row in library.rows] == list(range(40))
            assert library.rows == sorted(library.rows, key=lambda row: (not row.pinned, -row.updated_at, row.id))

    run(play())


def test_what_was_done_to_a_closed_conversation_can_be_undone_once_it_is_open_again(made_home: Home, run: Run) -> None:
    first = question("q")
    conversation = talk(first, reply("a", first))
    others = [talk(question("q"), title=str(number)) for number in range(KEPT_OPEN + 1)]

    async def play() -> None:
        await made_home.fill(conversation, *others)
        async with made_home.library() as library:
            session = await library.open(conversation.id)
            session.delete(first.id)
            library.release(session)
            await library._saver.flush()
            for other in others:
                library.release(await library.open(other.id))
            again = await library.open(conversation.id)
            assert again is not session
            again.undo()
            assert [message.text for message in again.conversation.path()] == ["q", "a"]

    run(play())


def test_what_is_not_on_disk_yet_stays_open(made_home: Home, run: Run) -> None:
    others = [talk(question("q"), title=str(number)) for number in range(KEPT_OPEN + 1)]

    async def play() -> None:
        await made_home.fill(*others)
        async with made_home.library() as library:
            session = library.new()
            session.send("Hello")
            await ended(session)
            await library._saver.flush()
            made_home.clock.stands = asyncio.Event()
            await library._store._do(lambda jobs: jobs._connection.execute("PRAGMA query_only = 1"))  # type: ignore[attr-defined]
            session.edit(session.conversation.path()[-1].id, text="mine")
            library.release(session)
            for other in others:
                library.release(await library.open(other.id))
            await library._saver.flush()
            again = await library.open(session.conversation.id)
            assert [message.text for message in again.conversation.path()] == ["Hello", "mine"]
            await library._store._do(lambda jobs: jobs._connection.execute("PRAGMA query_only = 0"))  # type: ignore[attr-defined]

    run(play())


def test_what_is_on_its_way_to_the_trash_is_not_found(made_home: Home, run: Run) -> None:
    conversation = talk(question("needle"))

    async def play() -> None:
        await made_home.fill(conversation)
        async with made_home.library() as library:
            library.trash([conversation.id])
            assert await library.search("needle") == []
            await library._saver.flush()
            assert len(await library.search("needle in:trash")) == 1
            library.restore([conversation.id])
            assert await library.search("needle in:trash") == []

    run(play())


def test_what_the_store_lost_is_off_the_list_unless_it_is_open_and_then_it_is_written_again(
    made_home: Home, run: Run
) -> None:
    first = question("q")
    opened, closed = talk(first, reply("a", first), title="opened"), talk(question("q"), title="closed")

    async def play() -> None:
        await made_home.fill(opened, closed)
        async with made_home.library() as library:
            await library.open(opened.id)
            await library._store._do(lambda jobs: jobs._connection.execute("DELETE FROM conversations"))  # type: ignore[attr-defined]
            await library.load()
            assert titles(library) == ["opened"]
        async with made_home.library() as library:
            assert (await library.open(opened.id)).conversation == opened

    run(play())


def test_the_beginning_of_a_long_list_is_there_before_the_rest(made_home: Home, run: Run) -> None:
    many = [talk(question("q"), title=str(number), updated_at=float(number)) for number in range(FIRST + 5)]

    async def play() -> None:
        await made_home.fill(*many)
        async with made_home.library() as library:
            assert titles(library) == [str(number) for number in reversed(range(FIRST + 5))]
        assert made_home.heard[:2] == [LibraryLoaded(), LibraryLoaded()]

    run(play())
