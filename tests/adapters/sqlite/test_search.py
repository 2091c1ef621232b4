"""Words are found in titles and messages, and nowhere else."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.core.ports import Hit, RowChange
from desktop_chat.core.query import parse
from desktop_chat.domain.blocks import Reasoning, Text, ToolCall, ToolResult
from desktop_chat.domain.ids import CallId, MessageId
from desktop_chat.domain.message import Ended, Message, Role
from tests.adapters.sqlite.scenes import with_store
from tests.adapters.sqlite.trees import question, reply, save, talk


@pytest.fixture
def found(path: Path) -> Any:
    """Saves conversations and searches them."""

    def find(text: str, *conversations: Any) -> list[Hit]:
        async def scene(store: SqliteStore) -> list[Hit]:
            for conversation in conversations:
                await save(store, conversation)
            return await store.search(parse(text))

        return with_store(path, scene)

    return find


@pytest.mark.parametrize(
    "text",
    ["thermo", "THERMODYNAMICS", "law thermodynamics", "uber", "über", "second la"],
    ids=["beginning", "capitals", "any order", "without accent", "accent", "two words, one begun"],
)
def test_a_message_is_found(found: Any, text: str) -> None:
    first = question("Explain the second law of thermodynamics über alles")

    hits = found(text, talk(first))

    assert [hit.message_id for hit in hits] == [first.id]
    assert "\x02" in hits[0].snippet and "\x03" in hits[0].snippet


@pytest.mark.parametrize("text", ["", "   ", '"', "*", "NEAR(", "a AND", "-", "^", "{x}:"])
def test_operators_are_ordinary_text(found: Any, text: str) -> None:
    assert found(text, talk(question("nothing of the kind"))) == []


def test_titles_come_before_messages_and_newer_before_older(found: Any) -> None:
    old, new = question("apple old"), question("apple new")

    hits = found("apple", talk(old), talk(new), talk(question("x"), title="Apple pie"))

    assert [hit.message_id for hit in hits] == [None, new.id, old.id]


@pytest.mark.parametrize(
    "title",
    [
        "Unresumed work",
        "UNRESUMED…",
        "Unrésumed",
        "A cut unresumed tit…",
        "ｕｎｒｅｓｕｍｅｄ",
        "…unresumed",
        "tab\tunresumed\x00",
    ],
    ids=["small", "cut", "accent", "cut in a word", "full width", "begins cut", "controls"],
)
def test_a_part_of_a_word_is_found_in_every_title(found: Any, title: str) -> None:
    hits = found("resume", talk(question("q"), title=title), talk(question("q"), title="Another…"))

    assert [hit.title for hit in hits] == [title]


def test_reasoning_calls_and_results_are_searched(found: Any) -> None:
    first = question("q")
    blocks = (
        Reasoning("pondering"),
        ToolCall(CallId("c"), "get_weather", '{"city": "Reykjavik"}'),
        ToolResult(CallId("c"), "drizzle"),
        Text("It rains"),
    )
    answer = Message(MessageId("a"), first.id, Role.ASSISTANT, blocks, 1.0, ended=Ended.COMPLETE)
    conversation = talk(first, answer)

    for word in ("pondering", "reykjavik", "drizzle", "rains", "get_weather"):
        assert [hit.message_id for hit in found(word, conversation)] == [answer.id]


def test_an_exchanged_message_is_found_by_its_new_words_only(found: Any) -> None:
    first = question("q")
    answer = reply("preliminary", first)
    found("x", talk(first, answer))
    conversation = talk(first, answer)
    found("x", conversation)
    conversation.put(Message(answer.id, first.id, Role.ASSISTANT, (Text("definitive"),), 1.0, ended=Ended.COMPLETE))

    assert len(found("definitive", conversation)) == 1
    assert conversation.id not in [hit.conversation_id for hit in found("preliminary")]


def test_deleted_messages_and_the_trash_are_left_out(path: Path) -> None:
    first = question("treasure")
    conversation, trashed = talk(first, question("treasure too")), talk(question("treasure"))
    conversation.delete(first.id)

    async def scene(store: SqliteStore) -> list[Hit]:
        await save(store, conversation)
        await save(store, trashed)
        await store.arrange([RowChange(trashed.id, {"trashed_at": 1.0})])
        return await store.search(parse("treasure"))

    hits = with_store(path, scene)
    assert [hit.message_id for hit in hits] == [list(conversation.messages)[1]]


def test_there_are_no_more_hits_than_asked_for(path: Path) -> None:
    conversation = talk(*(question(f"word {number}") for number in range(20)))

    async def scene(store: SqliteStore) -> int:
        await save(store, conversation)
        return len(await store.search(parse("word"), limit=7))

    assert with_store(path, scene) == 7


def test_an_excerpt_is_a_line_around_the_first_match_whatever_the_length_of_the_message(found: Any) -> None:
    first = question("so it begins " * 10 + "lorem ipsum " * 20_000)

    (hit,) = found("lor", talk(first))

    assert hit.snippet.startswith("…") and hit.snippet.endswith("…")
    assert len(hit.snippet) < 250
    assert hit.snippet.index("it begins") < hit.snippet.index("\x02lorem\x03 ipsum")


def test_a_match_longer_than_an_excerpt_is_marked(found: Any) -> None:
    (hit,) = found("needle", talk(question("a " * 40 + "needle" + "x" * 500)))

    assert "\x02needle" in hit.snippet and "\x03" in hit.snippet


def test_a_store_of_shape_1_is_searched_like_any_other(path: Path) -> None:
    path.parent.mkdir(parents=True)
    shutil.copyfile(Path(__file__).parents[2] / "old_files" / "store-1.sqlite", path)

    async def scene(store: SqliteStore) -> dict[str, list[str | None]]:
        texts = ("straße", "naive", "東京", "role:tool 6", "model:model-a has:tool", "treasure", "in:trash treasure")
        return {text: [hit.message_id for hit in await store.search(parse(text))] for text in texts}

    found = with_store(path, scene)
    for text in ("straße", "naive", "東京", "role:tool 6"):
        assert "a2" in found[text], text
    assert found["treasure"] == []
    assert len(found["in:trash treasure"]) > 0


def test_the_best_line_of_a_long_message_is_shown(found: Any) -> None:
    first = question("apple " + "pad " * 200 + "apple and pear " + "pad " * 200 + "pear")

    (hit,) = found("apple pear", talk(first))

    assert "\x02apple\x03 and \x02pear\x03" in hit.snippet


def test_accents_in_any_form_are_marked_where_they_stand(found: Any) -> None:
    (hit,) = found("cafe", talk(question("un Cafe\u0301 noir")))

    assert hit.snippet == "un \x02Cafe\u0301\x03 noir"


def test_a_part_of_a_word_is_marked_alone(found: Any) -> None:
    (hit,) = found("atab", talk(question("the Database")))

    assert hit.snippet == "the D\x02atab\x03ase"
