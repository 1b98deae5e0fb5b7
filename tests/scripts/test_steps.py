"""The pure parts of setting a town up."""

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from scripts import packages
from scripts.env_file import read_env, write_env
from scripts.environments import locked_names
from scripts.progress import StepFailed, call, cores, side_by_side, step
from scripts.servers import MOST_WORKERS, instance_of
from scripts.short_paths import LONGEST_RUN, forget_short_path, short_path
from scripts.stamps import Stamp, fingerprint
from scripts.tests import pytest_command, worker_count
from scripts.web_build import node_serves


def test_a_missing_tool_is_named_with_the_exact_line() -> None:
    needs: packages.Needs = {"mosquitto": lambda: False, "gettext": lambda: True}
    assert packages.missing(needs) == ["mosquitto"]
    assert packages.line_to_run().startswith("sudo /")
    assert packages.line_to_run().endswith("/scripts/bootstrap packages")


def test_who_may_not_install_is_told_what_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(
        StepFailed, match=r"missing: mosquitto\. Please run:\s+sudo .*/scripts/bootstrap packages"
    ):
        packages.ensure({"mosquitto": lambda: False})


def test_a_long_socket_path_gets_a_short_link(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    link = short_path(deep)
    assert len(str(link)) <= LONGEST_RUN
    assert link.resolve() == deep
    assert short_path(deep) == link
    forget_short_path(deep)
    assert not link.is_symlink()


def test_a_short_plain_path_is_left_alone() -> None:
    assert short_path(Path("/srv/citizen")) == Path("/srv/citizen")


def test_an_odd_path_gets_a_plain_link(tmp_path: Path) -> None:
    odd = tmp_path / "my city (달빛)"
    odd.mkdir()
    link = short_path(odd, temporary=tmp_path)
    assert link.parent == tmp_path
    assert link.name.startswith("citizen-")
    assert link.resolve() == odd


def test_a_link_that_leads_elsewhere_is_not_trusted(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    link = short_path(deep, temporary=tmp_path)
    link.unlink()
    link.symlink_to(tmp_path)
    with pytest.raises(StepFailed, match="not ours"):
        short_path(deep, temporary=tmp_path)


def test_a_step_is_done_again_only_if_its_inputs_changed(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a").write_text("1")
    stamp = Stamp("web", fingerprint([source]), folder=tmp_path / "stamps")
    assert not stamp.is_fresh()
    stamp.set()
    assert Stamp("web", fingerprint([source]), folder=tmp_path / "stamps").is_fresh()
    (source / "a").write_text("2")
    assert not Stamp("web", fingerprint([source]), folder=tmp_path / "stamps").is_fresh()


def test_the_environment_file_is_private_and_reads_back(tmp_path: Path) -> None:
    file = tmp_path / "env"
    write_env(file, {"A": "x=1", "B": ""})
    assert read_env(file) == {"A": "x=1", "B": ""}
    assert file.stat().st_mode & 0o077 == 0
    assert read_env(tmp_path / "none") == {}


@pytest.mark.parametrize(
    ("written", "serves"),
    [
        ("v20.20.2\n", True), ("v20.18.9", False), ("v21.7.0", False), ("v22.11.0", False),
        ("v22.12.0", True), ("v24.1.0", True), ("", False), ("what?", False),
    ],
)  # fmt: skip
def test_it_knows_which_node_builds_the_web_app(written: str, serves: bool) -> None:
    assert node_serves(written) is serves


def test_names_of_packages_are_equal_however_they_are_written() -> None:
    assert locked_names("# made\nDjango==5.2\nruamel.yaml==0.1\nzope_x==1\n") == {
        "django",
        "ruamel-yaml",
        "zope-x",
    }


def test_a_failed_step_shows_what_the_command_said() -> None:
    with pytest.raises(StepFailed, match="it broke"):
        call([sys.executable, "-c", "print('it broke'); raise SystemExit(3)"])


def test_a_step_tells_its_name_time_and_remark(capsys: pytest.CaptureFixture[str]) -> None:
    with step("Baking") as shown:
        shown.remark("golden")
    line = capsys.readouterr().out
    assert line.startswith("✓ Baking")
    assert line.rstrip().endswith("s  golden")


two_cores = pytest.mark.skipif(cores() < 2, reason="one core does one thing at a time")


@two_cores
def test_jobs_side_by_side_wait_for_each_other() -> None:
    meeting = threading.Barrier(2, timeout=20)
    assert side_by_side(lambda: meeting.wait() >= 0, lambda: meeting.wait() >= 0) == [True, True]


@two_cores
def test_the_first_that_fails_ends_what_the_others_run(tmp_path: Path) -> None:
    at_work = tmp_path / "at-work"

    def fail() -> None:
        while not at_work.exists():
            time.sleep(0.01)
        raise StepFailed("it broke")

    command = ["sh", "-c", f"touch {at_work}; exec sleep 600"]
    with pytest.raises(StepFailed):
        side_by_side(fail, lambda: call(command))


def test_an_operators_servers_have_one_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE", "REDIS", "CELERY", "MQTT"):
        monkeypatch.delenv(f"CITIZEN_{name}_URL", raising=False)
    assert worker_count() == min(cores(), MOST_WORKERS)
    monkeypatch.setenv("CITIZEN_REDIS_URL", "redis://elsewhere")
    assert worker_count() == 1


def test_workers_share_no_servers() -> None:
    assert [instance_of(n) for n in range(3)] == ["test", "test2", "test3"]
    assert "-n" not in pytest_command(1)
    assert "-n" in pytest_command(2)
