from django.urls import path

from apps.traffic.rest.spat import SpatView

urlpatterns = [
    path("spat", SpatView.as_view(), name="traffic-spat"),
]
