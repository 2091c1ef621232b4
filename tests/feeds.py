"""A publisher of versions for tests: its key, the notices it signs, and a server that sends them over TLS."""

import base64
import datetime
import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from desktop_chat.core.updates import SIGNED_AS

DAY_S = 24 * 3600


@dataclass
class Publisher:
    """Signs notices."""

    secret: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def key(self) -> str:
        """What people type into the preferences."""
        return base64.b64encode(self.secret.public_key().public_bytes_raw()).decode()

    def notice(self, version: str = "9.0.0", *, made_at: float = 1000.0, **changed: Any) -> bytes:
        """A signed notice."""
        values = {
            "product": "desktop-chat",
            "format": 1,
            "made_at": int(made_at),
            "expires_at": int(made_at + 90 * DAY_S),
            "version": version,
            "day": "2026-11-21",
            "page": "https://example.org/releases/9",
        }
        return self.signed(json.dumps({**values, **changed}).encode())

    def signed(self, message: bytes, *, behind: bytes = SIGNED_AS) -> bytes:
        """Anything, signed."""
        return envelope(message, self.secret.sign(behind + message))


def envelope(message: bytes, signature: bytes) -> bytes:
    """What a feed sends."""
    parts = {"signed": message, "signature": signature}
    return json.dumps({name: base64.b64encode(part).decode() for name, part in parts.items()}).encode()


@dataclass
class FeedServer:
    """Sends what is set here."""

    address: str
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    """The headers of every request."""


@contextmanager
def feed_server(folder: Path, *, tls: bool = True) -> Iterator[tuple[FeedServer, ssl.SSLContext]]:
    """A server on this machine, and whom to trust to reach it."""
    chosen: FeedServer

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            chosen.asked.append({name.lower(): value for name, value in self.headers.items()} | {"path": self.path})
            self.send_response(chosen.status)
            for name, value in chosen.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(chosen.body)))
            self.end_headers()
            self.wfile.write(chosen.body)

        def log_message(self, *_arguments: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    trust = ssl.create_default_context()
    if tls:
        certificate = _certificate(folder)
        trust = ssl.create_default_context(cafile=str(certificate))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    chosen = FeedServer(f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}/feed.json")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield chosen, trust
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + built.public_bytes(serialization.Encoding.PEM)
    file.write_bytes(text)
    return file
