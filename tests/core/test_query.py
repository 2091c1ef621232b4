"""The text of a search is taken apart; nothing that is typed breaks it but a wrong value."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.core.query import Facts, Has, Query, SearchRole, parse
from desktop_chat.domain.errors import QueryError


def wanted(**fields: object) -> Query:
    return Query(wanted=Facts(**fields))  # type: ignore[arg-type]


def unwanted(**fields: object) -> Query:
    return Query(unwanted=Facts(**fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query()),
        ("  \t ", Query()),
        ("python tips", Query(words=("python", "tips"))),
        ('"second law" entropy', Query(words=("entropy",), phrases=("second law",))),
        ("“second   law”", Query(phrases=("second law",))),
        ('heat "second la', Query(words=("heat",), open_phrase="second la")),
        ('""', Query()),
        ('foo"bar baz"', Query(words=("foo",), phrases=("bar baz",))),
        ("cat -dog", Query(words=("cat",), excluded=("dog",))),
        ('cat -"hot dog"', Query(words=("cat",), excluded=("hot dog",))),
        ("- -> --help a-b", Query(words=("-", "->", "--help", "a-b"))),
        ("-机器", Query(excluded=("机器",))),
        ("model:gpt-4o", wanted(models=("gpt-4o",))),
        ("MODEL:a Model:b", wanted(models=("a", "b"))),
        ("-model:mini", unwanted(models=("mini",))),
        ('endpoint:"My server"', wanted(endpoints=("My server",))),
        ('endpoint:"My ser', wanted(endpoints=("My ser",))),
        ("role:user role:TOOL", wanted(roles=frozenset((SearchRole.USER, SearchRole.TOOL)))),
        ("role:a", wanted(roles=frozenset((SearchRole.ASSISTANT,)))),
        ("-role:tool", unwanted(roles=frozenset((SearchRole.TOOL,)))),
        ("has:code has:image", wanted(has=frozenset((Has.CODE, Has.IMAGE)))),
        ('tag:idea tag:"to do"', wanted(tags=("idea", "to do"))),
        ("in:Work -in:Old", Query(wanted=Facts(folders=("Work",)), unwanted=Facts(folders=("Old",)))),
        ("in:trash", Query(in_trash=True)),
        ("In:Archive x", Query(words=("x",), in_archive=True)),
        ("-in:archive", Query(in_archive=False)),
        ("before:2026-01-31 after:2025-12-01", Query(before=date(2026, 1, 31), after=date(2025, 12, 1))),
        ("after:2026 before:2026/3", Query(after=date(2026, 1, 1), before=date(2026, 3, 1))),
        ("after:2025-01-01 after:2026-01-01", Query(after=date(2026, 1, 1))),
        ("-before:2026-01-01", Query(after=date(2026, 1, 1))),
        ("http://x a:b 12:30 c++", Query(words=("http://x", "a:b", "12:30", "c++"))),
        ("premodel:x", Query(words=("premodel:x",))),
    ],
    ids=str,
)
def test_a_text_means(text: str, query: Query) -> None:
    assert parse(text) == query


@pytest.mark.parametrize(
    "text",
    [
        "role:",
        "has: ",
        "model:",
        'model:"',
        "before:",
        "before:2",
        "before:202",
        "before:2026-",
        "before:2026-0",
        "after:2026-1-",
        "after:2026-01-0",
        "in:",
        "tag:",
        "-role:",
        "-",
        '"',
        "- ",
    ],
)
def test_what_is_still_being_typed_is_harmless(text: str) -> None:
    query = parse(text)

    assert not query.words or query.words == ("-",)
    assert query.before is None
    assert not query.wanted.is_of_messages


@pytest.mark.parametrize(
    ("text", "reason", "part"),
    [
        ("role:robot", "role", "role:robot"),
        ("x has:fun y", "has", "has:fun"),
        ("before:yesterday", "date", "before:yesterday"),
        ("After:2026-13-01", "date", "after:2026-13-01"),
        ("after:2026-02-30", "date", "after:2026-02-30"),
        ("-before:0000-01-01", "date", "before:0000-01-01"),
        ("before:2026-01-311", "date", "before:2026-01-311"),
    ],
)
def test_a_value_that_is_none_is_named(text: str, reason: str, part: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)

    assert (caught.value.reason, caught.value.part) == (reason, part)


@given(
    st.text()
    | st.lists(
        st.sampled_from(
            [
                "role:",
                "has:",
                "before:",
                "in:",
                "model:",
                "tag:",
                '"',
                "-",
                " ",
                "user",
                "2026-01-01",
                "code",
                "trash",
                "“",
                "x",
                ":",
            ]
        )
    ).map("".join)
)
def test_any_text_is_a_query_or_names_its_wrong_part(text: str) -> None:
    try:
        query = parse(text)
    except QueryError as error:
        assert error.part.split(":")[0] in ("role", "has", "before", "after")
    else:
        assert isinstance(query, Query)


def test_a_pasted_book_is_cut_off() -> None:
    assert len(parse("word " * 100_000).words) < 100
