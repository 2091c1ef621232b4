"""What an operation changed: views redraw from this and from nothing else.

Two closed unions: `Change` for what happens inside one conversation, `LibraryChange` for
the list of conversations.
"""

from dataclasses import dataclass
from enum import StrEnum

from desktop_chat.domain.ids import CallId, ConversationId, MessageId
from desktop_chat.domain.message import Ended


class Decision(StrEnum):
    """What the person says of a tool call that waits."""

    ALLOW_ONCE = "allow_once"
    ALLOW_IN_CONVERSATION = "allow_in_conversation"
    DENY = "deny"


class CallState(StrEnum):
    """Where a tool call stands."""

    ARRIVING = "arriving"
    """Its arguments are still coming."""
    ASKING = "asking"
    """It waits for a decision."""
    RUNNING = "running"
    ANSWERING = "answering"
    """It waits for the person to type the result (a function of their own)."""
    DONE = "done"
    FAILED = "failed"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class MessageAdded:
    """A message stands at the end of the shown path."""

    message_id: MessageId


@dataclass(frozen=True, slots=True)
class PathChanged:
    """The shown path differs after `after_id` (from the beginning if `None`)."""

    after_id: MessageId | None


@dataclass(frozen=True, slots=True)
class ConversationEdited:
    """Title or settings of the conversation changed."""


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """A reply is being written; until the turn ends, `message_id` is a draft.

    It is on the path already, also when a `PathChanged` came first (another version of a reply).
    """

    message_id: MessageId


@dataclass(frozen=True, slots=True)
class RequestSent:
    """A request went out (the first, a retry, or the one after tools ran)."""

    message_id: MessageId
    round: int
    """Counted from 0 within the turn."""


@dataclass(frozen=True, slots=True)
class RetryScheduled:
    """A request failed before any text came and will be sent again."""

    message_id: MessageId
    attempt: int
    """1 for the first retry."""
    of: int
    wait_s: float
    error: Exception
    needs_consent: bool = False
    """The server asks for more than a minute: nothing is sent until the person says so."""


@dataclass(frozen=True, slots=True)
class BlockStarted:
    """A new block stands at `index` of the draft."""

    message_id: MessageId
    index: int


@dataclass(frozen=True, slots=True)
class BlockGrew:
    """The block at `index` grew by `delta` (text, reasoning, refusal, or a call's arguments)."""

    message_id: MessageId
    index: int
    delta: str


@dataclass(frozen=True, slots=True)
class BlockEnded:
    """The block at `index` will not change any more."""

    message_id: MessageId
    index: int


@dataclass(frozen=True, slots=True)
class CallChanged:
    """A tool call has a new state; `session.calls[call_id]` has the whole of it."""

    message_id: MessageId
    call_id: CallId
    state: CallState


@dataclass(frozen=True, slots=True)
class RoundChanged:
    """Something was measured or reported for a request: first token, usage, finish reason, end."""

    message_id: MessageId
    round: int


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The draft became a message of the conversation."""

    message_id: MessageId
    ended: Ended
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class SaveFailed:
    """Something could not be written; it stays in memory and is tried again."""

    error: Exception


@dataclass(frozen=True, slots=True)
class Saved:
    """Writing works again, and nothing waits to be written."""


Change = (
    MessageAdded
    | PathChanged
    | ConversationEdited
    | TurnStarted
    | RequestSent
    | RetryScheduled
    | BlockStarted
    | BlockGrew
    | BlockEnded
    | CallChanged
    | RoundChanged
    | TurnEnded
    | SaveFailed
    | Saved
)


@dataclass(frozen=True, slots=True)
class ConversationListed:
    """A conversation is new in the list, or its row changed (title, place, time, running, unread)."""

    conversation_id: ConversationId


@dataclass(frozen=True, slots=True)
class ConversationUnlisted:
    """A conversation left the list (to the trash)."""

    conversation_id: ConversationId


@dataclass(frozen=True, slots=True)
class LibraryLoaded:
    """The whole list was read anew, or so many rows changed at once that it counts as such."""


@dataclass(frozen=True, slots=True)
class FoldersChanged:
    """Folders came, went, moved or got another name; rows that moved with them are told after it."""


@dataclass(frozen=True, slots=True)
class TrashChanged:
    """Something went into the trash or came out of it."""


LibraryChange = (
    ConversationListed | ConversationUnlisted | LibraryLoaded | FoldersChanged | TrashChanged | SaveFailed | Saved
)
