"""Keys in a keyring, and the reasons why not."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import keyring.backend
import keyring.backends.chainer
import keyring.backends.fail
import keyring.backends.null
import keyring.errors
import pytest

from desktop_chat.adapters import secrets
from desktop_chat.adapters.secrets import KeyringSecrets
from desktop_chat.domain.errors import KeyringDenied, KeyringLocked, NoKeyring, SecretsError

NAME = "endpoint@https://api.example.org:443"


class Ring(keyring.backend.KeyringBackend):
    """A keyring in memory that can be told to fail. Stands in for the system's."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.writes = 0
        self.fault: Exception | None = None
        self.threads: set[str] = set()

    def _check(self) -> None:
        self.threads.add(threading.current_thread().name)
        if self.fault is not None:
            raise self.fault

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.writes += 1
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("not there")


def use(backend: keyring.backend.KeyringBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keyring.core._keyring_backend", backend)


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    """A keyring that counts as the system's."""
    made = Ring()
    monkeypatch.setitem(secrets.TRUSTED, Ring.__module__, "Test Keyring")
    use(made, monkeypatch)
    return made


def with_secrets(body: Callable[[KeyringSecrets], Coroutine[Any, Any, Any]]) -> Any:
    async def main() -> Any:
        kept = KeyringSecrets()
        try:
            return await body(kept)
        finally:
            await kept.close()

    return asyncio.run(main())


def test_importing_the_module_does_not_import_keyring() -> None:
    code = "import sys, desktop_chat.adapters.secrets; sys.exit('keyring' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_secret_is_kept_read_and_forgotten(ring: Ring) -> None:
    async def body(kept: KeyringSecrets) -> None:
        assert await kept.get(NAME) is None
        await kept.set(NAME, "sk-ü💡")
        assert await kept.get(NAME) == "sk-ü💡"
        await kept.delete(NAME)
        assert await kept.get(NAME) is None

    with_secrets(body)
    assert ring.kept == {}


def test_each_secret_has_a_service_of_its_own(ring: Ring) -> None:
    async def body(kept: KeyringSecrets) -> None:
        await kept.set("a", "1")
        await kept.set("b", "2")

    with_secrets(body)
    assert {service for service, _ in ring.kept} == {"desktop-chat:a", "desktop-chat:b"}


def test_forgetting_what_is_not_there_is_harmless(ring: Ring) -> None:
    async def body(kept: KeyringSecrets) -> str | None:
        await kept.set(NAME, "sk-1")
        await kept.delete("nothing")
        return await kept.get(NAME)

    assert with_secrets(body) == "sk-1"


def test_an_unchanged_secret_is_not_written_again(ring: Ring) -> None:
    async def body(kept: KeyringSecrets) -> None:
        await kept.set(NAME, "same")
        await kept.set(NAME, "same")

    with_secrets(body)
    assert ring.writes == 1


def test_everything_happens_in_one_thread_that_is_not_the_callers(ring: Ring) -> None:
    async def body(kept: KeyringSecrets) -> None:
        await asyncio.gather(*(kept.set(str(n), "x") for n in range(5)))

    with_secrets(body)
    assert ring.threads == {"keyring"}


def test_the_keyring_has_a_name_for_people(ring: Ring) -> None:
    assert with_secrets(lambda kept: kept.describe()) == "Test Keyring"


def test_a_call_that_waits_for_a_person_does_not_hold_up_the_end(ring: Ring, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, answered = threading.Event(), threading.Event()

    def prompt(service: str, username: str) -> str:
        waiting.set()
        answered.wait(10)
        return "late"

    monkeypatch.setattr(ring, "get_password", prompt)

    async def body(kept: KeyringSecrets) -> None:
        call = asyncio.ensure_future(kept.get(NAME))
        await asyncio.to_thread(waiting.wait, 10)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    with_secrets(body)
    answered.set()
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "keyring")


class LockedException(Exception):
    """Named as the one of SecretStorage."""


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (keyring.errors.NoKeyringError("none"), NoKeyring),
        (keyring.errors.KeyringLocked("Failed to unlock"), KeyringLocked),
        (keyring.errors.InitError("Failed to create the collection: Prompt dismissed"), KeyringLocked),
        (keyring.errors.KeyringError("Can't get password from keychain: (-25293, 'denied')"), KeyringDenied),
        (keyring.errors.PasswordSetError("not authorized"), KeyringDenied),
        (keyring.errors.KeyringError("something else"), SecretsError),
        (ConnectionRefusedError("the bus is gone"), NoKeyring),
        (RuntimeError("no backend"), NoKeyring),
    ],
    ids=repr,
)
def test_every_failure_of_a_keyring_is_told_in_our_words(
    ring: Ring, fault: Exception, kind: type[SecretsError]
) -> None:
    ring.fault = fault

    async def body(kept: KeyringSecrets) -> None:
        for call in (kept.get(NAME), kept.set(NAME, "sk-canary"), kept.delete(NAME)):
            with pytest.raises(SecretsError) as caught:
                await call
            assert type(caught.value) is kind
            assert "sk-canary" not in str(caught.value)

    with_secrets(body)


