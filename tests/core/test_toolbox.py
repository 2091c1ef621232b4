"""Which tools are on, and what becomes of bad calls."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from desktop_chat.core import toolbox as module
from desktop_chat.core.schema_check import problem
from desktop_chat.core.toolbox import RESULT_CHARACTERS, Toolbox, shortened
from desktop_chat.domain.blocks import ToolCall
from desktop_chat.domain.errors import ToolError
from desktop_chat.domain.function import OwnFunction
from desktop_chat.domain.ids import CallId
from desktop_chat.settings.store import SettingsStore
from tests.core.conftest import Echo


def box(tmp_path: Path, echo: Echo | None = None, only_harmless: bool = False, **values: Any) -> Toolbox:
    """A toolbox with one built-in tool and these preferences."""
    settings = SettingsStore(tmp_path / "settings.json", is_kept=False)
    settings.change(**values)
    return Toolbox((echo or Echo(),), settings, only_harmless=only_harmless)


def call(arguments: str, name: str = "echo") -> ToolCall:
    """A whole call."""
    return ToolCall(CallId("c"), name, arguments)


OWN = OwnFunction("mine", "Mine.", '{"type": "object"}')


def test_a_tool_that_is_off_is_neither_offered_nor_run(tmp_path: Path) -> None:
    tools = box(tmp_path, tools_off=frozenset({"echo"}))

    assert tools.specs() == ()
    with pytest.raises(ToolError, match="no tool"):
        tools.check(call('{"text": "x"}'))


def test_functions_of_the_person_are_offered_while_they_are_on(tmp_path: Path) -> None:
    off = OwnFunction("off", "Off.", '{"type": "object"}', is_on=False)

    tools = box(tmp_path, functions=(OWN, off))

    assert [spec.name for spec in tools.specs()] == ["echo", "mine"]
    assert tools.is_own("mine")


def test_where_nobody_can_be_asked_only_harmless_tools_are_offered(tmp_path: Path) -> None:
    harmful = Echo()
    harmful.is_harmless = False

    assert box(tmp_path, harmful, only_harmless=True, functions=(OWN,)).specs() == ()


def test_no_arguments_at_all_count_as_none(tmp_path: Path) -> None:
    assert box(tmp_path, functions=(OWN,)).check(call("", "mine")) == {}


def test_a_tool_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TIME_LIMIT_S", 0.0)
    echo = Echo()
    echo.hangs = True

    with pytest.raises(ToolError, match="longer than"):
        asyncio.run(box(tmp_path, echo).run("echo", {"text": "x"}))


def test_a_long_result_is_cut_and_says_so() -> None:
    cut = shortened("x" * (RESULT_CHARACTERS + 5))

    assert len(cut) < RESULT_CHARACTERS + 100
    assert f"{RESULT_CHARACTERS + 5} characters" in cut


@pytest.mark.parametrize(
    ("value", "schema", "wrong"),
    [
        (5, {"type": "integer"}, None),
        (5.0, {"type": "integer"}, None),
        (5.5, {"type": "integer"}, "type integer"),
        (True, {"type": "integer"}, "type integer"),
        (True, {"type": ["boolean", "null"]}, None),
        (None, {"type": ["string", "null"]}, None),
        ("x", {"type": "made-up"}, None),
        ({"a": 1}, {"type": "object", "properties": {"a": {"type": "string"}}}, "a must be of type string"),
        ({}, {"type": "object", "required": ["a"]}, "a is missing"),
        ({"b": 1}, {"type": "object", "properties": {}, "additionalProperties": False}, "b is not known"),
        ({"b": 1}, {"type": "object", "properties": {}}, None),
        ([1, "x"], {"type": "array", "items": {"type": "integer"}}, r"\[1\] must be"),
        ("c", {"enum": ["a", "b"]}, "one of 'a', 'b'"),
        (1, {"const": 2}, "must be 2"),
        (11, {"maximum": 10}, "at most 10"),
        (-1, {"minimum": 0}, "at least 0"),
        ("x", {"anyOf": [{"type": "integer"}, {"type": "null"}]}, "none of the allowed"),
        ({"a": {"b": [{}]}}, {"properties": {"a": {"properties": {"b": {"items": {"required": ["c"]}}}}}}, "a.b"),
        ("x", {"required": "nonsense", "properties": 5, "enum": 3}, None),
        ("x", True, None),
    ],
)
def test_values_are_held_against_the_schema(value: Any, schema: Any, wrong: str | None) -> None:
    found = problem(value, schema)

    if wrong is None:
        assert found is None
    else:
        assert re.search(wrong, found or "")
