"""A search looks where it is told to, and never into the trash unless asked."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_chat.adapters.sqlite import search_scope
from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.core.ports import Folder, Hit, RowChange
from desktop_chat.core.query import parse
from desktop_chat.domain.blocks import Text
from desktop_chat.domain.conversation import Conversation, ConversationSettings
from desktop_chat.domain.errors import QueryError
from desktop_chat.domain.ids import FolderId, MessageId
from desktop_chat.domain.message import Ended, Message, Role
from tests.adapters.sqlite.scenes import with_store
from tests.adapters.sqlite.trees import question, save, talk

WORK, PLANS, HOME = FolderId("w"), FolderId("p"), FolderId("h")


def on(day: str) -> float:
    """Noon of a day, where the person is."""
    return datetime.fromisoformat(f"{day}T12:00").timestamp()


def said_on(text: str, day: str, role: Role = Role.USER, **fields: Any) -> Message:
    ended = Ended.COMPLETE if role is Role.ASSISTANT else None
    return Message(MessageId(f"{text}{day}"), None, role, (Text(text),), on(day), ended=ended, **fields)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One conversation of each kind, all with the word apple in a message and in the title."""
    path = tmp_path_factory.mktemp("store") / "conversations.sqlite"
    kinds: dict[str, dict[str, Any]] = {
        "plain": {},
        "work": {"folder_id": WORK, "tags": ("Idea", "to do")},
        "plans": {"folder_id": PLANS, "tags": ("idea",)},
        "home": {"folder_id": HOME, "archived": True},
        "gone": {"folder_id": WORK, "tags": ("idea",), "trashed_at": 5.0},
    }

    async def scene(store: SqliteStore) -> None:
        folders = [
            Folder(WORK, "Work", None, 0),
            Folder(PLANS, "Pläne für morgen", WORK, 0),
            Folder(HOME, "Home", None, 1),
        ]
        await store.arrange([], folders)
        for number, (name, fields) in enumerate(kinds.items()):
            day = f"2026-01-{10 + number}"
            first = said_on(f"apple {name}", day)
            answer = said_on(
                f"apple reply {name}", day, Role.ASSISTANT, model="x/GPT-5 mini", endpoint_name="My Ollama"
            )
            other = said_on(f"pear reply {name}", day, Role.ASSISTANT, model="llama-3")
            conversation = talk(first, answer, other, title=f"Apple {name}", updated_at=on(day))
            conversation.settings = ConversationSettings(system_prompt=f"You grow apples {name}")
            await save(store, conversation)
            await store.arrange([RowChange(conversation.id, fields)] if fields else [])

    with_store(path, scene)
    return path


def found(path: Path, text: str, limit: int = 200) -> list[Hit]:
    return with_store(path, lambda store: store.search(parse(text), limit))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("apple", "home plans work plain"),
        ("apple in:trash", "gone"),
        ("apple in:archive", "home"),
        ("apple -in:archive", "plans work plain"),
        ("apple in:work", "plans work"),
        ("apple in:WO", "plans work"),
        ('apple in:"plane fur"', "plans"),
        ("apple in:work in:home", "home plans work"),
        ("apple -in:work", "home plain"),
        ("apple in:work in:trash", "gone"),
        ("apple in:nowhere", ""),
        ("apple -in:nowhere", "home plans work plain"),
        ("apple tag:idea", "plans work"),
        ('apple tag:idea tag:"to do"', "work"),
        ("apple -tag:idea", "home plain"),
        ("apple tag:none", ""),
        ("apple after:2026-01-12", "home plans"),
        ("apple before:2026-01-12", "work plain"),
        ("apple after:2026-01-11 before:2026-01-12", "work"),
        ("apple after:9999", ""),
        ("apple before:1000", ""),
        ("apple after:0001", "home plans work plain"),
    ],
)
def test_titles_and_messages_are_found_where_they_are_sought(library: Path, text: str, names: str) -> None:
    hits = found(library, text)

    expected = names.split()
    assert [hit.title.split()[1] for hit in hits if hit.message_id is None] == expected
    assert [hit.title.split()[1] for hit in hits if hit.role == "user"] == expected
    assert [hit.title.split()[1] for hit in hits if hit.role == "assistant"] == expected


