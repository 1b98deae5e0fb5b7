"""`make test`: set everything up, check, and run every test."""

import subprocess

from scripts import checks
from scripts.environments import ensure_rasa
from scripts.places import ROOT, VENV
from scripts.progress import StepFailed
from scripts.web_build import WEB

WEB_TESTS = checks.Check("The web app's own tests", ("npm", "test"), cwd=WEB)


def test() -> None:
    """Checks that fail don't keep the tests from telling more."""
    ensure_rasa()
    with checks.prepared() as env:
        failed = checks.failures(env, *checks.CHECKS, WEB_TESTS)
        code = subprocess.run([VENV / "bin" / "pytest"], cwd=ROOT, env=env, check=False).returncode
    if code:
        failed.append(f"Tests (pytest ended with {code})")
    if failed:
        raise StepFailed(checks.verdict(failed))
