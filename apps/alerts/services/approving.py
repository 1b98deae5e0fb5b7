"""Submitting, approving and issuing: four eyes, one transaction, and a chain that shows it."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import Person
from apps.accounts.selectors.roster import on_duty
from apps.alerts.core import cap, texts
from apps.alerts.core.chains import ENDS, Step, WrongStep
from apps.alerts.models import Alert, Halt, Notice, Policy
from apps.alerts.selectors.active import TOPIC, alert_row
from apps.alerts.selectors.places import area_km2
from apps.alerts.services.drafting import ChainEnded, open_notice, read_area
from apps.alerts.services.messages import cap_of, is_critical, push_of
from apps.alerts.services.streets import close_streets, open_streets
from apps.base import audit, clock, live
from apps.base.commands import run_once
from apps.base.models import LiveRow
from apps.base.problems import Conflict, Invalid, NotAllowed
from apps.hazards.models import Severity, Urgency
from apps.hazards.services import mark_alerted
from apps.notify.selectors.audiences import count_audience
from apps.notify.services import Audience, Lane, tell, tell_each

State = Notice.State


class SecondPersonNeeded(NotAllowed):
    slug = "second-person-needed"
    title = gettext_lazy("Whoever wrote it does not approve it: a second officer is needed.")


class TooWide(Conflict):
    slug = "alert-too-wide"
    title = gettext_lazy("This alert is wide. Type the confirmation to send it.")


class Halted(Conflict):
    slug = "alerts-halted"
    title = gettext_lazy("All alerts are halted by the kill switch.")


@transaction.atomic
def submit_notice(*, code: Any, actor: str) -> Notice:
    """Hand a draft over for approval, with the audience counted.

    Raises:
        Invalid: an area or a text that can't go out; names language and field.
    """
    notice = open_notice(code)
    read_area(notice.geom)
    _check_texts(notice)
    notice.counts = counts_of(notice)
    notice.state, notice.submitted_at, notice.proposed_by = State.SUBMITTED, clock.now(), actor
    notice.save(update_fields=["counts", "state", "submitted_at", "proposed_by"])
    _record(notice, "submitted", actor, counts=notice.counts)
    return notice


def approve_notice(
    *, code: Any, actor: str, confirmation: str = "", alone: bool = False, key: str | None = None
) -> Notice:
    """A second person says yes: it is issued, and on its way when this returns.

    `alone` is for one officer by herself when it is extreme and immediate: logged, and looked at
    afterwards.

    Raises:
        NotFound, Conflict, SecondPersonNeeded, TooWide, Halted, Invalid.
    """

    def do() -> dict[str, Any]:
        notice = open_notice(code)
        if notice.state != State.SUBMITTED:
            raise Conflict(_("Submit it first."))
        _check_eyes(notice, actor, alone=alone)
        _check_width(notice, confirmation)
        notice.approved_by, notice.alone = actor, alone and notice.proposed_by == actor
        issue(notice, actor=actor)
        return {"code": str(notice.code)}

    request = {"code": str(code), "alone": alone}
    outcome = run_once(key=key, actor=actor, command="alerts.approve", request=request, do=do)
    return Notice.objects.select_related("alert").get(code=outcome["code"])


@transaction.atomic
def approve_by_policy(*, notice: Notice, policy: Policy) -> Notice:
    """What was agreed on beforehand goes out without a second person."""
    notice = open_notice(notice.code)
    _check_texts(notice)
    notice.counts = counts_of(notice)
    notice.submitted_at, notice.policy = clock.now(), policy
    notice.approved_by = f"policy: {policy.name} ({policy.agreed_by})"[:120]
    issue(notice, actor=f"policy:{policy.pk}")
    return notice


@transaction.atomic
def refuse_notice(*, code: Any, actor: str, reason: str) -> Notice:
    """A second person says no: it goes back to whoever wrote it. Raises NotFound, Conflict."""
    notice = open_notice(code)
    if notice.state != State.SUBMITTED:
        raise Conflict(_("Submit it first."))
    notice.state, notice.note = State.DRAFT, reason[:500]
    notice.save(update_fields=["state", "note"])
    _record(notice, "refused", actor, reason=reason)
    return notice


def issue(notice: Notice, *, actor: str) -> None:
    """1. Fix its CAP form. 2. Move the alert. 3. Tell people. 4. Close or open streets.
    5. Record, announce. All in the caller's transaction."""
    if Halt.objects.select_for_update().filter(released_at=None).exists():
        raise Halted
    alert = Alert.objects.select_for_update().get(pk=notice.alert_id)
    before = alert.current
    notice.alert = alert
    _write_cap(notice)
    _move(alert, notice)
    told = _tell(notice, before)
    _consequences(notice, actor)
    _record(notice, "issued", actor, told=told, cap=notice.cap_hash, counts=notice.counts,
            by=notice.approved_by, alone=notice.alone)  # fmt: skip
    if alert.status == Alert.Status.ACTUAL:
        live.announce(TOPIC, [alert_row(alert)])


def counts_of(notice: Notice) -> dict[str, Any]:
    """Whom it would reach, as staff see it and as it is kept with the notice."""
    counts = count_audience(Audience(notice.geom))
    return {
        "by_cell": counts.by_cell,
        "by_place": counts.by_place,
        "persons": counts.persons,
        "cells": counts.cells,
        "km2": round(area_km2(notice.geom), 2),
        "over_reach": round(counts.over_reach, 3),
        "languages": dict(counts.languages),
        "transports": dict(counts.transports),
        "mobility": dict(counts.mobility),
        "sha256": hashlib.sha256(bytes(notice.geom.wkb)).hexdigest(),
    }


