"""Runs benchmarks and writes one JSON object a line.

    python -m tests.benchmarks [NAME...] [--json FILE]

Every line has `name`, `value` and `unit`, and `ratio` where a baseline ran beside it. The
app and the baselines run in processes of their own against a server in a third.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.benchmarks import library, packaging, start, stream, transcript

BENCHMARKS = {
    "start": start.measure,
    "stream": stream.measure,
    "transcript": transcript.measure,
    "packaging": packaging.measure,
    "library": library.measure,
}


def main() -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Figures of Desktop Chat.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(BENCHMARKS)}; all by default")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the lines there as well")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    lines = []
    for name in arguments.names or BENCHMARKS:
        for figure in figures(name):
            lines.append(json.dumps(figure))
            print(lines[-1], flush=True)
    if arguments.json:
        arguments.json.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


def figures(name: str) -> Iterator[dict[str, object]]:
    """The figures of one benchmark, as they are measured."""
    yield from BENCHMARKS[name]()


if __name__ == "__main__":
    sys.exit(main())
