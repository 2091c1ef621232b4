"""Rules that are not tried must be rules that would not match."""

import re
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_chat.ui.transcript.code.highlight import COMMON, Highlighter
from desktop_chat.ui.transcript.code.rule_starts import EVERYWHERE, RuleStarts, first_characters

ASCII = "".join(map(chr, range(128)))
CODE = st.text(
    st.sampled_from("aefxAKS09_ \t\n(){}[]<>=+-*/\\'\"`#@!$%&|^~?:;,.\u212aé"), max_size=20
) | st.sampled_from(
    [
        "def f(x): return 1.5e3",
        "for (const x of y) { /* z */ }",
        "SELECT 'a' -- b",
        '"\\n" if 0x1f',
        "<a href='b'>&amp;",
    ]
)


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("ab|c", "ac"),
        (r"(?:a|b)?c", "abc"),
        (r"\b[x-z](?=q)", "xyz"),
        (r"(?<!\.)(if|else)", "ei"),
        (r"^\d+", "0123456789"),
        (r"(a+|b*)c", "abc"),
        (r"(?i:a)", ASCII),
        (r"a*", ASCII),
        (r".a", ASCII),
        (r"(a)\1", "a"),
        (r"[^\w\s]", "".join(c for c in ASCII if re.match(r"[^\w\s]", c))),
    ],
)
def test_an_expression_begins_with_what_it_says(expression: str, wanted: str) -> None:
    found = first_characters(re.compile(expression))

    assert {character for character in ASCII if found >> ord(character) & 1} == set(wanted)


@pytest.mark.parametrize("expression", ["k", "[a-c]s", "ſ", "[^x]", "\u212a|é"])
def test_letters_of_either_case_count_where_they_are_the_same(expression: str) -> None:
    pattern = re.compile(expression, re.IGNORECASE)
    found = first_characters(pattern)

    assert all(found >> ord(character) & 1 for character in ASCII if pattern.match(f"{character}s"))


@pytest.fixture(scope="module")
def highlighter() -> Highlighter:
    made = Highlighter()
    made.warm()
    return made


@settings(max_examples=300, deadline=None)
@given(CODE)
def test_a_rule_that_matches_is_among_those_that_are_tried(highlighter: Highlighter, text: str) -> None:
    regex_lexer = import_module("pygments.lexer").RegexLexer
    lexers = [lexer for lexer in highlighter._loaded.values() if isinstance(lexer, regex_lexer)]

    assert len(lexers) > len(COMMON) / 2
    for lexer in lexers:
        for state, rules in lexer._tokens.items() if text else ():
            if (type(lexer), state) not in STARTS:
                STARTS[type(lexer), state] = RuleStarts(rules)
            matching = [rule for rule in rules if rule[0](text, 0)]
            assert [rule for rule in STARTS[type(lexer), state][text[0]] if rule[0](text, 0)] == matching


STARTS: dict[tuple[type, str], RuleStarts] = {}


def test_what_is_not_understood_is_tried_everywhere() -> None:
    assert first_characters(re.compile("")) == EVERYWHERE
    assert first_characters(re.compile("(?s:.)a")) == EVERYWHERE
