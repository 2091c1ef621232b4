"""The endpoints a person has: the list, keys, models, checks."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_chat.core.endpoints import DEMO_MODEL, Endpoints
from desktop_chat.core.ports import FoundServer, KeyPlace
from desktop_chat.domain.endpoint import DEMO_ENDPOINT_ID, ENVIRONMENT_ENDPOINT_ID, Endpoint
from desktop_chat.domain.errors import KeyRejected, KeyringLocked, ModelNotFound, NoKeyring, SecretsError, SettingsError
from desktop_chat.domain.ids import EndpointId
from desktop_chat.settings.store import SettingsStore
from tests.core.conftest import MemorySecrets, NoServers, ScriptedProvider, StandInDemo, says

KEY = "sk-canary-0123456789abcdef"
LAB = Endpoint(EndpointId("e1"), "Lab", "https://lab.example/v1", "model-a")


class House:
    """Endpoints and what they stand on."""

    def __init__(self, path: Path, environ: Mapping[str, str]) -> None:
        self.settings = SettingsStore(path)
        self.secrets = MemorySecrets()
        self.provider = ScriptedProvider(says("hi"))
        self.demo = StandInDemo()
        self.endpoints = Endpoints(
            self.settings, self.secrets, self.provider, NoServers(), self.demo, environ=dict(environ)
        )


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Endpoints of somebody who has none yet."""
    return House(tmp_path / "settings.json", {})


def environment(tmp_path: Path, **environ: str) -> House:
    """Endpoints of a process with these variables."""
    return House(tmp_path / "settings.json", environ)


async def close(house: House) -> None:
    """End the thread of the settings."""
    await house.settings.close()


def test_a_key_goes_to_the_keyring_under_its_origin_and_never_into_the_settings(house: House, tmp_path: Path) -> None:
    async def person() -> None:
        await house.endpoints.add(LAB, KEY)
        state = await house.endpoints.key_state(LAB.id)
        key = await house.endpoints.key(LAB)
        await close(house)

        assert house.secrets.kept == {"e1@https://lab.example:443": KEY}
        assert key == KEY
        assert (state.place, state.tail, state.problem, state.keyring) == (KeyPlace.KEYRING, "cdef", None, "Memory")
        assert KEY not in (tmp_path / "settings.json").read_text()
        assert KEY not in repr(vars(house.endpoints))

    asyncio.run(person())


def test_a_changed_origin_never_carries_the_key_over(house: House) -> None:
    async def person() -> None:
        await house.endpoints.add(LAB, KEY)
        moved = replace(LAB, base_url="https://other.example/v1")
        typed = await house.endpoints.key(moved)

        await house.endpoints.save(moved, None)
        key = await house.endpoints.key(moved)
        await close(house)

        assert (typed, key) == ("", "")
        assert house.secrets.kept == {}
        assert house.endpoints.all[0].base_url == "https://other.example/v1"

    asyncio.run(person())


def test_another_path_of_the_same_origin_keeps_the_key(house: House) -> None:
    async def person() -> None:
        await house.endpoints.add(LAB, KEY)
        await house.endpoints.save(replace(LAB, base_url="https://lab.example/v2", name="New"), None)
        key = await house.endpoints.key(house.endpoints.all[0])
        await close(house)

        assert key == KEY

    asyncio.run(person())


def test_an_empty_key_forgets_the_key(house: House) -> None:
    async def person() -> None:
        await house.endpoints.add(LAB, KEY)
        await house.endpoints.save(LAB, "")
        state = await house.endpoints.key_state(LAB.id)
        await close(house)

        assert house.secrets.kept == {}
        assert state.place is KeyPlace.NOWHERE

    asyncio.run(person())


@pytest.mark.parametrize("problem", [NoKeyring("none"), KeyringLocked("locked")], ids=["absent", "locked"])
def test_without_a_usable_keyring_the_key_lives_for_this_run_and_the_reason_is_told(
    house: House, problem: SecretsError
) -> None:
    async def person() -> None:
        house.secrets.problem = problem
        await house.endpoints.add(LAB, KEY)
        state = await house.endpoints.key_state(LAB.id)
        key = await house.endpoints.key(LAB)
        await close(house)

        assert key == KEY
        assert (state.place, state.tail) == (KeyPlace.THIS_RUN, "cdef")
        assert state.problem is problem

    asyncio.run(person())


