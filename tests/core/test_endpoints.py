"""The endpoints a person has: the list, the environment's, models, checks."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_chat.core.endpoints import DEMO_MODEL
from desktop_chat.core.ports import FoundServer, KeyPlace
from desktop_chat.domain.endpoint import DEMO_ENDPOINT_ID, ENVIRONMENT_ENDPOINT_ID
from desktop_chat.domain.errors import KeyRejected, ModelNotFound, SettingsError
from desktop_chat.domain.ids import EndpointId
from tests.core.endpoint_house import KEY, LAB, House, close, environment


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
