"""Leaves as Markdown source again, for a part of a text that has no source of its own.

What is written reads back as the same words with the same looks. Of several ways to write
it the plainest is taken that does: nothing is escaped that needs not be.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from desktop_chat.markup.fences import fenced
from desktop_chat.markup.leaves import Cell, Code, Leaf, Rule, Run, Style, Table, Text

_WRAPPING = (Style.BOLD, Style.ITALIC, Style.STRIKE)
_MINIMAL = re.compile(
    r"\\(?=[!-/:-@\[-`{-~])|[*`]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|~~|!(?=\[)"
    r"|<(?=[A-Za-z/!?])|&(?=#?[A-Za-z0-9]{1,32};)|\[(?=\^)"
)
# Round brackets mean nothing once the square ones do not; behind a backslash both would begin a formula.
_PUNCTUATION = re.compile(r"[!-'*-/:-@\[-`{-~]")
_BRACKETS = {"\\[": "&#91;", "\\]": "&#93;"}
_LINE_START = re.compile(
    r"^(?:(?P<number>\d{1,9})(?=[.)](?:\s|$))|(?=[-+](?:\s|$)|#{1,6}(?:\s|$)|>|(?:=+|-+)\s*$|~~~))", re.MULTILINE
)
_EMPHASIS = {Style.BOLD: "{0}{0}", Style.ITALIC: "{0}", Style.STRIKE: "~~"}
_AUTOMATIC = ("", "http://", "mailto:")

Mark = str | Style
"""What is open around a text: a target of a link, or a style."""


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to write, of which the later ones are uglier and work more often."""

    escapes_all: bool
    star: str
    is_guarded: bool = False
    """Letters beside a mark are written as numbers, so that it can open or close there."""


_WAYS = (
    _Way(False, "*"),
    _Way(False, "_"),
    _Way(True, "*"),
    _Way(True, "_"),
    _Way(True, "*", True),
    _Way(True, "_", True),
)


def written(leaf: Leaf) -> str:
    """A leaf as Markdown, without the quotes and list items around it."""
    match leaf:
        case Text(plain=True):
            # Shown as it is written, because it is too large to be read.
            return leaf.text
        case Text():
            return "#" * leaf.level + " " * bool(leaf.level) + runs_written(leaf.runs)
        case Code():
            return fenced(leaf.text, leaf.language)
        case Table():
            return "\n".join(_table(leaf))
        case Rule():
            return "---"


def runs_written(runs: Sequence[Run]) -> str:
    """A paragraph as Markdown."""
    # Here, because an empty window is painted without the parser.
    from desktop_chat.markup.parser import parse

    wanted = _look(runs)
    for way in _WAYS:
        source = _paragraph(runs, way)
        leaves = parse(source)
        leaf = leaves[0] if len(leaves) == 1 else None
        if isinstance(leaf, Text) and not (leaf.level or leaf.frames) and _look(leaf.runs) == wanted:
            return source
    return _paragraph([Run(run.text) for run in runs], _Way(True, "*"))


def _look(runs: Sequence[Run]) -> list[tuple[str, Style, str, bool, str]]:
    """Each character that can be seen, with its look."""
    found: list[tuple[str, Style, str, bool, str]] = []
    for run in map(_unnumbered, runs):
        for character in run.text if not run.image else f"\0{run.text}":
            if not character.isspace() or Style.CODE in run.style:
                found.append((character, run.style, run.href, run.image, run.link))
            elif found and not found[-1][0].isspace():
                found.append((character, Style.PLAIN, "", False, ""))
    while found and found[-1][0].isspace():
        found.pop()
    return found


def _unnumbered(run: Run) -> Run:
    """The mark of a footnote as it is written: its number is that of the text around it."""
    return replace(run, text=f"[^{run.label}]", href="") if Style.SUPERSCRIPT in run.style else run


def _paragraph(runs: Sequence[Run], way: _Way) -> str:
    source = "".join(text for _, text in _guarded(_parts(runs, way), way)).strip()
    return _LINE_START.sub(lambda found: (found["number"] or "") + "\\", source)


