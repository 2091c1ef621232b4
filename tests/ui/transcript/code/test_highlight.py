"""Colours of code, line by line."""

import subprocess
import sys

import pytest

from desktop_chat.ui.transcript.code.highlight import MAX_LINE, Highlighter


@pytest.fixture(scope="module")
def highlighter() -> Highlighter:
    made = Highlighter()
    made.warm()
    return made


def colors(highlighter: Highlighter, language: str, code: str) -> list[list[tuple[str, str]]]:
    lexer = highlighter.line_lexer(language)
    assert lexer is not None
    return [[(line[at : at + length], kind) for at, length, kind in lexer(line)] for line in code.split("\n")]


def test_a_line_of_python_has_its_colours(highlighter: Highlighter) -> None:
    assert colors(highlighter, "python", 'def f(): return 1 + "a"  # x') == [
        [
            ("def", "keyword"),
            ("f", "function"),
            ("return", "keyword"),
            ("1", "number"),
            ('"a"', "string"),
            ("# x", "comment"),
        ]
    ]


@pytest.mark.parametrize(
    ("language", "code", "kind"),
    [
        ("python", 'x = """a\nb\nc"""', "string"),
        ("js", "x = `a\nb\nc`", "string"),
        ("js", "/* a\nb\nc */", "comment"),
        ("c", "int x; /* a\nb\nc */", "comment"),
        ("rust", "/* a\nb\nc */", "comment"),
        ("css", "/* a\nb\nc */", "comment"),
        ("html", "<!-- a\nb\nc -->", "comment"),
        ("yaml", "x: |\n  a\n  b", "string"),
    ],
)
def test_a_construct_over_several_lines_keeps_its_colour(
    highlighter: Highlighter, language: str, code: str, kind: str
) -> None:
    _, second, third = colors(highlighter, language, code)

    assert second[0][1] == kind
    assert third[0][1] == kind


def test_after_a_comment_the_code_goes_on(highlighter: Highlighter) -> None:
    *_, last = colors(highlighter, "c", "/* a\nb */ int x;")

    assert last == [("b */", "comment"), ("int", "keyword")]


def test_a_comment_mark_in_a_string_opens_nothing(highlighter: Highlighter) -> None:
    *_, last = colors(highlighter, "c", 'char *s = "/*";\nint x;')

    assert last == [("int", "keyword")]


def test_a_diff_shows_what_came_and_went(highlighter: Highlighter) -> None:
    assert colors(highlighter, "diff", "-a\n+b\n c") == [[("-a", "bad")], [("+b", "ok")], []]


@pytest.mark.parametrize(
    "language", ["py", "Python", "PYTHON3", "js", "ts", "c++", "sh", "yml", "{.python}", "python,ignore"]
)
def test_languages_are_found_by_the_names_that_models_write(highlighter: Highlighter, language: str) -> None:
    assert highlighter.line_lexer(language) is not None


@pytest.mark.parametrize("language", ["", "no-such-language", "../../etc", "\u202e"])
def test_an_unknown_language_is_plain(highlighter: Highlighter, language: str) -> None:
    assert highlighter.line_lexer(language) is None


def test_a_language_that_is_not_loaded_is_plain_and_asked_for(highlighter: Highlighter) -> None:
    missed: list[str] = []
    highlighter.missed = missed.append

    assert highlighter.line_lexer("cobol") is None
    assert missed == ["cobol"]
    highlighter.load("cobol")
    assert highlighter.line_lexer("cobol") is not None


def test_a_very_long_line_is_plain(highlighter: Highlighter) -> None:
    lexer = highlighter.line_lexer("python")

    assert lexer is not None
    assert lexer("x = 1 " * MAX_LINE) == []


@pytest.mark.parametrize(
    "language", ["python", "js", "html", "yaml", "ruby", "php", "markdown", "c", "console", "scala"]
)
def test_nonsense_keeps_every_span_within_its_line(highlighter: Highlighter, language: str) -> None:
    highlighter.load(language)
    lexer = highlighter.line_lexer(language)
    assert lexer is not None
    for line in ("}}}]]>", "'''", '"', "<<<", "", "\t\t#", "%w{", "--- |", "$(", "`", "/*", "*/ */", "é" * 50, "\x00"):
        for start, length, _ in lexer(line):
            assert 0 <= start < start + length <= len(line)


def test_pygments_is_not_imported_before_it_is_warmed() -> None:
    code = (
        "import sys; from desktop_chat.ui.transcript.code.highlight import Highlighter; h = Highlighter();"
        "assert not h.is_ready and h.line_lexer('python') is None and 'pygments' not in sys.modules"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
