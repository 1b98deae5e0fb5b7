"""Maps in the admin: OpenLayers from our own static files, drawn from our own tiles.

`MapAdmin` gives every geometry field of a model such a map; `shown_map` draws one that only shows.
"""

from typing import Any

from django.contrib.gis.admin import GISModelAdmin
from django.contrib.gis.forms import OSMWidget
from django.contrib.gis.geos import GEOSGeometry
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.base.admin import AuditedModelAdmin, ReadOnly
from apps.city.models import founded


class MapWidget(OSMWidget):
    """GeoDjango's map widget without the world outside."""

    template_name = "city/map_widget.html"

    class Media:
        extend = False
        css = {"all": ("gis/css/ol3.css", "city/maps.css")}
        js = ("vendor/ol/ol.js", "gis/js/OLMapWidget.js", "city/maps.js")

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        centre = founded().values_list("centre", flat=True).first()
        if centre:
            context |= {"default_lon": centre.x, "default_lat": centre.y, "default_zoom": 14}
        return context


def shown_map(geom: GEOSGeometry | None) -> SafeString | str:
    """A map that shows a geometry and takes none."""
    if geom is None:
        return "–"
    widget = MapWidget({"geom_type": geom.geom_type, "disabled": True})
    return widget.render(f"shown_{geom.geom_type}", geom, {"id": "shown_map"})


class MapAdmin(AuditedModelAdmin, GISModelAdmin[Any]):
    """A ModelAdmin whose geometry fields are edited on the city's own map."""

    gis_widget = MapWidget


class ShownMapAdmin(ReadOnly):
    """Read-only rows with their geometry `geom` on a map."""

    class Media:
        css = MapWidget.Media.css
        js = MapWidget.Media.js

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).defer("geom_m")

    def where(self, row: Any) -> SafeString | str:
        return shown_map(row.geom)

    where.short_description = _("where")  # type: ignore[attr-defined]
