"""`run`, `stop` and `reset`: the demo town from nothing to its address on the screen, and back."""

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping

from scripts import packages
from scripts.environments import check_python, ensure_product, ensure_web
from scripts.places import ROOT, RUN, VENV
from scripts.progress import StepFailed, call, step
from scripts.servers import Servers, alive, end, free_port, is_free, read_env, write_env

PID_FILE = RUN / "town.pid"
PROCESSES_PID_FILE = RUN / "processes.pid"
LOG = RUN / "log" / "town.log"
PREFERRED_PORT = 8000
DEMO_LOGIN = RUN / "demo-login.json"


def run() -> None:
    """Set everything up, start the town, and stay until asked to end."""
    if alive(PID_FILE):
        _announce(read_env(RUN / "env"))
        print("\n  It is running already. `make stop` ends it.")
        return
    RUN.mkdir(exist_ok=True)
    PID_FILE.write_text(str(os.getpid()))
    signal.signal(signal.SIGTERM, _as_interrupt)
    servers = Servers()
    try:
        env = prepare(servers)
        processes = _start_processes(env)
        try:
            _wait_until_healthy(env, processes)
            _announce(env)
            processes.wait()
        finally:
            _end_processes(processes)
    except KeyboardInterrupt:
        print("\n  Ending …", flush=True)
    finally:
        servers.stop()
        PID_FILE.unlink(missing_ok=True)


def prepare(servers: Servers) -> dict[str, str]:
    """Everything up to a seeded database. Returns the environment of the processes."""
    check_python()
    packages.ensure(packages.TO_RUN)
    ensure_product()
    ensure_web()
    env = with_town(servers.start())
    with step("Texts and static files"):
        call(
            [VENV / "bin" / "python", "manage.py", "compilemessages", "-l", "ko", "-i", ".venv*"],
            env=env,
        )
        call([VENV / "bin" / "python", "manage.py", "collectstatic", "--noinput"], env=env)
    with step("Database tables"):
        call([VENV / "bin" / "python", "manage.py", "migrate", "--noinput"], env=env)
    with step("The demo town Dalbit"):
        call([VENV / "bin" / "python", "manage.py", "seed_town"], env=env)
    return env


def with_town(servers: Mapping[str, str]) -> dict[str, str]:
    """The environment of the town's processes; the port is chosen once and kept while free."""
    kept = read_env(RUN / "env")
    port = os.environ.get("CITIZEN_WEB_PORT") or kept.get("CITIZEN_WEB_PORT") or str(PREFERRED_PORT)
    if not is_free(int(port)):
        port = str(free_port())
    town = {
        "CITIZEN_WEB_PORT": port,
        "CITIZEN_PUBLIC_URL": f"http://localhost:{port}",
        "CITIZEN_DEMO": "true",
    }
    write_env(RUN / "env", {**kept, **town})
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, **servers, **town, "PATH": path}


def _start_processes(env: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """honcho in a session of its own, so that Ctrl-C reaches only us and we end it in order."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("ab") as log:
        processes = subprocess.Popen(
            [VENV / "bin" / "honcho", "--no-colour", "start"],
            cwd=ROOT, env=dict(env), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    PROCESSES_PID_FILE.write_text(str(processes.pid))
    return processes


def _end_processes(processes: "subprocess.Popen[bytes]") -> None:
    if processes.poll() is None:
        processes.terminate()
        processes.wait(30)
    PROCESSES_PID_FILE.unlink(missing_ok=True)


def _wait_until_healthy(env: Mapping[str, str], processes: "subprocess.Popen[bytes]") -> None:
    with step("Web, worker, beat, devices"):
        ends_at = time.monotonic() + 60
        while not _is_healthy(env["CITIZEN_WEB_PORT"]):
            if processes.poll() is not None or time.monotonic() > ends_at:
                raise StepFailed(f"The town did not come up; see {LOG.relative_to(ROOT)}.")
            time.sleep(0.1)


def _is_healthy(port: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _announce(env: Mapping[str, str]) -> None:
    home = f"http://localhost:{env['CITIZEN_WEB_PORT']}"
    login = json.loads(DEMO_LOGIN.read_text()).values() if DEMO_LOGIN.exists() else ()
    print(f"\n  Dalbit is alive. Ctrl-C or `make stop` ends it; logs: {LOG.relative_to(ROOT)}\n")
    print(f"  Citizen app         {home}/")
    print(f"  Admin               {home}/admin/   {'  '.join(login)}")
    print(f"  API documentation   {home}/api/docs", flush=True)


def stop() -> None:
    """End the town, whoever started it, and every private server of this checkout."""
    with step("Ending the town"):
        end(PID_FILE, seconds=45)
        end(PROCESSES_PID_FILE, seconds=15)
        for instance in ("town", "test"):
            Servers(instance).stop()


def reset() -> None:
    """Forget the town and everything that can be made again, except the virtual environments."""
    stop()
    with step("Forgetting the town"):
        shutil.rmtree(RUN, ignore_errors=True)


def _as_interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
