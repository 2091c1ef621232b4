"""Makes the store that the library is measured with, through the same door as an import.

    python -m tests.benchmarks.library_store CONVERSATIONS HOME [import | long]

Conversations of some 50 messages over five years, made of real paragraphs (`library_text`):
short questions, replies of several paragraphs, some with reasoning, tools and other versions.
The same size gives the same store. Then trigrams are built, unless only the import is wanted.
With `long` every other conversation has 10,000 messages, of some 20 MB, and trigrams are built as well.
What it all took is printed, and kept in `made.json` of the home.
"""

import asyncio
import json
import random
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import perf_counter, process_time

from desktop_chat.adapters.sqlite.database import transaction
from desktop_chat.adapters.sqlite.search_grams import Sifter
from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.core.clock import SystemClock
from desktop_chat.core.intake import Intake
from desktop_chat.core.library import Library
from desktop_chat.core.ports import Folder, RowChange
from desktop_chat.core.saver import Saver
from desktop_chat.domain.blocks import Reasoning, Text, ToolCall, ToolResult
from desktop_chat.domain.conversation import Conversation, title_from
from desktop_chat.domain.ids import CallId, ConversationId, EndpointId, FolderId, MessageId
from desktop_chat.domain.message import Ended, Message, Role
from desktop_chat.runtime.paths import paths_below
from tests.benchmarks.library_text import paragraphs

MESSAGES_IN_LONG = 10_000
TICK_S = 0.004
SPAN_S = 5 * 365 * 86_400
BEGAN_AT = 1_600_000_000.0
MODELS = (
    *("gpt-4o", "gpt-4o-mini", "gpt-5", "o3-mini", "claude-sonnet-4-5", "qwen3:8b", "llama-3.3-70b-instruct"),
    *("mistral-large", "deepseek-r1", "gemma-3-27b"),
)
ENDPOINTS = ("Work", "OpenRouter", "Ollama")
TAGS = ("idea", "later", "done", "reading", "work", "home", "draft", "question")


class Maker:
    """Makes conversations, the same ones each time.

    Args:
        count: How many.
        messages_in_long: Of every other one; 0: none is that long.
    """

    def __init__(self, count: int, messages_in_long: int = 0) -> None:
        self.count = count
        self._messages_in_long = messages_in_long
        self.source, self._paragraphs = paragraphs()
        self._short = [p for p in self._paragraphs if len(p) < 200]
        self._random = random.Random(20_000)

    def conversations(self) -> Iterator[Conversation]:
        """Oldest first."""
        for number in range(self.count):
            yield self._conversation(number, BEGAN_AT + SPAN_S * number / self.count)

    def _conversation(self, number: int, at: float) -> Conversation:
        chance = self._random
        conversation = Conversation(ConversationId(f"{number:024x}"), "", at, at)
        is_long = number % 2 == 1 and self._messages_in_long > 0
        length = self._messages_in_long if is_long else max(2, min(400, int(chance.lognormvariate(3.7, 0.8))))
        parent: MessageId | None = None
        for step in range(length):
            message_id = MessageId(f"{number:012x}{step:012x}")
            is_reply = step % 2 == 1
            blocks = self._reply(3 if is_long else 1) if is_reply else (Text(self._question()),)
            name = chance.choice(ENDPOINTS) if is_reply else ""
            conversation.add(
                Message(
                    id=message_id,
                    parent_id=parent,
                    role=Role.ASSISTANT if is_reply else Role.USER,
                    blocks=blocks,
                    created_at=at,
                    endpoint_id=EndpointId(name) if name else None,
                    endpoint_name=name,
                    model=chance.choice(MODELS) if is_reply else "",
                    ended=Ended.COMPLETE if is_reply else None,
                )
            )
            if not (is_reply and chance.random() < 0.03):  # Else the next question is a sibling of this one's.
                parent = message_id
            at += chance.expovariate(1 / 40) + (chance.expovariate(1 / 80_000) if chance.random() < 0.02 else 0)
        first = next(iter(conversation.messages.values()))
        conversation.title = title_from(first.text)
        conversation.updated_at = at
        return conversation

    def _question(self) -> str:
        return " ".join(self._random.choices(self._short, k=self._random.choice((1, 1, 2))))

    def _reply(self, times: int) -> tuple[Text | Reasoning | ToolCall | ToolResult, ...]:
        chance = self._random
        length = times * chance.choice((1, 2, 3, 4, 6, 8, 12))
        text = Text("\n\n".join(chance.choices(self._paragraphs, k=length)))
        kind = chance.random()
        if kind < 0.1:
            return Reasoning(chance.choice(self._paragraphs), 900), text
        if kind < 0.15:
            call = CallId("call_1")
            arguments = json.dumps({"query": chance.choice(self._short)})
            return ToolCall(call, "web_search", arguments), ToolResult(call, chance.choice(self._paragraphs)), text
        return (text,)


