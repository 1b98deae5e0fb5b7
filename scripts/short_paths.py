"""Short, plain names for checkouts whose own path is too long or too odd for sockets."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

from scripts.progress import StepFailed

# A socket's whole path must stay under 108 bytes; this is the longest one below `.run/`.
LONGEST_RUN = 107 - len("/test4/pg/s/.s.PGSQL.5432")


def short_path(folder: Path, *, temporary: Path | None = None) -> Path:
    """`folder`, or a short link to it where its path is too long for a Unix socket or has a
    character that addresses and configuration files would have to quote.

    The link lies in the temporary folder under a name made of the path, and is only trusted if it
    belongs to us. Raises StepFailed if somebody else's file is in its place.
    """
    if _is_plain(folder):
        return folder
    link = short_link(folder, temporary=temporary)
    if not link.is_symlink():
        link.symlink_to(folder)
    if link.lstat().st_uid != os.geteuid() or link.resolve() != folder.resolve():
        raise StepFailed(f"{link} is not ours; please remove it.")
    return link


def short_link(folder: Path, *, temporary: Path | None = None) -> Path:
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return (temporary or Path(tempfile.gettempdir())) / f"citizen-{name}"


def _is_plain(folder: Path) -> bool:
    written = str(folder)
    return len(written) <= LONGEST_RUN and re.fullmatch(r"[\w./-]+", written, re.ASCII) is not None


def forget_short_path(folder: Path) -> None:
    """Remove the link that `short_path` made, if it made one."""
    link = short_link(folder)
    if not _is_plain(folder) and link.is_symlink() and link.lstat().st_uid == os.geteuid():
        link.unlink()
