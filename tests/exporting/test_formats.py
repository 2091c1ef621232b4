"""What holds for every format, over `FORMATS`: the golden files, and any conversation at all."""

import base64
import json
import re
from datetime import timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings

from desktop_chat.domain import codec
from desktop_chat.domain.blocks import Text
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.ids import ConversationId
from desktop_chat.exporting import FORMATS
from desktop_chat.exporting.format import Format, Options
from desktop_chat.exporting.html import HTML
from desktop_chat.exporting.markdown import MARKDOWN
from desktop_chat.exporting.openai_messages import OPENAI_LINES, OPENAI_MESSAGES
from desktop_chat.exporting.plain import PLAIN
from tests.exporting.conversations import PICTURE, PNG, add, all_blocks, conversations

GOLDEN = Path(__file__).parent / "golden"
OPTIONS = Options()
every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.code)


def written(format_: Format, *chosen: Conversation, options: Options = OPTIONS) -> str:
    return b"".join(format_.write(chosen, options)).decode()


def is_well_formed(format_: Format, text: str) -> bool:
    """What reads the format can read it; anything is well-formed text and Markdown."""
    match format_.suffix:
        case ".html":
            page = Tags()
            page.feed(text)
            return not page.open
        case ".json":
            return isinstance(json.loads(text), dict)
        case ".jsonl":
            return all(isinstance(json.loads(line), dict) for line in text.removesuffix("\n").split("\n"))
    return True


@every_format
def test_the_conversation_of_all_blocks_is_written_as_it_was(format_: Format, request: pytest.FixtureRequest) -> None:
    file = GOLDEN / f"{format_.code}{format_.suffix}"
    # The style is not part of it: colours may change.
    text = re.sub("(?s)(?<=<style>).*(?=</style>)", "", written(format_, all_blocks()))
    if request.config.getoption("--update-golden"):
        file.write_bytes(text.encode())

    assert text == file.read_bytes().decode(), (
        "if it is meant: pytest tests/exporting --update-golden, and read the diff"
    )


def test_the_conversation_of_all_blocks_has_every_kind() -> None:
    kinds = {type(block) for message in all_blocks().messages.values() for block in message.blocks}

    assert kinds == set(codec.KINDS.values())


@every_format
def test_every_block_is_found_in_every_format(format_: Format) -> None:
    text = written(format_, all_blocks())
    said = ["I look it up.", "weather", "celsius", "Two cities.", "pick a lock", "cannot help with", "Be brief."]
    is_for_training = format_ is OPENAI_LINES

    assert [word for word in said if word not in text] == (["Two cities."] if is_for_training else [])


@every_format
def test_what_was_deleted_is_only_in_what_is_lossless(format_: Format) -> None:
    assert ("This was a mistake." in written(format_, all_blocks())) == format_.is_lossless
    assert ("An earlier try." in written(format_, all_blocks())) == format_.is_lossless


@every_format
@given(conversation=conversations())
@settings(max_examples=15)
def test_any_conversation_can_be_written(format_: Format, conversation: Conversation) -> None:
    add(conversation, "q" * 25, conversation.last_id, Text("Is this read, too?"))

    text = written(format_, conversation)

    assert is_well_formed(format_, text)
    assert "Is this read, too?" in text


@every_format
def test_nothing_and_an_empty_conversation_can_be_written(format_: Format) -> None:
    nothing, empty = written(format_), written(format_, Conversation(ConversationId("c"), "", 0.0, 0.0))

    assert not nothing or json.loads(nothing)["conversations"] == []
    assert not empty or is_well_formed(format_, empty)
    assert ("Untitled" in empty) == (format_ in (MARKDOWN, HTML, PLAIN))


@every_format
def test_conversations_are_taken_one_at_a_time(format_: Format) -> None:
    taken: list[int] = []

    def endless():  # type: ignore[no-untyped-def]
        while True:
            taken.append(len(taken))
            yield all_blocks()

    chunks = format_.write(endless(), OPTIONS)
    for _ in range(3):
        next(chunks)

    assert len(taken) <= 3


