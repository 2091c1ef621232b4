"""Our leaves have the structure that markdown-it sees, which is held to the CommonMark examples."""

import json
import os
import re
from pathlib import Path

import pytest
from hypothesis import given, settings

from desktop_chat.markup.parser import parse
from tests.markup.reference import Outline, outline_of_leaves, outline_of_tokens, same, stock_parser
from tests.markup.test_stream import CASES, PORTIONS

OURS = re.compile(r"\[\^|://|www\.|@|\$|\\+(?=[\[(])", re.IGNORECASE)
"""Where we go beyond: footnotes, addresses in the text, formulas."""
EXAMPLES = Path(os.environ.get("MARKDOWN_EXAMPLES", "/nowhere"))
"""A folder with `commonmark.json` and `gfm.txt`, the example suites; they are not ours to keep here."""


def both(text: str) -> tuple[Outline, Outline]:
    if text.strip("\n") and text[text.rfind("\n") + 1 :].strip(" \t"):
        text += "\n"
    return outline_of_leaves(parse(text)), outline_of_tokens(stock_parser().parse(text))


@settings(max_examples=CASES // 2)
@given(PORTIONS)
def test_any_text_has_the_structure_that_markdown_it_sees(portions: list[str]) -> None:
    text = OURS.sub("", "".join(portions))
    ours, theirs = both(text)

    assert same(ours, theirs), (ours, theirs)


@pytest.mark.skipif(not (EXAMPLES / "commonmark.json").exists(), reason="MARKDOWN_EXAMPLES has no example suites")
@pytest.mark.parametrize("suite", ["commonmark.json", "gfm.txt"])
def test_the_example_suites_have_the_structure_that_markdown_it_sees(suite: str) -> None:
    source = (EXAMPLES / suite).read_text("utf-8")
    if suite == "commonmark.json":
        examples = [example["markdown"] for example in json.loads(source)]
    else:
        examples = [
            text.replace("→", "\t")
            for text in re.findall(r"^`{32} example.*?\n(.*?)^\.\n", source, re.MULTILINE | re.DOTALL)
        ]
    assert len(examples) > 600

    failed = []
    for example in examples:
        ours, theirs = both(example)
        if OURS.search(example):
            ours, theirs = without_links(ours), without_links(theirs)
        if not same(ours, theirs):
            failed.append((example, ours, theirs))
    assert not failed


def without_links(outline: Outline) -> Outline:
    """Only the text, as addresses are links with us and text without the extension."""
    return [
        (*row[:-1], "".join(text for text, *_ in row[-1])) if row[0] == "text" else row  # type: ignore[attr-defined]
        for row in outline
    ]
