"""`desktop-chat ask`, against a real server and a real home."""

import asyncio
import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_chat import stdio, wiring
from desktop_chat.adapters.sqlite.store import SqliteStore
from desktop_chat.domain import errors
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.ids import EndpointId
from desktop_chat.domain.message import Ended
from desktop_chat.runtime.lock import HomeLock
from desktop_chat.runtime.paths import Paths, paths_from_environment
from desktop_chat.settings.store import SettingsStore
from tests.fake_provider import FakeProvider

CANARY = "sk-canary-5d41402abc4b2a76"


@pytest.fixture
def server() -> Iterator[FakeProvider]:
    """A model server."""
    with FakeProvider() as server:
        yield server


@pytest.fixture
def paths(home: Path) -> Paths:
    """The folders of the test's home."""
    paths = paths_from_environment()
    paths.make()
    return paths


def ask(*arguments: str) -> int:
    """Run the terminal's front door."""
    return stdio.main(arguments)


def kept(paths: Paths) -> list[Conversation]:
    """The conversations of the home."""

    async def read() -> list[Conversation]:
        store = SqliteStore(paths.store)
        conversations = [await store.load(row.id) for row in await store.rows()]
        await store.close()
        return conversations

    return asyncio.run(read())


def set_up(paths: Paths, server: FakeProvider) -> None:
    """An endpoint in the preferences."""

    async def write() -> None:
        store = SettingsStore(paths.settings)
        store.change(endpoints=(Endpoint(EndpointId("e"), "My Lab", server.base_url, "model-a"),))
        await store.close()

    asyncio.run(write())


