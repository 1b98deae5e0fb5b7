"""The inner door as an application of its own, for loopback: what Rasa asks of us.

It has threads of its own, so that answers to Rasa never wait behind the requests that wait for it.
"""

import os
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "citizen.inner_settings"

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

INNER_THREADS = 6

django_application: Any = get_wsgi_application()
application: Any = WSGIMiddleware(django_application, workers=INNER_THREADS)
