"""Servers on this computer, found on real sockets."""

import asyncio
import json
from collections.abc import Mapping

import pytest

from desktop_chat.adapters.discovery import PORTS, LoopbackDiscovery
from desktop_chat.core.ports import FoundServer
from tests.fake_provider import FakeProvider


def find(ports: Mapping[int, str]) -> list[FoundServer]:
    async def main() -> list[FoundServer]:
        found = [server async for server in LoopbackDiscovery(ports).find()]
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return found

    return asyncio.run(main())


def port_of(server: FakeProvider) -> int:
    return int(server.origin.rsplit(":", 1)[1])


def test_a_server_is_found_with_its_models() -> None:
    with FakeProvider() as server:
        server.models = {"data": [{"id": "a"}, {"id": "b/c"}]}

        found = find({port_of(server): "vLLM"})

        assert found == [FoundServer("vLLM", server.base_url, ("a", "b/c"))]
        (seen,) = server.requests
        assert (seen.method, seen.path) == ("GET", "/v1/models")
        assert "authorization" not in seen.headers


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        ("llamacpp", "llama.cpp"),
        ("library", "Ollama"),
        ("organization_owner", "LM Studio"),
        ("vllm", "vLLM"),
        ("x", "Jan"),
    ],
)
def test_a_product_on_another_products_port_is_recognised(owner: str, name: str) -> None:
    with FakeProvider() as server:
        server.models = {"data": [{"id": "a", "owned_by": owner}]}

        assert find({port_of(server): "Jan"})[0].name == name


def test_a_server_that_wants_a_key_is_found_and_says_so() -> None:
    with FakeProvider() as server:
        server.key = "sk-secret"

        (found,) = find({port_of(server): "Jan"})

        assert found.needs_key
        assert found.models == ()


@pytest.mark.parametrize("models", [{"hello": "web"}, "text", [], {"data": "x"}], ids=json.dumps)
def test_something_else_on_a_port_is_not_offered(models: object) -> None:
    with FakeProvider() as server:
        server.models = models

        assert find({port_of(server): "Jan"}) == []


def test_nobody_on_any_port_is_an_empty_answer() -> None:
    assert find({1: "a", 2: "b"}) == []


async def _silent_server(answer: bytes = b"") -> asyncio.Server:
    async def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(answer)
            await reader.read()
        except ConnectionError:
            pass
        finally:
            writer.close()

    return await asyncio.start_server(on_connection, "127.0.0.1", 0)


@pytest.mark.parametrize(
    "answer",
    [b"", b"SSH-2.0-OpenSSH\r\n\r\n", b"\xff" * 64 + b"\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n"],
)
def test_a_port_that_is_silent_or_speaks_something_else_does_not_hold_up_the_others(answer: bytes) -> None:
    with FakeProvider() as server:

        async def main() -> list[FoundServer]:
            silent = await _silent_server(answer)
            ports = {silent.sockets[0].getsockname()[1]: "silent", port_of(server): "Jan"}
            found = [one async for one in LoopbackDiscovery(ports).find()]
            silent.close()
            return found

        assert [one.name for one in asyncio.run(main())] == ["Jan"]


def test_leaving_early_ends_the_search() -> None:
    with FakeProvider() as server:

        async def main() -> None:
            silent = await _silent_server()
            ports = {silent.sockets[0].getsockname()[1]: "silent", port_of(server): "Jan"}
            search = LoopbackDiscovery(ports).find()
            assert (await anext(search)).name == "Jan"
            await search.aclose()  # type: ignore[attr-defined]
            silent.close()

        asyncio.run(main())


def test_the_ports_of_the_known_products_are_asked() -> None:
    assert dict(PORTS) == {8080: "llama.cpp", 11434: "Ollama", 1234: "LM Studio", 1337: "Jan", 8000: "vLLM"}


def test_a_body_with_its_length_is_read_too() -> None:
    body = json.dumps({"data": [{"id": "a"}]}).encode()
    answer = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)

    async def main() -> list[FoundServer]:
        server = await _silent_server(answer)
        found = [one async for one in LoopbackDiscovery({server.sockets[0].getsockname()[1]: "Jan"}).find()]
        server.close()
        return found

    assert asyncio.run(main())[0].models == ("a",)
