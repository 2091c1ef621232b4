"""Checks values of preferences, and turns them to and from plain JSON values.

Every error is a `SettingsError` whose text says what is wrong with the value.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from typing import Any

from desktop_chat.domain.endpoint import DEMO_ENDPOINT_ID, Endpoint, clean_address
from desktop_chat.domain.errors import SettingsError
from desktop_chat.domain.function import OwnFunction
from desktop_chat.settings.schema import SPECS

_FUNCTION_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LONGEST_S = 366 * 24 * 60 * 60


def check(name: str, value: object) -> None:
    """Refuse a value that the preference cannot have.

    Raises:
        SettingsError: It has another type, is beyond the limits, or contradicts itself.
    """
    spec = SPECS.get(name)
    if spec is None:
        raise SettingsError(f"there is no preference called {name}")
    if spec.choices:
        if value not in [choice.value for choice in spec.choices]:
            raise SettingsError(f"{name} must be one of {', '.join(choice.value for choice in spec.choices)}")
        return
    kind = type(spec.default)
    if spec.default is None:
        if value is not None and not isinstance(value, str):
            raise SettingsError(f"{name} must be a name or nothing")
    elif type(value) is not kind:
        raise SettingsError(f"{name} must be {_KIND_NAMES[kind]}")
    if isinstance(value, int) and not isinstance(value, bool):
        _check_limits(name, value, spec.low, spec.high)
    if name in _CHECKS:
        _CHECKS[name](value)


def to_plain(value: object) -> Any:
    """The JSON form of a value that passed `check`."""
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [asdict(item) for item in value]
    return value


def from_plain(name: str, data: Any) -> tuple[Any, list[str]]:
    """Read a value from its JSON form, entry by entry where it is a list.

    Returns:
        The value, and a sentence for each entry that had to be left out.

    Raises:
        SettingsError: It is not such a value at all.
    """
    spec = SPECS[name]
    if not isinstance(spec.default, tuple | frozenset):
        check(name, data)
        return data, []
    if not isinstance(data, list):
        raise SettingsError(f"{name} must be a list")
    kept: list[Any] = []
    problems = []
    for number, entry in enumerate(data, start=1):
        try:
            item = _item(_ITEMS[name], entry) if name in _ITEMS else entry
            check(name, type(spec.default)([*kept, item]))
        except (SettingsError, TypeError) as error:
            problems.append(f"entry {number} of {name}: {error}")
        else:
            kept.append(item)
    return type(spec.default)(kept), problems


def check_endpoint(endpoint: Endpoint) -> None:
    """Refuse an endpoint that no request could be sent to.

    Raises:
        SettingsError: Its name, address or a time limit cannot be used.
    """
    _check_fields(endpoint, "endpoint", optional_numbers=("first_token_s",))
    if not endpoint.id or not endpoint.name.strip():
        raise SettingsError("the endpoint has no name")
    if endpoint.id != DEMO_ENDPOINT_ID or endpoint.base_url:
        try:
            clean_address(endpoint.base_url)
        except ValueError as error:
            raise SettingsError(str(error)) from error
    for limit in (endpoint.connect_s, endpoint.first_token_s, endpoint.between_tokens_s):
        if limit is not None and not 0 < limit <= _LONGEST_S:  # Not a number is neither.
            raise SettingsError("a time limit must be more than 0 seconds and at most a year")


def check_function(function: OwnFunction) -> None:
    """Refuse a function that the OpenAI API would not accept.

    Raises:
        SettingsError: Its name, or its parameters are not a JSON schema of type object.
    """
    _check_fields(function, "function")
    if not _FUNCTION_NAME.fullmatch(function.name):
        raise SettingsError("a function's name has 1 to 64 letters, digits, _ or -")
    try:
        parameters = json.loads(function.parameters_json)
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"the parameters are not JSON: {error}") from error
    if not isinstance(parameters, dict) or parameters.get("type") != "object":
        raise SettingsError('the parameters must be a JSON schema with "type": "object"')
    if not isinstance(parameters.get("properties", {}), dict):
        raise SettingsError('"properties" of the parameters must be an object')


def _check_limits(name: str, value: int, low: int | None, high: int | None) -> None:
    if (low is not None and value < low) or (high is not None and value > high):
        raise SettingsError(f"{name} must be between {low} and {high}")


def _check_endpoints(endpoints: Sequence[Any]) -> None:
    _check_items(endpoints, Endpoint, "endpoints", lambda endpoint: endpoint.id)
    for endpoint in endpoints:
        check_endpoint(endpoint)


def _check_functions(functions: Sequence[Any]) -> None:
    _check_items(functions, OwnFunction, "functions", lambda function: function.name)
    for function in functions:
        check_function(function)


def _check_items(items: Sequence[Any], kind: type, name: str, key: Callable[[Any], str]) -> None:
    if not all(isinstance(item, kind) for item in items):
        raise SettingsError(f"{name} must be a list of {name}")
    if len({key(item) for item in items}) != len(items):
        raise SettingsError(f"two {name} have the same name")


def _check_names(names: Any) -> None:
    if not all(isinstance(name, str) for name in names):
        raise SettingsError("tools_off must be a set of names")


def _check_fields(item: Endpoint | OwnFunction, what: str, optional_numbers: Sequence[str] = ()) -> None:
    for f in fields(item):
        value = getattr(item, f.name)
        if f.type is bool:
            is_right = isinstance(value, bool)
        elif "float" in str(f.type):
            is_right = isinstance(value, int | float) and not isinstance(value, bool)
            is_right = is_right or (value is None and f.name in optional_numbers)
        else:
            is_right = isinstance(value, str)
        if not is_right:
            raise SettingsError(f"{f.name} of the {what} has a value that cannot be used")


def _item(kind: type, entry: Any) -> Any:
    if not isinstance(entry, dict):
        raise SettingsError("an entry of the list is not an object")
    known = {f.name for f in fields(kind)}
    try:
        return kind(**{key: value for key, value in entry.items() if key in known})
    except TypeError as error:
        raise SettingsError(f"an entry is incomplete: {error}") from error


_ITEMS: dict[str, type] = {"endpoints": Endpoint, "functions": OwnFunction}
_CHECKS: dict[str, Callable[[Any], None]] = {
    "endpoints": _check_endpoints,
    "functions": _check_functions,
    "tools_off": _check_names,
}
_KIND_NAMES = {str: "text", int: "a whole number", bool: "true or false", tuple: "a list", frozenset: "a set of names"}
