"""A process that streams replies into a store until it is killed; used by `test_kill.py`.

Says on stdout what it did and when: `T <monotonic seconds> <reply number> <length>` after each
delta, `F <reply number>` once a reply is finished. All replies consist of counted words, so
that a lost or doubled piece shows.
"""

import asyncio
import sys
import time
from pathlib import Path

from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.core.clock import SystemClock
from desktop_chat.core.saver import Saver
from desktop_chat.domain.changes import RequestSent
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.draft import Draft
from desktop_chat.domain.events import TextDelta
from desktop_chat.domain.ids import ConversationId, MessageId
from desktop_chat.domain.message import Ended, Message, Role


async def stream(path: Path) -> None:
    """Until the end of time."""
    store = SqliteStore(path)
    saver = Saver(store, SystemClock())
    conversation = Conversation(ConversationId("c"), "Counting", 1.0, 1.0)
    for number in range(1000):
        parent = conversation.last_id
        message = Message(MessageId(f"r{number}"), parent, Role.ASSISTANT, (), 1.0)
        conversation.add(message)
        saver.keep(conversation, message)
        saver.draft_began(conversation.id, message)
        draft = Draft(message, lambda: 0)
        saver.draft_changed(conversation.id, RequestSent(message.id, draft.begin_round()), draft)
        length = 0
        for word in range(60):
            text = f"{word} "
            for change in draft.apply(TextDelta(text)):
                saver.draft_changed(conversation.id, change, draft)
            length += len(text)
            sys.stdout.write(f"T {time.monotonic()} {number} {length}\n")
            sys.stdout.flush()
            await asyncio.sleep(0.004)
        final = draft.message(Ended.COMPLETE)
        conversation.put(final)
        await saver.finish(conversation, final)
        sys.stdout.write(f"F {number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(stream(Path(sys.argv[1])))
