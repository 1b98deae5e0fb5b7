from django.urls import path

from apps.parking.rest import sites

urlpatterns = [
    path("sites", sites.SiteList.as_view(), name="parking-sites"),
    path("sites/<slug:code>", sites.SiteDetail.as_view(), name="parking-site"),
]
