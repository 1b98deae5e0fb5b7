"""What can be reported, in Open311's words: jurisdiction, service groups, services, attributes."""

from typing import Any, Self

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Department
from apps.base import names
from apps.complaints.core.working_time import PETITION_PERIODS, Period, Unit, statutory


class Jurisdiction(models.Model):
    """For which area reports are taken. One deployment serves one city, so there is one row."""

    THE_ONE = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONE, editable=False)
    jurisdiction_id = models.CharField(
        _("jurisdiction id"), max_length=80, help_text=_("A domain name, as Open311 has it.")
    )
    contact = models.CharField(_("contact"), max_length=300, blank=True)
    key_service = models.CharField(
        _("how to get an API key"), max_length=300, blank=True, help_text=_("Shown to gateways.")
    )
    emergency_number = models.CharField(_("emergency number"), max_length=20, default="119")
    area = models.MultiPolygonField(
        _("area"), null=True, blank=True, help_text=_("Without one, the city's bounds count.")
    )

    class Meta:
        verbose_name = _("jurisdiction")
        verbose_name_plural = _("jurisdiction")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_jurisdiction")]

    def __str__(self) -> str:
        return self.jurisdiction_id


class ServiceGroup(models.Model):
    code = models.SlugField(_("code"), max_length=40, unique=True)
    names = models.JSONField(_("names"), default=dict)
    rank = models.PositiveSmallIntegerField(_("rank"), default=100)

    class Meta:
        verbose_name = _("service group")
        verbose_name_plural = _("service groups")
        ordering = ["rank", "code"]

    def __str__(self) -> str:
        return names.pick(self.names, get_language() or "") or self.code


class ServiceQuerySet(models.QuerySet["Service"]):
    def offered(self) -> Self:
        return self.filter(is_active=True)


class Service(models.Model):
    """One thing that can be reported, and who answers for it until when."""

    class Type(models.TextChoices):
        REALTIME = "realtime", _("number at once")
        BATCH = "batch", _("token first, number later")
        BLACKBOX = "blackbox", _("no number")

    class PetitionClass(models.TextChoices):
        """Kinds of petitions in Korea's Civil Petitions Treatment Act, article 2."""

        LEGAL = "legal", _("legal petition")
        INQUIRY = "inquiry", _("plain question")
        LEGAL_INQUIRY = "legal_inquiry", _("question of law")
        SUGGESTION = "suggestion", _("suggestion")
        OTHER = "other", _("other, answered at once")
        GRIEVANCE = "grievance", _("grievance")

    service_code = models.SlugField(_("service code"), max_length=60, unique=True)
    names = models.JSONField(_("names"), default=dict)
    descriptions = models.JSONField(_("descriptions"), default=dict, blank=True)
    type = models.CharField(_("type"), max_length=10, choices=Type.choices, default=Type.REALTIME)
    keywords = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=_("keywords")
    )
    group = models.ForeignKey(
        ServiceGroup, models.PROTECT, related_name="services", verbose_name=_("group")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", verbose_name=_("department")
    )
    petition_class = models.CharField(
        _("petition class"),
        max_length=14,
        choices=PetitionClass.choices,
        default=PetitionClass.GRIEVANCE,
    )
    period_days = models.PositiveSmallIntegerField(
        _("days to answer"),
        null=True,
        blank=True,
        help_text=_("Empty: as the petition class has it. Up to five count in working hours."),
    )
    needs_place = models.BooleanField(_("needs a place"), default=True)
    dedupe_radius_m = models.FloatField(
        _("same within (m)"), default=30, help_text=_("Reports closer than this may be the same.")
    )
    is_public = models.BooleanField(
        _("shown publicly"), default=True, help_text=_("Place, state and number; never the person.")
    )
    retention_days = models.PositiveIntegerField(_("kept for (days)"), default=1826)
    obstruction_kind = models.CharField(
        _("opens an obstruction"),
        max_length=20,
        blank=True,
        help_text=_("The kind of obstruction that a report of this service is, if any."),
    )
    icon = models.SlugField(_("icon"), max_length=30, blank=True)
    rank = models.PositiveSmallIntegerField(_("rank"), default=100)
    is_active = models.BooleanField(_("offered"), default=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["group__rank", "rank", "service_code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(dedupe_radius_m__gt=0, dedupe_radius_m__lte=1000),
                name="same_within_a_kilometre",
            ),
            models.CheckConstraint(
                condition=Q(period_days=None) | Q(period_days__gte=1), name="period_has_days"
            ),
        ]

    def __str__(self) -> str:
        return self.name(get_language() or "")

    def name(self, language: str) -> str:
        return names.pick(self.names, language) or self.service_code

    @property
    def period(self) -> Period:
        """How long an answer may take."""
        if self.period_days is not None:
            return statutory(self.period_days)
        return PETITION_PERIODS.get(self.petition_class, Period(7, Unit.WORKING_DAYS))


class ServiceAttribute(models.Model):
    """One more thing to ask for a service."""

    class Datatype(models.TextChoices):
        STRING = "string", _("a line")
        NUMBER = "number", _("a number")
        DATETIME = "datetime", _("date and time")
        TEXT = "text", _("a longer text")
        SINGLE = "singlevaluelist", _("one of a list")
        MULTI = "multivaluelist", _("some of a list")

    service = models.ForeignKey(
        Service, models.CASCADE, related_name="attributes", verbose_name=_("service")
    )
    code = models.SlugField(_("code"), max_length=40)
    names = models.JSONField(_("question"), default=dict)
    hints = models.JSONField(_("hint"), default=dict, blank=True)
    datatype = models.CharField(
        _("kind of answer"), max_length=20, choices=Datatype.choices, default=Datatype.STRING
    )
    is_required = models.BooleanField(_("required"), default=False)
    is_variable = models.BooleanField(
        _("asks"), default=True, help_text=_("If not, it only tells something and takes no answer.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    values = models.JSONField(
        _("choices"), default=list, blank=True, help_text=_('[{"key": "…", "names": {"": "…"}}]')
    )

    class Meta:
        verbose_name = _("attribute")
        verbose_name_plural = _("attributes")
        ordering = ["order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["service", "code"], name="one_attribute_per_code")
        ]

    def __str__(self) -> str:
        return f"{self.service_id}/{self.code}"

    @property
    def keys(self) -> list[Any]:
        return [choice["key"] for choice in self.values]
