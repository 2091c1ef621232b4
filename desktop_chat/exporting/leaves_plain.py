"""Markdown as plain text: markers of lists stay, everything else is said by line breaks."""

from collections.abc import Sequence
from typing import assert_never

from desktop_chat.markup.leaves import Code, Frame, Item, Leaf, Quote, Rule, Run, Style, Table, Text
from desktop_chat.markup.parser import parse


def plain_of(text: str) -> str:
    """What a reader sees, without styling."""
    lines: list[str] = []
    was_item = False
    for leaf in parse(text):
        is_item = any(isinstance(frame, Item) for frame in leaf.frames)
        if lines and not (is_item and was_item):
            lines.append("")
        was_item = is_item
        before, after = _margins(leaf.frames)
        for number, line in enumerate(_lines(leaf)):
            lines.append(f"{after if number else before}{line}".rstrip())
    return "\n".join(lines)


def _margins(frames: Sequence[Frame]) -> tuple[str, str]:
    """What stands in front of the first line, and of the others."""
    before = after = ""
    for frame in frames:
        if isinstance(frame, Quote):
            before, after = before + "> ", after + "> "
            continue
        box = {True: "[x] ", False: "[ ] ", None: ""}[frame.checked]
        marker = f"{frame.marker} {box}" if frame.marker else "  "
        before, after = before + marker, after + " " * len(marker)
    return before, after


def _lines(leaf: Leaf) -> list[str]:
    match leaf:
        case Text():
            return _text(leaf.runs).split("\n")
        case Code():
            return [f"    {line}" for line in leaf.lines]
        case Table():
            return _table([leaf.header, *leaf.rows])
        case Rule():
            return ["* * *"]
        case _:
            assert_never(leaf)


def _text(runs: Sequence[Run]) -> str:
    # Runs of one link follow on one another; its address stands once, behind the last.
    said = []
    for number, run in enumerate(runs):
        said.append(run.text)
        following = runs[number + 1].href if number + 1 < len(runs) else ""
        is_link = run.href and Style.SUPERSCRIPT not in run.style
        if is_link and following != run.href and run.href.removeprefix("mailto:") not in run.text:
            said.append(f" ({run.href})")
    return "".join(said)


def _table(rows: Sequence[Sequence[Sequence[Run]]]) -> list[str]:
    texts = [[" ".join(_text(cell).split()) for cell in row] for row in rows]
    widths = [min(40, max(len(row[column]) for row in texts)) for column in range(len(texts[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in texts]
    return [lines[0], "  ".join("-" * max(1, width) for width in widths), *lines[1:]]