def test_the_keyring_is_not_asked_for_an_endpoint_without_a_key(house: House) -> None:
    async def person() -> None:
        house.secrets.problem = KeyringLocked("locked")
        await house.endpoints.add(LAB, None)
        key = await house.endpoints.key(LAB)
        await close(house)

        assert key == ""
        assert house.secrets.asked == []

    asyncio.run(person())


def test_a_locked_keyring_is_an_error_for_an_endpoint_with_a_key(house: House, tmp_path: Path) -> None:
    async def person() -> None:
        await house.endpoints.add(LAB, KEY)
        await close(house)
        later = environment(tmp_path)
        later.settings.load()
        later.secrets.problem = KeyringLocked("locked")

        with pytest.raises(KeyringLocked):
            await later.endpoints.key(LAB)
        state = await later.endpoints.key_state(LAB.id)

        assert (state.place, state.problem) == (KeyPlace.KEYRING, later.secrets.problem)

    asyncio.run(person())


def test_removing_an_endpoint_deletes_its_key(house: House) -> None:
    async def person() -> None:
        await house.endpoints.add(LAB, KEY)
        await house.endpoints.remove(LAB.id)
        await close(house)

        assert house.endpoints.all == ()
        assert house.endpoints.default is None
        assert house.secrets.kept == {}

    asyncio.run(person())


def test_a_key_that_cannot_be_deleted_is_told_and_the_endpoint_is_gone(house: House) -> None:
    async def person() -> None:
        await house.endpoints.add(LAB, KEY)
        house.secrets.problem = KeyringLocked("locked")
        with pytest.raises(KeyringLocked):
            await house.endpoints.remove(LAB.id)
        await close(house)

        assert house.endpoints.all == ()

    asyncio.run(person())


def test_the_first_endpoint_is_the_default_until_another_is_chosen(house: House) -> None:
    async def person() -> None:
        other = replace(LAB, id=EndpointId("e2"), name="Other", model="")
        await house.endpoints.add(LAB, None)
        await house.endpoints.add(other, None)
        first = house.endpoints.default
        house.endpoints.set_default(other.id, "model-z")
        house.endpoints.move(other.id, 0)
        await close(house)

        assert first is not None
        assert first.id == LAB.id
        assert house.endpoints.default == other
        assert house.endpoints.model_of(other) == "model-z"
        assert house.endpoints.model_of(LAB) == "model-a"
        assert [e.id for e in house.endpoints.all] == ["e2", "e1"]

    asyncio.run(person())


def test_the_environments_key_goes_to_its_own_origin_alone(tmp_path: Path) -> None:
    async def person() -> None:
        house = environment(tmp_path, OPENAI_API_KEY=KEY)
        assert house.endpoints.environment is not None
        endpoint = await house.endpoints.use_environment()
        here = await house.endpoints.key(endpoint)
        elsewhere = await house.endpoints.key(replace(endpoint, base_url="https://evil.example/v1"))
        state = await house.endpoints.key_state(endpoint.id)
        await close(house)

        assert endpoint.base_url == "https://api.openai.com/v1"
        assert (here, elsewhere) == (KEY, "")
        assert state.place is KeyPlace.ENVIRONMENT
        assert house.endpoints.environment is None
        assert house.secrets.kept == {}
        assert KEY not in (tmp_path / "settings.json").read_text()

    asyncio.run(person())


def test_the_environments_address_is_taken(tmp_path: Path) -> None:
    house = environment(tmp_path, OPENAI_API_KEY=KEY, OPENAI_BASE_URL="http://127.0.0.1:8081/v1")

    assert house.endpoints.environment is not None
    assert house.endpoints.environment.base_url == "http://127.0.0.1:8081/v1"


