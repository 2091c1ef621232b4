"""Our own files: written and read again, nothing differs; damaged, what is whole is kept."""

import json
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_chat.domain import codec
from desktop_chat.domain.blocks import Text
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.folder import NamedFolder, path_in
from desktop_chat.domain.ids import ConversationId, FolderId
from desktop_chat.exporting.format import Format, Options
from desktop_chat.exporting.ours import JSON, JSON_LINES
from desktop_chat.importing.ours import OURS
from desktop_chat.importing.problems import ProblemKind
from desktop_chat.importing.reader import Imported
from desktop_chat.importing.reading import read, sniff
from tests.exporting.conversations import all_blocks, conversations
from tests.importing.sources import source_of_bytes

WITH_MESSAGES = st.lists(conversations().filter(lambda c: bool(c.messages)), max_size=3, unique_by=lambda c: c.id)


def imported(content: bytes, format_: Format = JSON) -> list[Imported]:
    with source_of_bytes(f"library{format_.suffix}", content) as source:
        return list(read(source, OURS))


def changed(**changes: Any) -> Imported:
    data = codec.conversation_to_dict(all_blocks()) | changes
    return one_of(data)


def one_of(data: dict[str, Any]) -> Imported:
    (one,) = imported(json.dumps({"format": "desktop-chat", "version": 1, "conversations": [data]}).encode())
    return one


FOLDERS = {
    one.id: one
    for one in (
        NamedFolder(FolderId("f1"), "Work"),
        NamedFolder(FolderId("f2"), "Clients / 2026", FolderId("f1")),
        NamedFolder(FolderId("f3"), "Ümläut 🙂", FolderId("f2")),
        NamedFolder(FolderId("f4"), "Unused"),
    )
}


@pytest.mark.parametrize("format_", [JSON, JSON_LINES], ids=lambda format_: format_.code)
def test_folders_travel_with_the_conversations_in_them(format_: Format) -> None:
    library = []
    for number, folder in enumerate(("f3", None, "f2", "gone", "f3")):
        one = all_blocks()
        one.id, one.folder_id = ConversationId(f"c{number}"), FolderId(folder) if folder else None
        one.tags, one.archived = ("a", "b"), number % 2 == 0
        library.append(one)

    content = b"".join(format_.write(library, Options(folders=partial(path_in, FOLDERS))))

    assert content.count(b'"folder"') == 3
    with source_of_bytes(f"library{format_.suffix}", content) as source:
        assert sniff(source) is OURS
        read_again = list(read(source, OURS))
        assert [one.conversation for one in read_again] == library
        assert not any(one.problems for one in read_again)
        assert [one.id for one in source.folder_path(FolderId("f3"))] == ["f1", "f2", "f3"]
        assert source.folders == {key: one for key, one in FOLDERS.items() if key != "f4"}


@pytest.mark.parametrize("folder", [{"id": 5}, {"name": ""}, {"name": None}, {"id": "", "parent_id": 7}])
def test_a_folder_that_is_none_is_named(folder: dict[str, Any]) -> None:
    line = {"kind": "folder", "id": "f", "name": "F", "parent_id": None} | folder

    (one,) = imported(json.dumps(line).encode(), JSON_LINES)

    assert one.conversation is None
    assert [problem.kind for problem in one.problems] == [ProblemKind.NOT_READABLE]


def test_folders_in_a_ring_lead_somewhere() -> None:
    ring = {
        key: NamedFolder(key, key, other)
        for key, other in ((FolderId("a"), FolderId("b")), (FolderId("b"), FolderId("a")))
    }

    assert [one.id for one in path_in(ring, FolderId("a"))] == ["b", "a"]


@pytest.mark.parametrize("format_", [JSON, JSON_LINES], ids=lambda format_: format_.code)
@given(library=WITH_MESSAGES)
@settings(max_examples=60)
def test_export_and_import_of_ours_is_the_identity(format_: Format, library: list[Conversation]) -> None:
    content = b"".join(format_.write(library, Options()))

    read_again = imported(content, format_)

    assert [one.conversation for one in read_again] == library
    assert [list(c.messages) for c in library] == [
        list(one.conversation.messages) for one in read_again if one.conversation
    ]
    assert not any(one.problems for one in read_again)


def test_an_empty_library_is_recognised_and_brings_nothing() -> None:
    with source_of_bytes("library.json", b"".join(JSON.write((), Options()))) as source:
        assert sniff(source) is OURS
        assert list(read(source, OURS)) == []


def test_what_a_newer_program_added_is_passed_over() -> None:
    one = changed(colour="green")

    assert one.conversation == all_blocks()
    assert one.problems == ()


def test_a_conversation_of_a_newer_version_is_named() -> None:
    one = changed(version=codec.VERSION + 1)

    assert one.conversation is None
    assert [problem.kind for problem in one.problems] == [ProblemKind.NEWER]


@pytest.mark.parametrize("version", [None, 0, "2"])
def test_a_conversation_without_a_version_is_not_called_newer(version: object) -> None:
    one = changed(version=version)

    assert [str(problem) for problem in one.problems] == [
        f"{one.where}: cannot be read (it does not say which version wrote it)"
    ]


def test_a_message_that_cannot_be_read_is_left_out_and_what_hangs_below_stays() -> None:
    data = codec.conversation_to_dict(all_blocks())
    data["messages"][3]["blocks"] = [{"kind": "hologram"}]
    broken = data["messages"][3]["id"]

    one = one_of(data)

    assert one.conversation is not None
    assert len(one.conversation.messages) == len(data["messages"]) - 1
    assert broken not in one.conversation.messages
    below = [m for m in one.conversation.messages.values() if m.id == "r2"]
    assert [message.parent_id for message in below] == ["r1"]
    assert ProblemKind.MESSAGE_LEFT_OUT in {problem.kind for problem in one.problems}


@pytest.mark.parametrize(
    "changes",
    [
        {"chosen": [["q1", "q1"], [None, "r1"], ["gone", "q1"]]},
        {"chosen": [[[], {}], 5, None]},
        {"deleted": ["gone", 5, "q6"]},
        {"settings": {"temperature": "hot", "model": "kept", "allowed_tools": [{}, "kept"]}},
        {"title": 5},
        {"created_at": None},
        {"messages": [5, None, "x", *codec.conversation_to_dict(all_blocks())["messages"]]},
        {"messages": codec.conversation_to_dict(all_blocks())["messages"] * 2},
        {"messages": codec.conversation_to_dict(all_blocks())["messages"][::-1]},
        {"settings": []},
    ],
    ids=[
        "choices that lead in rings", "choices that are none", "deleted ones that are not there", "settings", "title",
        "time", "messages that are none", "messages twice", "children before their parents", "no settings",
    ],
)  # fmt: skip
def test_a_damaged_conversation_keeps_what_is_whole(changes: dict[str, Any]) -> None:
    one = changed(**changes)

    assert one.conversation is not None
    assert len(one.conversation.messages) == len(all_blocks().messages)
    assert len(one.conversation.path()) <= len(one.conversation.messages)
    assert one.problems


def test_halves_of_characters_are_replaced_and_the_rest_kept() -> None:
    data = codec.conversation_to_dict(all_blocks())
    data["messages"][0]["blocks"] = [{"kind": "text", "text": "a\ud83db"}]

    one = one_of(data)

    assert one.conversation is not None
    assert one.conversation.messages[data["messages"][0]["id"]].blocks == (Text("a�b"),)
