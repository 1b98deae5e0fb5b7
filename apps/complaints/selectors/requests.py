"""Who may see what of a request, and lists of them."""

from django.contrib.gis.geos import Polygon
from django.db.models import Q, QuerySet

from apps.accounts.models import Person
from apps.base.geo import project
from apps.city.models import the_city
from apps.complaints.models import ServiceRequest, ServiceRequestQuerySet
from apps.complaints.models.exchange import ApiClient, hash_of

NEAR_M = 500.0


def public_requests() -> ServiceRequestQuerySet:
    return ServiceRequest.objects.public().select_related("service__group", "department")


def requests_of(person: Person) -> QuerySet[ServiceRequest]:
    """One's own, and those one follows."""
    own = Q(reporter=person) | Q(subscriptions__person=person)
    rows = ServiceRequest.objects.filter(own).distinct()
    return rows.select_related("service__group", "department", "clock", "duplicate_of")


def within(rows: ServiceRequestQuerySet, box: Polygon) -> ServiceRequestQuerySet:
    return rows.filter(geom__bboverlaps=box)


def near(
    rows: ServiceRequestQuerySet, lon: float, lat: float, metres: float = NEAR_M
) -> ServiceRequestQuerySet:
    """Within `metres`, by the index on metres."""
    east_m, north_m = project(lon, lat, srid=the_city().srid)
    return rows.within_m(float(east_m), float(north_m), metres)


def client_with_key(key: str) -> ApiClient | None:
    """Whose API key this is; None for a forged or a retired one."""
    if not key:
        return None
    return ApiClient.objects.filter(key_hash=hash_of(key), is_active=True).first()