def test_without_a_key_the_environment_describes_nothing(tmp_path: Path) -> None:
    async def person() -> None:
        house = environment(tmp_path, OPENAI_BASE_URL="http://127.0.0.1:8081/v1")

        assert house.endpoints.environment is None
        with pytest.raises(SettingsError):
            await house.endpoints.use_environment()

    asyncio.run(person())


def test_a_lent_endpoint_gets_the_environments_key_only_at_its_origin(tmp_path: Path) -> None:
    async def person() -> None:
        house = environment(tmp_path, OPENAI_API_KEY=KEY, OPENAI_BASE_URL="http://127.0.0.1:8081/v1")
        home = house.endpoints.lend("http://127.0.0.1:8081/v1/", "m")
        away = house.endpoints.lend("http://127.0.0.1:8082/v1", "m")

        assert await house.endpoints.key(home) == KEY
        assert await house.endpoints.key(away) == ""
        assert home.id == ENVIRONMENT_ENDPOINT_ID
        assert house.endpoints.all == ()
        assert house.endpoints.get(away.id) == away
        with pytest.raises(SettingsError):
            house.endpoints.lend("lab.example")

    asyncio.run(person())


def test_the_demo_is_started_for_every_request_and_has_no_key(house: House) -> None:
    async def person() -> None:
        demo = await house.endpoints.use_demo()
        connection = await house.endpoints.connect(demo, demo.model)
        await close(house)

        assert house.endpoints.default is not None
        assert house.endpoints.default.id == DEMO_ENDPOINT_ID
        assert (connection.endpoint.base_url, connection.key) == ("http://127.0.0.1:5555/v1", "")
        assert connection.model == DEMO_MODEL
        assert house.demo.starts == 2
        assert house.secrets.asked == []

    asyncio.run(person())


def test_a_found_server_is_added_once_with_its_model(house: House) -> None:
    async def person() -> None:
        found = [server async for server in house.endpoints.find()]
        first = await house.endpoints.use_found(found[0])
        again = await house.endpoints.use_found(found[0])
        await close(house)

        assert found == [FoundServer("llama.cpp", "http://127.0.0.1:8080/v1", ("local",))]
        assert first.id == again.id
        assert len(house.endpoints.all) == 1
        assert first.model == "local"
        assert house.endpoints.known_models(first.id) == ("local",)

    asyncio.run(person())


def test_an_endpoint_without_a_model_is_asked_for_its_only_one(house: House) -> None:
    async def person() -> None:
        bare = replace(LAB, model="")
        await house.endpoints.add(bare, None)

        connection = await house.endpoints.connect(bare)
        house.provider.names = ["a", "b"]
        await house.endpoints.models(bare.id, fresh=True)
        with pytest.raises(SettingsError, match="choose a model"):
            await house.endpoints.connect(bare)
        house.provider.listing_error = ModelNotFound("404")
        house.endpoints._models.clear()
        with pytest.raises(SettingsError, match="choose a model"):
            await house.endpoints.connect(bare)
        await close(house)

        assert connection.model == "model-a"

    asyncio.run(person())


def test_an_unusable_address_is_refused_and_nothing_is_kept(house: House) -> None:
    async def person() -> None:
        with pytest.raises(SettingsError):
            await house.endpoints.add(replace(LAB, base_url="lab"), KEY)
        await close(house)

        assert house.endpoints.all == ()
        assert house.secrets.kept == {}

    asyncio.run(person())


def test_a_check_tells_key_models_and_one_streamed_token(house: House) -> None:
    async def person() -> None:
        steps = [step async for step in house.endpoints.check(LAB, KEY)]

        assert [(step.title_code, step.ok, step.detail) for step in steps] == [
            ("key", True, "kept"),
            ("models", True, "1"),
            ("stream", True, "model-a"),
        ]
        assert house.provider.requests[0].key == KEY
        assert house.provider.closed == 1
        assert KEY not in repr(house.provider.requests[0])

    asyncio.run(person())


def test_a_check_goes_on_after_a_list_of_models_that_fails(house: House) -> None:
    async def person() -> None:
        house.provider.listing_error = KeyRejected("401")
        house.provider.scripts = [[KeyRejected("401")]]
        steps = [step async for step in house.endpoints.check(LAB, None)]

        assert [(step.title_code, step.ok) for step in steps] == [("key", True), ("models", False), ("stream", False)]
        assert isinstance(steps[2].error, KeyRejected)

    asyncio.run(person())


