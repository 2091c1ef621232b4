"""Pictures of what is imported: found, checked by their bytes, taken in once, and never trusted."""

import base64
import hashlib
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.blocks import Image, Text, ToolCall, ToolResult
from desktop_chat.domain.conversation import Conversation
from desktop_chat.exporting.format import Format, Options
from desktop_chat.exporting.ours import JSON, JSON_LINES
from desktop_chat.importing.picture_facts import MAX_PIXELS, facts_of
from desktop_chat.importing.reading import read, sniff
from desktop_chat.importing.source import Source, open_source
from tests.exporting.conversations import PICTURE, PNG, all_blocks
from tests.importing.sources import FILES, source_of_bytes

FOLDER = FILES / "chatgpt-images"


def images(conversation: Conversation) -> list[Image]:
    return [image for message in conversation.messages.values() for image in message.pictures]


def everything(source: Source) -> tuple[list[Conversation], dict[str, bytes], list[str]]:
    found, data, problems = [], {}, []
    with source:
        reader = sniff(source)
        assert reader is not None
        for one in read(source, reader):
            problems += map(str, one.problems)
            if one.conversation is not None:
                found.append(one.conversation)
                for image in images(one.conversation):
                    content = source.pictures.data(image.picture)
                    assert content is not None
                    assert hashlib.sha256(content).hexdigest() == image.picture
                    data[image.picture] = content
    return found, data, problems


def zipped(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(FOLDER.rglob("*")):
            archive.write(file, file.relative_to(FOLDER))
    return path


def test_a_folder_and_an_archive_of_chatgpt_bring_their_pictures(tmp_path: Path) -> None:
    folder, data, _ = everything(open_source(FOLDER))
    archive, data_too, _ = everything(open_source(zipped(tmp_path / "export.zip")))

    assert folder == archive
    assert data == data_too
    facts = [(image.name, image.media_type, image.width, image.height) for image in images(folder[0])]
    assert facts == [
        ("cat.png", "image/png", 48, 32),
        ("meadow.jpg", "image/jpeg", 30, 20),
        ("A fox on a meadow", "image/webp", 40, 40),
    ]


def test_pictures_stand_where_they_were() -> None:
    (found,), _, _ = everything(open_source(FOLDER))

    first, _, second, reply = found.path()
    assert [type(block) for block in first.blocks] == [Image, Text]
    assert second.text.endswith("Draw a fox like in these.\n\n[Image: notes.png]\n\n[File: paper.pdf]")
    assert [type(block) for block in reply.blocks] == [ToolCall, ToolResult, Image, Text]


def test_what_is_not_there_or_no_picture_is_named() -> None:
    _, _, problems = everything(open_source(FOLDER))

    assert [problem.rpartition("stands in the text ")[2] for problem in problems if "picture" in problem] == [
        "(file-GoneGone1)",
        "(notes.png: not a picture that can be shown)",
    ]


def told_with(url: str) -> tuple[list[Conversation], dict[str, bytes], list[str]]:
    parts = [{"type": "text", "text": "Look"}, {"type": "image_url", "image_url": {"url": url}}]
    content = json.dumps({"messages": [{"role": "user", "content": parts}]}).encode()
    return everything(source_of_bytes("messages.json", content))


def test_a_picture_in_the_text_of_a_file_is_taken_out_of_it() -> None:
    (found,), data, problems = told_with(f"data:image/png;base64,{base64.b64encode(PNG).decode()}")

    assert images(found)[0].picture == PICTURE.picture
    assert list(data.values()) == [PNG]
    assert problems == []


def test_the_bytes_of_a_picture_say_what_it_is_whatever_it_is_called() -> None:
    inside = base64.b64encode(PNG).decode()
    (found,), _, problems = told_with(f"data:application/octet-stream;base64,{inside}")
    of_anthropic = {"type": "image", "source": {"media_type": "application/octet-stream", "data": inside}}
    messages = json.dumps({"messages": [{"role": "user", "content": [of_anthropic]}]})
    (other,), _, _ = everything(source_of_bytes("messages.json", messages.encode()))
    drawn = {"inlineImage": {"mimeType": "", "data": inside}, "role": "user"}
    prompt = json.dumps({"chunkedPrompt": {"chunks": [drawn]}})
    (third,), _, _ = everything(source_of_bytes("prompt.json", prompt.encode()))

    assert [image.media_type for one in (found, other, third) for image in images(one)] == ["image/png"] * 3
    assert problems == []


@pytest.mark.parametrize(
    "url",
    [
        "https://tracker.example/a.png",
        "data:image/png;base64,AAAA",
        "data:image/png;base64,!",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "data:image/png;base64," + base64.b64encode(PNG[:16] + b"\x00\x01\x00\x00" * 2 + PNG[24:]).decode(),
    ],
    ids=["on the web", "no picture", "no base64", "a drawing", "65536 by 65536"],
)
def test_what_is_not_a_picture_for_us_is_left_out_and_said(url: str) -> None:
    (found,), _, problems = told_with(url)

    assert images(found) == []
    assert len(problems) == 1


def test_a_picture_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_chat.importing.pictures.MAX_BYTES", 100)

    (found,), _, problems = everything(open_source(FOLDER))

    assert [image.media_type for image in images(found)] == ["image/webp"]
    assert any("140 bytes" in problem for problem in problems)


@given(
    st.sampled_from([PNG[:16], b"GIF89a", b"RIFF\0\0\0\0WEBPVP8 ", b"\xff\xd8\xff\xe1\0\x20Exif\0\0II"]),
    st.binary(max_size=80),
)
def test_any_bytes_are_a_picture_of_some_size_or_none(head: bytes, rest: bytes) -> None:
    facts = facts_of(head + rest)

    assert facts is None or (facts.width > 0 and facts.height > 0 and facts.width * facts.height <= MAX_PIXELS)


def test_a_turned_photograph_is_as_high_as_it_is_seen() -> None:
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    size = b"\xff\xc0\0\x11\x08" + (20).to_bytes(2, "big") + (30).to_bytes(2, "big") + b"\3" * 10
    photograph = b"\xff\xd8\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + size

    facts = facts_of(photograph)

    assert facts is not None
    assert (facts.width, facts.height) == (20, 30)


@pytest.mark.parametrize("format_", [JSON, JSON_LINES], ids=lambda format_: format_.code)
def test_export_and_import_of_ours_keep_the_bytes(format_: Format) -> None:
    options = Options(picture={PICTURE.picture: PNG}.get)
    content = b"".join(format_.write([all_blocks(), all_blocks()], options))

    found, data, problems = everything(source_of_bytes("library.json", content))

    assert found == [all_blocks()]
    assert data == {PICTURE.picture: PNG}
    assert [problem for problem in problems if "more than once" not in problem] == []
