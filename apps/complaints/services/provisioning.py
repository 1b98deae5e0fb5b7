"""The catalogue comes in: jurisdiction, groups, services with their questions, templates, clients.
Bringing the same in twice changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Department
from apps.base import clock
from apps.base.problems import Invalid
from apps.complaints.models import (
    ApiClient,
    Jurisdiction,
    ResponseTemplate,
    Service,
    ServiceAttribute,
    ServiceGroup,
)
from apps.complaints.models.exchange import hash_of, new_key

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AttributePlan:
    code: str
    names: Names
    datatype: str = ServiceAttribute.Datatype.STRING
    required: bool = False
    values: Sequence[tuple[str, Names]] = ()
    hints: Names = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ServicePlan:
    code: str
    names: Names
    group: str
    department: str
    descriptions: Names = field(default_factory=dict)
    keywords: Sequence[str] = ()
    petition_class: str = Service.PetitionClass.GRIEVANCE
    period_days: int | None = None
    needs_place: bool = True
    dedupe_radius_m: float = 30
    is_public: bool = True
    retention_days: int = 1826
    obstruction_kind: str = ""
    icon: str = ""
    type: str = Service.Type.REALTIME
    attributes: Sequence[AttributePlan] = ()


def define_jurisdiction(**fields: Any) -> Jurisdiction:
    row, _created = Jurisdiction.objects.update_or_create(pk=Jurisdiction.THE_ONE, defaults=fields)
    return row


def define_group(*, code: str, names: Names, rank: int) -> ServiceGroup:
    row, _created = ServiceGroup.objects.update_or_create(
        code=code, defaults={"names": dict(names), "rank": rank}
    )
    return row


@transaction.atomic
def define_service(plan: ServicePlan, *, rank: int = 100) -> Service:
    """Raises Invalid for a group or department that is not there."""
    group = ServiceGroup.objects.filter(code=plan.group).first()
    department = Department.objects.filter(code=plan.department).first()
    if group is None or department is None:
        raise Invalid(errors={"group": _("Group and department must be there first.")})
    service, _created = Service.objects.update_or_create(
        service_code=plan.code,
        defaults={
            "names": dict(plan.names), "descriptions": dict(plan.descriptions), "type": plan.type,
            "keywords": list(plan.keywords), "group": group, "department": department,
            "petition_class": plan.petition_class, "period_days": plan.period_days,
            "needs_place": plan.needs_place, "dedupe_radius_m": plan.dedupe_radius_m,
            "is_public": plan.is_public, "retention_days": plan.retention_days,
            "obstruction_kind": plan.obstruction_kind, "icon": plan.icon, "rank": rank,
        },
    )  # fmt: skip
    for order, attribute in enumerate(plan.attributes, 1):
        _define_attribute(service, attribute, order)
    service.attributes.exclude(code__in=[each.code for each in plan.attributes]).delete()
    return service


def _define_attribute(service: Service, plan: AttributePlan, order: int) -> None:
    ServiceAttribute.objects.update_or_create(
        service=service,
        code=plan.code,
        defaults={
            "names": dict(plan.names), "hints": dict(plan.hints), "datatype": plan.datatype,
            "is_required": plan.required, "order": order,
            "values": [{"key": key, "names": dict(names)} for key, names in plan.values],
        },
    )  # fmt: skip


def define_template(*, code: str, names: Names, texts: Names, state: str = "") -> ResponseTemplate:
    row, _created = ResponseTemplate.objects.update_or_create(
        code=code, defaults={"names": dict(names), "texts": dict(texts), "state": state}
    )
    return row


def admit_client(
    *, code: str, name: str, contact: str = "", may_update: bool = False
) -> tuple[ApiClient, str]:
    """A new Open311 client and its key, which is shown once and kept by nobody but its owner."""
    key = new_key()
    client = ApiClient.objects.create(
        code=code, name=name, contact=contact, may_update=may_update, key_hash=hash_of(key),
        created_at=clock.now(),
    )  # fmt: skip
    return client, key


def renew_key(*, client: ApiClient) -> str:
    """A new key; the old one opens nothing from now on."""
    key = new_key()
    client.key_hash = hash_of(key)
    client.save(update_fields=["key_hash"])
    return key
