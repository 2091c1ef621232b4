"""Makes the notice that tells of a version, and signs it; `core/updates.py` reads it.

The secret is an Ed25519 key in PEM form in the environment (`openssl genpkey -algorithm
ed25519`); OpenSSL 3 signs, nothing else is needed. Without the secret there is no notice.
"""

import base64
import json
import os
import subprocess
import tempfile
from pathlib import Path

import project

FILE = "feed.json"
SECRET = "DESKTOP_CHAT_FEED_SECRET"
"""Names the variable with the secret key."""
PAGE = "DESKTOP_CHAT_RELEASE_PAGE"
ADDRESS, KEY = "DESKTOP_CHAT_FEED_ADDRESS", "DESKTOP_CHAT_FEED_KEY"
"""What a build is told: where its notices will be, and the public key they are signed with."""
SIGNED_AS = b"desktop-chat feed 1\n"
DAYS = 180
"""A notice is good for so long; after that a new one is due, even without a new version."""
DAY_S = 24 * 3600
PREFIX = bytes.fromhex("302a300506032b6570032100")
"""What stands before the 32 bytes of a public key in its standard form."""


def make(folder: Path) -> dict[str, object]:
    """Write the notice of this version into the folder, if there is a secret to sign it with.

    Raises:
        SystemExit: There is a secret, but no https page to point to, or the signature does not hold.
    """
    said: dict[str, object] = {"step": "feed", "file": FILE}
    secret = os.environ.get(SECRET, "")
    if not secret.strip():
        return {**said, "skipped": f"no {SECRET}"}
    page = os.environ.get(PAGE, "")
    if not page.startswith("https://"):
        raise SystemExit(f"{PAGE} has to be an https address; it is {page!r}")
    message = notice(project.version(), project.epoch(), project.date(), page)
    with tempfile.TemporaryDirectory(prefix="desktop-chat-feed-") as place:
        signature, key = sign(message, secret, Path(place))
    expected = os.environ.get(KEY, "").strip() or key
    if key != expected:
        raise SystemExit(f"the secret belongs to the key {key}, but the builds were told {expected}")
    parts = {"signed": message, "signature": signature}
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({name: base64.b64encode(part).decode() for name, part in parts.items()}) + "\n"
    (folder / FILE).write_text(text, encoding="utf-8")
    return {**said, "version": project.version(), "key": key}


def notice(version: str, made_at: int, day: str, page: str) -> bytes:
    """What is signed."""
    values = {
        "product": project.NAME,
        "format": 1,
        "made_at": made_at,
        "expires_at": made_at + DAYS * DAY_S,
        "version": version,
        "day": day,
        "page": page,
    }
    return json.dumps(values, sort_keys=True).encode()


def sign(message: bytes, secret: str, folder: Path) -> tuple[bytes, str]:
    """The signature, and the public key that belongs to the secret, in base64.

    Args:
        message: The notice.
        secret: The key in PEM form.
        folder: An empty one that nobody else can read, and that is deleted afterwards.
    """
    key, text, signature, public = (folder / name for name in ("key.pem", "text", "signature", "public.der"))
    key.touch(mode=0o600)
    key.write_text(secret.strip() + "\n", encoding="ascii")
    text.write_bytes(SIGNED_AS + message)
    openssl("pkey", "-in", key, "-pubout", "-outform", "DER", "-out", public)
    openssl("pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", text, "-out", signature)
    openssl("pkeyutl", "-verify", "-rawin", "-inkey", key, "-in", text, "-sigfile", signature)
    form = public.read_bytes()
    if not form.startswith(PREFIX):
        raise SystemExit(f"{SECRET} is not an Ed25519 key")
    return signature.read_bytes(), base64.b64encode(form.removeprefix(PREFIX)).decode()


def openssl(*words: str | Path) -> None:
    """Run OpenSSL.

    Raises:
        SystemExit: It did not do what it was asked for.
    """
    answer = subprocess.run(["openssl", *words], capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise SystemExit(f"openssl {words[0]}: {answer.stderr.strip()}")


def place_file(folder: Path) -> list[tuple[str, str, str]]:
    """What a build is told of its feed, as an entry for PyInstaller; nothing where none is named."""
    place = {"address": os.environ.get(ADDRESS, ""), "key": os.environ.get(KEY, "")}
    if not all(place.values()):
        return []
    if not place["address"].startswith("https://") or len(base64.b64decode(place["key"], validate=True)) != 32:
        raise SystemExit(f"{ADDRESS} has to be an https address, and {KEY} 32 bytes in base64")
    file = folder / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(place), encoding="utf-8")
    return [(f"resources/{FILE}", str(file), "DATA")]
