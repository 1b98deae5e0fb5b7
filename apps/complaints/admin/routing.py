"""Routing: rules in order with a dry run on past cases, examples, and versions of the model."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.base import work
from apps.base.admin import AuditedModelAdmin, ReadOnly
from apps.city.admin.maps import MapAdmin
from apps.complaints.events import TRAIN
from apps.complaints.models import ModelVersion, RoutingRule, TrainingExample
from apps.complaints.services.classification import activate_model
from apps.complaints.services.routing import try_rule

SHOWN = 10


@admin.register(RoutingRule)
class RoutingRuleAdmin(MapAdmin):
    list_display = ("order", "name", "is_active", "service", "department", "priority")
    list_display_links = ("name",)
    list_filter = ("is_active",)
    list_select_related = ("service", "department")
    ordering = ("order", "pk")
    fields = (
        "name", "order", "is_active", "conditions", "area", "service", "department", "priority",
        "dry_run",
    )  # fmt: skip
    readonly_fields = ("dry_run",)

    @admin.display(description=_("tried on past cases"))
    def dry_run(self, rule: RoutingRule) -> Any:
        """What it would have done, had it been in force: nothing is changed."""
        if not rule.name:
            return gettext(
                "Save it without putting it in force, and see here what it would have done."
            )
        trial = try_rule(rule)
        numbers = {
            gettext("cases looked at"): trial.looked_at,
            gettext("fit"): trial.fits,
            gettext("decided by an earlier rule"): trial.taken_by_others,
            gettext("would have changed"): len(trial.would_change),
        }
        examples = ", ".join(case.number for case in trial.would_change[:SHOWN])
        rows = [*numbers.items(), *([(gettext("such as"), examples)] if examples else [])]
        return format_html_join("", "<div>{}: <b>{}</b></div>", rows)


@admin.register(TrainingExample)
class TrainingExampleAdmin(AuditedModelAdmin):
    list_display = ("text", "language", "service", "source", "created_at")
    list_filter = ("source", "language", "service")
    list_select_related = ("service",)
    search_fields = ("text",)
    fields = ("text", "language", "service")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnly):
    list_display = ("number", "is_active", "examples", "top1", "top3", "covered", "created_at")
    fields = ("number", "is_active", "examples", "metrics", "created_at")
    actions = ("activate", "train_next")

    @admin.display(description=_("right at once"))
    def top1(self, version: ModelVersion) -> str:
        return self._share(version, "top1")

    @admin.display(description=_("among three"))
    def top3(self, version: ModelVersion) -> str:
        return self._share(version, "top3")

    @admin.display(description=_("decides itself"))
    def covered(self, version: ModelVersion) -> str:
        return self._share(version, "covered")

    def _share(self, version: ModelVersion, name: str) -> str:
        return f"{version.metrics.get('ngrams', {}).get(name, 0):.0%}"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_act_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("complaints.change_modelversion"))

    @admin.action(description=_("Put in force"), permissions=["act"])
    def activate(self, request: HttpRequest, rows: QuerySet[ModelVersion]) -> None:
        version = rows.order_by("-number")[0]
        activate_model(version=version)
        messages.success(request, _("%s is asked from now on.") % version)

    @admin.action(description=_("Train the next one"), permissions=["act"])
    def train_next(self, request: HttpRequest, rows: QuerySet[ModelVersion]) -> None:
        """In the worker: it takes a while."""
        work.enqueue(TRAIN, {})
        messages.success(request, _("The next version is being trained."))
