"""The staff's first page and the menu beside every page of the admin."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.base.cards import cards

# Title, then its pages: name, Material symbol, admin page, the permission that shows it.
Page = tuple[str | Promise, str, str, str]
MENU: tuple[tuple[str | Promise, tuple[Page, ...]], ...] = (
    (
        _("City"),
        (
            (_("Obstructions"), "block", "city_obstruction", "city.view_obstruction"),
            (_("Places"), "place", "city_place", "city.view_place"),
            (_("Special days"), "event", "city_calendarday", "city.view_calendarday"),
            (_("Map imports"), "map", "city_importrun", "city.view_importrun"),
            (_("City"), "location_city", "city_city", "city.view_city"),
        ),
    ),
    (
        _("Ways without barriers"),
        (
            (
                _("Reports by citizens"),
                "campaign",
                "navigation_obstaclereport",
                "navigation.view_obstaclereport",
            ),
            (_("Lifts"), "elevator", "navigation_lift", "navigation.view_lift"),
            (_("Graph builds"), "route", "navigation_graphbuild", "navigation.view_graphbuild"),
            (
                _("Height models"),
                "terrain",
                "navigation_heightmodel",
                "navigation.view_heightmodel",
            ),
        ),
    ),
    (
        _("Danger"),
        (
            (
                _("Inbox"),
                "crisis_alert",
                "hazards_assessment",
                "hazards.view_assessment",
            ),
            (_("Alerts"), "campaign", "alerts_alert", "alerts.view_alert"),
            (_("Notices"), "rate_review", "alerts_notice", "alerts.view_notice"),
            (
                _("Safe / need help"),
                "health_and_safety",
                "alerts_safetyanswer",
                "alerts.view_safetyanswer",
            ),
            (_("Policies"), "rule", "alerts_policy", "alerts.view_policy"),
            (_("Drills"), "model_training", "alerts_drill", "alerts.view_drill"),
            (_("Kill switch"), "front_hand", "alerts_halt", "alerts.view_halt"),
            (_("CAP sources"), "hub", "alerts_capsource", "alerts.view_capsource"),
            (_("Sent messages"), "outbox", "notify_telling", "notify.view_telling"),
        ),
    ),
    (
        _("Complaints"),
        (
            (
                _("Inbox"),
                "inbox",
                "complaints_servicerequest",
                "complaints.view_servicerequest",
            ),
            (_("Services"), "category", "complaints_service", "complaints.view_service"),
            (
                _("Routing rules"),
                "alt_route",
                "complaints_routingrule",
                "complaints.view_routingrule",
            ),
            (
                _("Classifier"),
                "model_training",
                "complaints_modelversion",
                "complaints.view_modelversion",
            ),
            (
                _("Templates"),
                "article",
                "complaints_responsetemplate",
                "complaints.view_responsetemplate",
            ),
            (_("Feedback"), "reviews", "complaints_feedback", "complaints.view_feedback"),
            (_("Open311 clients"), "api", "complaints_apiclient", "complaints.view_apiclient"),
        ),
    ),
    (
        _("Assistant"),
        (
            (
                _("Live conversations"),
                "forum",
                "assistant_conversation",
                "assistant.view_conversation",
            ),
            (
                _("Knowledge"),
                "menu_book",
                "assistant_knowledgearticle",
                "assistant.view_knowledgearticle",
            ),
            (
                _("Unanswered questions"),
                "help",
                "assistant_unansweredquestion",
                "assistant.view_unansweredquestion",
            ),
            (
                _("Intent review"),
                "spellcheck",
                "assistant_intentreview",
                "assistant.view_intentreview",
            ),
        ),
    ),
    (
        _("Telephone"),
        (
            (_("Calls"), "call", "assistant_call", "assistant.view_call"),
            (
                _("Calls made by us"),
                "phone_forwarded",
                "assistant_outboundcall",
                "assistant.view_outboundcall",
            ),
            (
                _("Who listened"),
                "hearing",
                "assistant_recordingaccess",
                "assistant.view_recordingaccess",
            ),
        ),
    ),
    (
        _("Parking"),
        (
            (
                _("Parking sites"),
                "local_parking",
                "parking_parkingsite",
                "parking.view_parkingsite",
            ),
            (_("Reservations"), "event_seat", "parking_reservation", "parking.view_reservation"),
            (_("Tariffs"), "payments", "parking_tariff", "parking.view_tariff"),
            (
                _("Shared bays"),
                "volunteer_activism",
                "parking_sharedoffer",
                "parking.view_sharedoffer",
            ),
            (_("Ledger"), "account_balance", "parking_transaction", "parking.view_transaction"),
            (_("Feeds"), "cable", "parking_poolfeed", "parking.view_poolfeed"),
            (_("Excluded devices"), "block", "parking_exclusion", "parking.view_exclusion"),
            (_("Overrides"), "edit_note", "parking_override", "parking.view_override"),
            (_("Forecasts"), "insights", "parking_forecastmodel", "parking.view_forecastmodel"),
        ),
    ),
    (
        _("Rides"),
        (
            (_("Ride services and boards"), "airport_shuttle", "drt_service", "drt.view_service"),
            (_("Rides"), "hail", "drt_booking", "drt.view_booking"),
            (_("Shifts"), "schedule", "drt_shift", "drt.view_shift"),
            (_("Vehicles"), "directions_bus", "drt_vehicle", "drt.view_vehicle"),
            (_("Drivers"), "badge", "drt_driver", "drt.view_driver"),
            (_("Zones"), "pentagon", "drt_zone", "drt.view_zone"),
            (_("Virtual stops"), "pin_drop", "drt_virtualstop", "drt.view_virtualstop"),
            (_("Operating rules"), "rule", "drt_operatingrule", "drt.view_operatingrule"),
            (_("Dispatch log"), "history", "drt_dispatchevent", "drt.view_dispatchevent"),
        ),
    ),
    (
        _("Traffic"),
        (
            (_("Traffic map"), "map", "traffic_linkstate", "traffic.view_linkstate"),
            (_("Incidents"), "car_crash", "traffic_incident", "traffic.view_incident"),
            (_("Junctions"), "traffic", "traffic_junction", "traffic.view_junction"),
            (
                _("Ordered patterns"),
                "playlist_play",
                "traffic_patternorder",
                "traffic.view_patternorder",
            ),
            (
                _("Signal commands"),
                "swap_calls",
                "traffic_signalcommand",
                "traffic.view_signalcommand",
            ),
        ),
    ),
    (
        _("What threatens"),
        (
            (_("Gauges"), "water", "hazards_station", "hazards.view_station"),
            (_("Forecasts"), "insights", "hazards_forecast", "hazards.view_forecast"),
            (_("Models"), "model_training", "hazards_modelversion", "hazards.view_modelversion"),
            (_("Reaches"), "flood", "hazards_reach", "hazards.view_reach"),
            (_("Underpasses"), "subway", "hazards_underpass", "hazards.view_underpass"),
            (_("Buildings"), "foundation", "hazards_structure", "hazards.view_structure"),
            (
                _("Inspections"),
                "assignment_late",
                "hazards_inspectionorder",
                "hazards.view_inspectionorder",
            ),
            (_("Detectors"), "detector_smoke", "hazards_detector", "hazards.view_detector"),
        ),
    ),
    (
        _("Devices"),
        (
            (_("Alarms"), "notification_important", "devices_alarm", "devices.view_alarm"),
            (_("Cameras"), "videocam", "devices_camera", "devices.view_camera"),
            (
                _("What cameras saw"),
                "visibility",
                "devices_cameraevent",
                "devices.view_cameraevent",
            ),
            (_("Gateways"), "router", "devices_gateway", "devices.view_gateway"),
            (_("Things"), "sensors", "devices_thing", "devices.view_thing"),
            (_("Datastreams"), "timeline", "devices_datastream", "devices.view_datastream"),
            (_("Quarantine"), "gpp_maybe", "devices_quarantine", "devices.view_quarantine"),
        ),
    ),
    (
        _("People and staff"),
        (
            (
                _("Duty roster"),
                "calendar_view_week",
                "accounts_dutyshift",
                "accounts.view_dutyshift",
            ),
            (_("Persons"), "person", "accounts_person", "accounts.view_person"),
            (_("Staff"), "badge", "accounts_user", "accounts.view_user"),
            (_("Departments"), "account_tree", "accounts_department", "accounts.view_department"),
            (_("Roles"), "key", "accounts_role", "accounts.view_role"),
        ),
    ),
    (
        _("Foundation"),
        (
            (_("Work rows"), "pending_actions", "base_work", "base.view_work"),
            (_("Audit chain"), "link", "base_auditentry", "base.view_auditentry"),
        ),
    ),
)


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    """Only what this member of staff may see."""
    groups = ({"title": title, "items": list(_items(request, pages))} for title, pages in MENU)
    return [group for group in groups if group["items"]]


def _items(request: HttpRequest, pages: tuple[Page, ...]) -> Iterator[dict[str, Any]]:
    for title, icon, page, permission in pages:
        if request.user.has_perm(permission):
            yield {"title": title, "icon": icon, "link": reverse(f"admin:{page}_changelist")}


def first_page(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Adds the cards this member of staff may follow."""
    shown = [card() for _name, card in cards.items()]
    context["cards"] = [card for card in shown if request.user.has_perm(card.permission)]
    return context
