"""`make test`: set everything up, check, and run every test."""

import subprocess
import sys

from scripts import checks
from scripts.places import ROOT, RUN, VENV
from scripts.servers import Servers, alive


def test() -> None:
    """Test servers that were not running before are ended again."""
    were_running = alive(RUN / "test" / "redis" / "pid") is not None
    try:
        env = checks.prepare()
        checks.check_in(env)
        code = subprocess.run([VENV / "bin" / "pytest"], cwd=ROOT, env=env, check=False).returncode
    finally:
        if not were_running:
            Servers("test").stop()
    sys.exit(code)
