"""The keys of endpoints: each bound to the origin it was saved for.

The name of a secret has the origin in it, so a changed address never carries a key to another
server. Where no keyring can be used a key lives as long as the program, and `state` says
why. The key of the environment goes to the origin of the environment alone and is never
stored. Every key that is seen here is masked in the log from then on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from desktop_chat.core.ports import KeyPlace, Secrets
from desktop_chat.domain.endpoint import DEMO_ENDPOINT_ID, ENVIRONMENT_ENDPOINT_ID, Endpoint
from desktop_chat.domain.errors import SecretsError
from desktop_chat.runtime.log import never_write

OPENAI_BASE_URL = "https://api.openai.com/v1"
TAIL_CHARACTERS = 4


@dataclass(frozen=True, slots=True)
class KeyState:
    """Where the key of an endpoint is."""

    place: KeyPlace
    tail: str = ""
    """Its last characters, to tell keys apart; empty for short keys."""
    problem: SecretsError | None = None
    """Why it is not in the keyring, or cannot be read from it."""
    keyring: str = ""
    """Name of the keyring for people; empty if there is none."""


class Keys:
    """Finds and keeps keys.

    Args:
        secrets: The keyring.
        environ: Environment variables of the process.

    Attributes:
        environment: The endpoint that the environment describes, if it has a key.
    """

    def __init__(self, secrets: Secrets, environ: Mapping[str, str]) -> None:
        self._secrets = secrets
        self._environment_key = environ.get("OPENAI_API_KEY", "").strip()
        self.environment: Endpoint | None = None
        if self._environment_key:
            base_url = environ.get("OPENAI_BASE_URL", "").strip() or OPENAI_BASE_URL
            self.environment = Endpoint(ENVIRONMENT_ENDPOINT_ID, "Environment", base_url)
            never_write(self._environment_key)
        self._read: dict[str, str] = {}
        self._this_run: dict[str, str] = {}
        self._problems: dict[str, SecretsError] = {}

    async def get(self, endpoint: Endpoint) -> str:
        """The key for the endpoint's origin; empty if there is none.

        Raises:
            SecretsError: There is one, but it cannot be read.
        """
        if endpoint.id == DEMO_ENDPOINT_ID or not endpoint.origin_or_empty:
            return ""
        if endpoint.id == ENVIRONMENT_ENDPOINT_ID:
            is_home = self.environment is not None and endpoint.origin == self.environment.origin_or_empty
            return self._environment_key if is_home else ""
        name = _name(endpoint)
        if name in self._this_run:
            return self._this_run[name]
        if not endpoint.has_key:
            return ""  # The keyring is not asked in vain: asking may show a prompt.
        if name not in self._read:
            self._read[name] = await self._secrets.get(name) or ""
            never_write(self._read[name])
        return self._read[name]

    async def keep(self, endpoint: Endpoint, key: str) -> Endpoint:
        """Keep a key, in the keyring if that is possible.

        Returns:
            The endpoint, which knows whether the keyring has its key.
        """
        never_write(key)
        name = _name(endpoint)
        # From now on, also while the keyring asks for its password and if nobody answers it.
        self._this_run[name] = key
        try:
            await self._secrets.set(name, key)
        except SecretsError as error:
            self._problems[name] = error
            # An older one may still be in the keyring.
            return endpoint
        self._read[name] = key
        self._this_run.pop(name, None)
        return replace(endpoint, has_key=True)

    async def forget(self, endpoint: Endpoint) -> SecretsError | None:
        """Delete the key of an endpoint.

        Returns:
            Why the keyring still has it, if it does.
        """
        if not endpoint.origin_or_empty:
            return None
        name = _name(endpoint)
        self._this_run.pop(name, None)
        self._read.pop(name, None)
        if endpoint.has_key:
            try:
                await self._secrets.delete(name)
            except SecretsError as error:
                return error
        return None

    async def state(self, endpoint: Endpoint) -> KeyState:
        """Where the key of an endpoint is, and whether one can be kept."""
        if endpoint.id == DEMO_ENDPOINT_ID:
            return KeyState(KeyPlace.NOWHERE)
        problem: SecretsError | None = None
        try:
            keyring = await self._secrets.describe()
        except SecretsError as error:
            keyring, problem = "", error
        try:
            key = await self.get(endpoint)
        except SecretsError as error:
            return KeyState(KeyPlace.KEYRING, "", error, keyring)
        if not key:
            return KeyState(KeyPlace.NOWHERE, "", problem, keyring)
        if endpoint.id == ENVIRONMENT_ENDPOINT_ID:
            return KeyState(KeyPlace.ENVIRONMENT, _tail(key), None, keyring)
        name = _name(endpoint)
        if name in self._this_run:
            return KeyState(KeyPlace.THIS_RUN, _tail(key), self._problems.get(name, problem), keyring)
        return KeyState(KeyPlace.KEYRING, _tail(key), problem, keyring)


def _name(endpoint: Endpoint) -> str:
    return f"{endpoint.id}@{endpoint.origin}"


def _tail(key: str) -> str:
    # Of a short key the tail would be most of it.
    return key[-TAIL_CHARACTERS:] if len(key) >= 4 * TAIL_CHARACTERS else ""
