"""Paths of the parking standards, each below the standard's own root."""

from django.urls import path

from apps.parking.feeds import views

urlpatterns = [
    path("parkapi/v3/sources", views.parkapi_sources, name="parkapi-sources"),
    path("parkapi/v3/parking-sites", views.parkapi_sites, name="parkapi-sites"),
    path("parkapi/v3/parking-sites/<int:number>", views.parkapi_site),
    path("parkapi/v3/parking-spots", views.parkapi_spots, name="parkapi-spots"),
    path("parkapi/v3/parking-spots/<int:number>", views.parkapi_spot),
    path("apds/v4/places", views.apds_places, name="apds-places"),
    path("apds/v4/rates", views.apds_rates, name="apds-rates"),
    path("apds/v4/rights/specifications", views.apds_rights, name="apds-rights"),
    path("ngsi-ld/v1/types", views.ngsi_types, name="ngsi-types"),
    path("ngsi-ld/v1/entities", views.ngsi_entities, name="ngsi-entities"),
    path("ngsi-ld/v1/entities/<str:urn>", views.ngsi_entity, name="ngsi-entity"),
    path("datex2/parking/status.xml", views.datex_status, name="datex-parking-status"),
    path("datex2/parking/table.xml", views.datex_table, name="datex-parking-table"),
]
