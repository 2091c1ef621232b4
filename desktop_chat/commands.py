"""What the commands of the terminal do to a library, told as a stream of plain dicts.

Beside an open window the same dicts come from its process, so that one process writes the
home. Whoever asked makes files of them; conversations come in our own lossless form.

Items: `{"listed": …}` a conversation of the list; `{"chosen": count}`; `{"folder": …}`; `{"piece": text}` and `{"whole": true}` a
conversation; `{"progress": …}`; `{"problem": text}`; `{"taken": …}`; `{"backup": …}`;
`{"finding": …}`; last `{"done": true}`, or `{"error": class name, "detail": …}`.
"""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from desktop_chat.core.asking import Asking
from desktop_chat.core.backup_place import BackupInfo, Finding
from desktop_chat.core.backups import Backups
from desktop_chat.core.folders import named_path
from desktop_chat.core.intake import Intake, Taken
from desktop_chat.core.library import Library
from desktop_chat.core.ports import Row
from desktop_chat.domain.codec import conversation_to_dict
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.errors import ChatError, ImportFailed, SettingsError
from desktop_chat.domain.ids import ConversationId, FolderId
from desktop_chat.domain.message import pictures_of
from desktop_chat.runtime.log import topic

if TYPE_CHECKING:
    from desktop_chat.importing.source import Source

Item = dict[str, Any]
Items = AsyncGenerator[Item, None]

PICTURE_PIECE = 3 * 2**18
"""Bytes of a picture in one item; base64 joins where they are a multiple of three."""
PIECE = 2**20
"""Characters of a conversation in one item."""
TELL_S = 0.2
"""Between two items about progress."""


