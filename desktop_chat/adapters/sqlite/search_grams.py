"""Parts of words, and scripts without blanks, found by an index of trigrams.

The index is built in the background, newest messages first, in steps that hold the writing
thread for some milliseconds. Whatever is not in it yet is read, as far as that is quick.
It keeps no places (`detail = none`), which makes it a third as large: what it finds is
compared with the text afterwards. In the benchmark `library` a message costs 600 bytes and
0.15 ms of one core, and no step of a million messages took 50 ms.
"""

import sqlite3
from collections.abc import Sequence
from time import perf_counter

from desktop_chat.adapters.sqlite.search_match import Sought
from desktop_chat.adapters.sqlite.search_words import terms_from

GRAM = 3
_NOWHERE = "\ue0fe" * GRAM
"""A trigram that texts do not have."""
MOST_GRAMS = 24
"""Trigrams of one thing that are asked for; the text decides anyway."""
MOST_SPELLED = 1000
"""Trigrams that one or two characters are spelled out as."""
SCANNED = 2_000
"""Messages without trigrams that are read, newest first."""
STEP_S = 0.02
"""How long a step may hold the writing thread."""
_FIRST_STEP = 16
_LARGEST_STEP = 1024
_MERGED_PAGES = 64


def expression(connection: sqlite3.Connection, things: Sequence[Sought]) -> str | None:
    """What to ask the index of trigrams: what it finds has to be compared.

    Returns:
        `None` if it cannot help.
    """
    parts = [part for thing in things if (part := _spelled(connection, thing.text))]
    return " AND ".join(f"({part})" for part in parts) or None


class Sifter:
    """Puts messages into the index of trigrams, some at a time. Lives in the writing thread."""

    def __init__(self) -> None:
        self._some = _FIRST_STEP
        self._may_merge = True
        self._may_merge_words = True
        """A large import leaves its index of words in many parts."""

    def step(self, connection: sqlite3.Connection) -> bool:
        """Do a little, in a transaction of the caller; newest first.

        Returns:
            Whether there is more to do.
        """
        if self._may_merge:
            self._may_merge = _merged(connection, "grams")  # Left to itself FTS5 merges much at once.
            if self._may_merge:
                return True
        begun = perf_counter()
        found = connection.execute("SELECT num FROM gram_todo ORDER BY num DESC LIMIT ?", (self._some,)).fetchall()
        if not found:
            self._may_merge_words = self._may_merge_words and _merged(connection, "text_search")
            return self._may_merge_words
        oldest, newest = found[-1][0], found[0][0]
        # From old to new, or FTS5 would write after every one.
        connection.execute(
            "INSERT INTO grams (rowid, body) SELECT num, body FROM gram_source "
            "WHERE num IN (SELECT num FROM gram_todo WHERE num BETWEEN ? AND ?) ORDER BY num",
            (oldest, newest),
        )
        connection.execute("DELETE FROM gram_todo WHERE num BETWEEN ? AND ?", (oldest, newest))
        self._may_merge = True
        self._pace(perf_counter() - begun)
        return True

    def _pace(self, took_s: float) -> None:
        if took_s > STEP_S:
            self._some = max(1, self._some // 2)
        elif took_s < STEP_S / 2:
            self._some = min(_LARGEST_STEP, self._some * 2)


def _merged(connection: sqlite3.Connection, index: str) -> bool:
    """Merge a little; whether there was anything to merge."""
    changes = connection.total_changes
    connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', ?)", (_MERGED_PAGES,))  # noqa: S608 - our own names
    return connection.total_changes - changes >= 2


def _spelled(connection: sqlite3.Connection, text: str) -> str:
    runs = text.split()
    grams = [run[at : at + GRAM] for run in runs for at in range(len(run) - GRAM + 1)]
    if grams:
        every = max(1, len(grams) // MOST_GRAMS)
        return " AND ".join(_quoted(gram) for gram in dict.fromkeys(grams[::every]))
    longest = max(runs, key=len)
    spelled: list[str] = []
    for term in terms_from(connection, "gram_terms", longest):
        spelled.append(_quoted(term))
        if len(spelled) > MOST_SPELLED:
            return ""
    return " OR ".join(spelled) or _quoted(_NOWHERE)


def _quoted(gram: str) -> str:
    return '"' + gram.replace('"', '""') + '"'
