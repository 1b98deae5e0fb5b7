"""Where one can park: sites, their pools of like spaces, single bays (terms of ISO/TS 5206-1)."""

from typing import Self

from django.contrib.gis.db import models
from django.contrib.gis.geos import Polygon
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from apps.base import names
from apps.city.models import metres_field


class Category(models.TextChoices):
    """Whom a pool of spaces is for."""

    GENERAL = "general", _("general")
    ACCESSIBLE = "accessible", _("accessible")
    EV = "ev", _("electric charging")
    FAMILY = "family", _("family")
    COMPACT = "compact", _("compact cars")
    LOADING = "loading", _("loading")
    RESIDENT = "resident", _("residents")


class ParkingSiteQuerySet(models.QuerySet["ParkingSite"]):
    def in_use(self) -> Self:
        return self.filter(retired_at=None)

    def within(self, west: float, south: float, east: float, north: float) -> Self:
        return self.filter(geom__within=Polygon.from_bbox((west, south, east, north)))

    def with_category(self, category: str) -> Self:
        return self.filter(pools__category=category)


class ParkingSite(models.Model):
    class Kind(models.TextChoices):
        GARAGE = "garage", _("garage")
        LOT = "lot", _("open lot")
        STREET = "street", _("street")
        RESIDENTS = "residents", _("residents' bays")

    code = models.SlugField(_("code"), max_length=80, unique=True)
    names = models.JSONField(_("names"), default=dict)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    geom = models.PointField(_("place"), srid=4326)
    geom_m = metres_field()
    outline = models.PolygonField(_("outline"), srid=4326, null=True, blank=True)
    approximate = models.BooleanField(
        _("place is approximate"), default=False, help_text=_("Nobody has surveyed where it is.")
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    operator = models.CharField(_("operator"), max_length=120, blank=True)
    covered = models.BooleanField(_("covered"), default=False)
    max_height_m = models.FloatField(_("greatest vehicle height (m)"), null=True, blank=True)
    opening_hours = models.CharField(
        _("opening hours (OpenStreetMap syntax)"), max_length=200, blank=True
    )
    closed = models.BooleanField(_("closed at present"), default=False)
    # Korean public car parks: 노상, 노외 or 부설; the class that sets their price; the days on
    # which plates of some endings stay away.
    siting = models.CharField(_("siting"), max_length=10, blank=True)
    price_grade = models.CharField(_("price class"), max_length=20, blank=True)
    plate_rule = models.CharField(_("plate-day rule"), max_length=40, blank=True)
    source = models.CharField(_("source of these facts"), max_length=80, blank=True)
    created_at = models.DateTimeField(_("created at"))
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)

    objects = ParkingSiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("parking site")
        verbose_name_plural = _("parking sites")
        ordering = ["code"]

    def __str__(self) -> str:
        return names.pick(self.names, translation.get_language() or "") or self.code


class CapacityPool(models.Model):
    """Spaces of one site that are alike. Counts live here, never on the site as a whole, so that
    a residents' space is never offered to a visitor."""

    site = models.ForeignKey(
        ParkingSite, on_delete=models.CASCADE, related_name="pools", verbose_name=_("site")
    )
    category = models.CharField(
        _("category"), max_length=12, choices=Category.choices, default=Category.GENERAL
    )
    total = models.PositiveIntegerField(_("spaces"))

    class Meta:
        verbose_name = _("pool of spaces")
        verbose_name_plural = _("pools of spaces")
        constraints = [
            models.UniqueConstraint(fields=["site", "category"], name="one_pool_per_category")
        ]

    def __str__(self) -> str:
        return f"{self.site.code} {self.get_category_display()}"


class Bay(models.Model):
    """A single space, where it is known one by one."""

    pool = models.ForeignKey(
        CapacityPool, on_delete=models.CASCADE, related_name="bays", verbose_name=_("pool")
    )
    code = models.SlugField(_("code"), max_length=80, unique=True)
    geom = models.PointField(_("place"), srid=4326, null=True, blank=True)
    geom_m = metres_field(null=True)
    width_m = models.FloatField(_("width (m)"), null=True, blank=True)
    length_m = models.FloatField(_("length (m)"), null=True, blank=True)
    connector = models.CharField(
        _("charging connector"), max_length=30, blank=True, help_text=_("As OCPI names it.")
    )
    power_kw = models.FloatField(_("charging power (kW)"), null=True, blank=True)

    class Meta:
        verbose_name = _("bay")
        verbose_name_plural = _("bays")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class AccessPoint(models.Model):
    """Where one enters or leaves a site, by car or on foot."""

    class Kind(models.TextChoices):
        ENTRANCE = "entrance", _("entrance for cars")
        EXIT = "exit", _("exit for cars")
        PEDESTRIAN = "pedestrian", _("door for people")

    site = models.ForeignKey(
        ParkingSite, on_delete=models.CASCADE, related_name="access_points", verbose_name=_("site")
    )
    code = models.SlugField(_("code"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    geom = models.PointField(_("place"), srid=4326)
    geom_m = metres_field()
    max_height_m = models.FloatField(_("greatest vehicle height (m)"), null=True, blank=True)
    step_free = models.BooleanField(_("without steps"), null=True, blank=True)

    class Meta:
        verbose_name = _("access point")
        verbose_name_plural = _("access points")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code
