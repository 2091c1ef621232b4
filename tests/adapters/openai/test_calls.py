"""Fragments of tool calls, as servers send them."""

from desktop_chat.adapters.openai.calls import Calls


def test_half_a_character_in_a_name_or_id_cannot_fail_the_turns_after_it() -> None:
    (delta,) = Calls().read([{"index": 0, "id": "c\ud800", "function": {"name": "f\udc00", "arguments": "{}"}}])

    assert (delta.call_id, delta.name) == ("c\ufffd", "f\ufffd")
