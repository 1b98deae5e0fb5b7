from django.urls import path

from devices.rest.camera_events import (
    CameraEventList,
    CameraEventStillView,
    CameraEventView,
    VerdictView,
)
from devices.rest.cameras import CameraList, CameraStillView, CameraView
from devices.rest.chirpstack import ChirpStackView

urlpatterns = [
    path("chirpstack", ChirpStackView.as_view(), name="devices-chirpstack"),
    path("cameras", CameraList.as_view(), name="devices-cameras"),
    path("cameras/<slug:code>", CameraView.as_view(), name="devices-camera"),
    path("cameras/<slug:code>/still", CameraStillView.as_view(), name="devices-camera-still"),
    path("camera-events", CameraEventList.as_view(), name="devices-camera-events"),
    path("camera-events/<uuid:code>", CameraEventView.as_view(), name="devices-camera-event"),
    path(
        "camera-events/<uuid:code>/still", CameraEventStillView.as_view(),
        name="devices-camera-event-still",
    ),
    path(
        "camera-events/<uuid:code>/verdict", VerdictView.as_view(), name="devices-camera-verdict"
    ),
]  # fmt: skip
