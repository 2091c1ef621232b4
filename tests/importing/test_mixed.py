"""Files of several programs side by side: each is taken as what it is."""

from pathlib import Path

import pytest

from desktop_chat.importing.problems import ProblemKind
from desktop_chat.importing.reading import preview, read, sniff
from desktop_chat.importing.source import Source, open_source
from tests.importing.sources import FILES, source_of_bytes
from tests.importing.test_source import archive

MESSAGES = b'[{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]'


def put(folder: Path, **files: str | bytes) -> Path:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_json", ".json")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else (FILES / content).read_bytes())
    return folder


def looked(source: Source) -> tuple[str, list[str], list[str]]:
    """Title of the reader, where conversations came from, and what was named."""
    with source:
        reader = sniff(source)
        assert reader is not None
        found = list(read(source, reader))
        assert source.done_bytes == source.total_bytes
        assert len(preview(source, reader).found) == sum(one.conversation is not None for one in found)
        kept = dict.fromkeys(one.where.split(":")[0].split("[")[0] for one in found if one.conversation)
        return (
            reader.title,
            list(kept),
            [
                str(one)
                for i in found
                if i.conversation is None
                for one in i.problems
                if one.kind is not ProblemKind.EMPTY
            ],
        )


def test_exports_side_by_side_are_all_read(tmp_path: Path) -> None:
    put(tmp_path, a_json="chatgpt.json", b_json="claude.json", c_json="gemini.json", d_json=MESSAGES)

    title, kept, problems = looked(open_source(tmp_path))

    assert title == "ChatGPT, Claude, Gemini (Google AI Studio), OpenAI messages"
    assert kept == ["a.json", "b.json", "c.json", "d.json"]
    assert problems == []


def test_exports_side_by_side_in_an_archive_are_all_read() -> None:
    files = {f"x/{name}": (FILES / name).read_bytes() for name in ("chatgpt.json", "claude.json")}

    assert looked(source_of_bytes("x.zip", archive(files)))[:2] == ("ChatGPT, Claude", sorted(files))


def test_what_lies_beside_an_export_goes_with_it(tmp_path: Path) -> None:
    beside = b'[{"uuid": "p", "name": "P"}]'
    put(tmp_path, one__conversations_json="claude.json", one__projects_json=beside, one__users_json=MESSAGES)
    put(tmp_path, two__conversations_json="chatgpt.json", two__user_json=b"{}", two__message_feedback_json=MESSAGES)
    put(tmp_path, two__odd_json=b'{"odd": 1}', odd_json=b'{"odd": 1}')

    title, kept, problems = looked(open_source(tmp_path))

    assert title == "Claude, ChatGPT"
    assert kept == ["one/conversations.json", "two/conversations.json"]
    assert sorted(problems) == [
        "odd.json: cannot be read (it is none of the formats that can be read)",
        "one/projects.json: a file was left out (projects)",
        "two/odd.json: cannot be read (there are no messages of ChatGPT in it)",
    ]


@pytest.mark.parametrize("name", ["user.json", "message_feedback.json", "shared_conversations.json"])
def test_one_export_with_its_side_files_is_one_source(tmp_path: Path, name: str) -> None:
    put(tmp_path, conversations_json="chatgpt.json", **{name.replace(".json", "_json"): MESSAGES})

    assert looked(open_source(tmp_path))[:2] == ("ChatGPT", ["conversations.json"])


def test_a_file_behind_those_that_were_looked_at_is_taken_as_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_chat.importing.reading.LOOKED_AT", 2)
    put(tmp_path, a_json="chatgpt.json", b_json="claude.json", c_json="claude.json", d_json="gemini.json")

    title, kept, _ = looked(open_source(tmp_path))

    assert title == "ChatGPT, Claude"
    assert kept == ["a.json", "b.json", "d.json"]
