from django.apps import AppConfig


class ParkingConfig(AppConfig):
    name = "apps.parking"
    label = "parking"
