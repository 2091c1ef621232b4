"""Texts that somebody made to hang whoever shows them."""

import random
from collections.abc import Callable


def _codes(count: int) -> str:
    """Code points of every plane that may stand in a text."""
    pick = random.Random(3)
    points = (pick.randrange(0x20, 0x30000) for _ in range(count))
    return "".join(chr(point) for point in points if not 0xD800 <= point < 0xE000)


def _rows(count: int, cell: str) -> str:
    return "| a | b | c |\n|---|---|---|\n" + f"| {cell} | {cell} | {cell} |\n" * count


def _section(number: int) -> str:
    """Some 280 characters of everything."""
    return (
        f"## Part {number}\n\nSome **words** about `{number}` and [a link](https://example.org/{number}).\n\n- one\n- two\n\n"
        f"| a | b |\n|---|---|\n| {number} | x |\n\n```python\ndef f_{number}(x: int) -> int:\n    return x + {number}\n```\n\n"
    )


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
    "definitions": lambda: "".join(f"[a{n}]: /u\n[a{n}]\n\n" for n in range(3_000)),
}  # fmt: skip
