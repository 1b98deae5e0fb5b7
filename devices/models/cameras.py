"""Cameras: where their pictures come from, what is watched in them, and what was seen.

Frames are never kept. What stays of a picture is numbers (datastreams), the blurred still of an
event until its retention ends, and patches of bays while staff commission a camera.
"""

import uuid
from datetime import datetime
from typing import Any, Self

from django.contrib.gis.db import models
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Department
from apps.base import names
from apps.base.models import Media
from devices.models.catalogue import Datastream, Thing


class CameraQuerySet(models.QuerySet["Camera"]):
    def watched(self) -> Self:
        return self.filter(active=True, thing__gateway__active=True)

    def of_shard(self, shard: int, shards: int) -> Self:
        return self.annotate(share=F("pk") % shards).filter(share=shard)


class Camera(models.Model):
    """A thing that sees. Its address is a secret, sealed: it may hold a password."""

    class Subject(models.TextChoices):
        VEHICLES = "vehicles", _("vehicles")
        PEOPLE = "people", _("people")

    thing = models.OneToOneField(
        Thing, on_delete=models.CASCADE, related_name="camera", verbose_name=_("thing")
    )
    kind = models.CharField(_("kind"), max_length=20, help_text=_("How its pictures come."))
    url_sealed = models.TextField(_("address (sealed)"), editable=False)
    shown_url = models.CharField(_("address"), max_length=500, editable=False)
    onvif_sealed = models.TextField(_("address of events (sealed)"), editable=False, blank=True)
    subject = models.CharField(
        _("mostly sees"), max_length=10, choices=Subject.choices, default=Subject.VEHICLES
    )
    department = models.ForeignKey(
        Department, models.SET_NULL, null=True, blank=True, related_name="cameras",
        verbose_name=_("department"), help_text=_("Who is told. Empty: the safety desk."),
    )  # fmt: skip
    active = models.BooleanField(_("active"), default=True)
    decode_fps = models.FloatField(
        _("pictures read a second"), default=15.0,
        validators=[MinValueValidator(0.2), MaxValueValidator(60)],
    )  # fmt: skip
    analyse_fps = models.FloatField(
        _("pictures analysed a second"), default=5.0,
        validators=[MinValueValidator(0.05), MaxValueValidator(15)],
    )  # fmt: skip
    hours = models.JSONField(
        _("hours"), default=list, blank=True,
        help_text=_('When it looks, in local time: [["20:00", "06:00"]]. Empty: always.'),
    )  # fmt: skip
    marks = models.JSONField(
        _("marked points"), default=list, blank=True,
        help_text=_("Points of the picture and of the map: [[x, y, longitude, latitude], …]."),
    )  # fmt: skip
    aspect = models.FloatField(_("width of the picture to its height"), null=True, blank=True)
    tuning = models.JSONField(
        _("thresholds"), default=dict, blank=True,
        help_text=_("By kind of event, from 0 to 1; staff's answers move them."),
    )  # fmt: skip
    stills_kept_days = models.PositiveSmallIntegerField(
        _("stills are kept (days)"), default=30,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )  # fmt: skip
    # Grows with whatever changes how it is looked at, so that the process takes it up.
    revision = models.PositiveIntegerField(default=1, editable=False)
    reference = models.BinaryField(_("how its view looked"), editable=False, default=b"")
    # The last layer of the bay classifier as this camera was commissioned with; empty: the usual.
    head = models.JSONField(_("tuned bay classifier"), editable=False, default=dict)
    detector = models.CharField(
        _("detector"), max_length=120, blank=True,
        help_text=_("A model file (ONNX) in the operator's folder. Empty: what moves is seen."),
    )  # fmt: skip
    collects_patches = models.BooleanField(_("collects pictures of bays"), default=False)
    created_at = models.DateTimeField(_("created at"), editable=False)

    objects = CameraQuerySet.as_manager()

    class Meta:
        verbose_name = _("camera")
        verbose_name_plural = _("cameras")
        ordering = ["thing__code"]

    def __str__(self) -> str:
        return str(self.thing)


