"""`make check`: every check a change must pass, one line each, output only where one fails."""

import os
from pathlib import Path

from scripts import packages
from scripts.environments import check_python, ensure_product, ensure_web, with_node
from scripts.places import ROOT, VENV
from scripts.progress import StepFailed, call, step
from scripts.servers import Servers

BIN = VENV / "bin"
MANAGE = (BIN / "python", "manage.py")
OPENAPI = ROOT / "docs" / "openapi.yaml"
DEPLOYED = {
    "CITIZEN_HTTPS": "true",
    "CITIZEN_DEBUG": "false",
    "CITIZEN_DEMO": "false",
    "CITIZEN_HOSTS": "city.example",
    "CITIZEN_SECRET_KEY": "a-key-as-long-and-as-mixed-as-an-operator-would-choose-0123456789",
}


def prepare() -> dict[str, str]:
    """What checks and tests stand on. Returns their environment."""
    check_python()
    packages.ensure(packages.TO_RUN | packages.TO_TEST)
    ensure_product()
    ensure_web()
    servers = Servers("test").start()
    path = f"{BIN}{os.pathsep}{with_node().get('PATH', '')}"
    env = {**os.environ, **servers, "PATH": path}
    with step("Texts"):
        call([*MANAGE, "compilemessages", "-l", "ko", "-i", ".venv*"], env=env)
    return env


def check() -> None:
    check_in(prepare())


def check_in(env: dict[str, str]) -> None:
    steps: dict[str, list[str | Path]] = {
        "Format": [BIN / "ruff", "format", "--check", "."],
        "Lint": [BIN / "ruff", "check", "."],
        "Import contracts": [BIN / "lint-imports"],
        "Types": [BIN / "mypy"],
        "Spelling": [BIN / "codespell", *_tracked()],
        "Migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
        "Web": ["npm", "run", "check"],
    }
    failed = [name for name, command in steps.items() if not _passes(name, command, env)]
    failed += (
        []
        if _passes(
            "Deployment", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], env | DEPLOYED
        )
        else ["Deployment"]
    )
    failed += [] if _openapi_is_current(env) else ["OpenAPI"]
    if failed:
        raise StepFailed(f"Not right yet: {', '.join(failed)}.")


def _passes(name: str, command: list[str | Path], env: dict[str, str]) -> bool:
    cwd = ROOT / "web" if command[0] == "npm" else ROOT
    try:
        with step(name):
            call(command, env=env, cwd=cwd)
    except StepFailed as failure:
        print(failure)
        return False
    return True


def _tracked() -> list[str]:
    """What git tracks, so that checks see what a clone would."""
    return call(
        ["git", "ls-files", "--", "*.py", "*.md", "*.html", "*.toml", "*.ts", "*.svelte"]
    ).split()


def _openapi_is_current(env: dict[str, str]) -> bool:
    """The document has no warnings and is the one committed; a new one is left beside it."""
    fresh = ROOT / ".run" / "openapi.yaml"
    command: list[str | Path] = [
        *MANAGE,
        "spectacular",
        "--validate",
        "--fail-on-warn",
        "--file",
        fresh,
    ]
    if not _passes("OpenAPI", command, env):
        return False
    if not OPENAPI.exists() or OPENAPI.read_text() != fresh.read_text():
        print(f"The API changed. If that is meant: cp {fresh.relative_to(ROOT)} docs/openapi.yaml")
        return False
    return True
