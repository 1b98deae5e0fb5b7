"""Asks the sources that are due, and takes what they say through the one way in."""

import http.client
import json
import logging
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from urllib.parse import urljoin, urlsplit

from django.db import transaction

from apps.base import clock
from apps.base.problems import Problem
from apps.base.sealing import seal, unseal
from devices.adapters.pulled import BadItem, NotUnderstood, Pulled, adapters
from devices.events import Announced, Follower, followers
from devices.ingest.accept import accept
from devices.ingest.speaker import known_as
from devices.models import PullSource
from devices.protocols.batch import MAX_ROWS, read_rows
from devices.services.provisioning import provision_thing

PATIENCE_S = 20.0
MOST_BYTES = 20_000_000
MOST_PAGES = 100
KEPT_ERRORS = 200
logger = logging.getLogger(__name__)


class NoAnswer(Exception):
    """The source did not answer, or not with what we asked for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`body` is None where nothing has changed since the ETag."""

    body: bytes | None
    etag: str


Asker = Callable[[PullSource, str, str], Answer]


def pull_due() -> int:
    """Ask every source that is due, one after another. Returns how many answered."""
    return sum(pull(source) for source in _claim())


def _claim() -> list[PullSource]:
    """Set the next time first: whatever becomes of us, nobody is asked without end."""
    now = clock.now()
    with transaction.atomic():
        due = list(PullSource.objects.due(now).select_for_update(of=("self",), skip_locked=True))
        for source in due:
            source.due_at = now + timedelta(seconds=source.every_s)
        PullSource.objects.bulk_update(due, ["due_at"])
    return due


def pull(source: PullSource) -> bool:
    """Ask one source now and take its answer. Returns whether it answered; what was wrong stands on
    its row."""
    try:
        bad, stored = _take(source, list(_pages(source)))
    except (NoAnswer, NotUnderstood, Problem) as error:
        logger.warning("source %s: %s", source.code, error)
        PullSource.objects.filter(pk=source.pk).update(trouble=str(error)[:300])
        return False
    PullSource.objects.filter(pk=source.pk).update(
        trouble="",
        answered_at=clock.now(),
        etag=source.etag,
        known=source.known,
        **({"counts": stored, "errors": [one.as_dict() for one in bad]} if stored else {}),
    )
    return True


def _pages(source: PullSource) -> Iterator[Pulled]:
    """The answer's pages; none if nothing has changed."""
    read, asked_at = adapters.load(source.kind), clock.now()
    answer = ask(source, source.url, source.etag)
    source.etag = answer.etag
    url = source.url
    for _page in range(MOST_PAGES):
        if answer.body is None:
            return
        page = read(answer.body, asked_at)
        yield page
        if not page.following:
            return
        url = _same_host(url, page.following)
        source.etag = ""  # it speaks for the first page only
        answer = ask(source, url, "")
    raise NotUnderstood(f"More than {MOST_PAGES} pages.")


def _same_host(url: str, following: str) -> str:
    """Where the next page is; the source's key goes to nobody else."""
    target = urljoin(url, following)
    if urlsplit(target)[:2] != urlsplit(url)[:2]:
        raise NotUnderstood(f"The next page is elsewhere: {target[:100]}")
    return target


def seal_headers(headers: Mapping[str, str]) -> str:
    """As `headers_sealed` keeps them: a key is one of them."""
    return seal(json.dumps(dict(headers))) if headers else ""


def headers_of(source: PullSource) -> dict[str, str]:
    """What is sent with each question."""
    return json.loads(unseal(source.headers_sealed)) if source.headers_sealed else {}


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object, **_more: object) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirects)


def ask(source: PullSource, url: str, etag: str) -> Answer:
    """Raises NoAnswer."""
    headers = {"Accept": "application/json", **headers_of(source)}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - staff's address, http or https
    if etag:
        request.add_header("If-None-Match", etag)
    try:
        with _opener.open(request, timeout=PATIENCE_S) as answer:
            body = answer.read(MOST_BYTES + 1)
            found = answer.headers.get("ETag", "")
    except urllib.error.HTTPError as error:
        if error.code == http.client.NOT_MODIFIED:
            return Answer(None, etag)
        raise NoAnswer(f"{error.code} {error.reason}") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswer(str(error)) from error
    if len(body) > MOST_BYTES:
        raise NoAnswer(f"More than {MOST_BYTES} bytes.")
    return Answer(body, found if len(found) <= 200 else "")


def _take(source: PullSource, pages: Sequence[Pulled]) -> tuple[list[BadItem], dict[str, int]]:
    if not pages:
        return [], {}
    bad = [one for page in pages for one in page.bad]
    bad += _set_up(source, pages)
    rows = [row for page in pages for row in page.observations]
    counts = {"items": sum(len(page.things) for page in pages), "refused": len(bad),
              "stored": 0, "duplicate": 0, "quarantined": 0}  # fmt: skip
    for start in range(0, len(rows), MAX_ROWS):
        receipt = accept(read_rows(rows[start : start + MAX_ROWS]), known_as(source.gateway.code))
        counts["stored"] += receipt.stored
        counts["duplicate"] += receipt.duplicate
        counts["quarantined"] += len(receipt.quarantined)
    return bad[:KEPT_ERRORS], counts


@transaction.atomic
def _set_up(source: PullSource, pages: Sequence[Pulled]) -> list[BadItem]:
    """Things, datastreams and what they stand for; only when the source tells of other ones than
    last time."""
    plans = [plan for page in pages for plan in page.things]
    announced = [one for page in pages for one in page.announced]
    known = blake2b(repr((plans, announced)).encode(), digest_size=16).hexdigest()
    if known == source.known:
        return []
    told = _by_follower(announced)
    for follower, theirs in told:
        follower.prepare(theirs)
    bad = []
    for plan in plans:
        try:
            with transaction.atomic():
                provision_thing(gateway=source.gateway, plan=plan)
        except Problem as problem:
            reasons = "; ".join(str(text) for text in problem.errors.values())
            bad.append(BadItem(plan.code, reasons or str(problem.title)))
    lost = {one.item for one in bad}
    for follower, theirs in told:
        good = [one for one in theirs if one.code not in lost]
        follower.connect(good, source.gateway.code)
    source.known = "" if bad else known
    return bad


def _by_follower(announced: Sequence[Announced]) -> list[tuple[Follower, list[Announced]]]:
    found = dict(followers.items()).values()
    return [(one, [said for said in announced if said.kind == one.kind]) for one in found]
