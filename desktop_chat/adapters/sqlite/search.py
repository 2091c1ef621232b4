"""Search over titles and messages, newest first; runs in the thread of whoever owns the connection.

Words are asked of the index of words. What that cannot find (see `search_grams`) is asked of
the trigrams, and if the words of a search are found nowhere, they are looked for within
words the same way.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import merge
from itertools import chain, islice
from math import inf

from desktop_chat.adapters.sqlite import search_grams, search_words
from desktop_chat.adapters.sqlite.search_match import Matcher, Sought, as_part, excluded, sought
from desktop_chat.adapters.sqlite.search_scope import Scope, scope_of
from desktop_chat.adapters.sqlite.search_text import USER, done, fold, number_at, said
from desktop_chat.adapters.sqlite.search_words import FactWords
from desktop_chat.core.ports import Hit
from desktop_chat.core.query import Query, SearchRole
from desktop_chat.domain.codec import block_from_dict
from desktop_chat.domain.ids import ConversationId, MessageId

MOST_TITLES = 50
"""Titles before the messages begin."""
_FOLDED = 16_384
"""Titles whose folded form is remembered from letter to letter: a few megabytes at most."""
_SHORTEST_PART = 3
"""Characters of a word that is looked for within words."""
_BUMPED = 10 * 86_400
"""How far a number may be beyond its time because others were taken: a day of tenths of a second."""

_GREATEST = 2**62
_NEWEST_LEFT = f"(SELECT num FROM gram_todo ORDER BY num DESC LIMIT {search_grams.SCANNED}) newest"  # noqa: S608 - our own names
_ALL = "messages newest"
_HAS_PART = "(instr(m.text, ?) OR instr(m.tools, ?))"

_NOT_ASCII = "length(CAST(c.title AS BLOB)) - length(c.title) > 2 * (substr(c.title, -1) = '…')"
"""Besides the character with which titles end that were cut: three bytes."""

_PLACES = """
FROM {index} JOIN messages m ON m.num = {index}.{number} JOIN conversations c ON c.num = m.conversation
WHERE {match} AND {scope} AND m.created_at >= ? AND m.created_at < ? AND (c.deleted_messages = '[]'
    OR NOT EXISTS (SELECT 1 FROM json_each(c.deleted_messages) WHERE value = m.id))
ORDER BY {index}.{number} DESC
"""


_Head = tuple[ConversationId, str, float]
"""Id, title and last change of a conversation."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A message that may be a hit."""

    number: int
    message_id: MessageId
    at: float
    about: str
    conversation_id: ConversationId
    title: str
    data: str
    text: str = ""
    tools: str = ""


