"""The OS keyring, in one thread of its own.

A call may take minutes: the system may show a window in which the person unlocks the
keyring. `keyring` would also take any backend that a file or a variable names, plain-text
ones among them; only the stores of the operating systems are used here.
"""

import asyncio
import contextlib
import queue
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

from desktop_chat.domain.errors import KeyringDenied, KeyringLocked, NoKeyring, SecretsError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "desktop-chat"
USER = "api-key"

TRUSTED = {
    "keyring.backends.SecretService": "Secret Service",
    "keyring.backends.libsecret": "Secret Service",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.macOS": "Keychain",
    "keyring.backends.Windows": "Credential Manager",
}
"""Modules of backends that keep secrets encrypted, and what people call them."""

_CHAINER = "keyring.backends.chainer"
_DENIALS = ("-128", "-25293", "-67030", "denied", "not authorized", "not allowed")
"""Signs of a refusal: the Keychain's codes for cancelled, wrong password and unknown signature, and words."""

_OUTSIDE_ERRORS = (
    ("secretstorage.exceptions", "SecretStorageException"),
    ("jeepney.wrappers", "DBusErrorResponse"),
    ("win32ctypes.pywin32.pywintypes", "error"),
)
"""What backends let through from the libraries under them."""

T = TypeVar("T")


class KeyringSecrets:
    """The keyring of this computer; see `ports.Secrets`."""

    def __init__(self) -> None:
        self._worker = _Worker()

    async def warm(self) -> None:
        """Import the library, off this thread; harmless where there is no keyring."""
        with contextlib.suppress(SecretsError):
            await self.describe()

    async def get(self, name: str) -> str | None:
        """The secret, or `None` if there is none."""
        return await self._run(lambda: _backend().get_password(service_of(name), USER))

    async def set(self, name: str, secret: str) -> None:
        """Keep it. An equal secret is not written again: that would make the Keychain ask anew."""

        def write() -> None:
            backend = _backend()
            if backend.get_password(service_of(name), USER) != secret:
                backend.set_password(service_of(name), USER, secret)

        await self._run(write)

    async def delete(self, name: str) -> None:
        """Forget it; harmless if there is none."""

        def erase() -> None:
            backend = _backend()
            if backend.get_password(service_of(name), USER) is not None:
                backend.delete_password(service_of(name), USER)

        await self._run(erase)

    async def describe(self) -> str:
        """Name of the keyring for people."""
        return await self._run(lambda: TRUSTED[type(_backend()).__module__])

    async def close(self) -> None:
        """Take no more calls. Does not wait for one that waits for a person."""
        self._worker.stop()

    async def _run(self, call: Callable[[], T]) -> T:
        return await asyncio.wrap_future(self._worker.submit(lambda: _translated(call)))


class _Worker:
    # Not a `ThreadPoolExecutor`: Python waits for those at exit, and a forgotten window that asks for the
    # keyring's password would keep the program alive.

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def submit(self, call: Callable[[], T]) -> "Future[T]":
        future: Future[T] = Future()

        def job() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(call())
            except SecretsError as error:
                future.set_exception(error)
            except BaseException as error:
                # A bug; whoever waits must not wait for ever.
                future.set_exception(error)
                raise

        if self._thread is None:
            self._start()
        self._jobs.put(job)
        return future

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._work, name="keyring", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._thread is not None:
            self._jobs.put(None)
            self._thread = None

    def _work(self) -> None:
        try:
            while (job := self._jobs.get()) is not None:
                job()
        except BaseException:
            # The bug ends this thread; another one takes the jobs that wait.
            self._start()
            raise


def service_of(name: str) -> str:
    """A service of its own for each secret: Windows moves entries that share one."""
    return f"{SERVICE}:{name}"


def trusted(backend: "KeyringBackend") -> "KeyringBackend":
    """Choose the trusted store: this backend, or one inside a chain.

    Raises:
        NoKeyring: None of them is trusted.
    """
    candidates = [backend]
    if type(backend).__module__ == _CHAINER:
        candidates = list(getattr(backend, "backends", ()))
    for candidate in candidates:
        if type(candidate).__module__ in TRUSTED:
            return candidate
    name = f"{type(backend).__module__}.{type(backend).__name__}"
    raise NoKeyring(f"no keyring that keeps keys encrypted; found {name}")


def _backend() -> "KeyringBackend":
    # Imported here because it costs 0.2 s and asks the system bus.
    import keyring

    return trusted(keyring.get_keyring())


def _translated(call: Callable[[], T]) -> T:
    # Imported here for the same reason.
    import keyring.errors

    try:
        return call()
    except keyring.errors.NoKeyringError as error:
        raise NoKeyring("no keyring on this computer") from error
    except (keyring.errors.KeyringLocked, keyring.errors.InitError) as error:
        raise KeyringLocked(str(error) or "the keyring is locked") from error
    except keyring.errors.KeyringError as error:
        text = str(error)
        kind = KeyringDenied if any(sign in text.lower() for sign in _DENIALS) else SecretsError
        raise kind(text or type(error).__name__) from error
    except _outside_errors() as error:
        text = f"{type(error).__name__}: {error}"
        is_locked = any(sign in text for sign in ("Locked", "Dismissed", "dismissed"))
        raise (KeyringLocked if is_locked else NoKeyring)(text) from error


def _outside_errors() -> tuple[type[Exception], ...]:
    # Also a bus that went away, and a backend named in the settings that does not exist.
    common = (OSError, RuntimeError, ValueError, ImportError, AttributeError)
    loaded = ((sys.modules[module], name) for module, name in _OUTSIDE_ERRORS if module in sys.modules)
    return (*common, *(getattr(module, name) for module, name in loaded))