def test_a_key_typed_while_the_keyring_is_locked_is_for_this_run_and_the_kept_one_stays_known(
    house: House, tmp_path: Path
) -> None:
    async def person() -> None:
        await house.endpoints.add(LAB, KEY)
        house.secrets.problem = KeyringLocked("locked")
        await house.endpoints.save(house.endpoints.all[0], "sk-for-this-run-0000")
        state = await house.endpoints.key_state(LAB.id)
        now = await house.endpoints.key(LAB)
        house.secrets.problem = None
        await close(house)
        later = environment(tmp_path)
        later.settings.load()
        later.secrets.kept = house.secrets.kept
        tomorrow = await later.endpoints.key(later.endpoints.all[0])
        await later.endpoints.remove(LAB.id)
        await close(later)

        assert (state.place, now, tomorrow) == (KeyPlace.THIS_RUN, "sk-for-this-run-0000", KEY)
        assert later.secrets.kept == {}

    asyncio.run(person())


def test_a_key_that_cannot_be_forgotten_is_still_known_to_be_there(house: House) -> None:
    async def person() -> None:
        await house.endpoints.add(LAB, KEY)
        house.secrets.problem = KeyringLocked("locked")
        with pytest.raises(KeyringLocked):
            await house.endpoints.save(house.endpoints.all[0], "")
        house.secrets.problem = None
        await house.endpoints.save(house.endpoints.all[0], "")
        await close(house)

        assert house.secrets.kept == {}
        assert not house.endpoints.all[0].has_key

    asyncio.run(person())


def test_an_endpoint_removed_while_the_keyring_asks_leaves_no_key_behind(house: House) -> None:
    async def person() -> None:
        house.secrets.waits = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(house.endpoints.add(LAB, KEY))
            await asyncio.sleep(0)
            await house.endpoints.remove(LAB.id)
            house.secrets.waits.set()
        await close(house)

        assert house.secrets.kept == {}
        assert house.endpoints.all == ()

    asyncio.run(person())


def test_a_lent_address_next_to_the_added_environment_is_asked_itself_with_the_environments_key(
    tmp_path: Path,
) -> None:
    async def person() -> None:
        house = environment(tmp_path, OPENAI_API_KEY=KEY, OPENAI_BASE_URL="http://127.0.0.1:8081/v1")
        await house.endpoints.use_environment()
        other = house.endpoints.lend(" http://127.0.0.1:8081/v2/ ", "m")
        away = house.endpoints.lend("http://127.0.0.1:8082/v1", "m")

        assert house.endpoints.get(other.id) == other
        assert other.base_url == "http://127.0.0.1:8081/v2"
        assert await house.endpoints.key(other) == KEY
        assert await house.endpoints.key(away) == ""
        await close(house)

    asyncio.run(person())


@pytest.mark.parametrize(
    "address",
    ["http://lab.example/v1?key=1", "http://lab.example/v1#top", "http://lab .example/v1", "http://a\\@b/v1"],
)
def test_an_address_that_two_readers_could_read_differently_is_refused(house: House, address: str) -> None:
    async def person() -> None:
        with pytest.raises(SettingsError):
            await house.endpoints.add(replace(LAB, base_url=address), KEY)
        with pytest.raises(SettingsError):
            house.endpoints.lend(address, "m")
        await close(house)

    asyncio.run(person())


def test_a_typed_key_is_used_while_the_keyring_asks_and_known_if_nobody_waits_for_it(house: House) -> None:
    async def person() -> None:
        house.secrets.waits = asyncio.Event()
        saving = asyncio.create_task(house.endpoints.add(LAB, KEY))
        await asyncio.sleep(0)
        meanwhile = await house.endpoints.key(house.endpoints.all[0])
        saving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await saving
        await close(house)

        assert meanwhile == KEY
        assert house.endpoints.all[0].has_key

    asyncio.run(person())