def test_failures_of_the_libraries_below_are_told_too(ring: Ring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_OUTSIDE_ERRORS", ((__name__, "LockedException"),))
    ring.fault = LockedException("Item is locked!")

    with pytest.raises(KeyringLocked):
        with_secrets(lambda kept: kept.get(NAME))


def test_a_bug_in_a_backend_reaches_whoever_asked_and_the_next_call_is_answered(
    ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported = threading.Event()
    monkeypatch.setattr(threading, "excepthook", lambda _: reported.set())

    async def body(kept: KeyringSecrets) -> None:
        ring.fault = ZeroDivisionError()
        with pytest.raises(ZeroDivisionError):
            await asyncio.wait_for(kept.get(NAME), 10)
        ring.fault = None
        assert await asyncio.wait_for(kept.get(NAME), 10) is None

    with_secrets(body)
    assert reported.wait(10)


@pytest.mark.parametrize(
    "backend",
    [keyring.backends.null.Keyring(), keyring.backends.fail.Keyring(), Ring()],  # type: ignore[no-untyped-call]
    ids=["null", "fail", "a stranger"],
)
def test_a_backend_that_is_not_trusted_is_never_used(
    backend: keyring.backend.KeyringBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(backend, monkeypatch)

    async def body(kept: KeyringSecrets) -> None:
        for call in (kept.get(NAME), kept.set(NAME, "sk-1"), kept.delete(NAME), kept.describe()):
            with pytest.raises(NoKeyring):
                await call

    with_secrets(body)
    assert getattr(backend, "kept", {}) == {}


class PlainText(Ring):
    """A backend that writes secrets to a file, as some do."""


PlainText.__module__ = "keyrings.alt.file"


def test_a_backend_named_by_the_environment_is_refused_if_it_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keyring.core._keyring_backend", None)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")

    with pytest.raises(NoKeyring):
        with_secrets(lambda kept: kept.set(NAME, "sk-1"))


def test_a_backend_that_does_not_exist_is_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keyring.core._keyring_backend", None)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "no.such.Backend")

    with pytest.raises(NoKeyring):
        with_secrets(lambda kept: kept.get(NAME))


def test_inside_a_chain_only_the_trusted_backend_is_used(ring: Ring, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = PlainText()
    chain = keyring.backends.chainer.ChainerBackend()  # type: ignore[no-untyped-call]
    monkeypatch.setattr(type(chain), "backends", [plain, ring])
    use(chain, monkeypatch)

    with_secrets(lambda kept: kept.set(NAME, "sk-1"))

    assert plain.kept == {}
    assert list(ring.kept.values()) == ["sk-1"]


def test_a_chain_without_a_trusted_backend_is_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = keyring.backends.chainer.ChainerBackend()  # type: ignore[no-untyped-call]
    monkeypatch.setattr(type(chain), "backends", [PlainText()])
    use(chain, monkeypatch)

    with pytest.raises(NoKeyring):
        with_secrets(lambda kept: kept.get(NAME))


def test_warming_up_without_a_keyring_is_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    use(keyring.backends.fail.Keyring(), monkeypatch)  # type: ignore[no-untyped-call]

    async def body(kept: KeyringSecrets) -> None:
        await kept.warm()
        with pytest.raises(NoKeyring):
            await kept.get(NAME)

    with_secrets(body)