async def make(path: Path, maker: Maker) -> dict[str, object]:
    """Import them into a new store, and put them into folders and the trash."""
    store = SqliteStore(path)
    library = Library(store, Saver(store, SystemClock()), SystemClock(), _never)
    await store.open()
    late: list[float] = []
    async with asyncio.TaskGroup() as group:
        ticking = group.create_task(_tick(late))
        begun = perf_counter()
        taken = await Intake(store, library).take_in(maker.conversations())
        took_s = perf_counter() - begun
        ticking.cancel()
    await _arrange(store, maker.count)
    await library.close()
    return {
        "conversations": taken.added,
        "messages": taken.messages,
        "import_s": round(took_s, 2),
        "import_loop_p99_ms": round(sorted(late)[int(0.99 * (len(late) - 1))] * 1000, 2),
        "mb": round(path.stat().st_size / 1e6, 1),
        "texts": maker.source,
    }


async def _tick(late: list[float]) -> None:
    """Note how much later than it wanted the loop wakes up, as a window would."""
    while True:
        begun = perf_counter()
        await asyncio.sleep(TICK_S)
        late.append(perf_counter() - begun - TICK_S)


def build_trigrams(path: Path) -> dict[str, object]:
    """All of them, in the steps in which the background builds them."""
    sifter, longest, begun_bytes = Sifter(), 0.0, path.stat().st_size
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA cache_size = -8000")
        (count,) = connection.execute("SELECT count(*) FROM gram_todo").fetchone()
        cpu, has_more = process_time(), True
        while has_more:
            begun = perf_counter()
            with transaction(connection):
                has_more = sifter.step(connection)
            longest = max(longest, perf_counter() - begun)
        cpu = process_time() - cpu
    return {
        "trigram_build_us": round(cpu / max(1, count) * 1e6, 1),
        "trigram_step_max_ms": round(longest * 1000, 1),
        "trigram_mb": round((path.stat().st_size - begun_bytes) / 1e6, 1),
    }


async def _arrange(store: SqliteStore, conversations: int) -> None:
    chance = random.Random(1)
    folders = [
        Folder(FolderId(f"{n:024x}"), f"Folder {n}", FolderId(f"{n // 4:024x}") if n % 4 else None, n)
        for n in range(24)
    ]
    changes = []
    for number in range(conversations):
        fields: dict[str, object] = {}
        if chance.random() < 0.4:
            fields["folder_id"] = chance.choice(folders).id
        if chance.random() < 0.2:
            fields["tags"] = tuple(sorted(chance.sample(TAGS, 2)))
        if chance.random() < 0.1:
            fields["archived"] = True
        if chance.random() < 0.02:
            fields["trashed_at"] = SystemClock().now() - chance.random() * 20 * 86_400
        if fields:
            changes.append(RowChange(ConversationId(f"{number:024x}"), fields))
    await store.arrange(changes, folders)


def _never(conversation: Conversation) -> object:
    raise AssertionError(f"nothing is opened here: {conversation.id}")


def main(count: int, home: Path, kind: str = "") -> dict[str, object]:
    """Make the store of a home."""
    paths = paths_below(home)
    paths.make()
    facts = asyncio.run(make(paths.store, Maker(count, MESSAGES_IN_LONG if kind == "long" else 0)))
    if kind != "import":
        facts |= build_trigrams(paths.store)
    (home / "made.json").write_text(json.dumps(facts), encoding="utf-8")
    return facts


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])))
