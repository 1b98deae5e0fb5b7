"""`make test`: set everything up, check, and run every test."""

import subprocess

from scripts import checks
from scripts.places import ROOT, VENV
from scripts.progress import StepFailed, call, step
from scripts.servers import Servers
from scripts.web_build import WEB


def test() -> int:
    """Checks that fail don't keep the tests from telling more.

    Servers that were not running before are ended again.
    """
    were_running = Servers("test").are_running()
    try:
        env = checks.prepare()
        failed = checks.failures(env)
        with step("The web app's own tests"):
            call(["npm", "test"], env=env, cwd=WEB)
        code = subprocess.run([VENV / "bin" / "pytest"], cwd=ROOT, env=env, check=False).returncode
    finally:
        if not were_running:
            Servers("test").stop()
    if failed:
        raise StepFailed(checks.verdict(failed))
    return code
