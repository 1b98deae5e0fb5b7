"""What staff read afterwards and meanwhile, in words: how far a notice has come and why some were
not reached; and how a drill went."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.alerts.models import Alert, Notice
from apps.alerts.selectors.delivery import delivery_of
from apps.hazards.models import HazardKind

WAYS: Mapping[str, Any] = {
    "fcm": _("apps on phones"),
    "fcm_topic": _("cells woken (everybody who follows them)"),
    "webpush": _("browsers"),
    "inbox": _("inboxes in the app"),
    "email": _("e-mail"),
    "sms": _("text messages"),
    "voice": _("telephone calls"),
}
APP_GONE = _("the app is no longer on the device")
REASONS: Mapping[str, Any] = {
    "unregistered": APP_GONE,
    "invalid_token": APP_GONE,
    "sender_id_mismatch": APP_GONE,
    "unreadable": APP_GONE,
    "http_404": APP_GONE,
    "http_410": APP_GONE,
    "ended": _("they signed the device off"),
    "no_address": _("they gave the address up"),
    "expired": _("it would have come too late"),
}


def board_of(alert: Alert) -> dict[str, Any]:
    """Everything the board shows, as its script asks for it every other second."""
    board = delivery_of(alert).document()
    ways = board.pop("transports")
    board["ways"] = [{"name": str(WAYS.get(kind, kind)), **ways[kind]} for kind in ways]
    board["reasons"] = _in_words(board["reasons"])
    return board


def _in_words(reasons: Mapping[str, int]) -> list[dict[str, Any]]:
    """Most frequent first; what means the same to staff is one line."""
    counted = Counter[str]()
    for reason, count in reasons.items():
        counted[str(REASONS.get(reason, reason))] += count
    return [{"reason": words, "count": count} for words, count in counted.most_common()]


def report_in_words(report: Mapping[str, Any]) -> dict[str, Any]:
    """A drill's report as its page shows it."""
    alerts = [
        {
            **alert,
            "kind": HazardKind(alert["kind"]).label,
            "notices": [_notice_in_words(notice) for notice in alert["notices"]],
        }
        for alert in report["alerts"]
    ]
    open_ends = [gettext(finding) for finding in report["open_ends"]]
    return {**report, "alerts": alerts, "open_ends": open_ends}


def _notice_in_words(notice: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **notice,
        "step": dict(Notice.STEPS).get(notice["step"], notice["step"]),
        "state": Notice.State(notice["state"]).label,
        "drafting": lasted(notice["drafting_s"]),
        "approval": lasted(notice["approval_s"]),
    }


def lasted(seconds: float | None) -> str:
    """As on a stopwatch: minutes and seconds, with hours if there are any."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
