"""GeoReport v2: every written case, in XML and in JSON."""

from benchmarks.report import Metric


def measure() -> Metric:
    import django

    django.setup()
    from django.db import transaction

    with transaction.atomic():
        count, wrong = _deviating()
        transaction.set_rollback(True)
    return Metric(
        "open311_deviations", f"{count} cases of GeoReport v2, in XML and JSON", wrong, "cases",
        "limit", 0.0,
    )  # fmt: skip


def _deviating() -> tuple[int, int]:
    from django.db import transaction
    from django.test import Client

    from tests.complaints.georeport_cases import CASES
    from tests.complaints.georeport_peer import ask, deviations

    known, client = _stage(), Client(SERVER_NAME="localhost")
    wrong = 0
    for case in CASES:
        for form in ("xml", "json"):
            with transaction.atomic():
                wrong += bool(deviations(case, ask(client, case, form, known), known))
                transaction.set_rollback(True)
    return len(CASES), wrong


def _stage() -> dict[str, str]:
    """The requests that the cases speak of, in a catalogue of the size that they count."""
    from apps.complaints.core.states import State, Who
    from apps.complaints.models import Service, ServiceRequest
    from apps.complaints.services.moving import move_request
    from benchmarks.complaints.town import file, found_town

    ServiceRequest.objects.update(is_public=False)
    key, partner = found_town()
    used = ("pavement", "streetlight", "noise", "other", "civil_affairs", "water_supply", "waste")
    Service.objects.exclude(service_code__in=used).update(is_active=False)
    kerb, lamp = file("턱이 깨졌어요"), file("Lamp is out", "streetlight")
    noise = file("Loud music", "noise")
    move_request(request=lamp, after=State.IN_PROGRESS, who=Who.STAFF, actor="officer")
    move_request(
        request=lamp, after=State.RESOLVED, who=Who.STAFF, actor="officer", public_note="New lamp"
    )
    return {"kerb": kerb.number, "lamp": lamp.number, "noise": noise.number,
            "token": str(kerb.code), "key": key, "partner": partner}  # fmt: skip
