"""Become the Rasa process: loopback only, with the model of the present examples and skills."""

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.assistant.rasa.secrets import shared_secret
from apps.assistant.rasa.training.model import (
    TrainingFailed,
    engine_environment,
    engine_python,
    model_path,
    train,
)

SERVING = "apps.assistant.rasa.serving"


class Command(BaseCommand):
    help = "Run Rasa on loopback; trains the model first where it is missing."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            train()
        except TrainingFailed as failure:
            raise CommandError(str(failure)) from failure
        endpoints, credentials = write_surroundings(model_path().parent.parent)
        python = str(engine_python())
        os.execve(  # noqa: S606 - this process becomes Rasa, with none of our keys
            python,
            [
                python, "-m", "rasa", "run", "--model", str(model_path()),
                "--interface", "127.0.0.1", "--port", str(settings.RASA_PORT),
                "--endpoints", str(endpoints), "--credentials", str(credentials),
            ],
            engine_environment(),
        )  # fmt: skip


def write_surroundings(folder: Path) -> tuple[Path, Path]:
    """Rasa's endpoints and credentials, readable by their owner alone."""
    headers = {"Authorization": f"Bearer {shared_secret()}"}
    inner = f"http://127.0.0.1:{settings.ACTIONS_PORT}/rasa"
    endpoints = {
        "action_endpoint": {
            "url": f"{inner}/actions", "headers": headers, "selective_domain": True,
        },
        "nlg": {"url": f"{inner}/sayings", "headers": headers},
        "tracker_store": {
            "type": f"{SERVING}.tracker_store.CityTrackerStore",
            "url": f"{inner}/trackers",
            "secret": shared_secret(),
        },
        "lock_store": {
            "type": f"{SERVING}.lock_store.CityLockStore",
            "url": settings.REDIS_URL,
        },
    }  # fmt: skip
    credentials = {f"{SERVING}.door.Door": {"secret": shared_secret()}}
    folder.mkdir(parents=True, exist_ok=True)
    return _write(folder / "endpoints.yml", endpoints), _write(
        folder / "credentials.yml", credentials
    )


def _write(path: Path, value: dict[str, Any]) -> Path:
    path.touch(mode=0o600)
    path.write_text(json.dumps(value))  # YAML takes it as it is
    return path
