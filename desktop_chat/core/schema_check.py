"""Checks values against the part of JSON Schema that tool parameters use.

Understood: `type` (also a list of types), `properties`, `required`, `additionalProperties:
false`, `items`, `enum`, `const`, `minimum`, `maximum`, `anyOf`. Whatever else a schema
says is not checked: it is for the model to read.
"""

from collections.abc import Iterator, Mapping
from typing import Any

_KINDS: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def problem(value: Any, schema: Any) -> str | None:
    """Say what is wrong with a value, in words a model can act on.

    Returns:
        `None` if nothing is.
    """
    return next(_problems(value, schema, ""), None)


def _problems(value: Any, schema: Any, place: str) -> Iterator[str]:
    if not isinstance(schema, Mapping):
        return
    name = place or "the arguments"
    if (kinds := schema.get("type")) and not _is_kind(value, kinds):
        wanted = kinds if isinstance(kinds, str) else " or ".join(map(str, kinds))
        yield f"{name} must be of type {wanted}"
        return
    if isinstance(schema.get("enum"), list) and value not in schema["enum"]:
        yield f"{name} must be one of {', '.join(map(repr, schema['enum']))}"
    if "const" in schema and value != schema["const"]:
        yield f"{name} must be {schema['const']!r}"
    choices = schema.get("anyOf")
    if isinstance(choices, list) and choices and all(problem(value, choice) for choice in choices):
        yield f"{name} fits none of the allowed forms"
    if isinstance(value, dict):
        yield from _object_problems(value, schema, place)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _problems(item, schema.get("items"), f"{place}[{index}]")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _limit_problems(value, schema, name)


def _object_problems(value: dict[str, Any], schema: Mapping[str, Any], place: str) -> Iterator[str]:
    properties = schema.get("properties")
    properties = properties if isinstance(properties, Mapping) else {}
    required = schema.get("required")
    for key in required if isinstance(required, list) else ():
        if key not in value:
            yield f"{_join(place, key)} is missing"
    for key, item in value.items():
        if key in properties:
            yield from _problems(item, properties[key], _join(place, key))
        elif schema.get("additionalProperties") is False:
            yield f"{_join(place, key)} is not known"


def _limit_problems(value: float, schema: Mapping[str, Any], name: str) -> Iterator[str]:
    low, high = schema.get("minimum"), schema.get("maximum")
    if isinstance(low, int | float) and value < low:
        yield f"{name} must be at least {low}"
    if isinstance(high, int | float) and value > high:
        yield f"{name} must be at most {high}"


def _is_kind(value: Any, kinds: Any) -> bool:
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        known = _KINDS.get(kind) if isinstance(kind, str) else None
        if known is None:
            return True  # A type we do not know is not ours to refuse.
        if isinstance(value, bool) and kind in ("integer", "number"):
            continue
        if isinstance(value, known) or (kind == "integer" and isinstance(value, float) and value.is_integer()):
            return True
    return False


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key
