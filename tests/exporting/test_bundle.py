"""Many conversations as files and archives."""

import io
import zipfile
from pathlib import Path

import pytest

from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import ConversationId, PictureId
from desktop_chat.exporting.bundle import NAME_BYTES, file_name, files, zipped
from desktop_chat.exporting.format import Options
from desktop_chat.exporting.html import HTML
from desktop_chat.exporting.markdown import MARKDOWN
from desktop_chat.exporting.saving import save_all
from tests.exporting.conversations import PICTURE, PNG, all_blocks

OPTIONS = Options()


def titled(title: str, created_at: float = 1730000000.0) -> Conversation:
    return Conversation(ConversationId("c"), title, created_at, created_at)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Weather", "2024-10-27 Weather.md"),
        ('a/b\\c:d*e?f"g<h>i|j\x00k\nl', "2024-10-27 a b c d e f g h i j k l.md"),
        ("", "2024-10-27 Untitled.md"),
        ("ends. . .", "2024-10-27 ends.md"),
        ("../../etc/passwd", "2024-10-27 .. .. etc passwd.md"),
    ],
    ids=["plain", "forbidden", "empty", "dots", "a way out"],
)
def test_files_are_called_by_day_and_title(title: str, name: str) -> None:
    assert file_name(titled(title), MARKDOWN, OPTIONS) == name


@pytest.mark.parametrize("title", ["CON", "aux.txt", "com1"], ids=str)
def test_names_that_windows_keeps_for_itself_are_not_used(title: str) -> None:
    assert file_name(titled(title, 0.0), MARKDOWN, OPTIONS) == f"_{title}.md"


def test_a_long_title_is_cut_between_characters() -> None:
    name = file_name(titled("漢字" * 300), MARKDOWN, OPTIONS)

    assert len(name.removesuffix(".md").encode()) <= NAME_BYTES
    assert name.startswith("2024-10-27 漢字漢字")


def test_no_name_comes_twice() -> None:
    names = [file.name for file in files([titled("a"), titled("A"), titled("a")], HTML, OPTIONS)]

    assert names == ["2024-10-27 a.html", "2024-10-27 A (2).html", "2024-10-27 a (3).html"]


def test_an_archive_holds_every_file_as_it_would_be_alone() -> None:
    exported = files([all_blocks(), all_blocks(), titled("Ünïcode")], MARKDOWN, OPTIONS)

    archive = zipfile.ZipFile(io.BytesIO(b"".join(zipped(exported))))

    assert archive.testzip() is None
    assert len(archive.namelist()) == 3
    alone = b"".join(MARKDOWN.write([all_blocks()], OPTIONS))
    assert archive.read(archive.namelist()[0]) == alone
    assert archive.namelist()[2] == "2024-10-27 Ünïcode.md"


def test_an_archive_is_made_while_it_is_read() -> None:
    made: list[Conversation] = []

    def many():  # type: ignore[no-untyped-def]
        for _ in range(100):
            made.append(all_blocks())
            yield made[-1]

    chunks = zipped(files(many(), MARKDOWN, OPTIONS))
    next(chunks)

    assert len(made) == 1


def test_pictures_of_markdown_are_files_beside_it(tmp_path: Path) -> None:
    options = Options(picture={PICTURE.picture: PNG}.get)
    place = f"pictures/{PICTURE.picture[:24]}.png"

    written = save_all(tmp_path, files([all_blocks(), all_blocks()], MARKDOWN, options))
    again = save_all(tmp_path, files([all_blocks()], MARKDOWN, options))

    assert (tmp_path / place).read_bytes() == PNG
    assert len(written) == 3
    assert len(again) == 1
    assert f"![lock \\[old\\].png]({place})" in written[1].read_text(encoding="utf-8")


def test_a_picture_beside_is_read_once_for_all_that_show_it() -> None:
    asked: list[str] = []

    def picture(id_: PictureId) -> bytes:
        asked.append(id_)
        return PNG

    for file in files([all_blocks(), all_blocks()], MARKDOWN, Options(picture=picture)):
        b"".join(file.chunks)

    assert asked == [PICTURE.picture]


def test_pictures_of_markdown_are_in_the_archive() -> None:
    options = Options(picture={PICTURE.picture: PNG}.get)
    content = b"".join(zipped(files([all_blocks()], MARKDOWN, options)))

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read(f"pictures/{PICTURE.picture[:24]}.png") == PNG


def test_markdown_alone_names_its_pictures() -> None:
    options = Options(picture={PICTURE.picture: PNG}.get)

    assert r"\[Image: lock \[old\].png\]" in b"".join(MARKDOWN.write([all_blocks()], options)).decode()
