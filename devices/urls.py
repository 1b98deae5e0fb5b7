from django.urls import path

from devices.rest.chirpstack import ChirpStackView

urlpatterns = [path("chirpstack", ChirpStackView.as_view(), name="devices-chirpstack")]