class CameraState(models.Model):
    """How a camera does, as the process that watches it says."""

    class Health(models.TextChoices):
        UNKNOWN = "unknown", _("not watched yet")
        OK = "ok", _("sees")
        ASLEEP = "asleep", _("outside its hours")
        AWAY = "away", _("does not answer")
        REFUSED = "refused", _("may not be asked")
        RESIZED = "resized", _("another size of picture")
        DARK = "dark", _("too dark")
        COVERED = "covered", _("covered")
        FROZEN = "frozen", _("frozen")
        BLURRED = "blurred", _("blurred")
        MOVED = "moved", _("was turned or moved")

    SEEING = (Health.OK,)
    BLIND = (
        Health.AWAY, Health.REFUSED, Health.RESIZED, Health.DARK, Health.COVERED, Health.FROZEN,
        Health.BLURRED, Health.MOVED,
    )  # fmt: skip

    camera = models.OneToOneField(
        Camera, on_delete=models.CASCADE, primary_key=True, related_name="state"
    )
    health = models.CharField(
        _("health"), max_length=10, choices=Health.choices, default=Health.UNKNOWN
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    since = models.DateTimeField(_("since"), null=True)
    seen_at = models.DateTimeField(_("last picture"), null=True)
    width_px = models.PositiveIntegerField(_("width (px)"), null=True)
    height_px = models.PositiveIntegerField(_("height (px)"), null=True)
    read_fps = models.FloatField(_("pictures read a second"), default=0.0)
    analysed_fps = models.FloatField(_("pictures analysed a second"), default=0.0)
    load = models.FloatField(_("share of a core"), default=0.0)
    reconnects = models.PositiveIntegerField(_("reconnects"), default=0)

    class Meta:
        verbose_name = _("state of a camera")
        verbose_name_plural = _("states of cameras")

    def __str__(self) -> str:
        return f"{self.camera_id} {self.health}"


class CameraZone(models.Model):
    """A line or an area drawn over a camera's still; points are shares of width and height."""

    class Kind(models.TextChoices):
        BAY = "bay", _("parking bay")
        LINE = "line", _("counted line")
        AREA = "area", _("watched area")

    camera = models.ForeignKey(
        Camera, on_delete=models.CASCADE, related_name="zones", verbose_name=_("camera")
    )
    code = models.SlugField(_("code"), max_length=60)
    names = models.JSONField(_("names"), default=dict, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    points = models.JSONField(_("points"), help_text=_("Shares of the picture's width and height."))
    rules = models.JSONField(
        _("watched for"), default=list, blank=True,
        help_text=_('Of areas: [{"kind": "fall", "after_s": 3}, …].'),
    )  # fmt: skip
    created_at = models.DateTimeField(_("created at"), editable=False)

    class Meta:
        verbose_name = _("zone of a camera")
        verbose_name_plural = _("zones of cameras")
        ordering = ["camera", "code"]
        constraints = [
            models.UniqueConstraint(fields=["camera", "code"], name="one_zone_per_camera_code")
        ]

    def __str__(self) -> str:
        return f"{self.camera} {self.code}"

    @property
    def shown_name(self) -> str:
        return names.pick(self.names, translation.get_language() or "") or self.code


class ZoneStream(models.Model):
    """Which datastream tells what of a zone."""

    zone = models.ForeignKey(
        CameraZone, on_delete=models.CASCADE, related_name="streams", verbose_name=_("zone")
    )
    datastream = models.OneToOneField(
        Datastream, on_delete=models.PROTECT, related_name="zone_stream",
        verbose_name=_("datastream"),
    )  # fmt: skip
    tells = models.CharField(_("tells"), max_length=20)

    class Meta:
        verbose_name = _("datastream of a zone")
        verbose_name_plural = _("datastreams of zones")
        ordering = ["zone", "tells"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "tells"], name="one_stream_per_zone_and_fact")
        ]

    def __str__(self) -> str:
        return f"{self.zone_id} {self.tells}"


class CameraEventQuerySet(models.QuerySet["CameraEvent"]):
    def waiting(self) -> Self:
        return self.filter(verdict="")


