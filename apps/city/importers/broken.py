"""A map file that cannot be imported, and where."""

import mmap
from pathlib import Path

from django.utils.translation import gettext as _

from apps.city.core import pbf


class BrokenMap(Exception):
    """The file, or what it says, is not a map that can be imported; the message says where."""


def describe(path: Path, last_element: str, reason: object) -> BrokenMap:
    """What stopped the import, with the byte if the file is a PBF, and the last element read."""
    place = _place(path) or str(reason)
    if last_element:
        place = _("%(place)s; the last element read was %(element)s") % {
            "place": place,
            "element": last_element,
        }
    return BrokenMap(f"{path.name}: {place}")


def _place(path: Path) -> str:
    """The byte and block where a PBF breaks; empty where its blocks are whole."""
    if path.suffix != ".pbf":
        return ""
    if path.stat().st_size == 0:
        return _("the file is empty")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        view = memoryview(data)
        try:
            found = pbf.find_break(view)
        finally:
            view.release()
    if found is None:
        return ""
    return _("broken at byte %(byte)d (block %(block)d): %(reason)s") % {
        "byte": found.byte,
        "block": found.block,
        "reason": found.reason,
    }
