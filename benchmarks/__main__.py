"""``python -m benchmarks AREA… [--quick] [--json]``: our figures beside peers and limits.

An area is a module or package ``benchmarks/<area>`` with ``run(quick) -> Iterator[Metric]``.
The exit code is 0 only if everything asked for was measured.
"""

import argparse
import importlib
import os
import pkgutil
import sys
import traceback
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from rich.console import Console

import benchmarks
from benchmarks.page import write_page
from benchmarks.report import Metric, NotMeasuredError, print_table

NOT_AREAS = frozenset({"__main__", "page", "parts", "report", "samples"})


def known_areas() -> list[str]:
    found = (module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    return sorted(name for name in found if name not in NOT_AREAS)


def main(argv: list[str] | None = None) -> int:
    options = _parse(argv)
    areas = options.areas or known_areas()
    unknown = sorted(set(areas) - set(known_areas()))
    if unknown:
        print(
            f"Unknown area: {', '.join(unknown)}. Known: {', '.join(known_areas())}.",
            file=sys.stderr,
        )
        return 2
    taken: dict[str, list[Metric]] = {area: [] for area in areas}
    figures = sys.stdout if options.json else None
    # With --json nothing but figures goes to the standard output.
    with redirect_stdout(sys.stderr if options.json else sys.stdout):
        measured = [
            _measure(area, taken[area], quick=options.quick, figures=figures) for area in areas
        ]
    if options.write:
        today = datetime.now(UTC).date()
        write_page(options.write, taken, day=today, cores=os.cpu_count() or 1)
    return 0 if all(measured) else 1


def _parse(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("areas", nargs="*", metavar="AREA", help="all when none is named")
    parser.add_argument(
        "--quick", action="store_true", help="end within a minute; leave long metrics out"
    )
    parser.add_argument(
        "--write", type=Path, metavar="FILE", help="also write the figures down as a page"
    )
    parser.add_argument(
        "--json", action="store_true", help="one JSON object per line instead of a table"
    )
    return parser.parse_args(argv)


def _measure(area: str, taken: list[Metric], *, quick: bool, figures: TextIO | None) -> bool:
    """Whether the area was measured to its end; what came before a failure is still told, one
    object a line to `figures` or else as a table."""
    try:
        for metric in _announced(area, quick=quick):
            taken.append(metric)
            if figures is not None:
                print(metric.as_json(), file=figures, flush=True)
            elif not sys.stderr.isatty():  # where no line lives, each figure gets one
                print(f"{area}: {_in_short(metric)}", file=sys.stderr, flush=True)
    except NotMeasuredError as missing:
        print(f"{area}: not measured: {missing}", file=sys.stderr)
        return False
    except Exception:  # One area's fault must not hide the figures of the next.
        traceback.print_exc()
        return False
    finally:
        if figures is None:
            print_table(area, taken)
    return True


def _announced(area: str, *, quick: bool) -> Iterator[Metric]:
    """The area's figures, the latest one named on a terminal while the next is taken."""
    run = importlib.import_module(f"benchmarks.{area}").run
    with Console(stderr=True).status(f"{area} …") as status:
        for metric in run(quick):
            status.update(f"{area} … {_in_short(metric)}")
            yield metric


def _in_short(metric: Metric) -> str:
    return f"{metric.metric} {metric.case} = {metric.value:.4g} {metric.unit}"


if __name__ == "__main__":
    sys.exit(main())
