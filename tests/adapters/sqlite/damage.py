"""A store worth damaging, the ways in which files break, and which messages no damage touched."""

import asyncio
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from desktop_chat.adapters.sqlite.pages import Image
from desktop_chat.adapters.sqlite.salvage import Salvage, tables_of
from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.core.query import parse
from desktop_chat.domain.errors import StoreError
from desktop_chat.domain.ids import MessageId
from desktop_chat.domain.message import Message
from tests.adapters.sqlite.trees import question, reply, save, talk

PAGE = 4096
Messages = dict[MessageId, Message]


def filled(path: Path, conversations: int = 12, messages: int = 16) -> Messages:
    """Make a store of short and long messages with branches; returns them."""
    made: Messages = {}
    words = random.Random(7)

    async def fill() -> None:
        store = SqliteStore(path)
        for number in range(conversations):
            talked: list[Message] = []
            for turn in range(messages):
                above = words.choice(talked[-2:]) if talked else None
                if above is None or above.ended is not None:
                    talked.append(question(f"question {turn} " + "why " * words.choice((1, 20, 400)), above))
                else:
                    talked.append(reply(f"answer {turn} " + "because " * words.choice((1, 50, 900, 3000)), above))
            await save(store, talk(*talked, title=f"Talk {number}"))
            made.update((message.id, message) for message in talked)
        await store.close()

    asyncio.run(fill())
    return made


def copied(source: Path, target: Path) -> Path:
    """The same files under another name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    for ending in ("", "-wal", "-shm"):
        if Path(f"{source}{ending}").exists():
            shutil.copy(f"{source}{ending}", f"{target}{ending}")
    return target


def pages_of_messages(path: Path) -> dict[MessageId, set[int]]:
    """On which pages of a sound database each message stands, those behind its first included."""
    with closing(sqlite3.connect(path)) as connection, Image(path) as image:
        salvage = Watched(image, tables_of(connection))
        salvage.walk()
        found: dict[MessageId, set[int]] = {}
        for row in salvage.rows("messages"):
            found[row.values["id"]] = {row.page, *salvage.chains[row.values["id"]]}
        return found


class Watched(Salvage):
    """Notes over which pages each message goes."""

    def __init__(self, image: Image, tables: dict) -> None:  # type: ignore[type-arg]
        super().__init__(image, tables)
        self.chains: dict[str, set[int]] = {}
        self._last: set[int] = set()
        real = image.page

        def page(number: int) -> bytes:
            self._last.add(number)
            return real(number)

        image.page = page  # type: ignore[method-assign]

    def _cells(self, page: bytes, number: int, read=None):  # type: ignore[no-untyped-def]
        self._last.clear()
        for row, values, is_whole in super()._cells(page, number, read):
            for value in values[1:3]:
                if isinstance(value, str):
                    self.chains[value] = set(self._last)
            self._last.clear()
            yield row, values, is_whole


def found_again(path: Path) -> tuple[list[StoreError], Messages]:
    """What opening the store says, and every message that is there."""

    async def read() -> tuple[list[StoreError], Messages]:
        store = SqliteStore(path)
        try:
            messages: Messages = {}
            for row in await store.rows():
                messages.update((await store.load(row.id)).messages)
            await store.search(parse("because"), 5)
            return await store.open(), messages
        finally:
            await store.close()

    return asyncio.run(read())


def break_pages(content: bytearray, choose: random.Random) -> set[int]:
    """Break some pages, as disks and careless programs do; returns their numbers."""
    broken = set()
    for _ in range(choose.choice((1, 1, 2, 8))):
        number = choose.choice((1, 2, choose.randrange(len(content) // PAGE) + 1))
        broken.add(number)
        at = (number - 1) * PAGE
        match choose.randrange(4):
            case 0:
                content[at : at + PAGE] = bytes(PAGE)
            case 1:
                content[at : at + PAGE] = choose.randbytes(PAGE)
            case 2:
                other = choose.randrange(len(content) // PAGE) * PAGE
                content[at : at + PAGE] = content[other : other + PAGE]
            case _:
                for _ in range(choose.choice((1, 16))):
                    content[at + choose.randrange(PAGE)] = choose.randrange(256)
    return broken
