"""One message: who wrote it, its blocks, and how its writing went and ended."""

from dataclasses import dataclass
from enum import StrEnum

from desktop_chat.domain.blocks import Block, Refusal, Text, ToolCall, ToolResult
from desktop_chat.domain.ids import CallId, EndpointId, MessageId
from desktop_chat.domain.usage import Usage


class Role(StrEnum):
    """Who wrote a message. The system prompt is a setting of the conversation, not a message."""

    USER = "user"
    ASSISTANT = "assistant"


class Ended(StrEnum):
    """How a reply came to its end. Kept on disk: do not rename a value."""

    COMPLETE = "complete"
    """The model finished (`stop`, or an unknown finish reason)."""
    LENGTH = "length"
    """The limit of tokens was reached."""
    FILTERED = "filtered"
    """The provider's content filter cut it off."""
    WAITING = "waiting"
    """A tool call waits for a person; nothing runs."""
    STOPPED = "stopped"
    """The person stopped it."""
    INTERRUPTED = "interrupted"
    """The stream or the program ended in the middle."""
    FAILED = "failed"
    """An error; the last block is a `Notice`."""


@dataclass(frozen=True, slots=True)
class Round:
    """One request of a turn, as measured. Times are in ms since the turn began."""

    started_ms: int
    first_token_ms: int | None = None
    """First delta of any kind; `None` if nothing came."""
    ended_ms: int | None = None
    finish_reason: str | None = None
    """As the server said it; `None` if it never did."""
    usage: Usage | None = None
    tries: int = 1
    """How often the request was sent, retries included."""
    deltas: int = 0
    """Chunks with text, reasoning or arguments; the best count of tokens where usage is absent."""
    left_out: tuple[str, ...] = ()
    """Parameters that were not sent because the server refuses them."""


@dataclass(frozen=True, slots=True)
class Message:
    """A question or a reply. Equal content is equal; the tree around it is `Conversation`'s."""

    id: MessageId
    parent_id: MessageId | None
    role: Role
    blocks: tuple[Block, ...]
    created_at: float
    """Seconds since 1970, UTC."""
    endpoint_id: EndpointId | None = None
    endpoint_name: str = ""
    """As it was called when the reply was written; the endpoint may be gone by now."""
    model: str = ""
    ended: Ended | None = None
    """`None` for the person's messages and for a reply that is being written."""
    rounds: tuple[Round, ...] = ()

    @property
    def text(self) -> str:
        """All text of the message, without reasoning, tools and notices."""
        return "\n\n".join(block.text for block in self.blocks if isinstance(block, Text | Refusal) and block.text)

    @property
    def results(self) -> dict[CallId, ToolResult]:
        """The answer to each tool call that has one."""
        return {block.call_id: block for block in self.blocks if isinstance(block, ToolResult)}

    @property
    def unanswered_calls(self) -> tuple[ToolCall, ...]:
        """Tool calls without a result, in order."""
        answered = self.results
        return tuple(b for b in self.blocks if isinstance(b, ToolCall) and b.call_id not in answered)
