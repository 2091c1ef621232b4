"""The terminal's front door: one question, its answer as text.

The same turn as in the window, without Qt. The answer goes to stdout as it comes, remarks
and errors go to stderr; the exit code is 0 only for a whole answer. Tools are offered if
they are harmless, and run without asking: nobody could be asked here. Beside an open
window the question is handed to its process, so that one process writes the home, and the
conversation is in its list at once.
"""

import argparse
import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any, TextIO

from desktop_chat import wiring
from desktop_chat.core.asking import Item, Question
from desktop_chat.domain.changes import Saved, SaveFailed
from desktop_chat.domain.errors import ChatError, SettingsError, StoreError
from desktop_chat.domain.message import Ended
from desktop_chat.domain.surrogates import whole
from desktop_chat.runtime.handover import NoAnswer, OwnerFailed, OwnerLeft, ask_owner, has_gone, take_or_find
from desktop_chat.runtime.lock import HomeLock
from desktop_chat.runtime.log import masked, start_log, stop_log
from desktop_chat.runtime.paths import Paths, paths_from_environment

FAILED = 1
USAGE = 2
INTERRUPTED = 130  # what shells report of a program that Ctrl+C ended

WORDS = {
    "Unreachable": "The server could not be reached, or the connection broke.",
    "NameNotFound": "There is no server of that name. Check the address.",
    "ProxyUnusable": "The proxy of the system settings cannot be used. Change it, or name the server in no_proxy.",
    "CertificateRejected": "The server's certificate is not trusted, or it speaks http only.",
    "KeyRejected": "The key is missing or wrong.",
    "AccessDenied": "The key may not use this model or address.",
    "ModelNotFound": "There is no such model, or no such address.",
    "PromptTooLong": "The question is too long for the model.",
    "RateLimited": "Too many requests for now.",
    "QuotaExceeded": "The account has no credit left.",
    "ServerBusy": "The server has a problem of its own.",
    "RequestRejected": "The server does not accept the request.",
    "TimedOut": "Nothing came for too long.",
    "BadReply": "The server answered something that is not a reply.",
    "StreamError": "The server reported an error in the middle of its answer.",
    "Interrupted": "The answer broke off.",
    "KeyringLocked": "The keyring is locked, so the key cannot be read.",
    "KeyringDenied": "The keyring does not give the key.",
    "NoKeyring": "There is no keyring here to read the key from.",
    "TooManyRounds": "The model called tools without an end.",
    "StoreError": "The conversations could not be read or written.",
    "StoreFull": "The disk is full.",
    "StoreReadOnly": "The folder of the conversations cannot be written. What is there can be read and exported; to "
    "keep new ones, make it writable or let DESKTOP_CHAT_HOME name another folder.",
    "StoreBusy": "Another program uses the file of the conversations. Try again when it is done.",
    "StoreTooNew": "The conversations were written by a newer version of Desktop Chat: use that one. Here they can be "
    "read and exported, and nothing is changed.",
    "StoreDamaged": "The file of the conversations is damaged.",
    "StoreRecovered": "The file of the conversations was damaged. What could be read is there again.",
    "StoreExchanged": "Another file had taken the place of the conversations. It was set aside.",
}

