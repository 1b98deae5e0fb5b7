"""docs/performance.md: every figure in a table, and beside each area what its people say about it.

An area's remarks (what falls short, what was tried) stand in `benchmarks/<area>/NOTES.md`.
"""

import platform
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from benchmarks.report import Metric

HEADER = """# Performance

Written by `make bench`. Timings are ratios to a peer or to a limit measured in the same run;
qualities are on named data and splits. A figure that falls short stands here too, with what was
tried.

Measured on {day} on {cores} cores ({machine}, Python {python}).
"""


def write_page(path: Path, areas: Mapping[str, Sequence[Metric]], *, day: date, cores: int) -> None:
    header = HEADER.format(
        day=day, cores=cores, machine=platform.machine(), python=platform.python_version()
    )
    path.write_text("\n".join([header, *(_section(area, rows) for area, rows in areas.items())]))


def _section(area: str, metrics: Sequence[Metric]) -> str:
    notes = Path(__file__).parent / area / "NOTES.md"
    lines = [
        f"## {area}\n",
        "| metric | case | value | unit | reference | reference value | ratio |",
        "|---|---|--:|---|---|--:|--:|",
        *(f"| {' | '.join(metric.as_row())} |" for metric in metrics),
    ]
    return "\n".join(lines) + "\n" + (f"\n{notes.read_text()}" if notes.exists() else "")
