"""Some figures of an area: ``python -m benchmarks.AREA PART… [--quick]``, one JSON a line."""

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import redirect_stdout

from benchmarks.report import Metric

QUICK = "--quick"
Part = Callable[[bool], Iterator[Metric]]


def taken(parts: Mapping[str, Part], names: Iterable[str], *, quick: bool) -> Iterator[Metric]:
    for name in names:
        yield from parts[name](quick)


def tell(
    parts: Collection[str], measure: Callable[[bool, Collection[str]], Iterator[Metric]]
) -> None:
    """Those that the command line names, or all; nothing else goes to the standard output."""
    asked = [one for one in sys.argv[1:] if one != QUICK]
    if unknown := set(asked) - set(parts):
        sys.exit(f"No such part: {_listed(sorted(unknown))}. There are: {_listed(parts)}.")
    figures = sys.stdout
    with redirect_stdout(sys.stderr):
        for metric in measure(QUICK in sys.argv, asked or parts):
            print(metric.as_json(), file=figures, flush=True)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
