"""Reads the commonest text of a paragraph without the parser: words, bold, italic, code and plain links.

What of a growing text is not finished is read at every flush, and mostly it is made of these.
The pieces are those that the parser would make; whatever is not obvious is left to it.
"""

import re

from desktop_chat.markup.leaves import Style

Found = tuple[str, Style, str]
"""Text, its style, and where it leads."""

# Nothing that means something, or an underscore within a word, which means nothing.
_WORDS = r"(?:[^\\`*_~\[\]!<&$@]|(?<=[A-Za-z0-9])_(?=[A-Za-z0-9])|!(?![\[*]))"
# Emphasis is obvious between white space and a letter at the one end, a letter and the end of a word at the other.
_BEFORE, _BEHIND = r"(?<![^\s(])", r"(?=[\s.,:;?)\-]|\Z)"
_INNER = rf"[^\W_](?:{_WORDS}*[^\W_])?"
_PIECE = re.compile(
    rf"({_WORDS}+)"
    rf"|{_BEFORE}\*\*({_INNER})\*\*{_BEHIND}"
    rf"|{_BEFORE}\*({_INNER})\*{_BEHIND}"
    r"|`([^`\s](?:[^`\n]*[^`\s])?)`(?!`)"
    rf"|\[({_INNER})\]\((https?://[a-z0-9]+(?:\.[a-z0-9]+)*(?:/[A-Za-z0-9._/-]*)?)\)"
)
_HIDDEN = re.compile(r"://|www\.| \n|\n[ \t]")
_STYLES = (Style.PLAIN, Style.PLAIN, Style.BOLD, Style.ITALIC, Style.CODE, Style.PLAIN)


def read_inline_quickly(text: str) -> list[Found] | None:
    """The pieces of a text with their line breaks as they are; `None` if the parser has to look."""
    pieces: list[Found] = []
    at, size = 0, len(text)
    while at < size:
        found = _PIECE.match(text, at)
        if found is None:
            return None
        at = found.end()
        kind = found.lastindex or 0
        if kind == 6:
            said, href = found[5], found[6]
        else:
            said, href = found[kind], ""
        if _HIDDEN.search(said) and kind != 4:
            return None
        pieces.append((said, _STYLES[min(kind, 5)], href))
    return pieces
