"""`make check`: every check a change must pass, one line each, output only where one fails."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from scripts import packages
from scripts.assets import compile_texts
from scripts.environments import ensure_product, ensure_rasa
from scripts.places import ROOT, RUN, VENV
from scripts.progress import StepFailed, call, side_by_side, step
from scripts.servers import Servers, instance_of
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
    afterwards: Callable[[], None] = lambda: None

    def passes(self, env: Mapping[str, str]) -> bool:
        try:
            with step(self.name):
                call(self.command, env={**env, **self.env}, cwd=self.cwd)
                self.afterwards()
        except StepFailed as failure:
            print(failure)
            return False
        return True


def _compare_openapi() -> None:
    """The document is the one committed; a new one is left for a look."""
    if not OPENAPI.exists() or OPENAPI.read_text() != FRESH_OPENAPI.read_text():
        fresh, kept = (path.relative_to(ROOT) for path in (FRESH_OPENAPI, OPENAPI))
        raise StepFailed(f"The API changed. If it should: cp {fresh} {kept}")


SPECTACULAR = (
    "spectacular",
    "--lang",
    "en",
    "--validate",
    "--fail-on-warn",
    "--file",
    FRESH_OPENAPI,
)
CHECKS = (
    Check("Types", (BIN / "mypy",)),  # takes longest
    Check("Format", (BIN / "ruff", "format", "--check", ".")),
    Check("Lint", (BIN / "ruff", "check", ".")),
    Check("Import contracts", (BIN / "lint-imports",)),
    Check("Spelling", (BIN / "codespell", ".")),
    Check("Migrations", (*MANAGE, "makemigrations", "--check", "--dry-run")),
    Check("Deployment", (*MANAGE, "check", "--deploy", "--fail-level", "WARNING"), DEPLOYED),
    Check("OpenAPI", (*MANAGE, *SPECTACULAR), afterwards=_compare_openapi),
    Check("Web", ("npm", "run", "check"), cwd=WEB),
)


def check() -> None:
    with prepared() as env:
        failed = failures(env, *CHECKS)
    if failed:
        raise StepFailed(verdict(failed))


@contextmanager
def prepared(*, rasa: bool = False, workers: int = 1) -> Iterator[dict[str, str]]:
    """What checks, tests and benchmarks stand on: their environment, with servers for each worker.
    Servers that were not running before are ended again."""
    packages.ensure(packages.TO_RUN | packages.TO_TEST)
    side_by_side(ensure_product, *([ensure_rasa] if rasa else []))
    ensure_web()
    compile_texts()
    path = f"{BIN}{os.pathsep}{with_node().get('PATH', '')}"
    with ExitStack() as stack:
        first, *_others = [stack.enter_context(_running(n)) for n in range(workers)]
        yield {**first, **os.environ, "PATH": path}


@contextmanager
def _running(worker: int) -> Iterator[dict[str, str]]:
    servers = Servers(instance_of(worker))
    were_running = servers.are_running()
    try:
        yield servers.start()
    finally:
        if not were_running:
            servers.stop()


def failures(env: Mapping[str, str], *checks: Check) -> list[str]:
    """The names of the checks that did not pass."""
    passed = side_by_side(*(partial(check.passes, env) for check in checks))
    return [check.name for check, passes in zip(checks, passed, strict=True) if not passes]


def verdict(failed: list[str]) -> str:
    return f"Not right yet: {', '.join(failed)}."
