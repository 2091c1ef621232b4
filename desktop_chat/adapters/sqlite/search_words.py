"""A search as an expression of FTS5 over the index of words.

FTS5 walks along a word from its newest message without reading the rest, but to find what
begins with some letters it first gathers all of it, unless the letters are as many as its
index of beginnings has. So a beginning is spelled out here: as all words that begin so, or,
where it is short, as all beginnings of the indexed length.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from desktop_chat.adapters.sqlite.search_match import Sought
from desktop_chat.adapters.sqlite.search_text import ASSISTANT, ENDPOINT, HAS, MODEL, PLACE, USER, exact
from desktop_chat.core.query import Facts, Query, SearchRole

INDEXED = 3
"""Letters of a beginning that FTS5 has an index for; `prefix` of the table."""
MOST_SPELLED = 256
"""Words a beginning is spelled out as; where there are more, FTS5 gathers them."""
_ABOVE = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class FactWords:
    """The facts of a search as words of the column `about`."""

    wanted: tuple[frozenset[str], ...] = ()
    """One of each."""
    unwanted: frozenset[str] = frozenset()
    speakers: frozenset[SearchRole] = frozenset((SearchRole.USER, SearchRole.ASSISTANT, SearchRole.TOOL))
    """Whose words count."""

    @property
    def is_impossible(self) -> bool:
        """Whether no message can be like that, as far as is known."""
        return not self.speakers or any(not words for words in self.wanted)

    def fit(self, about: str) -> bool:
        """Whether a message is like that; who speaks apart."""
        words = set(about.split())
        return words.isdisjoint(self.unwanted) and not any(words.isdisjoint(choice) for choice in self.wanted)

    def texts(self, about: str, text: str, tools: str) -> list[str]:
        """What of a message counts."""
        speaker = SearchRole.USER if USER in about.split() else SearchRole.ASSISTANT
        counted = [text] if speaker in self.speakers else []
        return [*counted, tools] if tools and SearchRole.TOOL in self.speakers else counted


def fact_words(connection: sqlite3.Connection, query: Query, places: Iterable[int] | None) -> FactWords:
    """Look up which models and endpoints there are, and say the facts as words.

    Args:
        connection: To the store.
        query: What is asked.
        places: The numbers of the conversations to look in; `None`: all.
    """
    wanted, unwanted = query.wanted, query.unwanted
    choices = [frozenset((f"{HAS}{has}",)) for has in wanted.has]
    if wanted.models:
        choices.append(_named(connection, MODEL, wanted.models))
    if wanted.endpoints:
        choices.append(_named(connection, ENDPOINT, wanted.endpoints))
    if places is not None:
        choices.append(frozenset(f"{PLACE}{number}" for number in places))
    speakers = (wanted.roles or frozenset(SearchRole)) - unwanted.roles - {SearchRole.SYSTEM}
    return FactWords(tuple(choices), _unwanted_words(connection, unwanted), speakers)


def expression(
    connection: sqlite3.Connection, facts: FactWords, things: Sequence[Sought], unwanted: Sequence[Sought]
) -> str | None:
    """What to ask the index of words; `None` if nothing can be found."""
    if facts.is_impossible:
        return None
    wanted = [_spelled(connection, thing) for thing in things]
    if not all(wanted):
        return None
    parts = [f"about : ({_any(choice)})" for choice in facts.wanted]
    parts.append(_spoken(facts.speakers, " AND ".join(f"({words})" for words in wanted)))
    whole = " AND ".join(f"({part})" for part in parts)
    nots = [_phrase(thing.words) for thing in unwanted]
    if facts.unwanted:
        nots.append(f"about : ({_any(facts.unwanted)})")
    return f"({whole}) NOT ({' OR '.join(f'({n})' for n in nots)})" if nots else whole


def title_expression(things: Sequence[Sought], unwanted: Sequence[Sought]) -> str:
    """What to ask the index of titles, which is small."""
    whole = " AND ".join(f"{_phrase(thing.words)}{'*' if thing.is_begun else ''}" for thing in things)
    nots = " OR ".join(_phrase(thing.words) for thing in unwanted)
    return f"({whole}) NOT ({nots})" if nots else whole


def is_known(connection: sqlite3.Connection, thing: Sought) -> bool:
    """Whether each of its words is a word of some message, the last perhaps as its beginning."""
    *whole, last = thing.words
    first = next(terms_from(connection, "text_terms", last), "")
    return bool(first == last or (first and thing.is_begun)) and all(
        next(terms_from(connection, "text_terms", word), "") == word for word in whole
    )


def terms_from(connection: sqlite3.Connection, table: str, begin: str) -> Iterator[str]:
    """All terms of an index that begin so, each found with one look."""
    at = begin
    while found := connection.execute(
        f"SELECT term FROM {table} WHERE term >= ? AND term < ? LIMIT 1",  # noqa: S608 - our own names
        (at, begin + _ABOVE),
    ).fetchone():
        yield found[0]
        at = found[0] + "\x01"


def _named(connection: sqlite3.Connection, mark: str, names: Iterable[str]) -> frozenset[str]:
    parts = [part for name in names if (part := exact(name))]
    known = list(terms_from(connection, "text_terms", mark))
    return frozenset(term for term in known if any(part in term for part in parts))


def _unwanted_words(connection: sqlite3.Connection, unwanted: Facts) -> frozenset[str]:
    words = {f"{HAS}{has}" for has in unwanted.has}
    if unwanted.models:
        words |= _named(connection, MODEL, unwanted.models)
    if unwanted.endpoints:
        words |= _named(connection, ENDPOINT, unwanted.endpoints)
    return frozenset(words)


def _spoken(speakers: frozenset[SearchRole], words: str) -> str:
    people = [word for role, word in ((SearchRole.USER, USER), (SearchRole.ASSISTANT, ASSISTANT)) if role in speakers]
    if len(people) == 2 and SearchRole.TOOL in speakers:
        return words or f"about : ({_any(people)})"
    said = f"(about : ({_any(people)}))" + (f" AND (text : ({words}))" if words else "") if people else ""
    by_tools = f"about : ({_any([f'{HAS}tool'])})" + (f" AND (tools : ({words}))" if words else "")
    if SearchRole.TOOL not in speakers:
        return said
    return f"({said}) OR ({by_tools})" if said else by_tools


def _spelled(connection: sqlite3.Connection, thing: Sought) -> str:
    *first, last = thing.words
    if not thing.is_begun:
        return _phrase([*first, last])
    if len(last) == INDEXED:
        return f"{_phrase([*first, last])}*"
    endings = _endings(connection, last)
    if endings is None:
        # One or two letters with that many words: as a word of its own, which is what could be meant.
        return _phrase([*first, last]) + ("*" if len(last) > INDEXED else "")
    return " OR ".join(_phrase([*first, word]) + ("*" if is_begun else "") for word, is_begun in endings)


def _endings(connection: sqlite3.Connection, begin: str) -> list[tuple[str, bool]] | None:
    found: list[tuple[str, bool]] = []
    if len(begin) > INDEXED:
        for term in terms_from(connection, "text_terms", begin):
            found.append((term, False))
            if len(found) > MOST_SPELLED:
                return None
        return found
    at = begin
    while row := connection.execute(
        "SELECT term FROM text_terms WHERE term >= ? AND term < ? LIMIT 1", (at, begin + _ABOVE)
    ).fetchone():
        term = row[0]
        is_begun = len(term) >= INDEXED
        found.append((term[:INDEXED], is_begun))
        at = term[:INDEXED] + (_ABOVE if is_begun else "\x01")
        if len(found) > MOST_SPELLED:
            return None
    return found


def _any(words: Iterable[str]) -> str:
    return " OR ".join(_phrase([word]) for word in sorted(words))


def _phrase(words: Sequence[str]) -> str:
    # Letters and digits alone: nothing a person types is an operator of FTS5.
    return f'"{" ".join(words)}"'
