"""Markdown as HTML that carries no script and fetches nothing."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import assert_never
from urllib.parse import urlsplit
from zlib import crc32

from desktop_chat.exporting.coloring import colored
from desktop_chat.markup.leaves import Code, Frame, Item, Leaf, Quote, Rule, Run, Style, Table, Text
from desktop_chat.markup.parser import parse

_SCHEMES = ("http", "https", "mailto")
_TAGS = (
    (Style.CODE, "code"),
    (Style.SUPERSCRIPT, "sup"),
    (Style.STRIKE, "s"),
    (Style.ITALIC, "em"),
    (Style.BOLD, "strong"),
)


def html_of(text: str) -> Iterator[str]:
    """A text as HTML, element by element."""
    around: list[Frame] = []
    marks = _Marks(text)
    for leaf in parse(text):
        kept = 0
        while kept < min(len(around), len(leaf.frames)) and _is_same(around[kept], leaf.frames[kept]):
            kept += 1
        is_next = kept < min(len(around), len(leaf.frames)) and _is_next(around[kept], leaf.frames[kept])
        yield "".join(_end(frame) for frame in reversed(around[kept + is_next :]))
        if is_next:
            yield "</li>" + _item(leaf.frames[kept])
        yield "".join(_begin(frame) for frame in leaf.frames[kept + is_next :])
        # The list keeps the marker with which it began: that tells its kind when it ends.
        around = [*around[: kept + is_next], *leaf.frames[kept + is_next :]]
        yield from _element(leaf, marks)
    yield "".join(_end(frame) for frame in reversed(around))


class _Marks:
    """The marks of the footnotes of a text, which lead to each other on a page of many texts."""

    def __init__(self, text: str) -> None:
        # The same in each export of the same text.
        self._text = f"{crc32(text.encode(errors='replace')):x}"
        self._named: set[str] = set()

    def mark(self, run: Run, shown: str) -> str:
        """A mark; the first of those that lead to the same place is where one comes back to."""
        here, there = ("fn", "fnref") if run.is_note else ("fnref", "fn")
        behind = f"{self._text}-{escape(run.label.lower())}"
        name = "" if f"{here}-{behind}" in self._named else f' id="{here}-{behind}"'
        self._named.add(f"{here}-{behind}")
        return f'<a href="#{there}-{behind}"{name}>{shown}{" ↩" * run.is_note}</a>'


def _element(leaf: Leaf, marks: _Marks) -> Iterator[str]:
    match leaf:
        case Text():
            tag = f"h{min(6, leaf.level + 2)}" if leaf.level else "p"
            kind = ' class="typed"' if leaf.plain else ""
            yield f'<{tag}{kind} dir="auto">{_inline(leaf.runs, marks)}</{tag}>\n'
        case Code():
            yield from code(leaf.text, leaf.language)
        case Table():
            yield '<div class="wide"><table>'
            yield _row(leaf.header, leaf.alignments, "th", marks)
            for row in leaf.rows:
                yield _row(row, leaf.alignments, "td", marks)
            yield "</table></div>\n"
        case Rule():
            yield "<hr>\n"
        case _:
            assert_never(leaf)


def code(text: str, language: str) -> Iterator[str]:
    """A code block with its language above it."""
    head = f"<figcaption>{escape(language)}</figcaption>" if language else ""
    yield f'<figure class="code">{head}<pre><code>'
    for kind, piece in colored(text, language):
        yield f'<span class="{kind}">{escape(piece)}</span>' if kind else escape(piece)
    yield "</code></pre></figure>\n"


def _is_same(before: Frame, now: Frame) -> bool:
    if isinstance(now, Quote):
        return isinstance(before, Quote)
    return isinstance(before, Item) and not now.marker and now.checked is None


def _is_next(before: Frame, now: Frame) -> bool:
    return isinstance(before, Item) and isinstance(now, Item) and _is_ordered(before) == _is_ordered(now)


def _is_ordered(item: Item) -> bool:
    return item.marker not in ("", "•")


def _begin(frame: Frame) -> str:
    if isinstance(frame, Quote):
        return "<blockquote>"
    number = frame.marker.rstrip(".)")
    start = f' start="{int(number)}"' if number.isdecimal() and number != "1" else ""
    return (f"<ol{start}>" if _is_ordered(frame) else "<ul>") + _item(frame)


def _item(frame: Frame) -> str:
    checked = frame.checked if isinstance(frame, Item) else None
    return '<li dir="auto">' if checked is None else f'<li class="task" dir="auto">{"☑" if checked else "☐"} '


def _end(frame: Frame) -> str:
    if isinstance(frame, Quote):
        return "</blockquote>\n"
    return "</li></ol>\n" if _is_ordered(frame) else "</li></ul>\n"


def _row(cells: Sequence[Sequence[Run]], alignments: Sequence[str], tag: str, marks: _Marks) -> str:
    made = (
        f'<{tag} class="{how}">{_inline(cell, marks)}</{tag}>' if how else f"<{tag}>{_inline(cell, marks)}</{tag}>"
        for cell, how in zip(cells, alignments, strict=True)
    )
    return f"<tr>{''.join(made)}</tr>"


def _inline(runs: Sequence[Run], marks: _Marks) -> str:
    return "".join(_run(run, marks) for run in runs)


def _run(run: Run, marks: _Marks) -> str:
    text = escape(run.text).replace("\n", "<br>")
    if Style.SUPERSCRIPT in run.style and run.href:
        text = marks.mark(run, text)
    for style, tag in _TAGS:
        if style in run.style:
            text = f"<{tag}>{text}</{tag}>"
    if run.image:  # Not embedded: whoever opens the page must not fetch anything by that.
        text = f'<span class="image">{text or escape(run.href)}</span>'
    return f'<a href="{escape(run.href)}" rel="noreferrer noopener">{text}</a>' if _can_open(run.href) else text


def _can_open(href: str) -> bool:
    try:
        return urlsplit(href).scheme.lower() in _SCHEMES
    except ValueError:
        return False
