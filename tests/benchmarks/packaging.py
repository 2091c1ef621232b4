"""What the installed program takes and what its start costs, beside the same start from source.

`deb_mb` is the package and `installed_mb` what it unpacks to. Frozen and source start by turns,
offscreen, with a home that has a conversation and an endpoint; medians. `frozen_vs_source_start`
is CPU to the first paint divided by that of the start from source just before it: the clock of
a processor may change from minute to minute. Needs what `packaging/build.py freeze
installers` makes, and says so where it is missing.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.running import ROOT, child, figure, home_folder

RUNS = 7
PROGRAM = ROOT / "dist" / "desktop-chat" / "desktop-chat"
PACKAGES = ROOT / "dist" / "installers"


def measure() -> Iterator[dict[str, object]]:
    """Sizes, then starts."""
    if not PROGRAM.exists():
        sys.stderr.write("packaging: nothing is built; first: python3 packaging/build.py freeze installers\n")
        return
    package = max(PACKAGES.glob("*.deb"), key=lambda path: path.stat().st_mtime, default=None)
    if package is not None:
        yield figure("deb_mb", package.stat().st_size / 1e6, "MB")
        yield figure("installed_mb", unpacked_bytes(package) / 1e6, "MB")
    with home_folder() as home:
        child("started", "prepare", home=home)
        frozen, source = [], []
        for _ in range(RUNS):
            source.append(start([sys.executable, "-m", "desktop_chat"], home))
            frozen.append(start([str(PROGRAM)], home))
    assert all(run["heavy"] == [] for run in [*frozen, *source]), "heavy libraries are loaded before the first paint"
    yield figure("frozen_first_paint_cpu_s", median(run["cpu_s"] for run in frozen), "s")
    yield figure("frozen_first_paint_s", median(run["age_s"] for run in frozen), "s")
    yield figure("frozen_rss_mb", median(run["rss_mb"] for run in frozen), "MB")
    ratios = [after["cpu_s"] / before["cpu_s"] for before, after in zip(source, frozen, strict=True)]
    yield figure("frozen_vs_source_start", median(ratios), "") | {"baseline": median(run["cpu_s"] for run in source)}


def unpacked_bytes(package: Path) -> int:
    """The sizes of all files that a package unpacks to; links and folders not counted."""
    listing = subprocess.run(["dpkg-deb", "--contents", package], capture_output=True, text=True, check=True).stdout
    return sum(int(line.split()[2]) for line in listing.splitlines() if line.startswith("-"))


def start(command: list[str], home: Path) -> dict[str, Any]:
    """Start the program to its first paint; what that cost."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["DESKTOP_CHAT_HOME"] = str(home)
    answer = subprocess.run(
        [*command, "--self-test", "start"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return dict(json.loads(answer.stdout))
