"""The commissioning assistant: a camera is taught its own lot before its word counts.

Link its bays, collect small pictures of the least sure ones, say what they show, learn, look at how
well it does on bays it was not taught by, and let it go live.
"""

import base64
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.base.problems import Problem
from apps.parking.models import ParkingSite, PoolFeed
from apps.parking.services.camera_bays import cameras_at, link_bays
from devices.models import BayPatch, Camera, CameraTuning
from devices.services.camera_events import record_look
from devices.services.commissioning import (
    LEAST_OF_EACH,
    ask_for_tuning,
    collect_patches,
    go_back,
    go_live,
    label_patches,
    most_uncertain,
)


class CommissionsCameras:
    """For the ModelAdmin of parking sites."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.commission)
        own = path("<int:pk>/commission/<int:camera>/", page, name="parking_commission")
        return [own, *super().get_urls()]  # type: ignore[misc]

    def cameras(self, site: ParkingSite) -> SafeString | str:
        """Links to the assistant, one for each camera that sees this site."""
        found = cameras_at(site) if site.pk else []
        links = (
            (reverse("admin:parking_commission", args=[site.pk, camera.pk]), camera,
             camera.state.get_health_display())
            for camera in found
        )  # fmt: skip
        rows = format_html_join("", '<li><a class="underline" href="{}">{}</a> ({})</li>', links)
        return format_html("<ul>{}</ul>", rows) if rows else "–"

    cameras.short_description = _("cameras")  # type: ignore[attr-defined]

    def commission(self, request: HttpRequest, pk: int, camera: int) -> HttpResponse:
        site = get_object_or_404(ParkingSite, pk=pk)
        eye = get_object_or_404(Camera.objects.select_related("thing", "state"), pk=camera)
        if not request.user.has_perm("parking.change_parkingsite"):
            raise PermissionDenied
        if request.method == "POST":
            self._do(request, site, eye)
            return redirect(request.path)
        asked = most_uncertain(eye)
        if asked:
            record_look(
                subject=f"camera:{eye.thing.code}", actor=str(request.user),
                what="pictures of bays", number=len(asked),
            )  # fmt: skip
        context = {**self.admin_site.each_context(request), **_facts(site, eye, asked)}
        return render(request, "parking/commission.html", context | {"opts": self.opts})

    def _do(self, request: HttpRequest, site: ParkingSite, eye: Camera) -> None:
        """One step, by the button that was pressed."""
        actor, step = str(request.user), request.POST.get("step", "")
        try:
            told = _step(step, request, site, eye, actor)
        except Problem as problem:
            messages.error(request, str(problem.detail or problem.title))
        else:
            messages.success(request, told)


def _step(step: str, request: HttpRequest, site: ParkingSite, eye: Camera, actor: str) -> Any:
    match step:
        case "link":
            linked = link_bays(site=site, camera=eye, actor=actor)
            return _("%(bays)d bays are linked, %(unknown)d zones are nobody's.") % {
                "bays": linked.bays, "unknown": len(linked.unknown),
            }  # fmt: skip
        case "collect" | "stop":
            collect_patches(camera=eye, on=step == "collect", actor=actor)
            return _("The camera takes it up within seconds.")
        case "label":
            number = label_patches(camera=eye, answers=_answers(request), actor=actor)
            return _("%d answers were taken in.") % number
        case "learn":
            ask_for_tuning(camera=eye, actor=actor)
            return _("It is being learned; look again in a few seconds.")
        case "live":
            tuning = get_object_or_404(CameraTuning, camera=eye, pk=request.POST.get("tuning"))
            go_live(tuning=tuning, actor=actor)
            return _("The camera judges its bays by this lesson from now on.")
        case "back":
            go_back(camera=eye, actor=actor)
            return _("The camera judges its bays as it came.")
    raise PermissionDenied


def _answers(request: HttpRequest) -> dict[int, str]:
    return {
        int(name.removeprefix("patch-")): str(value)
        for name, value in request.POST.items()
        if name.startswith("patch-") and name.removeprefix("patch-").isdigit() and value
    }


def _facts(site: ParkingSite, eye: Camera, asked: list[BayPatch]) -> dict[str, Any]:
    patches = BayPatch.objects.filter(zone__camera=eye)
    return {
        "title": _("Commission a camera"), "site": site, "camera": eye,
        "zones": eye.zones.filter(kind="bay").count(),
        "linked": PoolFeed.objects.filter(
            pool__site=site, datastream__zone_stream__zone__camera=eye
        ).count(),
        "collected": patches.count(),
        "taken": patches.filter(label=True).count(),
        "free": patches.filter(label=False).count(),
        "least": LEAST_OF_EACH,
        "asked": [
            {"pk": patch.pk, "bay": patch.zone.code, "taken": patch.taken,
             "picture": f"data:image/png;base64,{base64.b64encode(bytes(patch.picture)).decode()}"}
            for patch in asked
        ],
        "tunings": eye.tunings.all()[:10],
    }  # fmt: skip
