"""Deadlines against the table that was made by hand."""

from benchmarks.report import Metric


def measure() -> Metric:
    from tests.complaints.sla_reading import lines, mismatches

    case = f"{len(list(lines()))} lines of a table made by hand"
    return Metric("sla_mismatches", case, len(mismatches()), "lines", "limit", 0.0)
