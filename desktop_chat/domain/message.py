"""One message: who wrote it, its blocks, and how its writing went and ended.

Of a long conversation a person sees the end. So what was kept may come as messages that
read their fields when one of them is asked for the first time; to everybody else they are
messages as all others.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from desktop_chat.domain.blocks import Block, Image, Refusal, Text, ToolCall, ToolResult
from desktop_chat.domain.ids import CallId, EndpointId, MessageId, PictureId
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


class _Late:
    """Reads the fields of a message that is not read yet; from any thread."""

    __slots__ = ("_data", "_read")
    _read: "Read | None"
    """What reads it; `None` once it was read, not there if it never had to be."""
    _data: bytes
    """What is read."""

    if not TYPE_CHECKING:  # Or whatever is misspelt would be a field.

        def __getattr__(self, name: str) -> Any:
            # Python asks here for what has no value.
            if name not in Message.__slots__:
                raise AttributeError(f"a message has no {name}")
            data, read = self._data, self._read  # In this order: they go in the other one.
            if read is not None:
                message = read(self.id, self.parent_id, data)
                for each in Message.__slots__:
                    if each not in _KNOWN_BEFORE:
                        object.__setattr__(self, each, getattr(message, each))
                _put_read(self, None)
                _put_data(self, b"")
            return object.__getattribute__(self, name)


_KNOWN_BEFORE = ("id", "parent_id", "role")


@dataclass(frozen=True, slots=True)
class Message(_Late):
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

    @classmethod
    def late(
        cls, message_id: MessageId, parent_id: MessageId | None, role: Role, read: "Read", data: bytes
    ) -> "Message":
        """A message that is read when somebody asks for more than its id, its place and who wrote it.

        Args:
            message_id: Its id.
            parent_id: That of the message above it.
            role: Who wrote it.
            read: Reads the rest, quickly and without fail; in any thread, perhaps in two at a time.
            data: What is read. No tool is called in it.
        """
        message = _new(cls)
        _put_id(message, message_id)
        _put_parent_id(message, parent_id)
        _put_role(message, role)
        _put_read(message, read)
        _put_data(message, data)
        return message

    def glance(self) -> "Message":
        """This message, read for the caller alone: what is looked at once need not be kept as it was read."""
        data, read = getattr(self, "_data", b""), getattr(self, "_read", None)
        return self if read is None else read(self.id, self.parent_id, data)

    @property
    def has_calls(self) -> bool:
        """True if tools were called in it; known without reading it."""
        is_late = getattr(self, "_read", None) is not None
        return not is_late and any(isinstance(block, ToolCall) for block in self.blocks)

    @property
    def text(self) -> str:
        """All text of the message, without reasoning, tools and notices."""
        return "\n\n".join(block.text for block in self.blocks if isinstance(block, Text | Refusal) and block.text)

    @property
    def pictures(self) -> tuple[Image, ...]:
        """Its pictures, in order; one may come twice."""
        return tuple(block for block in self.blocks if isinstance(block, Image))

    @property
    def results(self) -> dict[CallId, ToolResult]:
        """The answer to each tool call that has one."""
        return {block.call_id: block for block in self.blocks if isinstance(block, ToolResult)}

    @property
    def unanswered_calls(self) -> tuple[ToolCall, ...]:
        """Tool calls without a result, in order."""
        answered = self.results
        return tuple(b for b in self.blocks if isinstance(b, ToolCall) and b.call_id not in answered)


def pictures_of(messages: Iterable[Message]) -> dict[PictureId, Image]:
    """Each picture of messages once, in order."""
    return {image.picture: image for message in messages for image in message.pictures}


Read = Callable[[MessageId, MessageId | None, bytes], Message]
"""Reads a message from what was kept of it."""

# What `object.__setattr__` would find by name, for a message is frozen: ten thousand may be made before they are shown.
_new, _put_read, _put_data = object.__new__, vars(_Late)["_read"].__set__, vars(_Late)["_data"].__set__
_put_id, _put_parent_id, _put_role = (vars(Message)[name].__set__ for name in _KNOWN_BEFORE)
