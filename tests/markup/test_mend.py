"""The unfinished end of a text."""

import pytest

from desktop_chat.markup.leaves import Code, Table, Text
from desktop_chat.markup.mend import mended, shown_line
from desktop_chat.markup.stream import Stream

ANSWER = """# Title

A **bold** word, *another*, `code` and [a link](http://a.b/c_d) in a line. See https://a.b/c too.

| a | b |
|---|---|
| **1** | 2 |

1. one
2. two
   - [x] done
   - [ ] open

> a quote with **weight**

```python
print(1)
```

![picture](http://x/y.png) and ~~gone~~. 2 * 3 and a_b_c, AT&T, x[0].

---

The end[^1].

[^1]: a note
"""


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("x **bo", "x **bo**"),
        ("x **bold*", "x **bold**"),
        ("x **bold**", "x **bold**"),
        ("x **", "x "),
        ("a **b *c", "a **b *c***"),
        ("x `co", "x `co`"),
        ("x `", "x "),
        ("end ~~x", "end ~~x~~"),
        ("[te", "te"),
        ("[text](ht", "text"),
        ("see ![al", "see "),
        ("a \\", "a "),
        ("AT&", "AT"),
        ("<http://a", "http://a"),
        ("a [^1", "a "),
        ("2 * 3", "2 * 3"),
        ("2*3 is", "2*3 is"),
        ("a_b_c", "a_b_c"),
        ("x[0]", "x[0]"),
        ("word[", "word"),
        ("in \\([0,1)\\) and", "in \\([0,1)\\) and"),
        ("`[0,1)` and", "`[0,1)` and"),
        ("use `[x", "use `[x`"),
        ("\\([0,1)\\) and [a li", "\\([0,1)\\) and a li"),
        ("**wide\u202f\\(x", "**wide**\u202f"),
        ("\\*a", "\\*a"),
        ("`a*b", "`a*b`"),
    ],
)
def test_open_markers_are_completed_or_dropped(content: str, shown: str) -> None:
    assert mended(content) == shown


@pytest.mark.parametrize(
    "line",
    ["-", "- ", "1", "1.", "##", ">", "> ", "=", "---", "**", "```py", "- [", "- [x", "| a", "[a]: h", "[^a", "[^a]: "],
)
def test_a_line_that_may_become_something_else_is_held_back(line: str) -> None:
    assert shown_line(line, "") == ""


@pytest.mark.parametrize(
    "line", ["a", "- a", "1. a", "# a", "> a", "**a", "`a", "- [x] a", "2024 was", "[^a]: b", "[^a] b"]
)
def test_a_line_with_text_is_shown(line: str) -> None:
    assert shown_line(line, "") == line


def test_a_row_is_shown_while_it_is_written() -> None:
    stream = Stream()
    stream.feed("| a | b |\n|---|---|\n| one | **tw")
    stream.sync()

    (table,) = stream.leaves
    assert isinstance(table, Table)
    assert [[run.text for run in cell] for cell in table.rows[0]] == [["one"], ["tw"]]


def test_hardly_a_character_is_taken_back_while_an_answer_is_written() -> None:
    assert taken_back(ANSWER, final=False) <= 0.03 * taken_back(ANSWER, final=True)


def test_the_final_text_is_not_mended() -> None:
    stream = Stream()
    stream.feed("an **open end")
    stream.sync()
    stream.sync(final=True)

    (leaf,) = stream.leaves
    assert isinstance(leaf, Text)
    assert leaf.text == "an **open end"


def taken_back(text: str, *, final: bool) -> int:
    """How many shown characters change later, fed one by one."""
    stream = Stream()
    count = 0
    before = ""
    for character in text:
        stream.feed(character)
        stream.sync(final=final)
        now = shown(stream)
        same = next(
            (i for i, (a, b) in enumerate(zip(before, now, strict=False)) if a != b), min(len(before), len(now))
        )
        count += len(before) - same
        before = now
    return count


def shown(stream: Stream) -> str:
    parts: list[str] = []
    for leaf in stream.leaves:
        if isinstance(leaf, Text):
            parts.append(leaf.text)
        elif isinstance(leaf, Code):
            parts.append("\n".join(leaf.lines))
        elif isinstance(leaf, Table):
            parts += ["".join(run.text for run in cell) for row in (leaf.header, *leaf.rows) for cell in row]
    return "\n".join(parts)
