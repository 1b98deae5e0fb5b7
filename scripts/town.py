"""`run`, `stop` and `reset`: the demo town from nothing to its address on the screen, and back."""

import json
import math
import os
import shutil
import signal
import time
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from scripts import packages
from scripts.assets import collect_static, compile_texts
from scripts.env_file import read_env, write_env
from scripts.environments import PRODUCT_LOCK, ensure_product, ensure_rasa
from scripts.locking import locked
from scripts.places import ROOT, RUN, VENV
from scripts.ports import free_port, is_free
from scripts.processes import alive, end, last_lines, launch, mark, wait_for
from scripts.progress import StepFailed, call, say, step
from scripts.servers import MOST_WORKERS, Servers, instance_of
from scripts.short_paths import forget_short_path
from scripts.stamps import Stamp, fingerprint
from scripts.web_build import ensure_web

PID_FILE = RUN / "town.pid"
PROCESSES_PID_FILE = RUN / "processes.pid"
LOG = RUN / "log" / "town.log"
LARGEST_LOG_BYTES = 50_000_000
PREFERRED_PORT = 8000
KEPT_PORTS = (
    "CITIZEN_ACTIONS_PORT",
    "CITIZEN_PEERS_PORT",
    "CITIZEN_RASA_PORT",
    "CITIZEN_VOICE_PORT",
)
DEMO_LOGIN = RUN / "demo-login.json"
HEALTHY_WITHIN_S = 120
DEATHS_A_MINUTE = 5
ASKED_TO_END = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # Ctrl-C, stop, a closed terminal


def run() -> None:
    """Set everything up, start the town, and stay until asked to end."""
    with locked(RUN):
        if alive(PID_FILE):
            _tell_of_the_other()
            return
        mark(PID_FILE, os.getpid())
    with _signals(_as_interrupt):
        servers = Servers()
        try:
            _live(servers)
        except KeyboardInterrupt:
            say("\n  Ending …")
        finally:
            with _signals(signal.SIG_IGN):
                end(PROCESSES_PID_FILE, seconds=30)
                servers.stop()
                PID_FILE.unlink(missing_ok=True)


def _tell_of_the_other() -> None:
    env = read_env(RUN / "env")
    if alive(PROCESSES_PID_FILE) and _is_healthy(env["CITIZEN_WEB_PORT"]):
        _announce(env)
        say("\n  It was running already.")
    else:
        say("Another command is just setting the town up. `make stop` ends it.")


def _live(servers: Servers) -> None:
    started = time.monotonic()
    end(PROCESSES_PID_FILE, seconds=15)  # left by a town whose keeper was killed
    env = prepare(servers)
    with step("Web, worker, beat, devices"):
        _start_processes(env)
        _wait_until_healthy(env["CITIZEN_WEB_PORT"])
    _announce(env, after_s=time.monotonic() - started)
    _stay(servers, env)


def prepare(servers: Servers) -> dict[str, str]:
    """Everything up to a seeded database. Returns the environment of the processes."""
    packages.ensure(packages.TO_RUN)
    ensure_product()
    ensure_rasa()
    ensure_web()
    compile_texts()
    env = _with_town(servers.start())
    collect_static(env)
    _fill_database(env)
    _train_assistant(env)
    return env


def _train_assistant(env: Mapping[str, str]) -> None:
    """The command knows by itself whether anything has changed since the last training."""
    with step("What the assistant understands") as shown:
        told = call((VENV / "bin" / "python", "manage.py", "train_assistant"), env=env)
        shown.remark(told.splitlines()[0])


def _fill_database(env: Mapping[str, str]) -> None:
    """Unless nothing that makes tables or the town has changed since. The stamp lies beside the
    data, to go when they go; of an operator's database we know nothing."""
    migrations = sorted(
        path for place in (ROOT, ROOT / "apps") for path in place.glob("*/migrations")
    )
    made_from = [PRODUCT_LOCK, *migrations, ROOT / "citizen" / "demo"]
    stamp = Stamp("filled", fingerprint(made_from), folder=RUN / "pg")
    if stamp.is_fresh() and "CITIZEN_DATABASE_URL" not in os.environ:
        return
    manage = (VENV / "bin" / "python", "manage.py")
    with step("Database tables"):
        call([*manage, "migrate", "--noinput"], env=env)
    with step("The demo town Dalbit"):
        call([*manage, "seed_town"], env=env)
    stamp.set()


