"""Requests move by the table of `core.states`, and only here: locked, checked, written down, with
the clock, the obstruction and everybody who follows."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Department, Person
from apps.base import clock
from apps.base.commands import run_once
from apps.base.problems import Conflict, Invalid, NotAllowed, Text
from apps.complaints.core.states import (
    CLOSED,
    MOVES,
    PAUSED,
    MoveRefused,
    Needs,
    State,
    Who,
    check_move,
)
from apps.complaints.events import on_commit, request_changed
from apps.complaints.models import Assignment, Note, ServiceRequest, StatusChange
from apps.complaints.services import clocks, obstructions, telling
from apps.complaints.services.history import note_move
from apps.complaints.services.privacy import take_in

TEXT_LENGTH = 1000
_WANTED: dict[Needs, tuple[str, Text]] = {
    Needs.PUBLIC_NOTE: ("public_note", _("The reporter reads this: say what was or will be done.")),
    Needs.REASON: ("reason", _("Say why.")),
    Needs.LOCATION: ("lat", _("Say where it is.")),
    Needs.ORIGINAL: ("original", _("Say which request this one repeats.")),
}


@transaction.atomic
def move_request(
    *,
    request: ServiceRequest,
    after: str,
    who: Who,
    actor: str,
    reason: str = "",
    public_note: str = "",
    media_url: str = "",
    original: ServiceRequest | None = None,
    changes: dict[str, Any] | None = None,
) -> ServiceRequest:
    """Make one move of the table.

    Raises:
        Conflict: the table has no such move from where the request stands.
        NotAllowed: this actor may not make it.
        Invalid: something that must come with it is missing.
    """
    _check_lengths(reason=reason, public_note=public_note)
    row = locked(request)
    before = State(row.state)
    _check(row, State(after), who, actor, reason, public_note, original, changes or {})
    spoken = take_in(request=row, field="public_note", text=public_note)
    why = take_in(request=row, field="reason", text=reason)
    note_move(row, before, after, actor=actor, reason=why, public_note=spoken, media_url=media_url)
    _write(row, State(after), spoken, original, changes or {})
    _mind_the_clock(row, before, State(after))
    obstructions.follow(request=row, actor=actor)
    telling.tell_about(row, after, note=spoken)
    on_commit(request_changed, code=str(row.code), state=row.state)
    return row


def locked(request: ServiceRequest) -> ServiceRequest:
    rows = ServiceRequest.objects.select_for_update(of=("self",))
    return rows.select_related("service__group", "department").get(pk=request.pk)


def _check_lengths(**texts: str) -> None:
    if long := [name for name, text in texts.items() if len(text) > TEXT_LENGTH]:
        raise Invalid(errors={name: _("At most 1,000 letters.") for name in long})


def _check(
    row: ServiceRequest,
    after: State,
    who: Who,
    actor: str,
    reason: str,
    public_note: str,
    original: ServiceRequest | None,
    changes: dict[str, Any],
) -> None:
    before = State(row.state)
    given = {
        Needs.PUBLIC_NOTE: public_note.strip(),
        Needs.REASON: reason.strip(),
        Needs.LOCATION: changes.get("geom") or changes.get("address"),
        Needs.ORIGINAL: original,
    }
    if after is State.REOPENED and not row.may_be_reopened(clock.now()):
        raise Conflict(_("A request can be opened again within 30 days after it was closed."))
    if who is Who.SECOND_STAFF and actor == _proposer(row):
        raise NotAllowed(_("Somebody else than the one who proposed it has to confirm."))
    try:
        check_move(before, after, who=who, given={name for name, value in given.items() if value})
    except MoveRefused as refused:
        if refused.missing:
            raise Invalid(errors=dict(_WANTED[need] for need in refused.missing)) from refused
        if (before, after) in MOVES:
            raise NotAllowed from refused
        names = {"is": row.get_state_display(), "wanted": ServiceRequest.State(after).label}
        raise Conflict(_("What is “%(is)s” cannot become “%(wanted)s”.") % names) from refused


def _proposer(row: ServiceRequest) -> str:
    proposals = StatusChange.objects.filter(request=row, state=State.REJECTION_PROPOSED)
    return proposals.order_by("-pk").values_list("actor", flat=True).first() or ""


def _write(
    row: ServiceRequest,
    after: State,
    spoken: str,
    original: ServiceRequest | None,
    changes: dict[str, Any],
) -> None:
    now = clock.now()
    fields: dict[str, Any] = {
        "state": after,
        "updated_at": now,
        "duplicate_of": original if after is State.DUPLICATE else None,
        "closed_at": (row.closed_at or now) if after in CLOSED else None,
        **changes,
    }
    if spoken:
        fields["status_notes"] = spoken
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))


def _mind_the_clock(row: ServiceRequest, before: State, after: State) -> None:
    if after in CLOSED:
        clocks.stop_clock(request=row)
    elif before in CLOSED:
        clocks.start_clock(request=row)
    elif after in PAUSED and before not in PAUSED:
        clocks.pause_clock(request=row)
    elif before in PAUSED and after not in PAUSED:
        clocks.resume_clock(request=row)


# ---------------------------------------------------------------- what people do


def once(
    *, key: str | None, actor: str, command: str, request: ServiceRequest, asked: dict[str, Any],
    do: Callable[[], Any],
) -> None:  # fmt: skip
    """Carry a citizen's command out once per key."""

    def carry_out() -> dict[str, Any]:
        do()
        return {"code": str(request.code)}

    of = {**asked, "of": request.code}
    run_once(key=key, actor=actor, command=f"complaints.{command}", request=of, do=carry_out)