class _Search:
    """One search."""

    def __init__(self, connection: sqlite3.Connection, query: Query) -> None:
        self._connection = connection
        self._query = query
        self._scope: Scope = scope_of(connection, query)
        self._things = sought(query)
        self._unwanted = excluded(query)
        self._facts: FactWords = search_words.fact_words(connection, query, self._scope.places(connection))

    def hits(self, limit: int) -> list[Hit]:
        """Titles, then messages."""
        found = list(islice(self._titles(self._things), min(limit, MOST_TITLES if self._looks_at_messages else limit)))
        if self._looks_at_messages and len(found) < limit:
            found += islice(self._messages(self._things), limit - len(found))
        if not found and (parts := self._within_words()):
            found = list(islice(chain(self._titles(parts), self._messages(parts)), limit))
        return found

    @property
    def _looks_at_messages(self) -> bool:
        return bool(self._things) or self._query.wanted.is_of_messages

    def _within_words(self) -> list[Sought]:
        """What no word begins with, as parts of words; so too a word alone. Empty if that is no other search."""
        is_alone = len(self._things) == 1 and len(self._things[0].words) == 1
        things = [
            thing
            if thing.is_part
            or len(thing.text) < _SHORTEST_PART
            or (not is_alone and search_words.is_known(self._connection, thing))
            else as_part(thing)
            for thing in self._things
        ]
        return things if things != self._things else []

    def _titles(self, things: Sequence[Sought]) -> Iterator[Hit]:
        wanted = self._query.wanted
        if not wanted.is_of_messages:
            yield from self._named(things)
        elif SearchRole.SYSTEM in wanted.roles and not (wanted.models or wanted.endpoints or wanted.has):
            yield from self._prompted(things)

    def _named(self, things: Sequence[Sought]) -> Iterator[Hit]:
        matcher = Matcher(things, self._unwanted)
        if any(thing.is_part for thing in (*things, *self._unwanted)):
            found: Iterable[_Head] = self._titled(matcher, things)
        elif things:
            match = search_words.title_expression(things, self._unwanted)
            found = self._heads(
                "title_search JOIN", "ON c.num = title_search.rowid WHERE title_search MATCH ? AND", match
            )
        else:
            found = self._heads("", "WHERE")
        for id_, title, updated_at in found:
            yield Hit(id_, None, matcher.marked(title), title, "", updated_at)

    def _titled(self, matcher: Matcher, things: Sequence[Sought]) -> Iterable[_Head]:
        """Titles with parts of words: every one is looked at."""
        longest = _longest(things)
        # SQLite looks for it where small letters are all there is to folding: in nearly all titles.
        has_it = f"(instr(lower(c.title), ?) OR {_NOT_ASCII})"
        heads = self._heads("", f"WHERE {has_it} AND", longest, order="")
        found = [
            head
            for head in heads
            if longest in (line := head[1].lower() if head[1].isascii() else _folded(head[1])) and matcher.fits((line,))
        ]
        return sorted(found, key=lambda head: -head[2])

    def _heads(
        self, source: str, where: str, *values: str, order: str = "ORDER BY c.updated_at DESC"
    ) -> Iterator[_Head]:
        return self._connection.execute(
            f"SELECT c.id, c.title, c.updated_at FROM {source} conversations c {where} {self._scope.where} "  # noqa: S608 - our own names
            f"AND c.updated_at >= ? AND c.updated_at < ? {order}",
            (*values, *self._scope.values, self._scope.after, self._scope.before),
        )

    def _prompted(self, things: Sequence[Sought]) -> Iterator[Hit]:
        matcher = Matcher(things, self._unwanted)
        found = self._connection.execute(
            "SELECT c.id, c.title, c.updated_at, json_extract(c.settings, '$.system_prompt') AS prompt "  # noqa: S608 - our own names
            f"FROM conversations c WHERE {self._scope.where} AND json_valid(c.settings) AND prompt != '' "
            "AND c.updated_at >= ? AND c.updated_at < ? ORDER BY c.updated_at DESC",
            (*self._scope.values, self._scope.after, self._scope.before),
        )
        fits: dict[str, bool] = {}
        for id_, title, updated_at, prompt in found:
            if not isinstance(prompt, str):
                continue
            if prompt not in fits:  # Many conversations have the same one.
                fits[prompt] = matcher.fits((fold(prompt),))
            if fits[prompt]:
                yield Hit(id_, None, matcher.excerpt(prompt) or "", title, SearchRole.SYSTEM, updated_at)

    def _messages(self, things: Sequence[Sought]) -> Iterator[Hit]:
        if self._facts.is_impossible:
            return
        matcher = Matcher(things)
        places = self._by_parts(things) if any(thing.is_part for thing in things) else self._by_words(things)
        for place in places:
            yield self._hit(place, matcher)

    def _by_words(self, things: Sequence[Sought]) -> Iterator[_Place]:
        parts = [thing for thing in self._unwanted if thing.is_part]
        words = [thing for thing in self._unwanted if not thing.is_part]
        match = search_words.expression(self._connection, self._facts, things, words)
        if match is None:
            return
        unwanted = Matcher((), parts)
        for place in self._places("text_search", match, with_text=bool(parts)):
            if not parts or unwanted.fits((place.text, place.tools)):
                yield place

    def _by_parts(self, things: Sequence[Sought]) -> Iterator[_Place]:
        """What the trigrams find, and what is read because it has none yet, in one order."""
        wanted, unwanted = Matcher(things), Matcher((), self._unwanted)
        match = search_grams.expression(self._connection, [thing for thing in things if thing.is_part])
        places: Iterator[_Place]
        if match:
            indexed = self._places("grams", match, parts=_runs(things))
            places = merge(indexed, self._read(_NEWEST_LEFT, things), key=lambda p: -p.number)
        else:  # So common that reading finds enough.
            places = self._read(_ALL, things)
        for place in places:
            if (
                self._facts.fit(place.about)
                and wanted.fits(self._facts.texts(place.about, place.text, place.tools))
                and unwanted.fits((place.text, place.tools))
            ):
                yield place

    def _places(
        self, index: str, match: str, *, parts: Sequence[str] = (), with_text: bool = False
    ) -> Iterator[_Place]:
        first, last = self._numbers()
        sql = _PLACES.format(
            index=index,
            number="rowid",
            match=" AND ".join([f"{index} MATCH ? AND {index}.rowid BETWEEN ? AND ?", *([_HAS_PART] * len(parts))]),
            scope=self._scope.where,
        )
        values: list[str | int] = [match, first, last, *(part for part in parts for _ in range(2))]
        return self._select(sql, values, with_text=with_text or bool(parts))

    def _read(self, source: str, things: Sequence[Sought]) -> Iterator[_Place]:
        parts = _runs(things)
        first, last = self._numbers()
        sql = _PLACES.format(
            index="newest",
            number="num",
            match=" AND ".join(["newest.num BETWEEN ? AND ?", *([_HAS_PART] * len(parts))]),
            scope=self._scope.where,
        ).replace("FROM newest", f"FROM {source}")
        return self._select(sql, (first, last, *(part for part in parts for _ in range(2))), with_text=True)

    def _select(self, sql: str, values: Sequence[str | int], *, with_text: bool) -> Iterator[_Place]:
        # Either what is shown of a message, or what it is compared by: most that are compared are not shown.
        columns = "'', m.text, m.tools" if with_text else "m.data"
        found = self._connection.execute(
            f"SELECT m.num, m.id, m.created_at, m.about, c.id, c.title, {columns} {sql}",
            (*values, *self._scope.values, self._scope.after, self._scope.before),
        )
        for row in found:
            yield _Place(*row)

    def _numbers(self) -> tuple[int, int]:
        first = number_at(self._scope.after)
        return first, number_at(self._scope.before) + _BUMPED if self._scope.before < inf else _GREATEST

    def _hit(self, place: _Place, matcher: Matcher) -> Hit:
        role = SearchRole.USER if USER in place.about.split() else SearchRole.ASSISTANT
        data = place.data or self._data(place.number)
        try:
            blocks = [block_from_dict(block) for block in json.loads(data)["blocks"]]
        except (ValueError, KeyError, TypeError, AttributeError):  # Found by words known from an earlier shape.
            text, tools = place.text, place.tools
        else:
            text, tools = said(blocks), done(blocks)
        line = None
        if role in self._facts.speakers:
            line = matcher.excerpt(text)
        if line is None and tools and (of_tools := matcher.excerpt(tools)) is not None:
            line, role = of_tools, SearchRole.TOOL
        return Hit(place.conversation_id, place.message_id, line or "", place.title, role, place.at)

    def _data(self, number: int) -> str:
        (data,) = self._connection.execute("SELECT data FROM messages WHERE num = ?", (number,)).fetchone()
        return str(data)


def find(connection: sqlite3.Connection, query: Query, limit: int) -> list[Hit]:
    """Titles first, then messages, each newest first.

    A title is that of a conversation; a hit with the role `system` and no message is a system prompt.
    """
    if query == Query(excluded=query.excluded):  # Nothing is asked for yet.
        return []
    return _Search(connection, query).hits(limit)


@lru_cache(_FOLDED)
def _folded(title: str) -> str:
    return fold(title)


def _longest(things: Sequence[Sought]) -> str:
    """The part that says most; empty if there is none."""
    return max(_runs(things), key=len, default="")


def _runs(things: Sequence[Sought]) -> list[str]:
    """The parts without the blanks between them, which may be longer in the text."""
    return [run for thing in things if thing.is_part for run in thing.text.split()]
