"""Full-text search over titles and messages; runs in the store's thread."""

import re
import sqlite3

from desktop_chat.core.ports import Hit

_WORDS = re.compile(r"\w+")

_TITLES = """
SELECT c.id, NULL, highlight(title_search, 0, char(2), char(3))
FROM title_search JOIN conversations c ON c.num = title_search.rowid
WHERE title_search MATCH ? AND c.deleted_at IS NULL ORDER BY c.updated_at DESC LIMIT ?
"""

_MESSAGES = """
SELECT c.id, m.id, snippet(text_search, 0, char(2), char(3), '…', 16)
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
    hits = connection.execute(_TITLES, (query, limit)).fetchall()
    if len(hits) < limit:
        hits += connection.execute(_MESSAGES, (query, limit - len(hits))).fetchall()
    return [Hit(conversation, message, " ".join((snippet or "").split())) for conversation, message, snippet in hits]


def _query(text: str) -> str:
    # Quoted, so that nothing a person types is an operator of FTS5.
    return " ".join(f'"{word}"*' for word in _WORDS.findall(text))