def test_the_answer_goes_to_stdout_and_the_conversation_into_the_home(
    server: FakeProvider, paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    server.says("Hel", "lo")

    code = ask("--base-url", server.base_url, "--model", "m", "--system", "Be brief.", "Say hello")

    out, err = capsys.readouterr()
    assert (code, out, err) == (0, "Hello\n", "")
    (conversation,) = kept(paths)
    assert conversation.title == "Say hello"
    assert [m.text for m in conversation.path()] == ["Say hello", "Hello"]
    body = server.requests[0].body
    assert body["model"] == "m"
    assert body["messages"][0]["content"] == "Be brief."


def test_no_save_leaves_no_trace(server: FakeProvider, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    server.says("Hello")

    code = ask("--no-save", "--base-url", server.base_url, "--model", "m", "Hi")

    assert (code, capsys.readouterr().out) == (0, "Hello\n")
    assert list(home.rglob("*")) == []


def test_an_endpoint_is_found_by_its_name(
    server: FakeProvider, paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(paths, server)
    server.says("Hello")

    assert ask("--endpoint", "my lab", "Hi") == 0
    assert ask("--endpoint", "nobody", "Hi") == 1

    out, err = capsys.readouterr()
    assert out == "Hello\n"
    assert "My Lab" in err
    assert kept(paths)[0].settings.endpoint_id == "e"


def test_the_environments_key_is_sent_to_its_address_and_to_no_other(
    server: FakeProvider, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
    with FakeProvider() as other:
        assert ask("--model", "m", "Hi") == 0
        assert ask("--model", "m", "--base-url", other.base_url, "Hi") == 0

        assert server.requests[0].headers["authorization"] == f"Bearer {CANARY}"
        assert CANARY not in str(other.requests[0].headers)
    assert CANARY not in "".join(capsys.readouterr())
    for file in home.rglob("*"):
        assert not file.is_file() or CANARY.encode() not in file.read_bytes()


def test_an_error_goes_to_stderr_with_a_code(
    server: FakeProvider, paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    server.fails(401, "Incorrect API key provided")

    code = ask("--base-url", server.base_url, "--model", "m", "Hi")

    out, err = capsys.readouterr()
    assert (code, out) == (1, "")
    assert "key" in err
    assert kept(paths)[0].path()[-1].ended is Ended.FAILED


def test_without_an_endpoint_it_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask("Hi") == 1
    assert "--base-url" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [[], ["--nonsense", "Hi"], ["--endpoint", "a", "--base-url", "b", "Hi"]],
    ids=["no prompt", "unknown option", "two endpoints"],
)
def test_wrong_use_ends_with_two(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        ask(*arguments)

    assert ended.value.code == 2


def test_the_prompt_is_read_from_stdin(
    server: FakeProvider, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server.says("ok")
    monkeypatch.setattr("sys.stdin", io.StringIO("From a pipe\n"))

    assert ask("--base-url", server.base_url, "--model", "m", "-") == 0

    assert server.requests[0].body["messages"][-1]["content"] == "From a pipe\n"
    assert capsys.readouterr().out == "ok\n"


def test_a_harmless_tool_runs_without_asking(
    server: FakeProvider, paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    server.calls_tool("calculator", '{"expression": "6*7"}')
    server.says("It is 42.")

    assert ask("--base-url", server.base_url, "--model", "m", "What is 6*7?") == 0

    out, err = capsys.readouterr()
    assert out == "It is 42.\n"
    assert "[Calculates 6*7.]" in err
    assert [t["function"]["name"] for t in server.requests[0].body["tools"]] == ["current_time", "calculator"]
    assert server.requests[1].body["messages"][-1]["content"] == "42"


def test_beside_an_open_program_the_question_is_handed_over(
    server: FakeProvider, paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(paths, server)
    server.says("Hel", "lo")

    async def beside() -> tuple[int, list[str]]:
        lock = HomeLock(paths.lock)
        lock.take()
        parts = wiring.build(paths, on_raise=lambda: None, environ={})
        await parts.library.load()
        await parts.listen()
        code = await asyncio.to_thread(ask, "Say hello")
        titles = [row.title for row in parts.library.rows]
        await parts.close()
        lock.release()
        return code, titles

    code, titles = asyncio.run(beside())

    assert (code, titles) == (0, ["Say hello"])
    assert capsys.readouterr().out == "Hello\n"


def test_a_program_that_is_closed_in_the_middle_of_the_answer_is_told_as_that(
    server: FakeProvider, paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(paths, server)
    server.says("Hel", "lo", then_hangs=True)

    async def beside() -> int:
        lock = HomeLock(paths.lock)
        lock.take()
        parts = wiring.build(paths, on_raise=lambda: None, environ={})
        await parts.library.load()
        await parts.listen()
        asking = asyncio.create_task(asyncio.to_thread(ask, "Say hello"))
        await server.until(lambda: capsys.readouterr().out.endswith("lo"), "the answer to be printed")
        await parts.close()
        lock.release()
        return await asking

    code = asyncio.run(beside())

    out, err = capsys.readouterr()
    assert code == 1
    assert "closed in the middle of the answer" in err
    assert out == "\n"
    (conversation,) = kept(paths)
    assert conversation.path()[-1].text == "Hello"


def test_bytes_that_are_no_text_are_asked_as_lost_characters(
    server: FakeProvider, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = ask("--base-url", server.base_url, "--model", "m", "bad \udcff bytes")

    assert code == 0
    assert server.requests[0].body["messages"][-1]["content"] == "bad \ufffd bytes"


def child(server: FakeProvider, *arguments: str) -> "subprocess.Popen[bytes]":
    """`desktop-chat ask` as a process of its own."""
    command = [sys.executable, "-m", "desktop_chat", "ask", "--base-url", server.base_url, "--model", "m", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ)


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_ctrl_c_keeps_the_partial_answer_and_the_server_sees_the_end(server: FakeProvider, paths: Paths) -> None:
    server.says("Hel", then_hangs=True)
    process = child(server, "Hi")
    assert process.stdout is not None
    read = process.stdout.read(3)

    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)

    assert read == b"Hel"
    assert (process.returncode, err) == (130, b"")
    server.wait_for(lambda: server.saw_disconnect)
    reply = kept(paths)[0].path()[-1]
    assert (reply.text, reply.ended) == ("Hel", Ended.STOPPED)


@pytest.mark.skipif(sys.platform == "win32", reason="kills")
def test_a_killed_process_leaves_what_came_marked_as_interrupted(server: FakeProvider, paths: Paths) -> None:
    server.says("Hel", then_hangs=True)
    process = child(server, "Hi")
    assert process.stdout is not None
    assert process.stdout.read(3) == b"Hel"
    # The journal is written within 250 ms; the process itself is what is waited on meanwhile.
    for _ in range(500):
        if any(b"Hel" in file.read_bytes() for file in paths.data.glob("conversations*")):
            break
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.02)

    process.kill()
    process.communicate(timeout=20)

    reply = kept(paths)[0].path()[-1]
    assert (reply.text, reply.ended) == ("Hel", Ended.INTERRUPTED)


def test_asking_imports_no_qt(server: FakeProvider) -> None:
    script = (
        "import sys; from desktop_chat import stdio\n"
        f"code = stdio.main(['--no-save', '--base-url', {server.base_url!r}, '--model', 'm', 'Hi'])\n"
        "import json; print(json.dumps([code, [name for name in sys.modules if 'PySide' in name or 'qasync' in name]]))"
    )
    server.says("Hello")

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)

    assert json.loads(done.stdout.splitlines()[-1]) == [0, []]


def test_every_error_of_endpoints_and_of_the_store_has_words() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    expected = (errors.ProviderError, errors.StoreError, errors.SecretsError)

    said = {kind.__name__ for kind in kinds if issubclass(kind, expected) and kind.__base__ is not errors.ChatError}

    assert said <= set(stdio.WORDS)
