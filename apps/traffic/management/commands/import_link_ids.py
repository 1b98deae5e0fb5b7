"""`manage.py import_link_ids FILE.csv`: the national ids of links and nodes.

Columns: link_id, f_node, t_node, start_lon, start_lat, end_lon, end_lat (WGS84, UTF-8). Links are
matched by the places of their ends; bad rows are told with their line, the others count.
"""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.traffic.services.links import NamedLink, take_ids

COLUMNS = ("link_id", "f_node", "t_node", "start_lon", "start_lat", "end_lon", "end_lat")


class Command(BaseCommand):
    help = "Gives links and nodes their ids of the national standard, from a CSV file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        named, bad = read_named(options["file"])
        for line in bad:
            self.stderr.write(line)
        found = take_ids(named=named)
        self.stdout.write(
            f"{found['matched']} links have their id, {found['unmatched']} lie on no link of the"
            f" map, {len(bad)} rows are wrong."
        )


def read_named(path: Path) -> tuple[list[NamedLink], list[str]]:
    """Rows that make sense, and a line for each that does not. Raises CommandError."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if missing := set(COLUMNS) - set(reader.fieldnames or ()):
            raise CommandError(f"The file has no column {', '.join(sorted(missing))}.")
        named: list[NamedLink] = []
        bad: list[str] = []
        for row in reader:
            try:
                named.append(_named(row))
            except ValueError as error:
                bad.append(f"line {reader.line_num}: {error}")
    return named, bad


def _named(row: dict[str, str]) -> NamedLink:
    ids = [row[name].strip() for name in COLUMNS[:3]]
    if any(len(one) != 10 or not one.isdecimal() for one in ids):
        raise ValueError("ids have ten digits")
    lon1, lat1, lon2, lat2 = (float(row[name]) for name in COLUMNS[3:])
    return NamedLink(ids[0], ids[1], ids[2], (lon1, lat1), (lon2, lat2))
