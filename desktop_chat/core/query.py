"""What a person typed into the search, taken apart.

    python "second law" -draft model:gpt role:user has:code after:2026-01-31 in:Work tag:idea

Words are sought by how they begin, phrases as they stand; `-` before a word, a phrase or an
operator leaves out what has it. The same operator again widens the search (`has:` and `tag:`
narrow it). What is being typed never disturbs: an operator without its value yet, or with
the beginning of one, and a quote without its end are all fine.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from desktop_chat.domain.errors import QueryError

_Value = TypeVar("_Value", bound=StrEnum)

MOST_TERMS = 32
"""What stands after so many words, phrases and operators is not looked at."""


class SearchRole(StrEnum):
    """Who said it. What tools were asked and answered is the tools' own."""

    USER = "user"
    ASSISTANT = "assistant"
    SYSTEM = "system"
    """The system prompt of a conversation."""
    TOOL = "tool"


class Has(StrEnum):
    """What a message has in it."""

    CODE = "code"
    IMAGE = "image"
    TOOL = "tool"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Facts:
    """What messages and conversations are, apart from their words. Empty: whatever they are."""

    models: tuple[str, ...] = ()
    """Parts of names, as typed; one of them has to fit, as with endpoints, roles and folders."""
    endpoints: tuple[str, ...] = ()
    roles: frozenset[SearchRole] = frozenset()
    has: frozenset[Has] = frozenset()
    """All of them, as with tags."""
    tags: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()

    @property
    def is_of_messages(self) -> bool:
        """Whether a title alone can never fit."""
        return bool(self.models or self.endpoints or self.roles or self.has)


@dataclass(frozen=True, slots=True)
class Query:
    """A search. All words and phrases have to be there, in any order."""

    words: tuple[str, ...] = ()
    """Each begins a word of the text."""
    phrases: tuple[str, ...] = ()
    """Each stands there as it is."""
    open_phrase: str = ""
    """The phrase that is still being typed: its last word may go on."""
    excluded: tuple[str, ...] = ()
    """Words and phrases that stand nowhere in the text, whole ones."""
    wanted: Facts = field(default_factory=Facts)
    unwanted: Facts = field(default_factory=Facts)
    """Nothing of it may be."""
    after: date | None = None
    """From the beginning of this day, where the person is."""
    before: date | None = None
    """Until the beginning of this day."""
    in_trash: bool = False
    """In the trash and nowhere else; else nothing of the trash is found."""
    in_archive: bool | None = None
    """Only there, or only elsewhere; `None`: anywhere."""

    @property
    def has_words(self) -> bool:
        """Whether there is text to look for."""
        return bool(self.words or self.phrases or self.open_phrase)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked yet."""
        return self == Query()


@dataclass(frozen=True, slots=True)
class _Term:
    """A word, a phrase or an operator as it was typed."""

    text: str
    operator: str = ""
    is_excluded: bool = False
    is_phrase: bool = False
    is_open: bool = False


_OPERATORS = ("model", "endpoint", "role", "has", "before", "after", "in", "tag")
_QUOTES = '"“”„«»'
_QUOTED = re.compile(rf"[{_QUOTES}](?P<text>[^{_QUOTES}]*)(?P<end>[{_QUOTES}]|$)")
_OPERATOR = re.compile(rf"(?P<name>{'|'.join(_OPERATORS)}):(?P<value>[^\s{_QUOTES}]*)", re.IGNORECASE)
_WORD = re.compile(rf"[^\s{_QUOTES}]+")
_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_BEGUN_DATE = re.compile(r"\d{0,3}|\d{4}[-/.]0?|\d{4}[-/.]\d{1,2}[-/.]0?")


def parse(text: str) -> Query:
    """Take apart what was typed.

    Raises:
        QueryError: An operator has a value it cannot have; its `part` is what was typed.
    """
    words: list[str] = []
    phrases: list[str] = []
    excluded: list[str] = []
    open_phrase = ""
    operators: list[_Term] = []
    for _, term in zip(range(MOST_TERMS), _terms(text), strict=False):
        if term.operator:
            operators.append(term)
        elif term.is_excluded:
            excluded.append(term.text)
        elif term.is_open:
            open_phrase = term.text
        else:
            (phrases if term.is_phrase else words).append(term.text)
    places = [t for t in operators if t.operator == "in"]
    archive = [t for t in places if _is_place(t, "archive")]
    return Query(
        words=tuple(words),
        phrases=tuple(phrases),
        open_phrase=open_phrase,
        excluded=tuple(excluded),
        wanted=_facts([t for t in operators if not t.is_excluded]),
        unwanted=_facts([t for t in operators if t.is_excluded]),
        after=_latest(_days(operators, "after") + _days(operators, "before", is_excluded=True)),
        before=_earliest(_days(operators, "before") + _days(operators, "after", is_excluded=True)),
        in_trash=any(_is_place(t, "trash") and not t.is_excluded for t in places),
        in_archive=not archive[-1].is_excluded if archive else None,
    )


def _terms(text: str) -> Iterator[_Term]:
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        is_excluded = _excludes(text, at)
        at += is_excluded
        if found := _QUOTED.match(text, at):
            at = found.end()
            if phrase := " ".join(found["text"].split()):
                yield _Term(phrase, "", is_excluded, is_phrase=True, is_open=not found["end"])
        elif found := _OPERATOR.match(text, at):
            at = found.end()
            value = found["value"]
            if not value and (quoted := _QUOTED.match(text, at)):
                at = quoted.end()
                value = " ".join(quoted["text"].split())
            if value:
                yield _Term(value, found["name"].lower(), is_excluded)
        elif found := _WORD.match(text, at):
            at = found.end()
            yield _Term(found[0], "", is_excluded)
        else:  # A quote that only ends something.
            at += 1


def _excludes(text: str, at: int) -> bool:
    # `-word`; but `--option`, `->` and a dash alone are text.
    after = text[at + 1 : at + 2]
    return text[at] == "-" and bool(after.strip()) and after not in "->"


def _facts(operators: list[_Term]) -> Facts:
    def texts(name: str) -> tuple[str, ...]:
        return tuple(term.text for term in operators if term.operator == name)

    return Facts(
        models=texts("model"),
        endpoints=texts("endpoint"),
        roles=frozenset(_one_of(SearchRole, term) for term in operators if term.operator == "role"),
        has=frozenset(_one_of(Has, term) for term in operators if term.operator == "has"),
        tags=texts("tag"),
        folders=tuple(
            t.text for t in operators if t.operator == "in" and not (_is_place(t, "trash") or _is_place(t, "archive"))
        ),
    )


def _one_of(kind: type[_Value], term: _Term) -> _Value:
    value = term.text.lower()
    for member in kind:
        if member.value.startswith(value):
            return member
    raise QueryError(term.operator, f"{term.operator}:{term.text}")


def _is_place(term: _Term, name: str) -> bool:
    return term.text.lower() == name


def _days(operators: list[_Term], name: str, *, is_excluded: bool = False) -> list[date]:
    days = [_day(term) for term in operators if term.operator == name and term.is_excluded == is_excluded]
    return [day for day in days if day is not None]


def _day(term: _Term) -> date | None:
    if _BEGUN_DATE.fullmatch(term.text):
        return None
    found = _DATE.fullmatch(term.text)
    with suppress(ValueError):  # 2026-02-30
        if found is not None:
            return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    raise QueryError("date", f"{term.operator}:{term.text}")


def _latest(days: list[date]) -> date | None:
    return max(days, default=None)


def _earliest(days: list[date]) -> date | None:
    return min(days, default=None)
