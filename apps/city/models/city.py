"""The city itself: one row that says where and when everything else is."""

from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from pyproj import CRS
from pyproj.exceptions import CRSError

from apps.base.models import CurrentTransaction


def check_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("%(name)s is not a time zone."), params={"name": name})


def check_metres(srid: int) -> None:
    """A city measures in metres: the SRID must be a projected one with metre axes."""
    try:
        crs = CRS.from_epsg(srid)
    except CRSError as error:
        raise ValidationError(_("EPSG:%(srid)s is not known."), params={"srid": srid}) from error
    if not crs.is_projected or crs.axis_info[0].unit_name != "metre":
        raise ValidationError(_("EPSG:%(srid)s does not measure in metres."), params={"srid": srid})


class City(models.Model):
    """One deployment serves one city, so there is one row."""

    THE_ONE = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONE, editable=False)
    code = models.SlugField(_("code"), max_length=40)
    names = models.JSONField(_("names"), default=dict)
    srid = models.PositiveIntegerField(
        _("SRID for metres"), validators=[check_metres], help_text=_("EPSG code, such as 5186")
    )
    time_zone = models.CharField(_("time zone"), max_length=60, validators=[check_time_zone])
    country = models.CharField(
        _("country"), max_length=2, help_text=_("ISO 3166-1, for public holidays")
    )
    languages = ArrayField(models.CharField(max_length=8), verbose_name=_("languages"))
    bounds = models.PolygonField(_("bounds"))
    centre = models.PointField(_("centre"))
    attribution = models.CharField(_("attribution"), max_length=200, blank=True)
    # The transaction that last changed something on the tiles: never the same twice, not even in
    # two databases of one server. Part of every tile's ETag and cache key.
    map_version = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("city")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_city")]

    def __str__(self) -> str:
        return self.code

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees."""
        west, south, east, north = self.bounds.extent
        return west, south, east, north

    def covers(self, lon: float, lat: float) -> bool:
        west, south, east, north = self.box
        return west <= lon <= east and south <= lat <= north

    def clean(self) -> None:
        if self.bounds and self.centre and not self.bounds.covers(self.centre):
            raise ValidationError({"centre": _("The centre lies outside the bounds.")})


class DayKind(models.TextChoices):
    WORKING = "working", _("working day")
    SATURDAY = "saturday", _("Saturday")
    HOLIDAY = "holiday", _("Sunday or holiday")


class CalendarDay(models.Model):
    """A day that differs from what the country's calendar says."""

    day_on = models.DateField(_("day"), unique=True)
    kind = models.CharField(_("kind of day"), max_length=10, choices=DayKind.choices)
    names = models.JSONField(_("names"), default=dict, blank=True)

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        ordering = ["day_on"]

    def __str__(self) -> str:
        return f"{self.day_on} {self.kind}"


def the_city() -> City:
    """The City row. Raises City.DoesNotExist before the city was founded."""
    return City.objects.get(pk=City.THE_ONE)


def founded() -> "models.QuerySet[City, Any]":
    return City.objects.filter(pk=City.THE_ONE)
