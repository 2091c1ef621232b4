"""The structure that plain markdown-it sees, put as our leaves, by other code than ours."""

from markdown_it import MarkdownIt
from markdown_it.rules_block import table
from markdown_it.token import Token

from desktop_chat.markup.leaves import Code, Leaf, Quote, Rule, Run, Style, Table, Text

Outline = list[tuple[object, ...]]


def stock_parser() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "tasklists": True, "maxNesting": 40})
    md.enable("strikethrough")
    md.block.ruler.before("lheading", "gfm_table", table, {"alt": ["paragraph", "reference"]})
    return md


def outline_of_tokens(tokens: list[Token]) -> Outline:
    """Kind, containers and content of every leaf, from stock tokens."""
    out: Outline = []
    around: list[str] = []
    for at, token in enumerate(tokens):
        kind = token.type
        nest = tuple(around)
        if kind == "paragraph_open":
            out.append(("text", 0, nest, looks(tokens[at + 1].children or [])))
        elif kind == "heading_open":
            out.append(("text", int(token.tag[1:]), nest, looks(tokens[at + 1].children or [])))
        elif kind in ("fence", "code_block"):
            language = (
                (token.info.split() or [""])[0]
                if kind == "fence" and "\\" not in token.info and "&" not in token.info
                else None
            )
            out.append(("code", language, nest, token.content))
        elif kind == "hr":
            out.append(("rule", nest))
        elif kind == "table_open":
            out.append(("table", nest, []))
        elif kind == "tr_open":
            out[-1][-1].append([])  # type: ignore[attr-defined]
        elif kind in ("th_open", "td_open"):
            out[-1][-1][-1].append(looks(tokens[at + 1].children or []))  # type: ignore[index]
        elif kind in ("blockquote_open", "list_item_open"):
            around.append("quote" if kind == "blockquote_open" else "item")
            if tokens[at + 1].nesting < 0:
                out.append(("text", 0, tuple(around), []))
        elif kind in ("blockquote_close", "list_item_close"):
            around.pop()
    return out


def looks(children: list[Token]) -> list[tuple[str, frozenset[str], str]]:
    """Character by character would be too much: runs of one look, joined."""
    out: list[tuple[str, frozenset[str], str]] = []
    marks: list[str] = []
    href = ""
    for child in children:
        if child.type == "link_open":
            href = str(child.attrs["href"])
        elif child.type == "link_close":
            href = ""
        elif child.nesting > 0:
            marks.append(child.tag)
        elif child.nesting < 0:
            marks.pop()
        elif child.type == "image":
            description = "".join(text for text, _, _ in looks(child.children or []))
            out.append((description, frozenset({*marks, "image"}), str(child.attrs["src"])))
        else:
            text = {"softbreak": " ", "hardbreak": "\n"}.get(child.type, child.content)
            look = frozenset({*marks, "code"} if child.type == "code_inline" else marks)
            if text and out and out[-1][1:] == (look, href) and "image" not in look:
                out[-1] = (out[-1][0] + text, look, href)
            elif text:
                out.append((text, look, href))
    return out


def outline_of_leaves(leaves: tuple[Leaf, ...]) -> Outline:
    """The same from our leaves."""
    out: Outline = []
    for leaf in leaves:
        nest = tuple("quote" if isinstance(frame, Quote) else "item" for frame in leaf.frames)
        if isinstance(leaf, Text):
            out.append(("text", leaf.level, nest, [look_of(run) for run in leaf.runs]))
        elif isinstance(leaf, Code):
            content = "".join(line + "\n" for line in leaf.lines)
            out.append(("code", leaf.language, nest, content))
        elif isinstance(leaf, Rule):
            out.append(("rule", nest))
        elif isinstance(leaf, Table):
            rows = [[[look_of(run) for run in cell] for cell in row] for row in (leaf.header, *leaf.rows)]
            out.append(("table", nest, rows))
    return out


def look_of(run: Run) -> tuple[str, frozenset[str], str]:
    names = {Style.BOLD: "strong", Style.ITALIC: "em", Style.STRIKE: "s", Style.CODE: "code"}
    look = {name for style, name in names.items() if style in run.style} | ({"image"} if run.image else set())
    return run.text, frozenset(look), run.href


def same(ours: Outline, theirs: Outline) -> bool:
    """Equal, where a language that needs unescaping is not compared."""
    if len(ours) != len(theirs):
        return False
    return all(
        mine == other or (mine[0] == other[0] == "code" and other[1] is None and mine[2:] == other[2:])
        for mine, other in zip(ours, theirs, strict=True)
    )
