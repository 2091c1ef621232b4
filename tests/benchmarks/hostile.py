"""Texts that somebody made to hang whoever shows them."""

import random
from collections.abc import Callable


def _codes(count: int) -> str:
    """Code points of every plane that may stand in a text."""
    pick = random.Random(3)
    points = (pick.randrange(0x20, 0x30000) for _ in range(count))
    return "".join(chr(point) for point in points if not 0xD800 <= point < 0xE000)


def _rows(count: int, cell: str) -> str:
    """A table; `{n}` in its cells is the number of the row."""
    rows = (f"| {cell} | {cell} | {cell} |\n".replace("{n}", str(n)) for n in range(count))
    return "| a | b | c |\n|---|---|---|\n" + "".join(rows)


def _section(number: int) -> str:
    """Some 280 characters of everything."""
    return (
        f"## Part {number}\n\nSome **words** about `{number}` and [a link](https://example.org/{number}).\n\n- one\n- two\n\n"
        f"| a | b |\n|---|---|\n| {number} | x |\n\n```python\ndef f_{number}(x: int) -> int:\n    return x + {number}\n```\n\n"
    )


def _greetings() -> str:
    """A line in each of many writings; of each, the fonts have to be found."""
    starts = (
        0x391, 0x410, 0x531, 0x5D0, 0x627, 0x710, 0x7CA, 0x905, 0x985, 0xA05, 0xA85, 0xB05, 0xB85, 0xC05, 0xC85, 0xD05,
        0xD85, 0xE01, 0xE81, 0xF40, 0x1000, 0x10D0, 0x1100, 0x1200, 0x13A0, 0x1401, 0x1681, 0x16A0, 0x1703, 0x1780,
        0x1820, 0x1900, 0x1980, 0x1A00, 0x1B05, 0x1C00, 0x2C00, 0x2D30, 0x3042, 0x3105, 0xA000, 0xA4D0, 0xA500, 0xA840,
        0xA930, 0xA984, 0xAA00, 0xAC00, 0x10000, 0x10280, 0x10330, 0x10380, 0x10400, 0x12000, 0x13000,
    )  # fmt: skip
    return "".join(f"- {''.join(chr(start + n) for n in range(6))}: hello\n" for start in starts)


def _listed_code(number: int) -> str:
    indent = "  " * (number % 40)
    return f"{indent}- item {number}\n\n{indent}  ```python\n{indent}  x = {number}\n{indent}  ```\n"


def _wide_row(cell: str) -> str:
    return "|" + f" {cell} |" * 60 + "\n"


_FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\U0001f3f3\ufe0f\u200d\U0001f308\U0001f1e9\U0001f1ea"
_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
HOSTILE: dict[str, Callable[[], str]] = {
    "quotes": lambda: ">" * 10_000 + " deep",
    "quote_lines": lambda: "\n".join(">" * (1 + line % 400) + " q" for line in range(2_000)),
    "line": lambda: "word " * 200_000,
    "word": lambda: "x" * 1_000_000,
    "code_line": lambda: "```python\n" + "f(x) + " * 150_000 + "\n```\n",
    "code_lines": lambda: "```python\n" + "".join(f"value_{n} = call({n})\n" for n in range(20_000)) + "```\n",
    "brackets": lambda: "[" * 100_000,
    "links": lambda: "[a](b" * 20_000,
    "many_links": lambda: "[a](https://a.b/c) " * 4_000,
    "dense_links": lambda: ("[a](https://a.b/c) " * 100 + "\n\n") * 100,
    "emphasis": lambda: "*a _b " * 20_000,
    "stars": lambda: "*" * 50_000 + "a" + "*" * 50_000,
    "backticks": lambda: "".join("`" * n + " " for n in range(1, 450)),
    "zero_width": lambda: "\u200b\u200d\ufeff" * 60_000,
    "combining": lambda: ("a" + "\u0301" * 500) * 200,
    "bidi": lambda: "\u202ea\u202bb\u2066c\u05d0" * 30_000,
    "bytes": lambda: random.Random(1).randbytes(200_000).decode("utf-8", "replace"),
    "latin_bytes": lambda: random.Random(2).randbytes(200_000).decode("latin-1"),
    "code_points": lambda: _codes(50_000),
    "rows": lambda: _rows(2_000, "a few words that are to be broken into several lines " * 2),
    "columns": lambda: "|" + "a|" * 120 + "\n|" + "-|" * 120 + "\n" + ("|" + "b|" * 120 + "\n") * 200,
    "list": lambda: "".join("  " * (n % 50) + "- item\n" for n in range(5_000)),
    "blank_lines": lambda: "\n" * 200_000,
    "headings": lambda: "# h\n" * 20_000,
    "huge": lambda: "".join(_section(n) for n in range(9_000)),
    "footnotes": lambda: "".join(f"a[^{n}]\n\n" for n in range(400)) + "".join(f"[^{n}]: c\n" for n in range(90)),
    "greetings": _greetings,
    "emoji": lambda: (_FAMILY * 7 + " ") * 1_500,
    "fences": lambda: "".join(f"```python\nx = {n}\n```\n\n" for n in range(5_000)),
    "tables": lambda: "".join(f"| a | b |\n|---|---|\n| {n} | x |\n\n" for n in range(2_000)),
    "link_rows": lambda: _rows(3_000, "[link {n}](https://a.b/{n})"),
    "long_table": lambda: _rows(20_000, "word"),
    "wide_rows": lambda: _wide_row("a") + "|" + "-|" * 60 + "\n" + _wide_row("some words that are to be broken") * 100,
    "listed_code": lambda: "".join(map(_listed_code, range(2_000))),
    "formulas": lambda: "".join(f"Here is $x_{{{n}}}^2$ and $$\\sum_{{i=1}}^{{{n}}} i$$\n\n" for n in range(3_000)),
    "formula_rows": lambda: _rows(1_000, "$x_{{n}}$ and words"),
    "pictures": lambda: "".join(f"![{n}](data:image/png;base64,{_PIXEL})\n\n" for n in range(300)),
    "definitions": lambda: "".join(f"[a{n}]: /u\n[a{n}]\n\n" for n in range(3_000)),
}  # fmt: skip
