"""A stored route laid out again: its course, steps, certainty, and what stands on it today."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.accounts.core.mobility import MobilityProfile
from apps.accounts.models import Person
from apps.base import clock
from apps.base.problems import NotFound, Problem
from apps.navigation.cache.geoid import geoid
from apps.navigation.cache.obstacles import obstacles_on
from apps.navigation.cache.serving import Serving, mapped
from apps.navigation.core.anchors import Stage
from apps.navigation.core.course import Course, lay_out
from apps.navigation.core.cues import Cue, cues_of
from apps.navigation.core.overlay import Obstacle
from apps.navigation.core.planning import Leg
from apps.navigation.core.signals import Ahead, met_on
from apps.navigation.models import Route
from apps.navigation.snapshot.ways import leg_of, profile_of


class RouteOver(Problem):
    slug, status = "route-over", 410
    title = _("The map has changed since. Please ask for the way again.")


@dataclass(frozen=True, eq=False)
class Walk:
    """A route ready to be told, drawn or walked."""

    route: Route
    served: Serving
    profile: MobilityProfile
    legs: tuple[Leg, ...]
    course: Course
    cues: tuple[Cue, ...]
    obstacles: tuple[Obstacle, ...]  # on it now, closing or not
    lights: tuple[Ahead, ...] = ()  # crossings with known lights, in walking order

    @property
    def blocked_by(self) -> tuple[Obstacle, ...]:
        """What closes it for this person now."""
        return tuple(o for o in self.obstacles if o.closes_for(self.profile))

    def begins_m(self, obstacle: Obstacle) -> float:
        """How far along the route an obstacle is met first."""
        on_it = set(obstacle.segments)
        return min(
            float(begin_m)
            for segment, begin_m in zip(self.course.segments, self.course.begins_m, strict=True)
            if segment in on_it
        )

    @property
    def stage(self) -> Stage:
        """What camera views are cut from."""
        overlay = obstacles_on(self.served).at(clock.now()).overlay
        return Stage(self.course, self.served.terrain.graph.plane, self.profile, geoid(), overlay)


def route_for(code: UUID | str, person: Person | None) -> Route:
    """Raises NotFound, for routes of other persons too."""
    found = Route.objects.readable_by(person).select_related("build").filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def walk_of(route: Route) -> Walk:
    """Lay a route out on the build it was found on. Raises RouteOver once that build is gone."""
    try:
        served = mapped(route.build.code)
    except FileNotFoundError as error:
        raise RouteOver from error
    legs = tuple(leg_of(document) for document in route.legs)
    profile = profile_of(route.profile)
    course = lay_out(served.terrain.graph, tuple(leg.way for leg in legs))
    today = obstacles_on(served).at(clock.now())
    on_it = set(course.segments)
    met = tuple(
        o
        for o in today.overlay.obstacles
        if not on_it.isdisjoint(o.segments) and (o.crossing is None or o.closes_for(profile))
    )
    ahead = tuple(met_on(today.lights.by_segment, course.segments))
    cues = tuple(cues_of(course, profile))
    return Walk(route, served, profile, legs, course, cues, met, ahead)
