"""Loads the preferences, changes them, and keeps them in one JSON file.

Nothing the person wrote is lost: keys that this version does not know stay in the file; a
file with values that cannot be read is copied aside before it is first written again, and
a file that is no JSON at all is renamed, never overwritten. Writing happens in a thread of
its own, in order, each time the whole file (see `runtime/atomic.py`).
"""

import asyncio
import json
import shutil
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from desktop_chat.domain.changes import Saved, SaveFailed
from desktop_chat.domain.errors import SettingsError
from desktop_chat.domain.feed import Feed
from desktop_chat.runtime.atomic import set_aside, write_atomic
from desktop_chat.settings.migrations import VERSION, migrate
from desktop_chat.settings.schema import FIELDS, Preferences
from desktop_chat.settings.values import check, from_plain, to_plain

_ENTRY_KEYS = {"endpoints": "id", "functions": "name"}
"""What tells the entries of a list apart, so that their unknown keys stay with them."""


class SettingsStore:
    """The preferences of this person. Used from one thread; it writes in another.

    Args:
        path: The file.
        is_kept: False: changes hold in memory, nothing is ever written.

    Attributes:
        values: What holds now.
        changes: Publishes the new values after each change.
        troubles: Publishes `SaveFailed` and, once it works again, `Saved`, if a loop runs.
        problems: One sentence for each thing of the file that could not be read.
    """

    def __init__(self, path: Path, *, is_kept: bool = True) -> None:
        self._path = path
        self._is_kept = is_kept
        self.values = Preferences()
        self.changes: Feed[Preferences] = Feed()
        self.troubles: Feed[SaveFailed | Saved] = Feed()
        self.problems: tuple[str, ...] = ()
        self._raw: dict[str, Any] = {}
        self._must_copy = False
        self._may_write = True
        self._writer: ThreadPoolExecutor | None = None
        self._last: Future[None] | None = None
        self._failed = False

    def load(self) -> None:
        """Read the file. Whatever cannot be read has its default, and `problems` says so."""
        self.problems = ()
        data = self._read()
        if data is None:
            return
        version = data.get("version")
        problems = []
        if isinstance(version, int) and version > VERSION:
            problems.append(f"the file was written by a newer version of the program ({version})")
        self._raw = migrate(data)
        values: dict[str, Any] = {}
        for name in FIELDS:
            if name not in self._raw:
                continue
            try:
                values[name], left_out = from_plain(name, self._raw[name])
            except SettingsError as error:
                left_out = [f"{name}: {error}"]
            problems.extend(left_out)
        self.values = replace(Preferences(), **values)
        self._must_copy = bool(problems)
        self.problems = tuple(problems)

    def change(self, **fields: Any) -> None:
        """Take new values, tell everybody, and have them saved soon.

        Raises:
            SettingsError: One of them cannot be used; nothing has changed.
        """
        for name, value in fields.items():
            check(name, value)
        changed = {name: value for name, value in fields.items() if getattr(self.values, name) != value}
        if not changed:
            return
        self.values = replace(self.values, **changed)
        for name, value in changed.items():
            self._raw[name] = self._merged(name, to_plain(value))
        self._raw["version"] = max(VERSION, self._raw.get("version", VERSION))
        self._save()
        self.changes.publish(self.values)

    async def flush(self) -> None:
        """Come back once everything is on disk.

        Raises:
            SettingsError: The file could not be written; the values hold in memory.
        """
        if self._last is None:
            return
        try:
            await asyncio.wrap_future(self._last)
        except OSError as error:
            raise _not_saved(error) from error

    async def close(self) -> None:
        """Write what waits and end the writing thread. Raises as `flush`."""
        try:
            await self.flush()
        finally:
            if self._writer is not None:
                self._writer.shutdown(wait=False)
                self._writer = None
                self._last = None

    def _read(self) -> dict[str, Any] | None:
        try:
            data = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
            data = None
        if isinstance(data, dict):
            return data
        try:
            kept = set_aside(self._path, "unreadable").name
        except OSError as error:
            self._may_write = False
            self.problems = (f"the file of preferences is not readable and cannot be renamed: {error.strerror}",)
        else:
            self.problems = (f"the file of preferences was not readable; it is kept as {kept}",)
        return None

    def _merged(self, name: str, plain: Any) -> Any:
        key = _ENTRY_KEYS.get(name)
        old = self._raw.get(name)
        if key is None or not isinstance(old, list):
            return plain
        before = {entry[key]: entry for entry in old if isinstance(entry, Mapping) and isinstance(entry.get(key), str)}
        return [{**before.get(entry[key], {}), **entry} for entry in plain]

    def _save(self) -> None:
        if not self._is_kept:
            return
        content = _encoded(self._raw)
        if self._writer is None:
            self._writer = ThreadPoolExecutor(1, thread_name_prefix="settings")
        must_copy, self._must_copy = self._must_copy, False
        self._last = self._writer.submit(_write, self._path, content, must_copy, self._may_write)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return  # No loop, so nobody to tell; `flush` reports the failure.
        self._last.add_done_callback(lambda done: _tell(loop, self._on_written, done))

    def _on_written(self, error: BaseException | None) -> None:
        if error is not None:
            self._failed = True
            self.troubles.publish(SaveFailed(_not_saved(error)))
        elif self._failed:
            self._failed = False
            self.troubles.publish(Saved())


def _encoded(data: dict[str, Any]) -> bytes:
    try:
        return json.dumps(data, ensure_ascii=False, indent=2).encode()
    except UnicodeEncodeError:  # Half a character, which only an escape can hold.
        return json.dumps(data, indent=2).encode()


def _write(path: Path, content: bytes, must_copy: bool, may_write: bool) -> None:
    if not may_write:
        raise PermissionError(f"{path.name} is not readable and is never overwritten")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if must_copy and path.exists():
        number = 1
        while (copy := path.with_name(f"{path.stem}.before-{number}{path.suffix}")).exists():
            number += 1
        shutil.copy2(path, copy)
    write_atomic(path, content)


def _not_saved(error: BaseException) -> SettingsError:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return SettingsError(f"the preferences could not be saved: {why}")


def _tell(loop: asyncio.AbstractEventLoop, callback: Any, done: "Future[None]") -> None:
    # The loop may have ended; `close` has reported by then.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(callback, done.exception())
