"""What streaming costs, beside the plain loop of the SDK on the same server and pace.

`stream_cpu_200` is the CPU of the whole app, window and saving included, from sending to
the end of the answer at 200 tokens a second, divided by that of `bare`, which reads the same
answer at the same time; the round with the median ratio. The holds are how long the UI
thread kept from the next event while answers stream, after a warm-up: how late a precise
5 ms timer fires, less the time in which the thread could have run and other processes had
the processor. `raw` is with that time. Medians of several runs.
"""

from collections.abc import Iterator
from statistics import median

from tests.benchmarks.running import child, figure, home_folder, model_server, together

MODEL = "pace-200-4000"
EIGHT_MODEL = "pace-100-2000"
RUNS = 3


def measure() -> Iterator[dict[str, object]]:
    """App and baseline side by side, then the holds."""
    with model_server() as base_url:
        rounds = [together(("bare", base_url, MODEL), ("streaming", base_url, MODEL, "cpu")) for _ in range(RUNS)]
        bare, app = sorted(rounds, key=lambda pair: pair[1]["cpu_s"] / pair[0]["cpu_s"])[RUNS // 2]
        yield figure("stream_cpu_200", app["cpu_s"], "s", baseline=bare["cpu_s"])
        one = [hold(base_url, MODEL, "hold") for _ in range(RUNS)]
        yield held("ui_hold_p999_ms", one, "p999_ms")
        yield held("ui_hold_max_ms", one, "max_ms")
        eight = [hold(base_url, EIGHT_MODEL, "hold8") for _ in range(RUNS)]
        yield held("ui_hold_8_streams_p99_ms", eight, "p99_ms")


def hold(base_url: str, model: str, task: str) -> dict[str, float]:
    """One run of the app alone."""
    with home_folder() as home:
        return child("streaming", base_url, model, task, home=home)


def held(name: str, runs: list[dict[str, float]], share: str) -> dict[str, object]:
    """The median of several runs."""
    line = figure(name, median(run[share] for run in runs), "ms")
    return line | {"raw": round(median(run[f"raw_{share}"] for run in runs), 4)}
