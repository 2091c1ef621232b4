"""What is said of an answer while it comes."""

import pytest

from desktop_chat.ui.transcript.accessible.sentences import Sentences


def test_a_sentence_is_said_when_it_is_whole() -> None:
    sentences = Sentences()

    said = [sentences.feed(delta) for delta in ("It is ", "so. And", " more! The", " end")]

    assert [*said, sentences.finish()] == ["", "It is so.", "And more!", "", "The end"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("## A **bold** `word`\n", "A bold word"),
        ("- [x] a _task_\n", "checked a task"),
        ("- [ ] a task\n", "not checked a task"),
        ("so $x^2$ costs $5 and $a_1$.\n", "so x^2 costs $5 and a_1."),
        ("$$\\int x$$\n", r"Formula: \int x"),
        ("> see [the docs](https://example.org)\n", "see the docs"),
        ("| a | b |\n|---|--:|\n| 1 | 2 |\n", "a, b 1, 2"),
        ("a snake_case_name * 2\n", "a snake_case_name * 2"),
        ("so[^note], and\n[^note]: text\n", "so, and text"),
        ("---\n", ""),
        ("## 1. ", ""),
        ("2. Item. ", "2. Item."),
        ("日本語です。はい", "日本語です。"),
    ],
    ids=[
        "heading",
        "task",
        "task that is not done",
        "formulas and prices",
        "formula that stands for itself",
        "quote and link",
        "table",
        "no signs",
        "footnote",
        "rule",
        "number",
        "number and words",
        "Japanese",
    ],
)
def test_signs_of_markdown_are_not_said(text: str, said: str) -> None:
    assert Sentences().feed(text) == said


@pytest.mark.parametrize("size", [1, 3, 100])
def test_code_is_named_and_not_read(size: int) -> None:
    text = "So:\n\n```python\nprint('a. b')\n# No. 1\n```\nDone. "
    sentences = Sentences()

    said = [sentences.feed(text[at : at + size]) for at in range(0, len(text), size)]

    assert " ".join(filter(None, said)) == "So: Code, python. Done."
