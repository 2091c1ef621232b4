"""A process that does everything at once to a store until it is killed; used by `test_kills.py`.

It streams into two conversations, edits a third, takes in others with pictures, rearranges the list and
makes backups, after migrating a store of the first shape. What it did stands on stdout, one
fact a line, the time first; all replies consist of counted words, so that a lost or doubled
piece shows.
"""

import asyncio
import hashlib
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from desktop_chat.adapters.sqlite.backups import SqliteBackups
from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.core.backup_place import BackupKind
from desktop_chat.core.clock import SystemClock
from desktop_chat.core.intake import Intake, Taken
from desktop_chat.core.ports import RowChange
from desktop_chat.core.saver import Saver
from desktop_chat.domain.blocks import Image, Text
from desktop_chat.domain.changes import RequestSent
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.draft import Draft
from desktop_chat.domain.events import TextDelta
from desktop_chat.domain.ids import ConversationId, MessageId, PictureId
from desktop_chat.domain.message import Ended, Message, Role

WORDS = 60
IMPORTED_MESSAGES = 5


def say(*facts: object) -> None:
    sys.stdout.write(" ".join(map(str, (time.monotonic(), *facts))) + "\n")
    sys.stdout.flush()


async def stream(saver: Saver, name: str) -> None:
    conversation = Conversation(ConversationId(name), "Counting", 1.0, 1.0)
    for number in range(1000):
        message = Message(MessageId(f"{name}-{number}"), conversation.last_id, Role.ASSISTANT, (), 1.0)
        conversation.add(message)
        saver.keep(conversation, message)
        saver.draft_began(conversation.id, message)
        draft = Draft(message, lambda: 0)
        saver.draft_changed(conversation.id, RequestSent(message.id, draft.begin_round()), draft)
        length = 0
        for word in range(WORDS):
            for change in draft.apply(TextDelta(f"{word} ")):
                saver.draft_changed(conversation.id, change, draft)
            length += len(f"{word} ")
            say("grew", message.id, length)
            await asyncio.sleep(0.004)
        final = draft.message(Ended.COMPLETE)
        conversation.put(final)
        await saver.finish(conversation, final)
        say("finished", message.id)


async def edit(saver: Saver, seed: int) -> None:
    choose = random.Random(seed)
    conversation = Conversation(ConversationId("edited"), "Edited", 1.0, 1.0)
    for number in range(100_000):
        parents: list[MessageId | None] = [None, *conversation.messages][-6:]
        message = Message(
            MessageId(f"edit-{number}"), choose.choice(parents), Role.USER, (Text(f"edit {number}"),), 2.0
        )
        conversation.add(message)
        if choose.random() < 0.3:
            conversation.delete(choose.choice(list(conversation.messages)))
        saver.keep(conversation, message)
        say("edited", message.id)
        await asyncio.sleep(choose.uniform(0.005, 0.03))


async def arrange(saver: Saver) -> None:
    for number in range(100_000):
        title = f"Title {number}"
        saver.arrange([RowChange(ConversationId(f"old-{number % 20}"), {"title": title, "tags": (f"t{number % 3}",)})])
        say("titled", number % 20, number)
        await asyncio.sleep(0.02)


class Silent:
    def note_import(self, _ids: object) -> None:
        return None

    async def hear_of(self, _ids: object) -> None:
        return None


async def take_in(store: SqliteStore) -> None:
    intake = Intake(store, Silent())  # type: ignore[arg-type]
    for round_ in range(1000):

        def conversations(round_: int = round_) -> Iterator[Conversation]:
            for number in range(400):
                talk = Conversation(ConversationId(f"in-{round_}-{number}"), "Imported", 3.0, 3.0)
                for turn in range(IMPORTED_MESSAGES):
                    shown = (picture_of(drawn(round_, number)),) if turn == 0 and number % 40 == 0 else ()
                    blocks = (*shown, Text(f"turn {turn} " * 20))
                    talk.add(Message(MessageId(f"m{turn}"), talk.last_id, Role.USER, blocks, 3.0))
                yield talk

        def progress(taken: Taken, round_: int = round_) -> None:
            say("took", round_, taken.added)

        drawings = {picture_of(data).picture: data for number in range(0, 400, 40) for data in [drawn(round_, number)]}
        await intake.take_in(conversations(), progress, picture=drawings.get)


def drawn(round_: int, number: int) -> bytes:
    return f"{round_} {number} ".encode() * 5000


def picture_of(data: bytes) -> Image:
    return Image(PictureId(hashlib.sha256(data).hexdigest()), "image/png", 1, 1)


async def back_up(store: SqliteStore) -> None:
    backups = SqliteBackups(store)
    day = 1_700_000_000.0
    while True:
        made = await backups.make(BackupKind.DAILY, day)
        say("backed-up", made.path.name, made.conversations, made.messages)
        day += 86_400 / 2


async def main(path: Path, seed: int) -> None:
    store = SqliteStore(path)
    store._backlog.begins_after_s = 0.0  # Trigrams are built meanwhile.
    saver = Saver(store, SystemClock())
    await store.open()
    say("opened", path.name)
    async with asyncio.TaskGroup() as group:
        for work in (
            stream(saver, "one"),
            stream(saver, "two"),
            edit(saver, seed),
            arrange(saver),
            take_in(store),
            back_up(store),
        ):
            group.create_task(work)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
