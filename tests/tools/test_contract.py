"""What every built-in tool keeps to."""

import asyncio
import json
from typing import Any

import pytest

from desktop_chat.core.ports import Tool
from desktop_chat.core.schema_check import problem
from desktop_chat.core.toolbox import RESULT_CHARACTERS
from desktop_chat.domain.errors import ToolError
from desktop_chat.tools import TOOLS

EXAMPLES: dict[str, list[dict[str, Any]]] = {
    "current_time": [{}, {"zone": "Europe/Paris"}, {"zone": "Mars/Olympus\nMons" * 200}],
    "calculator": [{"expression": "1 + 1"}, {"expression": "9**9**9"}, {"expression": "(\n" * 400}],
}
CALLS = [(tool, arguments) for tool in TOOLS for arguments in EXAMPLES[tool.spec.name]]


def test_names_are_different() -> None:
    assert len({tool.spec.name for tool in TOOLS}) == len(TOOLS)


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.spec.name)
def test_a_tool_is_described_as_the_api_wants_it(tool: Tool) -> None:
    spec = tool.spec

    assert spec.name.isidentifier()
    assert len(spec.name) <= 64
    assert spec.description.endswith(".")
    assert spec.parameters["type"] == "object"
    assert json.loads(json.dumps(spec.parameters)) == spec.parameters


@pytest.mark.parametrize(("tool", "arguments"), CALLS, ids=str)
def test_a_summary_is_one_short_line(tool: Tool, arguments: dict[str, Any]) -> None:
    assert problem(arguments, tool.spec.parameters) is None

    summary = tool.summary(arguments)

    assert summary.endswith(".")
    assert "\n" not in summary
    assert len(summary) <= 200


@pytest.mark.parametrize(("tool", "arguments"), CALLS, ids=str)
def test_a_call_has_a_result_or_an_error_in_words(tool: Tool, arguments: dict[str, Any]) -> None:
    try:
        result = asyncio.run(tool.run(arguments))
    except ToolError as error:
        result = str(error)

    assert result
    assert len(result) <= RESULT_CHARACTERS
