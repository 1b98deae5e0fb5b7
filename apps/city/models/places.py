"""Districts, streets, places and addresses: what has a name in this city.

Rows come from a map import or from the city's own lists; `(source, reference)` says which one. An
import that no longer knows a row marks it gone, because complaints, sites and rides point to it.
"""

from typing import Self, TypeVar

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.base.names import pick
from apps.city.models.geometry import metres_field

KnownT = TypeVar("KnownT", bound="Known")


class KnownQuerySet(models.QuerySet[KnownT]):
    def current(self) -> Self:
        """Without rows that their source no longer knows."""
        return self.filter(gone_at=None)


class Known(models.Model):
    """A named thing with its source."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    names = models.JSONField(_("names"), default=dict)
    other_names = ArrayField(
        models.TextField(),
        default=list,
        blank=True,
        verbose_name=_("other names"),
        help_text=_("Old, short and popular names; for search only"),
    )
    source = models.CharField(_("source"), max_length=40, default="city")
    reference = models.CharField(_("reference at the source"), max_length=120)
    gone_at = models.DateTimeField(_("gone at"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return pick(self.names, "") or self.code

    def name(self, language: str = "") -> str:
        return pick(self.names, language)


def _once(name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=["source", "reference"], name=name)


class District(Known):
    level = models.PositiveSmallIntegerField(
        _("level"), help_text=_("As OpenStreetMap's admin_level: the greater, the smaller")
    )
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, verbose_name=_("part of")
    )
    geom = models.MultiPolygonField(_("area"))
    geom_m = metres_field()

    objects = KnownQuerySet["District"].as_manager()

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        constraints = [_once("one_district_per_reference")]


class Street(Known):
    """All stretches of one name that hang together."""

    district = models.ForeignKey(
        District, models.SET_NULL, null=True, blank=True, verbose_name=_("district")
    )
    rank = models.PositiveSmallIntegerField(_("rank"), help_text=_("0 motorway … 9 path"))
    geom = models.MultiLineStringField(_("course"))
    geom_m = metres_field()

    objects = KnownQuerySet["Street"].as_manager()

    class Meta:
        verbose_name = _("street")
        verbose_name_plural = _("streets")
        constraints = [_once("one_street_per_reference")]


class Place(Known):
    """Somewhere people go to or orient themselves by."""

    kind = models.CharField(_("kind"), max_length=40)
    geom = models.GeometryField(_("position or area"))
    geom_m = metres_field()
    district = models.ForeignKey(
        District, models.SET_NULL, null=True, blank=True, verbose_name=_("district")
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    details = models.JSONField(
        _("details"), default=dict, blank=True, help_text=_("Opening hours, telephone, access …")
    )
    weight = models.FloatField(_("importance"), default=0.3, help_text=_("0 to 1, for search"))

    objects = KnownQuerySet["Place"].as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        constraints = [
            _once("one_place_per_reference"),
            models.CheckConstraint(
                condition=Q(weight__gte=0, weight__lte=1), name="place_weight_is_a_share"
            ),
        ]
        indexes = [
            # "Libraries near me": kind first, then the nearest by the index on geom_m.
            models.Index(fields=["kind"], condition=Q(gone_at=None), name="place_by_kind")
        ]


class Address(models.Model):
    """A house number on a street (road-name address) or in a quarter (lot-number address)."""

    number = models.CharField(_("house number"), max_length=40)
    street = models.ForeignKey(
        Street, models.CASCADE, null=True, blank=True, verbose_name=_("street")
    )
    names = models.JSONField(_("names of the street or quarter"), default=dict)
    area_key = models.TextField(editable=False, help_text=_("Search key of the local name"))
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    district = models.ForeignKey(
        District, models.SET_NULL, null=True, blank=True, verbose_name=_("district")
    )
    geom = models.PointField(_("position"))
    geom_m = metres_field()
    source = models.CharField(max_length=40)
    reference = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [_once("one_address_per_reference")]
        indexes = [
            # "Number 12 of this street".
            models.Index(fields=["street", "number"], name="address_by_number"),
            # "Number 123-4 of this quarter", where no street is known.
            models.Index(fields=["area_key", "number"], name="address_by_area"),
        ]

    def __str__(self) -> str:
        return f"{pick(self.names, '')} {self.number}"


class SearchEntry(models.Model):
    """One searchable text of a district, street, place or quarter: what the geocoder reads.

    `key` is the text as `city_search_key` writes it: lower case, without accents and punctuation,
    Hangul taken apart into its letters, so that one wrong letter stays one wrong letter.
    """

    class Target(models.TextChoices):
        PLACE = "place", _("place")
        STREET = "street", _("street")
        DISTRICT = "district", _("district")
        QUARTER = "quarter", _("quarter of lot-number addresses")

    target = models.CharField(max_length=10, choices=Target.choices)
    target_id = models.BigIntegerField()
    language = models.CharField(max_length=12)
    key = models.TextField()
    weight = models.FloatField()
    geom_m = models.PointField(srid=0, spatial_index=False)

    class Meta:
        indexes = [
            # The geocoder's question: texts like this one, by shared trigrams or by prefix.
            GinIndex(fields=["key"], name="search_by_trigram", opclasses=["gin_trgm_ops"]),
            # Keeping one target's entries up to date.
            models.Index(fields=["target", "target_id"], name="search_by_target"),
            # Prefixes too short for trigrams, nearest first.
            GistIndex(fields=["geom_m"], name="search_by_position"),
        ]

    def __str__(self) -> str:
        return self.key
