"""Districts, streets and places. What the map import brought is shown, what is ours is edited."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.base.admin import NamesMixin
from apps.city.admin.maps import MapAdmin, ShownMapAdmin
from apps.city.core.kinds import KINDS
from apps.city.importers.own_lists import ListedRow
from apps.city.models import Address, District, Place, Street
from apps.city.services.places import MAP_SOURCE, keep_places, remove_place

OWN_SOURCE = "city"


@admin.register(District)
class DistrictAdmin(ShownMapAdmin):
    list_display = ("__str__", "code", "level", "parent", "source", "gone_at")
    list_filter = ("level", "source")
    list_select_related = ("parent",)
    search_fields = ("code", "names")
    fields = ("code", "names", "level", "parent", "source", "reference", "where")
    readonly_fields = ("where",)


@admin.register(Street)
class StreetAdmin(ShownMapAdmin):
    list_display = ("__str__", "code", "district", "rank", "gone_at")
    list_select_related = ("district",)
    search_fields = ("code", "names")
    fields = ("code", "names", "district", "rank", "source", "reference", "where")
    readonly_fields = ("where",)


@admin.register(Address)
class AddressAdmin(ShownMapAdmin):
    list_display = ("__str__", "postcode", "district")
    list_select_related = ("district",)
    search_fields = ("number", "names")
    fields = ("number", "names", "postcode", "street", "district", "where")
    readonly_fields = ("where",)


@admin.register(Place)
class PlaceAdmin(NamesMixin, MapAdmin):
    """Places of our own are written through the same service as lists."""

    list_display = ("__str__", "kind", "code", "district", "source", "gone_at")
    list_filter = ("source", "kind")
    list_select_related = ("district",)
    search_fields = ("code", "names", "other_names")
    fields = (
        "names", "other_names", "kind", "reference", "address", "weight", "details", "geom",
    )  # fmt: skip

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "kind":
            field.help_text = _("One of: %s") % ", ".join(kind.kind for kind in KINDS)
        return field

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The next import would overwrite what staff change on a row of the map."""
        own = obj is None or obj.source != MAP_SOURCE
        return own and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        own = obj is None or obj.source != MAP_SOURCE
        return own and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Place, form: Any, change: bool) -> None:
        source = obj.source if change else OWN_SOURCE
        reference = form.initial["reference"] if change else obj.reference
        row = ListedRow(
            reference=reference,
            names=obj.names,
            geom=obj.geom,
            kind=obj.kind,
            address=obj.address,
            weight=obj.weight,
            other_names=obj.other_names,
            details=obj.details,
        )
        (obj.pk,) = keep_places(source=source, rows=[row])
        obj.refresh_from_db()

    def delete_model(self, request: HttpRequest, obj: Place) -> None:
        remove_place(place=obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for place in queryset.exclude(source=MAP_SOURCE):
            remove_place(place=place)