def _parts(runs: Sequence[Run], way: _Way) -> Iterator[tuple[str, str]]:
    """Text and marks, in order: `("text" | "open" | "close" | "", source)`."""
    around: list[Mark] = []
    space = ""
    wanted = [_marks(run, way) for run in runs]
    for index, run in enumerate(runs):
        if run.text.isspace() and not run.image and Style.CODE not in run.style:
            space += run.text
            continue
        kept = 0
        while kept < len(around) and around[kept] in wanted[index]:
            kept += 1
        for mark in reversed(around[kept:]):
            yield "close", _closing(mark, way)
        del around[kept:]
        is_bare = not run.image and Style.CODE not in run.style
        core = run.text.strip() if is_bare else run.text
        begin = len(run.text) - len(run.text.lstrip()) if is_bare else 0
        yield "", _spaced(space + run.text[:begin])
        missing = [mark for mark in wanted[index] if mark not in around]
        # What goes on the longest is opened first. A link may hold styles, but no two links cross.
        missing.sort(key=lambda mark: (-_length(mark, wanted[index:]), isinstance(mark, Style)))
        for mark in missing:
            yield "open", "[" if isinstance(mark, str) else _emphasis(mark, way)
            around.append(mark)
        yield from _core(run, core, way)
        space = run.text[begin + len(core) :]
    for mark in reversed(around):
        yield "close", _closing(mark, way)


def _marks(run: Run, way: _Way) -> list[Mark]:
    found: list[Mark] = [style for style in _WRAPPING if style in run.style]
    target = run.link if run.image else run.href
    if Style.SUPERSCRIPT in run.style:
        target = ""
    if target and not (not run.image and not way.escapes_all and _is_automatic(run)):
        found.append(target)
    return found


def _is_automatic(run: Run) -> bool:
    """Whether a link is recognised in the text as it stands."""
    return Style.CODE not in run.style and any(run.href == before + run.text for before in _AUTOMATIC)


def _length(mark: Mark, wanted: Sequence[Sequence[Mark]]) -> int:
    return next((index for index, marks in enumerate(wanted) if mark not in marks), len(wanted))


def _emphasis(style: Style, way: _Way) -> str:
    # Bold keeps its stars: only beside each other two kinds of emphasis are mixed up.
    return _EMPHASIS[style].format("*" if style is Style.BOLD else way.star)


def _closing(mark: Mark, way: _Way) -> str:
    return f"]({_target(mark)})" if isinstance(mark, str) else _emphasis(mark, way)


def _target(address: str) -> str:
    if re.search(r"[\s()<>\\]", address):
        return "<" + re.sub(r"([<>\\])", r"\\\1", address.replace("\n", "")) + ">"
    return address


def _core(run: Run, core: str, way: _Way) -> Iterator[tuple[str, str]]:
    if run.image:
        yield "", f"![{_escaped(core, way)}]({_target(run.href)})"
    elif Style.SUPERSCRIPT in run.style:
        yield "", f"[^{run.label}]{':' * run.is_note}"
    elif Style.MATH in run.style:
        yield "", core
    elif Style.CODE in run.style:
        yield "", code_written(core)
    elif run.href and not way.escapes_all and _is_automatic(run):
        yield "", core
    else:
        yield "text", _escaped(core, way)


def code_written(text: str) -> str:
    """Inline code, between as many marks as it needs."""
    longest = max((len(found) for found in re.findall(r"`+", text)), default=0)
    is_blank = text.startswith(" ") and text.endswith(" ") and bool(text.strip())
    pad = " " if text[:1] == "`" or text[-1:] == "`" or is_blank else ""
    marks = "`" * (longest + 1)
    return f"{marks}{pad}{text}{pad}{marks}"


def _escaped(text: str, way: _Way) -> str:
    def escape(found: re.Match[str]) -> str:
        mark = "\\" + "\\".join(found[0])
        return _BRACKETS.get(mark, mark)

    return _spaced((_PUNCTUATION if way.escapes_all else _MINIMAL).sub(escape, text))


def _spaced(text: str) -> str:
    return re.sub(r"[ \t]*\n[ \t]*", "\\\\\n", text)


def _guarded(parts: Iterator[tuple[str, str]], way: _Way) -> Iterator[tuple[str, str]]:
    if not way.is_guarded:
        yield from parts
        return
    whole = [("", ""), *((kind, text) for kind, text in parts if text), ("", "")]
    for (before, _), (kind, text), (behind, _) in zip(whole, whole[1:], whole[2:], strict=False):
        if kind == "text" and before == "close" and text[:1].isalnum():
            text = f"&#{ord(text[0])};{text[1:]}"
        if kind == "text" and behind == "open" and text[-1:].isalnum():
            text = f"{text[:-1]}&#{ord(text[-1])};"
        yield kind, text


def _table(table: Table) -> Iterator[str]:
    yield _row([_cell(cell) for cell in table.header])
    yield _row([{"left": ":--", "center": ":-:", "right": "--:"}.get(how, "---") for how in table.alignments])
    for row in table.rows:
        yield _row([_cell(cell) for cell in row])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    return runs_written(cell).replace("\\\n", " ").replace("|", "\\|")
