"""The file of preferences, whatever state it is in."""

import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from desktop_chat.domain.changes import Saved, SaveFailed
from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.errors import SettingsError
from desktop_chat.domain.ids import EndpointId
from desktop_chat.settings.migrations import VERSION
from desktop_chat.settings.schema import Preferences
from desktop_chat.settings.store import SettingsStore

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


def write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def loaded(path: Path) -> SettingsStore:
    store = SettingsStore(path)
    store.load()
    return store


def change(run: Run, store: SettingsStore, **fields: Any) -> None:
    async def scene() -> None:
        store.change(**fields)
        await store.close()

    run(scene())


def test_without_a_file_everything_has_its_default(path: Path) -> None:
    store = loaded(path)

    assert store.values == Preferences()
    assert store.problems == ()


def test_a_change_is_told_at_once_and_saved_soon(path: Path, run: Run) -> None:
    store = loaded(path)
    told: list[Preferences] = []
    store.changes.subscribe(told.append)

    change(run, store, theme="dark")
    change(run, store, theme="dark")

    assert [values.theme for values in told] == ["dark"]
    assert json.loads(path.read_text()) == {"theme": "dark", "version": VERSION}


def test_a_refused_change_changes_nothing(path: Path) -> None:
    store = loaded(path)

    with pytest.raises(SettingsError, match="text_px"):
        store.change(theme="dark", text_px=99)

    assert store.values == Preferences()
    assert not path.exists()


def test_keys_of_another_version_stay_in_the_file(path: Path, run: Run) -> None:
    endpoint = {"id": "a", "name": "A", "base_url": "http://a/v1", "colour": "red"}
    write(path, json.dumps({"version": VERSION, "voice": {"on": True}, "endpoints": [endpoint]}))
    store = loaded(path)

    change(run, store, endpoints=(Endpoint(EndpointId("a"), "B", "http://a/v1"),))

    data = json.loads(path.read_text())
    assert data["voice"] == {"on": True}
    assert (data["endpoints"][0]["name"], data["endpoints"][0]["colour"]) == ("B", "red")


def test_an_unreadable_value_is_named_and_its_default_used(path: Path, run: Run) -> None:
    write(path, json.dumps({"version": VERSION, "text_px": "huge", "theme": "dark"}))

    store = loaded(path)

    assert (store.values.text_px, store.values.theme) == (14, "dark")
    assert len(store.problems) == 1 and "text_px" in store.problems[0]
    change(run, store, code_wrap=True)
    assert json.loads((path.parent / "settings.before-1.json").read_text())["text_px"] == "huge"
    assert json.loads(path.read_text())["text_px"] == "huge"


def test_one_unreadable_endpoint_does_not_take_the_others_along(path: Path) -> None:
    good = {"id": "a", "name": "A", "base_url": "http://a/v1"}
    bad = {"id": "b", "name": "B", "base_url": "nowhere"}
    write(path, json.dumps({"version": VERSION, "endpoints": [bad, good, good, 3]}))

    store = loaded(path)

    assert [endpoint.id for endpoint in store.values.endpoints] == ["a"]
    assert [problem.split(":")[0] for problem in store.problems] == [
        "entry 1 of endpoints",
        "entry 3 of endpoints",
        "entry 4 of endpoints",
    ]


@pytest.mark.parametrize(
    "content", ["", "{", "[1]", "\x00\x01", "[" * 100_000], ids=["empty", "cut", "list", "binary", "deep"]
)
def test_a_file_that_is_not_ours_is_set_aside_and_never_overwritten(path: Path, run: Run, content: str) -> None:
    write(path, content)

    store = loaded(path)

    assert store.values == Preferences()
    assert "settings.unreadable-1.json" in store.problems[0]
    change(run, store, theme="dark")
    assert (path.parent / "settings.unreadable-1.json").read_text() == content
    assert loaded(path).values.theme == "dark"


def test_a_newer_file_is_read_as_far_as_it_goes_and_copied_before_it_is_written(path: Path, run: Run) -> None:
    write(path, json.dumps({"version": VERSION + 5, "theme": "light"}))

    store = loaded(path)
    change(run, store, code_wrap=True)

    assert "newer" in store.problems[0]
    assert json.loads(path.read_text())["version"] == VERSION + 5
    assert (path.parent / "settings.before-1.json").exists()


def test_a_file_that_cannot_be_written_is_told_and_told_again_when_it_can(path: Path, run: Run) -> None:
    write(path.parent / "in the way", "")
    blocked = path.parent / "in the way" / "settings.json"
    store = SettingsStore(blocked)
    told: list[object] = []
    store.troubles.subscribe(told.append)

    async def scene() -> None:
        store.change(theme="dark")
        with pytest.raises(SettingsError, match="could not be saved"):
            await store.flush()
        (path.parent / "in the way").unlink()
        store.change(theme="light")
        await store.close()

    run(scene())
    assert [type(item) for item in told] == [SaveFailed, Saved]
    assert loaded(blocked).values.theme == "light"


def test_a_folder_that_nobody_may_look_into_is_told(tmp_path: Path) -> None:
    write(tmp_path / "file", "no folder")

    store = loaded(tmp_path / "file" / "settings.json")

    assert store.values == Preferences()
    assert store.problems


def test_many_changes_end_with_the_last_one_on_disk(path: Path, run: Run) -> None:
    async def scene() -> None:
        store = loaded(path)
        for size in range(11, 25):
            store.change(text_px=size)
        await store.close()

    run(scene())
    assert loaded(path).values.text_px == 24


@pytest.mark.parametrize(
    "content",
    [
        '{"endpoints": [{"id": "e", "name": "E", "base_url": "http://127.0.0.1:1/v1", "connect_s": 1%s}]}'
        % ("0" * 400),
        '{"functions": [{"name": "f", "description": "", "parameters_json": "%s"}]}' % ("[" * 100_000),
    ],
    ids=["a number that is too long", "parameters that are too deep"],
)
def test_an_entry_that_no_number_or_stack_can_hold_is_left_out(path: Path, content: str) -> None:
    write(path, content)

    store = loaded(path)

    assert not store.values.endpoints
    assert not store.values.functions
    assert len(store.problems) == 1


def test_half_a_character_in_the_file_does_not_keep_changes_from_the_disk(path: Path, run: Run) -> None:
    write(path, '{"unknown": "\\ud800", "theme": "dark"}')
    store = loaded(path)

    async def scene() -> None:
        store.change(text_px=16)
        await store.close()

    run(scene())
    assert loaded(path).values.text_px == 16
    assert json.loads(path.read_text())["unknown"] == "\ud800"


def test_a_change_without_a_loop_is_saved_as_well(path: Path, run: Run) -> None:
    store = loaded(path)

    store.change(theme="dark")

    run(store.close())
    assert loaded(path).values.theme == "dark"
