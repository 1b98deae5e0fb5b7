"""Which simulated device stands behind each feed of the demo town's car parks, and its lifts."""

from collections.abc import Iterable

from apps.navigation.models import Lift
from apps.parking.models import CapacityPool, Category, ParkingSite, PoolFeed
from citizen.demo.movement.lifts import LiftController
from citizen.demo.movement.stays import MARKET, STATION, STREET, Habit
from citizen.demo.movement.watchers import BaySensor, Counter, Frozen, Gate, Spaces, Watcher
from citizen.demo.world.faults import DEAD, FROZEN

HABITS: dict[str, Habit] = {
    ParkingSite.Kind.GARAGE: STATION,
    ParkingSite.Kind.LOT: MARKET,
    ParkingSite.Kind.STREET: STREET,
    ParkingSite.Kind.RESIDENTS: STREET,
}
EVERY_S = 60
# Spaces kept for some are taken less often.
QUIETER = {Category.ACCESSIBLE: 0.55, Category.EV: 0.7, Category.FAMILY: 0.8}


def watchers_by_gateway(gateways: Iterable[str], *, seed: int) -> dict[str, list[Watcher]]:
    """A watcher for each datastream that speaks for a pool or bay, by the gateway's code. What a
    camera sees, it sees by itself."""
    feeds = PoolFeed.objects.filter(
        datastream__gateway__code__in=list(gateways), datastream__zone_stream=None
    ).select_related("datastream__gateway", "pool__site", "bay")
    found: dict[str, list[Watcher]] = {}
    for feed in feeds.exclude(datastream__code__in=DEAD).order_by("datastream_id"):
        found.setdefault(feed.datastream.gateway.code, []).append(_watcher(feed, seed))
    lifts = Lift.objects.filter(datastream__gateway__code__in=list(gateways))
    for lift in lifts.select_related("datastream__gateway"):
        assert lift.datastream
        controller = LiftController(lift.datastream.code, EVERY_S)
        found.setdefault(lift.datastream.gateway.code, []).append(controller)
    return found


def _watcher(feed: PoolFeed, seed: int) -> Watcher:
    code = feed.datastream.code
    every_s = feed.datastream.expected_interval_s or EVERY_S
    if code in FROZEN:
        return Frozen(code, every_s, FROZEN[code])
    names = [feed.bay.code] if feed.bay else names_of(feed.pool)
    spaces = Spaces(names, habit_of(feed.pool), seed)
    match feed.role:
        case PoolFeed.Role.GATE_IN | PoolFeed.Role.GATE_OUT:
            return Gate(code, spaces, every_s, counts_out=feed.role == PoolFeed.Role.GATE_OUT)
        case PoolFeed.Role.BAY:
            # A camera looks at all its bays together; a sensor in the street feels its own.
            by_itself = feed.pool.site.kind == ParkingSite.Kind.STREET
            return BaySensor(code, spaces, every_s, on_change=by_itself)
    return Counter(code, spaces, every_s, counts_free=feed.role == PoolFeed.Role.FREE)


def names_of(pool: CapacityPool) -> list[str]:
    """Spaces that nobody looks at one by one have numbers."""
    bays = [feed.bay.code for feed in pool.feeds.select_related("bay") if feed.bay]
    return bays or [f"{pool.site.code}/{pool.category}/{n}" for n in range(pool.total)]


def habit_of(pool: CapacityPool) -> Habit:
    habit = HABITS[pool.site.kind]
    quiet = QUIETER.get(Category(pool.category), 1.0)
    return Habit(
        weekday=tuple(share * quiet for share in habit.weekday),
        weekend=tuple(share * quiet for share in habit.weekend),
        mean_stay_s=habit.mean_stay_s,
    )
