"""What can be typed into the search besides words: the operators, and what completes them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from desktop_chat.core.query import parse
from desktop_chat.domain.errors import QueryError
from desktop_chat.ui.sidebar.words import tr

MOST_OFFERS = 12
_PLACE = re.compile(r"(?:^|\s)-?in:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator as a person meets it."""

    begin: str
    """What it begins with, and what is put into the field."""
    example: str
    meaning: str


def operators() -> tuple[Operator, ...]:
    """All of them, in the order in which they are explained."""
    return (
        Operator('"', tr('"exact phrase"'), tr("Words in this order")),
        Operator("-", tr("-word"), tr("Without this word")),
        Operator("role:", "role:user", tr("Written by user, assistant, system or tool")),
        Operator("has:", "has:code", tr("With code, an image, a tool call or a file")),
        Operator("model:", "model:llama", tr("Answered by this model")),
        Operator("endpoint:", "endpoint:local", tr("Answered through this endpoint")),
        Operator("after:", "after:2026-01-31", tr("On this day or later")),
        Operator("before:", "before:2026-01-31", tr("Before this day")),
        Operator("tag:", "tag:work", tr("In conversations with this tag")),
        Operator("in:", "in:archive", tr("In the archive, the trash or a folder")),
    )


Values = Mapping[str, Callable[[], Sequence[str]]]
"""For each operator that is completed, what its value can be now."""


@dataclass(frozen=True, slots=True)
class Offers:
    """What completes the word at the cursor."""

    begin: int
    end: int
    """The part of the text that is exchanged."""
    words: tuple[str, ...]


def offers(text: str, cursor: int, values: Values) -> Offers | None:
    """What completes the operator in which the cursor stands; `None` outside of one.

    Args:
        text: All that is typed.
        cursor: Where the person types.
        values: What there is to choose from.
    """
    begin = _word_begin(text, cursor)
    end = cursor
    while end < len(text) and not text[end].isspace():
        end += 1
    word = text[begin:cursor]
    sign = "-" if word.startswith("-") else ""
    name, colon, typed = word[len(sign) :].partition(":")
    known = values.get(name.lower())
    if not colon or known is None:
        return None
    wanted = typed.lstrip('"').casefold()
    found = sorted(
        (one for one in known() if wanted in one.casefold()), key=lambda one: not one.casefold().startswith(wanted)
    )
    words = tuple(f"{sign}{name.lower()}:{quoted(one)}" for one in found[:MOST_OFFERS])
    if not words or words == (word,):
        return None
    return Offers(begin, end, words)


def asks_something(text: str) -> bool:
    """Whether there is anything to look for yet."""
    try:
        return not parse(text).is_empty
    except QueryError:
        return True  # The search says what is wrong with it.


def names_a_place(text: str) -> bool:
    """Whether a search says itself where to look."""
    return _PLACE.search(text) is not None


def quoted(value: str) -> str:
    """A value as it is typed behind a colon."""
    plain = value.replace('"', "")
    return f'"{plain}"' if any(letter.isspace() for letter in plain) else plain


def _word_begin(text: str, cursor: int) -> int:
    begin, is_quoted = 0, False
    for at, letter in enumerate(text[:cursor]):
        if letter == '"':
            is_quoted = not is_quoted
        elif letter.isspace() and not is_quoted:
            begin = at + 1
    return begin
