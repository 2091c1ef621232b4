"""How long the start takes, and what the app costs while nobody uses it.

`start_cpu_s` and `start_paint_s` go from the start of the process to the first paint of a
window one can type into; `paint_rss_mb` is taken there. Medians of several starts, with a
home that has a conversation and an endpoint. `idle_rss_mb` and `idle_cpu_percent` are taken
over ten seconds once the SDK is loaded and nobody has typed for a while. `warm_hold_max_ms`
is the longest hold of the UI thread (see `stream.py`) while the SDK is being loaded.
"""

from collections.abc import Iterator
from statistics import median

from tests.benchmarks.running import child, figure, home_folder

RUNS = 7


def measure() -> Iterator[dict[str, object]]:
    """Start it several times."""
    with home_folder() as home:
        child("started", "prepare", home=home)
        runs = [child("started", "paint", home=home) for _ in range(RUNS)]
        for name, unit in (("start_cpu_s", "s"), ("start_paint_s", "s"), ("paint_rss_mb", "MB")):
            yield figure(name, median(run[name] for run in runs), unit)
        idle = child("started", "idle", home=home)
        yield figure("warm_hold_max_ms", idle["max_ms"], "ms") | {"raw": round(idle["raw_max_ms"], 4)}
        yield figure("idle_rss_mb", idle["idle_rss_mb"], "MB")
        yield figure("idle_cpu_percent", idle["idle_cpu_percent"], "%")
