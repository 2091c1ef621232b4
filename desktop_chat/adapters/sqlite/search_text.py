"""What of a message can be searched, in the form in which the index holds it.

The index holds folded text: small letters, no accents, full width as half width. So the
index of words, the index of trigrams and a plain comparison in Python agree on what is
equal. Facts about a message are words as well, of characters that nobody types, so that a
search for a common word and a rare fact is one walk through the index.
"""

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import isfinite
from typing import assert_never

from desktop_chat.domain.blocks import Block, Image, Notice, Reasoning, Refusal, Text, ToolCall, ToolResult
from desktop_chat.domain.message import Message, Role

ROLE, MODEL, ENDPOINT, HAS, PLACE = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
"""What begins a word that states a fact; private characters that no text typed into a search keeps."""

USER, ASSISTANT = f"{ROLE}user", f"{ROLE}assistant"

_PER_SECOND = 10
_LATEST = 2**52

_CODE = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\]\n]{0,400}\]\(|^\[Image(?:: [^\n]*)?\]$", re.MULTILINE)
_FILE = re.compile(r"^\[File(?:: [^\n]*)?\]$", re.MULTILINE)
_PLAIN = (
    "\t\n\x20-\x7f\u2010\u2012-\u2016\u2018-\u2023\u2025\u2027\u2030-\u2032\u2039\u203a\u20ac\u2190-\u2199\u2500-\u25ff\u2705\u3001\u3002"
    "\u3008-\u3011\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\U0001f300-\U0001faff"
)
"""Characters of which a small letter is all there is to folding; by far the most that are not ASCII."""
_ALL_PLAIN = re.compile(f"[{_PLAIN}]*")
_OTHERS = re.compile(f"([^{_PLAIN}]+)")
_SURROGATE = range(0xD800, 0xE000)
_DROPPED_MARKS = (
    *(range(0x300, 0x370), range(0x483, 0x48A), range(0x591, 0x5BE), range(0x5C1, 0x5C3), range(0x610, 0x61B)),
    *(range(0x64B, 0x660), range(0x670, 0x671), range(0x6D6, 0x6DD), range(0x1AB0, 0x1B00), range(0x1DC0, 0x1E00)),
    *(range(0x20D0, 0x2100), range(0xFE20, 0xFE30)),
)
"""Accents and vowel points. Vowel signs of Indic scripts and Thai are letters to those who read them, and stay."""
_UNSEEN = {0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFE0E, 0xFE0F, 0xFEFF}
"""Soft hyphens, joiners, marks of direction, choices between two pictures of one character."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The searched columns of a message's row."""

    about: str
    """Facts, as words."""
    tools: str
    """Names, arguments and answers of tools, folded."""
    text: str
    """What was said and thought, folded."""


class Fold(dict[int, str]):
    """For `str.translate`: one character for each, so that a place in the folded text is a place in the text.

    Args:
        dropped: What stands for an accent or an unseen character.
    """

    def __init__(self, dropped: str) -> None:
        super().__init__()
        self._dropped = dropped

    def __missing__(self, code: int) -> str:
        self[code] = folded = self._fold(code)
        return folded

    def _fold(self, code: int) -> str:
        character = chr(code)
        if code in _UNSEEN or any(code in marks for marks in _DROPPED_MARKS):
            return self._dropped
        if code < 0x20 and character not in "\t\n":
            return " "
        if code in _SURROGATE:
            return "\ufffd"
        plain = unicodedata.normalize("NFKD", character.casefold())
        bare = "".join(c for c in plain if not any(ord(c) in marks for marks in _DROPPED_MARKS))
        whole = unicodedata.normalize("NFC", bare)
        if len(whole) == 1:
            return whole
        small = character.lower()
        return small if len(small) == 1 else character


_FOLD = Fold("")
_IN_PLACE = Fold("\x00")


def fold(text: str) -> str:
    """The form in which texts are compared. Folding what is folded changes nothing."""
    return _folded(text, _FOLD)


def fold_in_place(text: str) -> str:
    """The same with every character in its place: for one that is dropped there is a NUL."""
    return _folded(text, _IN_PLACE)


def said(blocks: Iterable[Block]) -> str:
    """What was said and thought, as it was written."""
    return "\n".join(
        block.text if not isinstance(block, Image) else block.words
        for block in blocks
        if isinstance(block, Image) or (isinstance(block, Text | Reasoning | Refusal) and block.text)
    )


def done(blocks: Iterable[Block]) -> str:
    """What tools were asked and answered, as it was written."""
    return "\n".join(_of_tools(blocks))


def columns_of(message: Message, conversation: int) -> Columns:
    """What the row of a message keeps for the search.

    Args:
        message: As it is written.
        conversation: The number of its conversation inside the database.
    """
    text = said(message.blocks)
    return Columns(f"{_about(message, text)} {PLACE}{conversation}", fold(done(message.blocks)), fold(text))


def exact(name: str) -> str:
    """The name of a model or an endpoint as a word: letters and digits alone."""
    return "".join(character for character in fold(name) if character.isalnum())


class Numbers:
    """Gives messages their numbers: the time in tenths of a second, so that the newest has the greatest.

    The full-text index walks along these numbers and never has to sort. Messages of one
    moment get the next free ones, in the order in which they are asked for.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._next: dict[int, int] = {}
        """Where the search for a free number goes on, by the number that the time alone gives."""

    def near(self, created_at: float) -> int:
        """A number that no row has."""
        wanted = number_at(created_at)
        number = self._next.get(wanted, wanted)
        # One row at a time: most numbers are free, and the first row says so.
        for (taken,) in self._connection.execute("SELECT num FROM messages WHERE num >= ? ORDER BY num", (number,)):
            if taken != number:
                break
            number += 1
        self._next[wanted] = number + 1
        return number


def moment(created_at: float) -> float:
    """A time that a column can hold; imported ones may be anything."""
    return created_at if isfinite(created_at) else 0.0


def number_at(created_at: float) -> int:
    """The smallest number a message of this time can have."""
    return int(min(max(moment(created_at), 0.0), _LATEST / _PER_SECOND) * _PER_SECOND)


def _folded(text: str, table: Fold) -> str:
    if _ALL_PLAIN.fullmatch(text):
        return text.lower()
    parts = _OTHERS.split(text)
    parts[::2] = [plain.lower() for plain in parts[::2]]
    parts[1::2] = [other.translate(table) for other in parts[1::2]]
    return "".join(parts)


def _of_tools(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case ToolCall(_, name, arguments_json):
                yield f"{name} {arguments_json}"
            case ToolResult(_, text):
                yield text
            case Text() | Reasoning() | Refusal() | Notice() | Image():
                pass
            case _:
                assert_never(block)


def _about(message: Message, text: str) -> str:
    words = [USER if message.role is Role.USER else ASSISTANT]
    if _CODE.search(text):
        words.append(f"{HAS}code")
    if _IMAGE.search(text):
        words.append(f"{HAS}image")
    if _FILE.search(text):
        words.append(f"{HAS}file")
    if any(isinstance(block, ToolCall | ToolResult) for block in message.blocks):
        words.append(f"{HAS}tool")
    words += [
        f"{mark}{word}"
        for mark, name in ((MODEL, message.model), (ENDPOINT, message.endpoint_name))
        if (word := exact(name))
    ]
    return " ".join(words)
