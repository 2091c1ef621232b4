"""The keys of endpoints: where each is kept, where it goes, and what is told when the keyring is no help."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_chat.core.ports import KeyPlace
from desktop_chat.domain.errors import KeyringLocked, NoKeyring, SecretsError
from tests.core.endpoint_house import KEY, LAB, House, close, environment


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
