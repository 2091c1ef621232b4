"""Leaves as HTML for the clipboard: plain markup without any style of ours."""

from collections.abc import Iterator, Sequence
from html import escape

from desktop_chat.markup.leaves import Code, Frame, Item, Leaf, Quote, Rule, Run, Style, Table, Text
from desktop_chat.ui.transcript.boxes.text import can_open

_TAGS = (
    (Style.BOLD, "strong"),
    (Style.ITALIC, "em"),
    (Style.STRIKE, "s"),
    (Style.SUPERSCRIPT, "sup"),
    (Style.CODE, "code"),
)


def html_of(leaves: Sequence[Leaf]) -> str:
    """Leaves as HTML; quotes and lists are opened and closed as the frames around them change."""
    return "".join(html_lines(leaves))


def html_lines(leaves: Sequence[Leaf]) -> Iterator[str]:
    """Leaves as HTML, piece by piece."""
    around: list[Frame] = []
    for leaf in leaves:
        shared = 0
        while shared < min(len(around), len(leaf.frames)) and _goes_on(around[shared], leaf.frames[shared]):
            shared += 1
        is_next = shared < min(len(around), len(leaf.frames)) and _is_next(around[shared], leaf.frames[shared])
        yield from (_end(frame) for frame in reversed(around[shared + is_next :]))
        if is_next:
            yield "</li>" + _item(leaf.frames[shared])
        yield from (_begin(frame) for frame in leaf.frames[shared + is_next :])
        # A frame without a marker is that of an item already begun; it keeps the kind of its list.
        around = [*around[:shared], *leaf.frames[shared:]]
        yield _element(leaf)
    yield from (_end(frame) for frame in reversed(around))


def _goes_on(before: Frame, now: Frame) -> bool:
    """The same quote, or the same item."""
    if isinstance(now, Item):
        return isinstance(before, Item) and not now.marker and now.checked is None
    return isinstance(before, Quote)


def _is_next(before: Frame, now: Frame) -> bool:
    """The next item of the same list."""
    return isinstance(before, Item) and isinstance(now, Item) and _is_bullet(before) == _is_bullet(now)


def _is_bullet(item: Item) -> bool:
    return item.marker in ("", "•")


def _item(frame: Frame) -> str:
    checked = frame.checked if isinstance(frame, Item) else None
    return "<li>" + {True: "☑ ", False: "☐ ", None: ""}[checked]


def _begin(frame: Frame) -> str:
    if isinstance(frame, Quote):
        return "<blockquote>"
    if _is_bullet(frame):
        return "<ul>" + _item(frame)
    return f'<ol start="{escape(frame.marker.rstrip(".)"))}">' + _item(frame)


def _end(frame: Frame) -> str:
    if isinstance(frame, Quote):
        return "</blockquote>"
    return "</li></ul>" if _is_bullet(frame) else "</li></ol>"


def _element(leaf: Leaf) -> str:
    match leaf:
        case Text():
            tag = f"h{leaf.level}" if leaf.level else "p"
            return f"<{tag}>{_inline(leaf.runs)}</{tag}>\n"
        case Code():
            return f"<pre><code>{escape(leaf.text)}</code></pre>\n"
        case Table():
            head = [_row(leaf.header, leaf.alignments, "th")] if any(leaf.header) else []
            rows = [*head, *(_row(row, leaf.alignments, "td") for row in leaf.rows)]
            return f"<table>{''.join(rows)}</table>\n"
        case Rule():
            return "<hr>\n"


def _row(cells: Sequence[Sequence[Run]], alignments: Sequence[str], tag: str) -> str:
    made = []
    for cell, alignment in zip(cells, alignments, strict=True):
        how = f' align="{alignment}"' if alignment else ""
        made.append(f"<{tag}{how}>{_inline(cell)}</{tag}>")
    return f"<tr>{''.join(made)}</tr>"


def _inline(runs: Sequence[Run]) -> str:
    return "".join(_run(run) for run in runs)


def _run(run: Run) -> str:
    text = escape(run.text).replace("\n", "<br>")
    for style, tag in _TAGS:
        if style in run.style:
            text = f"<{tag}>{text}</{tag}>"
    # An image is not embedded: whoever pastes this must not fetch it unasked either.
    return f'<a href="{escape(run.href)}">{text}</a>' if can_open(run.href) and not run.image else text
