"""The commands of `scripts/bootstrap` and how they fail: in a sentence, never in a traceback."""

import signal
import sys
from collections.abc import Callable

from scripts import assets, benches, checks, environments, lock, packages, tests, town
from scripts.progress import StepFailed
from scripts.servers import Servers

COMMANDS: dict[str, Callable[[], object]] = {
    "run": town.run,
    "stop": town.stop,
    "reset": town.reset,
    "check": checks.check,
    "test": tests.test,
    "bench": benches.bench,
    "packages": lambda: packages.ensure(packages.TO_RUN | packages.TO_TEST),
    "servers": lambda: Servers().start(),
    "test-servers": lambda: Servers("test").start(),
    "rasa": environments.ensure_rasa,
    "lock": lock.lock,
    "texts": assets.gather_texts,
}


def main(arguments: list[str]) -> int:
    command = COMMANDS.get(arguments[0] if len(arguments) == 1 else "")
    if command is None:
        print(f"scripts/bootstrap {'|'.join(COMMANDS)}", file=sys.stderr)
        return 2
    # Asked to end, a command still tidies up.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        code = command()
    except StepFailed as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    except PermissionError as error:
        print(f"\n{error.filename} belongs to another user of this machine.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code if isinstance(code, int) else 0
