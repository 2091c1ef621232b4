"""Small values: origins, usage, feeds, errors."""

import pytest

from desktop_chat.domain import errors
from desktop_chat.domain.blocks import Refusal, Text, ToolCall, ToolResult
from desktop_chat.domain.endpoint import origin_of
from desktop_chat.domain.feed import Feed
from desktop_chat.domain.ids import CallId, MessageId, new_message_id
from desktop_chat.domain.message import Message, Role
from desktop_chat.domain.usage import Usage, total


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://API.Example.org/v1", "https://api.example.org:443"),
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080"),
        ("http://[::1]:80/v1", "http://[::1]:80"),
        ("https://user:pass@example.org/v1", "https://example.org:443"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize("url", ["", "example.org", "ftp://example.org", "http://", "http://a:99999"])
def test_what_is_no_address_has_no_origin(url: str) -> None:
    with pytest.raises(ValueError):
        origin_of(url)


def test_what_no_server_reported_stays_unknown_in_a_sum() -> None:
    assert total([Usage(1, None, 2), Usage(3)]) == Usage(4, None, 2)
    assert total([]) == Usage()


def test_a_feed_tells_everybody_in_order_until_they_leave() -> None:
    feed: Feed[int] = Feed()
    heard: list[tuple[str, int]] = []
    leave = feed.subscribe(lambda item: heard.append(("a", item)))
    feed.subscribe(lambda item: heard.append(("b", item)))

    feed.publish(1)
    leave()
    leave()
    feed.publish(2)

    assert heard == [("a", 1), ("b", 1), ("b", 2)]


def test_a_subscriber_may_leave_while_it_is_told() -> None:
    feed: Feed[int] = Feed()
    heard: list[int] = []

    def once(item: int) -> None:
        heard.append(item)
        leave()

    leave = feed.subscribe(once)
    feed.subscribe(heard.append)
    feed.publish(1)

    assert heard == [1, 1]


def test_ids_made_later_sort_later() -> None:
    first = new_message_id()

    assert len(first) == 24
    assert first[:12] <= new_message_id()[:12]


def test_a_messages_text_is_what_was_said() -> None:
    call = ToolCall(CallId("c"), "f", "{}")
    blocks = (Text("a"), call, ToolResult(CallId("c"), "r"), Text(""), Refusal("b"))
    message = Message(MessageId("m"), None, Role.ASSISTANT, blocks, 0.0)

    assert message.text == "a\n\nb"
    assert message.unanswered_calls == ()


def test_every_error_stands_in_the_tree_of_the_docstring() -> None:
    classes = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)]

    missing = [kind.__name__ for kind in classes if kind.__name__ not in (errors.__doc__ or "")]

    assert missing == []
