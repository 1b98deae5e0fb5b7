"""Private servers: started, used, killed, started again, ended, and nothing left behind."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from scripts.places import ROOT
from scripts.ports import is_free
from scripts.processes import alive, end, launch, mark, wait_for
from scripts.progress import StepFailed
from scripts.servers import Servers


@pytest.fixture
def _own_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE", "REDIS", "CELERY", "MQTT"):
        monkeypatch.delenv(f"CITIZEN_{name}_URL", raising=False)


def revived(servers: Servers) -> set[str]:
    """Names of what came back; PostgreSQL is noticed once its last child is gone."""
    names: set[str] = set()
    ends_at = time.monotonic() + 10
    while len(names) < 2 and time.monotonic() < ends_at:
        names |= set(servers.revive())
    return names


@pytest.mark.usefixtures("_own_servers")
def test_they_live_die_come_back_and_leave_nothing(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)  # PostgreSQL's own user could not enter this by itself
    servers = Servers("town", run=tmp_path / "run")
    env = servers.start()
    try:
        with psycopg.connect(env["CITIZEN_DATABASE_URL"]) as link:
            assert link.execute("SELECT similarity('달빛역', '달빛')").fetchone() != (0.0,)
            link.execute("CREATE TABLE kept AS SELECT 7 AS n")
        with redis.Redis.from_url(env["CITIZEN_REDIS_URL"]) as cache:
            assert cache.ping()
        lock_file = (tmp_path / "run" / "pg" / "data" / "postmaster.pid").read_text()
        os.kill(int(lock_file.split()[0]), signal.SIGKILL)
        os.kill(
            int((tmp_path / "run" / "redis" / "process").read_text().split()[0]), signal.SIGKILL
        )
        assert revived(servers) == {"PostgreSQL", "Redis"}
        assert servers.start() == env
        with psycopg.connect(env["CITIZEN_DATABASE_URL"]) as link:
            assert link.execute("SELECT n FROM kept").fetchone() == (7,)
    finally:
        servers.stop()
    assert not servers.are_running()
    assert is_free(servers.mosquitto.port())
    assert servers.revive() == []  # who was stopped on purpose stays away


@pytest.mark.usefixtures("_own_servers")
def test_two_checkouts_do_not_meet(tmp_path: Path) -> None:
    one, other = Servers("town", run=tmp_path / "one"), Servers("town", run=tmp_path / "other")
    for name in one.by_name:
        assert one.by_name[name].variables() != other.by_name[name].variables()


def test_a_number_that_another_process_got_since_is_not_taken_for_ours(tmp_path: Path) -> None:
    """After a restart of the machine, an old file may name a stranger's process."""
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        redis_server = Servers("town", run=tmp_path).redis
        mark(tmp_path / "redis" / "process", stranger.pid)
        assert redis_server.is_running()
        (tmp_path / "redis" / "process").write_text(f"{stranger.pid} 1\n")
        assert not redis_server.is_running()
        redis_server.stop()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_what_a_process_left_behind_ends_too(tmp_path: Path) -> None:
    """honcho killed outright leaves the children in which it ran its lines."""
    note = tmp_path / "process"
    launch(Path("/bin/sh"), ["sh", "-c", "sleep 60 & echo $!; wait"], note, tmp_path / "log")
    leader = alive(note)
    assert leader
    wait_for(lambda: (tmp_path / "log").read_text().endswith("\n"), note, note, seconds=10)
    child = int((tmp_path / "log").read_text())
    os.kill(leader, signal.SIGKILL)
    os.waitpid(leader, 0)
    end(note)
    ends_at = time.monotonic() + 10
    while _lives(child) and time.monotonic() < ends_at:
        time.sleep(0.02)
    assert not _lives(child)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


def test_an_operators_server_takes_the_private_ones_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE", "REDIS", "CELERY", "MQTT"):
        monkeypatch.setenv(f"CITIZEN_{name}_URL", f"theirs://{name}")
    env = Servers("town", run=tmp_path).start()
    assert env["CITIZEN_DATABASE_URL"] == "theirs://DATABASE"
    assert not (tmp_path / "pg").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")
def test_an_ordinary_user_needs_no_tricks(tmp_path: Path) -> None:
    home = Path("/var/tmp") / f"citizen-{os.getpid()}"  # noqa: S108 - pytest's own is root's alone
    shutil.copytree(ROOT / "scripts", home / "scripts")
    program = (
        "from scripts.servers import Servers; s = Servers(); s.start(); "
        "ok = s.postgres.is_running(); s.stop(); print('ran' if ok else 'did not run')"
    )
    try:
        subprocess.run(["chown", "-R", "nobody", home], check=True)
        result = subprocess.run(
            ["setpriv", "--reuid=nobody", "--clear-groups", sys.executable, "-c", program],
            cwd=home, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False,
        )  # fmt: skip
    finally:
        shutil.rmtree(home)
    assert result.stdout.endswith("ran\n"), result.stdout + result.stderr


def test_a_user_without_a_name_is_told_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(StepFailed, match="54321 has no line in /etc/passwd"):
        Servers("town", run=tmp_path).postgres.start()
