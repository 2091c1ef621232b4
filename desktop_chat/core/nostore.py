"""A store that keeps nothing, for `ask --no-save`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop_chat.core.ports import Folder, Head, Hit, Row, RowChange, Unsent
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.errors import StoreError
from desktop_chat.domain.ids import ConversationId, FolderId, MessageId, PictureId
from desktop_chat.domain.message import Message

if TYPE_CHECKING:
    from desktop_chat.core.query import Query


class NoStore:
    """The `Store` of a process that must leave no trace: writing succeeds, nothing is there."""

    async def open(self) -> list[StoreError]:
        """Nothing can be wrong."""
        return []

    async def rows(self, first: int | None = None) -> list[Row]:  # noqa: ARG002 - as the port has it
        """None."""
        return []

    async def trashed(self, since: float) -> list[Row]:  # noqa: ARG002 - as the port has it
        """None."""
        return []

    async def folders(self) -> list[Folder]:
        """None."""
        return []

    async def load(self, conversation_id: ConversationId) -> Conversation:
        """Always raises `StoreError`."""
        raise StoreError(f"conversation {conversation_id} was not kept")

    async def excerpt(
        self,
        conversation_id: ConversationId,  # noqa: ARG002 - as the port has it
        message_id: MessageId | None,  # noqa: ARG002 - as the port has it
    ) -> Conversation | None:
        """None."""
        return None

    async def save(self, head: Head, messages: Sequence[Message] = (), *, full_sync: bool = False) -> None:
        """Nothing is written."""

    async def arrange(
        self, changes: Sequence[RowChange], folders: Sequence[Folder] = (), gone: Sequence[FolderId] = ()
    ) -> None:
        """Nothing is written."""

    async def purge(self, before: float) -> bool:  # noqa: ARG002 - as the port has it
        """Nothing is there."""
        return False

    async def picture(self, picture: PictureId) -> bytes | None:  # noqa: ARG002 - as the port has it
        """None."""
        return None

    async def search(self, query: "Query", limit: int = 200) -> list[Hit]:  # noqa: ARG002 - as the port has it
        """Nothing is found."""
        return []

    async def journal(self, conversation_id: ConversationId, message_id: MessageId, lines: Sequence[str]) -> None:
        """Nothing is written."""

    async def end_journal(self, message_id: MessageId) -> None:
        """There is none."""

    async def keep_unsent(
        self, conversation_id: ConversationId, unsent: Unsent | None, message_id: MessageId | None = None
    ) -> None:
        """Nothing is written."""

    async def unsent(self, conversation_id: ConversationId) -> dict[MessageId | None, Unsent]:  # noqa: ARG002 - as the port has it
        """None."""
        return {}

    async def unsent_elsewhere(self) -> tuple[ConversationId, Unsent] | None:
        """None."""
        return None

    async def close(self) -> None:
        """Nothing waits."""