NO_ENDPOINT = "No endpoint is set up. Start desktop-chat and choose one, or give --base-url URL, or set OPENAI_API_KEY."


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask once; returns the exit code."""
    given = _parser().parse_args(arguments)
    try:
        prompt = sys.stdin.read() if given.prompt == "-" else given.prompt
    except (KeyboardInterrupt, UnicodeDecodeError) as error:
        return complain(str(error) or "interrupted", INTERRUPTED if isinstance(error, KeyboardInterrupt) else FAILED)
    if not prompt.strip():
        return complain("there is nothing to ask", USAGE)
    # Bytes that are no text came in as halves of characters, which nobody can write down.
    question = Question(*map(whole, (prompt, given.endpoint, given.base_url, given.model, given.system)))
    try:
        return asyncio.run(_ask(question, paths_from_environment(), keeps=not given.no_save))
    except KeyboardInterrupt:
        return INTERRUPTED
    except OwnerLeft:
        return complain("Desktop Chat was closed in the middle of the answer. What came is kept there.", FAILED)
    except OwnerFailed:
        return complain("The open Desktop Chat failed at it; its log says why.", FAILED)
    except NoAnswer as error:
        return complain(f"Desktop Chat is open, but it does not answer: {error}", FAILED)
    except StoreError as error:
        return complain(worded(type(error).__name__, str(error)), FAILED)
    except (ChatError, OSError) as error:
        return complain(masked(str(error)), FAILED)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "desktop-chat ask",
        description="Ask once and print the answer as it comes. The conversation is in the app afterwards.",
        epilog="Keys come from the keyring. The key in OPENAI_API_KEY goes to OPENAI_BASE_URL alone "
        "(without it, to OpenAI). Only the time and the calculator are offered as tools; they run without asking.",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--endpoint", default="", metavar="NAME", help="an endpoint of the preferences")
    where.add_argument("--base-url", default="", metavar="URL", help="any endpoint, up to and including the version")
    parser.add_argument("--model", default="", help="instead of the endpoint's own")
    parser.add_argument("--system", default="", help="the system prompt")
    parser.add_argument("--no-save", action="store_true", help="leave no trace of the question and the answer")
    parser.add_argument("prompt", metavar="PROMPT", help="the question; - reads it from stdin")
    return parser


async def _ask(question: Question, paths: Paths, *, keeps: bool) -> int:
    end_in_order_when_told()
    if not keeps:
        return await _ask_here(question, paths, keeps=False)
    paths.make()
    lock = HomeLock(paths.lock)
    while not await take_or_find(lock, paths.handover):
        try:
            async with aclosing(ask_owner(paths.handover, question.to_dict())) as items:
                return await _print(items)
        except NoAnswer as error:
            # What it began to answer is not asked twice.
            if isinstance(error, OwnerLeft) or not await has_gone(paths.handover):
                raise
    start_log(paths.log_file)
    try:
        return await _ask_here(question, paths, keeps=True)
    finally:
        stop_log()
        lock.release()


def end_in_order_when_told() -> None:
    """SIGTERM and a terminal that closes do what Ctrl+C does: the partial answer is kept."""
    if threading.current_thread() is not threading.main_thread():
        return  # Only the main thread hears signals.
    me = asyncio.current_task()
    for name in ("SIGTERM", "SIGHUP"):
        # Windows has neither the signals nor such handlers.
        if me is not None and hasattr(signal, name):
            with contextlib.suppress(NotImplementedError):
                asyncio.get_running_loop().add_signal_handler(getattr(signal, name), me.cancel)


async def _ask_here(question: Question, paths: Paths, *, keeps: bool) -> int:
    parts = wiring.build(paths, keeps=keeps)
    troubles: list[SaveFailed | Saved] = []
    parts.saver.troubles.subscribe(troubles.append)
    try:
        await parts.library.load()
        if keeps:
            await parts.listen()
        async with aclosing(parts.asking.answer(question.to_dict())) as items:
            code = await _print(items)
        if code != INTERRUPTED and parts.handover.is_busy:
            complain("[the question of another terminal is still being answered here]", 0)
            with contextlib.suppress(asyncio.CancelledError):  # Ctrl+C ends that one as well.
                await parts.handover.idle()
    finally:
        await parts.close()
    if parts.saver.waiting and troubles and isinstance(troubles[-1], SaveFailed):
        trouble = troubles[-1].error
        return complain(f"The conversation is not saved. {worded(type(trouble).__name__, str(trouble))}", FAILED)
    return code


def worded(name: str, detail: str) -> str:
    """What an error of such a name means, with its own text; that alone if there are no other words for it."""
    return f"{WORDS[name]} ({masked(detail)})" if name in WORDS else masked(detail)


async def _print(items: AsyncGenerator[Item, None]) -> int:
    printer = _Printer(sys.stdout)
    try:
        async for item in items:
            if "text" in item:
                printer.write(str(item["text"]))
            elif "note" in item:
                printer.end_line()
                complain(_note(item), 0)
            elif "ended" in item:
                if not printer.has_written and item["ended"] == Ended.COMPLETE:
                    complain("[the model answered nothing]", 0)
                printer.end_line()
                return _report(item)
    except asyncio.CancelledError:
        # Ctrl+C: leaving the generator stops the reply and keeps what came.
        printer.end_line()
        return INTERRUPTED
    except (OwnerLeft, OwnerFailed):
        printer.end_line()
        raise
    except BrokenPipeError:
        # Whoever read the answer has enough. Python must not try again when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return FAILED


class _Printer:
    """Writes pieces as they come; on a terminal without what could command it."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._is_terminal = out.isatty()
        self._is_line_open = False
        self.has_written = False

    def write(self, text: str) -> None:
        if self._is_terminal:
            text = "".join(c if c in "\n\t" or c.isprintable() else "\ufffd" for c in text)
        encoding = self._out.encoding or "utf-8"
        self._out.write(text.encode(encoding, "replace").decode(encoding))
        self._out.flush()
        self._is_line_open = not text.endswith("\n")
        self.has_written = True

    def end_line(self) -> None:
        if self._is_line_open:
            with contextlib.suppress(BrokenPipeError):
                self._out.write("\n")
                self._out.flush()
        self._is_line_open = False


def _note(item: dict[str, Any]) -> str:
    detail = masked(str(item.get("detail", "")))
    match item["note"]:
        case "retry":
            return f"[retry {item['attempt']} of {item['of']} in {item['wait_s']:.0f} s: {detail}]"
        case "waiting":
            return f"[{detail} waits for your decision in the window]"
        case _:
            return f"[{detail}]"


def _report(item: dict[str, Any]) -> int:
    ended, error = item["ended"], item.get("error")
    detail = masked(str(item.get("detail") or ""))
    if error == SettingsError.__name__:
        return complain(NO_ENDPOINT if detail.startswith("no endpoint") else detail, FAILED)
    if error:
        wait_s = item.get("wait_s") if error == "RateLimited" else None
        again = f" Try again in {wait_s:.0f} s." if isinstance(wait_s, int | float) else ""
        return complain(f"{WORDS.get(error, error)}{again}" + (f" ({detail})" if detail else ""), FAILED)
    match ended:
        case Ended.COMPLETE:
            return 0
        case Ended.LENGTH:
            return complain("[the answer reached the limit of tokens]", 0)
        case Ended.FILTERED:
            return complain("The provider's content filter cut the answer off.", FAILED)
        case _:
            return complain(f"[{ended}]", FAILED)


def complain(text: str, code: int) -> int:
    """Say something to the person, beside the results; returns the code."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
    return code
