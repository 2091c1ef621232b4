"""What streaming costs, beside the plain loop of the SDK on the same server and pace.

`stream_cpu_200` is the CPU of the whole app, window and saving included, from sending to
the end of the answer at 200 tokens a second, divided by that of `bare`. The holds are how
late a precise 5 ms timer of the UI thread fires while answers stream, after a warm-up.
"""

from collections.abc import Iterator
from statistics import median

from tests.benchmarks.running import child, figure, home_folder, model_server

MODEL = "pace-200-6000"
HOLD_MODEL = "pace-200-4000"
EIGHT_MODEL = "pace-100-2000"
RUNS = 3


def measure() -> Iterator[dict[str, object]]:
    """App and baseline by turns."""
    with model_server() as base_url:
        app, bare = [], []
        for _ in range(RUNS):
            bare.append(child("bare", base_url, MODEL)["cpu_s"])
            with home_folder() as home:
                app.append(child("streaming", base_url, MODEL, "cpu", home=home)["cpu_s"])
        yield figure("stream_cpu_200", median(app), "s", baseline=median(bare))
        with home_folder() as home:
            holds = child("streaming", base_url, HOLD_MODEL, "hold", home=home)
        yield figure("ui_hold_p999_ms", holds["p999_ms"], "ms")
        yield figure("ui_hold_max_ms", holds["max_ms"], "ms")
        with home_folder() as home:
            holds = child("streaming", base_url, EIGHT_MODEL, "hold8", home=home)
        yield figure("ui_hold_8_streams_p99_ms", holds["p99_ms"], "ms")
