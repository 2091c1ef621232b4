"""The indexes find what a plain comparison in Python finds, whatever is in them already."""

import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from desktop_chat.adapters.sqlite import search, search_schema
from desktop_chat.adapters.sqlite.search_grams import Sifter
from desktop_chat.adapters.sqlite.search_match import Sought, as_part, excluded, sought
from desktop_chat.adapters.sqlite.search_text import done, fold, said
from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.core.ports import Hit
from desktop_chat.core.query import Has, Query, SearchRole, parse
from desktop_chat.domain.blocks import Reasoning, Text, ToolCall, ToolResult
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.errors import QueryError
from desktop_chat.domain.ids import CallId, MessageId, new_conversation_id, new_message_id
from desktop_chat.domain.message import Ended, Message, Role
from tests.adapters.sqlite.scenes import with_store
from tests.adapters.sqlite.trees import save

TEXTS = (
    "Compute the computer's composition, complete and compact.",
    "The cat computes; cats and dogs complete it. go, going, gone",
    "Über naïve Cafe\u0301s: straße, ÅNGSTRÖM, Ǆ, ﬁne ½ x² Ⅻ",
    "uber naive cafes strasse angstrom",
    "机器学习和深度学习。人工智能改变世界",
    "今天学习机器人,明天休息。",
    "データベースの設計と東京タワー、カﾀｶﾅ",
    "한국어로 검색합니다 한국어 검색",
    "ภาษาไทยไม่มีช่องว่างระหว่างคำ",
    "हिन्दी में खोज और भाषा की जाँच",
    "שָׁלוֹם עולם והשלום",
    "السلام عليكم مُحَمَّد سلام",
    "Party 🎉🎉 time 👩‍💻 yes 🇩🇪",
    "```python\nget_weather(city='Oslo') # c++ a.b->c --help\n```",
    "database foo_bar.baz http://example.org/x?y=1&z=2",
    "a\x00b\x07c \ue000user \ue003code soft\u00adhyphen zero\u200bwidth",
    'quote " and "AND" OR NEAR( ^ * {x} : "',
    "",
)
QUERIES = (
    *(
        "comp",
        "compu",
        "composition",
        "co",
        "c",
        "the cat",
        "cats -dogs",
        '"and dogs"',
        '"complete it" go',
        "go -going",
    ),
    *("uber", "über", "naïve", "CAFÉS", "straße", "strasse", "angstrom", "ｆｉｎｅ", "½"),
    *(
        "学习",
        "机器",
        "机",
        "器学",
        "学习 世界",
        "机器学习",
        "-学习 机器",
        "人工智能改变世界",
        '"机器学习和"',
        "タワー",
        "東京",
    ),
    *("データベ", "カタカナ", "검색", "한국", "색합", "ไทย", "ช่องว่าง", "हिन", "भाषा", "שלום", "سلام", "محمد"),
    *(
        "🎉",
        "🎉🎉",
        "👩‍💻",
        "🇩🇪",
        "party 🎉",
        "get_weather",
        "weather",
        "c++",
        "a.b",
        "->",
        "--help",
        "foo_bar",
        "foo.bar",
    ),
    *("http://example.org", "y=1&z", "user", "\ue000user", "softhyphen", "zerowidth", '"', "*", "AND", "NEAR(", "^"),
    *("atab", "base", "bas dat", "ompute", "role:user comp", "role:assistant comp", "role:tool comp", "has:code oslo"),
    *(
        "has:tool",
        "-has:code get_weather",
        "model:gpt cat",
        "-role:tool comp",
        "has:code",
        "role:user",
        "，",
        "nothere",
    ),
)


def talk() -> Conversation:
    """Every text as a question, as an answer, as a thought and as what a tool said."""
    conversation = Conversation(new_conversation_id(), "", 1.0, 2.0)
    parent: MessageId | None = None
    for number, text in enumerate(TEXTS):
        blocks = (Reasoning(TEXTS[-number]), ToolCall(CallId("c"), "look", text), ToolResult(CallId("c"), text[::2]))
        for role, content in ((Role.USER, (Text(text),)), (Role.ASSISTANT, (*blocks, Text(text.upper())))):
            ended = Ended.COMPLETE if role is Role.ASSISTANT else None
            model = f"openai/GPT-{number}o" if role is Role.ASSISTANT else ""
            at = 1000.0 + number // 3  # Several at one moment.
            parent = (message := Message(new_message_id(), parent, role, content, at, model=model, ended=ended)).id
            conversation.add(message)
    return conversation


@pytest.fixture(scope="module", params=["nothing", "a part", "everything"])
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[sqlite3.Connection, Conversation]]:
    """A store with trigrams of nothing, of some messages, of all."""
    path = tmp_path_factory.mktemp("store") / "conversations.sqlite"
    conversation = talk()
    with_store(path, lambda store: save(store, conversation))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        sifter = Sifter()
        steps = {"nothing": 0, "a part": 1, "everything": 99}[request.param]
        for _ in range(steps):
            if not sifter.step(connection):
                break
        yield connection, conversation


@pytest.mark.parametrize("text", QUERIES)
def test_the_index_agrees_with_a_plain_comparison(store: tuple[sqlite3.Connection, Conversation], text: str) -> None:
    connection, conversation = store

    found = search.find(connection, parse(text), 1000)

    assert [hit.message_id for hit in found] == plainly(conversation, parse(text))


