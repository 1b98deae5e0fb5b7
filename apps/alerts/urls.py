from django.urls import path

from apps.alerts.rest import alerts

urlpatterns = [
    path("inbound", alerts.InboundView.as_view(), name="alerts-inbound"),
    path("<uuid:code>", alerts.AlertView.as_view(), name="alert"),
    path("<uuid:code>.geojson", alerts.alert_geojson, name="alert-geojson"),
    path("<uuid:code>.cap", alerts.alert_cap, name="alert-cap"),
    path("<uuid:code>/answers", alerts.AnswerView.as_view(), name="alert-answers"),
    path("<uuid:code>/shelters", alerts.SheltersView.as_view(), name="alert-shelters"),
]