def _with_town(servers: Mapping[str, str]) -> dict[str, str]:
    """The environment of the town's processes; what the operator has set stands."""
    kept = read_env(RUN / "env")
    port = _port(kept)
    town = {
        **{name: kept.get(name) or str(free_port()) for name in KEPT_PORTS},
        "CITIZEN_WEB_PORT": port,
        "CITIZEN_PUBLIC_URL": f"http://localhost:{port}",
        "CITIZEN_DEMO": "true",
    }
    write_env(RUN / "env", {**kept, **town})
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**servers, **town, **os.environ, "PATH": path}


def _port(kept: Mapping[str, str]) -> str:
    """The operator's port, else one chosen once and kept while it is free."""
    wanted = os.environ.get("CITIZEN_WEB_PORT")
    if wanted and not is_free(int(wanted)):
        raise StepFailed(f"Port {wanted} (CITIZEN_WEB_PORT) is taken by another program.")
    for port in (wanted, kept.get("CITIZEN_WEB_PORT"), str(PREFERRED_PORT)):
        if port and is_free(int(port)):
            return port
    return str(free_port())


def _start_processes(env: Mapping[str, str]) -> None:
    if LOG.exists() and LOG.stat().st_size > LARGEST_LOG_BYTES:
        LOG.replace(LOG.with_suffix(".log.1"))
    arguments = ("honcho", "--no-colour", "--app-root", ROOT, "start")
    launch(VENV / "bin" / "honcho", arguments, PROCESSES_PID_FILE, LOG, env)


def _wait_until_healthy(port: str) -> None:
    wait_for(lambda: _is_healthy(port), PROCESSES_PID_FILE, LOG, seconds=HEALTHY_WITHIN_S)


def _is_healthy(port: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _stay(servers: Servers, env: Mapping[str, str]) -> None:
    """Until a signal comes. What dies without being asked to, starts again."""
    deaths: deque[float] = deque([-math.inf] * DEATHS_A_MINUTE, maxlen=DEATHS_A_MINUTE)
    while True:
        time.sleep(1)
        for name in servers.revive():
            say(f"  {name} died and was started again.")
        if alive(PROCESSES_PID_FILE):
            continue
        deaths.append(time.monotonic())
        if deaths[-1] - deaths[0] < 60:
            raise StepFailed(f"The town keeps dying; {LOG} ends with:\n\n{last_lines(LOG)}")
        say("  The processes died and were started again.")
        end(PROCESSES_PID_FILE)
        _start_processes(env)


def _announce(env: Mapping[str, str], after_s: float | None = None) -> None:
    home = f"http://localhost:{env['CITIZEN_WEB_PORT']}"
    login = json.loads(DEMO_LOGIN.read_text()).values() if DEMO_LOGIN.exists() else ()
    after = f" after {after_s:.0f} s" if after_s is not None else ""
    say(f"\n  Dalbit is alive{after}. Ctrl-C or `make stop` ends it; logs: {_shown_log()}\n")
    say(f"  Citizen app         {home}/")
    say(f"  Admin               {home}/admin/   {'  '.join(login)}")
    say(f"  API documentation   {home}/api/docs")


def _shown_log() -> str:
    return str(LOG.relative_to(ROOT))


def stop() -> None:
    """End the town, whoever started it, and every private server of this checkout."""
    if not RUN.exists():
        return
    with step("Ending the town"):
        end(PID_FILE, seconds=60)
        end(PROCESSES_PID_FILE, seconds=15)
        for instance in (*map(instance_of, range(MOST_WORKERS)), "town"):
            Servers(instance).stop()
        forget_short_path(RUN)


def reset() -> None:
    """Forget the town and everything that can be made again, except the virtual environments."""
    stop()
    if RUN.exists():
        with step("Forgetting the town"):
            shutil.rmtree(RUN)


Handler = Callable[[int, object], None] | signal.Handlers


@contextmanager
def _signals(handler: Handler) -> Iterator[None]:
    before = {number: signal.signal(number, handler) for number in ASKED_TO_END}
    try:
        yield
    finally:
        for number, kept in before.items():
            signal.signal(number, kept)


def _as_interrupt(_signal: int, _frame: object) -> None:
    """Once: a closed terminal and `make` may both tell us, and we are ending already."""
    for number in ASKED_TO_END:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
