"""How long a commanded controller takes to go back to its own programme when we are killed."""

import asyncio
import os
import subprocess
import sys
import time
from contextlib import suppress

from benchmarks.devices.stage import opened_stage
from benchmarks.report import Metric, NotMeasuredError
from benchmarks.signals import fill
from benchmarks.signals.referee import CROSSROADS
from citizen.demo.signals.controller import FieldController, wired
from devices.simulators.snmp_agent import SnmpAgent

BACKUP_S, STEP_S, PATIENCE_S = 10, 0.02, 90.0
COMMANDED_S = 3.0  # long enough to be renewed, so that we die somewhere between two words


def measure() -> Metric:
    return asyncio.run(_measure())


async def _measure() -> Metric:
    controller = FieldController(CROSSROADS, wired(CROSSROADS), (30.0, 30.0), backup_s=BACKUP_S)
    agent = SnmpAgent(controller)
    os.environ[fill.PORT] = str((await agent.open())[1])
    ticking = asyncio.create_task(_tick(controller))
    try:
        taken_s = await asyncio.to_thread(_killed, controller)
    finally:
        ticking.cancel()
        await agent.close()
    return Metric(
        "back_to_local_s", f"kill -9, backup time {BACKUP_S} s", taken_s, "s", "limit", BACKUP_S
    )


async def _tick(controller: FieldController) -> None:
    loop = asyncio.get_running_loop()
    with suppress(asyncio.CancelledError):
        while True:
            controller.tick(loop.time())
            await asyncio.sleep(STEP_S)


def _killed(controller: FieldController) -> float:
    with opened_stage("signals", fill="benchmarks.signals.fill") as stage:
        process = subprocess.Popen([sys.executable, "manage.py", "signals"], env=stage.environment)
        try:
            _wait(controller, commanded=True)
            time.sleep(COMMANDED_S)
        finally:
            process.kill()
            process.wait()
        return _wait(controller, commanded=False)


def _wait(controller: FieldController, *, commanded: bool) -> float:
    """Seconds of the controller's clock until it is, or is no longer, commanded."""
    began_s = controller.now_s
    while controller.is_commanded is not commanded:
        if controller.now_s - began_s > PATIENCE_S:
            raise NotMeasuredError("the signals process never commanded its controller")
        time.sleep(STEP_S)
    return controller.now_s - began_s
