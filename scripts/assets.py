"""What Django wants ready-made: compiled texts and collected static files."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from scripts.environments import PRODUCT_LOCK
from scripts.places import ROOT, RUN, VENV
from scripts.progress import call, step
from scripts.stamps import Stamp, fingerprint

CATALOGUES = "locale/*/LC_MESSAGES/*.po"
SPEAKERS = ("apps/*", "citizen", "devices")
DATES = re.compile(r'"(Report-Msgid-Bugs-To|POT-Creation-Date):.*\n')


def compile_texts() -> None:
    """Every catalogue that is newer than what was made of it. Each app has its own."""
    for source in _catalogues():
        made = source.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime <= source.stat().st_mtime:
            call(["msgfmt", "--check-format", "--output-file", made, source])


def gather_texts() -> None:
    """Write every sentence for people that stands in the code into its app's catalogues."""
    # -P: an app's folder has a `selectors.py`, which must not stand before the library's own.
    gather = (VENV / "bin" / "python", "-P", "-m", "django", "makemessages", "--no-location")
    for catalogue in _catalogues():
        language = catalogue.parts[-3]
        with step(f"{catalogue.relative_to(ROOT)}"):
            call([*gather, "--no-obsolete", "-l", language], cwd=catalogue.parents[3])
            catalogue.write_text(DATES.sub("", catalogue.read_text()))


def _catalogues() -> Iterator[Path]:
    for place in SPEAKERS:
        yield from sorted(ROOT.glob(f"{place}/{CATALOGUES}"))


def collect_static(env: Mapping[str, str]) -> None:
    """Packages bring static files too; they change only with the lock."""
    folders = [
        path for place in ("citizen", "devices", "apps/*") for path in ROOT.glob(f"{place}/static")
    ]
    stamp = Stamp("static", fingerprint([PRODUCT_LOCK, *sorted(folders)]))
    if stamp.is_fresh() and (RUN / "static").exists():
        return
    with step("Static files"):
        call([VENV / "bin" / "python", "manage.py", "collectstatic", "--noinput"], env=env)
    stamp.set()
