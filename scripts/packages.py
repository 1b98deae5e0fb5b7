"""Debian/Ubuntu packages: which are missing, and how they come in without touching the host.

Packages that bring a server are kept from making clusters or starting services: Citizen starts
private instances of its own.
"""

import os
import shlex
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.places import ROOT
from scripts.progress import StepFailed, call, step

POSTGRES_ROOT = Path("/usr/lib/postgresql")
CREATECLUSTER = Path("/etc/postgresql-common/createcluster.conf")
SERVICES = frozenset({"mosquitto", "snmpd"})
POLICY = Path("/usr/sbin/policy-rc.d")
# Our line in createcluster.conf stands although the package brings a file of that name.
APT_INSTALL = (
    "apt-get", "install", "-y", "-qq", "--no-install-recommends",
    "-o", "Dpkg::Options::=--force-confold",
)  # fmt: skip


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
    "espeak-ng": _has_program("espeak-ng"),
    "python3.11-venv": _has_venv,
}
TO_TEST: Needs = {
    "chromium": _has_program("chromium"),
    "fonts-noto-cjk": _has_cjk_font,
    "git": _has_program("git"),
    "snmpd": _has_program("snmpd"),
    # The RTSP server that cameras are tested against, and what encodes for it.
    "gir1.2-gst-rtsp-server-1.0": _has_library("libgstrtspserver-1.0.so*"),
    "gstreamer1.0-plugins-good": _has_library("gstreamer-1.0/libgstrtp.so"),
    "gstreamer1.0-plugins-ugly": _has_library("gstreamer-1.0/libgstx264.so"),
    "python3-gi": lambda: Path("/usr/lib/python3/dist-packages/gi").exists(),
}


def missing(needs: Needs) -> list[str]:
    return [name for name, is_there in needs.items() if not is_there()]


def line_to_run() -> str:
    """The exact line that brings in whatever is missing, without the services of the packages."""
    return f"sudo {shlex.quote(sys.executable)} {shlex.quote(str(ROOT))}/scripts/bootstrap packages"


def ensure(needs: Needs) -> None:
    """Install what is missing, or name the line to run.

    Raises:
        StepFailed: something is missing and we may not install it.
    """
    names = missing(needs)
    if not names:
        return
    if not shutil.which("apt-get"):
        raise StepFailed(
            f"These Debian packages, or what is like them, are missing: {_and(names)}."
        )
    if os.geteuid() != 0:
        raise StepFailed(
            f"System packages are missing: {_and(names)}. Please run:\n\n    {line_to_run()}\n"
        )
    with step(f"System packages: {len(names)}") as shown:
        _install(names)
        shown.remark(_and(names))


def _and(names: Iterable[str]) -> str:
    return ", ".join(names)


def _install(names: list[str]) -> None:
    """Install without letting a package make a cluster or start a service, now or at next boot."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if not CREATECLUSTER.exists():
        CREATECLUSTER.parent.mkdir(parents=True, exist_ok=True)
        CREATECLUSTER.write_text("create_main_cluster = false\n")
    with _no_service_starts():
        call(["apt-get", "update", "-qq"], env=env)
        call([*APT_INSTALL, *names], env=env)
    for service in sorted(SERVICES.intersection(names)):
        call(["update-rc.d", service, "disable"])


@contextmanager
def _no_service_starts() -> Iterator[None]:
    """Debian asks `policy-rc.d` before it starts a service; 101 is "don't"."""
    guarded = not POLICY.exists()
    if guarded:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        yield
    finally:
        if guarded:
            POLICY.unlink()
