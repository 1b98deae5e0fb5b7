"""Routing by rules, and trying rules on past cases before they come into force."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from apps.base import clock
from apps.city.models import the_city
from apps.complaints.core.rules import Case, Rule, first_fit
from apps.complaints.models import RoutingRule, ServiceRequest

Routed = ServiceRequest.RoutedBy
TRIED_ON = timedelta(days=180)
TRIED_ON_AT_MOST = 2000


def route_by_rules(*, request: ServiceRequest) -> RoutingRule | None:
    """Let the first rule in force that fits decide; service, department and priority may change."""
    rules = list(RoutingRule.objects.in_force().select_related("service", "department"))
    hit = first_fit([rule.core() for rule in rules], case_of(request, rules))
    if hit is None:
        return None
    rule = next(rule for rule in rules if rule.pk == hit.key)
    apply_rule(request, rule)
    return rule


def apply_rule(request: ServiceRequest, rule: RoutingRule) -> None:
    if rule.service is not None:
        request.service = rule.service
        request.department_id = rule.service.department_id
        request.is_public = request.is_public and rule.service.is_public
    if rule.department is not None:
        request.department = rule.department
    if rule.priority is not None:
        request.priority = max(request.priority, rule.priority)
    request.routed_by = Routed.RULE
    request.save(update_fields=["service", "department", "priority", "routed_by", "is_public"])


def case_of(request: ServiceRequest, rules: Iterable[RoutingRule]) -> Case:
    zone = the_city().zone
    geom = request.geom
    return Case(
        service=request.service.service_code,
        text=request.description,
        language=request.language,
        channel=request.channel,
        at=request.requested_at.astimezone(zone),
        areas=frozenset(
            rule.pk
            for rule in rules
            if geom is not None and rule.area is not None and rule.area.covers(geom)
        ),
    )


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would have done to past cases, had it stood where it stands in the order."""

    looked_at: int
    fits: int
    would_change: tuple[ServiceRequest, ...]
    taken_by_others: int


def try_rule(rule: RoutingRule, cases: QuerySet[ServiceRequest] | None = None) -> Trial:
    """A dry run: nothing is changed."""
    past = list(cases if cases is not None else past_cases())
    others = [r for r in RoutingRule.objects.in_force() if r.pk != rule.pk]
    before = [other for other in others if (other.order, other.pk) < (rule.order, rule.pk or 1e12)]
    ordered = [other.core() for other in before]
    own = rule.core()
    fits = [case for case in past if own.fits(case_of(case, [rule]))]
    taken = [case for case in fits if _taken(case, ordered, before)]
    gone = {case.pk for case in taken}
    changed = [case for case in fits if case.pk not in gone and _would_change(case, rule)]
    return Trial(len(past), len(fits), tuple(changed), len(taken))


def past_cases() -> QuerySet[ServiceRequest]:
    since = clock.now() - TRIED_ON
    rows = ServiceRequest.objects.filter(requested_at__gte=since).select_related("service")
    return rows.order_by("-requested_at")[:TRIED_ON_AT_MOST]


def _taken(case: ServiceRequest, ordered: Sequence[Rule], rules: list[RoutingRule]) -> bool:
    return first_fit(ordered, case_of(case, rules)) is not None


def _would_change(case: ServiceRequest, rule: RoutingRule) -> bool:
    department = rule.department_id or (rule.service.department_id if rule.service else None)
    return (
        (rule.service_id is not None and rule.service_id != case.service_id)
        or (department is not None and department != case.department_id)
        or (rule.priority is not None and rule.priority > case.priority)
    )
