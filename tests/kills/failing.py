"""A process whose disk fails now and then while it streams and edits; used by `test_faults.py`.

At last the disk works again and everything is written. Says what it has in memory then.
"""

import asyncio
import json
import random
import sys
from pathlib import Path

from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.core.clock import SystemClock
from desktop_chat.core.ports import RowChange
from desktop_chat.core.saver import Saver
from desktop_chat.domain.blocks import Text
from desktop_chat.domain.changes import RequestSent, Saved, SaveFailed
from desktop_chat.domain.codec import conversation_to_dict
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.draft import Draft
from desktop_chat.domain.errors import StoreError
from desktop_chat.domain.events import TextDelta
from desktop_chat.domain.ids import ConversationId, MessageId
from desktop_chat.domain.message import Ended, Message, Role
from tests.kills.faults import FULL, IOERR_FSYNC, IOERR_TRUNCATE, IOERR_WRITE, Faults


async def stream(saver: Saver, conversation: Conversation) -> None:
    for number in range(8):
        message = Message(MessageId(f"{conversation.id}-{number}"), conversation.last_id, Role.ASSISTANT, (), 1.0)
        conversation.add(message)
        saver.keep(conversation, message)
        saver.draft_began(conversation.id, message)
        draft = Draft(message, lambda: 0)
        saver.draft_changed(conversation.id, RequestSent(message.id, draft.begin_round()), draft)
        for word in range(40):
            for change in draft.apply(TextDelta(f"{word} ")):
                saver.draft_changed(conversation.id, change, draft)
            await asyncio.sleep(0.003)
        final = draft.message(Ended.COMPLETE)
        conversation.put(final)
        await saver.finish(conversation, final)


async def edit(saver: Saver, conversation: Conversation, choose: random.Random) -> None:
    for number in range(60):
        parents: list[MessageId | None] = [None, *conversation.messages]
        message = Message(MessageId(f"e{number}"), choose.choice(parents), Role.USER, (Text(f"edit {number}"),), 2.0)
        conversation.add(message)
        saver.keep(conversation, message)
        if number % 5 == 0:
            saver.arrange([RowChange(conversation.id, {"title": f"Title {number}"})])
            conversation.title = f"Title {number}"
        await asyncio.sleep(choose.uniform(0, 0.03))


async def fail(faults: Faults, store: SqliteStore, choose: random.Random) -> None:
    kinds = ({"write": FULL}, {"write": IOERR_WRITE}, {"sync": IOERR_FSYNC}, {"truncate": IOERR_TRUNCATE, "sync": 1034})
    while True:
        await asyncio.sleep(choose.uniform(0.02, 0.15))
        for name, code in choose.choice(kinds).items():
            setattr(faults, name, code)
        await asyncio.sleep(choose.uniform(0.02, 0.3))
        faults.write = faults.sync = faults.truncate = 0


async def main(path: Path, seed: int) -> None:
    choose = random.Random(seed)
    faults = Faults()
    store = SqliteStore(path)
    saver = Saver(store, SystemClock())
    troubles: list[SaveFailed | Saved] = []
    saver.troubles.subscribe(troubles.append)
    await store.open()
    talks = [Conversation(ConversationId(name), "Counting", 1.0, 1.0) for name in ("one", "two", "edited")]
    failing = asyncio.create_task(fail(faults, store, choose))
    async with asyncio.TaskGroup() as group:
        group.create_task(stream(saver, talks[0]))
        group.create_task(stream(saver, talks[1]))
        group.create_task(edit(saver, talks[2], choose))
    failing.cancel()
    await asyncio.wait([failing])
    faults.write = faults.sync = faults.truncate = 0
    while saver.waiting:
        await saver.flush()
    await saver.close()
    try:
        await store.close()
    except StoreError as error:
        sys.stderr.write(f"{error}\n")
    told = [type(trouble).__name__ for trouble in troubles]
    facts = {"faults": faults.happened, "told": told, "talks": [conversation_to_dict(talk) for talk in talks]}
    sys.stdout.write(json.dumps(facts))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
