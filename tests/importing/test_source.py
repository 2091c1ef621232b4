"""Files, folders and archives, also those that mean harm."""

import io
import os
import zipfile
from pathlib import Path

import pytest

from desktop_chat.domain.errors import ImportFailed
from desktop_chat.importing import source as source_module
from desktop_chat.importing.problems import ProblemKind
from desktop_chat.importing.reading import read, sniff
from desktop_chat.importing.source import Source, open_source
from tests.importing.sources import FILES, source_of_bytes
from tests.importing.told import told


def archive(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as writer:
        for name, content in files.items():
            writer.writestr(name, content)
    return packed.getvalue()


def everything(source: Source) -> str:
    with source:
        reader = sniff(source)
        assert reader is not None
        return told(read(source, reader))


def test_an_archive_is_read_as_the_file_in_it() -> None:
    content = (FILES / "chatgpt.json").read_bytes()
    packed = archive(
        {
            "user.json": b'{"id": "me", "email": "me@example.org"}',
            "conversations.json": content,
            "file_00aa11-sanitized.png": b"png",
            "file-33cc-line.webp": b"webp",
            "chat.html": b"<html>",
            "message_feedback.json": b'[{"id": "f", "conversation_id": "c"}]',
        }
    )

    text = everything(source_of_bytes("export.zip", packed))

    assert text.count("===") == 3
    assert "[Image: chart.png]" in text  # as its message calls it
    assert "[Image: a rising line]" in text


def test_an_export_in_parts_is_read_in_their_order() -> None:
    one = b'[{"id": "%d", "title": "%d", "mapping": {"m": {"id": "m", "parent": null, "message": {"author":'
    one += b'{"role": "user"}, "content": {"content_type": "text", "parts": ["hi"]}}}}}]'
    parts = {f"export/conversations-{number:03}.json": one % (number, number) for number in (10, 9, 2)}

    text = everything(source_of_bytes("export.zip", archive(parts)))

    assert [line for line in text.splitlines() if line.startswith("===")] == [
        "=== export/conversations-002.json[0]",
        "=== export/conversations-009.json[0]",
        "=== export/conversations-010.json[0]",
    ]


def test_the_same_conversation_in_two_files_comes_once() -> None:
    content = (FILES / "librechat.json").read_bytes()

    text = everything(source_of_bytes("export.zip", archive({"a.json": content, "b.json": content})))

    assert text.count("'Original'") == 1
    assert "! b.json: is there more than once (Original)" in text


def test_files_of_claude_that_hold_no_conversations_are_named() -> None:
    files = {
        "conversations.json": (FILES / "claude.json").read_bytes(),
        "projects.json": b'[{"uuid": "p", "name": "P", "docs": []}]',
        "users.json": b'[{"uuid": "a", "full_name": "A"}]',
    }

    text = everything(source_of_bytes("data.zip", archive(files)))

    assert "! projects.json: a file was left out (projects)" in text
    assert "users.json" not in text


def test_a_folder_is_read_with_all_that_is_below(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    name = "1784921389195.conversation.json"
    (tmp_path / "deep" / "er" / name).write_bytes((FILES / name).read_bytes())

    assert f"=== deep/er/{name}" in everything(open_source(tmp_path))


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_and_pipes_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link.json").symlink_to(FILES / "claude.json")
    (tmp_path / "in" / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "in" / "pipe.json")

    with open_source(tmp_path / "in") as source:
        assert source.entries == ()
        assert sniff(source) is None


def test_what_is_not_there_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(ImportFailed, match="gone"):
        open_source(tmp_path / "gone.json")


def test_what_is_no_file_is_an_error_of_ours() -> None:
    with pytest.raises(ImportFailed):
        open_source(Path(os.devnull))


def test_a_file_that_vanishes_is_an_error_of_ours(tmp_path: Path) -> None:
    file = tmp_path / "claude.json"
    file.write_bytes((FILES / "claude.json").read_bytes())
    source = open_source(file)
    file.unlink()

    with pytest.raises(ImportFailed, match="claude"):
        sniff(source)


def test_a_torn_archive_is_an_error_of_ours() -> None:
    packed = archive({"a.json": b"[]"})

    with pytest.raises(ImportFailed):
        source_of_bytes("a.zip", packed[:-30])


def test_a_damaged_file_in_an_archive_does_not_cost_the_others() -> None:
    content = (FILES / "librechat.json").read_bytes()
    packed = bytearray(archive({"bad.json": b"x" * 5000, "good.json": content}, zipfile.ZIP_STORED))
    packed[100] ^= 255

    text = everything(source_of_bytes("a.zip", bytes(packed)))

    assert "'Original'" in text
    assert "! bad.json: cannot be read (the archive is damaged there)" in text


def test_an_archive_that_swells_beyond_measure_is_not_unpacked() -> None:
    packed = archive({"bomb.json": b'["' + b"a" * 2**26 + b'"]', "good.json": (FILES / "librechat.json").read_bytes()})

    with source_of_bytes("bomb.zip", packed) as source:
        assert [entry.name for entry in source.data] == ["good.json"]
        (problem,) = source.notes.take()

    assert problem.kind is ProblemKind.TOO_LARGE
    assert problem.where == "bomb.json"


def test_an_encrypted_file_is_named() -> None:
    packed = bytearray(archive({"secret.json": b"[]", "good.json": (FILES / "librechat.json").read_bytes()}))
    directory = packed.index(b"PK\1\2")
    packed[directory + 8] |= 1

    assert "! secret.json: is locked with a password" in everything(source_of_bytes("a.zip", bytes(packed)))


def test_names_in_an_archive_lead_nowhere() -> None:
    content = (FILES / "librechat.json").read_bytes()

    text = everything(source_of_bytes("a.zip", archive({"../../../etc/cron.json": content})))

    assert "=== ../../../etc/cron.json" in text  # read from the archive; nothing is ever written


def test_an_archive_with_too_many_files_is_read_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "MAX_ENTRIES", 3)

    with source_of_bytes("a.zip", archive({f"{n}.json": b"[]" for n in range(9)})) as source:
        assert len(source.entries) == 3
        assert [problem.kind for problem in source.notes.take()] == [ProblemKind.TOO_LARGE]