words = st.sampled_from([word for text in TEXTS for word in text.split()])
pieces = st.builds(lambda word, a, b: word[min(a, b) : max(a, b) + 1], words, st.integers(0, 9), st.integers(0, 9))
operators = st.sampled_from(["-", '"', " ", " role:user ", " has:tool ", " -has:code ", " model:gpt-1 "])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(text=st.lists(pieces | words | operators, min_size=1, max_size=4).map("".join))
@example(text="ﬁ")
def test_any_search_agrees(store: tuple[sqlite3.Connection, Conversation], text: str) -> None:
    connection, conversation = store
    try:
        query = parse(text)
    except QueryError:
        return

    found = search.find(connection, query, 1000)

    assert [hit.message_id for hit in found if hit.message_id] == plainly(conversation, query)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(text=st.text(max_size=30) | st.text(alphabet="\"*()^:+-{}ANDORNEAT '\\;%_", max_size=20))
def test_no_text_breaks_it(store: tuple[sqlite3.Connection, Conversation], text: str) -> None:
    connection, conversation = store
    found: list[Hit] = []
    with suppress(QueryError):
        found = search.find(connection, parse(text), 50)

    places = [hit.message_id for hit in found]
    assert len(places) == len(set(places)) <= 50
    assert set(places) <= {None, *conversation.messages}


def test_both_indexes_are_whole_and_can_be_made_anew(store: tuple[sqlite3.Connection, Conversation]) -> None:
    connection, conversation = store

    connection.execute("BEGIN")
    search_schema.rebuild_words(connection)
    connection.execute("DROP TABLE grams")
    search_schema._create_grams(connection)
    search_schema._note_all(connection)
    while Sifter().step(connection):
        pass
    for index in ("text_search", "grams"):
        connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
    found = [hit.message_id for hit in search.find(connection, parse("机器"), 1000)]
    connection.execute("ROLLBACK")

    assert found == plainly(conversation, parse("机器"))


def test_a_message_that_goes_leaves_no_trigram_behind(path: Path) -> None:
    conversation = talk()

    async def scene(store: SqliteStore) -> None:
        await save(store, conversation)
        while await store._worker.run(lambda: store._jobs.sift()):
            pass
        for message in tuple(conversation.messages.values()):
            conversation.put(Message(message.id, message.parent_id, message.role, (Text("x"),), 5.0))
        await save(store, conversation)
        while await store._worker.run(lambda: store._jobs.sift()):
            pass

    with_store(path, scene)
    with closing(sqlite3.connect(path)) as connection:
        grams = {term for (term,) in connection.execute("SELECT DISTINCT term FROM gram_terms")}
        connection.execute("INSERT INTO grams (grams, rank) VALUES ('integrity-check', 1)")
    assert grams == {"x\n\n", "\n\n\n"}


def plainly(conversation: Conversation, query: Query) -> list[MessageId]:
    """Ids of the messages that match, newest first, without any index."""
    things = sought(query)
    if not things and not query.wanted.is_of_messages:
        return []
    found = _matching(conversation, query, things)
    if not found:
        is_alone = len(things) == 1 and len(things[0].words) == 1
        parts = [
            thing
            if thing.is_part or len(thing.text) < 3 or (not is_alone and _is_known(conversation, thing))
            else as_part(thing)
            for thing in things
        ]
        found = _matching(conversation, query, parts)
    return found[::-1]


def _is_known(conversation: Conversation, thing: Sought) -> bool:
    *whole, last = thing.words
    blocks = [block for message in conversation.messages.values() for block in message.blocks]
    known = set(_words(fold(said(blocks)))) | set(_words(fold(done(blocks))))
    return any(word.startswith(last) if thing.is_begun else word == last for word in known) and known.issuperset(whole)


def _matching(conversation: Conversation, query: Query, things: Sequence[Sought]) -> list[MessageId]:
    return [m.id for m in conversation.messages.values() if _fits(m, query, things)]


def _fits(message: Message, query: Query, things: Sequence[Sought]) -> bool:
    has = set()
    if any(line.startswith("```") for line in said(message.blocks).splitlines()):
        has.add(Has.CODE)
    if any(isinstance(block, ToolCall) for block in message.blocks):
        has.add(Has.TOOL)
    if not query.wanted.has <= has or query.unwanted.has & has:
        return False
    models = [name.replace("-", "") for name in query.wanted.models]
    if models and not any(name in message.model.lower().replace("-", "") for name in models):
        return False
    roles = (query.wanted.roles or set(SearchRole)) - query.unwanted.roles
    texts = [fold(said(message.blocks))] if message.role.value in roles else []
    if SearchRole.TOOL in roles and Has.TOOL in has:
        texts.append(fold(done(message.blocks)))
    everything = [fold(said(message.blocks)), fold(done(message.blocks))]
    if not texts or any(_stands(thing, text) for thing in excluded(query) for text in everything):
        return False
    return all(any(_stands(thing, text) for text in texts) for thing in things)


def _stands(thing: Sought, text: str) -> bool:
    if thing.is_part:
        return " ".join(thing.text.split()) in " ".join(text.split())
    here, wanted = _words(text), _words(thing.text)
    for at in range(len(here) - len(wanted) + 1):
        *first, last = here[at : at + len(wanted)]
        if first == wanted[:-1] and (last.startswith(wanted[-1]) if thing.is_begun else last == wanted[-1]):
            return True
    return False


def _words(text: str) -> list[str]:
    letters = (c if unicodedata.category(c)[0] in "LNM" or unicodedata.category(c) == "Co" else " " for c in text)
    return "".join(letters).split()
