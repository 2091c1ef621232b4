"""Searches run beside the writer, end when nobody waits, and follow the file; trigrams come by themselves."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from desktop_chat.adapters.sqlite import search
from desktop_chat.adapters.sqlite.search_reader import CannotRead, Reader
from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.core.ports import Hit
from desktop_chat.core.query import parse
from tests.adapters.sqlite.scenes import with_store
from tests.adapters.sqlite.trees import question, save, talk


class Impatient(threading.Event):
    """Nobody waits any more once it was asked so often."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self.left = looks

    def is_set(self) -> bool:
        self.left -= 1
        return self.left < 0


def test_a_search_is_broken_off_where_it_is(path: Path) -> None:
    long = talk(*(question(f"word {number} " + "pad " * 50) for number in range(400)))

    async def scene(store: SqliteStore) -> tuple[object, list[Hit]]:
        await save(store, long)
        nobody = Impatient(looks=3)
        broken = await store._reader._worker.run(
            lambda: store._reader._do(nobody, lambda connection: search.find(connection, parse("ord"), 400))
        )
        assert nobody.left < 0
        return broken, await store.search(parse("ord"), 400)

    broken, hits = with_store(path, scene)
    assert broken is None
    assert len(hits) == 400


def test_the_next_letter_ends_the_search_before_it(path: Path) -> None:
    async def scene(store: SqliteStore) -> list[Hit]:
        await save(store, talk(question("apple")))
        await store.search(parse("apple"))
        tasks = [asyncio.ensure_future(store.search(parse("apple"[:n]))) for n in (1, 2, 3)]
        await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        assert all(
            isinstance(each, asyncio.CancelledError) for each in await asyncio.gather(*tasks, return_exceptions=True)
        )
        return await store.search(parse("apple"))

    assert len(with_store(path, scene)) == 1


def test_a_search_waits_for_no_write(path: Path) -> None:
    may_end = threading.Event()

    async def scene(store: SqliteStore) -> list[Hit]:
        await save(store, talk(question("apple")))
        writing = asyncio.ensure_future(store._worker.run(may_end.wait))
        try:
            return await store.search(parse("apple"))
        finally:
            may_end.set()
            await writing

    assert len(with_store(path, scene)) == 1


def test_a_search_before_anything_else_opens_the_store(path: Path) -> None:
    assert with_store(path, lambda store: store.search(parse("apple"))) == []


def test_the_reader_can_only_read(path: Path) -> None:
    with_store(path, lambda store: save(store, talk(question("apple"))))

    async def main() -> None:
        reader = Reader(path)
        try:
            assert len(await reader.search(parse("apple"), 9)) == 1
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                reader._connection.execute("DELETE FROM messages")
        finally:
            await reader.close()

    asyncio.run(main())


def test_what_the_reader_cannot_open_the_writer_reads(path: Path) -> None:
    async def scene(store: SqliteStore) -> list[Hit]:
        await save(store, talk(question("apple")))

        async def cannot(*_: object) -> list[Hit]:
            raise CannotRead("locked")

        store._reader.search = cannot
        return await store.search(parse("apple"))

    assert len(with_store(path, scene)) == 1


def test_another_file_of_the_name_is_searched(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "conversations.sqlite"
    with_store(other, lambda store: save(store, talk(question("pear"))))

    async def scene(store: SqliteStore) -> tuple[list[Hit], list[Hit]]:
        await save(store, talk(question("apple")))
        assert len(await store.search(parse("apple"))) == 1
        await store.exchange(lambda: (path.unlink(), other.rename(path)))
        return await store.search(parse("apple")), await store.search(parse("pear"))

    apples, pears = with_store(path, scene)
    assert (len(apples), len(pears)) == (0, 1)


def test_trigrams_are_built_by_themselves_and_go_on_after_a_restart(path: Path) -> None:
    first, second = talk(*(question(f"机器学习 {n}") for n in range(40))), talk(question("东京タワー"))

    async def until_done(store: SqliteStore) -> None:
        while await store._worker.run(lambda: store._jobs._connection.execute("SELECT 1 FROM gram_todo").fetchone()):
            await asyncio.sleep(0)

    async def one_step(store: SqliteStore) -> None:
        await save(store, first)
        await store._worker.run(lambda: store._jobs.sift())

    async def the_rest(store: SqliteStore) -> None:
        store._backlog.begins_after_s = 0.0
        await store.open()
        await until_done(store)
        await save(store, second)
        await until_done(store)

    with_store(path, one_step)
    with closing(sqlite3.connect(path)) as connection:
        assert 0 < connection.execute("SELECT count(*) FROM gram_todo").fetchone()[0] < 40
    with_store(path, the_rest)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM gram_terms WHERE term = '器学习'").fetchone() == (40,)
        assert connection.execute("SELECT count(*) FROM gram_terms WHERE term = '京タワ'").fetchone() == (1,)
