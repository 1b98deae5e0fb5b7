"""The engine's processes as in a running city, and what they cost."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.assistant.doors import SECRET
from benchmarks.devices.stage import Stage, _free_port
from benchmarks.report import Metric

UP_WITHIN_S = 240
CONFIGS = {"default": "regression and CRF", "diet": "DIET"}


def _manage(stage: Stage, *command: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *command], env=stage.environment, check=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip


@dataclass
class Engine:
    """Rasa in a process of its own, which may be killed and comes again."""

    stage: Stage
    port: int
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    read_to: int = 0  # where the log of the present process begins

    def start(self) -> None:
        self.read_to = self.log.stat().st_size
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "run_rasa"],
                env=self.stage.environment, stdout=log, stderr=log,
            )  # fmt: skip

    def wait(self) -> None:
        started = time.monotonic()
        gives_up_at = started + UP_WITHIN_S
        while not self.is_up():
            if time.monotonic() > gives_up_at:
                raise RuntimeError(f"Rasa does not come up: {self.log.read_text()[-2000:]}")
            time.sleep(0.3)
        self.up_after_s = time.monotonic() - started

    def is_up(self) -> bool:
        return b"server is up and running" in self.log.read_bytes()[self.read_to :]

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    @property
    def memory_mb(self) -> float:
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) * 1024 / 1e6


@contextmanager
def opened_engine(stage: Stage) -> Iterator[Engine]:
    """Web, inner door and Rasa, up; the environment of the stage knows their ports."""
    rasa_port, actions_port = _free_port(), _free_port()
    stage.environment |= {
        "CITIZEN_ASSISTANT_ENGINE": "rasa", "CITIZEN_RASA_PORT": str(rasa_port),
        "CITIZEN_ACTIONS_PORT": str(actions_port), "CITIZEN_KAKAO_SECRET": SECRET,
        "CITIZEN_RATE_ANONYMOUS": "100000/min",
    }  # fmt: skip
    inner = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "citizen.inner:application", "--port",
         str(actions_port), "--log-level", "error", "--no-access-log"],
        env={**stage.environment, "DJANGO_SETTINGS_MODULE": "citizen.inner_settings"},
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(stage, rasa_port, Path(folder) / "rasa.log")
        try:
            engine.log.touch()
            _manage(stage, "train_assistant")
            engine.start()
            engine.wait()
            with stage.web("citizen.asgi:application"):
                yield engine
        finally:
            engine.kill()
            inner.kill()
            inner.wait()


def measure_training() -> Iterator[Metric]:
    """Ours and the alternative from the same examples: time, size, and what each understands."""
    import django

    django.setup()
    from apps.assistant.rasa.training.model import train
    from benchmarks.assistant import understanding

    ours, other = train(force=True), train(config="diet", force=True)
    for name, mine, theirs, unit in (
        ("train_s", ours.seconds, other.seconds, "s"),
        ("model_mb", ours.size_bytes / 1e6, other.size_bytes / 1e6, "MB"),
    ):
        yield Metric(name, CONFIGS["default"], mine, unit, CONFIGS["diet"], theirs)
    yield from understanding.measure("diet")


def measure_memory(engine: Engine) -> Iterator[Metric]:
    yield Metric("engine_mb", "Rasa, serving", engine.memory_mb, "MB")
    yield Metric("engine_start_s", "from the command to its first answer", engine.up_after_s, "s")
