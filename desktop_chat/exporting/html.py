"""One HTML page for a conversation: looks like the app in both themes, carries its pictures and no script, fetches nothing."""

import tomllib
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from html import escape

from desktop_chat.domain.blocks import Image, Notice, Reasoning, Refusal, Text
from desktop_chat.domain.conversation import Conversation
from desktop_chat.domain.message import Message, Role
from desktop_chat.exporting.format import Format, Options, each
from desktop_chat.exporting.leaves_html import code, html_of
from desktop_chat.exporting.markdown import is_json
from desktop_chat.exporting.parts import Part, Used, author_of, ending_of, parts_of
from desktop_chat.markup.fences import typed
from desktop_chat.runtime.resources import resource

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""The browser is told as well that nothing is to be fetched or run."""


def _write(conversation: Conversation, options: Options) -> Iterator[str]:
    title = escape(" ".join(conversation.title.split()) or options.words.untitled)
    yield (
        '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{title}</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n<main>\n"
    )
    time = options.time(conversation.created_at)
    yield f'<header><h1 dir="auto">{title}</h1>{_time(time)}</header>\n'
    if prompt := conversation.settings.system_prompt.strip():
        yield f"<details><summary>{escape(options.words.system_prompt)}</summary>"
        yield f'<p class="typed" dir="auto">{escape(prompt)}</p></details>\n'
    for message in conversation.path():
        yield from _message(message, options)
    yield "</main>\n</body>\n</html>\n"


def _message(message: Message, options: Options) -> Iterator[str]:
    kind = "person" if message.role is Role.USER else "reply"
    yield f'<article class="{kind}">\n<h2>{escape(author_of(message, options))}</h2>'
    yield f"{_time(options.time(message.created_at))}\n"
    for part in parts_of(message, options):
        if isinstance(part, Text) and message.role is Role.USER:
            yield from _typed(part.text)
        else:
            yield from _part(part, options)
    if ending := ending_of(message, options):
        yield f'<p class="note">{escape(ending)}</p>\n'
    yield "</article>\n"


def _typed(text: str) -> Iterator[str]:
    for is_code, language, piece in typed(text):
        if is_code:
            yield from code(piece, language)
        else:
            yield f'<p class="typed" dir="auto">{escape(piece)}</p>\n'


def _part(part: Part, options: Options) -> Iterator[str]:
    words = options.words
    match part:
        case Text(text):
            yield from html_of(text)
        case Refusal(text):
            yield f'<p class="note">{escape(words.refusal)}</p>'
            yield from html_of(text)
        case Reasoning(text, duration_ms):
            yield f'<details class="reasoning"><summary>{_summary(words.reasoning, options.span(duration_ms))}</summary>'
            yield from html_of(text)
            yield "</details>\n"
        case Used():
            yield from _used(part, options)
        case Notice():
            yield f'<p class="note bad">{escape(words.notice(part))}</p>\n'
        case Image():
            yield from _image(part, options)


def _image(image: Image, options: Options) -> Iterator[str]:
    data = options.picture(image.picture)
    if data is None:
        yield f'<p class="note">{escape(image.words)}</p>\n'
        return
    yield f'<p><img width="{image.width}" height="{image.height}" alt="{escape(image.name)}" '
    yield f'src="data:{escape(image.media_type)};base64,{b64encode(data).decode()}"></p>\n'


def _used(used: Used, options: Options) -> Iterator[str]:
    words, result = options.words, used.result
    if result is None:
        state = words.no_result
    else:
        state = words.failed if result.is_error else ""
    span = options.span(result.duration_ms) if result is not None else ""
    kind = "tool bad" if result is not None and result.is_error else "tool"
    yield f'<details class="{kind}"><summary>{_summary(words.tool_call, used.call.name, state, span)}</summary>\n'
    if used.call.arguments_json.strip():
        yield from code(used.call.arguments_json, "json" if is_json(used.call.arguments_json) else "")
    if result is not None:
        yield f"<h3>{escape(words.failed if result.is_error else words.result)}</h3>"
        yield from code(result.text, "json" if is_json(result.text) else "")
    yield "</details>\n"


def _summary(*parts: str) -> str:
    return " · ".join(escape(part) for part in parts if part)


def _time(time: str) -> str:
    return f"<time>{escape(time)}</time>" if time else ""


@cache
def _style() -> str:
    page = resource("export/page.css").read_text(encoding="utf-8")
    light, dark = (_colors(name) for name in ("light", "dark"))
    return f":root {{{light}}}\n@media (prefers-color-scheme: dark) {{ :root {{{dark}}} }}\n{page}"


def _colors(theme: str) -> str:
    values = tomllib.loads(resource(f"themes/{theme}.toml").read_text(encoding="utf-8"))
    pairs = (f" --{name.replace('_', '-')}: {value};" for name, value in values.items() if name != "name")
    return "".join(pairs) + " "


HTML = Format("html", "HTML", ".html", "text/html", each(_write), holds_many=False)
