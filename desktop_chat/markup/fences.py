"""Code fences as they are written: long enough that nothing inside can close them."""

import re
from collections.abc import Iterator

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


def typed(text: str) -> Iterator[tuple[bool, str, str]]:
    """What a person typed, in turns: text as it is, and fenced code.

    Yields:
        Whether it is code, what stands behind the fence (its first word is the language), and the text inside.
    """
    lines: list[str] = []
    fence = info = ""
    for line in text.splitlines():
        found = _FENCE.match(line)
        mark, rest = (found[1], found[2].strip()) if found else ("", "")
        if not fence and mark and (mark[0] == "~" or "`" not in rest):
            if "".join(lines).strip():
                yield False, "", "\n".join(lines).strip("\n")
            fence, info, lines = mark, rest, []
        elif fence and mark[:1] == fence[0] and len(mark) >= len(fence) and not rest:
            yield True, info, "\n".join(lines)
            fence, lines = "", []
        else:
            lines.append(line)
    if fence or "".join(lines).strip():
        yield bool(fence), info if fence else "", "\n".join(lines).strip("\n")
