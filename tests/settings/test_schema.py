"""Every preference is complete: it can be drawn, checked and kept."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from desktop_chat.domain.endpoint import Endpoint
from desktop_chat.domain.errors import SettingsError
from desktop_chat.domain.function import OwnFunction
from desktop_chat.domain.ids import EndpointId
from desktop_chat.settings.schema import FIELDS, SPECS, Preferences
from desktop_chat.settings.store import SettingsStore
from desktop_chat.settings.values import check, check_endpoint, check_function

OTHERS = {
    "send_key": "ctrl_enter",
    "default_endpoint_id": EndpointId("one"),
    "default_model": "gemma",
    "endpoints": (Endpoint(EndpointId("one"), "One", "http://127.0.0.1:8080/v1", first_token_s=3.5),),
    "functions": (OwnFunction("get_weather", "Weather", '{"type": "object"}', is_on=False),),
    "tools_off": frozenset({"calculator"}),
    "theme": "dark",
    "text_px": 24,
    "column_px": 500,
    "code_wrap": True,
    "code_line_numbers": True,
    "reduce_motion": True,
    "updates_weekly": True,
    "updates_address": "https://example.org/feed.json",
    "updates_key": "AAAA",
}
"""For each preference a value that is not its default."""


@pytest.mark.parametrize("name", FIELDS)
def test_every_preference_has_words_for_people(name: str) -> None:
    spec = SPECS[name]

    assert spec.title and spec.title[0].isupper()
    assert spec.help.endswith(".")
    for choice in spec.choices:
        assert choice.title


@pytest.mark.parametrize("name", FIELDS)
def test_every_default_is_a_value_one_may_choose(name: str) -> None:
    check(name, SPECS[name].default)
    assert getattr(Preferences(), name) == SPECS[name].default


@pytest.mark.parametrize("name", FIELDS)
def test_every_preference_survives_saving_and_loading(name: str, tmp_path: Path) -> None:
    async def save() -> None:
        store = SettingsStore(tmp_path / "settings.json")
        store.change(**{name: OTHERS[name]})
        await store.close()

    asyncio.run(save())
    store = SettingsStore(tmp_path / "settings.json")
    store.load()

    assert store.problems == ()
    assert store.values == replace(Preferences(), **{name: OTHERS[name]})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("send_key", "space"),
        ("theme", 1),
        ("text_px", 10),
        ("text_px", 25),
        ("text_px", True),
        ("text_px", "14"),
        ("code_wrap", 1),
        ("tools_off", frozenset({1})),
        ("default_endpoint_id", 3),
        ("endpoints", ("no endpoint",)),
        ("endpoints", OTHERS["endpoints"] * 2),
        ("nonsense", 1),
    ],
)
def test_a_value_that_cannot_be_is_refused(name: str, value: object) -> None:
    with pytest.raises(SettingsError):
        check(name, value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "no name"),
        ({"base_url": "example.org/v1"}, "http"),
        ({"base_url": "https://me:secret@example.org"}, "password"),
        ({"connect_s": 0.0}, "more than 0"),
        ({"between_tokens_s": float("nan")}, "more than 0"),
        ({"first_token_s": -1.0}, "more than 0"),
    ],
)
def test_an_endpoint_that_cannot_be_asked_is_refused(changes: dict[str, object], words: str) -> None:
    endpoint = Endpoint(EndpointId("one"), "One", "https://example.org/v1")
    check_endpoint(endpoint)

    with pytest.raises(SettingsError, match=words):
        check_endpoint(replace(endpoint, **changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "get weather"}, "name"),
        ({"name": "x" * 65}, "name"),
        ({"parameters_json": "{"}, "not JSON"),
        ({"parameters_json": "[]"}, "object"),
        ({"parameters_json": '{"type": "string"}'}, "object"),
        ({"parameters_json": '{"type": "object", "properties": 3}'}, "properties"),
    ],
)
def test_a_function_no_model_could_call_is_refused(changes: dict[str, object], words: str) -> None:
    function = OwnFunction("get_weather", "", '{"type": "object", "properties": {}}')
    check_function(function)

    with pytest.raises(SettingsError, match=words):
        check_function(replace(function, **changes))
