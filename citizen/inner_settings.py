"""Settings of the inner door: the same city, other paths, and none of what the public needs."""

from citizen.settings import *  # noqa: F403

ROOT_URLCONF = "apps.assistant.rasa.urls"
MIDDLEWARE = [
    "apps.base.requests.RequestIdMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # it does not start without
]
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
