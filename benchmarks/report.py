"""What a benchmark says: one line per metric and case, for people or for machines."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table


class NotMeasuredError(Exception):
    """A figure cannot be taken here; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure; ``reference`` names a peer or is ``"limit"`` where a bound is absolute."""

    metric: str
    case: str
    value: float
    unit: str
    reference: str = ""
    reference_value: float | None = None

    @property
    def ratio(self) -> float | None:
        if self.reference_value is None or self.reference_value == 0:
            return None
        return self.value / self.reference_value

    def as_json(self) -> str:
        return json.dumps(asdict(self) | {"ratio": self.ratio}, ensure_ascii=False)

    def as_row(self) -> tuple[str, ...]:
        return (
            self.metric,
            self.case,
            _short(self.value),
            self.unit,
            self.reference,
            _short(self.reference_value),
            _short(self.ratio),
        )


def _short(number: float | None) -> str:
    return "" if number is None else f"{number:.4g}"


def print_table(area: str, metrics: Iterable[Metric]) -> None:
    """One row per figure; numbers stand right so that columns can be compared by eye."""
    table = Table(title=area, title_justify="left")
    for heading in ("metric", "case", "value", "unit", "reference", "reference value", "ratio"):
        table.add_column(
            heading, justify="right" if "val" in heading or "ra" in heading else "left"
        )
    for metric in metrics:
        table.add_row(*metric.as_row())
    Console().print(table)