@pytest.mark.parametrize("few", [0, 512], ids=["too many to be named", "named"])
@pytest.mark.parametrize("text", ["apple in:work", "apple tag:idea", "apple in:trash", "机 in:work", "pple in:archive"])
def test_few_and_many_conversations_are_narrowed_alike(
    library: Path, text: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = found(library, text)

    monkeypatch.setattr(search_scope, "MOST_NAMED", few)

    assert found(library, text) == expected


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("role:user apple in:archive", ["apple home2026-01-13"]),
        ("role:assistant in:archive", ["pear reply home2026-01-13", "apple reply home2026-01-13"]),
        ("model:gpt-5 in:archive", ["apple reply home2026-01-13"]),
        ("model:MINI in:archive", ["apple reply home2026-01-13"]),
        ("-model:gpt in:archive role:assistant", ["pear reply home2026-01-13"]),
        ("model:claude", []),
        ("endpoint:ollama in:archive", ["apple reply home2026-01-13"]),
        ('endpoint:"my olla" in:archive', ["apple reply home2026-01-13"]),
        ("-endpoint:ollama role:assistant in:archive", ["pear reply home2026-01-13"]),
        ("role:tool apple", []),
        ("-role:user -role:assistant -role:tool apple", []),
    ],
)
def test_messages_alone_are_found_by_what_they_are(library: Path, text: str, ids: list[str]) -> None:
    assert sorted(str(hit.message_id) for hit in found(library, text) if hit.message_id) == sorted(ids)
    assert not any(hit.role == "" for hit in found(library, text) if "-role" not in text)


def test_system_prompts_are_found_by_their_role_alone(library: Path) -> None:
    assert not any(hit.role == "system" for hit in found(library, "grow"))

    hits = found(library, "role:system grow -in:archive")

    assert [(hit.message_id, hit.role) for hit in hits] == [(None, "system")] * 3
    assert hits[0].snippet == "You \x02grow\x03 apples plans"


def test_an_operator_alone_lists_what_is_there(library: Path) -> None:
    hits = found(library, "in:work")

    assert [(hit.snippet, hit.message_id) for hit in hits] == [("Apple plans", None), ("Apple work", None)]
    assert found(library, "-apple") == []


def test_a_hit_knows_its_title_time_and_speaker(library: Path) -> None:
    hit = next(hit for hit in found(library, "apple reply") if hit.message_id)

    assert (hit.title, hit.role, hit.at) == ("Apple home", "assistant", on("2026-01-13"))
    assert hit.snippet == "\x02apple\x03 \x02reply\x03 home"


def test_imported_messages_stand_where_their_time_puts_them(path: Path) -> None:
    async def scene(store: SqliteStore) -> list[Hit]:
        await save(store, talk(said_on("apple", "2026-05-01")))
        await save(store, talk(said_on("apple", "2019-05-01")))
        await save(store, talk(said_on("apple", "2022-05-01")))
        return await store.search(parse("apple"))

    assert [datetime.fromtimestamp(hit.at).year for hit in with_store(path, scene)] == [2026, 2022, 2019]


def test_messages_of_one_moment_keep_their_order(path: Path) -> None:
    messages = [question(f"apple {number}") for number in range(50)]

    async def scene(store: SqliteStore) -> list[Hit]:
        await save(store, talk(*messages[:25]))
        await save(store, talk(*messages[25:]))
        return await store.search(parse("apple"))

    assert [hit.message_id for hit in with_store(path, scene)] == [message.id for message in reversed(messages)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    text=st.lists(
        st.sampled_from(
            [
                "apple",
                "-",
                " ",
                '"',
                "in:",
                "work",
                "tag:idea",
                "role:",
                "user",
                "*",
                "OR ",
                "after:2026",
                "model:g",
                "机",
                "has:code",
            ]
        ),
        max_size=6,
    ).map("".join)
)
def test_nothing_of_the_trash_is_found_unasked(library: Path, text: str) -> None:
    try:
        hits = found(library, text)
    except QueryError:
        return

    assert not any("gone" in hit.title for hit in hits)


def test_conversations_with_odd_times_are_kept_and_found(path: Path) -> None:
    odd = [float("nan"), float("inf"), -1e300, 1e300, -5.0]
    messages = [Message(MessageId(str(at)), None, Role.USER, (Text("apple"),), at) for at in odd]

    async def scene(store: SqliteStore) -> tuple[list[Hit], Conversation]:
        conversation = talk(*messages)
        await save(store, conversation)
        return await store.search(parse("apple")), await store.load(conversation.id)

    hits, loaded = with_store(path, scene)
    assert {hit.message_id for hit in hits} == {message.id for message in messages}
    assert len(loaded.messages) == len(odd)
