"""Files that nobody vouches for: whatever they hold, there is a report and no exception."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_chat.domain import codec
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.errors import ImportFailed
from desktop_chat.exporting import FORMATS
from desktop_chat.exporting.format import Options
from desktop_chat.importing import READERS
from desktop_chat.importing.problems import MAX_KEPT, ProblemKind
from desktop_chat.importing.reader import Imported, Reader
from desktop_chat.importing.reading import preview, read, refusals, sniff
from tests.importing.sources import SOURCES, source_of_bytes

NAMES = ("conversations.json", "a.conversation.json", "thread.json", "messages.jsonl", "x.zip", "anything")
SEEDS = [file for _, path in SOURCES for file in ([path] if path.is_file() else sorted(path.rglob("*.json*")))]
every_reader = pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.code)
every_seed = pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
junk: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from(
        [None, True, 0, -1, 1.5, 1e308, float("nan"), 10**30, "", "x", "\ud83d", "0\0", [], {}, [[]], {"a": {}}]
    )
    | st.text(max_size=9)
    | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def report(reader: Reader, name: str, content: bytes) -> list[Imported]:
    """What reading gives."""
    with source_of_bytes(name, content) as source:
        return list(read(source, reader))


def unsound(imports: list[Imported]) -> list[Imported]:
    """Those that are neither a conversation that can be stored, shown and exported, nor say why they are none."""
    for imported in imports:
        for problem in imported.problems:
            str(problem).encode()
    return [one for one in imports if not (one.problems if one.conversation is None else is_sound(one.conversation))]


def is_sound(conversation: Conversation) -> bool:
    json.dumps(codec.conversation_to_dict(conversation), allow_nan=False).encode()
    json.dumps(codec.conversation_to_dict(conversation), ensure_ascii=False).encode()
    for format_ in FORMATS:
        b"".join(format_.write((conversation,), Options()))
    return 0 < len(conversation.messages) >= len(conversation.path()) and all(
        child in conversation.children[parent] for parent, child in conversation.chosen.items()
    )


@every_reader
@given(name=st.sampled_from(NAMES), content=st.binary(max_size=200))
@settings(max_examples=30)
def test_any_bytes_give_a_report(reader: Reader, name: str, content: bytes) -> None:
    try:
        assert unsound(report(reader, name, content)) == []
    except ImportFailed:
        assert content.startswith(b"PK")


@every_reader
@given(value=junk)
@settings(max_examples=30)
def test_any_json_gives_a_report(reader: Reader, value: Any) -> None:
    assert unsound(report(reader, "conversations.json", json.dumps(value).encode())) == []


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ()):
        yield from places(inner, (*path, key))


def changed(value: Any, path: tuple[Any, ...], new: Any, how: str) -> Any:
    if not path:
        return new
    value = copy.deepcopy(value)
    at = value
    for key in path[:-1]:
        at = at[key]
    if how == "remove":
        del at[path[-1]]
    elif how == "double" and isinstance(at, list):
        at.append(at[path[-1]])
    else:
        at[path[-1]] = new
    return value


def documents(seed: Path) -> list[Any]:
    text = seed.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()] if seed.suffix == ".jsonl" else [json.loads(text)]


@every_seed
@given(data=st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_true_file_with_a_few_wrong_values_gives_a_report(seed: Path, data: st.DataObject) -> None:
    values = documents(seed)
    for _ in range(data.draw(st.integers(1, 4))):
        number = data.draw(st.integers(0, len(values) - 1))
        path = data.draw(st.sampled_from(list(places(values[number]))))
        how = data.draw(st.sampled_from(["replace", "remove", "double"]))
        values[number] = changed(values[number], path, data.draw(junk), how)
    content = "\n".join(map(json.dumps, values)).encode()

    with source_of_bytes(seed.name, content) as source:
        fitting = sniff(source)
    for reader in {fitting or READERS[-1], data.draw(st.sampled_from(READERS))}:
        assert unsound(report(reader, seed.name, content)) == []


@every_seed
@given(data=st.data())
@settings(max_examples=15)
def test_a_true_file_that_is_torn_or_scratched_gives_a_report(seed: Path, data: st.DataObject) -> None:
    content = bytearray(seed.read_bytes())
    for _ in range(data.draw(st.integers(0, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(1, len(content))) :]

    with source_of_bytes(seed.name, bytes(content)) as source:
        reader = sniff(source)
    for each in [reader] if reader else READERS:
        assert unsound(report(each, seed.name, bytes(content))) == []


def chatgpt(mapping: dict[str, Any]) -> bytes:
    return json.dumps([{"id": "c", "title": "t", "mapping": mapping}]).encode()


def asked(parent: str | None, text: str = "x", role: str = "user") -> dict[str, Any]:
    content = {"content_type": "text", "parts": [text]}
    return {"parent": parent, "message": {"author": {"role": role}, "content": content}}


def read_one(content: bytes, name: str = "conversations.json") -> Imported:
    with source_of_bytes(name, content) as source:
        reader = sniff(source)
        assert reader is not None
    (imported,) = report(reader, name, content)
    assert unsound([imported]) == []
    return imported


@pytest.mark.parametrize(
    "mapping",
    [
        {"a": asked("a")},
        {"a": asked("b"), "b": asked("a")},
        {"a": asked("b"), "b": asked("c"), "c": asked("a"), "d": asked("a"), "e": asked("e")},
        {"a": asked("gone"), "b": asked("a")},
    ],
    ids=["answers itself", "a pair", "a ring with a tail", "a parent that is missing"],
)
def test_messages_that_hang_nowhere_are_hung_up_and_noted(mapping: dict[str, Any]) -> None:
    imported = read_one(chatgpt(mapping))

    assert imported.conversation is not None
    assert len(imported.conversation.messages) == len(mapping)
    assert {problem.kind for problem in imported.problems} == {ProblemKind.PLACE_MENDED}


def test_halves_of_characters_become_what_can_be_stored() -> None:
    imported = read_one(
        b'[{"id": "c", "title": "\\ud83d", "mapping": {"a": ' + json.dumps(asked(None, "\ud83d")).encode() + b"}}]"
    )

    assert imported.conversation is not None
    assert imported.conversation.title == "�"
    assert [message.text for message in imported.conversation.path()] == ["�"]


def test_a_recursive_export_of_thousands_of_messages_is_read() -> None:
    depth = 4_000
    head = '{"conversationId": "c", "title": "t", "recursive": true, "messages": ['
    message = '{"messageId": "%d", "isCreatedByUser": %s, "sender": "s", "text": "m%d", "children": ['
    body = "".join(message % (n, "true" if n % 2 else "false", n) for n in range(depth))

    imported = read_one((head + body + "]}" * depth + "]}").encode(), "librechat.json")

    assert imported.conversation is not None
    assert len(imported.conversation.path()) == depth


@pytest.mark.parametrize(
    "text", ["[" * 500_000, '{"a":' * 500_000, '[{"mapping":' + "[" * 300_000, '{"a":1,' * 100_000]
)
def test_bottomless_nesting_gives_a_report(text: str) -> None:
    for reader in (READERS[0], READERS[-1]):
        imports = report(reader, "conversations.json", text.encode())
        assert unsound(imports) == []
        assert [imported.conversation for imported in imports] == [None]


def test_what_is_listed_does_not_grow_without_end() -> None:
    parts = [{"content_type": f"kind {number}"} for number in range(3 * MAX_KEPT)]
    message = asked(None)
    message["message"]["content"]["parts"] = ["x", *parts]

    imported = read_one(chatgpt({"a": message}))

    assert len(imported.problems) == MAX_KEPT + 1
    assert imported.problems[-1].kind is ProblemKind.MORE
    assert imported.problems[-1].detail == str(2 * MAX_KEPT)


def tags(count: int) -> str:
    return '<details type="reasoning">' * count + "</details>"


LARGE = {
    "chain": lambda n: chatgpt(
        {str(i): asked(str(i - 1) if i else None, role="user" if i % 2 else "x") for i in range(n)}
    ),
    "star": lambda n: chatgpt({str(i): asked("0" if i else None) for i in range(n)}),
    "rings": lambda n: chatgpt({str(i): asked(str(i ^ 1)) for i in range(n)}),
    "tools": lambda n: chatgpt({str(i): asked(str(i - 1) if i else None, role="tool") for i in range(n)}),
    "marks": lambda n: chatgpt({"a": asked(None, "\ue200" * 50 * n, role="assistant")}),
    "same ids": lambda n: json.dumps({"messages": [{"id": "x", "role": "user", "content": "y"}] * n}).encode(),
    "tags": lambda n: json.dumps([asked_api("user", "q"), asked_api("assistant", tags(50 * n))]).encode(),
    "commas": lambda n: b'[{"mapping": {"a": {}}}' + b"," * 100 * n + b"]",
    "brackets": lambda n: b'[{"mapping": {"a": {}}},' + b"]}" * 100 * n,
    "quotes": lambda n: b'[{"mapping": {"a": {}}},' + b'" ' * 10 * n,
}


def asked_api(role: str, text: str) -> dict[str, str]:
    return {"role": role, "content": text}


@pytest.mark.parametrize("shape", LARGE)
def test_a_large_file_of_a_bad_shape_comes_to_its_end(shape: str) -> None:
    """Work that grew with the square of the size would not, within the limit of a test."""
    content = LARGE[shape](10_000)

    with source_of_bytes("conversations.json", content) as source:
        reader = sniff(source)
        assert reader is not None
        assert list(read(source, reader))


def test_an_unknown_file_is_not_recognised() -> None:
    for content in (b"", b"hello", b"{}", b"[]", b"[1, 2]", b'{"a": [1]}', b"\x00\xff", b"PK", b'"text"', b"null"):
        with source_of_bytes("file.json", content) as source:
            assert sniff(source) is None


def test_a_preview_of_garbage_lists_what_was_wrong() -> None:
    with source_of_bytes("conversations.json", b'[{"mapping": {}}, nonsense') as source:
        seen = preview(source, READERS[1])

    assert seen.found == ()
    assert seen.problem_count == len(seen.problems) >= 2


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.json", b"", "it is empty"),
        ("a.txt", b"hello", "it is not JSON"),
        ("a.json", b'[{"mapping": {"a": ', "the file ends in the middle"),
        ("a.json", b"[" + b'"' + b"x" * (5 * 2**20) + b'", 2]', ""),
    ],
    ids=["empty", "no JSON", "cut off", "whole, and nothing we know"],
)
def test_it_is_said_why_nothing_is_known_of_a_file(name: str, content: bytes, why: str) -> None:
    with source_of_bytes(name, content) as source:
        assert sniff(source) is None
        details = [problem.detail for problem in refusals(source)]

    assert (why in details) if why else details == []
