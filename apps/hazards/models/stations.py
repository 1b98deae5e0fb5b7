"""Gauges of rain and water, the levels that matter at them, and the land they drain."""

from typing import Any, Self

from django.contrib.gis.db import models
from django.contrib.gis.geos import Polygon
from django.contrib.postgres.fields import ArrayField
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from apps.base import names
from apps.base.models import LiveRow
from apps.city.models import metres_field
from devices.models import Datastream


class Named(models.Model):
    code = models.SlugField(_("code"), max_length=80, unique=True)
    names = models.JSONField(_("names"), default=dict)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return names.pick(self.names, translation.get_language() or "") or self.code


class Level(models.TextChoices):
    """How high, in the words of the Korean flood service; each has its threshold at a station."""

    ATTENTION = "attention", _("attention")
    WARNING = "warning", _("warning")
    ALARM = "alarm", _("alarm")
    SERIOUS = "serious", _("serious")
    PLAN_FLOOD = "plan_flood", _("design flood")


class Catchment(Named):
    """The land whose rain comes by one gauge."""

    area_km2 = models.FloatField(_("area (km²)"))
    geom = models.MultiPolygonField(_("area on the map"), null=True, blank=True)
    forecast_code = models.CharField(
        _("cell of the rain forecast"), max_length=40, blank=True,
        help_text=_("As the weather service calls it: kma-NX-NY for KMA's grid."),
    )  # fmt: skip
    evaporation_mm_day = ArrayField(
        models.FloatField(),
        size=12,
        verbose_name=_("potential evaporation (mm a day), January to December"),
    )

    class Meta:
        verbose_name = _("catchment")
        verbose_name_plural = _("catchments")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(area_km2__gt=0), name="catchment_has_an_area")
        ]


class StationQuerySet(models.QuerySet["Station"]):
    def in_use(self) -> Self:
        return self.filter(retired_at=None)

    def within(self, west: float, south: float, east: float, north: float) -> Self:
        return self.filter(geom__within=Polygon.from_bbox((west, south, east, north)))

    def forecasting(self) -> Self:
        """Those that have, or could have, a forecast: in a catchment, of discharge or stage."""
        return self.in_use().filter(
            catchment__isnull=False, kind__in=(Station.Kind.STAGE, Station.Kind.DISCHARGE)
        )


class Station(Named):
    """One gauge: a datastream with a place and a meaning. Values are in the unit of its kind."""

    class Kind(models.TextChoices):
        RAIN = "rain", _("rain (mm in an interval)")
        STAGE = "stage", _("river stage (m)")
        DISCHARGE = "discharge", _("discharge (m³/s)")
        DEPTH = "depth", _("depth of standing water (m)")
        RESERVOIR = "reservoir", _("reservoir level (m)")

    PROPERTY = {
        Kind.RAIN: "rain_amount",
        Kind.STAGE: "river_stage",
        Kind.DISCHARGE: "river_discharge",
        Kind.DEPTH: "water_depth",
        Kind.RESERVOIR: "reservoir_level",
    }
    UNIT = {
        Kind.RAIN: "mm",
        Kind.STAGE: "m",
        Kind.DISCHARGE: "m3/s",
        Kind.DEPTH: "m",
        Kind.RESERVOIR: "m",
    }

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    datastream = models.OneToOneField(
        Datastream, models.PROTECT, related_name="station", verbose_name=_("datastream")
    )
    heartbeat = models.ForeignKey(
        Datastream,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("heartbeat"),
        help_text=_("What tells that the line is alive, for gauges that only speak when wet."),
    )
    geom = models.PointField(_("place"))
    geom_m = metres_field()
    catchment = models.ForeignKey(
        Catchment, models.SET_NULL, null=True, blank=True, related_name="stations",
        verbose_name=_("catchment"),
    )  # fmt: skip
    rain_stations = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="explains",
        verbose_name=_("rain gauges that explain it"),
    )  # fmt: skip
    datum = models.CharField(_("datum"), max_length=80, blank=True)
    zero_m = models.FloatField(_("height of the zero (m)"), null=True, blank=True)
    attention = models.FloatField(_("attention level"), null=True, blank=True)
    warning = models.FloatField(_("warning level"), null=True, blank=True)
    alarm = models.FloatField(_("alarm level"), null=True, blank=True)
    serious = models.FloatField(_("serious level"), null=True, blank=True)
    plan_flood = models.FloatField(_("design flood level"), null=True, blank=True)
    low = models.FloatField(_("least believable value"), null=True, blank=True)
    high = models.FloatField(_("greatest believable value"), null=True, blank=True)
    step_per_10_min = models.FloatField(_("greatest change in 10 minutes"), null=True, blank=True)
    speaks_only_when_wet = models.BooleanField(_("speaks only while it is wet"), default=False)
    cost_loss = models.FloatField(
        _("cost/loss ratio"),
        default=0.4,
        help_text=_("What acting in vain costs beside not acting in need: raise from this on."),
    )
    window_h = models.PositiveSmallIntegerField(
        _("hours asked about"),
        default=6,
        help_text=_("The chance that is shown is that of the alarm level within so many hours."),
    )
    area = models.MultiPolygonField(
        _("area that is warned"), null=True, blank=True,
        help_text=_("Empty: what would be wet, or 200 m around the gauge."),
    )  # fmt: skip
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    objects = StationQuerySet.as_manager()

    class Meta:
        verbose_name = _("station")
        verbose_name_plural = _("stations")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cost_loss__gt=0, cost_loss__lt=1), name="cost_loss_is_a_share"
            )
        ]

    @property
    def unit(self) -> str:
        return self.UNIT[self.Kind(self.kind)]

    def levels(self) -> dict[str, float]:
        """The thresholds that are set, lowest first."""
        told = {level: getattr(self, level) for level in Level.values}
        return {level: value for level, value in told.items() if value is not None}

    def level_of(self, value: float) -> str:
        """The highest level that a value has reached; empty below all."""
        reached = [level for level, limit in self.levels().items() if value >= limit]
        return reached[-1] if reached else ""


