"""Short ways to play a scene on a store that is opened and closed around it."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import ConversationId

Scene = Callable[[SqliteStore], Coroutine[Any, Any, Any]]


def with_store(path: Path, scene: Scene) -> Any:
    """Open a store, play the scene, close it."""

    async def main() -> Any:
        store = SqliteStore(path)
        try:
            return await scene(store)
        finally:
            await store.close()

    return asyncio.run(main())


def reopened(path: Path, conversation_id: ConversationId) -> Conversation:
    return with_store(path, lambda store: store.load(conversation_id))
