"""What the core asks of the outside; adapters and tools are made to fit these."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from desktop_chat.domain.conversation import Conversation, ConversationSettings
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.errors import StoreError
from desktop_chat.domain.events import Event
from desktop_chat.domain.ids import ConversationId, FolderId, MessageId, PictureId
from desktop_chat.domain.message import Message

if TYPE_CHECKING:  # Its patterns are compiled when somebody searches.
    from desktop_chat.core.query import Query


class Clock(Protocol):
    """Time, so that tests need not wait."""

    def now(self) -> float:
        """Seconds since 1970, UTC."""

    def monotonic(self) -> float:
        """Seconds since some moment, never going back."""

    async def sleep(self, seconds: float) -> None:
        """Come back after this time."""


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as a model is told of it."""

    name: str
    description: str
    parameters: Mapping[str, Any]
    """A JSON schema of type object."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request for a reply. `None` and empty values are not sent."""

    endpoint: Endpoint
    model: str
    messages: tuple[Message, ...]
    """The shown path; the last one may be the running reply with its calls and their results."""
    system_prompt: str = ""
    temperature: float | None = None
    max_tokens: int | None = None
    tools: tuple[ToolSpec, ...] = ()
    key: str = field(default="", repr=False)


class Provider(Protocol):
    """Where answers come from. Every error it raises is a `ProviderError`; it never retries."""

    def stream(self, request: Request) -> AsyncIterator[Event]:
        """Ask once and yield what comes. Cancelling or closing the iterator closes the socket."""

    async def models(self, endpoint: Endpoint, key: str) -> list[str]:
        """Names of the models the endpoint lists, in its order."""

    async def close(self) -> None:
        """Give connections back."""


class Tool(Protocol):
    """Something a model may ask to have done on this computer."""

    spec: ToolSpec
    is_harmless: bool
    """True if it only reads facts that are not private; it is asked for all the same."""

    def summary(self, arguments: Mapping[str, Any]) -> str:
        """One sentence for the person who decides: what will be done."""

    async def run(self, arguments: Mapping[str, Any]) -> str:
        """Do it. Raises `ToolError` with a text for the model."""


class KeyPlace(StrEnum):
    """Where a key is."""

    NOWHERE = "nowhere"
    KEYRING = "keyring"
    THIS_RUN = "this_run"
    """In memory only; gone when the program ends."""
    ENVIRONMENT = "environment"


class Secrets(Protocol):
    """The OS keyring. Every call may take minutes (a person unlocks it) and raises `SecretsError`."""

    async def get(self, name: str) -> str | None:
        """The secret, or `None` if there is none."""

    async def set(self, name: str, secret: str) -> None:
        """Keep it."""

    async def delete(self, name: str) -> None:
        """Forget it; harmless if there is none."""

    async def describe(self) -> str:
        """Name of the keyring for people, e.g. `Secret Service`. Raises `NoKeyring`."""


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A model server that answers on this computer."""

    name: str
    """E.g. `llama.cpp`."""
    base_url: str
    models: tuple[str, ...]
    needs_key: bool = False


class Discovery(Protocol):
    """Looks for model servers on this computer."""

    def find(self) -> AsyncIterator[FoundServer]:
        """Yield servers as they answer; 500 ms at most; loopback only, GET, no key."""


class Pictures(Protocol):
    """Loads pictures from the web, each only because a person asked for it."""

    async def load(self, url: str) -> bytes:
        """Get one: http and https only, no cookies, no key, never from another host. Raises `PictureFailed`."""


class Demo(Protocol):
    """The endpoint built into the app."""

    async def start(self) -> str:
        """Start it if it does not run; returns its base URL."""

    async def stop(self) -> None:
        """End it."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A place for conversations and for other folders."""

    id: FolderId
    name: str
    parent_id: FolderId | None
    position: int
    """Among the folders of the same parent, counted from 0."""


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation in the list."""

    id: ConversationId
    title: str
    created_at: float
    updated_at: float
    pinned: bool = False
    is_running: bool = False
    """A reply is being written; known to the library, not to the store."""
    is_unread: bool = False
    """A reply ended while the conversation was not shown."""
    folder_id: FolderId | None = None
    tags: tuple[str, ...] = ()
    """In alphabetical order."""
    archived: bool = False
    is_temporary: bool = False
    """It is never written; known to the library only."""
    trashed_at: float | None = None
    """When it went to the trash; `None` in the list."""
    titled_by_person: bool = False


@dataclass(frozen=True, slots=True)
class RowChange:
    """New values of some fields of a row, by their names."""

    id: ConversationId
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a search matched. `message_id` is `None` for a title."""

    conversation_id: ConversationId
    message_id: MessageId | None
    snippet: str
    """A line around the match, plain text; matches stand between \\x02 and \\x03."""
    title: str = ""
    """Of the conversation."""
    role: str = ""
    """Who wrote the message; empty for a title."""
    at: float = 0.0
    """When the message was written, or the conversation changed last."""


