"""Who gets what: rules in order, examples that staff confirmed, models trained from them."""

from typing import Self

from django.contrib.gis.db import models
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Department
from apps.complaints.core.rules import Rule, RuleUnreadable, read_conditions
from apps.complaints.models.catalogue import Service
from apps.complaints.models.requests import ServiceRequest


def check_conditions(written: object) -> None:
    try:
        if not isinstance(written, dict):
            raise RuleUnreadable("conditions are an object")
        read_conditions(written)
    except RuleUnreadable as error:
        raise ValidationError(str(error)) from error


class RoutingRuleQuerySet(models.QuerySet["RoutingRule"]):
    def in_force(self) -> Self:
        return self.filter(is_active=True).order_by("order", "pk")


class RoutingRule(models.Model):
    """The first rule that fits decides; one that is not in force can be tried on past cases."""

    order = models.PositiveIntegerField(_("order"), default=100)
    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(_("in force"), default=False)
    conditions = models.JSONField(
        _("if"),
        default=dict,
        blank=True,
        validators=[check_conditions],
        help_text=_(
            '{"services": […], "text": [words], "languages": […], "channels": […], '
            '"days": [1–7], "from": "18:00", "until": "09:00"}; all that is said must hold.'
        ),
    )
    area = models.MultiPolygonField(_("within"), null=True, blank=True)
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("make it this service"),
    )  # fmt: skip
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("give it to"),
    )  # fmt: skip
    priority = models.PositiveSmallIntegerField(
        _("with priority"), choices=ServiceRequest.Priority.choices, null=True, blank=True
    )

    objects = RoutingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(service__isnull=False)
                | Q(department__isnull=False)
                | Q(priority__isnull=False),
                name="rule_does_something",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def core(self) -> Rule:
        return Rule(self.pk or 0, read_conditions(self.conditions), has_area=self.area is not None)


class TrainingExample(models.Model):
    """A masked text and the service it belongs to. Nothing of the evaluation sets is ever here."""

    class Source(models.TextChoices):
        SEED = "seed", _("came with the catalogue")
        STAFF = "staff", _("staff put it right")

    text = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=8)
    service = models.ForeignKey(
        Service, models.CASCADE, related_name="examples", verbose_name=_("service")
    )
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    request = models.ForeignKey(
        ServiceRequest, models.CASCADE, null=True, blank=True, related_name="examples"
    )
    created_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("training example")
        verbose_name_plural = _("training examples")
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(request__isnull=False), name="one_example_a_request"
            ),
            models.UniqueConstraint(
                fields=["text", "language"],
                condition=Q(request=None),
                name="one_example_per_seed_text",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class ModelVersion(models.Model):
    """One trained classifier: arrays and words, no code. The newest in force is asked."""

    number = models.PositiveIntegerField(_("version"), unique=True)
    artefact = models.BinaryField(editable=False)
    examples = models.PositiveIntegerField(_("examples"))
    metrics = models.JSONField(_("measured when trained"), default=dict)
    is_active = models.BooleanField(_("in force"), default=False)
    created_at = models.DateTimeField(_("trained at"))

    class Meta:
        verbose_name = _("model version")
        verbose_name_plural = _("model versions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_active"], condition=Q(is_active=True), name="one_model_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


class ResponseTemplate(models.Model):
    """What is often answered, in the languages of the citizens."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    names = models.JSONField(_("names"), default=dict)
    texts = models.JSONField(
        _("texts"),
        default=dict,
        help_text=_("By language. {number}, {service} and {date} are filled in."),
    )
    state = models.CharField(
        _("used when"), max_length=24, choices=ServiceRequest.State.choices, blank=True
    )
    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="templates",
        verbose_name=_("for this service only"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("response template")
        verbose_name_plural = _("response templates")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code
