"""Paths of traffic's published standards, outside the API."""

from django.urls import path

from apps.traffic.feeds import views

urlpatterns = [
    path("datex2/traffic/sites.xml", views.datex_sites, name="datex-traffic-sites"),
    path("datex2/traffic/measured.xml", views.datex_measured, name="datex-traffic-measured"),
    path("datex2/traffic/situations.xml", views.datex_situations, name="datex-situations"),
    path("its/v1/trafficInfo", views.its_traffic, name="its-traffic"),
    path("its/v1/eventInfo", views.its_events, name="its-events"),
    path("spat/v1/spat.json", views.spat_file, name="spat-file"),
    path("gtfs-rt/alerts.pb", views.gtfs_alerts, name="gtfs-rt-alerts"),
]
