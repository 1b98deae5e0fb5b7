"""Where a checkout keeps what it makes for itself: everything lies under `.run/`."""

import hashlib
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN = ROOT / ".run"
VENV = ROOT / ".venv"
VENV_RASA = ROOT / ".venv-rasa"

# A socket's whole path must stay under 108 bytes; `.s.PGSQL.5432` takes 14 of them.
LONGEST_SOCKET_DIR = 107 - 15


def short_path(folder: Path, *, temporary: Path | None = None) -> Path:
    """`folder`, or a short link to it where its path is too long for a Unix socket.

    The link lies in the temporary folder under a name made of the path, and is only trusted if it
    belongs to us. Raises RuntimeError if somebody else's file is in its place.
    """
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_DIR:
        return folder
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    link = (temporary or Path(tempfile.gettempdir())) / f"citizen-{name}"
    if not link.is_symlink():
        link.symlink_to(folder)
    if link.lstat().st_uid != os.getuid() or link.resolve() != folder.resolve():
        raise RuntimeError(f"{link} is not ours; please remove it.")
    return link
