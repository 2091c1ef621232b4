"""Code fences as they are written: long enough that nothing inside can close them."""

import re

_TICKS = re.compile("`{3,}")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)$")


def fenced(text: str, language: str = "") -> str:
    """Text as a fenced code block."""
    longest = max((len(run) for run in _TICKS.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def open_fence(text: str) -> str:
    """The fence that a text leaves open at its end, as it has to be closed; empty if there is none."""
    fence = ""
    for line in text.splitlines():
        found = _FENCE.match(line)
        if found is None:
            continue
        mark, rest = found[1], found[2].strip()
        if not fence:
            fence = mark if mark[0] == "~" or "`" not in rest else ""
        elif mark[0] == fence[0] and len(mark) >= len(fence) and not rest:
            fence = ""
    return fence
