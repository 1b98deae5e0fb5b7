"""The two virtual environments, each made from its lock file alone."""

import re
import subprocess
import sys
from pathlib import Path

from scripts.places import ROOT, VENV, VENV_RASA
from scripts.progress import call, step
from scripts.stamps import Stamp, fingerprint

PRODUCT_LOCK = ROOT / "requirements" / "product.lock"
RASA_LOCK = ROOT / "requirements" / "rasa.lock"


def ensure_product() -> None:
    _ensure(VENV, PRODUCT_LOCK, "Python packages")


def ensure_rasa() -> None:
    """Rasa 3.6.21 says Python < 3.11, but its complete locked list trains and serves on 3.11."""
    _ensure(VENV_RASA, RASA_LOCK, "Rasa's Python packages", "--ignore-requires-python")


def _ensure(venv: Path, lock: Path, name: str, *options: str) -> None:
    """Exactly what the lock says. A changed line costs what that line costs, not all of it."""
    # Programs in a virtual environment know its path: a checkout that was moved needs a new one.
    made = Stamp("made", fingerprint([], sys.version, str(venv.resolve())), folder=venv)
    filled = Stamp("filled", fingerprint([lock]), folder=venv)
    if made.is_fresh() and filled.is_fresh():
        return
    wanted = locked_names(lock.read_text())
    told: list[str] = []
    with step(name, share=lambda: _share(told, venv, len(wanted))) as shown:
        if not made.is_fresh():
            call([sys.executable, "-m", "venv", "--clear", venv])
            made.set()
        pip = (venv / "bin" / "pip", "--disable-pip-version-check")
        call([*pip, "install", "--no-deps", "--no-compile", *options, "-r", lock], told=told)
        if surplus := sorted(_installed(venv) - wanted - {"pip", "setuptools"}):
            call([*pip, "uninstall", "-y", *surplus])
        _compile(venv)
        shown.remark(f"{len(wanted)} packages")
    filled.set()


def _share(told: list[str], venv: Path, count: int) -> float:
    """pip first collects all packages, then installs them; compiling them takes what is left."""
    collected = sum(line.startswith(("Collecting ", "Requirement already")) for line in told)
    return 0.45 * collected / count + 0.4 * len(_installed(venv)) / count


def _compile(venv: Path) -> None:
    """Now and on every core, so that no process pays for it at its start.

    Some packages carry files for other Pythons, which don't compile; nobody imports them.
    """
    python, library = venv / "bin" / "python", venv / "lib"
    command = (python, "-m", "compileall", "-qq", "-j", "0", library)
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)


def locked_names(lock: str) -> set[str]:
    return {_plain(line.split("==")[0]) for line in lock.splitlines() if "==" in line}


def _installed(venv: Path) -> set[str]:
    folders = venv.glob("lib/python3.11/site-packages/*.dist-info")
    return {_plain(folder.name.split("-")[0]) for folder in folders}


def _plain(name: str) -> str:
    """Package names are equal whatever joins their words."""
    return re.sub(r"[-_.]+", "-", name).lower()
