"""What the ride service does behind the scenes in the town, for browser tests; run as a process of
its own. Prints what the test must know as JSON.

python -m tests.support.ride_desk open              one van on the road at any hour; two strangers
python -m tests.support.ride_desk second            another van
python -m tests.support.ride_desk close             shifts are made from their patterns again
"""

import json
import sys
from datetime import timedelta

import django

django.setup()

# These need Django to be set up, hence E402.
from apps.accounts.models import User  # noqa: E402
from apps.base import clock  # noqa: E402
from apps.drt.models import (  # noqa: E402
    Driver,
    OperatingRule,
    Service,
    Shift,
    ShiftPattern,
    Vehicle,
)
from apps.drt.services.provisioning import open_shift, touch_service  # noqa: E402
from apps.drt.services.travel import rebuild_travel_table  # noqa: E402
from citizen.demo.movement.phones import session_token  # noqa: E402
from citizen.demo.world.rides import DRIVERS, RIDERS, VANS  # noqa: E402
from tests.support.world import settle  # noqa: E402

HOUR = timedelta(hours=1)
STRANGERS = 2


def open_up() -> dict[str, object]:
    """The service runs day and night, with no vans but those that are opened here."""
    OperatingRule.objects.update(opens_min=0, closes_min=2870, last_dropoff_min=2880)
    ShiftPattern.objects.update(retired_at=clock.now())
    Shift.objects.all().delete()
    rebuild_travel_table(service=Service.objects.get())  # a graph came since the seed
    daughter = settle("yuna")
    emails = [rider.email for rider in RIDERS[:STRANGERS]]
    return {
        "daughter": daughter.user.email if daughter.user else "",
        "strangers": [token_of(email) for email in emails],
        "driver": on_the_road(0),
    }


def token_of(email: str) -> str:
    return session_token(User.objects.get(email=email))


def on_the_road(number: int) -> str:
    """A van with a ramp and its driver. Returns the driver's e-mail address."""
    now, plan = clock.now(), DRIVERS[2 * number]
    van = Vehicle.objects.get(code=VANS[number].code)
    driver = Driver.objects.get(number=plan.number)
    open_shift(vehicle=van, starts_at=now - HOUR, ends_at=now + 8 * HOUR, driver=driver)
    touch_service(Service.objects.get())
    return plan.email


def close() -> dict[str, object]:
    return {"patterns": ShiftPattern.objects.update(retired_at=None)}


if __name__ == "__main__":
    orders = {"open": open_up, "second": lambda: {"driver": on_the_road(1)}, "close": close}
    sys.stdout.write(json.dumps(orders[sys.argv[1]]()) + "\n")
