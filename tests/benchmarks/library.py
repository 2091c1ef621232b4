"""The library with very many conversations: the list, the search, opening, writing, importing, kills.

    DESKTOP_CHAT_BENCHMARK_STORE=FOLDER      a home whose store is used, and made there if there is none;
                                             without it one is made for the time of the benchmark
    DESKTOP_CHAT_BENCHMARK_CONVERSATIONS=N   its size if it is made: 400 by default, 20000 for the full size
                                             (1,000,000 messages; 3.7 GB and some 8 minutes once)
    DESKTOP_CHAT_BENCHMARK_TEXTS=FOLDER      texts that conversations are made of (`library_text`)
    DESKTOP_CHAT_BENCHMARK_LIBRARY=a,b       only these parts: search, window, long, write, import, kills
    DESKTOP_CHAT_BENCHMARK_IMPORTED=N        conversations of the import that is measured: 2000 by default,
                                             if the store has as many; 20000 for a million messages
    DESKTOP_CHAT_BENCHMARK_KILLS=N           processes to kill: 10 by default, 300 for the full size

* `search_p95_ms` of searches of three letters and more, from the call to the last of 200 hits: the
  commonest words, words as they are typed letter by letter, several words, phrases, operators, words
  that are nowhere. Each is asked once, in a process whose first search is not counted.
* `trigram_p95_ms` of parts of words and of scripts without blanks; `trigram_build_us` of one core for a
  message, `trigram_mb` on disk and `trigram_step_max_ms`, the longest the writing thread was held.
* `sidebar_ms` from the first paint of the window to the first paint of the list with its rows;
  `open_ms` the slowest of thirty conversations, from the choice to its first paint; `library_rss_mb`
  what the list costs over an empty home, five seconds after the start.
* `open_10000_ms` the slowest of four conversations of 10,000 messages and some 20 MB, in a home of their
  own, as `open_ms`; `open_10000_whole_ms` until all of it can be worked with.
* `write_cpu_percent` of one core for keeping a reply of 200 tokens a second on disk, less what the reply
  costs unkept; `write_loop_percent` the part of it that is the window's thread.
* `import_per_s` messages a second of an import of ours through the same door as every import;
  `import_loop_p99_ms` how much too late the loop, which would be the window's, woke up meanwhile.
* `kills_lost`: processes killed at random moments whose store lost or doubled something.

Every line has the `messages` and `mb` of the store it was measured with, and where its texts are from.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from desktop_chat.runtime.paths import paths_below
from tests.benchmarks.running import child, figure, home_folder

STORE = "DESKTOP_CHAT_BENCHMARK_STORE"
SIZE = "DESKTOP_CHAT_BENCHMARK_CONVERSATIONS"
PARTS = "DESKTOP_CHAT_BENCHMARK_LIBRARY"
KILLS = "DESKTOP_CHAT_BENCHMARK_KILLS"
SMALL = 400
IMPORTED = "DESKTOP_CHAT_BENCHMARK_IMPORTED"
IMPORTED_IF_NOT_SAID = 2000
LONG = 9
"""Conversations of which every other one is long; the first is not counted."""

Line = dict[str, object]


def measure() -> Iterator[Line]:
    """Make the store if need be, and measure the parts that are asked for."""
    asked = [name for name in os.environ.get(PARTS, "").split(",") if name] or list(MEASURED)
    with ExitStack() as stack:
        named = os.environ.get(STORE)
        home = Path(named) if named else stack.enter_context(home_folder())
        made = _made(home)
        about = {name: made[name] for name in ("conversations", "messages", "mb", "texts")}
        for name in asked:
            for line in MEASURED[name](home, made):
                yield {**about, **line}


def _made(home: Path) -> Line:
    note = home / "made.json"
    if not note.exists():
        child("library_store", os.environ.get(SIZE, str(SMALL)), str(home))
    facts: Line = json.loads(note.read_text(encoding="utf-8"))
    return facts


def _search(home: Path, made: Line) -> Iterator[Line]:
    found = child("library_running", "search", str(paths_below(home).store))
    for name in ("search", "trigram"):
        for part in ("p50", "p95", "max"):
            yield figure(f"{name}_{part}_ms", found[f"{name}_{part}"], "ms") | {"searches": found[f"{name}_count"]}
    yield figure("search_slowest", found["search_max"], "ms") | {"search": found["search_slowest"]}
    yield figure("search_interrupt_ms", found["interrupt"], "ms")
    for name, unit in (("trigram_build_us", "µs"), ("trigram_mb", "MB"), ("trigram_step_max_ms", "ms")):
        yield figure(name, float(str(made[name])), unit)


def _window(home: Path, made: Line) -> Iterator[Line]:
    del made
    with home_folder() as empty:
        bare = child("library_running", "window", home=empty)
    full = child("library_running", "window", home=home)
    for name in ("sidebar_ms", "open_ms"):
        if name not in full:
            raise RuntimeError(f"{name}: what is waited for was never painted")
    yield figure("sidebar_ms", full["sidebar_ms"], "ms")
    yield figure("library_rss_mb", full["rss_mb"] - bare["rss_mb"], "MB")
    yield figure("open_ms", full["open_ms"], "ms") | {"median": round(full["open_median_ms"], 2)}


def _long(home: Path, made: Line) -> Iterator[Line]:
    del home, made
    with home_folder() as own:
        about = child("library_store", str(LONG), str(own), "long")
        found = child("library_running", "long", home=own)
    about = {name: about[name] for name in ("conversations", "messages", "mb")}
    yield figure("open_10000_ms", found["open_ms"], "ms") | about
    yield figure("open_10000_whole_ms", found["open_whole_ms"], "ms") | about


def _write(home: Path, made: Line) -> Iterator[Line]:
    del made
    found = child("library_running", "write", str(paths_below(home).store))
    yield figure("write_cpu_percent", found["cpu_percent"], "%")
    yield figure("write_loop_percent", found["loop_percent"], "%")


def _import(home: Path, made: Line) -> Iterator[Line]:
    del home
    count = int(os.environ.get(IMPORTED, min(IMPORTED_IF_NOT_SAID, int(str(made["conversations"])))))
    with home_folder() as empty:
        found = child("library_store", str(count), str(empty), "import")
    imported = {"imported": found["messages"]}
    yield figure("import_per_s", found["messages"] / found["import_s"], "messages/s") | imported
    yield figure("import_loop_p99_ms", found["import_loop_p99_ms"], "ms") | imported
    if "import_s" in made:  # Beside whatever else the computer did when the store was made.
        per_s = float(str(made["messages"])) / float(str(made["import_s"]))
        yield figure("import_of_the_store_per_s", per_s, "messages/s") | {"imported": made["messages"]}


def _kills(home: Path, made: Line) -> Iterator[Line]:
    del home, made
    count = int(os.environ.get(KILLS, "10"))
    found = child("library_running", "kills", str(count))
    yield figure("kills_lost", found["lost"], "processes") | {"killed": count}


MEASURED: dict[str, Callable[[Path, Line], Iterator[Line]]] = {
    "search": _search,
    "window": _window,
    "long": _long,
    "write": _write,
    "import": _import,
    "kills": _kills,
}
