"""Formulas: `$…$`, `$$…$$`, `\\(…\\)` and `\\[…\\]`, each block-local and read from left to right.

A formula stays text with its marks, so that it is found, copied and exported as it was
written; its style says that it can be drawn.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # The page needs `formula` before the first paint, and the parser only after it.
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

LONGEST = 2_000
"""Characters of a formula; a longer one is shown as it is written."""

# As Pandoc has it: no space inside the marks and no digit behind them, or prices become formulas.
_DOLLAR = re.compile(r"\$(?![\s$])(?:\\.|[^\\$`]){1,2000}?(?<!\s)\$(?!\d)", re.DOTALL)
_DOLLARS = re.compile(r"\$\$(?:\\.|[^\\$]){1,2000}?\$\$", re.DOTALL)
_PAREN = re.compile(r"\\\((?:(?!\\[()]).){1,2000}?\\\)", re.DOTALL)
_BRACKET = re.compile(r"\\\[(?:(?!\\[\[\]]).){1,2000}?\\\]", re.DOTALL)
_CODE = r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)"
_SPAN = re.compile(
    "|".join((_CODE, r"\\\\", _DOLLARS.pattern, _DOLLAR.pattern, _PAREN.pattern, _BRACKET.pattern, r"\\\$"))
    + r"|(?P<open>\$\$|(?<![\w$])\$(?![\s\d$])|\\[(\[])",
    re.DOTALL,
)
_MEANS = re.compile(r"[0-9A-Za-z\u0370-\u03ff]")
_CLOSING = {"$$": re.compile(r"\$\$[.,;]?$"), "\\[": re.compile(r"\\\][.,;]?$")}


def formula(text: str) -> tuple[str, bool]:
    """LaTeX of a run that is a formula, and whether it stands for itself."""
    is_display = text.startswith(("$$", "\\["))
    return (text[2:-2] if is_display or text.startswith("\\(") else text[1:-1]).strip(), is_display


def without_open(content: str) -> str:
    """Inline source up to a formula that is still being written; it appears when it is whole."""
    if "$" not in content and "\\" not in content:
        return content
    for found in _SPAN.finditer(content):
        if found["open"] and len(content) - found.start() <= LONGEST:
            return content[: found.start()]
    return content


def masked(content: str) -> str:
    """Inline source with dots for its formulas and code, in which nothing else means anything."""
    return _SPAN.sub(lambda found: found[0] if found["open"] else "." * len(found[0]), content)


def inline(state: "StateInline", silent: bool) -> bool:
    """An inline rule: one token `math` whose content keeps its marks."""
    source, pos = state.src, state.pos
    if source[pos] == "$":
        if pos and (source[pos - 1].isalnum() or source[pos - 1] == "$") and not source.startswith("$$", pos):
            return False
        found = (_DOLLARS if source.startswith("$$", pos) else _DOLLAR).match(source, pos, state.posMax)
    elif source.startswith("\\(", pos):
        found = _PAREN.match(source, pos, state.posMax)
    elif source.startswith("\\[", pos):
        found = _BRACKET.match(source, pos, state.posMax)
    else:
        return False
    if found is None or not _MEANS.search(found[0]):
        return False
    if not silent:
        state.push("math", "", 0).content = found[0]
    state.pos = found.end()
    return True


def block(state: "StateBlock", start_line: int, end_line: int, silent: bool) -> bool:
    """A block rule: from a line that opens with `$$` or `\\[` to the one that closes it, or to a blank line."""
    if state.is_code_block(start_line):
        return False
    first = _line(state, start_line)
    mark = first[:2]
    closing = _CLOSING.get(mark)
    if closing is None:
        return False
    is_closed = bool(closing.search(first, 2)) and len(first) > 4
    other = "$$" if mark == "$$" else "]"
    if not is_closed and other in first[2:]:
        return False
    if silent:
        return True
    line = start_line + 1
    while not is_closed and line < end_line and state.sCount[line] >= state.blkIndent:
        text = _line(state, line)
        if not text:
            break
        line += 1
        is_closed = bool(closing.search(text))
    token = state.push("math_block", "", 0)
    token.map = [start_line, line]
    token.meta = {"is_closed": is_closed}
    token.content = state.getLines(start_line, line, state.blkIndent, False).strip()
    state.line = line
    return True


def _line(state: "StateBlock", line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()
