"""What the built-in demo says: a fixed answer for each kind of question, and honest about it.

`answer_to` reads the body of a chat completion request and yields what a model would do.
Nothing is computed from what the person wrote beyond a few words that choose the answer.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desktop_chat.adapters.demo import texts


@dataclass(frozen=True, slots=True)
class Say:
    """Text of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Think:
    """Reasoning before the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call; it ends the answer."""

    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Fail:
    """An error status instead of an answer."""

    status: int
    message: str
    retry_after_s: int | None = None
    only_once: bool = False
    """The same request succeeds when it is sent again."""


@dataclass(frozen=True, slots=True)
class Break:
    """The connection is cut here."""


Step = Say | Think | Call | Fail | Break


def answer_to(body: Mapping[str, Any]) -> Iterator[Step]:
    """Choose what to say to a request."""
    messages = [m for m in body.get("messages") or [] if isinstance(m, Mapping)]
    tools = _offered(body.get("tools"))
    question = _text(next((m for m in reversed(messages) if m.get("role") == "user"), {}))
    if messages and messages[-1].get("role") == "tool":
        yield from _after_tool(messages)
        return
    if len(messages) > 1 and re.match(r"continue\b", question, re.IGNORECASE):
        yield Say(texts.REST)
        return
    words = question.lower()
    answer = next((reply for pattern, reply in _ANSWERS if re.search(pattern, words)), _greet)
    yield from answer(question, tools)


def _offered(tools: object) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for tool in tools if isinstance(tools, list) else []:
        function = tool.get("function") if isinstance(tool, Mapping) else None
        if isinstance(function, Mapping) and isinstance(function.get("name"), str):
            parameters = function.get("parameters")
            found[function["name"]] = parameters if isinstance(parameters, Mapping) else {}
    return found


def _text(message: Mapping[str, Any]) -> str:
    content = message.get("content")
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content if isinstance(part, Mapping))
    return content if isinstance(content, str) else ""


Tools = Mapping[str, Mapping[str, Any]]
Reply = Callable[[str, Tools], Iterator[Step]]


def _weather(question: str, tools: Tools) -> Iterator[Step]:
    place = re.search(r"\bin ([A-ZÄÖÜ][\w-]+)", question)
    location = place[1] if place else "Berlin"
    if "get_weather" not in tools:
        yield Say(texts.WEATHER_WITHOUT_TOOL)
        return
    yield Think(texts.WEATHER_THOUGHT.format(location=location))
    yield Call("get_weather", _filled(tools["get_weather"], {"location": location, "city": location, "days": 3}))


def _time(question: str, tools: Tools) -> Iterator[Step]:
    name = next((n for n in ("current_time", "get_current_time") if n in tools), None)
    if name is None:
        yield Say(texts.NO_TOOLS)
        return
    zone = next((z for city, z in texts.ZONES.items() if city in question.lower()), "Europe/Berlin")
    yield Think(texts.TIME_THOUGHT)
    yield Call(name, _filled(tools[name], {"zone": zone, "timezone": zone, "time_zone": zone}))


def _calculate(question: str, tools: Tools) -> Iterator[Step]:
    if "calculator" not in tools:
        yield Say(texts.NO_TOOLS)
        return
    found = re.search(r"[\d(][\d\s.()*/+-]*[\d)]", question)
    expression = found[0].strip() if found and re.search(r"[*/+-]", found[0]) else "6 * 7"
    yield Call("calculator", _filled(tools["calculator"], {"expression": expression}))


def _filled(schema: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """Arguments for a tool: what we know under the names it has, else our own first choice."""
    properties = schema.get("properties")
    names = list(properties) if isinstance(properties, Mapping) else []
    known = {name: values[name] for name in names if name in values}
    first = next(iter(values.items()))
    return json.dumps(known or {(names[0] if names else first[0]): first[1]}, ensure_ascii=False)


def _after_tool(messages: Sequence[Mapping[str, Any]]) -> Iterator[Step]:
    result = _text(messages[-1])
    calls: object = next((m["tool_calls"] for m in reversed(messages) if m.get("tool_calls")), [])
    last = calls[-1] if isinstance(calls, list) and calls else None
    function = last.get("function") if isinstance(last, Mapping) else None
    name = str(function.get("name", "")) if isinstance(function, Mapping) else ""
    if re.search(r"not allow|cancelled|not run|turn ended", result):
        yield Say(texts.TOOL_NOT_RUN.format(name=name))
    elif name == "get_weather":
        yield Say(texts.FORECAST)
    else:
        shown = result.strip()[:500].replace("`", "'") or "nothing"
        yield Say(texts.TOOL_ANSWERED.format(name=name, result=shown))


def _greet(_question: str, _tools: Tools) -> Iterator[Step]:
    yield Say(texts.TOUR)


def _think(_question: str, _tools: Tools) -> Iterator[Step]:
    yield Think(texts.THOUGHT)
    yield Say(texts.THOUGHT_ANSWER)


def _fail(question: str, _tools: Tools) -> Iterator[Step]:
    words = question.lower()
    if "429" in words or "rate" in words:
        yield Fail(429, "This is the demo's rate limit. It lets the next try through.", 2, only_once=True)
    elif "401" in words or "key" in words:
        yield Fail(401, "The demo pretends that the key is wrong.")
    elif "500" in words:
        yield Fail(500, "The demo pretends to have crashed. It lets the next try through.", only_once=True)
    else:
        yield Say(texts.BEFORE_BREAK)
        yield Break()
    yield Say(texts.AFTER_FAILURE)


def _says(text: str) -> Reply:
    def reply(_question: str, _tools: Tools) -> Iterator[Step]:
        yield Say(text)

    return reply


_ANSWERS: tuple[tuple[str, Reply], ...] = (
    (r"\berrors?\b", _fail),
    (r"\bweather|\bforecast|\bget_weather", _weather),
    (r"\btime\b|\bclock\b", _time),
    (r"\bcalculat|\d\s*[*/+]\s*\d|\d\s+-\s+\d", _calculate),
    (r"\bthink|\breason", _think),
    (r"\blong\b", _says(texts.LONG)),
    (r"\bmarkdown\b", _says(texts.MARKDOWN)),
    (r"\btables?\b", _says(texts.TABLE)),
    (r"\bcode\b|\bpython\b", _says(texts.CODE)),
)
