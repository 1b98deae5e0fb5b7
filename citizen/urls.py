"""Where everything is."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from apps.accounts.admin.second_factor import second_factor
from apps.accounts.admin.sign_in import leave_for_provider
from apps.alerts.feeds import cap
from apps.base import problems
from apps.city.rest.city import CityView
from apps.complaints.feeds.georeport.views import georeport
from citizen import health
from devices.feeds.sensorthings.views import sensorthings


def explain_problems(request: HttpRequest, slug: str = "") -> HttpResponse:
    return render(request, "problems.html", {"problems": problems.every_problem(), "slug": slug})


urlpatterns = [
    path("health", health.page, name="health"),
    path("problems", explain_problems, name="problems"),
    path("problems/<slug:slug>", explain_problems, name="problem"),
    path("admin/second-factor/", second_factor, name="second-factor"),
    path("admin/provider/", leave_for_provider, name="staff-provider"),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("_allauth/", include("allauth.headless.urls")),
    path("accounts/", include("allauth.urls")),
    path("api/v1/schema", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("api/v1/accounts/", include("apps.accounts.urls")),
    path("api/v1/city", CityView.as_view(), name="city"),
    path("api/v1/city/", include("apps.city.urls")),
    path("api/v1/devices/", include("devices.urls")),
    path("api/v1/notify/", include("apps.notify.urls")),
    path("api/v1/hazards/", include("apps.hazards.urls")),
    path("api/v1/traffic/", include("apps.traffic.urls")),
    path("api/v1/navigation/", include("apps.navigation.urls")),
    path("api/v1/parking/", include("apps.parking.urls")),
    path("api/v1/drt/", include("apps.drt.urls")),
    path("api/v1/alerts/", include("apps.alerts.urls")),
    path("api/v1/complaints/", include("apps.complaints.urls")),
    path("api/v1/assistant/", include("apps.assistant.urls")),
    path("voice/", include("apps.assistant.voice.urls")),
    path("", include("apps.drt.feeds.urls")),
    path("", include("apps.traffic.feeds.urls")),
    path("open311/v2", georeport, name="georeport"),
    path("open311/v2/", georeport),
    path("open311/v2/<path:path>", georeport),
    path("cap/feed.atom", cap.atom, name="cap-atom"),
    path("cap/feed.rss", cap.rss, name="cap-rss"),
    path("cap/<str:identifier>.xml", cap.cap_document, name="cap-document"),
    path("sta/v1.1", sensorthings, name="sensorthings"),
    path("sta/v1.1/", sensorthings),
    path("sta/v1.1/<path:path>", sensorthings),
    path("", include("apps.parking.feeds.urls")),
]

handler404 = problems.not_found
handler500 = problems.server_error
