"""Which way requests go, and whom they trust."""

import asyncio
import datetime
import ssl
from pathlib import Path

import httpx2
import pytest

from desktop_chat.domain import errors
from tests.adapters.openai.asking import ask, request


def _certificate(folder: Path) -> Path:
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path


ANSWER = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
    b'data: {"choices":[{"delta":{"content":"Safe."},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
)


async def _serve(certificate: Path) -> asyncio.Server:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    async def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(ANSWER)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    return await asyncio.start_server(on_connection, "127.0.0.1", 0, ssl=context)


def _ask_over_tls(certificate: Path) -> tuple[str, errors.ProviderError | None]:
    async def main() -> tuple[str, errors.ProviderError | None]:
        server = await _serve(certificate)
        url = f"https://localhost:{server.sockets[0].getsockname()[1]}/v1"
        came = await asyncio.to_thread(ask, request(url))
        server.close()
        return came.text, came.error

    return asyncio.run(main())


def test_a_certificate_that_nobody_signed_is_rejected(tmp_path: Path) -> None:
    _, error = _ask_over_tls(_certificate(tmp_path))

    assert isinstance(error, errors.CertificateRejected)
    assert "certificate" in error.detail


def test_tls_with_a_trusted_certificate_streams(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = _certificate(tmp_path)
    monkeypatch.setattr(httpx2, "create_ssl_context", lambda: ssl.create_default_context(cafile=str(certificate)))

    assert _ask_over_tls(certificate) == ("Safe.", None)


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "garbage::::", "gopher://127.0.0.1:1"])
def test_a_proxy_that_cannot_be_used_is_said_to_be_the_proxy(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("http_proxy", proxy)
    monkeypatch.delenv("no_proxy", raising=False)

    came = ask(request("http://far.invalid/v1"))

    assert isinstance(came.error, errors.ProxyUnusable)
    assert "proxy" in came.error.detail


@pytest.mark.parametrize(
    ("status", "kind"), [("407 Who are you", errors.ProxyUnusable), ("502 Bad Gateway", errors.Unreachable)]
)
def test_what_a_proxy_answers_is_told_as_its_answer(
    monkeypatch: pytest.MonkeyPatch, status: str, kind: type[errors.ProviderError]
) -> None:
    async def main() -> errors.ProviderError | None:
        async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(f"HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n".encode())
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(refuse, "127.0.0.1", 0)
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        came = await asyncio.to_thread(ask, request("https://far.invalid/v1"))
        server.close()
        return came.error

    error = asyncio.run(main())

    assert type(error) is kind
    assert status in error.detail
    assert "proxy" in error.detail


def test_an_international_name_is_looked_up_and_not_taken_for_a_redirect() -> None:
    came = ask(request("http://bücher.invalid/v1"))

    assert isinstance(came.error, errors.NameNotFound | errors.Unreachable)
