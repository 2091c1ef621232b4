"""For display only: the unfinished end of a text, so that nothing shown has to be taken back.

A last line that is only a marker, or may still become something else, is held back; in
text, open markers are completed and half written ones dropped. Never applied to the final
text, nor to anything that is settled.
"""

import re

from desktop_chat.markup.inline import is_plain
from desktop_chat.markup.math import masked, without_open

_CONTAINERS = re.compile(r"(?:[ \t]*(?:>[ \t]?|[-*+](?=[ \t])[ \t]+|\d{1,9}[.)](?=[ \t])[ \t]+))*[ \t]*")
_ONLY_A_MARKER = re.compile(
    r"(?:[-*_+=> \t]*"  # bullet, rule, underline, quote, emphasis that opens
    r"|\d{1,9}[.)]?"  # number of an item
    r"|#{1,6}[ \t]*"  # heading
    r"|`{1,2}|~{1,2}|`{3}[^`]*|~{3}.*"  # fence with its info string
    r"|\[[ xX]?\]?[ \t]?"  # box of a task
    r"|!?\[(?!\^)[^\]]*\]:.*"  # link definition
    r"|\[\^[^\]\s]*\]?:?[ \t]*"  # mark of a footnote
    r"|\|.*"  # first line of a table
    r")$",
    re.DOTALL,
)
_DELIMITER_ROW = re.compile(r"[ \t]*\|?[ \t]*:?-*[-:| \t]*$")
_END = re.compile(
    r"(?:\\"  # an escape without its character
    r"|&#?[A-Za-z0-9]{0,8}"  # an entity, perhaps
    r"|!?\[\^[^\]\s]*"  # a footnote mark
    r"|(?<![\w\\])\[\d*\]?|(?<!\\)\["  # a number in brackets, mostly a source
    r"|!\[[^\]]*(?:\](?:\([^)\s]*(?:\s[^)]*)?)?)?"  # an image
    r"|(?<!\\)!"
    r"|(?<!\\)<[A-Za-z]{0,7}"  # an address in angle brackets
    r")$"
)
_OPEN_LINK = re.compile(
    r"(?<![\w\\])\[(?!\^)((?:[^\[\]\\]|\\.)*)(?:\]|\](?:\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s[^)]*)?|\[[^\]]*))?$"
)
_OPEN_ADDRESS = re.compile(r"(?<!\\)<((?:https?|mailto):[^\s<>]*)$")
_MARK = re.compile(
    r"\\\(.+?\\\)|\\\[.+?\\\]|\$\$[^$`]+\$\$|\$(?!\s)[^$`\n]+(?<!\s)\$(?!\d)|\\.|`+|\*+|_+|~~+", re.DOTALL
)
_REACH = 1_000
"""Characters from the end in which an unfinished link is looked for."""


def shown_line(line: str, before: str) -> str:
    """What to show of the unfinished last line, the empty string if nothing.

    Args:
        line: Without a line break.
        before: The complete lines of the tail, which may end in the first line of a table.
    """
    if "\n" in line:
        return line
    at = _CONTAINERS.match(line)
    rest = line[at.end() :] if at else line
    if not rest.strip():
        return ""
    if _ONLY_A_MARKER.match(rest) and not (rest[0] == "|" and _is_in_table(before)):
        return ""
    return line


def shown_lines(before: str, line: str) -> str:
    """Complete lines without a last one that waits for the delimiter row of its table."""
    last = before[before.rfind("\n", 0, -1) + 1 :]
    if last.lstrip().startswith("|") and not line.strip(" \t|:-") and not _is_in_table(before):
        return before[: -len(last)]
    return before


def _is_in_table(before: str) -> bool:
    """Whether the last lines are a table that has its delimiter row."""
    for line in reversed(before.splitlines()):
        if not line.lstrip().startswith("|"):
            return False
        if _DELIMITER_ROW.match(line) and "-" in line:
            return True
    return False


def mended(content: str) -> str:
    """Inline source that shows now what it will most likely show when it is complete."""
    if is_plain(content):
        return content
    content = without_open(content)
    head, tail = content[:-_REACH], content[-_REACH:]
    held = _END.search(tail)
    if held:
        tail = tail[: held.start()]
    bare = masked(tail) if "[" in tail else ""
    link = _OPEN_LINK.search(bare)
    if link and "`" not in bare[: link.start()]:
        # The address is still coming: the text alone stays when the link is there.
        tail = tail[: link.start()] + tail[link.start(1) : link.end(1)]
    address = _OPEN_ADDRESS.search(tail)
    if address:
        tail = tail[: address.start()] + address[1]
    return _closed(head + tail)


def _closed(content: str) -> str:
    """With open markers closed, and without those at the very end that may yet mean anything."""
    bare = content.rstrip("*_~")
    trailing = content[len(bare) :]
    if bare.endswith("\\"):
        bare, trailing = content, ""
    stack, code = _open_marks(bare)
    if code:
        # Until its end comes, the rest is code and nothing in it counts.
        opened = bare.rfind(code)
        if bare[opened:].strip("` \n"):
            return content.rstrip("`") + code + "".join(reversed(stack))
        bare = bare[:opened].rstrip("`")
        return _closed(bare)
    closed = list(stack)
    left = trailing
    while left and closed and left.startswith(closed[-1]):
        left = left[len(closed.pop()) :]
    if trailing and not left:
        bare, stack = content, closed
    body = bare.rstrip()
    return body + "".join(reversed(stack)) + bare[len(body) :]


def _open_marks(content: str) -> tuple[list[str], str]:
    """Emphasis that is open at the end, outermost first, and the backticks of open code."""
    stack: list[str] = []
    code = ""
    for found in _MARK.finditer(content):
        marker = found[0]
        if code:
            if marker.lstrip("\\") == code:
                code = ""
        elif marker[0] == "`":
            code = marker
        elif marker[0] not in "\\$":
            _pair(stack, content[found.start() - 1 : found.start()] or " ", marker, content[found.end() :][:1] or " ")
    return stack, code


def _pair(stack: list[str], before: str, marker: str, after: str) -> None:
    """Open or close emphasis; roughly the rule of CommonMark, good enough for a glance."""
    left = marker
    can_close = not before.isspace() and not (marker[0] == "_" and after.isalnum())
    while left and can_close and any(opened[0] == left[0] for opened in stack):
        top = stack.pop()
        if top[0] == left[0]:
            if len(top) > len(left):
                stack.append(top[len(left) :])
            left = left[len(top) :]
    # Within a word it is rather a power or a product than emphasis.
    can_open = not after.isspace() and not (before.isascii() and before.isalnum())
    if left and can_open:
        stack += ["~~"] if left[0] == "~" else [left[0] * 2, left[0]] if len(left) > 2 else [left]
