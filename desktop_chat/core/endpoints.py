"""Where answers come from: the endpoints of the person and their models.

The list is a preference; keys are found and kept by `core/keys.py`. Besides the list there
are endpoints that are lent: they live as long as the program.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace

from desktop_chat.core.endpoint_check import CheckStep, check_steps
from desktop_chat.core.keys import Keys, KeyState
from desktop_chat.core.ports import Demo, Discovery, FoundServer, Provider, Secrets
from desktop_chat.domain.endpoint import DEMO_ENDPOINT_ID, ENVIRONMENT_ENDPOINT_ID, Endpoint, clean_address, origin_of
from desktop_chat.domain.errors import ModelNotFound, SettingsError
from desktop_chat.domain.feed import Feed
from desktop_chat.domain.ids import EndpointId, new_endpoint_id
from desktop_chat.runtime.log import never_write
from desktop_chat.settings.store import SettingsStore

DEMO_NAME = "Demo"
DEMO_MODEL = "demo"


@dataclass(frozen=True, slots=True)
class Connection:
    """What a request needs to know of where it goes."""

    endpoint: Endpoint
    """With the address where it answers now."""
    key: str = field(repr=False)
    model: str


class Endpoints:
    """The endpoints a person has.

    Args:
        settings: Keeps the list.
        secrets: Keeps the keys.
        provider: Lists models and streams the token of a check.
        discovery: Looks for servers on this computer.
        demo: The built-in endpoint.
        environ: Environment variables of the process.
    """

    def __init__(
        self,
        settings: SettingsStore,
        secrets: Secrets,
        provider: Provider,
        discovery: Discovery,
        demo: Demo,
        *,
        environ: Mapping[str, str],
    ) -> None:
        self.changes: Feed[None] = Feed()
        self._settings = settings
        self._keys = Keys(secrets, environ)
        self._provider = provider
        self._discovery = discovery
        self._demo = demo
        self._models: dict[EndpointId, tuple[str, ...]] = {}
        self._lent: dict[EndpointId, Endpoint] = {}

    @property
    def all(self) -> tuple[Endpoint, ...]:
        """In the person's order."""
        return self._settings.values.endpoints

    @property
    def default(self) -> Endpoint | None:
        """Answers where a conversation names no endpoint: the chosen one, else the first."""
        chosen = self._settings.values.default_endpoint_id
        return (self.get(chosen) if chosen else None) or (self.all[0] if self.all else None)

    @property
    def environment(self) -> Endpoint | None:
        """What the environment describes, as long as it was not added."""
        is_added = any(endpoint.id == ENVIRONMENT_ENDPOINT_ID for endpoint in self.all)
        return None if is_added else self._keys.environment

    def get(self, endpoint_id: EndpointId) -> Endpoint | None:
        """The endpoint of this id, or `None` if it is gone."""
        return self._listed(endpoint_id) or self._lent.get(endpoint_id)

    def lend(self, base_url: str, model: str = "") -> Endpoint:
        """An endpoint at this address: one of the list, or one that lives as long as the program.

        A lent endpoint has the key of the environment if it is at the environment's origin.

        Args:
            base_url: As of an endpoint of the list.
            model: What a lent one answers with.

        Raises:
            SettingsError: This is no address.
        """
        try:
            base_url = clean_address(base_url)
        except ValueError as error:
            raise SettingsError(str(error)) from error
        for endpoint in self.all:
            if endpoint.base_url.rstrip("/") == base_url:
                return endpoint
        home = self.environment
        endpoint_id = home.id if home and home.origin_or_empty == origin_of(base_url) else new_endpoint_id()
        name = base_url.split("://", 1)[1].split("/", 1)[0]
        self._lent[endpoint_id] = Endpoint(endpoint_id, name, base_url, model)
        return self._lent[endpoint_id]

    def model_of(self, endpoint: Endpoint) -> str:
        """The model to ask where a conversation names none; empty if nothing says so."""
        values = self._settings.values
        if values.default_model and self.default is not None and endpoint.id == self.default.id:
            return values.default_model
        known = self.known_models(endpoint.id)
        return endpoint.model or (known[0] if len(known) == 1 else "")

    async def add(self, endpoint: Endpoint, key: str | None) -> None:
        """Take a new endpoint into the list, and keep its key.

        Raises:
            SettingsError: A value of it cannot be used.
        """
        is_first = self.default is None
        endpoint = replace(endpoint, has_key=False)
        self._settings.change(endpoints=(*self.all, endpoint))
        if is_first:
            self._settings.change(default_endpoint_id=endpoint.id, default_model="")
        if key:
            await self._keep(endpoint, key)
        self.changes.publish(None)

    async def save(self, endpoint: Endpoint, key: str | None) -> None:
        """Exchange an endpoint for its edited self.

        Args:
            endpoint: Its id is known.
            key: `None` leaves the key (unless the origin changed, then it is forgotten); empty forgets it.

        Raises:
            SettingsError: A value of it cannot be used, or it is gone.
            SecretsError: The old key could not be deleted; everything else is done.
        """
        old = self._listed(endpoint.id)
        if old is None:
            raise SettingsError("this endpoint was removed")
        moved = old.origin_or_empty != endpoint.origin_or_empty
        endpoint = replace(endpoint, has_key=old.has_key and not moved)
        self._exchange(endpoint)
        self._models.pop(endpoint.id, None)
        problem = await self._keys.forget(old) if moved or key == "" else None
        if key:
            await self._keep(endpoint, key)
        elif key == "" and problem is None:
            self._note_key(endpoint, has_key=False)
        self.changes.publish(None)
        if problem is not None:
            raise problem

    async def remove(self, endpoint_id: EndpointId) -> None:
        """Take an endpoint off the list and delete its key.

        Raises:
            SecretsError: The key could not be deleted; the endpoint is off the list.
        """
        endpoint = self._listed(endpoint_id)
        if endpoint is None:
            return
        self._settings.change(endpoints=tuple(e for e in self.all if e.id != endpoint_id))
        if self._settings.values.default_endpoint_id == endpoint_id:
            self._settings.change(default_endpoint_id=None, default_model="")
        self._models.pop(endpoint_id, None)
        problem = await self._keys.forget(endpoint)
        self.changes.publish(None)
        if problem is not None:
            raise problem

    def move(self, endpoint_id: EndpointId, position: int) -> None:
        """Put an endpoint at another place of the list."""
        others = [endpoint for endpoint in self.all if endpoint.id != endpoint_id]
        moved = self._listed(endpoint_id)
        if moved is not None:
            others.insert(max(0, position), moved)
            self._settings.change(endpoints=tuple(others))
            self.changes.publish(None)

    def set_default(self, endpoint_id: EndpointId, model: str = "") -> None:
        """Have new conversations answered by this endpoint."""
        self._settings.change(default_endpoint_id=endpoint_id, default_model=model)
        self.changes.publish(None)

    def drop_stream_options(self, endpoint_id: EndpointId) -> None:
        """Remember that the endpoint rejects `stream_options`."""
        endpoint = self._listed(endpoint_id)
        if endpoint is not None and endpoint.sends_stream_options:
            self._exchange(replace(endpoint, sends_stream_options=False))
            self.changes.publish(None)

    async def use_demo(self) -> Endpoint:
        """Add the built-in endpoint, if it is not there, and make it the default."""
        await self._demo.start()
        endpoint = self._listed(DEMO_ENDPOINT_ID) or Endpoint(DEMO_ENDPOINT_ID, DEMO_NAME, "", DEMO_MODEL)
        return await self._use(endpoint, None)

    async def use_environment(self) -> Endpoint:
        """Add the endpoint of the environment and make it the default.

        Raises:
            SettingsError: The environment describes none.
        """
        endpoint = self._listed(ENVIRONMENT_ENDPOINT_ID) or self._keys.environment
        if endpoint is None:
            raise SettingsError("OPENAI_API_KEY is not set")
        return await self._use(endpoint, None)

    async def use_found(self, found: FoundServer) -> Endpoint:
        """Add a server found on this computer and make it the default."""
        known = next((endpoint for endpoint in self.all if endpoint.base_url == found.base_url), None)
        model = found.models[0] if found.models else ""
        endpoint = known or Endpoint(new_endpoint_id(), found.name, found.base_url, model)
        self._models[endpoint.id] = found.models
        return await self._use(endpoint, None)

    async def connect(self, endpoint: Endpoint, model: str = "") -> Connection:
        """Make an endpoint ready for a request.

        Args:
            endpoint: One of the list, or one that is being tried out.
            model: Which model is to answer; empty asks an endpoint that has just one.

        Raises:
            SecretsError: Its key cannot be read.
            SettingsError: No model is given and the endpoint does not have just one.
            ProviderError: Its models are needed and cannot be asked for.
        """
        live, key = await self._live(endpoint)
        return Connection(live, key, model or await self._only_model(endpoint.id))

    async def key(self, endpoint: Endpoint) -> str:
        """The key for the endpoint's origin; empty if there is none.

        Raises:
            SecretsError: There is one, but it cannot be read.
        """
        if endpoint.id in self._lent and self._listed(endpoint.id) is None:
            # Of a lent one only the environment can know the key.
            return await self._keys.get(replace(endpoint, id=ENVIRONMENT_ENDPOINT_ID))
        known = self.get(endpoint.id)
        has_key = known is not None and known.has_key and known.origin_or_empty == endpoint.origin_or_empty
        return await self._keys.get(replace(endpoint, has_key=has_key))

    async def key_state(self, endpoint_id: EndpointId) -> KeyState:
        """Where the key of an endpoint is; of one that is not in the list, where it would go."""
        return await self._keys.state(self.get(endpoint_id) or Endpoint(endpoint_id, "", ""))

    async def models(self, endpoint_id: EndpointId, *, fresh: bool = False) -> tuple[str, ...]:
        """Names of the models an endpoint lists; asked once, or again if `fresh`.

        Raises:
            ProviderError: It cannot be asked.
            SecretsError: Its key cannot be read.
        """
        endpoint = self.get(endpoint_id)
        if endpoint is None:
            return ()
        if fresh or endpoint_id not in self._models:
            live, key = await self._live(endpoint)
            self._models[endpoint_id] = tuple(await self._provider.models(live, key))
            self.changes.publish(None)
        return self._models[endpoint_id]

    def known_models(self, endpoint_id: EndpointId) -> tuple[str, ...]:
        """Names of the models as far as they are known without asking."""
        return self._models.get(endpoint_id, ())

    async def check(self, endpoint: Endpoint, key: str | None) -> AsyncIterator[CheckStep]:
        """Try an endpoint out, also one that is not in the list: key, models, one streamed token.

        Args:
            endpoint: As it is typed now.
            key: As it is typed now; `None` for the one that is kept.
        """

        async def find_key() -> tuple[Endpoint, str]:
            never_write(key or "")
            return (endpoint, key) if key else await self._live(endpoint)

        async for step in check_steps(self._provider, endpoint, find_key):
            yield step

    def find(self) -> AsyncIterator[FoundServer]:
        """Look for model servers on this computer."""
        return self._discovery.find()

    async def _live(self, endpoint: Endpoint) -> tuple[Endpoint, str]:
        if endpoint.id == DEMO_ENDPOINT_ID:
            return replace(endpoint, base_url=await self._demo.start()), ""
        return endpoint, await self.key(endpoint)

    async def _only_model(self, endpoint_id: EndpointId) -> str:
        try:
            models = await self.models(endpoint_id)
        except ModelNotFound as error:
            raise SettingsError("choose a model: the endpoint does not list any") from error
        if len(models) != 1:
            raise SettingsError(f"choose a model: the endpoint lists {len(models)}")
        return models[0]

    async def _use(self, endpoint: Endpoint, key: str | None) -> Endpoint:
        if self._listed(endpoint.id) is None:
            await self.add(endpoint, key)
        self.set_default(endpoint.id)
        return endpoint

    async def _keep(self, endpoint: Endpoint, key: str) -> None:
        # Should nobody wait for the keyring any more, it may still take the key.
        self._note_key(endpoint, has_key=True)
        kept = await self._keys.keep(endpoint, key)
        # The keyring may have asked the person for minutes: the endpoint may be gone or elsewhere by now.
        listed = self._listed(endpoint.id)
        if listed is None or listed.origin_or_empty != endpoint.origin_or_empty:
            await self._keys.forget(kept)
        else:
            self._note_key(listed, has_key=kept.has_key)

    def _note_key(self, endpoint: Endpoint, *, has_key: bool) -> None:
        listed = self._listed(endpoint.id)
        if listed is not None:
            self._exchange(replace(listed, has_key=has_key))

    def _listed(self, endpoint_id: EndpointId) -> Endpoint | None:
        return next((endpoint for endpoint in self.all if endpoint.id == endpoint_id), None)

    def _exchange(self, endpoint: Endpoint) -> None:
        self._settings.change(endpoints=tuple(endpoint if e.id == endpoint.id else e for e in self.all))
