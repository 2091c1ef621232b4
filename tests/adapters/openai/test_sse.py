"""Server-sent events, cut anywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.adapters.openai.sse import Lines


def read(*pieces: bytes) -> list[tuple[str, bytes]]:
    lines = Lines()
    return [event for piece in pieces for event in lines.feed(piece)] + list(lines.rest())


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        (b"data: a\n\ndata: b\n\n", [("", b"a"), ("", b"b")]),
        (b"data:a\n\n", [("", b"a")]),
        (b"data:  a\n\n", [("", b" a")]),
        (b"data: a\r\n\r\ndata: b\r\n\r\n", [("", b"a"), ("", b"b")]),
        (b"data: a\r\rdata: b\r\r", [("", b"a"), ("", b"b")]),
        (b": comment\n\ndata: a\n\n", [("", b"a")]),
        (b"event: error\ndata: a\n\ndata: b\n\n", [("error", b"a"), ("", b"b")]),
        (b"data: a\ndata: b\n\n", [("", b"a\nb")]),
        (b"id: 1\nretry: 5\ndata: a\n\n", [("", b"a")]),
        (b"data: a", [("", b"a")]),
        (b"data: a\n", [("", b"a")]),
        (b"\n\n\n", []),
        (b"", []),
        (b"data\n\n", []),
    ],
)
def test_events_are_found(stream: bytes, events: list[tuple[str, bytes]]) -> None:
    assert read(stream) == events


PARTS = st.sampled_from([b"data: ", b"data:", b"x", b"\n", b"\r", b"\r\n", b": c", b"event: e", "ü".encode()])


@given(st.lists(PARTS, max_size=12), st.data())
def test_where_the_stream_is_cut_makes_no_difference(parts: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(parts)
    cut = data.draw(st.integers(0, len(stream)))

    assert read(stream) == read(stream[:cut], stream[cut:])
    assert read(stream) == read(*(stream[i : i + 1] for i in range(len(stream))))