class CameraEvent(models.Model):
    """Something a camera saw that the desk should know of, and what staff made of it."""

    class Kind(models.TextChoices):
        STOPPED = "stopped_vehicle", _("vehicle stopped on the road")
        ILLEGAL_PARKING = "illegal_parking", _("parked where it is forbidden")
        WRONG_WAY = "wrong_way", _("drives the wrong way")
        ACCIDENT = "accident", _("accident")
        JAM = "jam", _("traffic jam")
        FALL = "fall", _("somebody lies on the ground")
        INTRUSION = "intrusion", _("somebody in a closed area")
        LOITERING = "loitering", _("somebody lingers")
        CROWD = "crowd", _("dense crowd")
        ABANDONED = "abandoned_object", _("object left behind")
        TAMPERED = "tampered", _("the camera says it was tampered with")
        MOTION = "motion", _("the camera says something moves")

    class Verdict(models.TextChoices):
        TRUE = "true", _("true")
        FALSE = "false", _("false alarm")

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    camera = models.ForeignKey(
        Camera, on_delete=models.CASCADE, related_name="events", verbose_name=_("camera")
    )
    zone = models.ForeignKey(
        CameraZone, on_delete=models.SET_NULL, null=True, related_name="events",
        verbose_name=_("zone"),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    severity = models.CharField(_("severity"), max_length=10)
    score = models.FloatField(_("confidence"))
    geom = models.PointField(_("place"), null=True)
    key = models.CharField(_("key"), max_length=80, help_text=_("What the analysis calls it."))
    began_at = models.DateTimeField(_("began at"))
    noticed_at = models.DateTimeField(_("noticed at"))
    over_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(
        _("over at"), null=True, blank=True
    )
    still = models.OneToOneField(
        Media, models.SET_NULL, null=True, related_name="camera_event", verbose_name=_("still")
    )
    still_until = models.DateTimeField(_("still is kept until"), null=True)
    verdict = models.CharField(_("verdict"), max_length=6, choices=Verdict.choices, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=120, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = CameraEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("camera event")
        verbose_name_plural = _("camera events")
        ordering = ["-noticed_at"]
        constraints = [
            models.UniqueConstraint(fields=["camera", "key"], name="one_event_per_camera_key")
        ]
        indexes = [
            # The queue: what nobody has judged, newest first.
            models.Index(
                fields=["-noticed_at"], condition=Q(verdict=""), name="camera_events_waiting"
            ),
            # Retention's question: whose still has been kept long enough.
            models.Index(
                fields=["still_until"], condition=Q(still__isnull=False), name="stills_to_delete"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.camera}"


class BayPatch(models.Model):
    """A bay's small picture, kept only while staff commission the camera."""

    zone = models.ForeignKey(
        CameraZone, on_delete=models.CASCADE, related_name="patches", verbose_name=_("bay")
    )
    picture = models.BinaryField(_("picture"), help_text=_("PNG, 64 × 32 pixels"))
    taken = models.FloatField(_("held to be taken"), help_text=_("0 to 1"))
    label: Any = models.BooleanField(_("taken, as staff see it"), null=True)
    unusable = models.BooleanField(_("cannot be told"), default=False)
    seen_at = models.DateTimeField(_("seen at"))

    class Meta:
        verbose_name = _("picture of a bay")
        verbose_name_plural = _("pictures of bays")
        ordering = ["seen_at"]
        indexes = [
            # "Has this bay been collected of late?", and what retention deletes.
            models.Index(fields=["zone", "-seen_at"], name="patches_of_bay")
        ]

    def __str__(self) -> str:
        return f"{self.zone_id} {self.seen_at:%H:%M:%S}"


class CameraTuning(models.Model):
    """One lesson of a camera's bay classifier: what staff asked for, and how well it went on bays
    it was not taught by."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("learned")
        FAILED = "failed", _("failed")

    camera = models.ForeignKey(
        Camera, on_delete=models.CASCADE, related_name="tunings", verbose_name=_("camera")
    )
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    head = models.JSONField(_("tuned bay classifier"), default=dict)
    labels = models.PositiveIntegerField(_("labels"), default=0)
    accuracy_before = models.FloatField(_("held-out accuracy before"), null=True)
    accuracy = models.FloatField(_("held-out accuracy"), null=True)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.CharField(_("asked by"), max_length=120)
    done_at = models.DateTimeField(_("done at"), null=True)
    live_at = models.DateTimeField(_("live since"), null=True)

    class Meta:
        verbose_name = _("lesson of a camera")
        verbose_name_plural = _("lessons of cameras")
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.camera} {self.asked_at:%Y-%m-%d %H:%M}"
