"""Which conversations a search looks into, and the times it keeps to."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from math import inf

from desktop_chat.adapters.sqlite.search_text import fold
from desktop_chat.core.query import Query

MOST_NAMED = 512
"""Conversations that are named one by one to the index; where there are more, every match is looked at."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Conditions on `conversations c`, with their values."""

    where: str
    values: tuple[str, ...]
    is_narrow: bool
    """Whether it may be a small part of the library."""
    after: float
    """Seconds since 1970."""
    before: float

    def places(self, connection: sqlite3.Connection) -> list[int] | None:
        """The numbers of the conversations, if they are few enough to be named; else `None`."""
        if not self.is_narrow:
            return None
        found = connection.execute(
            f"SELECT num FROM conversations c WHERE {self.where} LIMIT {MOST_NAMED + 1}",  # noqa: S608 - our own words
            self.values,
        ).fetchall()
        return [number for (number,) in found] if len(found) <= MOST_NAMED else None


def scope_of(connection: sqlite3.Connection, query: Query) -> Scope:
    """Look up folders and tags by their names."""
    conditions = [f"c.deleted_at IS {'NOT ' if query.in_trash else ''}NULL"]
    values: list[str] = []
    if query.in_archive is not None:
        conditions.append("c.archived" if query.in_archive else "NOT c.archived")
    for names, is_wanted in ((query.wanted.folders, True), (query.unwanted.folders, False)):
        if names:
            ids = _folders(connection, names)
            within = f"coalesce(c.folder_id, '') IN ({_holes(ids)})"
            conditions.append(within if is_wanted else f"NOT {within}")
            values += ids
    for wanted_tags, is_wanted in ((query.wanted.tags, True), (query.unwanted.tags, False)):
        for tag in wanted_tags:
            full = _tags(connection, tag)
            tagged = f"EXISTS (SELECT 1 FROM tags t WHERE t.conversation = c.num AND t.tag IN ({_holes(full)}))"  # noqa: S608 - question marks
            conditions.append(tagged if is_wanted else f"NOT {tagged}")
            values += full
    return Scope(
        where=" AND ".join(conditions),
        values=tuple(values),
        is_narrow=bool(query.in_trash or query.in_archive or query.wanted.folders or query.wanted.tags),
        after=_begin(query.after, -inf),
        before=_begin(query.before, inf),
    )


def _folders(connection: sqlite3.Connection, names: Iterable[str]) -> list[str]:
    """Ids of the folders of these names and of all below them."""
    known = connection.execute("SELECT id, name, parent_id FROM folders").fetchall()
    inside = {id_ for name in names for id_ in _named([(id_, name_) for id_, name_, _ in known], name)}
    while more := {id_ for id_, _, parent_id in known if parent_id in inside} - inside:
        inside |= more
    return sorted(inside)


def _tags(connection: sqlite3.Connection, tag: str) -> list[str]:
    return _named([(name, name) for (name,) in connection.execute("SELECT DISTINCT tag FROM tags")], tag)


def _named(known: Sequence[tuple[str, str]], name: str) -> list[str]:
    """Those with exactly this name; else, as it may still be typed, those whose names begin with it."""
    sought = fold(name)
    return [id_ for id_, full in known if fold(full) == sought] or [
        id_ for id_, full in known if fold(full).startswith(sought)
    ]


def _begin(day: date | None, otherwise: float) -> float:
    if day is None:
        return otherwise
    try:
        return datetime.combine(day, time()).timestamp()
    except (OverflowError, OSError, ValueError):  # A year that this system has no time for.
        return -inf if day.year < 1970 else inf


def _holes(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))
