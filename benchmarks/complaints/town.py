"""A small city in the scratch database, for figures that go through the front door."""

from typing import Any


def found_town() -> tuple[str, str]:
    """City, catalogue, jurisdiction and two Open311 clients. Returns their keys."""
    from apps.complaints.services.provisioning import admit_client, define_jurisdiction
    from apps.complaints.services.standard_catalogue import bring_standard_catalogue
    from tests.devices.conftest import found_city

    found_city()
    define_jurisdiction(
        jurisdiction_id="dalbit.example", contact="120", key_service="complaints@dalbit.example"
    )
    bring_standard_catalogue()
    return tuple(
        admit_client(code=code, name=code, may_update=may)[1]
        for code, may in (("app", False), ("partner", True))
    )  # type: ignore[return-value]  # a pair


def file(description: str, service: str = "pavement", **more: Any) -> Any:
    from apps.complaints.services.filing import Report, file_request

    place = {"lon": 127.26, "lat": 37.43, "language": "ko"}
    report = Report(**{"description": description, "service_code": service, **place, **more})
    return file_request(report=report, reporter=None, actor="bench")