class Commands:
    """Does them.

    Args:
        library: Has been loaded, but for `verify`.
        backups: Its copies.
        intake: The way into it.
        asking: Answers what is no command but a question for a model.
    """

    def __init__(self, library: Library, backups: Backups, intake: Intake, asking: Asking) -> None:
        self._asking = asking
        self._library = library
        self._backups = backups
        self._intake = intake

    async def answer(self, question: Mapping[str, Any]) -> Items:
        """Do what `command` says; closing the generator ends it between two conversations."""
        if "command" not in question:
            async with aclosing(self._asking.answer(question)) as answers:
                async for item in answers:
                    yield item
            return
        commands = {
            "list": self._list,
            "export": self._export,
            "import": self._import,
            "backup": self._backup,
            "backups": self._list_backups,
            "restore": self._restore,
            "verify": self._verify,
        }
        try:
            async with aclosing(commands[str(question.get("command"))](question)) as items:
                async for item in items:
                    yield item
        except ChatError as error:
            yield {"error": type(error).__name__, "detail": str(error)}
        except OSError as error:
            yield {"error": "OSError", "detail": str(error)}
        except KeyError as error:
            yield {"error": "SettingsError", "detail": f"there is no command {error}"}
        else:
            yield {"done": True}

    async def _list(self, _question: Mapping[str, Any]) -> Items:
        for row in self._library.rows:
            if not row.is_temporary:
                yield {"listed": {"id": row.id, "title": row.title, "updated_at": row.updated_at}}

    async def _export(self, question: Mapping[str, Any]) -> Items:
        told: set[FolderId] = set()
        chosen = self._chosen(question)
        yield {"chosen": len(chosen)}
        for row in chosen:
            for folder in named_path(self._library.folders, row.folder_id):
                if folder.id not in told:
                    told.add(folder.id)
                    yield {"folder": asdict(folder)}
            conversation = await self._library.read(row.id)
            for picture in pictures_of(conversation.messages.values()):
                if (data := await self._library.picture(picture)) is not None:
                    for start in range(0, len(data), PICTURE_PIECE):
                        yield {"piece": b64encode(data[start : start + PICTURE_PIECE]).decode()}
                    yield {"picture": picture}
            text = await asyncio.to_thread(_json_of, conversation)
            for start in range(0, len(text), PIECE):
                yield {"piece": text[start : start + PIECE]}
            yield {"whole": True}

    def _chosen(self, question: Mapping[str, Any]) -> list[Row]:
        rows = [row for row in self._library.rows if not row.is_temporary]
        names = question.get("which")
        if not isinstance(names, list):
            return rows
        found: dict[ConversationId, Row] = {}
        for name in map(str, names):
            wanted = name.casefold()
            matching = [row for row in rows if row.id == name] or [r for r in rows if r.title.casefold() == wanted]
            matching = matching or [row for row in rows if wanted in row.title.casefold()]
            if not matching:
                raise SettingsError(f"there is no conversation {name!r}")
            if len(matching) > 1:
                titles = "; ".join(f"{row.id} {row.title}" for row in matching[:5])
                raise SettingsError(f"{name!r} can be {len(matching)} conversations, for example {titles}")
            found[matching[0].id] = matching[0]
        return list(found.values())

    async def _import(self, question: Mapping[str, Any]) -> Items:
        # Loaded here: every format with it, for what is done once in a while.
        from desktop_chat.importing.reading import refusals, sniff
        from desktop_chat.importing.source import open_source

        source = await asyncio.to_thread(open_source, Path(str(question.get("path"))))
        with source:
            reader = await asyncio.to_thread(sniff, source)
            if reader is None:
                for problem in await asyncio.to_thread(refusals, source):
                    yield {"problem": str(problem)}
                raise ImportFailed(f"{source.name} is none of the formats that can be read.")
            yield {"format": reader.title, "source": source.name}
            async for item in self._read(source, reader, is_dry=question.get("dry_run") is True):
                yield item

    async def _read(self, source: "Source", reader: Any, *, is_dry: bool) -> Items:
        from desktop_chat.importing.reading import preview, read

        if is_dry:
            found = await asyncio.to_thread(preview, source, reader)
            for problem in found.problems:
                yield {"problem": str(problem)}
            yield {"preview": {"conversations": len(found.found), "messages": found.messages}}
            return
        cancel = Event()
        problems: list[str] = []

        def conversations() -> Any:
            for imported in read(source, reader):
                problems.extend(map(str, imported.problems))
                if imported.conversation is not None:
                    yield imported.conversation

        taken: Taken | None = None
        try:
            async with asyncio.TaskGroup() as group:
                taking = group.create_task(self._take(conversations(), cancel, source))
                while not taking.done():
                    await asyncio.wait([taking], timeout=TELL_S)
                    while problems:
                        yield {"problem": problems.pop(0)}
                    yield {"progress": {"done": source.done_bytes, "of": source.total_bytes}}
                taken = taking.result()
        except* GeneratorExit:
            taken = None  # Nobody listens any more.
        except* ChatError as errors:
            raise errors.exceptions[0] from None
        finally:
            cancel.set()
        if taken is not None:
            yield {"taken": asdict(taken)}

    async def _take(self, conversations: Any, cancel: Event, source: "Source") -> Taken:
        return await self._intake.take_in(
            conversations, cancel=cancel, picture=source.pictures.data, folders=source.folder_path
        )

    async def _backup(self, _question: Mapping[str, Any]) -> Items:
        yield {"backup": _told(await self._backups.make())}

    async def _list_backups(self, _question: Mapping[str, Any]) -> Items:
        for info in await self._backups.list():
            yield {"backup": _told(info)}

    async def _restore(self, question: Mapping[str, Any]) -> Items:
        name = str(question.get("name"))
        info = next((info for info in await self._backups.list() if name in (info.path.name, str(info.path))), None)
        if info is None:
            raise SettingsError(f"there is no backup {name!r}")
        await self._backups.restore(info)
        yield {"backup": _told(info)}

    async def _verify(self, _question: Mapping[str, Any]) -> Items:
        found: asyncio.Queue[Finding | None] = asyncio.Queue()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._check(found))
                while (finding := await found.get()) is not None:
                    yield {"finding": asdict(finding)}
        except* GeneratorExit:
            topic("store").info("nobody listens to the check any more")
        except* (ChatError, OSError) as errors:
            raise errors.exceptions[0] from None

    async def _check(self, found: "asyncio.Queue[Finding | None]") -> None:
        try:
            await self._backups.verify(found.put_nowait)
        finally:
            found.put_nowait(None)


def _json_of(conversation: Conversation) -> str:
    return json.dumps(conversation_to_dict(conversation))


def _told(info: BackupInfo) -> Item:
    return {**asdict(info), "path": str(info.path)}