def is_wide(counts: Mapping[str, Any] | None) -> bool:
    if not counts:
        return False
    by_size = counts["km2"] > settings.ALERT_WIDE_KM2
    return bool(by_size or counts["by_cell"] > settings.ALERT_WIDE_DEVICES)


def wide_phrase(counts: Mapping[str, Any]) -> str:
    """What has to be typed: nobody types it without having read it."""
    return f"{counts['km2']:.0f} km2 {counts['by_cell']}"


def participants(alert: Alert) -> list[Person]:
    """Who gets an exercise or a test: the desk's staff, and nobody else."""
    department = alert.drill.department if alert.drill else alert.department
    members = Person.objects.present().filter(user__memberships__department=department)
    return list({one.pk: one for one in [*members, *on_duty(department, clock.now())]}.values())


# ---------------------------------------------------------------- inside


def _check_texts(notice: Notice) -> None:
    errors = {}
    for language, _name in settings.LANGUAGES:
        words = texts.Words.read(notice.texts.get(language, {}))
        for fault in texts.check(words):
            if fault.must:
                errors[f"texts.{language}.{fault.field}"] = fault.reason
    if errors:
        raise Invalid(_("Some words are missing or too long."), errors=errors)


def _check_eyes(notice: Notice, actor: str, *, alone: bool) -> None:
    if notice.proposed_by != actor:
        return
    urgent = notice.severity == Severity.EXTREME and notice.urgency == Urgency.IMMEDIATE
    if not (alone and urgent):
        raise SecondPersonNeeded


def _check_width(notice: Notice, confirmation: str) -> None:
    counts = notice.counts or {}
    if is_wide(counts) and confirmation.strip() != wide_phrase(counts):
        raise TooWide(phrase=wide_phrase(counts))


def _write_cap(notice: Notice) -> None:
    """The message as it will stand for ever. Raises ChainEnded, Invalid."""
    now = clock.now().replace(microsecond=0)
    notice.sent_at, notice.sender = now, settings.ALERT_SENDER
    notice.identifier = (
        f"{settings.ALERT_ID_PREFIX}.{now:%Y.%m.%d.%H.%M.%S}.{notice.alert.pk}.{notice.number}"
    )
    try:
        document = cap.to_xml(cap_of(notice))
    except WrongStep as error:
        raise ChainEnded(_(str(error))) from error
    except cap.InvalidCap as error:
        raise Invalid(errors={error.field: error.reason}) from error
    notice.cap_xml = document.decode()
    notice.cap_hash = hashlib.sha256(document).hexdigest()
    notice.references = [reference.written() for reference in cap.from_xml(document).references]
    notice.state = State.ISSUED
    notice.save()


def _move(alert: Alert, notice: Notice) -> None:
    step = Step(notice.step)
    state = {
        Step.ALL_CLEAR: Alert.State.ENDED, Step.CANCEL: Alert.State.CANCELLED,
    }.get(step, Alert.State.IN_FORCE)  # fmt: skip
    ended_at = clock.now() if step in ENDS else None
    Alert.objects.filter(pk=alert.pk).update(
        **LiveRow.touched(), state=state, current=notice, ended_at=ended_at
    )
    alert.refresh_from_db()


def _tell(notice: Notice, before: Notice | None) -> int:
    """Wake phones, unless nothing that matters has changed. Returns how many recipients."""
    alert = notice.alert
    key = f"{alert.cause}:{notice.number}"
    if before is not None and not _matters(notice, before):
        return 0
    message = push_of(notice)
    if alert.status != Alert.Status.ACTUAL:
        told = tell_each(
            to=participants(alert), message=message, lane=Lane.SERVICE, key=key, cause=alert.cause
        )
        return sum(telling.planned for telling in told)
    audience = Audience(
        notice.geom, broadcast=is_critical(notice), and_told=alert.cause if before else ""
    )
    telling = tell(to=audience, message=message, lane=Lane.LIFE_SAFETY, key=key, cause=alert.cause)
    return telling.planned


def _matters(notice: Notice, before: Notice) -> bool:
    """An update rings again if it is worse, reaches further, or asks for something else."""
    if Step(notice.step) in ENDS:
        return True
    worse = _rank(notice.severity) > _rank(before.severity)
    asks = {language: words.get("instruction") for language, words in notice.texts.items()}
    asked = {language: words.get("instruction") for language, words in before.texts.items()}
    return worse or asks != asked or not before.geom.covers(notice.geom)


def _rank(severity: str) -> int:
    order = (Severity.UNKNOWN, Severity.MINOR, Severity.MODERATE, Severity.SEVERE, Severity.EXTREME)
    return order.index(Severity(severity))


def _consequences(notice: Notice, actor: str) -> None:
    alert = notice.alert
    if alert.status != Alert.Status.ACTUAL:
        return
    if Step(notice.step) in ENDS:
        close_streets(alert, actor=actor)
    else:
        open_streets(notice, actor=actor)
        if alert.assessment is not None:
            mark_alerted(code=str(alert.assessment.code), actor=actor)


def _record(notice: Notice, action: str, actor: str, **detail: Any) -> None:
    audit.record(
        actor=actor,
        action=f"alerts.notice.{action}",
        subject=notice.alert.cause,
        detail={"notice": str(notice.code), "step": notice.step, "number": notice.number, **detail},
    )