def withdraw_request(
    *, request: ServiceRequest, actor: str, reason: str = "", key: str | None = None
) -> None:
    """The reporter takes it back. Raises Conflict where it is closed."""
    do = partial(move_request, request=request, after=State.WITHDRAWN, who=Who.CITIZEN, actor=actor,
                 reason=reason)  # fmt: skip
    once(key=key, actor=actor, command="withdraw", request=request, asked={"why": reason}, do=do)


def reopen_request(
    *, request: ServiceRequest, actor: str, reason: str, who: Who = Who.CITIZEN,
    key: str | None = None,
) -> None:  # fmt: skip
    """It was not done. Raises Conflict after 30 days, Invalid without a reason."""
    do = partial(
        move_request, request=request, after=State.REOPENED, who=who, actor=actor, reason=reason
    )
    once(key=key, actor=actor, command="reopen", request=request, asked={"why": reason}, do=do)


@transaction.atomic
def add_words(*, request: ServiceRequest, text: str, actor: str) -> ServiceRequest:
    """The reporter answers or adds something; a request that waited for it goes on."""
    row = locked(request)
    if not row.is_open:
        raise Conflict(_("This request is closed."))
    if not text.strip() or len(text) > TEXT_LENGTH * 2:
        raise Invalid(errors={"text": _("Between one and 2,000 letters.")})
    kept = take_in(request=row, field="added", text=text)
    Note.objects.create(request=row, text=kept, at=clock.now(), actor=actor)
    if row.state == State.WAITING_CITIZEN:
        return move_request(request=row, after=State.TRIAGED, who=Who.CITIZEN, actor=actor)
    row.updated_at = clock.now()
    row.save(update_fields=["updated_at"])
    telling.tell_staff(row, "added")
    return row


@transaction.atomic
def assign_request(
    *,
    request: ServiceRequest,
    department: Department,
    actor: str,
    assignee: Person | None = None,
    reason: str = "",
) -> ServiceRequest:
    """Give it to a department, and there to a person if one is named; a hand-over says why."""
    row = locked(request)
    if department.pk != row.department_id and not reason.strip():
        raise Invalid(errors={"reason": _("Say why it goes to another department.")})
    moved = move_request(
        request=row,
        after=State.ASSIGNED,
        who=Who.STAFF,
        actor=actor,
        reason=reason,
        changes={"department": department, "assignee": assignee},
    )
    Assignment.objects.create(
        request=moved, department=department, assignee=assignee, at=clock.now(), actor=actor,
        reason=moved.changes.values_list("reason", flat=True).last() or "",
    )  # fmt: skip
    telling.tell_staff(moved, "assigned")
    return moved


@transaction.atomic
def extend_period(*, request: ServiceRequest, actor: str, reason: str) -> ServiceRequest:
    """More time, with notice to the reporter. Raises Invalid, Conflict."""
    row = locked(request)
    clocks.extend_clock(request=row, reason=reason)
    kept = take_in(request=row, field="extension", text=reason)
    Note.objects.create(request=row, text=kept, at=clock.now(), actor=actor)
    row.refresh_from_db()
    telling.tell_about(row, "extended", note=kept)
    return row


@transaction.atomic
def write_note(*, request: ServiceRequest, text: str, actor: str) -> Note:
    """A note among staff. Raises Invalid for an empty one."""
    if not text.strip() or len(text) > 4000:
        raise Invalid(errors={"text": _("Between one and 4,000 letters.")})
    kept = take_in(request=request, field="note", text=text)
    return Note.objects.create(request=request, text=kept, at=clock.now(), actor=actor)
