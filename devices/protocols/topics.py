"""Where gateways speak on MQTT: `citizen/v1/GATEWAY/observations`. The broker lets each one speak
under its own code only, so the topic says who it is."""

import re

ROOT = "citizen/v1"
EVERYBODY = f"{ROOT}/+/observations"
_FORM = re.compile(rf"{ROOT}/([^/+#]+)/observations")


def own_topics(gateway: str) -> str:
    """The filter of all topics of one gateway."""
    return f"{ROOT}/{gateway}/#"


def observations_topic(gateway: str) -> str:
    return f"{ROOT}/{gateway}/observations"


def gateway_of(topic: str) -> str | None:
    found = _FORM.fullmatch(topic)
    return found[1] if found else None
