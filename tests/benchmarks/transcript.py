"""What the transcript costs, beside the plain loop of the SDK and beside Qt's own Markdown.

`ratio` is against `bare`, the loop of `bare.py` on the same server, answer and pace, for CPU
figures; `vs_setmarkdown_*` is how many times longer `QTextEdit.setMarkdown` takes for one
flush. `ui_cpu_*` is the CPU a page adds to the same stream without a page, per token.
`prefix_failures` runs 2,000 random documents, 50,000 with `DESKTOP_CHAT_LONG=1`;
`retracted_ratio` reads the answers in `DESKTOP_CHAT_ANSWERS`, a file with one JSON object
with `messages` a line, and an answer of the tests without it. `DESKTOP_CHAT_PARTS` picks
parts by name.
"""

import json
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median

from hypothesis import HealthCheck, given, settings

from desktop_chat.markup.parser import parse
from desktop_chat.markup.stream import Stream
from tests.benchmarks.hostile import HOSTILE
from tests.benchmarks.running import child, figure, home_folder, model_server
from tests.markup.test_mend import ANSWER, taken_back
from tests.markup.test_stream import PORTIONS

ANSWER_TOKENS = 16_384
"""Of 4 characters: 64 KB."""
PACES = {200: 2_000, 1_000: 8_000, 5_000: 20_000}
SIZES = {"8k": 8_192, "64k": 65_536, "512k": 524_288}
RUNS = 3
Figures = Iterator[dict[str, object]]


def measure() -> Figures:
    """All parts, the quick ones first."""
    chosen = os.environ.get("DESKTOP_CHAT_PARTS", "").split()
    for name, part in PARTS.items():
        if not chosen or name in chosen:
            yield from part()


def flushes() -> Figures:
    """One flush, from the parser to the screen, and how it grows."""
    run = {name: child("page", "flush", str(size), "1000") for name, size in SIZES.items()}
    for share in ("p50", "p99", "max"):
        yield figure(f"flush_{share}_ms", run["64k"][share], "ms")
    for share in ("p50", "p99", "max"):
        yield figure(f"flush_{share}_ms_512k", run["512k"][share], "ms")
    yield figure("growth_size", run["512k"]["p50"] / run["8k"]["p50"], "")
    yield figure("growth_time", run["512k"]["last"] / run["512k"]["first"], "")
    for name in SIZES:
        yield figure(f"vs_setmarkdown_{name}", run[name]["vs"], "")


def opens() -> Figures:
    """Opening conversations, and moving about in them."""
    opened = child("page", "open", "100", "10000")
    yield figure("open_ms", opened["many"], "ms")
    yield figure("open_growth", opened["many"] / opened["few"], "")
    yield figure("open_rss_mb", opened["rss"], "MB")
    moves = child("page", "moves")
    yield figure("jump_ms", moves["jump"], "ms")
    yield figure("reflow_ms", moves["reflow"], "ms")
    yield figure("scroll_p98_ms", moves["scroll_p98"], "ms")
    yield figure("theme_ms", moves["theme"], "ms")
    yield figure("big_message_block_ms", child("page", "big", str(SIZES["512k"]))["hold"], "ms")
    yield figure("reopen_growth_mb", child("page", "reopen", "200")["growth"], "MB")


def hostile() -> Figures:
    """The longest hold of the UI thread by any hostile text."""
    holds = {name: child("page", "hostile", name)["hold"] for name in HOSTILE}
    worst = max(holds, key=lambda name: holds[name])
    yield figure("hostile_flush_ms", holds[worst], "ms") | {"worst": worst}


def markup() -> Figures:
    """What the parser promises."""
    failures = 0

    @settings(
        max_examples=50_000 if os.environ.get("DESKTOP_CHAT_LONG") else 2_000,
        database=None, deadline=None, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(PORTIONS)
    def grow(portions: list[str]) -> None:
        nonlocal failures
        stream, text = Stream(), ""
        for portion in portions:
            stream.feed(portion)
            text += portion
            stream.sync(final=True)
            if tuple(stream.leaves) != parse(text):
                failures += 1
                return

    grow()
    yield figure("prefix_failures", failures, "")
    mended = raw = 0
    for answer in answers():
        mended += taken_back(answer, final=False)
        raw += taken_back(answer, final=True)
    yield figure("retracted_ratio", mended / max(1, raw), "")


def answers() -> Iterator[str]:
    """Answers that models gave."""
    path = os.environ.get("DESKTOP_CHAT_ANSWERS")
    if not path:
        yield ANSWER
        return
    with Path(path).open(encoding="utf-8") as file:
        for line in islice(file, 24):
            yield json.loads(line)["messages"][-1]["content"][:3_000]


def pages() -> Figures:
    """What a page adds to the CPU of a stream."""
    with model_server() as base_url:
        for rate, tokens in PACES.items():
            added, bare = [], []
            # One run alone may be off by a quarter: what a page adds is the difference of two.
            for _ in range(RUNS):
                shown = child("page", "pace", str(rate), str(tokens), "page")
                silent = child("page", "pace", str(rate), str(tokens), "none")
                added.append((shown["cpu_s"] - silent["cpu_s"]) / tokens * 1e6)
                bare.append(child("bare", base_url, f"pace-{rate}-{tokens}")["cpu_s"] / tokens * 1e6)
            if rate == 200:
                yield figure("delta_to_paint_p95_ms", shown["paint_p95"], "ms")
            yield figure(f"ui_cpu_{rate}", median(added), "µs", baseline=median(bare))


def apps() -> Figures:
    """The whole program, beside the loop of the SDK."""
    with model_server() as base_url:
        for name, rate, runs in (("app_cpu_max", 0, RUNS), ("app_cpu_200", 200, 1)):
            app, bare = [], []
            for _ in range(runs):
                bare.append(child("bare", base_url, f"pace-{rate}-{ANSWER_TOKENS}")["cpu_s"])
                with home_folder() as home:
                    app.append(child("streaming", base_url, f"pace-{rate}-{ANSWER_TOKENS}", "cpu", home=home)["cpu_s"])
            yield figure(name, median(app), "s", baseline=median(bare))


PARTS = {"flush": flushes, "open": opens, "hostile": hostile, "markup": markup, "page": pages, "app": apps}
