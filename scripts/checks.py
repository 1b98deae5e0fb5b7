"""`make check`: every check a change must pass, one line each, output only where one fails."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scripts import packages
from scripts.assets import compile_texts
from scripts.environments import ensure_product
from scripts.places import ROOT, RUN, VENV
from scripts.progress import StepFailed, call, step
from scripts.servers import Servers
from scripts.web_build import WEB, ensure_web, with_node

BIN = VENV / "bin"
MANAGE = (BIN / "python", "manage.py")
OPENAPI = ROOT / "docs" / "openapi.yaml"
FRESH_OPENAPI = RUN / "openapi.yaml"
DEPLOYED = {
    "CITIZEN_HTTPS": "true",
    "CITIZEN_DEBUG": "false",
    "CITIZEN_DEMO": "false",
    "CITIZEN_HOSTS": "city.example",
    "CITIZEN_SECRET_KEY": "a-key-as-long-and-as-mixed-as-an-operator-would-choose-0123456789",
}


@dataclass(frozen=True)
class Check:
    name: str
    command: tuple[str | Path, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = ROOT

    def passes(self, env: Mapping[str, str]) -> bool:
        try:
            with step(self.name):
                call(self.command, env={**env, **self.env}, cwd=self.cwd)
        except StepFailed as failure:
            print(failure)
            return False
        return True


CHECKS = (
    Check("Format", (BIN / "ruff", "format", "--check", ".")),
    Check("Lint", (BIN / "ruff", "check", ".")),
    Check("Import contracts", (BIN / "lint-imports",)),
    Check("Types", (BIN / "mypy",)),
    Check("Spelling", (BIN / "codespell", ".")),
    Check("Migrations", (*MANAGE, "makemigrations", "--check", "--dry-run")),
    Check("Deployment", (*MANAGE, "check", "--deploy", "--fail-level", "WARNING"), DEPLOYED),
    Check("Web", ("npm", "run", "check"), cwd=WEB),
)


def check() -> None:
    if failed := failures(prepare()):
        raise StepFailed(verdict(failed))


def prepare() -> dict[str, str]:
    """What checks and tests stand on. Returns their environment."""
    packages.ensure(packages.TO_RUN | packages.TO_TEST)
    ensure_product()
    ensure_web()
    compile_texts()
    path = f"{BIN}{os.pathsep}{with_node().get('PATH', '')}"
    return {**Servers("test").start(), **os.environ, "PATH": path}


def failures(env: Mapping[str, str]) -> list[str]:
    """The names of the checks that did not pass."""
    failed = [check.name for check in CHECKS if not check.passes(env)]
    return failed if _openapi_is_current(env) else [*failed, "OpenAPI"]


def verdict(failed: list[str]) -> str:
    return f"Not right yet: {', '.join(failed)}."


def _openapi_is_current(env: Mapping[str, str]) -> bool:
    """The document has no warnings and is the one committed; a new one is left for a look."""
    options = ("--validate", "--fail-on-warn", "--file", FRESH_OPENAPI)
    if not Check("OpenAPI", (*MANAGE, "spectacular", *options)).passes(env):
        return False
    if OPENAPI.exists() and OPENAPI.read_text() == FRESH_OPENAPI.read_text():
        return True
    print(f"The API changed. If it should: cp {_shown(FRESH_OPENAPI)} {_shown(OPENAPI)}")
    return False


def _shown(path: Path) -> Path:
    return path.relative_to(ROOT)
