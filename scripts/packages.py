"""Debian/Ubuntu packages: which are missing, and how they come in without touching the host.

Packages that bring a server are kept from making clusters or starting services: Citizen starts
private instances of its own.
"""

import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from scripts.progress import StepFailed, call, step

POSTGRES_ROOT = Path("/usr/lib/postgresql")
CREATECLUSTER = Path("/etc/postgresql-common/createcluster.conf")
POLICY = Path("/usr/sbin/policy-rc.d")


def _has_postgis() -> bool:
    return any(POSTGRES_ROOT.glob("*/lib/postgis-3.so"))


def _has_program(*names: str) -> Callable[[], bool]:
    search = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    return lambda: any(shutil.which(name, path=search) for name in names)


def _has_library(pattern: str) -> Callable[[], bool]:
    return lambda: any(Path("/usr/lib").glob(f"*/{pattern}"))


def _has_cjk_font() -> bool:
    return any(Path("/usr/share/fonts").rglob("*CJK*"))


def _has_venv() -> bool:
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        return False
    return True


Needs = dict[str, Callable[[], bool]]

TO_RUN: Needs = {
    "postgresql": lambda: any(POSTGRES_ROOT.glob("*/bin/initdb")),
    "postgresql-postgis": _has_postgis,
    "redis-tools": _has_program("redis-server", "redis-check-rdb"),
    "mosquitto": _has_program("mosquitto"),
    # GeoDjango wants libgdal, libgeos and libproj; gdal-bin brings all three.
    "gdal-bin": _has_library("libgdal.so*"),
    "gettext": _has_program("msgfmt"),
    "python3-venv": _has_venv,
}
TO_TEST: Needs = {
    "chromium": _has_program("chromium"),
    "fonts-noto-cjk": _has_cjk_font,
    "git": _has_program("git"),
}


def missing(needs: Needs) -> list[str]:
    return [name for name, is_there in needs.items() if not is_there()]


def line_to_run(packages: Iterable[str]) -> str:
    """The exact line that brings `packages` in."""
    names = " ".join(packages)
    return f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {names}"


def ensure(needs: Needs) -> None:
    """Install what is missing, or name the line to run.

    Raises:
        StepFailed: something is missing and we may not install it.
    """
    names = missing(needs)
    if not names:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise StepFailed(f"System packages are missing. Please run:\n\n    {line_to_run(names)}\n")
    with step(f"System packages: {', '.join(names)}"):
        _install(names)


def _install(names: list[str]) -> None:
    """Install without letting a package make a cluster or start a service."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if not CREATECLUSTER.exists():
        CREATECLUSTER.parent.mkdir(parents=True, exist_ok=True)
        CREATECLUSTER.write_text("create_main_cluster = false\n")
    guarded = not POLICY.exists()
    if guarded:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        call(["apt-get", "update", "-qq"], env=env)
        call(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *names], env=env)
    finally:
        if guarded:
            POLICY.unlink()