def test_reasoning_tools_and_times_can_be_left_out() -> None:
    bare = Options(reasoning=False, tools=False, times=False)

    for format_ in (MARKDOWN, HTML, PLAIN):
        text = written(format_, all_blocks(), options=bare)
        assert "Two cities." not in text
        assert "celsius" not in text
        assert "2024-10-27" not in text
        assert "I look it up." in text


def test_times_are_those_of_the_person() -> None:
    there = Options(zone=timezone(timedelta(hours=9)))

    assert "2024-10-27 12:33" in written(MARKDOWN, all_blocks(), options=there)
    assert "2024-10-27 03:33" in written(MARKDOWN, all_blocks())


def test_an_open_fence_does_not_swallow_the_next_message() -> None:
    text = written(MARKDOWN, all_blocks())

    assert "echo cut off\n```\n" in text


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes += attrs
        if tag not in ("meta", "br", "hr", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@given(conversations())
@settings(max_examples=30)
def test_any_page_is_sound_and_carries_nothing_that_runs_or_fetches(conversation: Conversation) -> None:
    page = Tags()
    page.feed(written(HTML, conversation, all_blocks()))

    assert not page.open
    assert not page.seen & {
        "script",
        "iframe",
        "link",
        "object",
        "embed",
        "form",
        "svg",
        "video",
        "audio",
        "base",
    }
    assert not [name for name, _ in page.attributes if name.startswith("on") or name in ("srcset", "style")]
    assert all((value or "").startswith("data:image/png;base64,") for name, value in page.attributes if name == "src")
    assert all(re.match("https?://|mailto:", value or "") for name, value in page.attributes if name == "href")


def test_a_page_follows_the_theme_and_is_told_to_fetch_nothing() -> None:
    page = written(HTML, all_blocks())

    assert "prefers-color-scheme: dark" in page
    assert "default-src 'none'" in page
    assert "url(" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_words_in_the_table_of_a_page_stay_whole() -> None:
    rules = written(HTML, all_blocks()).split("</style>")[0]

    cells = next(rule for rule in rules.split("}") if "td {" in rule and "border" in rule)
    assert "overflow-wrap: break-word" in cells  # `anywhere` makes a column as narrow as one letter


def test_code_in_a_page_is_coloured_and_stays_what_it_is() -> None:
    page = written(HTML, all_blocks())

    assert '<span class="keyword">def</span>' in page
    assert re.sub("<[^>]*>", "", page).count("return city == &quot;Paris&quot;  # &lt;always&gt;") == 1


def test_api_messages_answer_every_call_in_the_order_of_the_requests() -> None:
    messages = json.loads(written(OPENAI_MESSAGES, all_blocks()))["messages"]

    roles = [message["role"] for message in messages]
    assert roles[:6] == ["system", "user", "assistant", "tool", "tool", "assistant"]
    calls = [call["id"] for message in messages for call in message.get("tool_calls", ())]
    assert calls == [message["tool_call_id"] for message in messages if message["role"] == "tool"]
    arguments = [call["function"]["arguments"] for message in messages for call in message.get("tool_calls", ())]
    assert all(isinstance(json.loads(text), dict) for text in arguments)


def test_lines_for_training_have_only_what_the_api_knows() -> None:
    known = {"role", "content", "tool_calls", "tool_call_id", "refusal"}
    lines = written(OPENAI_LINES, all_blocks(), all_blocks()).splitlines()

    assert len(lines) == 2
    assert all(message.keys() <= known for line in lines for message in json.loads(line)["messages"])


WITH_PICTURES = Options(picture={PICTURE.picture: PNG}.get)


def test_a_page_carries_its_pictures() -> None:
    page = written(HTML, all_blocks(), options=WITH_PICTURES)

    assert f'src="data:image/png;base64,{base64.b64encode(PNG).decode()}"' in page
    assert 'alt="lock [old].png"' in page
    assert "img-src data:" in page


def test_api_messages_carry_the_pictures_of_the_person() -> None:
    messages = json.loads(written(OPENAI_MESSAGES, all_blocks(), options=WITH_PICTURES))["messages"]

    (parts,) = [message["content"] for message in messages if isinstance(message["content"], list)]
    assert [part["type"] for part in parts] == ["image_url", "text"]
    assert base64.b64decode(parts[0]["image_url"]["url"].partition(",")[2]) == PNG
