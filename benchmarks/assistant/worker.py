"""The worker's part, in a process that may be killed: do what is due, over and over."""

import time

import django

django.setup()

from apps.base import work  # noqa: E402

if __name__ == "__main__":
    while True:
        if not work.sweep():
            time.sleep(0.05)
