"""What the program notes about itself: loggers by topic, a rotating file, keys masked.

The topics are `turn`, `store`, `wire` and `ui`; `log.topic("turn")` is an ordinary logger.
Errors always go to the file; `--verbose=turn,wire` adds the details of these topics and
shows them on stderr as well. Masking happens where a line is written, so it holds for
messages, arguments and tracebacks alike.
"""

import logging
import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

TOPICS = ("turn", "store", "wire", "ui")
MASK = "•••"

_ROOT = "desktop_chat"
_FORMAT = "%(asctime)s %(levelname)-7s %(topic)-5s %(message)s"
_LOOKS_SECRET = re.compile(
    r"(?P<kept>\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{4,}"
    r"|(?P<kept_name>(?:api[-_]?key|authorization|x-api-key|password|secret|token)[\"']?\s*[:=]\s*[\"']?)"
    r"(?!bearer\b|basic\b)[^\s\"',;}]{6,}"
    r"|(?P<kept_prefix>\b(?:sk|pk|rk|gsk|xai|hf|ghp|github_pat|AIza)[-_]?)[A-Za-z0-9_-]{12,}"
    r"|(?P<kept_scheme>://)[^/\s:@]+:[^/\s@]+(?=@)",
    re.IGNORECASE,
)
_SHORTEST_SECRET = 6
"""Anything shorter would mask ordinary words; no service gives out keys like that."""

_known_secrets: set[str] = set()


def topic(name: str) -> logging.Logger:
    """The logger of one of `TOPICS`."""
    if name not in TOPICS:
        raise ValueError(f"no topic {name!r}; there are {', '.join(TOPICS)}")
    return logging.getLogger(f"{_ROOT}.{name}")


def never_write(secret: str) -> None:
    """Mask this secret from now on, wherever it turns up. Called with every key that is read or typed."""
    if len(secret) >= _SHORTEST_SECRET:
        _known_secrets.add(secret)


def masked(text: str) -> str:
    """The text without registered secrets and without whatever looks like a key."""
    # The longest first: one secret may begin with another.
    for secret in sorted(_known_secrets, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return _LOOKS_SECRET.sub(_mask, text)


def start_log(path: Path, *, verbose: Iterable[str] = ()) -> None:
    """Begin to write the log; called once, at the start.

    A folder that cannot be written costs the log, not the program.

    Args:
        path: The file; about 1 MB of it and two older ones are kept.
        verbose: Topics whose details are wanted, or `all`.

    Raises:
        ValueError: One of them is not a topic.
    """
    root = logging.getLogger(_ROOT)
    root.propagate = False
    root.setLevel(logging.INFO)
    wanted = set(verbose)
    for name in TOPICS if "all" in wanted else wanted:
        topic(name).setLevel(logging.DEBUG)
    formatter = _Masking(_FORMAT)
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # `delay`: the file is opened with the first line, not before the first paint.
        file = _File(path, maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True)
        file.setFormatter(formatter)
        root.addHandler(file)
    if wanted and sys.stderr is not None:
        stream = logging.StreamHandler()
        stream.setFormatter(formatter)
        root.addHandler(stream)


def stop_log() -> None:
    """Close what `start_log` opened."""
    root = logging.getLogger(_ROOT)
    for handler in tuple(root.handlers):
        root.removeHandler(handler)
        handler.close()
    for name in TOPICS:
        topic(name).setLevel(logging.NOTSET)


def last_lines(path: Path, count: int = 100) -> list[str]:
    """The end of the log, for a report of a crash; empty if there is none."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()[-count:]
    except OSError:
        return []


class _File(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk costs the log, not the program, and nobody asked for it on stderr."""

    def close(self) -> None:
        with suppress(OSError):
            super().close()


class _Masking(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        record.topic = record.name.rpartition(".")[2]
        return masked(super().format(record))


def _mask(found: "re.Match[str]") -> str:
    kept = next((text for name, text in found.groupdict().items() if text is not None), "")
    return f"{kept}{MASK}"
