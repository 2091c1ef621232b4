"""What was imported can be kept: every conversation comes out of the store as it went in."""

import asyncio
from pathlib import Path

from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.core.ports import head_of
from desktop_chat.importing.reading import read, sniff
from desktop_chat.importing.source import Source, open_source
from tests.importing.sources import SOURCES, source_of_bytes

STRANGE = rb"""[{"id": "c", "title": "\u0000\ud83d \u202e", "create_time": 1e300, "current_node": "m", "mapping": {"m": {
    "parent": null, "message": {"create_time": -5, "author": {"role": "assistant", "name": "\udfff"},
    "metadata": {"model_slug": "m\u0000"}, "recipient": "\ud800", "content": {"content_type": "text",
    "parts": ["nul \u0000 half \ud83d", {"content_type": "\ud83d", "text": "\ude00"}]}}}}}]"""


def kept_as_it_was(source: Source, path: Path) -> int:
    async def main() -> int:
        store = SqliteStore(path)
        count = 0
        try:
            with source:
                reader = sniff(source)
                assert reader is not None
                for imported in read(source, reader):
                    if (conversation := imported.conversation) is not None:
                        await store.save(head_of(conversation), tuple(conversation.messages.values()))
                        assert await store.load(conversation.id) == conversation
                        count += 1
        finally:
            await store.close()
        return count

    return asyncio.run(main())


def test_every_file_of_the_true_shape_can_be_stored(tmp_path: Path) -> None:
    for number, (_, path) in enumerate(SOURCES):
        assert kept_as_it_was(open_source(path), tmp_path / f"{number}.sqlite") > 0


def test_strange_characters_and_times_can_be_stored(tmp_path: Path) -> None:
    assert kept_as_it_was(source_of_bytes("conversations.json", STRANGE), tmp_path / "strange.sqlite") == 1
