"""Writes and indexes until it is killed: python -m tests.adapters.sqlite.sifting FILE."""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from desktop_chat.adapters.sqlite.store import SqliteStore
from tests.adapters.sqlite.trees import question, save, talk


async def main(path: Path) -> None:
    """Save conversations for ever, with the background at its work."""
    store = SqliteStore(path)
    store._backlog.begins_after_s = 0.0
    while True:
        first = question("needle in the haystack 机器学习 " * 20)
        conversation = talk(first, *(question(f"{n} more hay", first) for n in range(10)))
        await save(store, conversation)
        conversation.put(replace(first, blocks=()))
        await save(store, conversation)
        print("saved", flush=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
