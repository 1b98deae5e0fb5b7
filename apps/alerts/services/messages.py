"""A notice as CAP, and as what a phone gets."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from shapely import from_wkb

from apps.alerts.core import areas, cap
from apps.alerts.core.chains import MESSAGE_TYPE, Step, references_for
from apps.alerts.core.texts import Words
from apps.alerts.models import Alert, Notice
from apps.alerts.selectors.chains import chain_of
from apps.alerts.services.wording import WORDINGS, event_name
from apps.base.names import pick
from apps.hazards.models import Severity, Urgency
from apps.notify.services import Content, Message

CRITICAL = (Severity.EXTREME, Severity.SEVERE)
SOON = (Urgency.IMMEDIATE, Urgency.EXPECTED)


def cap_of(notice: Notice) -> cap.Alert:
    """The CAP message of a notice that has its identifier. Raises WrongStep, InvalidCap."""
    assert notice.sent_at is not None, "a message knows when it was sent"
    step = Step(notice.step)
    return cap.Alert(
        identifier=notice.identifier,
        sender=notice.sender,
        sent=notice.sent_at,
        status=notice.alert.status,
        message_type=MESSAGE_TYPE[step],
        note=notice.note,
        references=references_for(step, chain_of(notice.alert)),
        incidents=(str(notice.alert.code),),
        infos=tuple(_info(notice, language) for language in notice.texts),
    )


def _info(notice: Notice, language: str) -> cap.Info:
    words = Words.read(notice.texts[language])
    wording = WORDINGS[notice.alert.kind]
    return cap.Info(
        language=language,
        category=wording.category,
        event=event_name(notice.alert.kind, language),
        urgency=notice.urgency,
        severity=notice.severity,
        certainty=notice.certainty,
        responses=tuple(notice.responses),
        event_codes=_codes(notice),
        effective=notice.sent_at,
        onset=notice.onset_at,
        expires=notice.expires_at,
        sender_name=_sender_name(language),
        headline=words.headline,
        description=words.description,
        instruction=words.instruction,
        web=f"{settings.PUBLIC_URL}/?alert={notice.alert.code}",
        areas=(_area(notice, language),),
    )


def _codes(notice: Notice) -> tuple[tuple[str, str], ...]:
    same = WORDINGS[notice.alert.kind].code
    own = ("citizen:hazard", notice.alert.kind)
    return (("SAME", same), own) if same else (own,)


def _sender_name(language: str) -> str:
    with translation.override(language):
        return _("City alert centre")


def _area(notice: Notice, language: str) -> cap.Area:
    simple = areas.simplified(from_wkb(bytes(notice.geom.wkb)))
    rings = tuple(
        tuple((float(lon), float(lat)) for lon, lat in part.exterior.coords)
        for part in simple.geoms
    )
    return cap.Area(pick(notice.area_names, language) or _("the marked area"), rings)


def push_of(notice: Notice) -> Message:
    """What phones get: the words, and a polygon small enough to decide by."""
    alert = notice.alert
    return Message(
        contents={
            language: _content(alert, Words.read(texts), language)
            for language, texts in notice.texts.items()
        },
        category="alert",
        tag=f"alert-{alert.code.hex}",
        version=notice.number,
        data={
            "alert": str(alert.code),
            "status": alert.status,
            "step": notice.step,
            "severity": notice.severity,
            "expires_at": notice.expires_at.isoformat(),
            "polygon": _polygon(notice),
        },
        link=f"/?alert={alert.code}",
        expires_at=notice.expires_at,
        critical=is_critical(notice),
        escalates=is_critical(notice) and alert.status == Alert.Status.ACTUAL,
    )


def is_critical(notice: Notice) -> bool:
    """Breaks quiet hours: extreme or severe, and soon; and whatever ends such a one."""
    ends = notice.step in (Step.ALL_CLEAR.value, Step.CANCEL.value)
    return notice.severity in CRITICAL and notice.urgency in SOON and not ends


def _polygon(notice: Notice) -> str:
    shape = from_wkb(bytes(notice.geom.wkb))
    simple = areas.simplified(shape, max_nodes=areas.MAX_PUSH_NODES)
    written = areas.written(simple)
    if len(written) <= 1600:
        return written
    west, south, east, north = notice.geom.extent
    return f"{south:.5f},{west:.5f} {north:.5f},{east:.5f}"


def _content(alert: Alert, words: Words, language: str) -> Content:
    with translation.override(language):
        marks = {Alert.Status.EXERCISE: _("[Exercise] "), Alert.Status.TEST: _("[Test] ")}
    mark = str(marks.get(Alert.Status(alert.status), ""))
    return Content(
        title=(mark + words.headline)[:160],
        body=words.body[:600],
        speech=(mark + words.speech)[:1200],
        short=mark + (words.short or words.headline),
    )
