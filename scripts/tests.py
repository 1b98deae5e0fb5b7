"""`make test`: set everything up, check, and run every test."""

import subprocess
from pathlib import Path

from scripts import checks
from scripts.places import ROOT, VENV
from scripts.progress import StepFailed, cores
from scripts.servers import MOST_WORKERS, Servers, instance_of
from scripts.web_build import WEB

WEB_TESTS = checks.Check("The web app's own tests", ("npm", "test"), cwd=WEB)


def test() -> None:
    """Checks that fail don't keep the tests from telling more."""
    workers = worker_count()
    with checks.prepared(rasa=True, workers=workers) as env:
        failed = checks.failures(env, *checks.CHECKS, WEB_TESTS)
        code = subprocess.run(pytest_command(workers), cwd=ROOT, env=env, check=False).returncode
    if code:
        failed.append(f"Tests (pytest ended with {code})")
    if failed:
        raise StepFailed(checks.verdict(failed))


def worker_count() -> int:
    """One for each core; of an operator's servers there is one set, and so one worker."""
    return min(cores(), MOST_WORKERS) if Servers(instance_of(0)).all_ours() else 1


def pytest_command(workers: int) -> list[str | Path]:
    """A worker that dies ends the run: its servers may be in any state.

    Who fails gets a second try, and the run says who needed it: browsers and processes race with
    whatever else the machine does. What is broken fails twice. Hypothesis draws the same examples
    in every run here, so that a commit is judged by what it changed, and new ones in pytest alone.
    """
    steady = ("--reruns", "1", "-r", "fER", "--hypothesis-profile", "steady")
    alone: list[str | Path] = [VENV / "bin" / "pytest", "--durations", "20", *steady]
    if workers == 1:
        return alone
    together = ("-p", "tests.support.side_by_side", "--no-loadscope-reorder")
    return [*alone, "-n", str(workers), "--max-worker-restart", "0", *together]
