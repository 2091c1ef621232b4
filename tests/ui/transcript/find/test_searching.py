"""Counting words in the sources of messages."""

import pytest

from desktop_chat.domain.blocks import Reasoning, Text, ToolCall, ToolResult
from desktop_chat.domain.ids import CallId
from desktop_chat.ui.transcript.find.searching import Search, Wanted
from tests.ui.transcript.told import ToldSession


def found(session: ToldSession, text: str, *, match_case: bool = False) -> list[tuple[int, int, int]]:
    search = Search(Wanted(text, match_case), session.conversation.path())
    while search.go_on(lambda: True):
        pass
    return [(hit.row, hit.part, hit.count) for hit in search.found]


def test_every_part_of_a_message_is_searched(session: ToldSession) -> None:
    call = ToolCall(CallId("a"), "look", '{"what": "needle"}')
    session.asks("needle?")
    session.replies(Reasoning("a needle"), call, ToolResult(call.call_id, "one needle"), Text("Needle, needle."))

    assert found(session, "needle") == [(0, 1, 1), (1, 1, 1), (1, 2, 2), (1, 4, 2)]


@pytest.mark.parametrize(
    ("markdown", "wanted", "count"),
    [
        ("some **bold words** here", "bold words here", 1),
        ("over two\nlines", "two lines", 1),
        ("[text](https://example.org/needle)", "needle", 0),
        (r"snake\_case", "snake_case", 1),
        ("| a | needle |\n|---|---|\n| needle | b |", "needle", 2),
        ("```\nneedle\n```", "needle", 1),
        ("a.c abc", "a.c", 1),
    ],
    ids=["marks between words", "line break", "address", "escape", "table", "code", "no pattern of its own"],
)
def test_what_counts_is_what_is_shown(session: ToldSession, markdown: str, wanted: str, count: int) -> None:
    session.asks("")
    session.replies(Text(markdown))

    assert sum(hit[2] for hit in found(session, wanted)) == count


def test_case_counts_only_if_asked_for(session: ToldSession) -> None:
    session.asks("Word word WORD")

    assert found(session, "word") == [(0, 1, 3)]
    assert found(session, "word", match_case=True) == [(0, 1, 1)]


def test_nothing_wanted_finds_nothing(session: ToldSession) -> None:
    session.asks("words")

    assert found(session, "  ") == []


def test_the_work_can_be_done_in_slices(session: ToldSession) -> None:
    for _ in range(10):
        session.asks("needle")
    search = Search(Wanted("needle"), session.conversation.path())

    left = iter([True] * 3)
    assert search.go_on(lambda: next(left, False))
    assert search.total == 3