class RatingRow(models.Model):
    """Stage and discharge that belong together at a station; straight lines between the rows."""

    station = models.ForeignKey(
        Station, models.CASCADE, related_name="rating", verbose_name=_("station")
    )
    stage_m = models.FloatField(_("stage (m)"))
    discharge_m3_s = models.FloatField(_("discharge (m³/s)"))

    class Meta:
        verbose_name = _("row of a rating table")
        verbose_name_plural = _("rating table")
        ordering = ["station", "stage_m"]
        constraints = [
            models.UniqueConstraint(fields=["station", "stage_m"], name="one_rating_row_per_stage")
        ]

    def __str__(self) -> str:
        return f"{self.stage_m:g} m = {self.discharge_m3_s:g} m³/s"


class Flag(models.TextChoices):
    GOOD = "good", _("good")
    SUSPECT = "suspect", _("suspect")
    BAD = "bad", _("bad")
    MISSING = "missing", _("missing")
    ESTIMATED = "estimated", _("estimated")


class Cause(models.TextChoices):
    """Why a reading is not good, as people read it."""

    RANGE = "range", _("outside what can be")
    STEP = "step", _("changes faster than water can")
    FLAT = "flat", _("repeats itself while its neighbours move")
    SILENT = "silent", _("says nothing; that is not zero")
    CLOCK = "clock", _("its clock is wrong: it fits its neighbours better hours away")
    DATUM = "datum", _("its zero seems to have moved")
    UNIT = "unit", _("seems to speak in another unit")
    NO_RAIN = "no_rain", _("rises without rain to explain it")
    ALONE = "alone", _("no second sensor agrees")
    RATE = "rate", _("speaks at another rate than agreed")


class StationState(LiveRow):
    """What a station says now, and what it is worth."""

    station = models.OneToOneField(
        Station, models.CASCADE, primary_key=True, related_name="state", verbose_name=_("station")
    )
    value = models.FloatField(_("value"), null=True)
    observed_at = models.DateTimeField(_("observed at"), null=True)
    flag = models.CharField(_("flag"), max_length=10, choices=Flag.choices, default=Flag.MISSING)
    cause = models.CharField(_("cause"), max_length=10, choices=Cause.choices, blank=True)
    level = models.CharField(_("level"), max_length=10, choices=Level.choices, blank=True)
    change_1h = models.FloatField(_("change in an hour"), null=True)
    probability = models.FloatField(_("chance of the alarm level"), null=True)
    peak = models.FloatField(_("highest value foreseen"), null=True)
    peak_at = models.DateTimeField(_("foreseen at"), null=True)
    # What the inbox was told last, so that a reading that changes nothing tells it nothing.
    told = models.CharField(max_length=60, blank=True, editable=False)
    # The decision's memory (apps.hazards.core.decision).
    raised = models.BooleanField(default=False, editable=False)
    runs_above = models.PositiveSmallIntegerField(default=0, editable=False)
    calm_since = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("state of a station")
        verbose_name_plural = _("states of stations")
        indexes = [
            # "What changed since this horizon?"
            models.Index(fields=["changed_in"], name="station_changes")
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.value} {self.flag}"


class QualityNoteQuerySet(models.QuerySet["QualityNote"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)


class QualityNote(models.Model):
    """Something not right with a station, from when it was seen until it was over."""

    station = models.ForeignKey(
        Station, models.CASCADE, related_name="notes", verbose_name=_("station")
    )
    cause = models.CharField(_("cause"), max_length=10, choices=Cause.choices)
    flag = models.CharField(_("flag"), max_length=10, choices=Flag.choices)
    detail = models.JSONField(_("detail"), default=dict)
    began_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("to"), null=True, blank=True)

    objects = QualityNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note on quality")
        verbose_name_plural = _("notes on quality")
        ordering = ["-began_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "cause"],
                condition=Q(ended_at=None),
                name="one_open_note_a_cause",
            )
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.cause}"


class HourlyValue(models.Model):
    """A station's hour, kept for years: the sum of rain, the mean of everything else. What
    forecasts learn from; readings themselves are kept for a month."""

    station: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        Station, models.CASCADE, related_name="hours", verbose_name=_("station"), db_index=False
    )
    hour_at = models.DateTimeField(_("hour"))
    value = models.FloatField(_("value"))
    readings = models.PositiveIntegerField(_("readings"), default=0)

    class Meta:
        verbose_name = _("hourly value")
        verbose_name_plural = _("hourly values")
        constraints = [
            # Also serves "these hours of this station".
            models.UniqueConstraint(fields=["station", "hour_at"], name="one_value_per_hour")
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.hour_at:%Y-%m-%dT%H} {self.value:g}"
