"""Every format, over `READERS`: files of the true shape become what they say."""

from pathlib import Path

import pytest

from desktop_chat.exporting.format import Options
from desktop_chat.exporting.openai_messages import OPENAI_LINES, OPENAI_MESSAGES
from desktop_chat.importing import READERS, reading
from desktop_chat.importing.problems import ProblemKind
from desktop_chat.importing.reader import Imported
from desktop_chat.importing.reading import news, preview, read, sniff
from desktop_chat.importing.source import open_source
from tests.exporting.conversations import all_blocks
from tests.importing.sources import GOLDEN, KEEP_BRANCHES, SOURCES, source_of_bytes
from tests.importing.told import told

every_source = pytest.mark.parametrize(("code", "path"), SOURCES, ids=[path.name for _, path in SOURCES])


def imported(path: Path, modified_at: float = 1.0) -> list[Imported]:
    with open_source(path) as source:
        source.modified_at = modified_at
        reader = sniff(source)
        assert reader is not None
        return list(read(source, reader))


def test_every_format_has_a_file() -> None:
    assert [reader.code for reader in READERS] == list(dict.fromkeys(code for code, _ in SOURCES))


@every_source
def test_a_file_is_recognised(code: str, path: Path) -> None:
    with open_source(path) as source:
        reader = sniff(source)

    assert reader is not None
    assert reader.code == code


@every_source
def test_a_file_becomes_what_it_says(code: str, path: Path, request: pytest.FixtureRequest) -> None:
    file = GOLDEN / f"{path.name}.txt"
    text = told(imported(path))
    if request.config.getoption("--update-golden"):
        file.write_text(text, encoding="utf-8")

    assert text == file.read_text(encoding="utf-8"), (
        "if it is meant: pytest tests/importing --update-golden, read the diff"
    )


@every_source
def test_a_second_import_adds_nothing(code: str, path: Path) -> None:
    first = {c.id: c for one in imported(path) if (c := one.conversation)}
    second = {c.id: c for one in imported(path, modified_at=99.0) if (c := one.conversation)}

    assert first.keys() == second.keys()
    assert [news(second[one], first[one].messages) for one in first] == [[]] * len(first)


@every_source
def test_branches_are_kept_where_the_format_has_them(code: str, path: Path) -> None:
    conversations = [c for one in imported(path) if (c := one.conversation)]
    widest = max(len(below) for c in conversations for below in c.children.values())

    assert (widest > 1) == (code in KEEP_BRANCHES)


@every_source
def test_every_call_has_an_id_of_its_own_and_every_result_a_call_in_its_message(code: str, path: Path) -> None:
    for one in imported(path):
        calls: list[str] = []
        for message in one.conversation.messages.values() if one.conversation else ():
            calls += [block.call_id for block in message.blocks if hasattr(block, "arguments_json")]
            assert message.results.keys() <= set(calls)
        assert len(calls) == len(set(calls))


@every_source
def test_a_preview_counts_what_a_reading_brings(code: str, path: Path) -> None:
    everything = imported(path)
    with open_source(path) as source:
        reader = sniff(source)
        assert reader is not None
        source.modified_at = 1.0
        seen = preview(source, reader)
        assert 0 < source.done_bytes <= source.total_bytes

    conversations = [c for one in everything if (c := one.conversation)]
    assert [found.title for found in seen.found] == [c.title for c in conversations]
    assert seen.messages == sum(len(c.messages) for c in conversations)
    assert seen.problem_count == sum(len(one.problems) for one in everything)
    assert (seen.first_at, seen.last_at) == (
        min(c.created_at for c in conversations),
        max(c.updated_at for c in conversations),
    )


def test_what_has_no_time_stays_in_the_order_of_the_file() -> None:
    lines = b"".join(b'[{"role": "user", "content": "%d"}]\n' % number for number in range(30))
    with source_of_bytes("chats.jsonl", lines) as source:
        source.modified_at = 1_700_000_000.0
        reader = sniff(source)
        assert reader is not None
        for _ in range(2):  # The preview and the import itself.
            times = [one.conversation.updated_at for one in read(source, reader) if one.conversation]

    assert len(set(times)) == 30
    assert times == sorted(times, reverse=True)
    assert times[0] == 1_700_000_000.0


def test_a_message_that_no_store_holds_costs_its_conversation_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_MESSAGE", 100)
    lines = b'[{"role": "user", "content": "%s"}]\n[{"role": "user", "content": "short"}]\n' % (b"long " * 50)
    with source_of_bytes("chats.jsonl", lines) as source:
        reader = sniff(source)
        assert reader is not None
        made = list(read(source, reader))

    assert [one.conversation.title for one in made if one.conversation] == ["short"]
    assert [problem.kind for one in made for problem in one.problems] == [ProblemKind.TOO_LARGE]


def test_keys_of_other_programs_are_not_taken_over() -> None:
    chatbox = next(path for code, path in SOURCES if code == "chatbox")

    assert "sk-chatbox-secret" in chatbox.read_text(encoding="utf-8")
    assert "sk-chatbox-secret" not in told(imported(chatbox))


def test_a_conversation_that_went_on_brings_only_what_is_new(tmp_path: Path) -> None:
    flat = next(path for code, path in SOURCES if path.name == "claude.json")
    before = imported(flat)[0].conversation
    longer = flat.read_text(encoding="utf-8").replace('"uuid": "b4"', '"uuid": "b9"')
    (tmp_path / "claude.json").write_text(longer, encoding="utf-8")
    after = imported(tmp_path / "claude.json")[0].conversation

    assert before is not None
    assert after is not None
    assert [m.created_at for m in news(after, before.messages)] == [1772414229.0]


def test_the_same_messages_in_another_form_are_the_same_conversation() -> None:
    found = []
    for format_ in (OPENAI_MESSAGES, OPENAI_LINES):
        content = b"".join(format_.write((all_blocks(),), Options()))
        with source_of_bytes(f"file{format_.suffix}", content) as source:
            reader = sniff(source)
            assert reader is not None
            found.append([(c.id, list(c.messages)) for one in read(source, reader) if (c := one.conversation)])

    assert found[0] == found[1]
