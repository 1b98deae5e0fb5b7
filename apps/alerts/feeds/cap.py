"""`/cap/…`: every message as CAP 1.2, and Atom and RSS feeds of what was sent of late.

An entry is one message; its link is the CAP document; `updated` and `pubDate` are its `sent`.
"""

from datetime import timedelta
from email.utils import format_datetime

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from lxml import etree

from apps.alerts.core.texts import Words
from apps.alerts.models import Alert, Notice
from apps.base import clock
from apps.base.answers import answer
from apps.base.problems import NotFound
from apps.city.models import founded

ATOM = "http://www.w3.org/2005/Atom"
KEPT_IN_FEED = timedelta(days=7)
MOST = 200


def cap_document(_request: HttpRequest, identifier: str) -> HttpResponse:
    """One message, as it was sent and for ever."""
    notice = _public().filter(identifier=identifier).first()
    if notice is None:
        raise NotFound
    response = HttpResponse(notice.cap_xml, content_type="application/cap+xml; charset=utf-8")
    response["ETag"] = f'"{notice.cap_hash[:24]}"'
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def atom(request: HttpRequest) -> HttpResponse:
    return _answer(request, _atom(_of_late()), "application/atom+xml")


def rss(request: HttpRequest) -> HttpResponse:
    return _answer(request, _rss(_of_late()), "application/rss+xml")


def _public() -> QuerySet[Notice]:
    return Notice.objects.filter(
        state=Notice.State.ISSUED, alert__status=Alert.Status.ACTUAL
    ).select_related("alert")


def _of_late() -> list[Notice]:
    rows = _public().filter(sent_at__gt=clock.now() - KEPT_IN_FEED)
    return list(rows.order_by("-sent_at", "-pk")[:MOST])


def _answer(request: HttpRequest, body: bytes, content_type: str) -> HttpResponse:
    return answer(request, body, content_type=f"{content_type}; charset=utf-8", ttl_s=10)


def _title() -> str:
    city = founded().first()
    name = city.names.get(get_language() or "") or city.names.get("") if city else ""
    return f"{name or 'Citizen'} · CAP"


def _words(notice: Notice) -> Words:
    texts = notice.texts.get(get_language() or "") or next(iter(notice.texts.values()))
    return Words.read(texts)


def _url(notice: Notice) -> str:
    return f"{settings.PUBLIC_URL}/cap/{notice.identifier}.xml"


def _atom(notices: list[Notice]) -> bytes:
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    _atom_text(root, "id", f"{settings.PUBLIC_URL}/cap/feed.atom")
    _atom_text(root, "title", _title())
    newest = notices[0].sent_at if notices else None
    _atom_text(root, "updated", newest.isoformat() if newest else "1970-01-01T00:00:00+00:00")
    author = etree.SubElement(root, f"{{{ATOM}}}author")
    _atom_text(author, "name", settings.ALERT_SENDER)
    link = {"rel": "self", "href": f"{settings.PUBLIC_URL}/cap/feed.atom"}
    etree.SubElement(root, f"{{{ATOM}}}link", link)
    for notice in notices:
        _atom_entry(root, notice)
    return _written(root)


def _atom_entry(root: etree._Element, notice: Notice) -> None:
    assert notice.sent_at is not None, "what is issued was sent"
    words = _words(notice)
    entry = etree.SubElement(root, f"{{{ATOM}}}entry")
    _atom_text(entry, "id", notice.identifier)
    _atom_text(entry, "title", words.headline)
    _atom_text(entry, "updated", notice.sent_at.isoformat())
    _atom_text(entry, "summary", f"{words.description} {words.instruction}")
    link = {"type": "application/cap+xml", "href": _url(notice)}
    etree.SubElement(entry, f"{{{ATOM}}}link", link)
    etree.SubElement(entry, f"{{{ATOM}}}category", {"term": notice.severity})


def _atom_text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}").text = text


def _rss(notices: list[Notice]) -> bytes:
    root = etree.Element("rss", {"version": "2.0"})
    channel = etree.SubElement(root, "channel")
    for name, text in (
        ("title", _title()), ("link", settings.PUBLIC_URL), ("description", "CAP 1.2"),
    ):  # fmt: skip
        etree.SubElement(channel, name).text = text
    for notice in notices:
        assert notice.sent_at is not None, "what is issued was sent"
        words = _words(notice)
        item = etree.SubElement(channel, "item")
        for name, text in (
            ("title", words.headline), ("link", _url(notice)),
            ("description", f"{words.description} {words.instruction}"),
            ("pubDate", format_datetime(notice.sent_at)),
        ):  # fmt: skip
            etree.SubElement(item, name).text = text
        etree.SubElement(item, "guid", {"isPermaLink": "false"}).text = notice.identifier
    return _written(root)


def _written(root: etree._Element) -> bytes:
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return content
