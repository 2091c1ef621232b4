"""Full-text search over titles and messages; runs in the store's thread."""

import re
import sqlite3
import unicodedata

from desktop_chat.core.ports import Hit

_WORDS = re.compile(r"\w+")
BEFORE = 50
"""Characters shown before the first match."""
EXCERPT = 160
"""Characters of an excerpt."""

_TITLES = """
SELECT c.id, NULL, highlight(title_search, 0, char(2), char(3))
FROM title_search JOIN conversations c ON c.num = title_search.rowid
WHERE title_search MATCH ? AND c.deleted_at IS NULL ORDER BY c.updated_at DESC LIMIT ?
"""

_MESSAGES = """
SELECT c.id, m.id, m.text
FROM text_search JOIN messages m ON m.num = text_search.rowid JOIN conversations c ON c.num = m.conversation
WHERE text_search MATCH ? AND c.deleted_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM json_each(c.deleted_messages) WHERE value = m.id)
ORDER BY text_search.rowid DESC LIMIT ?
"""


def find(connection: sqlite3.Connection, text: str, limit: int) -> list[Hit]:
    """Where all words of the text begin words, titles first, then messages, newest first."""
    query = _query(text)
    if not query:
        return []
    hits = [Hit(*row) for row in connection.execute(_TITLES, (query, limit))]
    sought = re.compile(rf"\b(?:{'|'.join(map(re.escape, _WORDS.findall(text)))})\w*", re.IGNORECASE)
    # Row by row: the text of one message at a time is in memory.
    for conversation, message, whole in connection.execute(_MESSAGES, (query, limit - len(hits))):
        hits.append(Hit(conversation, message, excerpt(whole or "", sought)))
    return hits


def excerpt(text: str, sought: re.Pattern[str]) -> str:
    """A line around the first match, with every match in it marked.

    FTS5's own `snippet` takes seconds for a message with ten thousand matches.
    """
    first = sought.search(text)
    if first is None:
        # The index knows no accents; this keeps every character in its place.
        bare = "".join(unicodedata.normalize("NFD", character)[0] for character in text)
        first = sought.search(bare)
    at = first.start() if first else 0
    begin = max(0, at - BEFORE)
    if begin:  # At a word, but never behind the match.
        begin = min(at, begin + len(text[begin:at].partition(" ")[0]) + 1)
    part = text[begin : begin + EXCERPT]
    if first is not None and sought.search(part) is None:
        end = first.end() - begin
        marked = f"{part[: at - begin]}\x02{part[at - begin : end]}\x03{part[end:]}"
    else:
        marked = sought.sub(lambda match: f"\x02{match[0]}\x03", part)
    more = "…" if begin + EXCERPT < len(text) else ""
    return ("…" if begin else "") + " ".join(marked.split()) + more


def _query(text: str) -> str:
    # Quoted, so that nothing a person types is an operator of FTS5.
    return " ".join(f'"{word}"*' for word in _WORDS.findall(text))
