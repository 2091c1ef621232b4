"""The files of the true shape, one or more for each reader, and bytes as a file."""

import io
from pathlib import Path

from desktop_chat.importing.source import Entry, Source, _hold_archive

FILES = Path(__file__).parent / "files"
GOLDEN = Path(__file__).parent / "golden"
EXPORTED = Path(__file__).parents[1] / "exporting" / "golden"

SOURCES: tuple[tuple[str, Path], ...] = (
    ("desktop-chat", EXPORTED / "json.json"),
    ("desktop-chat", EXPORTED / "json_lines.jsonl"),
    ("chatgpt", FILES / "chatgpt.json"),
    ("chatgpt", FILES / "chatgpt-images"),
    ("claude", FILES / "claude.json"),
    ("gemini", FILES / "gemini.json"),
    ("open-webui", FILES / "open-webui.json"),
    ("librechat", FILES / "librechat.json"),
    ("librechat", FILES / "librechat-recursive.json"),
    ("lm-studio", FILES / "1784921389195.conversation.json"),
    ("jan", FILES / "jan"),
    ("witsy", FILES / "witsy" / "history.json"),
    ("chatbox", FILES / "chatbox.json"),
    ("openai-messages", FILES / "openai-messages.json"),
    ("openai-messages", FILES / "openai-messages.jsonl"),
    ("openai-messages", FILES / "openai-object.json"),
    ("openai-messages", EXPORTED / "openai_messages.json"),
    ("openai-messages", EXPORTED / "openai_lines.jsonl"),
)
"""Code of the reader and a file or folder for it."""
KEEP_BRANCHES = ("desktop-chat", "chatgpt", "claude", "open-webui", "librechat", "lm-studio", "chatbox")
"""Formats that know versions of a message."""


def source_of_bytes(name: str, content: bytes) -> Source:
    """Treat bytes as a file of this name.

    Raises:
        ImportFailed: They are an archive without a directory.
    """
    source = Source(name)
    if content[:4] in (b"PK\3\4", b"PK\5\6"):
        _hold_archive(source, io.BytesIO(content))
    else:
        source.hold(iter([(Entry(name, len(content)), lambda: io.BytesIO(content))]))
    return source
