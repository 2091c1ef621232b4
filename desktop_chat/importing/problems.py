"""What could not be taken over from a file, and where: nothing is left out in silence."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

MAX_KEPT = 1_000
"""Problems kept one by one; a hostile file could have millions, the rest is counted."""


class ProblemKind(StrEnum):
    """What happened; `WORDS` says it."""

    NOT_READABLE = "not_readable"
    """Damaged, cut off, or not what its place promises."""
    TOO_LARGE = "too_large"
    """Beyond a limit, or an archive that unpacks to far more than it is."""
    TOO_DEEP = "too_deep"
    """Nested beyond any real conversation."""
    LOCKED = "locked"
    """Encrypted."""
    NEWER = "newer"
    """Written by a newer version of this program."""
    EMPTY = "empty"
    """A conversation without a message."""
    DUPLICATE = "duplicate"
    """The same id came before."""
    MESSAGE_LEFT_OUT = "message_left_out"
    IMAGE_LEFT_OUT = "image_left_out"
    """Its name or description stands in the text."""
    FILE_LEFT_OUT = "file_left_out"
    """An attachment, or a file of the export that holds no conversations."""
    UNKNOWN_CONTENT = "unknown_content"
    """A part of a message of a kind that is not known here."""
    PLACE_MENDED = "place_mended"
    """What it answered is missing, or answers it: the message stands at the beginning."""
    MOVED = "moved"
    """A system message in the middle went into the system prompt."""
    REPLACED = "replaced"
    """Bytes that are no text became replacement characters."""
    MORE = "more"
    """There were more problems than are listed."""


WORDS: Mapping[ProblemKind, str] = {
    ProblemKind.NOT_READABLE: "cannot be read",
    ProblemKind.TOO_LARGE: "is too large",
    ProblemKind.TOO_DEEP: "is nested too deeply",
    ProblemKind.LOCKED: "is locked with a password",
    ProblemKind.NEWER: "was written by a newer version of Desktop Chat",
    ProblemKind.EMPTY: "has no message",
    ProblemKind.DUPLICATE: "is there more than once",
    ProblemKind.MESSAGE_LEFT_OUT: "cannot be read, so the message was left out",
    ProblemKind.IMAGE_LEFT_OUT: "a picture was left out, its name stands in the text",
    ProblemKind.FILE_LEFT_OUT: "a file was left out",
    ProblemKind.UNKNOWN_CONTENT: "has a part of an unknown kind",
    ProblemKind.PLACE_MENDED: "the message it answers is missing; it stands at the beginning",
    ProblemKind.MOVED: "a system message became part of the system prompt",
    ProblemKind.REPLACED: "has bytes that are no text; \N{REPLACEMENT CHARACTER} stands for them",
    ProblemKind.MORE: "and more of them",
}
"""In words for people; the window translates them."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that was not taken over as it is."""

    kind: ProblemKind
    where: str
    """File, place in it, message: `conversations.json[3], message 7f…`."""
    detail: str = ""
    """More about it, or the name of what was left out."""

    def __str__(self) -> str:
        return self.said(WORDS[self.kind])

    def said(self, words: str) -> str:
        """One line in the words of a language."""
        return f"{self.where}: {words}" + (f" ({self.detail})" if self.detail else "")


class Notes:
    """Collects problems while something is read. Mutable."""

    def __init__(self) -> None:
        self._kept: list[Problem] = []
        self._more = 0
        self._last_where = ""

    def add(self, kind: ProblemKind, where: str, detail: str = "") -> None:
        """Note a problem; its texts are cut to a length that can be shown."""
        if len(self._kept) >= MAX_KEPT:
            self._more += 1
            self._last_where = where
            return
        problem = Problem(kind, _shown(where), _shown(detail))
        if problem not in self._kept[-8:]:
            self._kept.append(problem)

    def take(self) -> tuple[Problem, ...]:
        """What was noted since the last time."""
        taken = self._kept
        if self._more:
            taken.append(Problem(ProblemKind.MORE, _shown(self._last_where), str(self._more)))
        self._kept, self._more = [], 0
        return tuple(taken)


def size_text(size_bytes: int) -> str:
    """A size as people say it."""
    return f"{size_bytes / 2**20:,.0f} MB" if size_bytes >= 2**20 else f"{size_bytes:,} bytes"


def _shown(text: str) -> str:
    # Names and ids come from the file: no control characters, no lone surrogates, no megabytes.
    text = text if len(text) <= 300 else text[:299] + "…"
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
