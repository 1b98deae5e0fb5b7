"""What web processes must not load: OpenCV, and whatever only other processes need."""

import subprocess
import sys

LOAD = """
import sys
import citizen.asgi, citizen.urls
from django.contrib import admin
admin.autodiscover()
print([name for name in ("cv2", "ortools", "torch", "transformers") if name in sys.modules])
"""


def test_a_web_process_loads_nothing_that_only_others_need() -> None:
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOAD], capture_output=True, text=True, check=True
    ).stdout
    assert told.strip() == "[]"
