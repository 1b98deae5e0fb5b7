"""What Django wants ready-made: compiled texts and collected static files."""

from collections.abc import Mapping

from scripts.environments import PRODUCT_LOCK
from scripts.places import ROOT, RUN, VENV
from scripts.progress import call, step
from scripts.stamps import Stamp, fingerprint


def compile_texts() -> None:
    """Every catalogue that is newer than what was made of it."""
    for source in ROOT.glob("locale/*/LC_MESSAGES/*.po"):
        made = source.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime <= source.stat().st_mtime:
            call(["msgfmt", "--check-format", "--output-file", made, source])


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
