"""Written cases of GeoReport v2: what is asked, and what must come of it. Each is tried in XML and
in JSON; the benchmark counts how many deviate.

`Case.expect` names what is looked at: a status, texts that the answer's entries must hold, and how
many entries there are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KEY, PARTNER, FORGED = "{key}", "{partner}", "forged-key"
KERB, LAMP, NOISE = "{kerb}", "{lamp}", "{noise}"  # numbers of requests filed before
PLACE = {"lat": "37.43", "long": "127.26"}
GOOD = {"api_key": KEY, "service_code": "pavement", "description": "Broken kerb", **PLACE}


@dataclass(frozen=True)
class Case:
    name: str
    path: str
    status: int
    query: Mapping[str, Any] = field(default_factory=dict)
    form: Mapping[str, Any] | None = None
    entries: int | None = None
    has: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the first entry (or of the document): a value, or ... for any that is not empty."""
    lacks: tuple[str, ...] = ()
    says: str = ""
    """Within an error's description."""
    files: bool = False


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in GOOD.items() if name not in names}


CASES = (
    # ---- discovery
    Case("discovery", "discovery", 200, has={"changeset": ..., "contact": "120",
         "key_service": ..., "endpoints": ...}),
    Case("discovery needs no jurisdiction", "discovery", 200, {"jurisdiction_id": "elsewhere"}),
    # ---- services
    Case("services", "services", 200, entries=7, has={"service_code": "pavement",
         "service_name": ..., "description": ..., "metadata": True, "type": "realtime",
         "keywords": ..., "group": ...}),
    Case("services of our jurisdiction", "services", 200, {"jurisdiction_id": "dalbit.example"},
         entries=7),
    Case("services of another jurisdiction", "services", 404, {"jurisdiction_id": "x.example"},
         says="jurisdiction_id"),
    Case("a service without attributes says so", "services", 200, entries=7),
    Case("a definition", "services/pavement", 200, has={"service_code": "pavement",
         "attributes": ...}),
    Case("a definition with a line of text", "services/streetlight", 200,
         has={"service_code": "streetlight"}),
    Case("a definition with several choices", "services/noise", 200, has={"attributes": ...}),
    Case("a definition without attributes", "services/waste", 200, has={"service_code": "waste"}),
    Case("an unknown definition", "services/teleport", 404, says="service_code"),
    Case("a definition elsewhere", "services/pavement", 404, {"jurisdiction_id": "x"}),
    # ---- requests: one
    Case("one request", f"requests/{KERB}", 200, entries=1, has={"service_request_id": KERB,
         "status": "open", "service_name": ..., "service_code": "pavement", "description": ...,
         "agency_responsible": ..., "requested_datetime": ..., "updated_datetime": ...,
         "expected_datetime": ..., "lat": ..., "long": ...}),
    Case("a photo is not public", f"requests/{KERB}", 200, lacks=("media_url",)),
    Case("a resolved one is closed", f"requests/{LAMP}", 200, entries=1,
         has={"status": "closed", "status_notes": ...}),
    Case("one that is not public", f"requests/{NOISE}", 404),
    Case("an unknown one", "requests/2026-9999999-0", 404),
    Case("no number at all", "requests/hello", 404),
    Case("a number with a wrong check digit", "requests/2026-0000001-0", 404),
    # ---- requests: many
    Case("requests", "requests", 200, entries=2),
    Case("only open ones", "requests", 200, {"status": "open"}, entries=1,
         has={"service_request_id": KERB}),
    Case("only closed ones", "requests", 200, {"status": "closed"}, entries=1,
         has={"service_request_id": LAMP}),
    Case("open and closed", "requests", 200, {"status": "open,closed"}, entries=2),
    Case("an unknown status", "requests", 400, {"status": "lost"}, says="status"),
    Case("by service", "requests", 200, {"service_code": "streetlight"}, entries=1),
    Case("by two services", "requests", 200, {"service_code": "streetlight,pavement"}, entries=2),
    Case("by a service without requests", "requests", 200, {"service_code": "waste"}, entries=0),
    Case("by id", "requests", 200, {"service_request_id": KERB}, entries=1),
    Case("by two ids", "requests", 200, {"service_request_id": f"{KERB},{LAMP}"}, entries=2),
    Case("ids override everything", "requests", 200,
         {"service_request_id": LAMP, "status": "open"}, entries=1),
    Case("ids of none", "requests", 200, {"service_request_id": "nothing"}, entries=0),
    Case("ids that are not public", "requests", 200, {"service_request_id": NOISE}, entries=0),
    Case("too many ids", "requests", 400, {"service_request_id": ",".join("1" * 201)}),
    Case("from a date", "requests", 200, {"start_date": "2026-11-20T00:00:00Z"}, entries=2),
    Case("until a date", "requests", 200, {"end_date": "2026-11-20T00:00:00Z"}, entries=0),
    Case("between dates", "requests", 200, {"start_date": "2026-11-20T00:00:00Z",
         "end_date": "2026-11-30T00:00:00Z"}, entries=2),
    Case("dates with an offset", "requests", 200, {"start_date": "2026-11-20T00:00:00+09:00"},
         entries=2),
    Case("bare dates", "requests", 200, {"start_date": "2026-11-20"}, entries=2),
    Case("just ninety days", "requests", 200, {"start_date": "2026-09-01T00:00:00Z",
         "end_date": "2026-11-30T00:00:00Z"}, entries=2),
    Case("more than ninety days", "requests", 400, {"start_date": "2026-01-01T00:00:00Z",
         "end_date": "2026-11-30T00:00:00Z"}, says="90"),
    Case("dates the wrong way round", "requests", 400, {"start_date": "2026-11-30T00:00:00Z",
         "end_date": "2026-11-20T00:00:00Z"}),
    Case("a date that is none", "requests", 400, {"start_date": "yesterday"}, says="start_date"),
    Case("a date without a zone", "requests", 400, {"start_date": "2026-11-20T00:00:00"}),
    Case("a day that is none", "requests", 400, {"end_date": "2026-02-31T00:00:00Z"}),
    Case("updated after", "requests", 200, {"updated_after": "2026-11-20T00:00:00Z"}, entries=2),
    Case("updated after tomorrow", "requests", 200, {"updated_after": "2026-12-20T00:00:00Z"},
         entries=0),
    Case("updated before", "requests", 200, {"updated_before": "2026-11-01T00:00:00Z"}, entries=0),
    Case("near", "requests", 200, {**PLACE, "radius": "100"}, entries=2),
    Case("near without a radius", "requests", 200, PLACE, entries=2),
    Case("far", "requests", 200, {"lat": "37.421", "long": "127.245", "radius": "50"}, entries=0),
    Case("near nothing", "requests", 400, {"lat": "north", "long": "127"}, says="lat"),
    Case("near half a place", "requests", 400, {"lat": "37.43"}, says="long"),
    Case("too wide a radius", "requests", 400, {**PLACE, "radius": "99999"}, says="radius"),
    Case("a page", "requests", 200, {"page": "1", "page_size": "1"}, entries=1),
    Case("the next page", "requests", 200, {"page": "2", "page_size": "1"}, entries=1),
    Case("a page too far", "requests", 200, {"page": "9", "page_size": "1"}, entries=0),
    Case("page nought", "requests", 400, {"page": "0"}, says="page"),
    Case("a page too large", "requests", 400, {"page_size": "1001"}, says="page_size"),
    Case("a page of words", "requests", 400, {"page_size": "all"}),
    Case("requests elsewhere", "requests", 404, {"jurisdiction_id": "x"}),
    Case("requests here", "requests", 200, {"jurisdiction_id": "dalbit.example"}, entries=2),
    # ---- filing
    Case("file", "requests", 201, form=GOOD, entries=1, has={"service_request_id": ...},
         files=True),
    Case("file with an address", "requests", 201, form=without("lat", "long") | {
         "address_string": "1 Mill Street"}, has={"service_request_id": ...}, files=True),
    Case("file with an address id", "requests", 201, form=without("lat", "long") | {
         "address_id": "A-1"}, has={"service_request_id": ...}, files=True),
    Case("file with a choice", "requests", 201, form=GOOD | {"attribute[how_bad]": "blocked"},
         files=True),
    Case("file with an unknown choice", "requests", 400, form=GOOD | {
         "attribute[how_bad]": "awful"}, says="how_bad"),
    Case("file with an unknown attribute", "requests", 400, form=GOOD | {
         "attribute[colour]": "red"}, says="colour"),
    Case("file with several choices", "requests", 201, form=GOOD | {"service_code": "noise",
         "attribute[when][]": ["morning", "night"]}, files=True),
    Case("file with a wrong one of several", "requests", 400, form=GOOD | {"service_code": "noise",
         "attribute[when][]": ["morning", "never"]}),
    Case("file with a moment", "requests", 201, form=GOOD | {"service_code": "water_supply",
         "attribute[since]": "2026-11-20T08:00:00+09:00"}, files=True),
    Case("file with a moment that is none", "requests", 400, form=GOOD | {
         "service_code": "water_supply", "attribute[since]": "long ago"}, says="since"),
    Case("file with an e-mail", "requests", 201, form=GOOD | {"email": "a@dalbit.example",
         "first_name": "Ben", "last_name": "Carter"}, files=True),
    Case("file with a phone", "requests", 201, form=GOOD | {"phone": "010-0000-0199"}, files=True),
    Case("file with a bad e-mail", "requests", 400, form=GOOD | {"email": "nobody"},
         says="email"),
    Case("file with a bad phone", "requests", 400, form=GOOD | {"phone": "12"}, says="phone"),
    Case("file for our jurisdiction", "requests", 201, form=GOOD | {
         "jurisdiction_id": "dalbit.example"}, files=True),
    Case("file for another jurisdiction", "requests", 404, form=GOOD | {
         "jurisdiction_id": "x.example"}),
    Case("file what needs no place", "requests", 201, form=without("lat", "long") | {
         "service_code": "civil_affairs"}, files=True),
    Case("file without a key", "requests", 403, form=without("api_key"), says="api_key"),
    Case("file with a forged key", "requests", 403, form=GOOD | {"api_key": FORGED},
         says="api_key"),
    Case("file without a service", "requests", 400, form=without("service_code"),
         says="service_code"),
    Case("file an unknown service", "requests", 404, form=GOOD | {"service_code": "teleport"},
         says="service"),
    Case("file without a place", "requests", 400, form=without("lat", "long"), says="lat"),
    Case("file half a place", "requests", 400, form=without("long"), says="long"),
    Case("file outside", "requests", 400, form=GOOD | {"lat": "48.85", "long": "2.35"},
         says="lat"),
    Case("file off the earth", "requests", 400, form=GOOD | {"lat": "137.43"}),
    Case("file with a word for a latitude", "requests", 400, form=GOOD | {"lat": "north"}),
    Case("file with infinity", "requests", 400, form=GOOD | {"lat": "inf"}),
    Case("file too long a description", "requests", 400, form=GOOD | {"description": "x" * 4001},
         says="description"),
    Case("file just long enough", "requests", 201, form=GOOD | {"description": "x" * 4000},
         files=True),
    Case("file 100 kB of text", "requests", 400, form=GOOD | {"description": "x" * 100_000}),
    Case("file in Korean", "requests", 201, form=GOOD | {"description": "보도 턱이 깨졌어요"},
         files=True),
    Case("file signs that XML has no place for", "requests", 201, form=GOOD | {
         "description": "a\x0bb & <c>"}, files=True),
    # ---- photos by address
    Case("a photo in our own network", "requests", 400, form=GOOD | {
         "media_url": "http://10.0.0.5/a.jpg"}, says="media_url"),
    Case("a photo on this machine", "requests", 400, form=GOOD | {
         "media_url": "http://127.0.0.1/a.jpg"}, says="media_url"),
    Case("a photo on this machine by name", "requests", 400, form=GOOD | {
         "media_url": "http://localhost/a.jpg"}, says="media_url"),
    Case("a photo at a cloud's metadata", "requests", 400, form=GOOD | {
         "media_url": "http://169.254.169.254/latest/meta-data"}, says="media_url"),
    Case("a photo at a number", "requests", 400, form=GOOD | {
         "media_url": "http://2130706433/a.jpg"}, says="media_url"),
    Case("a photo at an octal address", "requests", 400, form=GOOD | {
         "media_url": "http://0177.0.0.1/a.jpg"}, says="media_url"),
    Case("a photo at a short address", "requests", 400, form=GOOD | {
         "media_url": "http://127.1/a.jpg"}, says="media_url"),
    Case("a photo at an IPv6 loopback", "requests", 400, form=GOOD | {
         "media_url": "http://[::1]/a.jpg"}, says="media_url"),
    Case("a photo at a mapped address", "requests", 400, form=GOOD | {
         "media_url": "http://[::ffff:10.0.0.1]/a.jpg"}, says="media_url"),
    Case("a photo in a file", "requests", 400, form=GOOD | {"media_url": "file:///etc/passwd"},
         says="media_url"),
    Case("a photo by gopher", "requests", 400, form=GOOD | {"media_url": "gopher://x.example/"},
         says="media_url"),
    Case("a photo at an odd port", "requests", 400, form=GOOD | {
         "media_url": "http://93.184.216.34:6379/"}, says="media_url"),
    Case("a photo with a password", "requests", 400, form=GOOD | {
         "media_url": "http://a:b@93.184.216.34/a.jpg"}, says="media_url"),
    Case("a photo at an internal name", "requests", 400, form=GOOD | {
         "media_url": "http://store.internal/a.jpg"}, says="media_url"),
    Case("a photo at a bare name", "requests", 400, form=GOOD | {"media_url": "http://redis/a"},
         says="media_url"),
    Case("a photo at a public address", "requests", 201, form=GOOD | {
         "media_url": "http://93.184.216.34/a.jpg"}, files=True),
    # ---- tokens
    Case("a token", "tokens/{token}", 200, entries=1, has={"service_request_id": KERB,
         "token": ...}),
    Case("an unknown token", "tokens/00000000-0000-4000-8000-000000000000", 404, says="token"),
    Case("no token", "tokens/hello", 404, says="token"),
    # ---- updates
    Case("updates", "servicerequestupdates", 200, has={"update_id": ..., "service_request_id": ...,
         "status": ..., "updated_datetime": ..., "description": ...}),
    Case("updates of one", "servicerequestupdates", 200, {"service_request_id": LAMP}, entries=3),
    Case("updates since", "servicerequestupdates", 200, {"start_date": "2026-12-20T00:00:00Z",
         "end_date": "2026-12-30T00:00:00Z"}, entries=0),
    Case("updates of what is not public", "servicerequestupdates", 200, {
         "service_request_id": NOISE}, entries=0),
    Case("say that work began", "servicerequestupdates", 201, form={"api_key": PARTNER,
         "service_request_id": KERB, "status": "open", "description": "Crew is on its way"},
         entries=1, has={"update_id": ...}),
    Case("say that it is done", "servicerequestupdates", 201, form={"api_key": PARTNER,
         "service_request_id": KERB, "status": "closed", "description": "Kerb lowered"},
         entries=1, has={"update_id": ...}),
    Case("say that it is done without a word", "servicerequestupdates", 400, form={
         "api_key": PARTNER, "service_request_id": KERB, "status": "closed"}),
    Case("update without the right", "servicerequestupdates", 403, form={"api_key": KEY,
         "service_request_id": KERB, "status": "closed", "description": "Done"}),
    Case("update without a key", "servicerequestupdates", 403, form={
         "service_request_id": KERB, "status": "closed"}),
    Case("update what is unknown", "servicerequestupdates", 404, form={"api_key": PARTNER,
         "service_request_id": "2026-9999999-0", "status": "closed", "description": "Done"}),
    Case("update to nonsense", "servicerequestupdates", 400, form={"api_key": PARTNER,
         "service_request_id": KERB, "status": "lost", "description": "?"}, says="status"),
    Case("close what is closed", "servicerequestupdates", 409, form={"api_key": PARTNER,
         "service_request_id": LAMP, "status": "closed", "description": "Again"}),
    # ---- the rest
    Case("nothing there", "nowhere", 404),
    Case("post to services", "services", 405, form={"a": "b"}),
    Case("post to one request", f"requests/{KERB}", 405, form={"a": "b"}),
    Case("post to discovery", "discovery", 405, form={"a": "b"}),
)  # fmt: skip
