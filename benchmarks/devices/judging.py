"""Judges health as often as the city's table of what runs when says, until it is ended."""

import os
import time

import django


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "citizen.settings"
    django.setup()
    from citizen.celery import app
    from devices.services.health import judge_health

    every_s = app.conf.beat_schedule["devices.judge_health"]["schedule"]
    while True:
        judge_health()
        time.sleep(every_s)


if __name__ == "__main__":
    main()