@dataclass(frozen=True, slots=True)
class Head:
    """Everything of a conversation but its messages, frozen for the writing thread."""

    id: ConversationId
    title: str
    created_at: float
    updated_at: float
    pinned: bool
    titled_by_person: bool
    settings: ConversationSettings
    chosen: tuple[tuple[MessageId | None, MessageId], ...]
    deleted: tuple[MessageId, ...]
    folder_id: FolderId | None = None
    tags: tuple[str, ...] = ()
    archived: bool = False
    trashed_at: float | None = None


def head_of(conversation: Conversation) -> Head:
    """Freeze what is to be written."""
    return Head(
        id=conversation.id,
        title=conversation.title,
        created_at=conversation.created_at,
        updated_at=conversation.updated_at,
        pinned=conversation.pinned,
        titled_by_person=conversation.titled_by_person,
        settings=conversation.settings,
        chosen=tuple(conversation.chosen.items()),
        deleted=tuple(conversation.deleted),
        folder_id=conversation.folder_id,
        tags=conversation.tags,
        archived=conversation.archived,
        trashed_at=conversation.trashed_at,
    )


@dataclass(frozen=True, slots=True)
class Unsent:
    """Text that was typed and not sent: of the composer, or of a message that is being edited."""

    text: str
    cursor: int


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """A picture as it is written."""

    id: PictureId
    media_type: str
    data: bytes


class Store(Protocol):
    """Conversations on disk. Every method raises `StoreError`; none blocks the calling thread."""

    async def open(self) -> list[StoreError]:
        """Open or make it; replies that a crash cut off become messages marked as interrupted.

        Returns:
            What was found wrong and dealt with: a damaged file was set aside, or a file can
            only be read. Whoever cannot go on at all gets an exception instead.
        """

    async def rows(self, first: int | None = None) -> list[Row]:
        """All conversations that are not in the trash, in no order; or those that stand first in the list."""

    async def trashed(self, since: float) -> list[Row]:
        """Conversations that went to the trash at this time or later, in no order."""

    async def folders(self) -> list[Folder]:
        """All folders, in no order."""

    async def load(self, conversation_id: ConversationId) -> Conversation:
        """Read one whole. Raises `StoreError` if it is not there."""

    async def excerpt(self, conversation_id: ConversationId, message_id: MessageId | None) -> Conversation | None:
        """At once what stands around a message of a long one, or at its end, as if it were all; `None` if it is short."""

    async def save(self, head: Head, messages: Sequence[Message] = (), *, full_sync: bool = False) -> None:
        """Write head and messages in one transaction; messages that exist are exchanged.

        Where a conversation stands (folder, tags, archive, trash) is written with its first
        save only; afterwards `arrange` alone changes it.
        """

    async def arrange(
        self, changes: Sequence[RowChange], folders: Sequence[Folder] = (), gone: Sequence[FolderId] = ()
    ) -> None:
        """Change rows, add or exchange folders, and take others away, in one transaction.

        Fields are those of `Row` that are kept: title, titled_by_person, pinned, folder_id,
        tags, archived, trashed_at, is_unread. Conversations that are not there are passed over.
        """

    async def purge(self, before: float) -> bool:
        """Erase a little of what went to the trash before this time, and of pictures nobody shows; False once none is left."""

    async def picture(self, picture: PictureId) -> bytes | None:
        """The bytes of a picture; `None` if they are not there."""

    async def search(self, query: "Query", limit: int = 200) -> list[Hit]:
        """Find words in titles and messages, newest first."""

    async def journal(self, conversation_id: ConversationId, message_id: MessageId, lines: Sequence[str]) -> None:
        """Append to the journal of a running reply; constant cost, survives kill -9."""

    async def end_journal(self, message_id: MessageId) -> None:
        """The reply is saved whole; its journal is not needed any more."""

    async def keep_unsent(
        self, conversation_id: ConversationId, unsent: Unsent | None, message_id: MessageId | None = None
    ) -> None:
        """Remember unsent text, or forget it: that of the composer, or the new version of a message."""

    async def unsent(self, conversation_id: ConversationId) -> dict[MessageId | None, Unsent]:
        """All unsent text of a conversation, that of the composer at `None`, the one touched last at the end."""

    async def unsent_elsewhere(self) -> tuple[ConversationId, Unsent] | None:
        """The last unsent text of a conversation that was never saved."""

    async def close(self) -> None:
        """Write what waits and let go of the files."""
