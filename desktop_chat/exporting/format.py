"""What an export format is, and what a person can choose about one."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from desktop_chat.domain.blocks import Notice
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.folder import NamedFolder
from desktop_chat.domain.ids import FolderId, PictureId
from desktop_chat.domain.message import Ended


def _plain_notice(notice: Notice) -> str:
    return ": ".join(filter(None, (notice.code, notice.detail)))


def _plain_ended() -> Mapping[Ended, str]:
    return {
        Ended.LENGTH: "Cut off at the limit of tokens",
        Ended.FILTERED: "Cut off by the provider's filter",
        Ended.WAITING: "Waits for an answer to a tool call",
        Ended.STOPPED: "Stopped",
        Ended.INTERRUPTED: "Interrupted",
        Ended.FAILED: "Failed",
    }


@dataclass(frozen=True, slots=True)
class Words:
    """The words of ours that stand in an export; whoever has a translation exchanges them."""

    person: str = "You"
    model: str = "Assistant"
    """For a reply whose model is not known."""
    untitled: str = "Untitled"
    system_prompt: str = "System prompt"
    reasoning: str = "Reasoning"
    refusal: str = "Declined"
    tool_call: str = "Tool call"
    result: str = "Result"
    failed: str = "Failed"
    no_result: str = "Not run"
    note: str = "Note"
    ended: Mapping[Ended, str] = field(default_factory=_plain_ended)
    """How a reply came to its end, where that is worth a word."""
    notice: Callable[[Notice], str] = _plain_notice


@dataclass(frozen=True, slots=True)
class Options:
    """What a person chooses; formats that are for programs keep to what they promise."""

    reasoning: bool = True
    tools: bool = True
    times: bool = True
    """When messages were written, and how long reasoning and tools took."""
    zone: tzinfo = UTC
    picture: Callable[[PictureId], bytes | None] = lambda _: None
    """The bytes of a picture; without them its name stands for it."""
    place: Callable[[PictureId], str | None] = lambda _: None
    """The file beside the written one that has a picture, if there is one."""
    folders: Callable[[FolderId], Sequence[NamedFolder]] = lambda _: ()
    """A folder and those it is in, the outermost first."""
    words: Words = field(default_factory=Words)

    def time(self, seconds: float) -> str:
        """A time in the person's zone; empty if it is none or not wanted."""
        if not self.times or not seconds > 0:
            return ""
        try:
            return datetime.fromtimestamp(seconds, self.zone).strftime("%Y-%m-%d %H:%M")
        except (ValueError, OverflowError, OSError):
            return ""

    def span(self, milliseconds: int | None) -> str:
        """How long something took; empty if that is not known or not wanted."""
        return f"{milliseconds / 1000:.1f} s" if self.times and milliseconds else ""


Write = Callable[[Iterable[Conversation], Options], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Format:
    """One format. `write` gives chunks of UTF-8 and holds one conversation at a time."""

    code: str
    title: str
    suffix: str
    media_type: str
    write: Write
    holds_many: bool
    """False: one file for each conversation; `bundle.py` puts many into a folder or archive."""
    has_files_beside: bool = False
    """Pictures are files of their own, in a folder beside the written one."""
    is_lossless: bool = False
    """Reading it again gives the same conversation, with every branch."""


def each(write_one: Callable[[Conversation, Options], Iterator[str]]) -> Write:
    """Make a format of what writes one conversation as text."""

    def write(conversations: Iterable[Conversation], options: Options) -> Iterator[bytes]:
        for conversation in conversations:
            for piece in write_one(conversation, options):
                yield encoded(piece)

    return write


def encoded(text: str) -> bytes:
    """UTF-8; what it cannot write becomes a question mark."""
    return text.encode("utf-8", "replace")
