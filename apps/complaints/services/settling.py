"""What may take longer than its reporter should wait: the model's opinion, and nearly certain
repeats. Done by the worker right after a report came in, and safe to repeat."""

from collections.abc import Mapping
from typing import Any

from apps.complaints.core.states import State
from apps.complaints.models import Link, ServiceRequest
from apps.complaints.services.classification import suggest_for
from apps.complaints.services.duplicates import find_similar, is_sure, merge_request, sketch_of

ACTOR = "city"
FRESH = (State.RECEIVED, State.TRIAGED)


def settle(payload: Mapping[str, Any]) -> None:
    rows = ServiceRequest.objects.select_related("service__group", "department", "clock")
    request = rows.filter(code=payload["code"]).first()
    if request is None or request.state not in FRESH:
        return
    suggest_for(request=request)
    for similar in find_similar(sketch_of(request), but=request.pk):
        if similar.request.pk < request.pk and is_sure(similar, request):
            merge_request(
                request=request, original=similar.request, how=Link.How.SYSTEM, actor=ACTOR,
                score=similar.likeness.score,
            )  # fmt: skip
            return
