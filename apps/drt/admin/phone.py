"""Booking by telephone: the same offers as in the app, read out and taken by the operator.

Who has no smartphone is found by their number, or becomes known by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from apps.accounts.models import Person
from apps.accounts.selectors.persons import person_at
from apps.accounts.services.contacts import read_address
from apps.accounts.services.persons import recognise_person, update_person
from apps.base import audit, clock
from apps.base.problems import Invalid, Problem
from apps.city.models import the_city
from apps.city.selectors.search import Found, Wanted, search
from apps.drt.core.capacity import Capacity
from apps.drt.models import Booking, Service, VirtualStop
from apps.drt.services.bookings import book_ride
from apps.drt.services.claims import Claim
from apps.drt.services.quotes import make_quote
from apps.drt.services.wishes import Wish

WHEN = (
    ("now", gettext_lazy("as soon as possible")),
    ("depart", gettext_lazy("depart at")),
    ("arrive", gettext_lazy("arrive by")),
)


class CallForm(forms.Form):
    """What the operator asks the caller."""

    phone = forms.CharField(
        label=gettext_lazy("Telephone number"), widget=UnfoldAdminTextInputWidget
    )
    name = forms.CharField(
        label=gettext_lazy("Name, if not known yet"),
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )
    service = forms.ModelChoiceField(
        label=gettext_lazy("Service"),
        queryset=Service.objects.filter(retired_at=None),
        widget=UnfoldAdminSelectWidget,
        empty_label=None,
    )
    origin = forms.CharField(
        label=gettext_lazy("From"),
        help_text=gettext_lazy("A place, an address, or a stop."),
        widget=UnfoldAdminTextInputWidget,
    )
    destination = forms.CharField(label=gettext_lazy("To"), widget=UnfoldAdminTextInputWidget)
    when = forms.ChoiceField(
        label=gettext_lazy("When"), choices=WHEN, widget=UnfoldAdminSelectWidget
    )
    at = forms.DateTimeField(
        label=gettext_lazy("Time"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M"],
        widget=UnfoldAdminTextInputWidget(attrs={"type": "datetime-local"}),
    )
    seats = forms.IntegerField(
        label=gettext_lazy("Seats"),
        initial=1,
        min_value=0,
        max_value=20,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    wheelchairs = forms.IntegerField(
        label=gettext_lazy("Wheelchairs"),
        initial=0,
        min_value=0,
        max_value=4,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    step_free = forms.BooleanField(
        label=gettext_lazy("No steps"), required=False, widget=UnfoldBooleanWidget
    )
    note = forms.CharField(
        label=gettext_lazy("Note for the driver"),
        required=False,
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
    )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("when") != "now" and not told.get("at"):
            self.add_error("at", _("Say when."))
        return told


@dataclass(frozen=True, slots=True)
class Shown:
    """An offer as the operator reads it out."""

    token: str
    claim: Claim
    pickup_stop: str
    dropoff_stop: str


def page(request: HttpRequest, *, context: dict[str, Any]) -> HttpResponse:
    """Ask, read out the offers, take one: each a POST of the same form."""
    form = CallForm(request.POST or None)
    offers: list[Shown] = []
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("offer"):
                return _taken(request, form.cleaned_data, request.POST["offer"])
            offers = _offers(form.cleaned_data)
        except Problem as problem:
            _say(form, problem)
    more = {"title": _("Book by telephone"), "form": form, "offers": offers}
    return render(request, "drt/phone.html", context | more)


def _say(form: CallForm, problem: Problem) -> None:
    """A problem beside the field at fault, with what would have been possible."""
    for name, text in problem.errors.items():
        form.add_error(name if name in form.fields else None, str(text))
    if not problem.errors:
        form.add_error(None, str(problem.detail or problem.title))
    for remedy in problem.extra.get("remedies", ()):
        form.add_error(None, remedy["text"])


def _offers(told: Mapping[str, Any]) -> list[Shown]:
    quote = make_quote(wish=_wish(told), person=_known(told["phone"]))
    codes = {code for o in quote.offers for code in (o.claim.pickup_stop, o.claim.dropoff_stop)}
    stops = VirtualStop.objects.in_bulk(codes, field_name="code")
    return [
        Shown(
            one.token,
            one.claim,
            str(stops[one.claim.pickup_stop]),
            str(stops[one.claim.dropoff_stop]),
        )
        for one in quote.offers
    ]


def _known(phone: str) -> Person | None:
    return person_at(read_address("phone", phone, field="phone"))


def _wish(told: Mapping[str, Any]) -> Wish:
    origin, destination = (
        _place(told["origin"], "origin"),
        _place(told["destination"], "destination"),
    )
    at = _moment(told)
    arrives = told["when"] == "arrive"
    return Wish(
        origin=(origin.lon, origin.lat),
        destination=(destination.lon, destination.lat),
        origin_name=told["origin"],
        destination_name=told["destination"],
        depart_after=None if arrives else at,
        arrive_by=at if arrives else None,
        party=Capacity(seats=told["seats"], wheelchair_bays=told["wheelchairs"]),
        step_free=told["step_free"],
        service=told["service"].code,
    )


def _moment(told: Mapping[str, Any]) -> datetime:
    if told["when"] == "now":
        return clock.now()
    at: datetime = told["at"]
    return at.replace(tzinfo=the_city().zone)


def _place(text: str, name: str) -> Found:
    """The likeliest meaning of what the caller says. Raises Invalid."""
    stop = VirtualStop.objects.in_use().filter(code__iexact=text.strip()).first()
    if stop is not None:
        return Found("stop", stop.names, stop.geom.x, stop.geom.y, 1.0)
    found = search(Wanted(text=text))
    if not found:
        raise Invalid(errors={name: _("This place is not known. Try a street or a stop.")})
    return found[0]


def _taken(request: HttpRequest, told: Mapping[str, Any], token: str) -> HttpResponse:
    person = _known(told["phone"]) or _newly_known(told)
    done = book_ride(
        person=person,
        token=token,
        channel=Booking.Channel.PHONE,
        note_for_driver=told["note"],
        actor=str(request.user),
    )
    booking = Booking.objects.get(code=done["code"])
    audit.record(
        actor=str(request.user),
        action="drt.booking.booked_by_phone",
        subject=f"drt.booking:{booking.code}",
    )
    messages.success(request, _("The ride is booked for %s.") % person)
    return HttpResponseRedirect(reverse("admin:drt_booking_change", args=[booking.pk]))


def _newly_known(told: Mapping[str, Any]) -> Person:
    """The caller's number is vouched for by the call."""
    person = recognise_person(address=read_address("phone", told["phone"], field="phone"))
    return update_person(person=person, display_name=told["name"]) if told["name"] else person
