"""Which tools models are offered, and the limits within which they run.

Knows the built-in tools and the functions of the person (whose results they type).
Arguments that are cut off, are no JSON, or do not fit the schema are never run; whatever a
tool does wrong becomes a `ToolError`, whose text the model is told.
"""

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from desktop_chat.core.ports import Tool, ToolSpec
from desktop_chat.core.schema_check import problem
from desktop_chat.domain.blocks import ToolCall
from desktop_chat.domain.errors import ToolError
from desktop_chat.domain.function import OwnFunction
from desktop_chat.settings.store import SettingsStore

TIME_LIMIT_S = 30.0
RESULT_CHARACTERS = 50_000
ARGUMENT_CHARACTERS = 100_000

_log = logging.getLogger("desktop_chat.turn")


class Toolbox:
    """The tools that are on now.

    Args:
        tools: The built-in ones.
        settings: Says which of them are off, and has the person's functions.
        only_harmless: Offer nothing but built-in tools that are harmless (where nobody can be asked).
    """

    def __init__(self, tools: Sequence[Tool], settings: SettingsStore, *, only_harmless: bool = False) -> None:
        self._tools = {tool.spec.name: tool for tool in tools}
        self._settings = settings
        self._only_harmless = only_harmless

    @property
    def names(self) -> tuple[str, ...]:
        """Of the built-in tools, on or off."""
        return tuple(self._tools)

    def describe(self, name: str) -> str:
        """What a built-in tool does, as models are told."""
        return self._tools[name].spec.description

    def specs(self) -> tuple[ToolSpec, ...]:
        """What a model is told of the tools that are on."""
        specs = [tool.spec for tool in self._tools.values() if self._is_on(tool)]
        own = () if self._only_harmless else self._settings.values.functions
        specs += [_own_spec(function) for function in own if function.is_on and function.name not in self._tools]
        return tuple(specs)

    def is_own(self, name: str) -> bool:
        """True for a function whose result the person types."""
        return name not in self._tools and any(f.name == name for f in self._settings.values.functions)

    def summary(self, call: ToolCall) -> str:
        """One sentence for the person who decides; empty if the call cannot be run."""
        tool = self._tools.get(call.name)
        try:
            arguments = self.check(call)
            return tool.summary(arguments) if tool is not None else ""
        except ToolError:
            return ""

    def check(self, call: ToolCall) -> Mapping[str, Any]:
        """Read the arguments of a call.

        Raises:
            ToolError: There is no such tool, or it cannot be called like that.
        """
        spec = next((spec for spec in self.specs() if spec.name == call.name), None)
        if spec is None:
            raise ToolError(f"There is no tool called {call.name!r}.")
        if len(call.arguments_json) > ARGUMENT_CHARACTERS:
            raise ToolError(f"The arguments are longer than {ARGUMENT_CHARACTERS} characters. Nothing was run.")
        try:
            # Servers send nothing at all where a tool has no parameters.
            arguments = json.loads(call.arguments_json) if call.arguments_json.strip() else {}
        except (ValueError, RecursionError) as error:
            raise ToolError(f"The arguments are not valid JSON: {error}. Nothing was run.") from error
        if not isinstance(arguments, dict):
            raise ToolError("The arguments must be a JSON object. Nothing was run.")
        if wrong := problem(arguments, spec.parameters):
            raise ToolError(f"Invalid arguments: {wrong}. Nothing was run.")
        return arguments

    async def run(self, name: str, arguments: Mapping[str, Any]) -> str:
        """Run a built-in tool.

        Returns:
            Its result, cut if it is too long for a model.

        Raises:
            ToolError: It failed or took too long.
        """
        try:
            async with asyncio.timeout(TIME_LIMIT_S):
                result = await self._tools[name].run(arguments)
        except ToolError:
            raise
        except TimeoutError as error:
            raise ToolError(f"{name} took longer than {TIME_LIMIT_S:.0f} seconds and was ended.") from error
        except Exception as error:
            # A tool that breaks must not take the turn with it: the model is told, the log has the rest.
            _log.exception("tool %s failed", name)
            raise ToolError(f"{name} failed: {type(error).__name__}.") from error
        return shortened(result)

    def _is_on(self, tool: Tool) -> bool:
        if self._only_harmless and not tool.is_harmless:
            return False
        return tool.spec.name not in self._settings.values.tools_off


def shortened(text: str) -> str:
    """Cut a result that is too long for a model, and say so."""
    if len(text) <= RESULT_CHARACTERS:
        return text
    return f"{text[:RESULT_CHARACTERS]}\n[cut: {len(text)} characters in all]"


@lru_cache(maxsize=64)
def _own_spec(function: OwnFunction) -> ToolSpec:
    try:
        parameters = json.loads(function.parameters_json or "{}")
    except ValueError:
        parameters = {}
    if not isinstance(parameters, dict):
        parameters = {}
    return ToolSpec(function.name, function.description, {"type": "object", "properties": {}, **parameters})
