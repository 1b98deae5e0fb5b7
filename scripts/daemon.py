"""A server that serves in the foreground, put into the background and found again by a file."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scripts.processes import alive, end, launch, wait_for
from scripts.progress import StepFailed


@dataclass(frozen=True)
class Daemon:
    """`folder` is short and plain."""

    folder: Path

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def stop(self) -> None:
        end(self._pid_file)

    def is_running(self) -> bool:
        return alive(self._pid_file) is not None

    def has_crashed(self) -> bool:
        """`stop` takes the file away."""
        return self._pid_file.exists() and not self.is_running()

    @property
    def _pid_file(self) -> Path:
        return self.folder / "process"

    def _make_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)

    def _launch(
        self, program: str | None, arguments: list[str | Path], is_there: Callable[[], bool]
    ) -> None:
        if program is None:
            raise StepFailed(f"{arguments[0]} was not found on this machine.")
        launch(Path(program), arguments, self._pid_file, self.log)
        wait_for(is_there, self._pid_file, self.log, seconds=15)
